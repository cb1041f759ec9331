"""The directory in a real browser, on a wide screen and on a phone: found by theme, entered once, then called."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from confluences.enums import Role
from partners.models import Partner
from tests.browser.conftest import axe, fits, screenshot, settled
from tests.partners.factories import make_contact, make_partner, make_service

pytestmark = pytest.mark.django_db(transaction=True)
RENT = "logement-hebergement--louer-un-logement"


def checked(page, name: str) -> None:
    axe(page)
    fits(page)
    screenshot(page, name)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_partner_is_found_entered_and_called(signed_in, width):
    known = make_partner(name="Bailleur d’Exemple", city="Orly", themes=(RENT,), phone="01 00 00 00 01")
    make_contact(known, name="Dominique Exemple", email="dominique@exemple.fr")
    make_service(known, name="Accueil social", themes=(RENT,))
    make_partner(name="Centre d’Exemple", themes=("sante--addictions",))
    page = signed_in(Role.SOCIAL_WORKER, width)
    page.goto(reverse("partners:list"))
    expect(page.get_by_role("rowheader")).to_have_count(2)
    checked(page, f"partners-{width}")
    page.get_by_label("Thème").select_option("logement-hebergement")
    expect(page.get_by_role("rowheader")).to_have_text(["Bailleur d’Exemple"])

    page.get_by_role("link", name="Nouveau partenaire").click()
    page.get_by_role("textbox", name="Nom*").fill("bailleur d'exemple")
    page.get_by_label("Commune", exact=True).fill("ORLY")
    page.get_by_text("Logement et hébergement").click()
    page.get_by_label("Louer un logement").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Possible doublon")).to_be_visible()
    expect(page.get_by_label("Louer un logement")).to_be_checked()
    checked(page, f"partner-double-{width}")
    page.get_by_role("alert").get_by_role("link", name="Bailleur d’Exemple").click()
    settled(page)

    expect(page.get_by_role("link", name="01 00 00 00 01")).to_have_attribute("href", "tel:0100000001")
    expect(page.get_by_role("link", name="dominique@exemple.fr")).to_be_visible()
    checked(page, f"partner-{width}")
    assert Partner.objects.count() == 2
