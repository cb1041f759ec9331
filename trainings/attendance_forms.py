"""What is typed on a session's attendance sheet: a line a person, saved all together."""

import datetime as dt
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.http import QueryDict

from beneficiaries.follow_up_forms import MinutesField
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.formats import duration
from confluences.forms import FieldConflict
from confluences.models import User
from trainings.attendance_actions import (
    AttendanceChange,
    AttendanceConflict,
    AttendanceFaults,
    Freed,
    Reduction,
    record_sheet,
)
from trainings.attendance_reports import ExpectedPerson, Sheet, attendance_sheet
from trainings.models import Enrolment, Session

NOT_YET, PRESENT, SOME, ABSENT = "", "present", "minutes", "absent"
STATES = [(PRESENT, "Présent"), (SOME, "En partie"), (ABSENT, "Absent"), (NOT_YET, "Non saisi")]
PAY = [
    ("", "selon le motif"),
    (TimeKind.PAID_ABSENCE.value, "payée"),
    (TimeKind.UNPAID_ABSENCE.value, "non payée"),
]
REASONS = [
    ("", "choisir"),
    *((reason.value, reason.label) for reason in AbsenceReason if reason != AbsenceReason.HOLIDAY),
]


def write_seen(part: Part | None) -> str:
    """What a page sends back of what it showed.

    >>> read_seen(write_seen(Part(TimeKind.TRAINING, 210)))
    Part(kind=TimeKind.TRAINING, minutes=210, reason='')
    """
    return f"{part.kind}:{part.minutes}:{part.reason}" if part else ""


def read_seen(text: str) -> Part | None:
    """Raises ValueError for what no page of ours sent."""
    if not text:
        return None
    kind, minutes, reason = text.split(":")
    return Part(TimeKind(kind), int(minutes), AbsenceReason(reason) if reason else "")


def in_words(part: Part | None, session: Session) -> str:
    """A line as people read it."""
    if part is None:
        return "non saisi"
    if not part.reason:
        whole = part.minutes == session.minutes
        return "présent, toute la séance" if whole else f"présent {duration(part.minutes)}"
    paid = "payée" if part.kind == TimeKind.PAID_ABSENCE else "non payée"
    return f"absent, {AbsenceReason(part.reason).label}, {paid}"


class LineForm(forms.Form):
    """One person's line: there for the whole session, for some minutes, or away for a reason."""

    state = forms.ChoiceField(label="Présence", choices=STATES, required=False, widget=forms.RadioSelect)
    minutes = MinutesField(
        label="Minutes suivies", required=False, validators=[MinValueValidator(1, "Au moins une minute.")]
    )
    reason = forms.ChoiceField(label="Motif", choices=REASONS, required=False)
    pay = forms.ChoiceField(label="Absence", choices=PAY, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, line: ExpectedPerson, session: Session, **kwargs):
        super().__init__(
            *args, prefix=f"p{line.enrolment.pk}", initial=_initial(line.part, session), **kwargs
        )
        self.line, self.session = line, session
        self.fields["minutes"].widget.attrs["class"] = "form-control"
        if line.part is not None and line.part.reason == AbsenceReason.HOLIDAY:
            self.fields["reason"].choices = [
                *REASONS,
                (AbsenceReason.HOLIDAY.value, AbsenceReason.HOLIDAY.label),
            ]
        for name in ("reason", "pay"):
            self.fields[name].widget.attrs["class"] = "form-select"

    @property
    def enrolment(self) -> Enrolment:
        return self.line.enrolment

    @property
    def anchor(self) -> str:
        return f"ligne-{self.enrolment.pk}"

    @property
    def words(self) -> str:
        return in_words(self.line.part, self.session)

    @property
    def is_away(self) -> bool:
        return self.line.part is not None and bool(self.line.part.reason)

    def clean_seen(self) -> Part | None:
        try:
            return read_seen(self.cleaned_data["seen"])
        except ValueError as error:
            raise ValidationError("Cette ligne est illisible : rechargez la page.") from error

    def clean(self):
        cleaned = super().clean()
        state, minutes = cleaned.get("state"), cleaned.get("minutes")
        if state == SOME and "minutes" not in self.errors:
            if minutes is None:
                self.add_error("minutes", "Écrivez les minutes suivies, par exemple 90 ou 1 h 30.")
            elif minutes > self.session.minutes:
                self.add_error("minutes", f"La séance ne dure que {duration(self.session.minutes)}.")
        if state == ABSENT and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Choisissez le motif de l’absence.")
        return cleaned

    def part(self, *, everybody: bool) -> Part | None:
        """What the line becomes; `everybody` makes present whoever was not recorded."""
        typed = self.cleaned_data
        state = typed["state"]
        if state == NOT_YET and everybody and self.line.part is None:
            state = PRESENT
        if state == NOT_YET:
            return None
        if state != ABSENT:
            return Part(TimeKind.TRAINING, self.session.minutes if state == PRESENT else typed["minutes"])
        reason = AbsenceReason(typed["reason"])
        kind = TimeKind(typed["pay"]) if typed["pay"] else reason.usual_kind
        return Part(kind, self.session.minutes, reason)


def _initial(part: Part | None, session: Session) -> dict[str, object]:
    seen = {"seen": write_seen(part)}
    if part is None:
        return {"state": NOT_YET, **seen}
    if part.reason:
        pay = "" if part.kind == AbsenceReason(part.reason).usual_kind else part.kind.value
        return {"state": ABSENT, "reason": str(part.reason), "pay": pay, **seen}
    if part.minutes == session.minutes:
        return {"state": PRESENT, **seen}
    return {"state": SOME, "minutes": part.minutes, **seen}


class SheetForm:
    """A whole attendance sheet. `guests` are people of another group who are added while it is typed."""

    def __init__(self, sheet: Sheet, data: QueryDict | None = None):
        self.sheet, self.data = sheet, data
        self.conflicts: list[FieldConflict] = []
        self.in_conflict = False
        self.is_checked = False  # adding somebody checks nothing: the others are still being typed
        self.effects: list[Reduction | Freed] = []
        lines = [*sheet.lines, *self._guests()]
        self.lines = [LineForm(data, line=line, session=sheet.session) for line in lines]

    @property
    def status(self) -> int:
        if self.in_conflict:
            return 409
        return 422 if self.faults else 200

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """Who, what is wrong, and where it is on the page."""
        if not self.is_checked:
            return []
        return [
            (str(line.enrolment.beneficiary), " ".join(errors), line.anchor)
            for line in self.lines
            for errors in line.errors.values()
        ]

    @property
    def guests(self) -> Sequence[int]:
        """The people added and not recorded yet, for the page to send again."""
        standing = {line.enrolment.pk for line in self.sheet.lines}
        return [line.enrolment.pk for line in self.lines if line.enrolment.pk not in standing]

    @property
    def others(self):
        return [each for each in self.sheet.others if each.pk not in self.guests]

    def save_by(self, user: User, today: dt.date) -> bool:
        """Writes the lines that changed, all or none; what cannot be written is told on its line."""
        self.is_checked = True
        if not all(line.is_valid() for line in self.lines):
            return False
        everybody = "everybody" in self.data
        try:
            changes = self._changes(everybody=everybody)
            self.effects = record_sheet(self.sheet.session, changes, by=user, today=today)
        except AttendanceFaults as faults:
            for line in self.lines:
                message = faults.by_enrolment.get(line.enrolment.pk)
                if message:
                    line.add_error(None, message)
            if isinstance(faults, AttendanceConflict):
                self._explain(attendance_sheet(user, self.sheet.session), everybody=everybody)
            return False
        return True

    def _guests(self) -> list[ExpectedPerson]:
        if self.data is None:
            return []
        asked = {*self.data.getlist("guest"), self.data.get("added", "")}
        return [
            ExpectedPerson(each, None, is_guest=True) for each in self.sheet.others if str(each.pk) in asked
        ]

    def _changes(self, *, everybody: bool) -> list[AttendanceChange]:
        changes = []
        for line in self.lines:
            part, seen = line.part(everybody=everybody), line.cleaned_data["seen"]
            if part != seen:
                changes.append(AttendanceChange(enrolment=line.enrolment, part=part, seen=seen))
        return changes

    def _explain(self, current: Sheet, *, everybody: bool) -> None:
        """Both versions of the lines that somebody changed meanwhile; saving again is then a choice."""
        self.in_conflict = True
        self.data = self.data.copy()
        parts = {each.enrolment.pk: each.part for each in current.lines}
        for line in self.lines:
            now, seen = parts.get(line.enrolment.pk), line.cleaned_data["seen"]
            yours = line.part(everybody=everybody)
            if now == seen or yours in (seen, now):
                continue
            self.conflicts.append(
                FieldConflict(
                    str(line.enrolment.beneficiary),
                    in_words(now, self.sheet.session),
                    in_words(yours, self.sheet.session),
                )
            )
            line.data = self.data
            self.data[line.add_prefix("seen")] = write_seen(now)
