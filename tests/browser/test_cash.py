"""The cash curve in a browser: a balance is typed, the curve says in words where it leads, on a phone too."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from confluences.dates import add_months
from confluences.enums import Role
from tests.browser.conftest import axe, fits, screenshot
from tests.funding.factories import make_purchase

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 360])
def test_from_the_balance_to_the_curve(signed_in, width):
    make_purchase(price=Decimal(900), needed_on=add_months(timezone.localdate(), 3))
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(reverse("home"))
    page.get_by_role("link", name="Saisir le solde").click()
    page.get_by_label("Solde (€)").fill("500,50")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le solde est enregistré.")).to_be_visible()
    expect(page.get_by_text("le solde passe sous zéro fin").first).to_be_visible()
    expect(page.get_by_role("img", name="Solde de trésorerie en fin de mois")).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, f"cash-{width}")
    page.goto(reverse("home"))
    expect(page.get_by_text("le solde passe sous zéro fin").first).to_be_visible()
    axe(page)
