"""Rules of the training centre's year, on plain values: whose training ended when, and who had all that is required."""

import datetime as dt
from collections.abc import Iterable

from beneficiaries.rules import Period


def ended_on(
    left_on: dt.date | None,
    reached: dt.date | None,
    periods: Iterable[Period],
    enrolled_on: dt.date,
    today: dt.date,
) -> dt.date | None:
    """The day somebody's training ended, None while it goes on: the first of these that has come.

    The last day of the enrolment; the day all that is required was reached; the end of the contracts.

    >>> year = [Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))]
    >>> ended_on(None, dt.date(2025, 6, 2), year, dt.date(2025, 1, 6), dt.date(2026, 3, 9))
    datetime.date(2025, 6, 2)
    >>> ended_on(None, None, year, dt.date(2025, 1, 6), dt.date(2026, 3, 9))
    datetime.date(2025, 12, 31)
    >>> ended_on(None, None, year, dt.date(2025, 1, 6), dt.date(2025, 3, 9)) is None
    True
    """
    days = (left_on, reached, _last_contract_day(periods, enrolled_on))
    return min((day for day in days if day is not None and day <= today), default=None)


def _last_contract_day(periods: Iterable[Period], enrolled_on: dt.date) -> dt.date | None:
    """The end of the last contract that runs after the enrolment; None where one has no end."""
    lasts = [period.last for period in periods if period.last is None or period.last >= enrolled_on]
    known = [last for last in lasts if last is not None]
    return max(known) if known and len(known) == len(lasts) else None
