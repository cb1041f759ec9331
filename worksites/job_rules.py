"""Rules of client jobs, on plain values: what is left, when it ends at today's pace, what it costs, when it weighs.

Nothing here looks at a person: a job's pace is that of the team.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil

from confluences.dates import add_days, add_months, day_after, day_before
from confluences.working_days import add_working_days, days_between, is_working_day, working_days

# Three weeks: long enough to level out a day of rain, short enough to see a team that shrank.
PACE_DAYS = 15
# Progress is judged by eye, mostly by tens of percent: below a fifth of the quote, a difference is only that.
PROGRESS_GAP = Fraction(1, 5)
# Five years of working days: what ends later at this pace does not end at this pace.
FARTHEST_DAYS = 5 * 252
# What lies further away is a mistyped year; days are not counted up to it.
FARTHEST_MONTHS = 120
LOAD_WEEKS = 8
WEEKEND = 6  # Saturday, as ISO numbers it


@dataclass(frozen=True, kw_only=True)
class Window:
    """The days whose recorded work makes the pace, and how many of them are working days."""

    first: dt.date
    last: dt.date
    days: int


def pace_window(today: dt.date, start: dt.date) -> Window:
    """The last 15 working days, or those since the job began; today, which is not over, makes no pace.

    >>> pace_window(dt.date(2026, 11, 25), dt.date(2026, 1, 5))  # 11 November is a public holiday
    Window(first=datetime.date(2026, 11, 3), last=datetime.date(2026, 11, 24), days=15)
    >>> pace_window(dt.date(2026, 11, 25), dt.date(2026, 11, 19)).days
    4
    """
    last = day_before(today)
    first, days = today, 0
    while days < PACE_DAYS and first > max(start, dt.date.min):
        first = day_before(first)
        days += is_working_day(first)
    return Window(first=first, last=last, days=days)


def left_of(quoted: int, done: int) -> int:
    """The minutes of the quote that are still to do: never below zero, an overrun is said apart.

    >>> left_of(6000, 4500), left_of(6000, 6600)
    (1500, 0)
    """
    return max(quoted - done, 0)


def overrun_of(quoted: int, done: int) -> int:
    """The minutes done beyond the quote.

    >>> overrun_of(6000, 6600)
    600
    """
    return max(done - quoted, 0)


def pace_of(recent: int, days: int) -> Fraction | None:
    """The minutes done per working day; None where nothing was done, or no working day has passed.

    >>> pace_of(3150, 15)  # 52 h 30 in three weeks: 3 h 30 a day
    Fraction(210, 1)
    """
    return Fraction(recent, days) if recent and days else None


def expected_end(today: dt.date, left: int, pace: Fraction | None) -> dt.date | None:
    """The working day on which nothing is left at this pace, counted from the day after today.

    25 h left at 3 h 30 a day are 8 working days: from Wednesday 25 November to Monday 7 December.

    >>> expected_end(dt.date(2026, 11, 25), 1500, Fraction(210))
    datetime.date(2026, 12, 7)

    None without a pace, or where the pace leads further than five years. With nothing left, it may end today.
    """
    if left == 0:
        return today
    days = ceil(left / pace) if pace else FARTHEST_DAYS + 1
    return None if days > FARTHEST_DAYS else add_working_days(today, days)


def days_late(end: dt.date, deadline: dt.date) -> int:
    """Working days from the deadline to the end; below zero, they are days in hand.

    >>> days_late(dt.date(2026, 12, 7), dt.date(2026, 12, 2)), days_late(dt.date(2026, 12, 7), dt.date(2026, 12, 11))
    (3, -4)
    """
    if end > deadline:
        return working_days(day_after(deadline), _near(end, deadline))
    return -working_days(day_after(end), _near(deadline, end))


def _near(day: dt.date, origin: dt.date) -> dt.date:
    return min(day, add_months(origin, FARTHEST_MONTHS))


def implied_minutes(done: int, progress: int | None) -> int | None:
    """The minutes that the whole job takes if what was done made this percentage of it.

    >>> implied_minutes(4800, 40)
    12000
    """
    return round(Fraction(done * 100, progress)) if progress and done else None


def disagrees(implied: int | None, quoted: int) -> bool:
    """Whether the progress seen on the place announces another job than the quote, by more than a fifth.

    >>> disagrees(12000, 6000), disagrees(7200, 6000), disagrees(None, 6000)
    (True, False, False)
    """
    return implied is not None and abs(implied - quoted) > PROGRESS_GAP * quoted


def cost_of(minutes: int, hourly_cost: Decimal | None) -> Decimal | None:
    """What these minutes of work cost, to the cent.

    >>> cost_of(4530, Decimal("14.20"))  # 75 h 30
    Decimal('1072.10')
    """
    if hourly_cost is None:
        return None
    return (minutes * hourly_cost / 60).quantize(Decimal("0.01"))


@dataclass(frozen=True, kw_only=True)
class JobFacts:
    """What a job's figures are made of; `recent` are the minutes recorded in its pace window."""

    start: dt.date
    deadline: dt.date | None
    finished_on: dt.date | None
    quoted: int
    done: int
    recent: int
    progress: int | None = None
    amount: Decimal | None = None
    hourly_cost: Decimal | None = None


@dataclass(frozen=True)
class JobFigures:
    """A job on a day: a finished one stays as it was on its last day."""

    facts: JobFacts
    today: dt.date

    @property
    def finished(self) -> bool:
        return self.facts.finished_on is not None

    @property
    def upcoming(self) -> bool:
        return not self.finished and self.facts.start > self.today

    @property
    def done(self) -> int:
        return self.facts.done

    @property
    def left(self) -> int:
        return left_of(self.facts.quoted, self.facts.done)

    @property
    def overrun(self) -> int:
        return overrun_of(self.facts.quoted, self.facts.done)

    @property
    def filled(self) -> Fraction:
        """The part of the quote that is done, at most all of it."""
        return min(Fraction(self.facts.done, self.facts.quoted), Fraction(1))

    @cached_property
    def pace(self) -> Fraction | None:
        if self.finished:
            return None
        return pace_of(self.facts.recent, pace_window(self.today, self.facts.start).days)

    @property
    def pace_minutes(self) -> int | None:
        """The pace as people read it."""
        return None if self.pace is None else round(self.pace)

    @cached_property
    def end(self) -> dt.date | None:
        """The day it ended, or will at this pace."""
        if self.finished or self.upcoming:
            return self.facts.finished_on
        return expected_end(self.today, self.left, self.pace)

    @property
    def too_far(self) -> bool:
        """At this pace it ends in more than five years."""
        return self.pace is not None and self.end is None

    @property
    def late(self) -> int | None:
        """Working days late, in hand where below zero; None where nothing can be said yet.

        A job without a known end is late by what has passed since its deadline.
        """
        if self.facts.deadline is None:
            return None
        if self.end is not None:
            return days_late(self.end, self.facts.deadline)
        return days_late(self.today, self.facts.deadline) if self.facts.deadline < self.today else None

    @property
    def implied(self) -> int | None:
        """What the progress seen announces in all, where that is not what was quoted."""
        implied = implied_minutes(self.facts.done, self.facts.progress)
        return implied if disagrees(implied, self.facts.quoted) and not self.finished else None

    @property
    def cost(self) -> Decimal | None:
        return cost_of(self.facts.done, self.facts.hourly_cost)

    @property
    def final_cost(self) -> Decimal | None:
        """The cost of all hours if the quote holds; of those done where they passed it. Finished, it is the cost."""
        total = self.facts.done if self.finished else max(self.facts.quoted, self.facts.done)
        return cost_of(total, self.facts.hourly_cost)

    @property
    def cost_share(self) -> Fraction | None:
        """The part of the quoted amount that the hours have used."""
        if self.cost is None or not self.facts.amount:
            return None
        return Fraction(self.cost) / Fraction(self.facts.amount)

    @property
    def amount_left(self) -> Decimal | None:
        return _difference(self.facts.amount, self.cost)

    @property
    def final_margin(self) -> Decimal | None:
        return _difference(self.facts.amount, self.final_cost)


def _difference(amount: Decimal | None, cost: Decimal | None) -> Decimal | None:
    return None if amount is None or cost is None else amount - cost


# The load of the coming weeks


@dataclass(frozen=True)
class Week:
    """A week as the load counts it: from today or a Monday to Sunday."""

    first: dt.date
    last: dt.date

    @property
    def friday(self) -> dt.date:
        return add_days(self.last, -2)


def coming_weeks(today: dt.date, count: int = LOAD_WEEKS) -> list[Week]:
    """The weeks that begin with what is left of this one; from a weekend on, with the next.

    >>> [week.first.isoformat() for week in coming_weeks(dt.date(2026, 11, 25), 2)]
    ['2026-11-25', '2026-11-30']
    """
    weekday = today.isoweekday()
    first = today if weekday < WEEKEND else add_days(today, 8 - weekday)
    weeks = []
    for _number in range(count):
        last = add_days(first, 7 - first.isoweekday())
        weeks.append(Week(first, last))
        first = day_after(last)
    return weeks


@dataclass(frozen=True, kw_only=True)
class Burden:
    """Minutes still to do, from a day on; without `until` nobody knows when."""

    left: int
    first: dt.date
    until: dt.date | None


def burden_of(figures: JobFigures) -> Burden:
    """What an open job still asks, up to its deadline, or else to its end at this pace."""
    until = figures.facts.deadline or figures.end
    return Burden(left=figures.left, first=max(figures.facts.start, figures.today), until=until)


def load_by_week(burdens: Iterable[Burden], weeks: Sequence[Week]) -> list[Fraction]:
    """The minutes that fall on each week: each burden spread evenly over its working days.

    What should be over by now falls whole on the first week. 60 h until Friday 4 December are 8 working days:

    >>> weeks = coming_weeks(dt.date(2026, 11, 25), 3)
    >>> load_by_week([Burden(left=3600, first=dt.date(2026, 11, 25), until=dt.date(2026, 12, 4))], weeks)
    [Fraction(1350, 1), Fraction(2250, 1), Fraction(0, 1)]
    """
    totals = [Fraction(0)] * len(weeks)
    for burden in burdens:
        for number, minutes in enumerate(_spread(burden, weeks)):
            totals[number] += minutes
    return totals


def _spread(burden: Burden, weeks: Sequence[Week]) -> list[Fraction]:
    if burden.until is None or not weeks:
        return []
    until = _near(burden.until, burden.first)
    days = working_days(burden.first, until)
    if days == 0:
        return [Fraction(burden.left)]
    per_day = Fraction(burden.left, days)
    return [per_day * working_days(max(week.first, burden.first), min(week.last, until)) for week in weeks]


def capacity_by_week(minutes_of_day: Mapping[dt.date, int], weeks: Sequence[Week]) -> list[int]:
    """The minutes that the people present can give each week."""
    return [sum(minutes_of_day.get(day, 0) for day in days_between(week.first, week.last)) for week in weeks]
