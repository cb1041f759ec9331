"""Calendar arithmetic. Every function takes its dates: none reads today's."""

import calendar
import datetime as dt


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later (or earlier), or the last day of that month where it is shorter.

    >>> add_months(dt.date(2014, 1, 31), 1)
    datetime.date(2014, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def day_before(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=1)


def day_after(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=1)


def completed_months(first: dt.date, last: dt.date) -> int:
    """Whole months from the first to the last day, both included.

    From 1 January to 31 March are 3 months, to 30 March are 2.
    confluences.functions.CompletedMonths is the same sum in SQL; a test holds both equal.

    >>> completed_months(dt.date(2014, 1, 1), dt.date(2014, 3, 31))
    3
    """
    end = day_after(last)
    months = (end.year - first.year) * 12 + end.month - first.month
    return months - 1 if end.day < first.day else months
