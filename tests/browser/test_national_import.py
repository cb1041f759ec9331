"""The national directory imported in a real browser: a broken file, its faults, the preview, the confirmation."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from confluences.admin_imports import EXAMPLES
from confluences.enums import Role
from partners.models import Partner
from tests.browser.conftest import axe, fits, screenshot
from tests.partners.national import csv_bytes, structure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_broken_file_then_a_good_one(signed_in, tmp_path, width):
    broken = tmp_path / "annuaire-national-du-val-de-marne.csv"
    broken.write_bytes(csv_bytes(structure(1, siret="73282932000075", adresse="néant"), structure(1)))
    page = signed_in(Role.ADMINISTRATOR, width)
    page.goto(reverse("partners:national-import"))
    page.get_by_label("Fichier", exact=False).first.set_input_files(broken)
    page.get_by_role("button", name="Vérifier le fichier").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Rien n’a été importé : 2 fautes dans annuaire-national"
    )
    expect(page.get_by_role("table", name="Fautes").get_by_role("row")).to_have_count(3)
    page.get_by_text("Voir 1 avertissement").click()
    expect(page.get_by_role("table", name="Avertissements")).to_be_visible()
    fits(page)
    axe(page)
    screenshot(page, f"national-refused-{width}")
    page.get_by_label("Fichier", exact=False).first.set_input_files(EXAMPLES / "annuaire-structures.csv")
    page.get_by_label("Second fichier").set_input_files(EXAMPLES / "annuaire-services.csv")
    page.get_by_label("Département").fill("94")
    page.get_by_role("button", name="Vérifier le fichier").click()
    expect(page.get_by_text("Structures : 2 à créer, 1 hors du filtre.")).to_be_visible()
    fits(page)
    axe(page)
    screenshot(page, f"national-preview-{width}")
    page.get_by_role("button", name="Confirmer l’import").click()
    expect(
        page.get_by_text("L’annuaire est importé. Structures : 2 créées, 1 hors du filtre.")
    ).to_be_visible()
    assert Partner.objects.count() == 2
