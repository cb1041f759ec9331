"""Freins, steps and the project in a real Chromium: in place, by keyboard, on a phone."""

import pytest
from playwright.sync_api import Page, expect

from beneficiaries.models import BarrierAssessment, Beneficiary, Step
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, ProjectStage, StepStatus, Theme
from confluences.enums import Role
from tests.beneficiaries.factories import (
    DAY,
    make_barrier,
    make_project,
    make_running_contract,
    make_step,
    today,
)
from tests.browser.conftest import axe, fits, screenshot, settled

pytestmark = pytest.mark.django_db(transaction=True)


def make_supported_person() -> Beneficiary:
    person = make_running_contract(days_left=100).beneficiary
    before = today() - 200 * DAY
    make_barrier(person, assessed_on=before, effect="Exemple : retards le lundi")
    make_barrier(person, level=BarrierLevel.LOW, status=BarrierStatus.IN_PROGRESS)
    make_barrier(person, axis=Theme.MOBILITY, level=BarrierLevel.MEDIUM, assessed_on=before)
    make_barrier(person, axis=Theme.MOBILITY, level=BarrierLevel.NONE, assessed_on=today() - 30 * DAY)
    make_barrier(person, axis=Theme.FAMILY, level=BarrierLevel.LOW, assessed_on=before)
    make_barrier(person, axis=Theme.FAMILY, level=BarrierLevel.HIGH, assessed_on=today() - 10 * DAY)
    make_barrier(person, axis=Theme.LANGUAGE, level=BarrierLevel.MEDIUM, assessed_on=before)
    make_barrier(person, axis=Theme.HEALTH, level=BarrierLevel.MEDIUM, assessed_on=before)
    opened = today() - 40 * DAY
    make_step(
        person,
        action="Appeler le bailleur",
        need="Un logement plus près du chantier",
        opened_on=opened,
        due=today() - 4 * DAY,
    )
    make_step(
        person, action="Déposer le dossier de garde d’enfants", theme=Theme.FAMILY, due=today() + 3 * DAY
    )
    make_step(
        person,
        action="S’inscrire au code",
        theme=Theme.MOBILITY,
        partner="Auto-école Exemple",
        side="external",
    )
    make_step(
        person,
        action="Ouvrir un compte en ligne",
        theme=Theme.DIGITAL,
        opened_on=opened,
        status=StepStatus.DONE,
        closed_on=today() - 20 * DAY,
        minutes=45,
        result="Compte ouvert, mot de passe noté par la personne.",
    )
    make_project(person, decided_on=before)
    make_project(
        person,
        decided_on=today() - 50 * DAY,
        stage=ProjectStage.VALIDATED,
        job="Jardinier paysagiste",
        rome_code="A1203",
        detail="Immersion chez un paysagiste, puis titre professionnel.",
    )
    return person


def tab_to(page: Page, name: str) -> None:
    """Moves the focus by keyboard to the first control of that name."""
    for _press in range(200):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.innerText.trim()")
        if focused.startswith(name):
            return
    raise AssertionError(f"{name} is not reached by keyboard")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_step_is_done_and_reopened_in_place_by_keyboard(signed_in, width):
    person = make_supported_person()
    page = signed_in(Role.SOCIAL_WORKER, width)
    page.goto(person.get_absolute_url())
    screenshot(page, f"support-{width}-person")
    expect(page.get_by_text("en retard de 4\u00a0jours")).to_be_visible()
    tab_to(page, "Fait")
    page.keyboard.press("Enter")
    said = page.locator("#demarches [role=status]")
    expect(said).to_contain_text("« Appeler le bailleur » est faite.")
    settled(page)
    assert Step.objects.get(action="Appeler le bailleur").closed_on == today()
    axe(page)
    screenshot(page, f"support-{width}-step-done")
    # The focus waits on the sentence: the next stop is the way back.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("est de nouveau à faire.")
    assert Step.objects.get(action="Appeler le bailleur").status == StepStatus.OPEN
    fits(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_frein_is_assessed_in_place_by_keyboard(signed_in, faults, width):
    person = make_supported_person()
    page = signed_in(Role.SOCIAL_WORKER, width)
    page.goto(person.get_absolute_url())
    page.get_by_role("link", name="Évaluer : budget et dettes").focus()
    page.keyboard.press("Enter")
    form = page.get_by_role("group", name="Évaluer : budget et dettes")
    expect(form).to_be_focused()
    expect(form.get_by_text("Jamais un diagnostic, jamais un délit.")).to_be_visible()
    settled(page)
    form.get_by_role("button", name="Enregistrer").click()
    expect(form.get_by_role("alert")).to_contain_text("Niveau")
    settled(page)
    # The refusal is an answer like another: it is shown, and the browser notes its status.
    faults[:] = [fault for fault in faults if not fault.startswith("422 ")]
    form.get_by_role("radio", name="4 · fort").focus()
    page.keyboard.press("Space")
    form.get_by_label("Effet sur le travail").fill("Exemple : avances demandées chaque mois")
    page.keyboard.press("Enter")
    said = page.locator("#freins [role=status]")
    expect(said).to_have_text("Budget et dettes : l’évaluation est enregistrée.")
    assert BarrierAssessment.objects.get(axis=Theme.BUDGET).level == BarrierLevel.HIGH
    expect(page.locator("#freins desc")).to_contain_text("Budget et dettes : fort")
    axe(page)
    screenshot(page, f"support-{width}-assessed")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_form_in_place_is_accessible(signed_in, faults, width):
    person = make_supported_person()
    page = signed_in(Role.SOCIAL_WORKER, width)
    page.goto(person.get_absolute_url())
    page.get_by_role("link", name="Évaluer : logement").click()
    form = page.get_by_role("group", name="Évaluer : logement")
    settled(page)
    form.get_by_label("État").select_option(BarrierStatus.LIFTED)
    form.get_by_role("radio", name="4 · fort").check()
    form.get_by_role("button", name="Enregistrer").click()
    expect(form.get_by_role("alert")).to_contain_text("Un frein levé ne gêne plus")
    faults[:] = [fault for fault in faults if not fault.startswith("422 ")]
    fits(page)
    axe(page)
    screenshot(page, f"support-{width}-assessing")


def test_the_supervisor_reads_seven_axes_and_writes_nothing(signed_in):
    person = make_supported_person()
    page = signed_in(Role.SUPERVISOR)
    page.goto(person.get_absolute_url())
    axes = [theme.label.capitalize() for theme in Theme.axes() if theme not in Theme.protected()]
    assert page.locator("#freins svg text[font-weight='600']").all_text_contents() == axes
    expect(page.locator("#freins, #demarches, #projet").get_by_role("button")).to_have_count(0)
    axe(page)
    screenshot(page, "support-1280-supervisor")
