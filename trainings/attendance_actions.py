"""Writes of attendance sheets, all lines or none; their hours are entries that the worksite shares."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum

from beneficiaries.models import Beneficiary, TimeEntry
from beneficiaries.time_actions import lock_people, record_session_part, remove_session_part
from beneficiaries.time_enums import TimeKind
from beneficiaries.time_rules import Part
from confluences.actions import save_recorded
from confluences.formats import clock, duration, french_date, hours_and_minutes
from confluences.models import User
from trainings.models import Attendance, AttendedModule, Certificate, Enrolment, Session
from trainings.rules import spread


@dataclass(frozen=True, kw_only=True)
class AttendanceChange:
    """What somebody's line of an attendance sheet becomes: a part of the day, or None to empty it.

    `seen` is what it was when its writer looked at it.
    """

    enrolment: Enrolment
    part: Part | None
    seen: Part | None = None

    @property
    def freed(self) -> int:
        """The minutes that the line no longer takes of the day."""
        now, former = (part.minutes if part else 0 for part in (self.part, self.seen))
        return max(former - now, 0)


class AttendanceFaults(ValidationError):
    """Why nothing of a sheet was written: one sentence per line, by enrolment."""

    def __init__(self, faults: Mapping[Enrolment, str]) -> None:
        super().__init__([f"{enrolment.beneficiary} : {message}" for enrolment, message in faults.items()])
        self.by_enrolment = {enrolment.pk: message for enrolment, message in faults.items()}


class AttendanceConflict(AttendanceFaults):
    """Somebody recorded another presence meanwhile, on one of the lines at least."""


class _Changed(ValidationError):
    """The line is no longer what its writer saw."""


@transaction.atomic
def record_attendance(
    session: Session, changes: Sequence[AttendanceChange], *, by: User | None, today: dt.date
) -> None:
    """Writes lines of a session's attendance sheet, all or none; hours feed the same entries as the worksite's.

    Raises AttendanceFaults with one sentence per person: after today, outside a contract, closed month, at another session
    at the same time, more minutes than the session, already certified, or AttendanceConflict where the line changed since it was seen.
    """
    lock_people(change.enrolment.beneficiary_id for change in changes)
    certified = _certified(session, changes)
    shares = {row.module_id: row.minutes for row in session.taught.all()}
    standing = {row.enrolment_id: row for row in session.attendances.select_related("entry")}
    faults: dict[Enrolment, str] = {}
    conflict = False
    for change in changes:
        try:
            with transaction.atomic():
                attendance = standing.get(change.enrolment.pk)
                _refuse_certified(change, attendance, certified.get(change.enrolment.pk))
                _refuse_future(session, change, today)
                _record(session, change, attendance, shares, by)
        except ValidationError as error:
            conflict = conflict or isinstance(error, _Changed)
            faults[change.enrolment] = " ".join(error.messages)
    if faults:
        raise (AttendanceConflict if conflict else AttendanceFaults)(faults)


def _certified(session: Session, changes: Sequence[AttendanceChange]) -> dict[int, Certificate]:
    """For each enrolment, a certificate that counts the hours of this session: those until the day it bears."""
    enrolments = [change.enrolment.pk for change in changes]
    certificates = Certificate.objects.filter(enrolment__in=enrolments)
    return {row.enrolment_id: row for row in certificates if session.day <= row.dated}


def _refuse_certified(
    change: AttendanceChange, attendance: Attendance | None, certificate: Certificate | None
) -> None:
    """What an issued paper attests does not change behind it, nor does a line slip in among those it counted."""
    if certificate is None or change.part == (attendance.entry.part if attendance else None):
        return
    raise ValidationError(
        f"papier déjà délivré ({certificate}, daté du {french_date(certificate.dated)}), qui compte les heures jusqu’à ce "
        "jour-là : cette présence ne change plus. Des heures oubliées se saisissent au pointage du chantier."
    )


def _refuse_future(session: Session, change: AttendanceChange, today: dt.date) -> None:
    if change.part is not None and session.day > today:
        raise ValidationError(
            f"la séance est le {french_date(session.day)} : sa présence se saisit à partir de ce jour-là."
        )


def _record(
    session: Session,
    change: AttendanceChange,
    attendance: Attendance | None,
    shares: Mapping[int, int],
    by: User | None,
) -> None:
    now = attendance.entry.part if attendance else None
    if change.part == now:
        return
    if change.seen != now:
        raise _Changed("quelqu’un vient de saisir autre chose, relisez.")
    if change.part is None:
        assert attendance is not None
        entry = attendance.entry
        attendance.delete()
        remove_session_part(entry)
        return
    if change.part.minutes > session.minutes:
        raise ValidationError("plus de minutes que la séance n’en compte.")
    _refuse_elsewhere(session, change.enrolment)
    entry = record_session_part(change.enrolment.beneficiary, session.day, session.start, change.part, by=by)
    attendance = attendance or Attendance(session=session, enrolment=change.enrolment)
    attendance.entry = entry
    save_recorded(attendance, by=by)
    AttendedModule.objects.filter(attendance=attendance).delete()
    if not change.part.reason:
        AttendedModule.objects.bulk_create(
            AttendedModule(attendance=attendance, module_id=module, minutes=minutes)
            for module, minutes in spread(change.part.minutes, shares).items()
        )


def _refuse_elsewhere(session: Session, enrolment: Enrolment) -> None:
    others = Attendance.objects.filter(
        enrolment__beneficiary=enrolment.beneficiary_id,
        session__day=session.day,
        session__start__lt=session.end,
        session__end__gt=session.start,
    ).exclude(session=session)
    other = others.select_related("session__programme").first()
    if other is not None:
        raise ValidationError(
            f"déjà saisi à une autre séance, « {other.session.programme} » de {clock(other.session.start)} "
            f"à {clock(other.session.end)}."
        )


@dataclass(frozen=True)
class Freed:
    """Minutes of a session that somebody no longer followed: what the worksite recorded that day does not grow back."""

    person: Beneficiary
    minutes: int
    on_worksite: int

    def __str__(self) -> str:
        return (
            f"{self.person} : {duration(self.minutes)} de séance en moins, et le pointage du chantier reste à "
            f"{hours_and_minutes(self.on_worksite)} ce jour-là. Si la personne a travaillé, complétez-le sur le chantier."
        )


@dataclass(frozen=True)
class Reduction:
    """Somebody's presence on the worksite that made room for a session: the day's minutes before and after."""

    person: Beneficiary
    before: int
    after: int

    def __str__(self) -> str:
        before, after = duration(self.before), hours_and_minutes(self.after)
        return f"{self.person} : le pointage du chantier passe de {before} à {after}."


@transaction.atomic
def record_sheet(
    session: Session, changes: Sequence[AttendanceChange], *, by: User | None, today: dt.date
) -> list[Reduction | Freed]:
    """Writes an attendance sheet as record_attendance does; returns what that means for the worksite, person by person.

    Sessions that grow reduce what the worksite recorded; those that shrink leave it, for somebody to complete.
    """
    people = {change.enrolment.beneficiary_id: change.enrolment.beneficiary for change in changes}
    lock_people(people)
    before = _on_worksite(people, session.day)
    record_attendance(session, changes, by=by, today=today)
    after = _on_worksite(people, session.day)
    reduced = [
        Reduction(person, before[pk], after.get(pk, 0))
        for pk, person in people.items()
        if after.get(pk, 0) < before.get(pk, 0)
    ]
    freed = [
        Freed(person, change.freed, after.get(person.pk, 0))
        for change in changes
        if change.freed and (person := change.enrolment.beneficiary)
    ]
    return [*reduced, *freed]


def _on_worksite(people: Iterable[int], day: dt.date) -> dict[int, int]:
    """What the worksite recorded that a session can take the place of: work, and training without a session."""
    entries = TimeEntry.objects.outside_sessions().filter(
        beneficiary__in=list(people), day=day, kind__in=[TimeKind.WORK, TimeKind.TRAINING]
    )
    totals = entries.values("beneficiary").annotate(minutes=Sum("minutes")).order_by()
    return {row["beneficiary"]: row["minutes"] for row in totals}
