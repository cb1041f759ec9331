"""The morning's presence in a real Chromium, on a telephone of 360 px: taps counted, two tabs, no script, axe."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from beneficiaries.models import TimeEntry
from beneficiaries.time_rules import write_cell
from confluences.enums import Role
from tests.beneficiaries.factories import DAY, make_beneficiary, make_contract, make_time, today
from tests.browser.conftest import axe, fits, screenshot
from tests.conftest import user_of
from tests.trainings.factories import make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_job, make_worksite
from worksites.models import JobShare, Worksite

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = dt.date(2024, 3, 4)
PHONE = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
NAMES = ["Amina", "Bruno", "Chloé", "Driss", "Élodie", "Fatou", "Gérard-Jean de la", "Hawa"]


def make_team(*, people: int = 8, start: dt.date | None = None) -> Worksite:
    """A team of 2024 that works from Monday to Thursday; with a start, one that works every day for a year."""
    contract = (
        {"start": start, "end": start + 364 * DAY, "work_days": "1234567"} if start else {"work_days": "1234"}
    )
    worksite = make_worksite(name="Champigny")
    worksite.instructors.add(user_of(Role.INSTRUCTOR))
    for name in NAMES[:people]:
        person = make_beneficiary(last_name="Exemple", first_name=name)
        make_contract(person, **contract)
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


@pytest.fixture
def phone(signed_in) -> Page:
    return signed_in(Role.INSTRUCTOR, 360, **PHONE)


def test_a_morning_of_eight_with_two_exceptions_takes_ten_taps(phone):
    phone.goto(address(make_team()))
    expect(phone.get_by_text("0 sur 8 pointés")).to_be_visible()
    thumb = Thumb(phone)
    people = phone.locator(".presence-row")
    for place in (0, 1, 2, 4, 5, 6):
        thumb.tap(people.nth(place).get_by_role("button", name="Présent"))
        expect(people.nth(place)).to_contain_text("Présent, 6 h 30")
    thumb.tap(people.nth(3).locator("summary"))
    thumb.tap(people.nth(3).get_by_role("button", name="30 min", exact=True))
    expect(people.nth(3)).to_contain_text("En retard de 30 min, présent 6 h")
    thumb.tap(people.nth(7).locator("summary"))
    thumb.tap(people.nth(7).get_by_role("button", name="santé"))
    expect(people.nth(7)).to_contain_text("Absent, santé")
    expect(phone.get_by_text("8 sur 8 pointés")).to_be_visible()
    screenshot(phone, "presence-360-recorded")
    fits(phone)
    axe(phone)
    assert thumb.taps == 10
    assert sorted(recorded().values()) == sorted(["6,5"] * 6 + ["6 R0,5", "S6,5"])


def test_all_present_makes_it_six_taps_from_home(phone):
    make_team(start=today())
    phone.goto("/")
    screenshot(phone, "presence-360-home")
    thumb = Thumb(phone)
    thumb.tap(phone.get_by_role("link", name="Pointer la présence"))
    people = phone.locator(".presence-row")
    for place, choice in ((3, "1 h"), (7, "congés payé")):
        thumb.tap(people.nth(place).locator("summary"))
        thumb.tap(people.nth(place).get_by_role("button", name=choice, exact=True))
        expect(people.nth(place).get_by_text("Corriger…")).to_be_visible()
    thumb.tap(phone.get_by_role("button", name="Tous présents"))
    expect(phone.get_by_text("8 sur 8 pointés")).to_be_visible()
    expect(phone.get_by_text("6 personnes enregistrées : présent.")).to_be_visible()
    assert thumb.taps == 6
    assert recorded()["Driss"].endswith(" R1")
    assert recorded()["Hawa"].startswith("CP")
    phone.goto("/")
    expect(phone.get_by_text("7 présents, 1 absent")).to_be_visible()
    axe(phone)


def test_what_takes_two_taps_is_readable_and_accessible(phone):
    worksite = make_team(people=3)
    programme = make_programme()
    for assignment in worksite.assignments.all()[1:]:
        make_enrolment(programme, assignment.beneficiary)
    make_session(programme, MONDAY)
    make_job(worksite, title="Taille des haies du parc de la Mairie", client="Mairie de Champigny")
    phone.goto(address(worksite))
    screenshot(phone, "presence-360-morning")
    phone.locator("summary", has_text="Autre…").first.tap()
    phone.locator("summary", has_text="Autre…").nth(1).tap()
    screenshot(phone, "presence-360-other")
    fits(phone)
    axe(phone)


def test_two_tabs_say_so_in_the_row_and_lose_nothing(phone, signed_in, faults):
    worksite = make_team(people=2)
    office = signed_in(Role.SUPERVISOR, 1280)
    for page in (phone, office):
        page.goto(address(worksite))
    office.locator("summary", has_text="Autre…").first.click()
    office.get_by_role("button", name="congés payé").first.click()
    expect(office.get_by_text("1 sur 2 pointés")).to_be_visible()
    screenshot(office, "presence-1280")
    row = phone.locator(".presence-row").first
    row.get_by_role("button", name="Présent").tap()
    expect(row.get_by_role("alert")).to_contain_text("a enregistré « Absent, congés »")
    expect(row.get_by_role("alert")).to_contain_text("Vous vouliez : « Présent, 6 h 30 ».")
    assert recorded() == {"Amina": "CP6,5"}
    assert [fault.partition(" ")[0] for fault in faults] == ["409"]
    faults.clear()
    row.get_by_role("button", name="Remplacer par").tap()
    expect(row.get_by_role("alert")).to_have_count(0)
    expect(row).to_contain_text("Présent, 6 h 30")
    assert recorded() == {"Amina": "6,5"}


def test_without_javascript_the_page_comes_back(signed_in):
    page = signed_in(Role.INSTRUCTOR, 360, java_script_enabled=False, **PHONE)
    worksite = make_team(people=2)
    job = make_job(worksite)
    page.goto(address(worksite))
    page.get_by_label("Travail du jour pour").select_option(str(job.pk))
    page.get_by_role("button", name="Choisir").tap()
    row = page.locator(".presence-row").first
    row.get_by_role("button", name="Présent").tap()
    expect(row).to_contain_text(f"Pour {job}")
    row.locator("summary").tap()
    row.get_by_label("ou", exact=True).fill("7 h")
    row.get_by_role("button", name="Noter le retard").tap()
    expect(row.get_by_role("alert")).to_contain_text("choisissez plutôt un motif d’absence")
    expect(row.get_by_label("ou", exact=True)).to_have_value("7 h")
    screenshot(page, "presence-360-refused")
    row.get_by_label("ou", exact=True).fill("20")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("En retard de 20 min, présent 6 h 10")
    assert recorded() == {"Amina": "6h10 R0h20"}
    assert JobShare.objects.get().minutes == 370


def test_work_is_split_between_jobs(phone):
    worksite = make_team(people=1)
    entry = make_time(worksite.assignments.get().beneficiary, MONDAY, minutes=390)
    haies, allee = make_job(worksite, title="Haies"), make_job(worksite, title="Allée")
    phone.goto(reverse("worksites:presence-split", args=[entry.pk]))
    phone.get_by_label(str(haies)).fill("4")
    expect(phone.get_by_text("Réparti : 4 h sur 6 h 30, 2 h 30 sans commande.")).to_be_visible()
    phone.get_by_label(str(allee)).fill("3")
    expect(phone.get_by_text("Réparti : 7 h sur 6 h 30, 30 min de trop.")).to_be_visible()
    phone.get_by_role("button", name="Enregistrer la répartition").tap()
    expect(phone.get_by_text("Réduisez une part.")).to_be_visible()
    screenshot(phone, "presence-360-split")
    phone.get_by_label(str(allee)).fill("2:30")
    phone.get_by_role("button", name="Enregistrer la répartition").tap()
    expect(phone.locator(".presence-row")).to_contain_text(f"4 h pour {haies}")
    screenshot(phone, "presence-360-shared")
    axe(phone)
    assert {share.job: share.minutes for share in JobShare.objects.all()} == {haies: 240, allee: 150}
