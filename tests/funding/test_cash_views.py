"""The cash curve on the screen and as a file, and the balances typed from the bank."""

import csv
import io
from decimal import Decimal
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from confluences.dates import add_months
from confluences.enums import Role
from confluences.imports import Fault, import_file
from funding.cash_resources import BalanceResource
from funding.models import CashBalance
from tests.confluences.test_admin import page
from tests.confluences.test_imports import faults_of
from tests.conftest import signed_in_client
from tests.funding.cash import make_balance, make_plan
from tests.funding.factories import make_instalment, make_purchase
from tests.worksites.factories import make_annex

pytestmark = pytest.mark.django_db

CASH = reverse("funding:cash")
CREATE = reverse("funding:balance-create")


@pytest.fixture
def client(clients):
    return clients[Role.SUPERVISOR]


def today():
    return timezone.localdate()


def in_months(count: int):
    return add_months(today().replace(day=1), count)


def export(file_format: str) -> str:
    return reverse("funding:cash-export", args=[file_format])


def text_of(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.INSTRUCTOR])
def test_cash_is_not_everybodys_business(clients, role):
    balance = make_balance(today())
    addresses = [CASH, CREATE, export("csv"), reverse("funding:balance-edit", args=[balance.pk])]
    assert [clients[role].get(each).status_code for each in addresses] == [HTTPStatus.NOT_FOUND] * 4
    assert clients[role].get(reverse("home")).context["cash"] is None


def test_balance_of_another_number_and_unknown_format(client):
    assert client.get(reverse("funding:balance-edit", args=[999])).status_code == HTTPStatus.NOT_FOUND
    assert client.get(export("pdf")).status_code == HTTPStatus.NOT_FOUND


def test_nothing_typed_says_what_to_type(client):
    shown = text_of(client.get(CASH))
    assert "Saisissez le solde du dernier relevé bancaire." in shown
    assert "Saisissez le budget de l’année." in shown
    assert "Rien à dessiner pour l’instant" in shown
    response = client.get(export("xlsx"))
    assert [str(each) for each in get_messages(response.wsgi_request)] == [
        "Rien à exporter : saisissez d’abord le solde de la banque."
    ]
    assert "Aucun solde saisi" in text_of(client.get(reverse("home")))


def test_the_page_tells_the_curve_in_words_and_figures(client):
    make_balance(in_months(0), 1000)
    make_instalment(expected=500, expected_on=in_months(2))
    make_purchase(price=Decimal("1800.50"), needed_on=in_months(1))
    response = client.get(CASH)
    below, *_others = response.context["sentences"]
    assert (below.is_below, "−801 €" in below.text.replace("\u00a0", " ")) == (True, True)
    balances = [row.balance_certain for row in response.context["forecast"].curve.rows]
    assert balances[:4] == [1000, Decimal("-800.50"), Decimal("-300.50"), Decimal("-300.50")]
    shown = text_of(response)
    assert '<td class="n cash-below" data-label="Solde, certain seulement">−801</td>' in shown
    assert "−1 800,50 €" in shown


def test_the_home_page_tells_it_too(client):
    make_balance(in_months(0), -5)
    tile = client.get(reverse("home")).context["cash"]
    assert [each.kind for each in tile.sentences] == ["late", "late"]
    assert "Solde de trésorerie en fin de mois" in tile.curve


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(client, django_assert_num_queries, rows):
    for number in range(rows):
        make_balance(add_months(today(), -number))
        make_annex(start=in_months(0), end=in_months(11), agreed_etp=2, aid_per_etp=12000)
        make_plan(today().year + number)
        make_instalment(expected_on=in_months(1))
        make_purchase(needed_on=in_months(1))
    client.get(CASH)
    with django_assert_num_queries(13):
        response = client.get(CASH)
    assert len(response.context["forecast"].dated) == 2 * rows


# Files


def test_csv(client, supervisor):
    make_balance(in_months(0), "1000.25")
    make_instalment(expected=500, expected_on=in_months(1))
    lines = list(
        csv.reader(io.StringIO(client.get(export("csv")).content.decode("utf-8-sig")), delimiter=";")
    )
    assert lines[0] == ["Tableau", "Trésorerie sur douze mois"]
    assert lines[6][0:2] == ["Mois", "Entrées certaines (€)"]
    assert lines[8] == [f"{in_months(1):%d/%m/%Y}", "500", "0", "0", "0", "1500,25", "1500,25", "1500,25"]
    logged = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).get()
    assert (logged.actor, logged.additional_data["rows"]) == (supervisor, 12)


def test_xlsx_has_the_movements_behind(client):
    make_balance(in_months(0))
    make_instalment(expected=500, expected_on=add_months(today(), -1))
    book = load_workbook(io.BytesIO(client.get(export("xlsx")).content))
    assert book.sheetnames == ["Données", "Mouvements"]
    heading, movement = book["Mouvements"].iter_rows(values_only=True)
    assert heading[-1] == "Remarque"
    assert (movement[2], movement[4:]) == ("versement de subvention", ("certaine", 500, "en retard"))


# Balances


def test_typing_a_balance(client, supervisor):
    response = client.post(CREATE, {"day": today().isoformat(), "amount": "-12 500,50"})
    assert response.url == CASH
    balance = CashBalance.objects.get()
    assert (balance.amount, balance.created_by) == (Decimal("-12500.50"), supervisor)
    edit = reverse("funding:balance-edit", args=[balance.pk])
    client.post(edit, {"day": today().isoformat(), "amount": "3", "opened_version": 1})
    assert CashBalance.objects.get().amount == 3
    assert client.post(edit, {"day": "", "amount": "4", "opened_version": 1}).status_code == 422
    late = client.post(edit, {"day": today().isoformat(), "amount": "4", "opened_version": 1})
    assert (late.status_code, CashBalance.objects.get().amount) == (409, 3)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"amount": "beaucoup"}, "amount", "Ce n’est pas un montant."),
        ({"amount": ""}, "amount", "Ce champ est obligatoire."),
        ({"amount": "1234567890123"}, "amount", "Ce montant est trop grand"),
        ({"amount": "1,005"}, "amount", "deux décimales"),
        ({"day": "2999-01-01"}, "day", "pas encore passée"),
        ({"day": "31/02/2024"}, "day", "date"),
    ],
)
def test_what_is_refused(client, fields, field, words):
    response = client.post(CREATE, {"day": today().isoformat(), "amount": "5"} | fields)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert words in form.errors[field][0].replace("\u00a0", " ")
    assert form[field].value() == fields[field]


def test_one_balance_a_day(client):
    make_balance(today())
    response = client.post(CREATE, {"day": today().isoformat(), "amount": "5"})
    assert response.context["form"].errors == {"day": ["Le solde de ce jour est déjà saisi."]}


# The admin


@pytest.mark.parametrize("count", [1, 3])
def test_admin_list_queries(administrator, django_assert_num_queries, count):
    for number in range(count):
        make_balance(add_months(today(), -number))
    client = signed_in_client(administrator)
    with django_assert_num_queries(10):
        client.get(page("funding_cashbalance_changelist"))


def test_export_imports_again(administrator):
    make_balance(amount="-1200.5")
    address = page("funding_cashbalance_export")
    for file_format in ("csv", "xlsx"):
        content = signed_in_client(administrator).post(address, {"format": file_format}).content
        assert import_file(BalanceResource, content, by=None) == 0
        CashBalance.objects.all().delete()
        assert import_file(BalanceResource, content, by=None) == 1
        assert CashBalance.objects.get().amount == Decimal("-1200.50")


def test_import_faults():
    text = "Jour;Solde (€)\n31/02/2024;5\n01/03/2024;cher\n02/03/2024;\n03/03/2024;5\n03/03/2024;6\n"
    assert {(fault.row, fault.column) for fault in faults_of(text, BalanceResource)} == {
        (2, "Jour"),
        (3, "Solde (€)"),
        (4, "Solde (€)"),
        (6, ""),
    }
    assert Fault(3, "Solde (€)", "« cher » n’est pas un montant. Écrivez par exemple 349,90.") in faults_of(
        text, BalanceResource
    )
