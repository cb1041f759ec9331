"""Calendar arithmetic, in Python and in the database."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confluences.dates import add_months, completed_months, day_after, day_before
from confluences.functions import CompletedMonths, YearOf
from tests.worksites.factories import make_worksite
from worksites.models import Worksite

D = dt.date
DATES = st.dates(D(1950, 1, 1), D(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (D(2014, 1, 31), 1, D(2014, 2, 28)),
        (D(2016, 1, 31), 1, D(2016, 2, 29)),
        (D(2014, 12, 15), 1, D(2015, 1, 15)),
        (D(2014, 1, 15), -1, D(2013, 12, 15)),
        (D(2014, 3, 31), 24, D(2016, 3, 31)),
        (D(2014, 3, 31), 0, D(2014, 3, 31)),
    ],
)
def test_add_months(day, months, later):
    assert add_months(day, months) == later


@given(st.dates(), st.integers(-200_000, 200_000))
def test_no_date_leaves_the_calendar(day, months):
    assert D.min <= add_months(day, months) <= D.max


def test_the_calendar_ends_with_its_last_day():
    assert (add_months(D(9999, 6, 1), 7), day_after(D.max), day_before(D.min)) == (D.max, D.max, D.min)


def test_neighbours():
    assert (day_before(D(2024, 3, 1)), day_after(D(2024, 2, 29))) == (D(2024, 2, 29), D(2024, 3, 1))


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (D(2014, 1, 1), D(2014, 3, 31), 3),
        (D(2014, 1, 1), D(2014, 3, 30), 2),
        (D(2014, 1, 31), D(2014, 2, 28), 1),
        (D(2014, 1, 15), D(2014, 1, 15), 0),
        (D(2013, 12, 16), D(2014, 12, 15), 12),
    ],
)
def test_completed_months(first, last, months):
    assert completed_months(first, last) == months


@given(DATES, st.integers(1, 60))
def test_a_contract_of_n_months_completes_n_months(first, months):
    assert completed_months(first, day_before(add_months(first, months))) in {months, months - 1}
    assert completed_months(first, add_months(first, months)) == months


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=DATES, days=st.integers(0, 4000))
def test_the_database_counts_the_same_months(db, first, days):
    last = first + dt.timedelta(days=days)
    row = Worksite.objects.filter(pk=_worksite().pk)
    row.update(opened_on=first, closed_on=last)
    counted = row.annotate(months=CompletedMonths("opened_on", "closed_on"), year=YearOf("opened_on")).get()
    assert (counted.months, counted.year) == (completed_months(first, last), first.year)


def _worksite() -> Worksite:
    return Worksite.objects.first() or make_worksite()


def test_completed_months_takes_columns_only(db):
    with pytest.raises(ValueError, match="two columns"):
        list(Worksite.objects.annotate(months=CompletedMonths("opened_on", dt.date(2024, 1, 1))))
