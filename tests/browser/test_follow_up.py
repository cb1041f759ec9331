"""The follow-up in a real Chromium: three taps on a telephone, the keyboard alone on a desk, and who reads what."""

import re

import pytest
from playwright.sync_api import Page, expect

from beneficiaries.models import Appointment, BarrierAssessment, ConfidentialNote, FollowUp, Step
from confluences.enums import Role
from tests.beneficiaries.factories import (
    DAY,
    make_barrier,
    make_beneficiary,
    make_follow_up,
    make_running_contract,
    today,
)
from tests.beneficiaries.test_views import reads
from tests.browser.conftest import axe, screenshot, settled
from tests.conftest import user_of

pytestmark = pytest.mark.django_db(transaction=True)


def two_present_people():
    """Amina, followed a month ago, and Karim, never."""
    amina = make_beneficiary(last_name="Exemple Benali", first_name="Amina")
    karim = make_beneficiary(last_name="Exemple Dupré", first_name="Karim")
    for person in (amina, karim):
        make_running_contract(person)
    make_follow_up(amina, on=today() - 40 * DAY, by=user_of(Role.SOCIAL_WORKER), topics=("housing",))
    return amina, karim


class Taps:
    """Taps, counted."""

    def __init__(self):
        self.count = 0

    def on(self, locator) -> None:
        locator.click()
        self.count += 1


def test_three_taps_from_the_home_page_on_a_telephone(signed_in):
    _amina, karim = two_present_people()
    page = signed_in(Role.SOCIAL_WORKER, 360)
    page.goto("/")
    taps = Taps()
    taps.on(page.get_by_role("link", name="Suivi", exact=True))
    screenshot(page, "suivi-360-choisir")
    taps.on(page.get_by_role("link", name=re.compile("Karim")))
    expect(page.get_by_label("Durée")).to_be_focused()
    screenshot(page, "suivi-360-vide")
    page.keyboard.type("45")
    page.get_by_label("Ce qui s’est dit").fill("Dossier de logement déposé, réponse attendue mi-décembre.")
    taps.on(page.get_by_role("button", name="Enregistrer"))
    expect(page.get_by_text("Le suivi est enregistré.")).to_be_visible()
    screenshot(page, "suivi-360-lu")
    assert taps.count == 3
    [saved] = FollowUp.objects.filter(beneficiary=karim)
    assert (saved.minutes, saved.on, saved.created_by) == (45, today(), user_of(Role.SOCIAL_WORKER))


def press_until(page: Page, wanted: str, key: str = "Tab") -> None:
    """Goes from field to field until the one of that name, or that button or link, has the focus."""
    for _ in range(60):
        page.keyboard.press(key)
        focused = page.evaluate(
            "document.activeElement.name || document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"
        )
        if focused == wanted:
            return
    raise AssertionError(f"the keyboard never reaches {wanted}")


def test_by_keyboard_alone_with_all_that_comes_of_it(signed_in):
    amina, _karim = two_present_people()
    make_barrier(amina, axis="mobility", level=3)
    page = signed_in(Role.SOCIAL_WORKER)
    page.goto("/")
    press_until(page, "Suivi")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Nom, date de naissance ou téléphone")).to_be_focused()
    page.keyboard.type("ami ben")
    expect(page.get_by_role("link", name=re.compile("Karim"))).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Durée")).to_be_focused()
    page.keyboard.type("1 h 15")
    press_until(page, "topics")
    page.keyboard.press("Space")
    press_until(page, "said")
    page.keyboard.type("Le bailleur a répondu.")
    press_until(page, "Note confidentielle")
    page.keyboard.press("Enter")
    press_until(page, "note")
    page.keyboard.type("À ne pas redire.")
    press_until(page, "Prochain rendez-vous")
    page.keyboard.press("Enter")
    press_until(page, "next_on")
    soon = today() + 14 * DAY
    page.keyboard.type(f"{soon:%m%d%Y}")
    press_until(page, "Démarches à ouvrir")
    page.keyboard.press("Enter")
    press_until(page, "step_1_action")
    page.keyboard.type("Rappeler le bailleur")
    press_until(page, "step_1_theme")
    page.keyboard.type("logement")
    press_until(page, "Freins à mettre à jour")
    page.keyboard.press("Enter")
    press_until(page, "barrier_mobility")
    page.keyboard.type("faible")
    screenshot(page, "suivi-1280-rempli")
    press_until(page, "Enregistrer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le suivi est enregistré.")).to_be_visible()
    screenshot(page, "suivi-1280-lu")
    saved = FollowUp.objects.get(beneficiary=amina, on=today())
    assert (saved.minutes, saved.said) == (75, "Le bailleur a répondu.")
    assert ConfidentialNote.objects.get().text == "À ne pas redire."
    assert Appointment.objects.get().on == soon
    assert (Step.objects.get().action, Step.objects.get().theme) == ("Rappeler le bailleur", "housing")
    assert BarrierAssessment.objects.get(axis="mobility").level == 2


@pytest.mark.parametrize("width", [1280, 360])
def test_who_reads_the_note_changes_with_the_box(signed_in, width):
    person = make_beneficiary()
    page = signed_in(Role.SOCIAL_WORKER, width)
    page.goto(f"/salaries/{person.pk}/suivis/nouveau/")
    for part in page.locator("summary", has_text=re.compile("Note|Prochain|Démarches|Freins")).all():
        part.click()
    shared, alone = page.get_by_text("chaque lecture est journalisée"), page.get_by_text("Lu par vous seul")
    expect(shared).to_be_visible()
    expect(alone).to_be_hidden()
    page.get_by_label("Réserver cette note à moi seul").check()
    expect(shared).to_be_hidden()
    expect(alone).to_be_visible()
    screenshot(page, f"suivi-{width}-ouvert")
    axe(page)


def test_reading_the_note_in_place_is_one_line_in_the_log(signed_in):
    follow_up = make_follow_up(by=user_of(Role.SOCIAL_WORKER), note="Exemple de note gardée.")
    page = signed_in(Role.SOCIAL_WORKER)
    page.goto(follow_up.get_absolute_url())
    expect(page.get_by_text("Exemple de note gardée.")).to_have_count(0)
    page.get_by_role("link", name="Lire la note confidentielle").click()
    expect(page.get_by_text("Exemple de note gardée.")).to_be_visible()
    screenshot(page, "suivi-1280-note")
    axe(page)
    assert len(reads()) == 1


def test_mistakes_come_back_with_all_that_was_typed(signed_in):
    person = make_beneficiary()
    make_running_contract(person)
    page = signed_in(Role.SOCIAL_WORKER, 360)
    page.goto(f"/salaries/{person.pk}/suivis/nouveau/")
    page.get_by_label("Durée").fill("2000")
    page.get_by_label("Ce qui s’est dit").fill("Gardé.")
    for part in page.locator("summary", has_text=re.compile("Prochain|Démarches")).all():
        part.click()
    page.get_by_label("Rendez-vous le").fill((today() - DAY).isoformat())
    page.get_by_label("Échéance 1").fill((today() + DAY).isoformat())
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("À corriger pour continuer")).to_be_visible()
    expect(page.get_by_label("Ce qui s’est dit")).to_have_value("Gardé.")
    expect(page.get_by_label("Rendez-vous le")).to_be_visible()
    expect(page.get_by_label("Démarche 1")).to_be_visible()
    screenshot(page, "suivi-360-fautes")
    axe(page)


def test_the_panel_filters_and_grows_in_place(signed_in):
    person = make_beneficiary()
    make_running_contract(person)
    worker = user_of(Role.SOCIAL_WORKER)
    for number in range(7):
        topics = ("housing",) if number == 6 else ("budget",)
        make_follow_up(person, by=worker, topics=topics, on=today() - number * DAY, said=f"Exemple {number}.")
    page = signed_in(Role.SOCIAL_WORKER)
    page.goto(person.get_absolute_url())
    panel = page.locator("#suivis")
    expect(panel.get_by_role("listitem")).to_have_count(5)
    panel.get_by_role("link", name="Plus anciens").click()
    expect(panel.get_by_role("listitem")).to_have_count(7)
    settled(page)
    panel.get_by_label("Thème des suivis").select_option("housing")
    expect(panel.get_by_role("listitem")).to_have_count(1)
    expect(page).to_have_url(re.compile(f"{person.get_absolute_url()}$"))


@pytest.mark.parametrize("width", [1280, 360])
def test_person_page(signed_in, width):
    amina, _karim = two_present_people()
    worker = user_of(Role.SOCIAL_WORKER)
    make_follow_up(
        amina, by=worker, topics=("health", "budget"), note="x", said="Elle attend une réponse. " * 20
    )
    for days, outcome in ((-2, ""), (0, ""), (9, ""), (-30, "missed")):
        Appointment.objects.create(
            beneficiary=amina, worker=worker, on=today() + days * DAY, outcome=outcome, purpose="Le budget."
        )
    page = signed_in(Role.SOCIAL_WORKER, width)
    page.goto(amina.get_absolute_url())
    screenshot(page, f"suivi-{width}-personne")
    page.get_by_role("button", name="Pas venu").first.click()
    expect(page.get_by_text("la personne n’est pas venue")).to_be_visible()
    page.get_by_role("link", name="Corriger").click()
    page.get_by_label("Issue").select_option("")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Le rendez-vous est enregistré.")).to_be_visible()
    assert Appointment.objects.filter(outcome="missed").count() == 1
