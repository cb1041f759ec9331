"""The search box in a real browser: results while typing, by keyboard, on a phone, for a screen reader."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from confluences.enums import Role
from tests.beneficiaries.factories import make_beneficiary, make_running_contract
from tests.browser.conftest import axe, fits, screenshot
from tests.worksites.factories import make_assignment, make_worksite

pytestmark = pytest.mark.django_db(transaction=True)

BOX = "#recherche"
LIST = "#recherche-liste"


@pytest.fixture
def people(django_db_serialized_rollback, transactional_db):
    """Twelve namesakes, of whom the last works here."""
    worksite = make_worksite(name="Champigny, jardins partagés")
    for number in range(11):
        make_beneficiary(
            last_name="Exemple de la Rivière",
            first_name=f"Zoé {'abcdefghijk'[number]}",
            phone="06 12 34 56 78",
        )
    amina = make_beneficiary(
        last_name="Exemple de la Rivière-Benali", first_name="Amina", birth_date=dt.date(1979, 5, 12)
    )
    make_running_contract(amina)
    make_assignment(amina, worksite)
    return amina


def typed(page: Page, text: str) -> None:
    page.goto("/")
    page.locator(BOX).press_sequentially(text)
    expect(page.locator(f"{LIST} .search-count")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_results_stand_under_the_box_while_one_types(people, signed_in, width):
    page = signed_in(Role.SOCIAL_WORKER, width)
    typed(page, "exemple riviere")
    expect(page.locator(f"{LIST} li")).to_have_count(10)
    expect(page.locator(f"{LIST} li").first).to_contain_text("Amina")
    expect(page.locator("#recherche-annonce")).to_have_text("12 personnes")
    expect(page).to_have_url(re.compile(r"/$"))
    place = page.locator(LIST).bounding_box()
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= width
    fits(page)
    screenshot(page, f"search-list-{width}")
    axe(page)
    page.locator(BOX).fill("zzz")
    expect(page.locator(f"{LIST} .search-count")).to_have_text("Personne ne correspond à « zzz »")
    expect(page.locator("#recherche-annonce")).to_have_text("Personne ne correspond")
    screenshot(page, f"search-nobody-{width}")
    axe(page)
    page.locator(BOX).fill("")
    expect(page.locator(LIST)).to_be_hidden()


def test_keyboard_alone_reaches_the_person_and_the_follow_up(people, signed_in):
    page = signed_in(Role.SOCIAL_WORKER)
    typed(page, "amina 1979")
    page.keyboard.press("Tab")
    expect(page.locator(f"{LIST} .person-name")).to_be_focused()
    page.keyboard.press("Tab")
    follow_up = page.locator(LIST).get_by_role("link", name="Suivi de Exemple de la Rivière-Benali Amina")
    expect(follow_up).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/salaries/{people.pk}/suivis/nouveau/$"))
    typed(page, "12/05/1979")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/salaries/{people.pk}/$"))


def test_enter_opens_the_page_of_the_search(people, signed_in):
    page = signed_in(Role.SOCIAL_WORKER)
    page.goto("/")
    page.locator(BOX).press_sequentially("exemple")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/recherche/\?q=exemple$"))
    expect(page.locator("main li")).to_have_count(10)
    expect(page.locator(BOX)).to_have_value("exemple")
    screenshot(page, "search-page")


def test_escape_closes_and_keeps_what_is_typed(people, signed_in):
    page = signed_in(Role.SOCIAL_WORKER)
    typed(page, "amina")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(LIST)).to_be_hidden()
    expect(page.locator(BOX)).to_be_focused()
    expect(page.locator(BOX)).to_have_value("amina")
    page.locator(BOX).press_sequentially(" 1979")
    expect(page.locator(f"{LIST} .search-count")).to_be_visible()


def test_list_closes_when_the_focus_leaves_and_a_click_inside_does_not_close_it(people, signed_in):
    page = signed_in(Role.SOCIAL_WORKER)
    typed(page, "amina")
    page.locator(f"{LIST} .search-count").click()
    expect(page.locator(LIST)).to_be_visible()
    page.locator(".rail-foot").click()
    expect(page.locator(LIST)).to_be_hidden()
    page.locator(BOX).focus()
    expect(page.locator(LIST)).to_be_visible()
    page.locator(f"{LIST} .person-name").click()
    expect(page).to_have_url(re.compile(f"/salaries/{people.pk}/$"))


def test_closed_session_shows_no_foreign_page_in_the_list(people, signed_in):
    page = signed_in(Role.SOCIAL_WORKER)
    typed(page, "amina")
    page.context.clear_cookies()
    with page.expect_response(re.compile("/connexion|/login")):
        page.locator(BOX).press_sequentially("z")
    expect(page.locator(LIST)).to_be_hidden()
