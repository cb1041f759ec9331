"""Hours done by module, for any number of people at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Sum

from trainings.models import AttendedModule, Enrolment, Module
from trainings.rules import ModuleHours, required_minutes


def hours_by_module(
    enrolments: Iterable[Enrolment], *, until: dt.date | None = None
) -> dict[int, list[ModuleHours]]:
    """For each enrolment, the modules of its programme in their order, with the minutes done.

    `until` counts no session after that day. Two queries, whatever the number.
    """
    enrolments = list(enrolments)
    done = _done(enrolments, until)
    modules: dict[int, list[Module]] = defaultdict(list)
    programmes = {enrolment.programme_id for enrolment in enrolments}
    for module in Module.objects.filter(programme__in=programmes).select_related("programme"):
        modules[module.programme_id].append(module)
    return {
        enrolment.pk: [
            ModuleHours(
                module.name,
                module.minutes,
                done=done.get((enrolment.pk, module.pk), 0),
                required=required_minutes(module.minutes, module.programme.required_percent),
            )
            for module in modules[enrolment.programme_id]
        ]
        for enrolment in enrolments
    }


def _done(enrolments: Iterable[Enrolment], until: dt.date | None) -> dict[tuple[int, int], int]:
    rows = AttendedModule.objects.filter(attendance__enrolment__in=enrolments)
    if until is not None:
        rows = rows.filter(attendance__session__day__lte=until)
    sums = (
        rows.order_by().values("attendance__enrolment", "module").annotate(total=Sum("minutes"))
    ).values_list("attendance__enrolment", "module", "total")
    return {(enrolment, module): total for enrolment, module, total in sums}
