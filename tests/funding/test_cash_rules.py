"""The cash curve on plain values."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.cash_enums import Scenario, Source
from funding.cash_page_reports import sentence
from funding.cash_rules import (
    CashCurve,
    CashLine,
    Movement,
    cash_months,
    month_for,
    part_left,
    twelfth,
)
from funding.certainty_rules import Certainty

MONTHS = cash_months(dt.date(2026, 11, 30))
amounts = st.decimals(-50_000, 50_000, places=2)
movements = st.builds(
    Movement,
    month=st.sampled_from(MONTHS),
    amount=amounts,
    source=st.sampled_from(Source),
    certainty=st.sampled_from(Certainty),
)
curves = st.builds(CashCurve, start=amounts, movements=st.lists(movements), months=st.just(MONTHS))


@given(curves)
def test_the_end_is_the_start_and_what_came_in_less_what_went_out(curve):
    rows, [certain, likely, most] = curve.rows, curve.lines
    out = sum(row.out for row in rows)
    ins = [sum(getattr(row, name) for row in rows) for name in ("certain", "likely", "asked")]
    assert certain.end == curve.start + ins[0] - out
    assert likely.end == certain.end + ins[1]
    assert most.end == likely.end + ins[2] == curve.start + sum(each.amount for each in curve.movements)
    assert all(row.out >= 0 for row in rows)


@given(curves)
def test_who_counts_on_more_never_has_less(curve):
    for row in curve.rows:
        assert row.balance_certain <= row.balance_likely <= row.balance_all


@given(curves, movements.filter(lambda each: not each.goes_out))
def test_one_more_instalment_never_lowers_a_line(curve, instalment):
    more = CashCurve(curve.start, [*curve.movements, instalment], curve.months)
    for before, after in zip(curve.lines, more.lines, strict=True):
        assert all(old <= new for (_m, old), (_n, new) in zip(before.ends, after.ends, strict=True))


@given(curves)
def test_lowest_and_first_below(curve):
    for line in curve.lines:
        balances = [balance for _month, balance in line.ends]
        assert line.lowest[1] == min(balances)
        assert (line.first_below is None) == (min(balances) >= 0)
        if line.first_below:
            place = MONTHS.index(line.first_below)
            assert balances[place] < 0
            assert all(balance >= 0 for balance in balances[:place])


@given(st.decimals(0, 10_000_000, places=2), st.integers(1990, 2100))
def test_twelve_parts_are_the_year(total, year):
    parts = [twelfth(total, dt.date(year, month, 1)) for month in range(1, 13)]
    assert sum(parts) == total
    assert max(parts) - min(parts) <= Decimal("0.01")


@given(st.dates(dt.date(2026, 9, 1), dt.date(2027, 12, 31)))
def test_part_left_is_a_part(day):
    parts = [part_left(month, day) for month in MONTHS]
    assert all(0 <= part <= 1 for part in parts)
    assert parts == sorted(parts)


def test_part_left_of_a_month():
    november = dt.date(2026, 11, 1)
    days = [None, dt.date(2026, 10, 31), november, dt.date(2026, 11, 30), dt.date(2026, 12, 5)]
    assert [part_left(november, day) for day in days] == [1, 1, Fraction(29, 30), 0, 0]


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_a_day_counts_in_its_month_or_in_the_first_when_it_is_past(day):
    month = month_for(day, MONTHS)
    if day < MONTHS[0]:
        assert month == MONTHS[0]
    elif day >= dt.date(2027, 11, 1):
        assert month is None
    else:
        assert (month.year, month.month, month.day) == (day.year, day.month, 1)


@pytest.mark.parametrize(
    ("start", "balances", "words"),
    [
        (500, [300, 400], "le solde reste au-dessus de zéro ; au plus bas fin novembre 2026 : 300 €."),
        (500, [0, 0], "le solde reste au-dessus de zéro ; au plus bas fin novembre 2026 : 0 €."),
        (
            500,
            [-1, "-1200.5"],
            "le solde passe sous zéro fin novembre 2026, et descend au plus bas fin décembre 2026 : −1\u202f201 €.",
        ),
        (
            -5,
            [-900, 4],
            "le solde est sous zéro fin novembre 2026, et c’est le plus bas : −900 €.",
        ),
    ],
)
def test_a_line_in_words(start, balances, words):
    ends = [(month, Decimal(balance)) for month, balance in zip(MONTHS, balances, strict=False)]
    said = sentence(CashLine(Scenario.ALL, Decimal(start), ends))
    assert said.text.replace("\u00a0", " ") == f"Si tout ce qui est demandé est accordé, {words}"
    assert (said.kind == "late") == ("sous zéro fin" in words)
