"""How sessions are planned and shared between modules."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluences.working_days import public_holiday
from trainings.session_rules import (
    MAX_SESSIONS,
    HalfDay,
    NoSeries,
    PlannedSession,
    UnclearShares,
    plan_series,
    share_out,
    week_of,
)

MONDAY = dt.date(2026, 5, 11)
MORNING = (dt.time(9), dt.time(12, 30))
AFTERNOON = (dt.time(13, 30), dt.time(17))


def mornings(*weekdays: int) -> list[HalfDay]:
    return [HalfDay(weekday, *MORNING) for weekday in weekdays]


# Shares


@pytest.mark.parametrize(
    ("chosen", "shares"),
    [
        ({"a": None}, {"a": 210}),
        ({"a": 210}, {"a": 210}),
        ({"a": 60, "b": 150}, {"a": 60, "b": 150}),
        ({"a": None, "b": 150}, {"a": 60, "b": 150}),
    ],
)
def test_shares_make_the_session(chosen, shares):
    assert share_out(210, chosen) == shares


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({}, "Choisissez au moins un module"),
        ({"a": None, "b": None}, "Écrivez la durée de chaque module choisi"),
        ({"a": 210, "b": None}, "il ne reste rien pour le module sans durée"),
        ({"a": 200}, r"la séance dure 3.h.30 : il manque 10.min"),
        ({"a": 200, "b": 20}, r"la séance dure 3.h.30 : 10.min de trop"),
    ],
)
def test_shares_that_do_not_make_the_session(chosen, message):
    with pytest.raises(UnclearShares, match=message):
        share_out(210, chosen)


# Series


def test_a_series_goes_past_a_holiday_and_a_closed_week():
    """Ascension is Thursday 14 May 2026, Whit Monday the 25th; the week of 1 June is closed."""
    planned = plan_series(MONDAY, mornings(1, 4), {"a": 210 * 5}, closed_weeks={week_of(dt.date(2026, 6, 3))})
    assert [f"{each.day:%d/%m}" for each in planned] == ["11/05", "18/05", "21/05", "28/05", "08/06"]


def test_a_session_may_finish_a_module_and_begin_the_next():
    planned = plan_series(MONDAY, mornings(2), {"a": 300, "b": 60})
    assert planned == [
        PlannedSession(dt.date(2026, 5, 12), dt.time(9), dt.time(12, 30), (("a", 210),)),
        PlannedSession(dt.date(2026, 5, 19), dt.time(9), dt.time(11, 30), (("a", 90), ("b", 60))),
    ]


def test_a_morning_and_an_afternoon_follow_each_other():
    half_days = [HalfDay(1, *AFTERNOON), HalfDay(1, *MORNING)]
    planned = plan_series(MONDAY, half_days, {"a": 420})
    assert [(each.day, each.start) for each in planned] == [(MONDAY, dt.time(9)), (MONDAY, dt.time(13, 30))]


def test_a_series_stops_at_the_number_asked_for():
    assert len(plan_series(MONDAY, mornings(1, 2), {"a": 210 * 9}, at_most=4)) == 4


@pytest.mark.parametrize(
    ("half_days", "left", "message"),
    [
        ([], {"a": 60}, "au moins une demi-journée"),
        (mornings(1), {"a": 0}, "déjà prévues"),
        ([HalfDay(1, dt.time(12), dt.time(9))], {"a": 60}, "finit avant de commencer"),
        ([HalfDay(1, *MORNING), HalfDay(1, dt.time(12), dt.time(15))], {"a": 60}, "se chevauchent"),
        (
            mornings(1, 2, 3, 4, 5),
            {"a": 210 * (MAX_SESSIONS + 1)},
            r"Au bout de 150 séances, il reste 3.h.30",
        ),
        (mornings(1), {"a": 210 * 140}, "limitez le nombre de séances"),
    ],
)
def test_a_series_that_cannot_be_planned(half_days, left, message):
    with pytest.raises(NoSeries, match=message):
        plan_series(MONDAY, half_days, left)


def test_a_series_that_ends_with_the_calendar():
    with pytest.raises(NoSeries):
        plan_series(dt.date.max, mornings(1), {"a": 60})


half_days = st.lists(
    st.builds(
        lambda weekday, times, length: HalfDay(
            weekday, times, (dt.datetime.combine(MONDAY, times) + dt.timedelta(minutes=length)).time()
        ),
        st.integers(1, 6),
        st.sampled_from([dt.time(8), dt.time(13, 30)]),
        st.integers(30, 300),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda each: (each.weekday, each.start),
)


@given(
    st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31)),
    half_days,
    st.dictionaries(st.integers(1, 9), st.integers(0, 600), min_size=1),
    st.sets(st.integers(0, 20)),
)
def test_a_series_covers_exactly_what_was_left(first, half_days, left, closed):
    closed_weeks = {week_of(first + dt.timedelta(weeks=number)) for number in closed}
    try:
        planned = plan_series(first, half_days, left, closed_weeks=closed_weeks)
    except NoSeries:
        return
    totals = dict.fromkeys(left, 0)
    for each in planned:
        assert each.minutes == sum(minutes for _key, minutes in each.taught) > 0
        assert public_holiday(each.day) is None
        assert week_of(each.day) not in closed_weeks
        assert each.day >= first
        for key, minutes in each.taught:
            totals[key] += minutes
    assert totals == left
    times = [(each.day, each.start, each.end) for each in planned]
    assert times == sorted(times)
    assert all(one[0] < following[0] or one[2] <= following[1] for one, following in pairwise(times))
