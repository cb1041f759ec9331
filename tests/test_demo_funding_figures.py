"""The demonstration's figures of partners and funding, each recounted by hand in SQL."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection

from confluences import demo
from confluences.models import User
from funding.budget_reports import budget_sheet
from funding.cash_reports import cash_forecast
from funding.grant_reports import GrantTotals, grant_rows, with_money
from funding.models import Budget, Grant
from partners.network_reports import Period, network_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def loaded():
    with time_machine.travel(TODAY):
        demo.load(TODAY)
        yield


def row(sql: str, *values) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def money(value) -> Decimal:
    """SQLite sums amounts as floats: to the cent, as PostgreSQL does."""
    return Decimal(str(value or 0)).quantize(Decimal("0.01"))


def test_what_grants_bring():
    """Awarded, received and still due of the grants awarded or settled whose amount is known; the eight real ones are unknown."""
    awarded, unknown = row(
        """SELECT SUM(awarded), SUM(CASE WHEN awarded IS NULL THEN 1 ELSE 0 END) FROM funding_grant
           WHERE status IN ('awarded', 'settled')"""
    )
    (received,) = row(
        """SELECT SUM(i.received) FROM funding_instalment i JOIN funding_grant g ON g.id = i.grant_id
           WHERE g.status IN ('awarded', 'settled')"""
    )
    (asked,) = row("SELECT SUM(asked) FROM funding_grant WHERE status = 'asked'")
    totals = GrantTotals(grant_rows(with_money(Grant.objects.all()), TODAY))
    assert (totals.awarded.amount, totals.awarded.unknown) == (money(awarded), unknown)
    assert unknown == 8
    assert totals.received.amount == money(received)
    assert totals.due.amount == money(awarded) - money(received)
    assert totals.asked.amount == money(asked)


def test_the_year_is_planned_at_300_000_euros():
    sums = [
        money(
            row(
                """SELECT SUM(l.planned) FROM funding_budgetline l JOIN funding_budgetrow r ON r.id = l.row_id
                   JOIN funding_budget b ON b.id = l.budget_id
                   WHERE b.year = 2026 AND r.side = %s AND r.is_voluntary = %s""",
                side,
                False,
            )[0]
        )
        for side in ("expenses", "income")
    ]
    sheet = budget_sheet(Budget.objects.get(year=2026), TODAY)
    assert [sheet.expenses.figures.planned.amount, sheet.income.figures.planned.amount] == sums
    assert sums == [300_000, 300_000]


def test_cash_of_two_months():
    """Out in February 2027: a twelfth of the last budget's charges, those that are paid (not account 68), and the
    investments needed then; certain in May 2027: the instalments expected then of grants whose agreement is signed, or
    that need none.
    """
    (charges,) = row(
        """SELECT SUM(l.planned) FROM funding_budgetline l JOIN funding_budgetrow r ON r.id = l.row_id
           JOIN funding_budget b ON b.id = l.budget_id
           WHERE b.year = 2026 AND r.side = 'expenses' AND r.is_voluntary = %s AND r.account <> '68'""",
        False,
    )
    (purchases,) = row(
        """SELECT SUM(price) FROM funding_purchase
           WHERE paid_on IS NULL AND COALESCE(invoiced_on, needed_on) BETWEEN '2027-02-01' AND '2027-02-28'
             AND kind IN ('equipment', 'vehicle', 'works', 'computing')"""
    )
    (expected,) = row(
        """SELECT SUM(i.expected) FROM funding_instalment i JOIN funding_grant g ON g.id = i.grant_id
           WHERE i.received IS NULL AND i.expected_on BETWEEN '2027-05-01' AND '2027-05-31'
             AND g.status = 'awarded' AND (g.agreement_signed_on IS NOT NULL OR g.awarded <= 23000)"""
    )
    months = {month.first: month for month in cash_forecast(TODAY).curve.rows}
    assert purchases
    assert expected
    assert months[dt.date(2027, 2, 1)].out == money(charges) / 12 + money(purchases)
    assert months[dt.date(2027, 5, 1)].certain == money(expected)


def test_the_network_of_the_year():
    """Whoever may read every theme counts every referral of 2026 that was not cancelled."""
    sent, received, replied, lifted = row(
        """SELECT SUM(CASE WHEN direction = 'out' THEN 1 ELSE 0 END),
                  SUM(CASE WHEN direction = 'in' THEN 1 ELSE 0 END),
                  SUM(CASE WHEN direction = 'out' AND replied_on IS NOT NULL THEN 1 ELSE 0 END),
                  SUM(CASE WHEN direction = 'out' AND effect = 'lifted' THEN 1 ELSE 0 END)
           FROM partners_referral
           WHERE status <> 'cancelled' AND "on" BETWEEN '2026-01-01' AND '2026-12-31'"""
    )
    reader = User.objects.get(email="social@exemple.fr")
    whole = network_of(reader, Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), TODAY).whole.figures
    assert (whole.sent, whole.received, whole.replied, whole.lifted) == (sent, received, replied, lifted)
    assert (sent, received, replied, lifted) == (8, 2, 5, 1)
