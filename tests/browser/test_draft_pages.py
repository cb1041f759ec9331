"""In a real Chromium, the script of drafts on a form's page: hurried hands, erasing, leaving, late questions."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beneficiaries.models import Beneficiary, FollowUp
from confluences.enums import Role
from confluences.models import Draft
from outcomes.models import ExitReason
from tests.beneficiaries.factories import make_beneficiary, make_contract
from tests.browser.conftest import axe, eventually, screenshot
from tests.browser.test_drafts import (
    NOTE,
    add,
    create_page,
    drafted,
    open_form,
    said,
    save_button,
    status,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_double_click_saves_one_follow_up(signed_in):
    page = signed_in(Role.SOCIAL_WORKER)
    open_form(page, create_page(make_beneficiary()))
    said(page).fill(NOTE)
    save_button(page).dblclick()
    expect(page.get_by_text("Le suivi est enregistré.")).to_be_visible()
    page.wait_for_timeout(1000)
    assert (FollowUp.objects.count(), Draft.objects.count()) == (1, 0)


def test_no_draft_rises_after_the_save(signed_in):
    """Typed, then sent at once by the keyboard: nothing that was on its way arrives later."""
    page = signed_in(Role.SOCIAL_WORKER)
    open_form(page, create_page(make_beneficiary()))
    said(page).fill("Court.")
    page.locator("[name=minutes]").press("Enter")
    expect(page.get_by_text("Le suivi est enregistré.")).to_be_visible()
    page.wait_for_timeout(1500)
    assert (FollowUp.objects.count(), Draft.objects.count()) == (1, 0)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_restored_draft_is_erased_when_asked(signed_in, width):
    address = create_page(make_beneficiary())
    page = signed_in(Role.SOCIAL_WORKER, width)
    open_form(page, address)
    said(page).fill("À effacer.")
    eventually(page, lambda: drafted() == "À effacer.")
    page.goto(address)
    axe(page)
    screenshot(page, f"drafts-restored-{width}")
    add(page, " Encore.")
    eraser = page.get_by_role("button", name="Effacer le brouillon")
    eraser.click()  # the question is answered no
    expect(said(page)).to_have_value("À effacer. Encore.")
    page.once("dialog", lambda dialog: dialog.accept())
    eraser.click()
    expect(eraser).to_have_count(0)
    expect(said(page)).to_have_value("")
    page.wait_for_timeout(1000)
    assert Draft.objects.count() == 0


def test_leaving_asks_first_only_while_something_is_not_on_the_server(signed_in):
    page = signed_in(Role.SOCIAL_WORKER)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    open_form(page, create_page(make_beneficiary()))
    said(page).fill("Gardé.")
    eventually(page, lambda: drafted() == "Gardé.")
    expect(status(page)).to_have_text(re.compile("^Brouillon enregistré"))
    page.goto("/")
    assert asked == []
    page.goto(create_page(Beneficiary.objects.get()))
    page.context.route("**/brouillons/**", lambda route: route.abort())
    add(page, " Pas gardé.")
    expect(status(page)).to_contain_text("Hors ligne")
    page.context.unroute("**/brouillons/**")
    page.goto("/")
    assert asked == ["beforeunload"]


def test_questions_that_arrive_later_are_drafted_too(signed_in):
    address = reverse("outcomes:exit-create", args=[make_contract().beneficiary.pk])
    page = signed_in(Role.SOCIAL_WORKER)
    page.goto(address)
    with page.expect_response(
        lambda answer: answer.url.endswith(address) and answer.request.method == "POST"
    ):
        page.get_by_label("Motif de sortie").select_option(str(ExitReason.objects.get(code="9").pk))
    page.get_by_label("Employeur").fill("Paysages du Sud")
    eventually(page, lambda: drafted("employer") == "Paysages du Sud")
    page.goto(address)
    expect(page.get_by_label("Employeur")).to_have_value("Paysages du Sud")


def test_the_form_saves_without_javascript(signed_in):
    page = signed_in(Role.SOCIAL_WORKER, java_script_enabled=False)
    open_form(page, create_page(make_beneficiary()))
    said(page).fill(NOTE)
    save_button(page).click()
    expect(page.get_by_text("Le suivi est enregistré.")).to_be_visible()
    assert FollowUp.objects.get().said == NOTE
