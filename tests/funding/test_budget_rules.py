"""Budgets on plain values: balance, gaps, and where each funder's grants stand."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.budget_rules import (
    FUNDER_ACCOUNTS,
    SIGNIFICANT_EUROS,
    SIGNIFICANT_SHARE,
    Figures,
    balance,
    difference,
    figures_of,
    is_significant,
    lies_within,
    overlaps,
    ratio,
    sum_of_figures,
)
from funding.enums import FunderKind
from funding.money_rules import Total, total_of

D = Decimal
amounts = st.decimals(min_value=0, max_value=D("9999999999.99"), places=2)
unknown_amounts = st.one_of(st.none(), amounts)
lists = st.lists(unknown_amounts, max_size=12)
pairs = st.lists(st.tuples(unknown_amounts, unknown_amounts), max_size=12)


@given(st.lists(pairs, max_size=4))
def test_figures_add_up(groups):
    everything = [pair for group in groups for pair in group]
    assert sum_of_figures(figures_of(group) for group in groups) == figures_of(everything)


@given(lists, lists)
def test_a_balance_is_antisymmetric(income, expenses):
    there, back = balance(total_of(income), total_of(expenses)), balance(total_of(expenses), total_of(income))
    assert (there is None) == (back is None) == (None in [*income, *expenses])
    if there is not None:
        assert there == -back


@given(st.lists(amounts, min_size=1, max_size=12), st.randoms())
def test_the_same_amounts_on_both_sides_balance(listed, random):
    shuffled = random.sample(listed, len(listed))
    assert balance(total_of(listed), total_of(shuffled)) == 0


@given(amounts, amounts)
def test_a_gap_brings_from_planned_to_done(planned, done):
    figures = figures_of([(planned, done)])
    assert planned + figures.gap == done
    if planned:
        assert figures.rate == 1 + figures.gap_ratio
        assert figures.rate * Fraction(planned) == Fraction(done)
    else:
        assert figures.rate is None
        assert figures.gap_ratio is None


@given(st.lists(amounts, min_size=1, max_size=8))
def test_shares_of_a_total_make_a_whole(listed):
    whole = total_of(listed).exact
    shares = [ratio(amount, whole) for amount in listed]
    assert shares == [None] * len(listed) if not whole else sum(shares) == 1


def test_a_gap_without_one_of_its_ends_is_unknown():
    assert figures_of([(D(5), None)]).gap is None
    assert figures_of([(None, D(5))]).gap is None
    assert Figures(planned=total_of([D(5)])).gap is None
    assert difference(Total(), Total()) is None


@pytest.mark.parametrize(
    ("planned", "done", "is_over", "needed"),
    [
        (4000, 4800, False, True),
        (4000, 3200, False, False),  # not yet spent
        (4000, 3200, True, True),
        (4000, 4399, True, False),
        (5000, 5499, True, False),
        (5000, 5500, True, True),
        (5001, 5501, True, False),
        (0, 499, True, False),
        (0, 500, True, True),
        (None, 9000, True, False),
    ],
)
def test_which_gaps_need_words(planned, done, is_over, needed):
    figures = figures_of([(None if planned is None else D(planned), D(done))])
    assert figures.needs_words(is_over=is_over) == needed


def test_the_threshold_is_a_tenth_and_five_hundred_euros():
    assert (Fraction(1, 10), 500) == (SIGNIFICANT_SHARE, SIGNIFICANT_EUROS)
    assert is_significant(D(-500), D(5000))


def test_each_kind_of_funder_has_its_row():
    assert set(FUNDER_ACCOUNTS) == set(FunderKind)
    assert len(set(FUNDER_ACCOUNTS.values())) == len(FunderKind)


@pytest.mark.parametrize(
    ("start", "end", "within", "touches"),
    [
        (dt.date(2024, 1, 1), dt.date(2024, 12, 31), True, True),
        (dt.date(2023, 12, 31), dt.date(2024, 12, 31), False, True),
        (dt.date(2024, 3, 1), None, False, True),
        (None, None, False, True),
        (dt.date(2025, 1, 1), None, False, False),
        (None, dt.date(2023, 12, 31), False, False),
    ],
)
def test_which_grants_are_of_a_year(start, end, within, touches):
    assert (lies_within(2024, start, end), overlaps(2024, start, end)) == (within, touches)
