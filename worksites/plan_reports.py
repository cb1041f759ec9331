"""What is known beforehand of people's days: planned hours, announced absences, training, immersions. Never why."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from beneficiaries.models import Beneficiary, TimeEntry
from beneficiaries.time_enums import AbsenceReason, TimeKind
from trainings.models import Enrolment, Session
from trainings.rules import is_expected
from worksites.models import Assignment
from worksites.presence_rules import covered_minutes

Key = tuple[int, dt.date]


@dataclass(frozen=True)
class DayPlan:
    """Somebody's day as far as it is known; `planned` is none outside the contract and on a public holiday."""

    planned: int
    employed: bool
    worksite_id: int | None
    absent: int = 0
    immersion: int = 0
    training: int = 0
    sessions: tuple[Session, ...] = ()

    @property
    def is_away(self) -> bool:
        """Absent for all that was planned."""
        return 0 < self.absent >= self.planned

    @property
    def in_training(self) -> bool:
        return bool(self.sessions) or self.training > 0

    @property
    def expected(self) -> int:
        """The minutes that are left for the worksite."""
        training = max(self.training, planned_training(self.sessions))
        return max(self.planned - self.absent - self.immersion - training, 0)


def day_plans(people: Iterable[Beneficiary], days: Sequence[dt.date]) -> dict[Key, DayPlan]:
    """The plan of each person and day, in a constant number of queries.

    The people come with their contracts and assignments, as beneficiaries.reports.for_rows brings them.
    """
    people = list(people)
    if not people:
        return {}
    minutes = _recorded_minutes(people, days)
    sessions = expected_sessions({person.pk for person in people}, days[0], days[-1])
    return {
        (person.pk, day): _plan(person, day, minutes, sessions.get((person.pk, day), ()))
        for person in people
        for day in days
    }


def _plan(
    person: Beneficiary, day: dt.date, minutes: dict[tuple[Key, str], int], sessions: Sequence[Session]
) -> DayPlan:
    contracts = [contract for contract in person.contracts.all() if contract.period.contains(day)]
    key = (person.pk, day)
    return DayPlan(
        planned=sum(contract.planned_minutes(day) for contract in contracts),
        employed=bool(contracts),
        worksite_id=_worksite_on(person.assignments.all(), day),
        absent=minutes[key, "absent"],
        immersion=minutes[key, TimeKind.IMMERSION],
        training=minutes[key, TimeKind.TRAINING],
        sessions=tuple(sessions) if contracts else (),
    )


def _worksite_on(assignments: Iterable[Assignment], day: dt.date) -> int | None:
    return next((each.worksite_id for each in assignments if each.is_current(day)), None)


def _recorded_minutes(people: list[Beneficiary], days: Sequence[dt.date]) -> dict[tuple[Key, str], int]:
    """What is recorded already, by person, day and kind; every absence is the same one, a public holiday is none."""
    entries = (
        TimeEntry.objects.filter(beneficiary__in=people, day__range=(days[0], days[-1]))
        .exclude(kind=TimeKind.WORK)
        .exclude(reason=AbsenceReason.HOLIDAY)
    )
    minutes: dict[tuple[Key, str], int] = defaultdict(int)
    for person, day, kind, recorded in entries.order_by().values_list(
        "beneficiary", "day", "kind", "minutes"
    ):
        name = "absent" if kind in TimeKind.absences() else kind
        minutes[(person, day), name] += recorded
    return minutes


def expected_sessions(people: Iterable[int], first: dt.date, last: dt.date) -> dict[Key, list[Session]]:
    """The sessions that expect each person, by day, in their order: enrolled then, in the session's group where it has one."""
    sessions: dict[int, list[Session]] = defaultdict(list)
    planned = Session.objects.filter(day__range=(first, last)).select_related("programme")
    for session in planned.order_by("day", "start", "pk"):
        sessions[session.programme_id].append(session)
    found: dict[Key, list[Session]] = defaultdict(list)
    if not sessions:
        return found
    enrolments = Enrolment.objects.filter(beneficiary__in=people, programme__in=sessions)
    for enrolment in enrolments.order_by("pk"):
        for session in sessions[enrolment.programme_id]:
            # As Session.expects, without the contract: who has none that day has nothing planned either.
            if is_expected(session.group, enrolment.group) and enrolment.is_active(session.day):
                found[enrolment.beneficiary_id, session.day].append(session)
    return found


def planned_training(sessions: Iterable[Session]) -> int:
    """The minutes that sessions take of a day, those at the same time once."""
    return covered_minutes((session.start, session.end) for session in sessions)


def training_minutes(sessions: Iterable[Session], entries: Iterable[TimeEntry]) -> int:
    """The minutes of somebody's day that are not the worksite's to record: its sessions, expected or recorded.

    A session counts whole, whoever left it early: its own sheet says so. The entries come with attendance__session.
    """
    held = set(sessions)
    entries = [entry for entry in entries if entry.start is not None]
    held |= {entry.attendance.session for entry in entries if hasattr(entry, "attendance")}
    starts = {session.start for session in held}
    return planned_training(held) + sum(entry.minutes for entry in entries if entry.start not in starts)
