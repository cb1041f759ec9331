"""The main job in a real Chromium: sign in, record an exit, complete it, freeze the report, keep the PDF."""

import re

import pytest
from playwright.sync_api import Page, expect

from confluences.enums import Role
from outcomes.models import Exit, ExitReason, OutcomeReport
from outcomes.verification import verify
from tests.beneficiaries.factories import make_contract
from tests.conftest import PASSWORD, user_of
from tests.outcomes.factories import make_2014, make_exit

pytestmark = pytest.mark.django_db(transaction=True)


def choose_reason(page: Page, code: str) -> None:
    reason = ExitReason.objects.get(code=code)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_label("Motif de sortie").select_option(str(reason.pk))


def test_signing_in_by_the_form(open_page):
    user = user_of(Role.SUPERVISOR)
    page = open_page()
    page.goto("/resultats/")
    page.get_by_label("Adresse e-mail").or_(page.locator("input[name=login]")).first.fill(user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("connecter|connexion", re.IGNORECASE)).first.click()
    expect(page).to_have_url(re.compile("/resultats/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Résultats")


@pytest.mark.parametrize("width", [1280, 360])
def test_an_exit_is_recorded_then_completed(signed_in, width):
    person = make_contract().beneficiary
    page = signed_in(Role.SOCIAL_WORKER, width)
    page.goto(person.get_absolute_url())
    page.get_by_role("link", name="Enregistrer une sortie").click()
    page.get_by_label("Sorti le").fill("2024-12-31")
    expect(page.get_by_label("Employeur")).to_have_count(0)
    choose_reason(page, "9/10")
    page.get_by_label("Employeur").fill("Paysages du Sud")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("La sortie de")).to_be_visible()
    assert Exit.objects.get().reason.code == "9/10"
    page.goto("/")
    page.get_by_role("link", name=f"Compléter la sortie de {person}").click()
    expect(page.get_by_label("Employeur")).to_have_value("Paysages du Sud")
    page.get_by_label("Durée prévue : mois").fill("8")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Contrat de 8 mois : plus de 6 mois.")).to_be_visible()
    assert (Exit.objects.get().reason.code, Exit.objects.get().length_months) == ("9", 8)


def test_changing_the_reason_keeps_what_was_typed(signed_in):
    person = make_contract().beneficiary
    page = signed_in(Role.SOCIAL_WORKER)
    page.goto(f"/resultats/sorties/nouvelle/{person.pk}/")
    page.get_by_label("Sorti le").fill("2024-12-31")
    choose_reason(page, "9")
    page.get_by_label("Employeur").fill("Ville d’Arcueil")
    choose_reason(page, "14")
    expect(page.get_by_label("Employeur")).to_have_value("Ville d’Arcueil")
    expect(page.get_by_label("Sorti le")).to_have_value("2024-12-31")


def test_freezing_and_keeping_the_report(signed_in, tmp_path):
    cohort = make_2014()
    page = signed_in(Role.SUPERVISOR)
    page.goto(cohort.get_absolute_url())
    expect(page.locator("svg text", has_text="7 sur 9").first).to_be_visible()
    expect(page.get_by_text("2/3 atteint").first).to_be_visible()
    page.get_by_role("link", name="Figer le rapport").click()
    page.get_by_role("button", name="Figer le rapport").click()
    expect(page.get_by_text("Le rapport n° 1 est figé.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF du rapport n° 1").click()
    path = tmp_path / "rapport.pdf"
    download.value.save_as(path)
    assert path.read_bytes() == bytes(OutcomeReport.objects.get().pdf)
    assert verify(path.read_bytes()).faults == []


def test_two_tabs_on_one_exit_keep_both_texts(signed_in, faults):
    made = make_exit("9", employer="Avant")
    tabs = [signed_in(role) for role in (Role.SOCIAL_WORKER, Role.SUPERVISOR)]
    for tab in tabs:
        tab.goto(f"/resultats/sorties/{made.pk}/")
    for tab, employer in zip(tabs, ("Jardins de l’Est", "Paysages du Sud"), strict=True):
        tab.get_by_label("Employeur").fill(employer)
        tab.get_by_role("button", name="Enregistrer").click()
    second = tabs[1]
    expect(second.get_by_text("pendant votre saisie")).to_be_visible()
    expect(second.get_by_text("Jardins de l’Est").first).to_be_visible()
    expect(second.get_by_label("Employeur")).to_have_value("Paysages du Sud")
    assert Exit.objects.get().employer == "Jardins de l’Est"


def test_the_form_works_by_keyboard_alone(signed_in):
    person = make_contract().beneficiary
    page = signed_in(Role.SOCIAL_WORKER)
    page.goto(f"/resultats/sorties/nouvelle/{person.pk}/")
    page.get_by_label("Sorti le").focus()
    page.keyboard.type("12312024")
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
        )
        if reached[-1] == "Enregistrer":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("La sortie de")).to_be_visible()
    assert Exit.objects.get().reason is None
