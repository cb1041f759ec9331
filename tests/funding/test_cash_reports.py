"""The cash curve as the tables tell it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from funding.cash_enums import Aside, Source
from funding.cash_page_reports import assumptions, warnings
from funding.cash_reports import cash_forecast
from funding.certainty_rules import Certainty
from funding.enums import FunderKind, GrantStatus
from tests.funding.cash import TODAY, make_aid, make_balance, make_plan
from tests.funding.factories import (
    make_budget,
    make_funder,
    make_grant,
    make_instalment,
    make_line,
    make_purchase,
)

pytestmark = pytest.mark.django_db
D = dt.date


def money(source: Source, today: dt.date = TODAY) -> list[tuple]:
    """Month, whole euros and certainty of what comes from there."""
    return [
        (f"{each.month:%Y-%m}", float(each.amount), each.certainty.value)
        for each in cash_forecast(today).curve.movements
        if each.source == source
    ]


def left_out(today: dt.date = TODAY) -> list[tuple]:
    return [(each.amount, each.reason) for each in cash_forecast(today).left_out]


def ends(today: dt.date = TODAY) -> list[list[Decimal]]:
    """Each line's balance after the first and the last month."""
    return [[line.ends[0][1], line.end] for line in cash_forecast(today).curve.lines]


def test_nothing_typed():
    forecast = cash_forecast(TODAY)
    assert (forecast.is_empty, forecast.balance, ends()) == (True, None, [[0, 0]] * 3)
    assert len(list(warnings(forecast))) == 2


def test_the_latest_balance_that_is_known_today_is_the_start():
    make_balance(D(2026, 9, 30), 5)
    make_balance(D(2026, 11, 20), "-1234.56")
    make_balance(D(2026, 12, 1), 99)
    forecast = cash_forecast(TODAY)
    assert forecast.curve.start == Decimal("-1234.56")
    assert forecast.curve.months[0] == D(2026, 11, 1)


@pytest.mark.parametrize(("day", "told"), [(D(2026, 10, 31), False), (D(2026, 10, 30), True)])
def test_an_old_balance_is_told(day, told):
    make_plan()
    make_balance(day)
    assert any("plus récent" in words for words in warnings(cash_forecast(TODAY))) == told


# Instalments


def test_how_sure_each_instalment_is():
    coming = {"expected": 100, "expected_on": D(2027, 1, 15)}
    make_instalment(make_grant(awarded=23000), **coming)
    make_instalment(make_grant(awarded=23001), **coming)
    make_instalment(make_grant(awarded=23001, agreement_signed_on=D(2026, 5, 1)), **coming)
    make_instalment(make_grant(awarded=None), **coming)
    make_instalment(make_grant(status=GrantStatus.ASKED), **coming)
    make_instalment(make_grant(status=GrantStatus.TO_ASK), **coming)
    make_instalment(make_grant(status=GrantStatus.REFUSED), **coming)
    make_instalment(make_grant(status=GrantStatus.SETTLED), **coming)
    assert [level for _month, _amount, level in money(Source.INSTALMENT)] == [
        "certain",
        "likely",
        "certain",
        "likely",
        "asked",
        "to_ask",
    ]
    assert left_out() == [(100, Aside.SETTLED)]
    assert [end for _first, end in ends()] == [200, 400, 600]


def test_what_has_no_place_stands_apart():
    make_instalment(expected_on=None)
    make_instalment(expected=None)
    make_instalment(expected=0)
    make_instalment(expected_on=D(2027, 11, 1))
    make_purchase(needed_on=None)
    assert money(Source.INSTALMENT) == []
    assert left_out() == [
        (5000, Aside.NO_DAY),
        (None, Aside.NO_AMOUNT),
        (5000, Aside.LATER),
        (-1000, Aside.NO_DAY),
    ]


def test_what_is_late_counts_now_and_says_so():
    make_instalment(expected_on=D(2026, 3, 1))
    make_instalment(expected_on=TODAY)
    make_purchase(needed_on=D(2026, 8, 1))
    found = cash_forecast(TODAY).dated
    assert [(each.month, each.amount, each.is_late) for each in found] == [
        (D(2026, 11, 1), 5000, True),
        (D(2026, 11, 1), -1000, True),
        (D(2026, 11, 1), 5000, False),
    ]


def test_what_moved_since_the_balance_counts_once():
    make_balance(D(2026, 11, 20))
    for day in (D(2026, 11, 20), D(2026, 11, 21)):
        make_instalment(received=4000, received_on=day)
        make_purchase(paid_on=day)
    found = cash_forecast(TODAY).dated
    assert [(each.day, each.amount, each.is_done, each.is_late) for each in found] == [
        (D(2026, 11, 21), 4000, True, False),
        (D(2026, 11, 21), -1000, True, False),
    ]
    assert ends() == [[4000, 4000]] * 3


def test_without_a_balance_what_was_received_is_past():
    make_instalment(received=4000, received_on=D(2026, 11, 21))
    assert money(Source.INSTALMENT) == []


def test_the_invoice_is_the_day_of_a_purchase():
    make_purchase(needed_on=D(2027, 2, 1), invoiced_on=D(2027, 3, 5))
    assert money(Source.PURCHASE) == [("2027-03", -1000, "certain")]


def test_what_the_charges_of_a_budget_hold_is_not_paid_twice():
    for kind in ("equipment", "training", "staff"):
        make_purchase(kind=kind, needed_on=D(2027, 2, 1))
    assert money(Source.PURCHASE) == [("2027-02", -1000, "certain")] * 3
    make_plan()
    assert money(Source.PURCHASE) == [("2027-02", -1000, "certain")]
    assert left_out() == [(-1000, Aside.IN_CHARGES)] * 2


# The State's aid


def test_aid_is_certain_in_the_annex_and_likely_after_it():
    make_aid()
    assert money(Source.AID) == [
        ("2026-11", 2000, "certain"),
        ("2026-12", 2000, "certain"),
        *((f"2027-{month:02d}", 2000, "likely") for month in range(1, 11)),
    ]


def test_two_annexes_of_a_month_add_up_and_an_old_one_is_forgotten():
    make_aid(start=D(2026, 6, 1), end=D(2026, 12, 31))
    make_aid(start=D(2026, 12, 1), end=D(2027, 11, 30), aid_per_etp=Decimal("6000.06"))
    make_aid(start=D(2025, 1, 1), end=D(2025, 10, 31))
    assert money(Source.AID)[:3] == [
        ("2026-11", 2000, "certain"),
        ("2026-12", 3000.01, "certain"),
        ("2027-01", 1000.01, "certain"),
    ]
    assert money(Source.AID, D(2028, 12, 31)) == []


def test_an_annex_to_come_says_nothing_of_the_months_before_it():
    make_aid(start=D(2027, 1, 1), end=D(2027, 12, 31))
    assert money(Source.AID)[0] == ("2027-01", 2000, "certain")


def test_an_unknown_aid_is_told():
    make_aid(agreed_etp=None)
    assert money(Source.AID) == []
    assert left_out() == [(None, Aside.NO_AMOUNT)]


def test_an_unknown_aid_that_goes_on_is_told_too():
    make_aid(end=D(2026, 8, 31), agreed_etp=None)
    assert money(Source.AID) == []
    assert left_out() == [(None, Aside.NO_AMOUNT)]


def test_the_agencys_instalments_do_not_count_twice():
    grant = make_grant(make_funder(kind=FunderKind.PAYING_AGENCY))
    make_instalment(grant, expected_on=D(2026, 12, 15))
    assert money(Source.INSTALMENT) == [("2026-12", 5000, "certain")]
    make_aid()
    assert money(Source.INSTALMENT) == []
    assert left_out() == [(5000, Aside.IN_AID)]


# Budgets


def test_a_twelfth_of_the_budget_of_the_year_each_month():
    make_plan(2026)
    make_plan(2027, title="2027").lines.filter(row__account="641").update(planned=2400)
    assert [money(Source.CHARGES)[place] for place in (0, 1, 2)] == [
        ("2026-11", -1000, "certain"),
        ("2026-12", -1000, "certain"),
        ("2027-01", -200, "certain"),
    ]
    assert money(Source.INCOME)[0] == ("2026-11", 100, "likely")


def test_a_year_without_budget_borrows_the_last_one_and_says_so():
    make_plan(2026)
    make_budget(year=2027)  # where nothing is planned yet
    make_line(make_budget(year=2027, grant=make_grant(), title="Action"), "641", planned=99)
    forecast = cash_forecast(TODAY)
    assert {year: budget.year for year, budget in forecast.budgets.items()} == {2026: 2026, 2027: 2026}
    assert len(money(Source.CHARGES)) == 12
    words = dict(assumptions(forecast))["Charges"]
    assert words.endswith(
        "Budget de l’association 2026 ; Budget de l’association 2026 pour 2027. "
        "Les mois de 2027 n’ont pas encore le leur."
    )


def test_the_budget_adopted_last_is_the_years():
    make_plan(2026, adopted_on=D(2026, 5, 1), title="Rectifié").lines.filter(row__account="641").update(
        planned=24000
    )
    make_plan(2026, adopted_on=D(2025, 12, 1))
    make_plan(2026, title="Essai")
    assert money(Source.CHARGES)[0] == ("2026-11", -2000, "certain")


def test_the_month_of_the_balance_counts_for_the_days_left():
    make_aid()
    make_plan()
    make_balance(D(2026, 11, 20))
    assert money(Source.CHARGES)[:2] == [
        ("2026-11", -333.33, "certain"),
        ("2026-12", -1000, "certain"),
    ]
    assert money(Source.INCOME)[0] == ("2026-11", 33.33, "likely")
    assert money(Source.AID)[0] == ("2026-11", 666.67, "certain")


# The whole


def test_all_together_recounted_in_sql():
    make_balance()
    make_aid()
    make_plan()
    make_instalment(expected=700, expected_on=D(2026, 12, 31))
    make_instalment(make_grant(status=GrantStatus.ASKED), expected=300, expected_on=D(2027, 5, 1))
    make_purchase(price=Decimal("250.50"), needed_on=D(2027, 2, 1))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT amount FROM funding_cashbalance) - (SELECT price FROM funding_purchase),"
            " (SELECT SUM(planned) FROM funding_budgetline JOIN funding_budgetrow r ON r.id = row_id"
            "  WHERE r.account = '641'), (SELECT agreed_etp * aid_per_etp / 12 FROM worksites_financialannex)"
        )
        start, charges, aid = (Decimal(str(value)) for value in cursor.fetchone())
    certain = start - charges + 2 * aid + 700
    assert [end for _first, end in ends()] == [
        certain,
        certain + 10 * aid + 1200,
        certain + 10 * aid + 1200 + 300,
    ]
    assert ends()[0][0] == 1000 + 2000 - 1000


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(django_assert_num_queries, rows):
    make_balance()
    for number in range(rows):
        make_aid()
        make_plan(2026 + number)
        make_instalment(expected_on=D(2026, 12, 1))
        make_purchase(needed_on=D(2026, 12, 1))
    with django_assert_num_queries(6):
        forecast = cash_forecast(TODAY)
        assert len(forecast.dated) == 2 * rows
    assert {each.certainty for each in forecast.dated} == {Certainty.CERTAIN}
