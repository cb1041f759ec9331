"""Purchases and shares in the admin: the same checks as on their pages, and their imports."""

from decimal import Decimal

import pytest

from confluences.admin_imports import EXAMPLES
from confluences.imports import Fault, import_file
from funding.models import Purchase, PurchaseShare
from funding.purchase_resources import PurchaseResource, ShareResource
from tests.confluences import test_imports
from tests.confluences.test_admin import page, posted
from tests.confluences.test_imports import faults_of
from tests.conftest import signed_in_client
from tests.funding.factories import make_funder, make_grant, make_purchase, make_share
from tests.worksites.factories import make_worksite

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


LISTS = [
    ("funding_purchase_changelist", make_purchase, 11),
    ("funding_purchaseshare_changelist", make_share, 8),
]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "make", "queries"), LISTS, ids=[name for name, *_others in LISTS])
def test_list_queries(administrator_client, django_assert_num_queries, name, make, queries, count):
    for _number in range(count):
        make()
    with django_assert_num_queries(queries):
        assert len(administrator_client.get(page(name)).context["cl"].result_list) == count


def test_price_below_the_shares_comes_back_as_an_error(administrator_client):
    purchase = make_share().purchase
    address = page("funding_purchase_change", purchase.pk)
    data = posted(administrator_client.get(address)) | {"price": "400"}
    response = administrator_client.post(address, data)
    assert [*response.context["adminform"].form.errors] == ["price"]
    assert Purchase.objects.get().price == 1000


def test_share_beyond_the_grant_comes_back_as_an_error(administrator_client):
    share = make_share(grant=make_grant(awarded=Decimal(600)))
    address = page("funding_purchase_change", share.purchase_id)
    data = posted(administrator_client.get(address)) | {"shares-0-amount": "600.01"}
    response = administrator_client.post(address, data)
    assert response.status_code == 200
    assert "0,01\u00a0€ de trop" in response.content.decode()
    assert PurchaseShare.objects.get().amount == 500


def test_share_is_added_and_removed_inside_its_purchase(administrator_client):
    purchase, grant = make_purchase(), make_grant()
    address = page("funding_purchase_change", purchase.pk)
    data = posted(administrator_client.get(address))
    added = data | {"shares-TOTAL_FORMS": 1, "shares-0-grant": grant.pk, "shares-0-amount": "1000"}
    assert administrator_client.post(address, added).status_code == 302
    assert PurchaseShare.objects.get().amount == 1000
    removed = posted(administrator_client.get(address)) | {"shares-0-DELETE": "on"}
    assert administrator_client.post(address, removed).status_code == 302
    assert not PurchaseShare.objects.exists()


def test_share_page_keeps_its_purchase_and_checks_its_amount(administrator_client):
    share = make_share()
    address = page("funding_purchaseshare_change", share.pk)
    response = administrator_client.post(address, {"amount": "1000.01", "opened_version": 1})
    assert [*response.context["adminform"].form.errors] == ["amount"]
    assert administrator_client.post(address, {"amount": "700", "opened_version": 1}).status_code == 302
    assert PurchaseShare.objects.get().amount == 700


# Imports


def make_example_grant():
    return make_grant(make_funder(name="Exemple de commune"), title="Exemple de subvention")


def test_examples_import_in_turn_and_twice():
    make_worksite(name="Exemple de chantier")
    make_example_grant()
    both = (PurchaseResource, ShareResource)

    def imported():
        return [import_file(each, EXAMPLES / f"{each._meta.name}.csv", by=None) for each in both]

    assert (imported(), imported()) == ([2, 1], [0, 0])
    assert PurchaseShare.objects.get().amount == 600


def test_example_and_documentation_of_shares_hold_every_column():
    test_imports.test_example_files_hold_every_column(ShareResource)
    test_imports.test_documentation_describes_every_column(ShareResource)


def test_shares_beyond_the_price_are_a_fault_and_nothing_is_kept():
    make_purchase(title="Tondeuse", price=Decimal(1000))
    make_example_grant()
    make_grant(make_funder(name="Exemple de région"), title="Exemple d’aide")
    lines = [
        "Achat;Subvention;Montant (€)",
        "Tondeuse;Exemple de subvention (Exemple de commune);600",
        "Tondeuse;Exemple d’aide (Exemple de région);400,01",
    ]
    [fault] = faults_of("\n".join(lines), ShareResource)
    assert (fault.row, fault.column) == (3, "Montant (€)")
    assert not PurchaseShare.objects.exists()


def test_title_of_two_purchases_is_told():
    make_purchase(title="Tondeuse")
    make_purchase(title="Tondeuse")
    assert faults_of("Achat;Prix (€)\nTondeuse;10\n", PurchaseResource) == [
        Fault(2, "Achat", "Plusieurs achats portent ce nom : distinguez-les d’abord.")
    ]


@pytest.mark.parametrize("price", ["-5", "0", "1234567890123", "douze"])
def test_bad_price_is_a_fault_of_its_column_or_row(price):
    [fault] = faults_of(f"Achat;Prix (€)\nTondeuse;{price}\n", PurchaseResource)
    assert fault.row == 2
    assert not Purchase.objects.exists()


def test_a_share_is_not_given_to_one_of_two_grants_of_one_name():
    purchase, funder = make_purchase(title="Tondeuse"), make_funder(name="Ville")
    for _year in range(2):
        make_grant(funder, title="Outils")
    lines = ["Achat;Subvention;Montant (€)", "Tondeuse;Outils (Ville);5"]
    [fault] = faults_of("\n".join(lines), ShareResource)
    assert "n’est pas dans la liste" in str(fault)
    assert not purchase.shares.exists()
