"""Working days, against a calendar on paper."""

import datetime as dt
import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluences import working_days as days

SOME_DAY = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))


def test_examples():
    assert doctest.testmod(days).failed == 0


@pytest.mark.parametrize("year", [2014, 2024, 2026])
def test_the_eleven_holidays_of_the_labour_code(year):
    named = [
        days.public_holiday(day) for day in days.days_between(dt.date(year, 1, 1), dt.date(year, 12, 31))
    ]
    assert len([name for name in named if name]) == 11


def test_names_are_typeset():
    assert days.public_holiday(dt.date(2026, 1, 1)) == "Jour de l’an"


def test_movable_feasts_of_2026():
    monday, thursday, whit = dt.date(2026, 4, 6), dt.date(2026, 5, 14), dt.date(2026, 5, 25)
    assert [days.public_holiday(day) for day in (monday, thursday, whit)] == [
        "Lundi de Pâques",
        "Ascension",
        "Lundi de Pentecôte",
    ]


@given(SOME_DAY, st.integers(1, 60))
def test_going_forward_counts_what_lies_between(day, count):
    reached = days.add_working_days(day, count)
    assert days.is_working_day(reached)
    assert days.working_days(day + dt.timedelta(days=1), reached) == count


@given(SOME_DAY)
def test_a_month_is_whole(day):
    first, last = days.month_of(day)
    assert (first.day, (last + dt.timedelta(days=1)).day) == (1, 1)
    assert first <= day <= last


def test_the_calendar_ends_without_a_crash():
    assert days.add_working_days(dt.date(9999, 12, 30), 5) == dt.date.max
    assert days.month_of(dt.date(9999, 12, 5)) == (dt.date(9999, 12, 1), dt.date(9999, 12, 31))
