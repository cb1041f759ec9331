"""Writes of trainings: whole programmes, sessions and attendance sheets, in one transaction each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from beneficiaries.time_actions import lock_people, record_session_part, remove_session_part
from beneficiaries.time_rules import Part
from confluences.actions import save_recorded
from confluences.formats import clock, french_date
from confluences.models import User
from trainings.models import (
    Attendance,
    AttendedModule,
    Certificate,
    Enrolment,
    Module,
    Programme,
    Session,
    SessionModule,
)
from trainings.rules import spread, sum_fault


@transaction.atomic
def save_programme(
    programme: Programme, modules: Sequence[Module], *, by: User | None, removed: Sequence[Module] = ()
) -> Programme:
    """Writes a programme with all its modules. Raises ValidationError unless they add up to the programme."""
    fault = sum_fault(programme.minutes, [module.minutes for module in modules], "le programme dure")
    if fault:
        raise ValidationError(fault)
    save_recorded(programme, by=by)
    for module in removed:
        _remove_module(module)
    for position, module in enumerate(modules, start=1):
        module.programme, module.position = programme, position
        save_recorded(module, by=by)
    return programme


def _remove_module(module: Module) -> None:
    if module.taught.exists() or module.attended.exists():
        raise ValidationError(
            f"Le module « {module.name} » a déjà des séances : il reste, réduisez plutôt les autres."
        )
    module.delete()


@transaction.atomic
def save_session(session: Session, taught: Mapping[Module, int], *, by: User | None) -> Session:
    """Writes a session with the minutes it gives to each module.

    Raises ValidationError unless they add up to the session, or where attendance was already recorded at other times.
    """
    fault = sum_fault(session.minutes, list(taught.values()), "la séance dure")
    if fault:
        raise ValidationError(fault)
    standing = {}
    if session.pk:
        _refuse_attended(session, taught)
        standing = {row.module_id: row for row in session.taught.all()}
    save_recorded(session, by=by)
    for module, minutes in taught.items():
        row = standing.pop(module.pk, None) or SessionModule(session=session, module=module)
        row.minutes = minutes
        row.full_clean()
        row.save()
    for row in standing.values():
        row.delete()
    return session


def _refuse_attended(session: Session, taught: Mapping[Module, int]) -> None:
    if not session.attendances.exists():
        return
    former = Session.objects.get(pk=session.pk)
    same_time = (former.day, former.start, former.end) == (session.day, session.start, session.end)
    same_modules = {row.module_id: row.minutes for row in former.taught.all()} == {
        module.pk: minutes for module, minutes in taught.items()
    }
    if not (same_time and same_modules):
        raise ValidationError(
            "La présence à cette séance est déjà saisie : son jour, ses heures et ses modules ne changent plus. "
            "Videz d’abord la feuille de présence."
        )


@dataclass(frozen=True, kw_only=True)
class AttendanceChange:
    """What somebody's line of an attendance sheet becomes: a part of the day, or None to empty it.

    `seen` is what it was when its writer looked at it.
    """

    enrolment: Enrolment
    part: Part | None
    seen: Part | None = None


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
def record_attendance(session: Session, changes: Sequence[AttendanceChange], *, by: User | None) -> None:
    """Writes lines of a session's attendance sheet, all or none; hours feed the same entries as the worksite's.

    Raises AttendanceFaults with one sentence per person: outside a contract, closed month, at another session at the same
    time, more minutes than the session, already certified, or AttendanceConflict where the line changed since it was seen.
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


@transaction.atomic
def delete_session(session: Session) -> None:
    """Removes a session nobody was recorded at. Raises ValidationError otherwise."""
    session = Session.objects.select_for_update().get(pk=session.pk)
    if session.attendances.exists():
        raise ValidationError("La présence à cette séance est déjà saisie : elle ne se supprime plus.")
    session.delete()
