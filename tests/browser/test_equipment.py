"""Equipment, the worksite's page and its sheet in a real browser, at a desk and on a phone."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from confluences.enums import Role
from tests.beneficiaries.factories import make_beneficiary, make_running_contract, today
from tests.browser.conftest import axe, fits, screenshot
from tests.conftest import user_of
from tests.worksites.factories import make_annex, make_assignment, make_equipment, make_job, make_worksite
from worksites.enums import EquipmentState

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)


def worksite_with_team(people: int = 7):
    worksite = make_worksite(name="Fresnes", city="Fresnes", places=8)
    worksite.instructors.add(user_of(Role.INSTRUCTOR))
    for number in range(people):
        person = make_beneficiary(last_name="Exemple", first_name=f"Amina {'abcdefghijkl'[number]}")
        make_running_contract(person, days_left=10 + 35 * (number // 2))
        make_assignment(person, worksite)
    return worksite


@pytest.fixture
def worksite(transactional_db, django_db_serialized_rollback):
    return worksite_with_team()


@pytest.mark.parametrize("width", [1280, 360])
def test_from_the_morning_page_to_a_returned_mower(signed_in, worksite, width):
    mower = make_equipment(worksite, label="MAT-001", name="Tondeuse", next_inspection=today() - 3 * DAY)
    make_equipment(worksite, label="MAT-002", name="Débroussailleuse", state=EquipmentState.WORN)
    person = worksite.assignments.first().beneficiary
    page = signed_in(Role.INSTRUCTOR, width)
    page.goto(worksite.get_absolute_url())
    axe(page)
    fits(page)
    screenshot(page, f"equipment-{width}-worksite")
    page.get_by_role("link", name="MAT-001 Tondeuse").click()
    expect(page.get_by_role("link", name="Confier", exact=True)).to_be_visible()
    axe(page)
    screenshot(page, f"equipment-{width}-detail")
    page.get_by_role("link", name="Confier", exact=True).click()
    expect(page.get_by_label("Confié à")).to_be_visible()
    axe(page)
    screenshot(page, f"equipment-{width}-event")
    page.get_by_label("Confié à").select_option(label=str(person))
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Le matériel est confié.")).to_be_visible()
    page.get_by_role("link", name="Rendu", exact=True).click()
    page.get_by_label("État maintenant").select_option(label="à réviser")
    page.get_by_label("Remarque").fill("Lame faussée")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Lame faussée (état : à réviser)")).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, f"equipment-{width}-history")
    mower.refresh_from_db()
    assert (mower.holder, mower.state) == (None, "worn")


@pytest.mark.parametrize("width", [1280, 360])
def test_list_filters_in_place_and_prints_what_is_ticked(signed_in, worksite, width):
    for number in range(1, 4):
        make_equipment(worksite, label=f"MAT-{number:03d}", next_inspection=today() + number * 12 * DAY)
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(reverse("worksites:equipment-list"))
    axe(page)
    fits(page)
    screenshot(page, f"equipment-{width}-list")
    page.reload()  # axe leaves style attributes behind, which the policy forbids htmx to copy
    page.get_by_label("À faire").select_option(label="contrôle dans les 30 jours")
    expect(page.get_by_role("status").filter(has_text="2 matériels")).to_be_visible()
    page.get_by_label("Étiquette de MAT-002 Tondeuse").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Imprimer les étiquettes").click()
    assert download.value.suggested_filename == f"etiquettes-{today():%Y-%m-%d}.pdf"


@pytest.mark.parametrize("width", [1280, 360])
def test_director_reads_the_worksites_and_takes_the_sheet(signed_in, worksite, width):
    make_annex(number="ACI-2026").worksites.add(worksite)
    make_job(worksite)
    make_equipment(worksite, next_inspection=today())
    make_worksite(name="Champigny")
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(reverse("worksites:worksite-list"))
    axe(page)
    fits(page)
    screenshot(page, f"equipment-{width}-worksites")
    page.goto(worksite.get_absolute_url())
    axe(page)
    screenshot(page, f"equipment-{width}-director")
    page.get_by_label("Semaine").select_option(index=1)
    with page.expect_download() as download:
        page.get_by_role("button", name="Imprimer la feuille (PDF)").click()
    assert download.value.suggested_filename.startswith("semaine-fresnes-")


def test_worksite_on_paper_is_what_one_reads(signed_in, worksite):
    page = signed_in(Role.SUPERVISOR)
    page.goto(worksite.get_absolute_url())
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Équipe")).to_be_visible()
    expect(page.get_by_role("navigation", name="Dans cette page")).to_be_hidden()
    expect(page.get_by_role("button", name="Imprimer la feuille (PDF)")).to_be_hidden()
    screenshot(page, "equipment-print-worksite")
