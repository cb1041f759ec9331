"""The matrix, one person in it, the training centre and the person's panel, with a programme that runs."""

import datetime as dt

import pytest

from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.enums import Role
from confluences.working_days import is_working_day
from tests.beneficiaries.factories import DAY, make_beneficiary, make_contract, make_time, today
from tests.browser.conftest import axe, fits, screenshot
from tests.trainings.factories import attend, make_enrolment
from tests.worksites.factories import make_assignment, make_worksite
from trainings.models import Enrolment, Programme, Session
from trainings.session_actions import save_session

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = (("Benali", "Amina"), ("Diallo", "Karim"), ("Martin", "Lucie"), ("Nguyen", "Paul"), ("Traoré", "Awa"))
AWAY = Part(TimeKind.UNPAID_ABSENCE, 210, AbsenceReason.TRANSPORT)


def working_days_before(day: dt.date, count: int) -> list[dt.date]:
    found: list[dt.date] = []
    while len(found) < count:
        day -= DAY
        if is_working_day(day):
            found.append(day)
    return found[::-1]


def running_programme() -> Programme:
    """230 hours begun 64 half-days ago: one has nearly finished, others are late, one began last week."""
    programme = Programme.objects.get(name__startswith="Espaces verts")
    worksite = make_worksite(name="Champigny")
    people = []
    for place, (last, first) in enumerate(NAMES):
        person = make_beneficiary(last_name=f"Exemple {last}", first_name=first)
        make_contract(person, start=today() - 200 * DAY, end=today() + (150, 120, 90, 60, 150)[place] * DAY)
        make_assignment(person, worksite, start=today() - 200 * DAY)
        group = "Matin" if place < 4 else "Soir"
        people.append(make_enrolment(programme, person, enrolled_on=today() - 150 * DAY, group=group))
    plan = [module for module in programme.modules.all() for _ in range(-(-module.minutes // 210))]
    past = working_days_before(today(), 46)
    for place, (day, module) in enumerate(zip(past, plan, strict=False)):
        session = planned(programme, day, module, "Matin", 9)
        for rank, enrolment in enumerate(people[:4]):
            if place == 45 and rank == 0:
                continue
            away = place % (rank + 4) == 0 and rank > 0
            attend(session, enrolment, AWAY if away else Part(TimeKind.TRAINING, 210))
    for place, module in enumerate(plan[46:]):
        planned(programme, today() + (7 * place + 7) * DAY, module, "Matin", 9)
    for place, module in enumerate(plan):
        planned(programme, today() + (place + 1) * DAY, module, "Soir", 14)
    make_time(people[1].beneficiary, today() - DAY, 120)
    return programme


def planned(programme: Programme, day: dt.date, module, group: str, hour: int) -> Session:
    start, end = dt.time(hour), dt.time(hour + 3, 30)
    session = Session(programme=programme, day=day, start=start, end=end, group=group, place="Serre")
    return save_session(session, {module: 210}, by=None)


@pytest.mark.parametrize("width", [1280, 360])
def test_training_pages(signed_in, width):
    programme = running_programme()
    page = signed_in(Role.SUPERVISOR, width)
    late = Enrolment.objects.get(beneficiary__first_name="Lucie")
    addresses = {
        "matrix": f"/formations/{programme.pk}/matrice/",
        "enrolment": late.get_absolute_url(),
        "centre": "/formations/centre/",
        "person": late.beneficiary.get_absolute_url(),
        "gallery": "/composants/",
    }
    for name, address in addresses.items():
        page.goto(address)
        fits(page)
        axe(page)
        screenshot(page, f"training-{name}-{width}")
    shown = page.goto(addresses["matrix"]) and page.locator(".matrix-table").is_visible()
    assert shown == (width == 1280)
    assert page.locator(".matrix-cards").is_visible() == (width == 360)


def test_matrix_prints_on_landscape_pages(signed_in):
    programme = running_programme()
    page = signed_in(Role.SUPERVISOR)
    page.goto(f"/formations/{programme.pk}/matrice/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1046, "height": 720})
    table = page.locator(".matrix-table table")
    assert table.bounding_box()["width"] <= 1046
    assert page.locator(".matrix-cards").is_hidden()
    screenshot(page, "training-matrix-print")
