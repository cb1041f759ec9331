"""Working days: Monday to Friday, without France's public holidays (articles L3133-1 and following)."""

import calendar
import datetime as dt
from collections.abc import Iterator
from functools import cache

from holidays import country_holidays
from holidays.holiday_base import HolidayBase

from confluences.dates import day_after

SATURDAY = 6


@cache
def _france(year: int) -> HolidayBase:
    return country_holidays("FR", years=year, language="fr")


def public_holiday(day: dt.date) -> str | None:
    """The French name of the public holiday that falls on a day.

    >>> public_holiday(dt.date(2026, 5, 14))
    'Ascension'
    >>> public_holiday(dt.date(2026, 5, 15)) is None
    True
    """
    name = _france(day.year).get(day)
    return name and name.replace("'", "’")


def is_working_day(day: dt.date) -> bool:
    return day.isoweekday() < SATURDAY and public_holiday(day) is None


def days_between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every day from the first to the last, both included."""
    return (first + dt.timedelta(days=offset) for offset in range((last - first).days + 1))


def working_days(first: dt.date, last: dt.date) -> int:
    """How many working days lie from the first to the last, both included; none where the last is earlier.

    >>> working_days(dt.date(2026, 5, 11), dt.date(2026, 5, 17))
    4
    """
    return sum(map(is_working_day, days_between(first, last)))


def add_working_days(day: dt.date, count: int) -> dt.date:
    """The working day that comes `count` working days after a day; `count` is at least 1.

    >>> add_working_days(dt.date(2026, 5, 13), 1)
    datetime.date(2026, 5, 15)
    """
    while count and day != dt.date.max:
        day = day_after(day)
        count -= is_working_day(day)
    return day


def month_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of a day's month."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
