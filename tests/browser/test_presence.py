"""The morning's presence in a real Chromium, on a telephone of 360 px: taps counted, two tabs, no script, axe."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from beneficiaries.models import TimeEntry
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import write_cell
from confluences.enums import Role
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.browser.conftest import axe, screenshot
from tests.conftest import user_of
from tests.trainings.factories import make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_job, make_worksite
from worksites.models import JobShare, Worksite

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = dt.date(2024, 3, 4)
PHONE = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
NAMES = ["Amina", "Bruno", "Chloé", "Driss", "Élodie", "Fatou", "Gérard-Jean de la", "Hawa"]


def make_team(*, people: int = 8) -> Worksite:
    worksite = make_worksite(name="Champigny")
    worksite.instructors.add(user_of(Role.INSTRUCTOR))
    for name in NAMES[:people]:
        person = make_beneficiary(last_name="Exemple", first_name=name)
        make_contract(person, work_days="1234")
        make_assignment(person, worksite)
    return worksite


def address(worksite: Worksite, day: dt.date = MONDAY) -> str:
    return f"{reverse('worksites:presence-day', args=[worksite.pk])}?jour={day.isoformat()}"


def recorded() -> dict[str, str]:
    """Each first name with the cell of what is recorded."""
    found: dict[str, list] = {}
    for entry in TimeEntry.objects.select_related("beneficiary"):
        found.setdefault(entry.beneficiary.first_name, []).append(entry.part)
    return {name: write_cell(parts) for name, parts in found.items()}


class Thumb:
    """Taps on a telephone, and counts them. What is tapped is large enough for a thumb, and in view."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, target) -> None:
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box["height"] >= 44, f"{target} is {box['height']} px high"
        target.tap()
        self.taps += 1


def row(page: Page, name: str):
    return page.locator(".presence-row", has_text=f"{name} ")


@pytest.fixture
def phone(signed_in) -> Iterator[Page]:
    yield signed_in(Role.INSTRUCTOR, 360, **PHONE)


def test_a_morning_of_eight_with_two_exceptions_takes_ten_taps(phone):
    worksite = make_team()
    phone.goto(address(worksite))
    expect(phone.get_by_text("0 sur 8 pointés")).to_be_visible()
    screenshot(phone, "presence-360-morning")
    axe(phone)
    thumb = Thumb(phone)
    people = phone.locator(".presence-row")
    for place in (0, 1, 2, 4, 5, 6):
        thumb.tap(people.nth(place).get_by_role("button", name="Présent"))
        expect(people.nth(place)).to_contain_text("Présent, 6 h 30")
    thumb.tap(people.nth(3).locator("summary"))
    screenshot(phone, "presence-360-other")
    axe(phone)
    thumb.tap(people.nth(3).get_by_role("button", name="30 min", exact=True))
    expect(people.nth(3)).to_contain_text("En retard de 30 min, présent 6 h")
    thumb.tap(people.nth(7).locator("summary"))
    thumb.tap(people.nth(7).get_by_role("button", name="santé"))
    expect(people.nth(7)).to_contain_text("Absent, santé")
    expect(phone.get_by_text("8 sur 8 pointés")).to_be_visible()
    screenshot(phone, "presence-360-recorded")
    axe(phone)
    assert thumb.taps == 10
    assert sorted(recorded().values()) == sorted(["6,5"] * 6 + ["6 R0,5", "S6,5"])


def test_all_present_makes_it_five_taps(phone):
    worksite = make_team()
    phone.goto(address(worksite))
    thumb = Thumb(phone)
    people = phone.locator(".presence-row")
    for place, choice in ((3, "1 h"), (7, "congés payé")):
        thumb.tap(people.nth(place).locator("summary"))
        thumb.tap(people.nth(place).get_by_role("button", name=choice, exact=True))
        expect(people.nth(place).get_by_text("Corriger…")).to_be_visible()
    thumb.tap(phone.get_by_role("button", name="Tous présents"))
    expect(phone.get_by_text("8 sur 8 pointés")).to_be_visible()
    assert thumb.taps == 5
    assert sorted(recorded().values()) == sorted(["6,5"] * 6 + ["5,5 R1", "CP6,5"])


def test_the_whole_morning_from_home(phone):
    worksite = make_team(people=2)
    phone.goto("/")
    screenshot(phone, "presence-360-home")
    axe(phone)
    assert phone.get_by_role("link", name=worksite.name).count() >= 1
