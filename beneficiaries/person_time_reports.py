"""What a person's page shows of presence: the hours of a month, and the immersions on the journey."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from beneficiaries.models import Beneficiary, TimeEntry
from beneficiaries.time_enums import AbsenceReason, TimeKind
from confluences.charts import Bar, Layer
from confluences.dates import day_after
from confluences.models import User
from confluences.working_days import days_between, is_working_day, month_of


@dataclass(frozen=True)
class MonthTime:
    """Somebody's month, in minutes: what is recorded, by kind, what the contracts plan, and the absences by reason.

    A public holiday is paid and recorded as an absence: what the contracts plan holds it, as a worksite's month does.
    """

    first_day: dt.date
    planned: int
    attended: tuple[tuple[str, int], ...]
    absences: tuple[tuple[str, int], ...]

    @property
    def recorded(self) -> int:
        """The minutes somebody was there: at work, in training, in immersion."""
        return sum(minutes for _label, minutes in self.attended)

    @property
    def missed(self) -> int:
        return sum(minutes for _label, minutes in self.absences)


def month_time(person: Beneficiary, user: User, day: dt.date) -> MonthTime | None:
    """The month of a day, as far as this user may read presence; None where he or she may not, or there is nothing."""
    if not user.has_perm("beneficiaries.view_timeentry"):
        return None
    first, last = month_of(day)
    entries = TimeEntry.objects.visible_to(user).filter(beneficiary=person, day__range=(first, last))
    counted = list(entries.order_by().values_list("kind", "reason").annotate(Sum("minutes")))
    planned = sum(
        contract.usual_minutes(each)
        for contract in person.contracts.all()
        for each in days_between(first, last)
    )
    if not planned and not counted:
        return None
    attended: dict[str, int] = {}
    absences: dict[str, int] = {}
    for kind, reason, minutes in counted:
        labels = absences if reason else attended
        label = str(AbsenceReason(reason).label if reason else TimeKind(kind).label)
        labels[label] = labels.get(label, 0) + minutes
    return MonthTime(first, planned, tuple(sorted(attended.items())), tuple(sorted(absences.items())))


def immersion_layer(person: Beneficiary, user: User) -> Layer:
    """The days in immersion that this user may read, those that only days off part as one bar."""
    entries = TimeEntry.objects.visible_to(user).filter(beneficiary=person, kind=TimeKind.IMMERSION)
    days = entries.order_by("day").values_list("day", flat=True).distinct()
    return Layer(
        label="Immersions",
        bars=[
            Bar(start=first, end=last, label="immersion", kind="medium") for first, last in merged(list(days))
        ],
    )


def merged(days: Sequence[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Days in order as periods; a weekend or a public holiday does not part two of them.

    >>> friday, monday, wednesday = dt.date(2026, 3, 6), dt.date(2026, 3, 9), dt.date(2026, 3, 11)
    >>> [(first.day, last.day) for first, last in merged([friday, monday, wednesday])]
    [(6, 9), (11, 11)]
    """
    periods: list[tuple[dt.date, dt.date]] = []
    for day in days:
        if periods and not _working_days_between(periods[-1][1], day):
            periods[-1] = (periods[-1][0], day)
        else:
            periods.append((day, day))
    return periods


def _working_days_between(first: dt.date, last: dt.date) -> bool:
    between: Iterable[dt.date] = days_between(day_after(first), last - dt.timedelta(days=1))
    return any(is_working_day(day) for day in between)
