"""Rules of client jobs, on plain values: hand-made examples, and what holds whatever the numbers."""

import datetime as dt
import doctest
import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confluences.working_days import is_working_day, working_days
from worksites import job_rules as rules
from worksites.job_rules import Burden, JobFacts, JobFigures

D = dt.date
WEDNESDAY = D(2026, 11, 25)
DAYS = st.dates(D(2020, 1, 1), D(2030, 12, 31))
MINUTES = st.integers(0, 100_000)


def figures(**fields) -> JobFigures:
    """A job of 100 hours since 5 January 2026, of which 75 are done, 52 h 30 in the last three weeks."""
    fields = {
        "start": D(2026, 1, 5),
        "deadline": None,
        "finished_on": None,
        "quoted": 6000,
        "done": 4500,
        "recent": 3150,
    } | fields
    return JobFigures(JobFacts(**fields), WEDNESDAY)


def test_worked_examples():
    assert doctest.testmod(rules).failed == 0


# Pace


@given(DAYS, st.dates(D(2019, 1, 1), D(2031, 12, 31)))
def test_the_window_holds_at_most_15_working_days_all_before_today(today, start):
    window = rules.pace_window(today, start)
    assert window.days == working_days(window.first, window.last) <= 15
    assert window.last < today
    assert window.days == 15 or window.first <= start or start >= today


def test_a_window_is_three_weeks_where_nothing_is_a_holiday():
    window = rules.pace_window(D(2026, 10, 19), D(2026, 1, 5))
    assert (window.first, window.last, window.days) == (D(2026, 9, 28), D(2026, 10, 18), 15)


def test_a_job_that_began_today_has_no_pace():
    assert figures(start=WEDNESDAY, done=420, recent=0).pace is None


@pytest.mark.parametrize(
    ("start", "days"), [(D(2026, 11, 24), 1), (D(2026, 11, 19), 4), (D(2026, 11, 10), 10)]
)
def test_a_young_job_is_judged_on_its_own_days(start, days):
    assert figures(start=start, recent=420).pace == Fraction(420, days)


# End


def test_end_of_the_worked_example():
    assert (figures().pace, figures().left, figures().end) == (210, 1500, D(2026, 12, 7))


@pytest.mark.parametrize(
    ("fields", "end"),
    [
        ({"recent": 0}, None),
        ({"done": 6000}, WEDNESDAY),
        ({"done": 9000, "recent": 0}, WEDNESDAY),
        ({"done": 5999}, D(2026, 11, 26)),
        ({"quoted": 10_000_000, "recent": 1}, None),
        ({"finished_on": D(2026, 6, 30)}, D(2026, 6, 30)),
        ({"start": D(2027, 1, 4), "done": 0, "recent": 0}, None),
    ],
)
def test_end(fields, end):
    assert figures(**fields).end == end


def test_an_end_in_more_than_five_years_is_said_so():
    assert figures(quoted=10_000_000, recent=1).too_far
    assert not figures().too_far
    assert not figures(recent=0).too_far


@settings(deadline=None)  # five years are walked day by day
@given(left=st.integers(1, 50_000), recent=st.integers(1, 50_000), days=st.integers(1, 15), today=DAYS)
def test_the_end_is_the_first_working_day_on_which_nothing_is_left(left, recent, days, today):
    pace = rules.pace_of(recent, days)
    end = rules.expected_end(today, left, pace)
    if end is None:
        assert left / pace > rules.FARTHEST_DAYS
        return
    worked = working_days(today + dt.timedelta(days=1), end)
    assert is_working_day(end)
    assert worked * pace >= left > (worked - 1) * pace


# Late or in hand


@pytest.mark.parametrize(
    ("deadline", "late"),
    [
        (D(2026, 12, 7), 0),
        (D(2026, 12, 4), 1),
        (D(2026, 12, 5), 1),
        (D(2026, 12, 2), 3),
        (D(2026, 12, 11), -4),
        (D(2026, 12, 13), -4),
        (None, None),
    ],
)
def test_late_counts_working_days(deadline, late):
    assert figures(deadline=deadline).late == late


def test_a_job_without_pace_is_late_by_what_has_passed_since_its_deadline():
    assert figures(recent=0, deadline=D(2026, 11, 20)).late == 3
    assert figures(recent=0, deadline=D(2026, 12, 20)).late is None


def test_a_finished_job_is_late_as_it_was_on_its_last_day():
    assert figures(deadline=D(2026, 6, 26), finished_on=D(2026, 6, 30)).late == 2


@settings(deadline=None)
@given(DAYS, DAYS)
def test_late_one_way_is_in_hand_the_other_way(end, deadline):
    assert rules.days_late(end, deadline) == -rules.days_late(deadline, end)


@pytest.mark.parametrize("deadline", [D(1, 1, 1), D(9999, 12, 31)])
def test_a_mistyped_year_is_counted_in_no_time(deadline):
    late = figures(deadline=deadline).late
    assert late is not None
    assert abs(late) > 2000


# Progress and cost


@pytest.mark.parametrize(
    ("progress", "implied"),
    [
        (None, None),
        (0, None),
        (75, None),  # exactly the quote
        (63, None),  # 119 h: within a fifth
        (62, 7258),  # 121 h: beyond
        (93, None),
        (94, 4787),  # 80 h: below four fifths
        (100, 4500),  # 75 h where 100 were quoted
    ],
)
def test_progress_that_disagrees_with_the_quote_is_said(progress, implied):
    assert figures(progress=progress).implied == implied


def test_cost_against_the_amount_quoted():
    job = figures(hourly_cost=Decimal("14.20"), amount=Decimal("1300.00"))
    assert (job.cost, job.final_cost) == (Decimal("1065.00"), Decimal("1420.00"))
    assert (job.amount_left, job.final_margin) == (Decimal("235.00"), Decimal("-120.00"))
    assert job.cost_share == Fraction(1065, 1300)


def test_a_job_beyond_its_quote_ends_at_what_it_cost():
    job = figures(done=6600, hourly_cost=Decimal(10), amount=Decimal(1000))
    assert (job.left, job.overrun, job.final_cost, job.final_margin) == (0, 600, Decimal(1100), Decimal(-100))


def test_a_finished_job_costs_its_hours_not_its_quote():
    job = figures(finished_on=D(2026, 6, 30), hourly_cost=Decimal(10), amount=Decimal(1000))
    assert (job.final_cost, job.final_margin) == (Decimal(750), Decimal(250))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"amount": Decimal(100)},
        {"hourly_cost": Decimal(10)},
        {"hourly_cost": Decimal(10), "amount": Decimal(0)},
    ],
)
def test_what_is_not_known_is_not_made_up(fields):
    assert figures(**fields).cost_share is None


@given(quoted=st.integers(1, 100_000), done=MINUTES)
def test_left_and_overrun_are_never_both(quoted, done):
    left, overrun = rules.left_of(quoted, done), rules.overrun_of(quoted, done)
    assert min(left, overrun) == 0
    assert quoted == done + left - overrun


# Load


def spread(burdens, today=WEDNESDAY, count=8):
    return rules.load_by_week(burdens, rules.coming_weeks(today, count))


@settings(deadline=None)
@given(left=MINUTES, today=DAYS, ahead=st.integers(-200, 200), begins=st.integers(0, 60))
def test_nothing_of_a_burden_is_lost_inside_the_weeks(left, today, ahead, begins):
    first = today + dt.timedelta(days=begins)
    until = today + dt.timedelta(days=ahead)
    total = sum(spread([Burden(left=left, first=first, until=until)], today, count=60))
    assert total == left


def test_what_is_overdue_weighs_on_the_first_week():
    assert spread([Burden(left=600, first=WEDNESDAY, until=D(2026, 11, 20))]) == [600, *[0] * 7]


def test_a_job_to_come_weighs_from_its_start_on():
    burden = Burden(left=1000, first=D(2026, 12, 7), until=D(2026, 12, 18))
    assert spread([burden]) == [0, 0, 500, 500, 0, 0, 0, 0]


def test_what_lies_beyond_the_weeks_is_not_counted():
    burden = Burden(left=1000, first=D(2026, 11, 30), until=D(2026, 12, 11))
    assert spread([burden], count=2) == [0, 500]


def test_a_job_of_which_nobody_knows_the_end_is_not_placed():
    assert spread([Burden(left=600, first=WEDNESDAY, until=None)]) == [0] * 8


def test_an_open_job_is_spread_to_its_deadline_or_else_to_its_end():
    assert rules.burden_of(figures()).until == D(2026, 12, 7)
    assert rules.burden_of(figures(deadline=D(2026, 12, 31))).until == D(2026, 12, 31)
    later = rules.burden_of(figures(start=D(2027, 1, 4), deadline=D(2027, 2, 1)))
    assert later.first == D(2027, 1, 4)


@given(DAYS, st.integers(1, 10))
def test_weeks_follow_one_another_and_begin_today_at_the_earliest(today, count):
    weeks = rules.coming_weeks(today, count)
    assert len(weeks) == count
    assert today <= weeks[0].first <= weeks[0].friday
    for week, following in itertools.pairwise(weeks):
        assert following.first == week.last + dt.timedelta(days=1)
        assert following.first.isoweekday() == 1
