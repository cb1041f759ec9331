"""The State's ETP and aid formulas on plain values."""

import datetime as dt
import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksites import etp_rules
from worksites.etp_enums import MonthState
from worksites.etp_rules import (
    AnnexFigures,
    Balance,
    MonthFigures,
    Terms,
    annex_months,
    month_state,
    terms_fault,
    unit_aid,
    whole_hours,
)

D = dt.date
SOCLE = Decimal(23921)
ACI = Terms(Decimal("10.5"), 1820)


def figures(
    hours: list[int | None], terms: Terms = ACI, unit: Decimal | None = SOCLE, regularised=(5, 8, 11)
) -> AnnexFigures:
    """An annex from January on; None is a month to come."""
    months = [
        MonthFigures(
            first=D(2026, place, 1),
            hours=each or 0,
            unit=unit,
            state=_state(each),
            regularised=place in regularised,
            terms=terms,
        )
        for place, each in enumerate(hours, start=1)
    ]
    return AnnexFigures(terms, months)


def _state(hours: int | None) -> MonthState:
    if hours is None:
        return MonthState.COMING
    return MonthState.ENTERED if hours else MonthState.EMPTY


def test_examples_of_the_docstrings():
    assert doctest.testmod(etp_rules).failed == 0


def test_the_worked_example():
    """Four months at 1,365 h, then 1,456 h: 9 ETP, then 9.6; the rate is their mean over 10.5."""
    year = figures([1365, 1365, 1365, 1365, 1456] + [None] * 7)
    assert year.hours == 6916
    assert year.etp_annual == Decimal("3.8")  # 6916 / 1820
    assert year.mean_etp == Decimal("9.12")  # 3.8 × 12 / 5
    assert round(year.rate, 6) == Decimal("0.868571")  # 9.12 / 10.5
    assert year.agreed_annual == Decimal("10.5")
    assert year.agreed_hours == Decimal(19110)
    assert year.due == Decimal("104654.375")  # 10.5 × 23921 / 12 × 5
    assert year.total_due == Decimal("251170.5")
    assert year.used == Decimal("90899.8")  # 3.8 × 23921
    landing = year.landing
    assert (landing.hours, landing.etp) == (Decimal("16598.4"), Decimal("9.12"))
    assert (landing.hours_gap, landing.etp_gap) == (Decimal("-2511.6"), Decimal("-1.38"))
    assert landing.aid_gap == Decimal("-33010.98")  # 9.12 × 23921 − 251170.5
    [(may, balance)] = year.balances()
    assert may.first == D(2026, 5, 1)
    assert balance == Balance(Decimal("104654.375"), Decimal("90899.8"))
    assert (balance.gap, balance.shortfall) == (Decimal("-13754.575"), Decimal("13754.575"))


def test_an_ei_counts_with_its_own_hours():
    ei = figures([1505, 1505], Terms(Decimal(12), 1505), Decimal(11000))
    assert (ei.etp_annual, ei.mean_etp, ei.rate) == (Decimal(2), Decimal(12), Decimal(1))
    assert ei.agreed_annual == Decimal(2)
    assert (ei.due, ei.used) == (Decimal(22000), Decimal(22000))
    assert ei.landing.aid_gap == 0


def test_nothing_entered_yet():
    year = figures([None] * 12)
    assert (year.hours, year.mean_etp, year.rate, year.landing) == (0, None, None, None)
    assert (year.due, year.used, year.balances()) == (0, 0, [])


def test_without_agreed_etp_the_hours_still_count():
    year = figures([1820, 0], Terms(None, 1820))
    assert (year.etp_annual, year.mean_etp, year.used) == (Decimal(1), Decimal(12), SOCLE)
    assert (year.agreed_annual, year.agreed_hours, year.rate, year.due) == (None, None, None, None)
    assert (year.landing.etp, year.landing.etp_gap, year.landing.hours_gap) == (Decimal(2), None, None)
    assert year.landing.aid_gap is None


def test_an_agreement_of_nothing_has_no_rate():
    assert figures([1820], Terms(Decimal(0), 1820)).rate is None


def test_an_unknown_amount_is_never_a_zero():
    year = figures([1820, 1820], unit=None)
    assert (year.used, year.due, year.total_due, year.landing.aid_gap) == (None, None, None, None)
    assert year.without_unit == list(year.months)
    assert year.balance(year.months[0]).gap is None
    assert year.balance(year.months[0]).shortfall is None


def test_a_month_nobody_entered_is_extrapolated_and_not_averaged():
    year = figures([1820, 0, 1820, None])
    assert [month.first.month for month in year.empty] == [2]
    assert (year.mean_etp, year.landing.hours) == (Decimal(12), Decimal(7280))


def test_regularisations_follow_the_annex():
    hours = [1000] * 12
    marked = [month.first.month for month, _balance in figures(hours, regularised=(5, 10)).balances()]
    assert marked == [5, 10, 12]
    assert [month.first.month for month, _balance in figures(hours, regularised=()).balances()] == [12]


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (D(2026, 1, 1), D(2026, 12, 31), 12),
        (D(2026, 5, 1), D(2026, 12, 31), 8),
        (D(2026, 3, 16), D(2026, 12, 31), 10),  # a month begun counts whole
        (D(2025, 11, 30), D(2026, 1, 1), 3),
        (D(2026, 3, 16), D(2026, 3, 17), 1),
        (D(9999, 11, 1), D(9999, 12, 31), 2),
    ],
)
def test_months_of_an_annex(start, end, months):
    assert len(annex_months(start, end)) == months


@pytest.mark.parametrize(
    ("own", "day", "amount"),
    [
        (Decimal(20000), D(2024, 6, 1), "20000"),
        (Decimal(0), D(2024, 6, 1), "0"),
        (None, D(2024, 1, 1), "23458"),
        (None, D(2024, 10, 1), "23458"),
        (None, D(2024, 11, 1), "23921"),
        (None, D(2030, 1, 1), "23921"),
    ],
)
def test_amount_of_a_month(own, day, amount):
    rates = {D(2024, 11, 1): SOCLE, D(2024, 1, 1): Decimal(23458)}
    assert unit_aid(own, rates, day) == Decimal(amount)
    assert unit_aid(None, rates, D(2023, 12, 1)) is None
    assert unit_aid(None, {}, day) is None


@pytest.mark.parametrize(
    ("hours", "closed", "today", "state"),
    [
        (5, False, D(2026, 4, 30), MonthState.COMING),
        (5, False, D(2026, 5, 1), MonthState.RUNNING),
        (5, False, D(2026, 5, 31), MonthState.RUNNING),
        (5, False, D(2026, 6, 1), MonthState.ENTERED),
        (1, False, D(2026, 6, 1), MonthState.ENTERED),
        (0, False, D(2026, 6, 1), MonthState.EMPTY),
        (0, True, D(2026, 6, 1), MonthState.ENTERED),
        (5, True, D(2026, 5, 31), MonthState.ENTERED),
    ],
)
def test_state_of_a_month(hours, closed, today, state):
    assert month_state(D(2026, 5, 1), D(2026, 5, 31), hours=hours, closed=closed, today=today) == state


def test_terms_that_count_nothing():
    assert terms_fault(D(2026, 1, 1), D(2028, 12, 31), 1820) == ""
    assert terms_fault(D(2026, 1, 1), D(2029, 1, 1), 1820).startswith("L’annexe dure plus de trois ans")
    assert terms_fault(D(1, 1, 1), D(9999, 12, 31), 1820).startswith("L’annexe dure plus de trois ans")
    assert terms_fault(D(2026, 1, 1), D(2026, 12, 31), 0).startswith("L’annexe donne 0 heure")


# What holds of every annex

HOURS = st.lists(st.one_of(st.none(), st.integers(0, 5000)), min_size=1, max_size=12)
TERMS = st.builds(
    Terms,
    st.one_of(st.none(), st.decimals("0.01", "99999.99", places=2)),
    st.sampled_from([1505, 1600, 1607, 1820]),
)
UNIT = st.one_of(st.none(), st.decimals("0", "99999.99", places=2))
CENT = Decimal("0.01")


@given(minutes=st.integers(0, 31 * 1440))
def test_rounding_is_to_the_nearest_hour(minutes):
    assert -30 < whole_hours(minutes) * 60 - minutes <= 30


@given(hours=HOURS, terms=TERMS, unit=UNIT)
def test_what_is_known_adds_up(hours, terms, unit):
    year = figures(hours, terms, unit)
    assert year.hours == sum(each or 0 for each in hours)
    assert abs(sum(month.etp_annual for month in year.months) - year.etp_annual) < CENT
    last = year.balance(year.months[-1])
    assert last.due == year.total_due
    if unit is not None:
        assert last.used == year.used  # a month that is not entered has no hours
    assert (year.landing is None) == (year.rate is None) or not terms.agreed_etp
    if year.landing:
        # The pace of a whole year: the landing over the agreement is the State's rate.
        if year.rate is not None:
            assert abs(year.landing.etp / year.agreed_annual - year.rate) < CENT
        known = terms.agreed_etp is not None and unit is not None
        assert (year.landing.aid_gap is not None) == known


@given(hours=st.lists(st.integers(1, 5000), min_size=1, max_size=12), terms=TERMS)
def test_a_finished_annex_lands_where_it_stands(hours, terms):
    year = figures(hours, terms)
    assert year.landing.hours == year.hours
    assert abs(year.landing.etp - year.etp_annual) < CENT
    gap = year.balance(year.months[-1]).gap
    assert gap is None or abs(year.landing.aid_gap - gap) < CENT
