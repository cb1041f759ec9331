"""What is sent of the morning's presence: one tap, and the split of somebody's work between client jobs."""

import datetime as dt

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from beneficiaries.follow_up_forms import MinutesField
from beneficiaries.forms import HoursField
from beneficiaries.models import TimeEntry
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part, UnreadableCell, read_cell
from confluences.formats import duration
from worksites.job_actions import share_work
from worksites.models import JobOrder
from worksites.presence_enums import Tap
from worksites.presence_reports import PresenceRow
from worksites.presence_rules import UNFORESEEN, Refused, absence_part, hours_parts, late_parts

PAY = [
    ("", "paie d’usage"),
    (TimeKind.PAID_ABSENCE.value, "payée"),
    (TimeKind.UNPAID_ABSENCE.value, "non payée"),
]
AHEAD = "Ce jour n’est pas encore venu : seule une absence annoncée s’enregistre d’avance."
NOTHING_PLANNED = "Rien n’est prévu ce jour-là : écrivez les heures faites dans « Autre… »."


class SeenField(forms.CharField):
    """What its sender saw of a day, as the month grid writes it."""

    def to_python(self, value):
        try:
            return read_cell(super().to_python(value)[:200], 0)
        except UnreadableCell as error:
            raise ValidationError("Cette page a changé : rechargez-la, puis recommencez.") from error


class TapForm(forms.Form):
    """One tap on somebody's day; `parts` is what it makes of the day."""

    tap = forms.ChoiceField(choices=Tap)
    reason = forms.ChoiceField(choices=AbsenceReason, required=False)
    pay = forms.ChoiceField(choices=PAY, required=False)
    late = MinutesField(required=False)
    hours = HoursField(required=False)
    kind = forms.ChoiceField(
        choices=[(kind, kind.label) for kind in TimeKind.attended()], required=False, initial=TimeKind.WORK
    )
    rest = forms.ChoiceField(choices=AbsenceReason, required=False)
    seen = SeenField(required=False)

    def __init__(self, data, *, row: PresenceRow, today: dt.date):
        super().__init__(data)
        self.row, self.today = row, today
        self.parts: list[Part] = []

    @property
    def problem(self) -> str:
        return " ".join(error for errors in self.errors.values() for error in errors)

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            self.parts = self._parts(cleaned)
        except Refused as refusal:
            self.add_error(None, str(refusal))
        return cleaned

    def _parts(self, typed) -> list[Part]:
        tap, row = Tap(typed["tap"]), self.row
        self._refuse_ahead(tap, typed["reason"])
        pay = TimeKind(typed["pay"]) if typed["pay"] else None
        if tap == Tap.ERASE:
            return []
        if tap == Tap.HOURS:
            rest = AbsenceReason(typed["rest"]) if typed["rest"] else None
            kind = TimeKind(typed["kind"] or TimeKind.WORK)
            return hours_parts(row.planned, typed["hours"] or 0, kind, rest)
        if tap == Tap.HOLIDAY:
            return [absence_part(self._of_day(), AbsenceReason.HOLIDAY, pay)]
        if tap == Tap.ABSENT:
            if not typed["reason"]:
                raise Refused("Choisissez le motif de l’absence.")
            return [absence_part(self._of_day(), AbsenceReason(typed["reason"]), pay)]
        if not row.planned:
            raise Refused(NOTHING_PLANNED)
        if tap == Tap.LATE:
            return late_parts(row.planned, typed["late"] or 0)
        return [Part(Tap.whole_day()[tap], row.planned)]

    def _of_day(self) -> int:
        """The minutes of a whole day's absence; a public holiday is worth the weekday."""
        minutes = self.row.planned or self.row.usual
        if not minutes:
            raise Refused("Rien n’est prévu ce jour-là : il n’y a pas d’absence à noter.")
        return minutes

    def _refuse_ahead(self, tap: Tap, reason: str) -> None:
        if self.row.day <= self.today:
            return
        if tap not in Tap.ahead() or (tap == Tap.ABSENT and reason in UNFORESEEN):
            raise Refused(AHEAD)


class SplitForm(forms.Form):
    """Somebody's work of a day over the worksite's jobs: hours each; what is given to none stays without a job."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, entry: TimeEntry, jobs: list[JobOrder]):
        super().__init__(data)
        self.entry, self.is_conflict = entry, False
        self.standing = {
            share.job: share.minutes for share in entry.shares.select_related("job__worksite", "job__client")
        }
        self.jobs = [*jobs, *(job for job in self.standing if job not in jobs)]
        for job in self.jobs:
            self.fields[self._name(job)] = HoursField(
                label=str(job),
                required=False,
                initial=self.standing.get(job),
                widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
                error_messages={"invalid": "Écrivez des heures et des minutes, par exemple 4 ou 4:30."},
            )
        self.initial["seen"] = self._stamp()

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        return helper

    @property
    def shared(self) -> int:
        """The minutes typed so far, or recorded where nothing was typed yet."""
        if not self.is_bound:
            return sum(self.standing.values())
        typed = getattr(self, "cleaned_data", None) or {}
        return sum(typed.get(self._name(job)) or 0 for job in self.jobs)

    @property
    def total(self) -> str:
        """« Réparti : 4 h sur 6 h 30, 2 h 30 sans commande. »"""
        left = self.entry.minutes - self.shared
        said = f"Réparti : {duration(self.shared)} sur {duration(self.entry.minutes)}"
        if left < 0:
            return f"{said}, {duration(-left)} de trop."
        return f"{said}, {duration(left)} sans commande." if left else f"{said}, tout est réparti."

    def clean(self):
        cleaned = super().clean()
        if not self.errors and self.shared > self.entry.minutes:
            self.add_error(None, f"{self.total} Réduisez une part.")
        return cleaned

    def save(self) -> bool:
        """Writes the shares; False where they cannot be, with the reasons as errors of this form."""
        if not self.is_valid():
            return False
        wanted = {job: self.cleaned_data[self._name(job)] or 0 for job in self.jobs}
        if self.cleaned_data["seen"] != self._stamp() and wanted != self._whole():
            self._explain()
            return False
        try:
            share_work(self.entry, wanted)
        except ValidationError as error:
            self.add_error(None, error)
            return False
        return True

    def _explain(self) -> None:
        self.is_conflict = True
        self.data = self.data.copy()
        self.data["seen"] = self._stamp()
        shares = [f"{duration(minutes)} pour {job}" for job, minutes in self.standing.items()]
        now = ", ".join(shares) or "aucune commande"
        self.add_error(
            None,
            f"Quelqu’un vient de changer cette journée ({duration(self.entry.minutes)} de travail) : {now}. Rien n’est "
            "perdu : comparez avec vos heures ci-dessous, puis enregistrez à nouveau.",
        )

    def _whole(self) -> dict[JobOrder, int]:
        return {job: self.standing.get(job, 0) for job in self.jobs}

    def _stamp(self) -> str:
        shares = sorted((job.pk, minutes) for job, minutes in self.standing.items())
        return " ".join([str(self.entry.minutes), *(f"{pk}={minutes}" for pk, minutes in shares)])

    @staticmethod
    def _name(job: JobOrder) -> str:
        return f"job-{job.pk}"
