"""Calendar arithmetic. Every function takes its dates: none reads today's.

A day past the calendar's end, which only a mistyped year asks for, is the calendar's last: rules then refuse it in words.
"""

import calendar
import datetime as dt


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later (or earlier), or the last day of that month where it is shorter.

    >>> add_months(dt.date(2014, 1, 31), 1)
    datetime.date(2014, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return dt.date.max if months > 0 else dt.date.min
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def add_days(day: dt.date, days: int) -> dt.date:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return dt.date.max if days > 0 else dt.date.min


def day_before(day: dt.date) -> dt.date:
    return add_days(day, -1)


def day_after(day: dt.date) -> dt.date:
    return add_days(day, 1)


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
