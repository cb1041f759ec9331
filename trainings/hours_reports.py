"""Hours done by module, the one count that the matrix, the year, the statement and the certificates share."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Sum

from trainings.matrix_rules import Goal, total
from trainings.models import AttendedModule, Enrolment, Module, Programme
from trainings.rules import ModuleHours, required_minutes


def goals_of(programme: Programme) -> tuple[Goal, ...]:
    return tuple(_goal(module, programme) for module in programme.modules.all())


def _goal(module: Module, programme: Programme) -> Goal:
    required = required_minutes(module.minutes, programme.required_percent)
    return Goal(module.pk, module.name, module.minutes, required)


def gained_of(
    rows: Iterable[Enrolment], *, until: dt.date | None = None
) -> dict[int, list[tuple[dt.date, dict[int, int]]]]:
    """For each enrolment the minutes of each module on each day, days in order; none after `until`."""
    attended = AttendedModule.objects.filter(attendance__enrolment__in=rows)
    if until is not None:
        attended = attended.filter(attendance__session__day__lte=until)
    counted = (
        attended.values_list("attendance__enrolment", "attendance__session__day", "module")
        .annotate(given=Sum("minutes"))
        .order_by("attendance__session__day", "module")
    )
    days: dict[int, dict[dt.date, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for enrolment, day, module, minutes in counted:
        days[enrolment][day][module] = minutes
    return {enrolment: list(by_day.items()) for enrolment, by_day in days.items()}


def hours_by_module(
    enrolments: Iterable[Enrolment], *, until: dt.date | None = None
) -> dict[int, list[ModuleHours]]:
    """For each enrolment, the modules of its programme in their order, with the minutes done.

    `until` counts no session after that day. Two queries, whatever the number.
    """
    enrolments = list(enrolments)
    gained = gained_of(enrolments, until=until)
    goals: dict[int, list[Goal]] = defaultdict(list)
    programmes = {enrolment.programme_id for enrolment in enrolments}
    for module in Module.objects.filter(programme__in=programmes).select_related("programme"):
        goals[module.programme_id].append(_goal(module, module.programme))
    found = {}
    for enrolment in enrolments:
        done = total(given for _day, given in gained.get(enrolment.pk, ()))
        found[enrolment.pk] = [
            ModuleHours(goal.name, goal.minutes, done=done.get(goal.key, 0), required=goal.required)
            for goal in goals[enrolment.programme_id]
        ]
    return found


def hours(minutes: int) -> float:
    """Minutes as a spreadsheet adds them up: 210 are 3.5 hours.

    >>> hours(210)
    3.5
    """
    return round(minutes / 60, 2)
