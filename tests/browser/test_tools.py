"""The tools of the browser tests see what they are there to see."""

import pytest

from confluences.enums import Role
from tests.browser.conftest import axe, eventually, screenshot

ACCESSIBLE = (
    '<html lang="fr"><head><title>Page</title></head><body><main><h1>Titre</h1>%s</main></body></html>'
)


def test_axe_accepts_a_sound_page(page):
    page.set_content(ACCESSIBLE % "<p>Texte</p>")
    axe(page)


def test_axe_names_the_fault(page):
    page.set_content(ACCESSIBLE % '<img src="data:,">')
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_login_page(open_page, width):
    page = open_page(width)
    page.goto("/")
    page.wait_for_selector("input[type=password]")
    assert page.viewport_size["width"] == width
    assert page.evaluate("navigator.language") == "fr-FR"
    axe(page)
    screenshot(page, f"login-{width}")


@pytest.mark.parametrize("role", Role)
def test_signed_in(signed_in, role):
    page = signed_in(role)
    assert page.goto("/compte/password/change/").status == 200
    assert page.locator("input[type=password]").count() == 3


def test_a_violation_of_the_content_policy_is_noted(open_page, faults):
    page = open_page()
    page.goto("/compte/login/")
    page.evaluate("document.body.setAttribute('onclick', 'window.hacked = true')")
    page.evaluate("document.body.click()")
    eventually(page, lambda: any("Content Security Policy" in fault for fault in faults))
    faults.clear()


def test_a_missing_file_is_noted(open_page, faults):
    page = open_page()
    page.goto("/compte/login/")
    page.evaluate("fetch('/static/absent.css')")
    eventually(page, lambda: any(fault.endswith("/static/absent.css") for fault in faults))
    faults.clear()


def test_reference_data_survives_a_test_that_commits(open_page, django_user_model):
    """The tests above emptied the database behind them."""
    from django.contrib.auth.models import Group

    assert sorted(Group.objects.values_list("name", flat=True)) == sorted(Role.labels)
