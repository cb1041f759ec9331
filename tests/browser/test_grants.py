"""A grant in a real browser: asked, awarded, received in one click; the report that leaves the house."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from confluences.enums import Role
from funding.models import Grant
from tests.beneficiaries.factories import today
from tests.browser.conftest import axe, fits, screenshot, settled
from tests.funding.factories import make_funder, make_grant, make_instalment, make_obligation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 360])
def test_from_the_request_to_the_money(signed_in, width):
    make_funder(name="Exemple de commune", kind="town")
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(reverse("funding:grant-create"))
    page.get_by_label("Financeur").select_option(label="Exemple de commune")
    page.get_by_label("Objet").fill("Exemple d’outillage")
    page.get_by_label("Montant demandé (€)").fill("beaucoup")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("Ce n’est pas un montant")
    axe(page)
    page.get_by_label("Montant demandé (€)").fill("30 000,50 €")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1, name="Exemple d’outillage")).to_be_visible()
    page.get_by_role("link", name="Déposée").click()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Accordée").click()
    page.get_by_label("Montant accordé (€)").fill("25 000")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Une convention signée est obligatoire")).to_be_visible()
    make_instalment(Grant.objects.get(), expected=Decimal(25000), expected_on=today())
    page.reload()
    axe(page)
    page.get_by_role("button", name="Reçu aujourd’hui").click()
    expect(page.get_by_text("Le versement est reçu.")).to_be_visible()
    expect(page.get_by_text("reste à recevoir : 0")).to_be_visible()
    settled(page)
    axe(page)
    screenshot(page, f"grant-{width}")
    fits(page)


def test_the_report_is_shown_then_printed(signed_in, tmp_path):
    grant = make_grant(
        make_funder(name="Exemple de fondation"),
        eligible_start=today() - dt.timedelta(days=30),
        eligible_end=today() + dt.timedelta(days=30),
    )
    make_obligation(grant)
    page = signed_in(Role.SUPERVISOR)
    page.goto(grant.funder.get_absolute_url())
    axe(page)
    page.get_by_role("link", name="Rapport", exact=True).click()
    expect(page.get_by_text("Ce rapport sort de la maison.")).to_be_visible()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Imprimer (PDF)").click()
    file = tmp_path / "rapport.pdf"
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF")
