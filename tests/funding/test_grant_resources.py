"""Funders, grants, instalments and obligations from a file, and in the admin."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from confluences.admin_imports import EXAMPLES
from confluences.enums import Role
from confluences.imports import ImportFaults, import_file
from funding.enums import GrantStatus
from funding.grant_resources import (
    FunderResource,
    GrantResource,
    InstalmentResource,
    ObligationResource,
)
from funding.models import Grant, Instalment
from tests.funding.factories import make_funder, make_grant, make_instalment, make_obligation, make_share

pytestmark = pytest.mark.django_db

RESOURCES = (FunderResource, GrantResource, InstalmentResource, ObligationResource)


def load(resource):
    return import_file(resource, (EXAMPLES / f"{resource._meta.name}.csv").read_bytes(), by=None)


def faults(resource, text: str) -> list[str]:
    with pytest.raises(ImportFaults) as caught:
        import_file(resource, text.encode(), by=None)
    return [str(fault).replace("\u202f", " ").replace("\u00a0", " ") for fault in caught.value.faults]


def test_the_examples_are_read_as_they_mean():
    for resource in RESOURCES:
        load(resource)
    grant = Grant.objects.get(title="Outillage des chantiers")
    assert (grant.asked, grant.awarded, grant.status, grant.pays_for, grant.max_share) == (
        Decimal("12500.50"),
        Decimal(10000),
        GrantStatus.AWARDED,
        "equipment vehicle",
        Decimal(80),
    )
    assert Grant.objects.get(title="Vêtements de travail").awarded is None
    assert [each.received for each in grant.instalments.all()] == [Decimal(5000), None]
    assert [each.due for each in grant.obligations.all()] == [dt.date(2024, 12, 31), dt.date(2025, 6, 30)]
    assert [load(resource) for resource in RESOURCES] == [0, 0, 0, 0]


def test_faults_are_all_listed():
    make_grant(make_funder(name="Ville"), title="Outils")
    assert faults(GrantResource, "Financeur;Objet;Montant demandé (€);Peut payer\nVille;Autre;-5;or\n") == [
        "Ligne 2, colonne « Peut payer » : « or » n’est pas accepté. Valeurs acceptées : matériel et outillage, véhicule, "
        "travaux et aménagement, vêtements et protections, végétaux et fournitures, informatique, formation, salaires, "
        "fonctionnement.",
        "Ligne 2, colonne « Montant demandé (€) » : Un montant n’est pas négatif.",
    ]
    assert faults(InstalmentResource, "Financeur;Subvention;Nature\nVille;Absente;avance\n") == [
        "Ligne 2, colonne « Financeur » : Ce financeur n’a pas de subvention de ce nom : importez d’abord les subventions."
    ]
    assert Instalment.objects.count() == 0


def test_a_file_does_not_take_back_what_purchases_count_on():
    share = make_share(grant=make_grant(make_funder(name="Ville"), title="Outils"))
    [fault] = faults(GrantResource, "Financeur;Objet;Montant accordé (€)\nVille;Outils;499\n")
    assert fault.startswith("Ligne 2, colonne « Montant accordé (€) » : Des achats comptent déjà 500 €")
    assert Grant.objects.get(pk=share.grant_id).awarded == 10000


def test_neither_a_file_nor_the_admin_takes_back_an_award_of_which_money_came(administrator_client):
    grant = make_grant(make_funder(name="Ville"), title="Outils")
    make_instalment(grant, received=Decimal(5), received_on=dt.date(2024, 3, 1))
    text = "Financeur;Objet;État;Montant accordé (€)\nVille;Outils;refusée;\n"
    assert faults(GrantResource, text) == [
        "Ligne 2, colonne « État » : Des versements de cette subvention sont déjà reçus : elle est donc accordée."
    ]
    address = reverse("admin:funding_grant_change", args=[grant.pk])
    data = posted(administrator_client.get(address)) | {"status": "asked", "awarded": ""}
    assert administrator_client.post(address, data).status_code == 200
    assert Grant.objects.get().status == GrantStatus.AWARDED


def test_a_file_does_not_guess_between_grants_of_one_name():
    """A grant that comes back every year may bear the same name: the older one would be overwritten."""
    funder = make_funder(name="Ville")
    for year in (2023, 2024):
        make_grant(
            funder,
            title="Outils",
            eligible_start=dt.date(year, 1, 1),
            eligible_end=dt.date(year, 12, 31),
        )
    message = (
        "Ce financeur a plusieurs subventions de ce nom : donnez d’abord à chacune un objet qui la distingue."
    )
    assert faults(GrantResource, "Financeur;Objet;Montant accordé (€)\nVille;Outils;5\n") == [
        f"Ligne 2, colonne « Objet » : {message}"
    ]
    text = "Financeur;Subvention;Nature;Montant attendu (€)\nVille;Outils;avance;5\n"
    assert faults(InstalmentResource, text) == [f"Ligne 2, colonne « Financeur » : {message}"]
    assert not Instalment.objects.exists()


def test_a_file_does_not_receive_more_than_was_awarded():
    make_grant(make_funder(name="Ville"), title="Outils")
    text = "Financeur;Subvention;Nature;Montant reçu (€);Reçu le\nVille;Outils;avance;10 000,01;01/03/2024\n"
    [fault] = faults(InstalmentResource, text)
    assert "reçus sur 10 000 € accordés" in fault


# The admin


@pytest.fixture
def administrator_client(clients):
    return clients[Role.ADMINISTRATOR]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("funder", 8), ("grant", 11), ("instalment", 11), ("obligation", 11)]
)
def test_lists_cost_the_same_whatever_the_number(
    administrator_client, django_assert_num_queries, name, queries, count
):
    funder = make_funder()
    for _number in range(count):
        grant = make_grant(funder)
        make_instalment(grant)
        make_obligation(grant)
    address = reverse(f"admin:funding_{name}_changelist")
    administrator_client.get(address)
    with django_assert_num_queries(queries):
        administrator_client.get(address)


def posted(response) -> dict:
    """What the form of a page would send back as it stands."""
    page_forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        page_forms += [inline.formset.management_form, *inline.formset.forms]
    values = {each.add_prefix(name): each[name].value() for each in page_forms for name in each.fields}
    return {name: value for name, value in values.items() if value or value == 0}


def test_a_grant_with_its_instalments_is_saved_by_the_rules(administrator_client):
    grant = make_grant(pays_for="equipment vehicle")
    instalment = make_instalment(grant)
    address = reverse("admin:funding_grant_change", args=[grant.pk])
    data = posted(administrator_client.get(address))
    assert data["pays_for"] == ["equipment", "vehicle"]
    data |= {
        "title": "Renommée",
        "instalments-0-received": "10000.01",
        "instalments-0-received_on": "2024-03-01",
    }
    refused = administrator_client.post(address, data)
    assert refused.status_code == 200
    assert Grant.objects.get().title != "Renommée"
    data["instalments-0-received"] = "9000"
    assert administrator_client.post(address, data).status_code == 302
    instalment.refresh_from_db()
    assert (Grant.objects.get().title, instalment.received) == ("Renommée", Decimal(9000))


def test_filters_of_the_grants(administrator_client):
    make_grant(title="Machines", pays_for="equipment")
    make_grant(title="Cours", pays_for="training")
    response = administrator_client.get(reverse("admin:funding_grant_changelist"), {"peut_payer": "training"})
    assert [grant.title for grant in response.context["cl"].result_list] == ["Cours"]
