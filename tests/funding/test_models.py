"""What grants, purchases and budgets always hold."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from funding.enums import BudgetSide, ExpenseKind, GrantStatus
from funding.models import BudgetRow
from tests.funding.factories import (
    make_grant,
    make_instalment,
    make_line,
    make_purchase,
    make_share,
)

D = dt.date

pytestmark = pytest.mark.django_db


def test_the_rows_of_the_cerfa_are_there():
    rows = BudgetRow.objects.all()
    assert rows.count() == 52
    assert list(
        rows.filter(side=BudgetSide.EXPENSES, is_voluntary=True).values_list("account", flat=True)
    ) == [
        "860",
        "861",
        "862",
        "864",
    ]
    assert rows.get(feed="employment_aid").label == "Agence de services et de paiement (emplois aidés)"


def test_what_a_grant_may_buy():
    grant = make_grant(pays_for="vehicle equipment")
    assert grant.expense_kinds == {ExpenseKind.EQUIPMENT, ExpenseKind.VEHICLE}
    assert grant.expense_labels == ["matériel et outillage", "véhicule"]


@pytest.mark.parametrize(
    ("make", "fields"),
    [
        (make_grant, {"awarded": Decimal(-1)}),
        (make_grant, {"awarded": Decimal("1e12")}),
        (make_grant, {"eligible_start": D(2024, 2, 1), "eligible_end": D(2024, 1, 31)}),
        (make_grant, {"max_share": Decimal("100.01")}),
        (make_grant, {"max_share": Decimal(0)}),
        (make_grant, {"pays_for": "gold"}),
        (make_instalment, {"received": Decimal(5)}),
        (make_instalment, {"received_on": D(2024, 3, 1)}),
        (make_purchase, {"price": Decimal(0)}),
        (make_purchase, {"pieces": 101}),
        (make_purchase, {"ordered_on": D(2024, 3, 2), "received_on": D(2024, 3, 1)}),
        (make_share, {"amount": Decimal(0)}),
        (make_line, {"planned": Decimal(-1)}),
    ],
)
def test_what_is_refused(make, fields):
    with pytest.raises(ValidationError):
        make(**fields)


def test_a_grant_that_is_not_decided_has_no_awarded_amount():
    grant = make_grant(status=GrantStatus.ASKED)
    grant.awarded = Decimal(5)
    with pytest.raises(ValidationError, match="accordée"):
        grant.full_clean()
