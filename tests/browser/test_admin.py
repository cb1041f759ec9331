"""The admin in a real browser: its relaxed policy is enough, nothing overflows, an import from end to end."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beneficiaries.models import Beneficiary
from beneficiaries.resources import BeneficiaryResource
from confluences.admin_imports import EXAMPLES
from confluences.enums import Role
from confluences.imports import import_file
from tests.beneficiaries.factories import make_contract
from tests.browser.conftest import axe, fits

pytestmark = pytest.mark.django_db(transaction=True)

IMPORTED = [
    "partners_partner",
    "partners_contact",
    "worksites_worksite",
    "beneficiaries_beneficiary",
    "beneficiaries_contract",
    "worksites_assignment",
    "beneficiaries_timeentry",
    "worksites_joborder",
    "outcomes_exit",
    "worksites_equipment",
    "funding_purchase",
    "funding_purchaseshare",
    "funding_budget",
    "funding_budgetline",
    "trainings_programme",
    "trainings_enrolment",
    "trainings_session",
    "trainings_attendance",
    "funding_cashbalance",
    "funding_funder",
    "funding_grant",
    "funding_instalment",
    "funding_obligation",
]


@pytest.mark.parametrize("width", [1280, 360])
def test_import_and_export_pages(signed_in, width):
    make_contract()
    page = signed_in(Role.ADMINISTRATOR, width)
    for name in IMPORTED:
        for kind in ("import", "export"):
            page.goto(reverse(f"admin:{name}_{kind}"))
            axe(page)
            fits(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_import_from_the_file_to_the_list(signed_in, width):
    page = signed_in(Role.ADMINISTRATOR, width)
    page.goto(reverse("admin:beneficiaries_beneficiary_import"))
    axe(page)
    page.get_by_label("Fichier").set_input_files(
        {"name": "fautes.csv", "mimeType": "text/csv", "buffer": b"Nom;Sexe\nDupont;hom\n"}
    )
    page.get_by_role("button", name="Vérifier le fichier").click()
    expect(page.get_by_role("alert").locator("tbody tr")).to_have_count(2)
    axe(page)
    page.get_by_label("Fichier").set_input_files(EXAMPLES / "personnes.csv")
    page.get_by_role("button", name="Vérifier le fichier").click()
    expect(
        page.get_by_role("heading", name="personnes.csv : 2 à créer, 0 à modifier, 0 déjà à jour")
    ).to_be_visible()
    axe(page)
    fits(page)
    page.get_by_role("button", name="Confirmer l’import").click()
    expect(page.get_by_text("Import de personnes.csv terminé : 2 lignes créées")).to_be_visible()
    assert Beneficiary.objects.count() == 2


def test_export_is_downloaded(signed_in, tmp_path):
    make_contract()
    page = signed_in(Role.ADMINISTRATOR)
    page.goto(reverse("admin:beneficiaries_beneficiary_export"))
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Exporter").click()
    download.value.save_as(tmp_path / "export.xlsx")
    assert import_file(BeneficiaryResource, tmp_path / "export.xlsx", by=None) == 0


def test_person_is_chosen_while_typing(signed_in):
    person = make_contract().beneficiary
    page = signed_in(Role.ADMINISTRATOR)
    page.goto(reverse("admin:beneficiaries_contract_add"))
    page.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill(f"{person.first_name} {person.last_name}")
    page.get_by_role("option", name=str(person)).click()
    expect(page.locator("[name=beneficiary]")).to_have_value(str(person.pk))
