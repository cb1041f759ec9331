"""Purchases on the screen: who sees them, the list and its file, who can pay, applying, receiving."""

import datetime as dt
import io
from decimal import Decimal
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from confluences.dates import add_days
from confluences.enums import Role
from funding.enums import ExpenseKind, GrantStatus, PurchaseState
from funding.models import Purchase, PurchaseShare
from funding.purchase_reports import COLUMNS
from tests.funding.factories import make_funder, make_grant, make_instalment, make_purchase, make_share
from tests.worksites.factories import make_equipment, make_worksite
from worksites.models import Equipment

pytestmark = pytest.mark.django_db
LIST = "funding:purchase-list"


def today() -> dt.date:
    return timezone.localdate()


def open_grant(funder=None, **fields):
    """Open from a month ago to half a year ahead."""
    period = {"eligible_start": add_days(today(), -30), "eligible_end": add_days(today(), 180)}
    return make_grant(funder, **period | fields)


def planned(**fields) -> Purchase:
    return make_purchase(**{"needed_on": add_days(today(), 60)} | fields)


def address(name: str, row) -> str:
    return reverse(f"funding:{name}", args=[row.pk])


def typed(**fields) -> dict:
    return {
        "title": "Tondeuse",
        "kind": "equipment",
        "price": "12 500,50",
        "pieces": "1",
        "delivery_days": "10",
    } | fields


@pytest.fixture
def steering(clients):
    return clients[Role.SUPERVISOR]


@pytest.fixture
def text_of(steering):
    """The words of a purchase's page."""
    return lambda purchase: (
        steering.get(purchase.get_absolute_url()).content.decode().replace("\u202f", " ").replace("\xa0", " ")
    )


# Rights


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.INSTRUCTOR])
def test_purchases_do_not_exist_for_those_who_do_not_steer(clients, role):
    share = make_share()
    pages = [
        reverse(LIST),
        reverse("funding:purchase-export", args=["csv"]),
        reverse("funding:purchase-create"),
        reverse("funding:timeline"),
        *(
            address(name, share.purchase)
            for name in (
                "purchase-detail",
                "purchase-edit",
                "purchase-receive",
                "purchase-apply",
                "share-create",
            )
        ),
        address("share-edit", share),
        address("share-delete", share),
    ]
    for page in pages:
        assert clients[role].get(page).status_code == HTTPStatus.NOT_FOUND
        assert clients[role].post(page, {}).status_code == HTTPStatus.NOT_FOUND
    assert PurchaseShare.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["purchase-detail", "purchase-edit", "purchase-receive", "share-create", "share-edit", "share-delete"],
)
def test_unknown_number_does_not_exist(steering, name):
    assert steering.get(reverse(f"funding:{name}", args=[999])).status_code == HTTPStatus.NOT_FOUND


def test_applying_and_deleting_need_a_post(steering):
    share = make_share()
    assert (
        steering.get(address("purchase-apply", share.purchase)).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    )
    assert steering.get(address("share-delete", share)).status_code == HTTPStatus.OK
    assert PurchaseShare.objects.exists()


# List


@pytest.mark.parametrize("count", [1, 3])
def test_list_queries(steering, django_assert_num_queries, count):
    for _number in range(count):
        make_share(make_purchase(worksite=make_worksite()))
    with django_assert_num_queries(10):
        assert len(steering.get(reverse(LIST)).context["rows"]) == count


def test_list_says_what_grants_pay_to_the_cent(steering):
    purchase = make_purchase(price=Decimal("1000.10"))
    make_share(purchase, amount=Decimal("100.10"))
    make_share(purchase, amount=Decimal("200.20"))
    [row] = steering.get(reverse(LIST)).context["rows"]
    assert (row.shared, row.left) == (Decimal("300.30"), Decimal("699.80"))


def test_states_of_the_list_are_those_of_the_purchases(steering):
    day = dt.date(2024, 3, 1)
    for fields in ({}, {"ordered_on": day}, {"invoiced_on": day}, {"received_on": day}, {"paid_on": day}):
        make_purchase(**fields)
    for state in PurchaseState:
        found = {row.purchase.pk for row in steering.get(reverse(LIST), {"state": state}).context["rows"]}
        assert found == {each.pk for each in Purchase.objects.all() if each.state == state}


def test_list_is_filtered(steering):
    worksite = make_worksite()
    make_purchase(title="Camion", kind=ExpenseKind.VEHICLE, worksite=worksite, invoice_number="F-12")
    make_purchase(title="Tondeuse")
    for filters in ({"q": "camion"}, {"q": "f-12"}, {"kind": "vehicle"}, {"worksite": worksite.pk}):
        rows = steering.get(reverse(LIST), filters).context["rows"]
        assert [row.purchase.title for row in rows] == ["Camion"]
    answer = steering.get(reverse(LIST), {"kind": "zz"})
    assert "Nature : " in answer.content.decode()


def test_empty_list_says_what_to_do(steering):
    assert "Prévoir un achat" in steering.get(reverse(LIST)).content.decode()


def test_export_holds_the_rows_and_is_logged(steering, supervisor):
    make_share(make_purchase(title="Tondeuse"))
    make_purchase(title="Camion", kind=ExpenseKind.VEHICLE)
    answer = steering.get(reverse("funding:purchase-export", args=["xlsx"]), {"kind": "equipment"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=7)]
    assert rows[0] == [column.heading for column in COLUMNS]
    assert rows[1][:6] == ["Tondeuse", "matériel et outillage", 1000, 1, 500, 500]
    assert len(rows) == 2
    [entry] = LogEntry.objects.filter(additional_data__event="export")
    assert (entry.actor, entry.additional_data["filters"]) == (
        supervisor,
        "Nature : matériel et outillage",
    )


def test_export_of_nothing_goes_back_to_the_list(steering):
    answer = steering.get(reverse("funding:purchase-export", args=["csv"]))
    assert answer.status_code == HTTPStatus.FOUND
    assert steering.get(reverse("funding:purchase-export", args=["pdf"])).status_code == HTTPStatus.NOT_FOUND


# Forms


def test_purchase_is_planned_with_an_amount_as_people_write_it(steering):
    answer = steering.post(reverse("funding:purchase-create"), typed())
    purchase = Purchase.objects.get()
    assert (answer.status_code, purchase.price) == (HTTPStatus.FOUND, Decimal("12500.50"))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"price": "-5"}, "price"),
        ({"price": "0"}, None),
        ({"price": "1234567890123"}, "price"),
        ({"price": "douze"}, "price"),
        ({"pieces": "101"}, "pieces"),
        ({"pieces": "0"}, "pieces"),
        ({"delivery_days": "5000"}, "delivery_days"),
        ({"needed_on": "9999-12-31"}, "needed_on"),
        ({"title": ""}, "title"),
    ],
)
def test_bad_input_comes_back_filled_with_its_error(steering, fields, name):
    answer = steering.post(reverse("funding:purchase-create"), typed(**fields))
    form = answer.context["form"]
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [*form.errors] == [name or "__all__"]
    assert form["delivery_days"].value() == fields.get("delivery_days", "10")
    assert not Purchase.objects.exists()


def test_price_below_its_shares_is_refused_on_the_page(steering):
    purchase = make_share().purchase
    answer = steering.post(
        address("purchase-edit", purchase),
        typed(price="400", needed_on="2024-05-01", opened_version="1"),
    )
    assert "price" in answer.context["form"].errors
    assert Purchase.objects.get().price == 1000


def test_share_is_typed_and_refused_beyond_the_rest(steering):
    purchase, grant = make_purchase(), make_grant(awarded=Decimal(300))
    create = address("share-create", purchase)
    answer = steering.post(create, {"grant": grant.pk, "amount": "300,01"})
    assert "0,01" in str(answer.context["form"].errors["amount"])
    assert steering.post(create, {"grant": grant.pk, "amount": "300,00"}).status_code == HTTPStatus.FOUND
    share = PurchaseShare.objects.get()
    assert grant not in steering.get(create).context["form"].fields["grant"].queryset
    edit = address("share-edit", share)
    assert steering.post(edit, {"amount": "200", "opened_version": "1"}).status_code == HTTPStatus.FOUND
    steering.post(address("share-delete", share))
    assert not PurchaseShare.objects.exists()


# Who can pay


@pytest.mark.parametrize("count", [1, 3])
def test_detail_queries(steering, django_assert_num_queries, count):
    purchase = planned()
    for _number in range(count):
        grant = open_grant()
        make_instalment(grant)
        make_share(purchase, grant, Decimal(100))
    with django_assert_num_queries(15):
        page = steering.get(purchase.get_absolute_url()).context["page"]
    assert len(page.shares) == count


def test_combinations_come_best_first_and_the_excluded_say_why(steering, text_of):
    purchase = planned(delivery_days=10)
    open_grant(title="Exemple de commune", awarded=Decimal(600))
    open_grant(title="Exemple de fondation", max_share=Decimal(50))
    open_grant(title="Exemple de région", status=GrantStatus.ASKED, asked=Decimal(5000))
    open_grant(
        make_funder(name="Exemple de mécène"), title="Exemple de pépinière", pays_for=ExpenseKind.PLANTS
    )
    open_grant(title="Exemple sans montant", awarded=None)
    page = steering.get(purchase.get_absolute_url()).context["page"]
    assert [card.title for card in page.cards] == [
        "Exemple de fondation + Exemple de commune",
        "Exemple de région",
    ]
    words = text_of(purchase)
    assert "<strong>Exemple de pépinière</strong> (Exemple de mécène) : ne paie pas de matériel." in words
    assert ") : montant inconnu." in words
    assert "Exemple de région (1 000 €) : le prix reste couvert." in words


def test_nothing_covers_and_the_page_says_what_is_missing(text_of):
    purchase = planned()
    open_grant(awarded=Decimal(400))
    words = text_of(purchase)
    assert "Aucune combinaison ne couvre tout le prix." in words
    assert "Au mieux 400 € : il manque 600 €" in words


def test_another_day_that_would_do_is_proposed(text_of):
    purchase = planned(needed_on=add_days(today(), 400))
    open_grant(title="Exemple de commune")
    words = text_of(purchase)
    assert "Aucune subvention ne peut payer cet achat" in words
    assert "À un autre jour, tout serait couvert : Exemple de commune" in words


def test_best_combination_is_applied_as_shown(steering):
    purchase = planned()
    grants = [open_grant(awarded=Decimal(600)), open_grant(awarded=Decimal(700))]
    [card] = steering.get(purchase.get_absolute_url()).context["page"].cards
    answer = steering.post(address("purchase-apply", purchase), {"parts": card.posted})
    assert answer.status_code == HTTPStatus.FOUND
    assert sum(share.amount for share in purchase.shares.all()) == 1000
    assert {share.grant for share in purchase.shares.all()} == set(grants)
    assert steering.get(purchase.get_absolute_url()).context["page"].cards[0].is_current


@pytest.mark.parametrize("parts", ["", "zz", "1=5", "999999=1000.00", "1=-5.00", f"{'9' * 12}=5.00"])
def test_combination_that_the_page_did_not_show_is_refused(steering, parts):
    purchase = planned()
    open_grant()
    answer = steering.post(address("purchase-apply", purchase), {"parts": parts})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert 'role="alert"' in answer.content.decode()
    assert not PurchaseShare.objects.exists()


def test_advance_is_said_month_by_month(text_of):
    purchase = planned(needed_on=None, ordered_on=today(), invoiced_on=today())
    grant = open_grant()
    make_instalment(grant, expected=Decimal(1000), expected_on=add_days(today(), 90))
    make_share(purchase, grant, Decimal(900))
    words = text_of(purchase)
    assert "L’association avance jusqu’à <strong>900 €</strong>" in words
    assert "et paie elle-même <strong>100 €</strong>" in words


# Receiving


def received(**fields) -> dict:
    return {
        "received_on": f"{today()}",
        "label_1": "MAT-010",
        "name_1": "Tondeuse",
        "serial_number_1": "",
        "opened_version": "1",
    } | fields


def test_purchase_becomes_equipment_once(steering):
    worksite = make_worksite()
    make_equipment(worksite, label="MAT-009")
    purchase = make_purchase(worksite=worksite)
    receive = address("purchase-receive", purchase)
    assert steering.get(receive).context["form"].initial["label_1"] == "MAT-010"
    data = received(worksite_1=worksite.pk)
    assert steering.post(receive, data).status_code == HTTPStatus.FOUND
    assert steering.post(receive, data).status_code == HTTPStatus.FOUND
    thing = purchase.equipment.get()
    assert (thing.label, thing.value, Equipment.objects.count()) == ("MAT-010", 1000, 2)
    assert str(thing) in steering.get(purchase.get_absolute_url()).content.decode()
    assert purchase.get_absolute_url() in steering.get(thing.get_absolute_url()).content.decode()


def test_number_given_twice_is_refused_beside_its_piece(steering):
    worksite = make_worksite()
    purchase = make_purchase(pieces=2)
    data = received(
        worksite_1=worksite.pk,
        worksite_2=worksite.pk,
        label_2="mat-010",
        name_2="Tondeuse",
        serial_number_2="",
    )
    answer = steering.post(address("purchase-receive", purchase), data)
    assert [*answer.context["form"].errors] == ["label_2"]
    assert not Equipment.objects.exists()


def test_purchase_that_changed_meanwhile_is_told(steering):
    worksite = make_worksite()
    purchase = make_purchase()
    Purchase.objects.update(version=2, price=Decimal(1100))
    answer = steering.post(address("purchase-receive", purchase), received(worksite_1=worksite.pk))
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "1\u202f100" in answer.content.decode()


def test_what_does_not_last_is_not_received(steering):
    purchase = make_purchase(kind=ExpenseKind.PLANTS)
    assert steering.get(address("purchase-receive", purchase)).status_code == HTTPStatus.NOT_FOUND
