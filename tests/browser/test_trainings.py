"""Programmes, series and attendance in a real browser, on a wide screen and on a phone, with and without JavaScript."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beneficiaries.time_enums import TimeKind
from beneficiaries.time_rules import Part
from confluences.enums import Role
from tests.beneficiaries.factories import make_running_contract, today
from tests.browser.conftest import axe, fits, screenshot
from tests.conftest import user_of
from tests.trainings.factories import make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_worksite
from trainings.models import Attendance, Programme, Session

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)


def team_session(people: int, *, group: str = "") -> Session:
    """A session of today for a team of the instructor's worksite."""
    worksite = make_worksite(name="Fresnes")
    worksite.instructors.add(user_of(Role.INSTRUCTOR))
    programme = make_programme(210, 420, name="Espaces verts, exemple")
    for _each in range(people):
        person = make_running_contract().beneficiary
        make_assignment(person, worksite)
        make_enrolment(programme, person, group=group, enrolled_on=today() - 30 * DAY)
    return make_session(programme, today(), group=group, place="Serre", trainer="Nadia Exemple")


def tap(page, person: str, state: str) -> None:
    page.get_by_role("group", name=person).get_by_role("radio", name=state, exact=True).check()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_sheet_for_six_people(signed_in, width, javascript):
    """One absent, one gone early, everybody else present: six taps and a save."""
    session = team_session(6)
    names = [str(each.beneficiary) for each in session.programme.enrolments.order_by("beneficiary")]
    page = signed_in(Role.INSTRUCTOR, width, java_script_enabled=javascript)
    page.goto(session.get_absolute_url())
    tap(page, names[0], "Absent")
    page.get_by_label(f"Motif de l’absence de {names[0]}").select_option("transport")
    tap(page, names[1], "En partie")
    page.get_by_label(f"Minutes suivies par {names[1]}").fill("1 h 30")
    if javascript:
        axe(page)
        fits(page)
        screenshot(page, f"attendance-{width}")
    page.get_by_role("button", name="Tous présents").click()
    expect(page.get_by_text("La feuille de présence est enregistrée.")).to_be_visible()
    if javascript:
        screenshot(page, f"attendance-saved-{width}")
    parts = sorted(each.entry.part for each in Attendance.objects.select_related("entry"))
    assert [part.minutes for part in parts] == [90, 210, 210, 210, 210, 210]
    assert Part(TimeKind.UNPAID_ABSENCE, 210, "transport") in parts


def test_a_sheet_by_keyboard(signed_in):
    session = team_session(1)
    page = signed_in(Role.INSTRUCTOR)
    page.goto(session.get_absolute_url())
    page.get_by_role("radio", name="Non saisi").focus()
    page.keyboard.press("ArrowRight")  # round to « Présent »
    expect(page.get_by_role("radio", name="Présent")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("La feuille de présence est enregistrée.")).to_be_visible()
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize("width", [1280, 360])
def test_a_conflict_on_a_sheet(signed_in, width):
    session = team_session(2)
    name = str(session.programme.enrolments.order_by("beneficiary").first().beneficiary)
    page, other = signed_in(Role.INSTRUCTOR, width), signed_in(Role.SUPERVISOR)
    page.goto(session.get_absolute_url())
    other.goto(session.get_absolute_url())
    other.get_by_role("button", name="Tous présents").click()
    expect(other.get_by_text("La feuille de présence est enregistrée.")).to_be_visible()
    tap(page, name, "Absent")
    page.get_by_label(f"Motif de l’absence de {name}").select_option("health")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Rien n’est enregistré. À corriger pour continuer :")).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, f"attendance-conflict-{width}")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("La feuille de présence est enregistrée.")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_programme_typed_with_more_rows(signed_in, width):
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(reverse("trainings:programme-create"))
    page.get_by_label("Nom*").fill("Taille douce")
    page.get_by_label("Durée en heures*").fill("16")
    page.get_by_role("button", name="Ajouter des lignes").click()
    expect(page.get_by_role("group", name="Module 4")).to_be_visible()
    for number in range(1, 5):
        row = page.get_by_role("group", name=f"Module {number}")
        row.get_by_label("Nom du module").fill(f"Module {number}")
        row.get_by_label("Heures").fill("3:30")
    expect(page.locator("[data-total]")).to_have_text("14\u00a0h")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("il manque 2\u00a0h")).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, f"programme-fault-{width}")
    page.get_by_role("group", name="Module 4").get_by_label("Heures").fill("5,5")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Le programme est enregistré.")).to_be_visible()
    assert Programme.objects.get(name="Taille douce").modules.count() == 4


@pytest.mark.parametrize("width", [1280, 360])
def test_a_series_from_the_preview_to_the_programme(signed_in, width):
    programme = make_programme(13 * 60, 8 * 60, name="Espaces verts, exemple")
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(reverse("trainings:session-series", args=[programme.pk]))
    page.get_by_role("group", name="Matins").get_by_label("mardi").check()
    page.get_by_role("group", name="Après-midi").get_by_label("jeudi").check()
    page.get_by_label("Lieu").fill("Serre")
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.get_by_text("6 séances", exact=True)).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, f"series-{width}")
    page.get_by_role("button", name="Planifier ces 6 séances").click()
    expect(page.get_by_text("6 séances sont prévues, 21\u00a0h en tout.")).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, f"programme-{width}")
    page.get_by_role("link", name="Ajouter une séance").click()
    expect(page.get_by_label("Formateur")).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, f"session-form-{width}")
