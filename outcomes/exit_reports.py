"""What presence knows of a stay: the time that a person really spent at work, in training or in immersion."""

import datetime as dt

from django.db.models import Sum

from beneficiaries.models import TimeEntry
from beneficiaries.rules import Period
from beneficiaries.time_enums import TimeKind
from outcomes.models import Exit

AN_HOUR = 60  # the hour that the State asks of an exit, in minutes


def attended_minutes(exit_: Exit, today: dt.date) -> int:
    """The paid minutes attended during the stay that the exit ends, absences left out.

    An exit that is not recorded yet has no day: its stay is the latest one begun.
    """
    stay = Period(exit_.hired_on, exit_.left_on) if exit_.pk else _latest_stay(exit_, today)
    if stay is None:
        return 0
    entries = TimeEntry.objects.paid().filter(
        beneficiary=exit_.beneficiary_id, kind__in=TimeKind.attended(), day__gte=stay.first
    )
    if stay.last is not None:
        entries = entries.filter(day__lte=stay.last)
    return entries.aggregate(total=Sum("minutes"))["total"] or 0


def _latest_stay(exit_: Exit, today: dt.date) -> Period | None:
    begun = [period.first for period in exit_.beneficiary.contract_periods() if period.first <= today]
    stay = exit_.beneficiary.stay_around(max(begun)) if begun else []
    return Period(stay[0].first, stay[-1].last) if stay else None
