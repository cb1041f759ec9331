"""Writes of sessions and enrolments as their pages do them: planned without clashes, many at once, with what changed elsewhere."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from beneficiaries.models import Beneficiary, TimeEntry
from beneficiaries.time_actions import lock_people
from beneficiaries.time_enums import TimeKind
from confluences.actions import save_recorded
from confluences.formats import clock, duration, french_date
from confluences.models import User
from trainings.actions import AttendanceChange, record_attendance, save_session
from trainings.models import Enrolment, Module, Programme, Session
from trainings.session_rules import PlannedSession


def same_people(programme: Programme, group: str) -> QuerySet[Session]:
    """The sessions of a programme that expect people of this group too; without a group, all of them."""
    sessions = Session.objects.filter(programme=programme)
    return sessions.filter(Q(group="") | Q(group=group)) if group else sessions


def minutes_left(programme: Programme, group: str) -> dict[Module, int]:
    """The minutes of each module, in order, that no session for this group gives yet; never less than none."""
    sessions = Session.objects.filter(programme=programme, group__in={"", group})
    given = sessions.values("taught__module").annotate(minutes=Sum("taught__minutes"))
    planned = {row["taught__module"]: row["minutes"] or 0 for row in given.order_by()}
    return {module: max(module.minutes - planned.get(module.pk, 0), 0) for module in programme.modules.all()}


def clashes(
    programme: Programme,
    group: str,
    planned: Iterable[PlannedSession[Module] | Session],
    *,
    but: Session | None = None,
) -> list[str]:
    """One sentence for each planned time at which people of the group already have a session of this programme."""
    planned = list(planned)
    standing = defaultdict(list)
    same_days = same_people(programme, group).filter(day__in={each.day for each in planned})
    for session in same_days:
        if but is None or session.pk != but.pk:
            standing[session.day].append(session)
    return [
        f"{french_date(each.day)} : ce groupe a déjà une séance de {clock(other.start)} à {clock(other.end)}."
        for each in planned
        for other in standing[each.day]
        if each.start < other.end and other.start < each.end
    ]


def _hold(programme: Programme) -> None:
    """Two people who plan the same programme wait for each other."""
    list(Programme.objects.select_for_update().filter(pk=programme.pk).values_list("pk"))


@transaction.atomic
def plan_session(session: Session, taught: Mapping[Module, int], *, by: User | None) -> Session:
    """Writes one session. Raises ValidationError where its group already has one at that time, or as save_session does."""
    _hold(session.programme)
    found = clashes(session.programme, session.group, [session], but=session if session.pk else None)
    if found:
        raise ValidationError({"day": found})
    return save_session(session, taught, by=by)


@transaction.atomic
def plan_sessions(
    planned: Sequence[PlannedSession[Module]],
    *,
    programme: Programme,
    group: str,
    place: str,
    trainer: str,
    by: User | None,
) -> list[Session]:
    """Writes a whole series, or nothing. Raises ValidationError with the days on which the group already has a session."""
    _hold(programme)
    found = clashes(programme, group, planned)
    if found:
        raise ValidationError(found)
    return [
        save_session(
            Session(
                programme=programme,
                group=group,
                day=each.day,
                start=each.start,
                end=each.end,
                place=place,
                trainer=trainer,
            ),
            dict(each.taught),
            by=by,
        )
        for each in planned
    ]


@transaction.atomic
def enrol(
    programme: Programme, people: Iterable[Beneficiary], *, group: str, on: dt.date, by: User | None
) -> list[Enrolment]:
    """Enrols people in a programme, all or none. Raises ValidationError where somebody already is."""
    return [
        save_recorded(Enrolment(programme=programme, beneficiary=person, group=group, enrolled_on=on), by=by)
        for person in people
    ]


@dataclass(frozen=True)
class Reduction:
    """Somebody's presence on the worksite that made room for a session: the day's minutes before and after."""

    person: Beneficiary
    before: int
    after: int

    def __str__(self) -> str:
        after = duration(self.after) if self.after else "0\u00a0h"
        return f"{self.person} : le pointage du chantier passe de {duration(self.before)} à {after}."


@transaction.atomic
def record_sheet(
    session: Session, changes: Sequence[AttendanceChange], *, by: User | None
) -> list[Reduction]:
    """Writes an attendance sheet as record_attendance does; returns whose presence on the worksite it reduced."""
    people = {change.enrolment.beneficiary_id: change.enrolment.beneficiary for change in changes}
    lock_people(people)
    before = _on_worksite(people, session.day)
    record_attendance(session, changes, by=by)
    after = _on_worksite(people, session.day)
    return [
        Reduction(person, before[pk], after.get(pk, 0))
        for pk, person in people.items()
        if after.get(pk, 0) < before.get(pk, 0)
    ]


def _on_worksite(people: Iterable[int], day: dt.date) -> dict[int, int]:
    """What the worksite recorded that a session can take the place of: work, and training without a session."""
    entries = TimeEntry.objects.outside_sessions().filter(
        beneficiary__in=list(people), day=day, kind__in=[TimeKind.WORK, TimeKind.TRAINING]
    )
    totals = entries.values("beneficiary").annotate(minutes=Sum("minutes")).order_by()
    return {row["beneficiary"]: row["minutes"] for row in totals}
