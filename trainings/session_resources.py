"""Imports and exports of sessions, and of attendance sheets kept on paper until then."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export.widgets import Widget

from beneficiaries.resources import AboutSomebody, Row
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.cells import Choice, Date, Text, WholeNumber, YesNo, cell_text
from confluences.formats import clock
from confluences.imports import Column, ImportResource
from confluences.text import search_key
from trainings.attendance_actions import AttendanceChange, AttendanceFaults, record_attendance
from trainings.models import Attendance, Enrolment, Module, Session
from trainings.resources import programme_cell
from trainings.rules import is_expected
from trainings.session_actions import plan_session
from trainings.session_rules import UnclearShares, share_out

CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3])\s*(?:[h:]\s*(?P<minute>[0-5]\d)?(?::00)?)", re.IGNORECASE)
SHARE = re.compile(r"(?P<name>.+?)\s*=\s*(?P<minutes>\d{1,4})")


class TimeOfDay(Widget):
    """A time: a true one, 9:00 or 9h."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dt.time | None:
        if isinstance(value, dt.datetime):
            value = value.time()
        if isinstance(value, dt.time):
            return value.replace(second=0, microsecond=0)
        text = cell_text(value)
        if not text:
            return None
        found = CLOCK.fullmatch(text)
        if not found:
            raise ValueError(f"« {text} » n’est pas une heure. Écrivez par exemple 9:00.")
        return dt.time(int(found["hour"]), int(found["minute"] or 0))

    def render(self, value: dt.time | None, obj: Any = None, **kwargs: Any) -> str:
        return f"{value:%H:%M}" if value else ""


class Shares(Widget):
    """Names of modules, with their minutes where there are several: « Tonte = 60 ; Taille = 150 »."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> tuple[tuple[str, int | None], ...]:
        return tuple(self._read(part.strip()) for part in cell_text(value).split(";") if part.strip())

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return " ; ".join(name if minutes is None else f"{name} = {minutes}" for name, minutes in value or ())

    @staticmethod
    def _read(part: str) -> tuple[str, int | None]:
        found = SHARE.fullmatch(part)
        return (found["name"], int(found["minutes"])) if found else (part, None)


class SharesColumn(Column):
    """The modules of a session as the file writes them; those on file are read from their own table."""

    def get_value(self, instance: Session) -> tuple[tuple[str, int | None], ...]:
        typed = getattr(instance, "typed_shares", None)
        if typed is not None or instance.pk is None:
            return typed or ()
        return tuple((row.module.name, row.minutes) for row in instance.taught.all())

    def save(self, instance: Session, row: Row, is_m2m: bool = False, **kwargs: Any) -> None:
        instance.typed_shares = self.clean(row)


class SessionResource(ImportResource):
    """Sessions, known by their programme, group, day and start."""

    programme = Column("programme", "Programme", programme_cell(), required=True)
    group = Column("group", "Groupe", Text())
    day = Column("day", "Jour", Date(), required=True)
    start = Column("start", "Début", TimeOfDay(), required=True)
    end = Column("end", "Fin", TimeOfDay(), required=True)
    place = Column("place", "Lieu", Text())
    trainer = Column("trainer", "Formateur", Text())
    shares = SharesColumn("shares", "Modules", Shares(), required=True)

    class Meta(ImportResource.Meta):
        model = Session
        name = "seances"

    @cached_property
    def existing(self) -> dict[Hashable, Session]:
        rows = Session.objects.select_related("programme").prefetch_related("taught__module")
        return {(row.programme_id, search_key(row.group), row.day, row.start): row for row in rows}

    @cached_property
    def modules(self) -> dict[tuple[int, str], Module]:
        rows = Module.objects.select_related("programme")
        return {(row.programme_id, search_key(row.name)): row for row in rows}

    def identities(self, row: Row) -> list[Hashable]:
        key = self._key(row)
        return [key] if all(each is not None for each in key) else []

    def find(self, row: Row) -> Session | None:
        return self.existing.get(self._key(row))

    def import_instance(self, instance: Session, row: Row, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        try:
            taught = self._taught(instance)
        except ValidationError:
            return  # told when the session is written
        ordered = sorted(taught.items(), key=lambda item: (item[0].position, item[0].pk))
        instance.typed_shares = tuple((module.name, minutes) for module, minutes in ordered)

    def write(self, instance: Session) -> None:
        plan_session(instance, self._taught(instance), by=self.by)

    def _key(self, row: Row) -> tuple[Any, ...]:
        programme = self.value("programme", row)
        group = search_key(self.value("group", row) or "")
        return (programme and programme.pk, group, self.value("day", row), self.value("start", row))

    def _taught(self, session: Session) -> dict[Module, int]:
        chosen = {}
        for name, minutes in self.fields["shares"].get_value(session):
            module = self.modules.get((session.programme_id, search_key(name)))
            if module is None:
                raise ValidationError(
                    {"shares": f"« {name} » n’est pas un module de « {session.programme} »."}
                )
            chosen[module] = minutes
        if session.end <= session.start:
            raise ValidationError({"end": "La séance finit avant de commencer."})
        try:
            return share_out(session.minutes, chosen)
        except UnclearShares as fault:
            raise ValidationError({"shares": str(fault)}) from fault


class KeyColumn(Column):
    """A cell that tells which row the line speaks of: read, never written."""

    def save(self, instance: Attendance, row: Row, is_m2m: bool = False, **kwargs: Any) -> None:
        self.clean(row)


class PartColumn(Column):
    """A cell about the minutes or the absence; of a line on file, what its presence entry says."""

    def __init__(self, *args: Any, read: Callable[[Part], Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read = read

    def get_value(self, instance: Attendance) -> Any:
        if self.attribute in instance.__dict__:
            return instance.__dict__[self.attribute]
        return self.read(instance.entry.part) if instance.entry_id else None


def _is_paid(part: Part) -> bool | None:
    return part.kind == TimeKind.PAID_ABSENCE if part.reason else None


class AttendanceResource(AboutSomebody):
    """Attendance, known by its person and session (programme, day, start): minutes, or the reason of an absence."""

    file_number = Column("enrolment__beneficiary__file_number", "Numéro de dossier", Text(), readonly=True)
    last_name = Column("enrolment__beneficiary__last_name", "Nom", Text(), readonly=True)
    first_name = Column("enrolment__beneficiary__first_name", "Prénom", Text(), readonly=True)
    birth_date = Column("enrolment__beneficiary__birth_date", "Date de naissance", Date(), readonly=True)
    programme = KeyColumn("session__programme", "Programme", programme_cell(), required=True)
    day = KeyColumn("session__day", "Jour", Date(), required=True)
    start = KeyColumn("session__start", "Début", TimeOfDay(), required=True)
    minutes = PartColumn("typed_minutes", "Minutes", WholeNumber(), read=lambda part: part.minutes)
    reason = PartColumn(
        "typed_reason", "Absence : motif", Choice(AbsenceReason), read=lambda part: str(part.reason)
    )
    paid = PartColumn("typed_paid", "Absence payée", YesNo(), read=_is_paid)

    class Meta(ImportResource.Meta):
        model = Attendance
        name = "presences"

    @cached_property
    def existing(self) -> dict[Hashable, Attendance]:
        rows = Attendance.objects.select_related("entry", "enrolment__beneficiary", "session__programme")
        return {(row.session_id, row.enrolment_id): row for row in rows}

    @cached_property
    def sessions(self) -> dict[Hashable, list[Session]]:
        found: dict[Hashable, list[Session]] = defaultdict(list)
        for session in Session.objects.select_related("programme"):
            found[session.programme_id, session.day, session.start].append(session)
        return found

    @cached_property
    def enrolments(self) -> dict[Hashable, Enrolment]:
        rows = Enrolment.objects.select_related("beneficiary", "programme")
        return {(row.programme_id, row.beneficiary_id): row for row in rows}

    def identities(self, row: Row) -> list[Hashable]:
        try:
            found = self._place(row)
        except ValidationError:
            return []
        return [(found[0].pk, found[1].pk)] if found else []

    def find(self, row: Row) -> Attendance | None:
        found = self._place(row)
        return self.existing.get((found[0].pk, found[1].pk)) if found else None

    def init_instance(self, row: Row) -> Attendance:
        try:
            found = self._place(row)
        except ValidationError:
            found = None
        return Attendance(session=found[0], enrolment=found[1]) if found else Attendance()

    def import_instance(self, instance: Attendance, row: Row, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        part = self._part(instance)
        instance.typed_minutes, instance.typed_reason = part.minutes, str(part.reason)
        instance.typed_paid = _is_paid(part)

    def validate_instance(
        self, instance: Attendance, import_validation_errors: Any = None, validate_unique: Any = True
    ) -> None:
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def write(self, instance: Attendance) -> None:
        seen = instance.entry.part if instance.entry_id else None
        change = AttendanceChange(enrolment=instance.enrolment, part=self._part(instance), seen=seen)
        try:
            record_attendance(instance.session, [change], by=self.by, today=timezone.localdate())
        except AttendanceFaults as faults:
            raise ValidationError(list(faults.by_enrolment.values())) from faults

    def _place(self, row: Row) -> tuple[Session, Enrolment] | None:
        """The session and the enrolment that a line speaks of; None where its cells cannot be read."""
        programme, day, start = (self.value(name, row) for name in ("programme", "day", "start"))
        if programme is None or day is None or start is None:
            return None
        person = self._person(row)
        enrolment = self.enrolments.get((programme.pk, person.pk))
        if enrolment is None:
            raise ValidationError(
                {"session__programme": f"{person} n’y est pas inscrit : importez d’abord les inscriptions."}
            )
        sessions = [
            each
            for each in self.sessions[programme.pk, day, start]
            if is_expected(each.group, enrolment.group)
        ]
        if not sessions:
            raise ValidationError(
                {
                    "session__day": f"Aucune séance ne l’attend ce jour-là à {clock(start)} : importez d’abord les séances."
                }
            )
        return sessions[0], enrolment

    def _part(self, instance: Attendance) -> Part:
        minutes = instance.typed_minutes
        if minutes is not None and not 1 <= minutes <= instance.session.minutes:
            message = f"La séance compte {instance.session.minutes} minutes : écrivez de 1 à ce nombre."
            raise ValidationError({"typed_minutes": message})
        if not instance.typed_reason:
            if minutes is None:
                raise ValidationError(
                    {"typed_minutes": "Écrivez les minutes suivies, ou le motif de l’absence."}
                )
            return Part(TimeKind.TRAINING, minutes)
        reason = AbsenceReason(instance.typed_reason)
        kinds = {None: reason.usual_kind, True: TimeKind.PAID_ABSENCE, False: TimeKind.UNPAID_ABSENCE}
        return Part(kinds[instance.typed_paid], minutes or instance.session.minutes, reason)
