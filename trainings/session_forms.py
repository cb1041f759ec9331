"""What is typed about sessions: one of them, or a whole series."""

import datetime as dt
import hashlib

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator

from beneficiaries.forms import in_columns, validate_not_far_ahead
from beneficiaries.outcome_forms import TimeInput
from confluences.forms import DateInput, RecordedForm
from confluences.models import User
from trainings.models import Module, Programme, Session
from trainings.models.session import MAX_MINUTES
from trainings.programme_forms import LongHoursField
from trainings.programme_reports import known_groups
from trainings.session_actions import minutes_left, plan_session, plan_sessions
from trainings.session_reports import known_places, known_trainers, last_session, next_day
from trainings.session_rules import (
    MAX_SESSIONS,
    HalfDay,
    NoSeries,
    PlannedSession,
    UnclearShares,
    minutes_between,
    plan_series,
    share_out,
    week_of,
)

MORNING = (dt.time(9), dt.time(12, 30))
AFTERNOON = (dt.time(13, 30), dt.time(17))
WEEKDAYS = [
    ("1", "lundi"),
    ("2", "mardi"),
    ("3", "mercredi"),
    ("4", "jeudi"),
    ("5", "vendredi"),
    ("6", "samedi"),
]
CLOSED_WEEKS = 6
LISTS = '{% include "trainings/session_lists.html" %}'


def _propose(field: forms.Field, name: str) -> None:
    field.widget.attrs |= {"list": name, "autocomplete": "off"}


class Proposals:
    """What the lists under the fields of a session propose."""

    def __init__(self, programme: Programme) -> None:
        self.groups = known_groups(programme)
        self.places = known_places()
        self.trainers = known_trainers()

    @staticmethod
    def tie(fields: dict[str, forms.Field]) -> None:
        for name, listed in (("group", "groupes"), ("place", "lieux"), ("trainer", "formateurs")):
            _propose(fields[name], listed)


class SessionForm(RecordedForm):
    """A session and the minutes it gives to each module; a module chosen alone takes all of it."""

    class Meta:
        model = Session
        fields = ["day", "start", "end", "group", "place", "trainer"]
        widgets = {"start": TimeInput, "end": TimeInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.programme = self.instance.programme
        self.proposals = Proposals(self.programme)
        self.proposals.tie(self.fields)
        self.left = minutes_left(self.programme, self.instance.group)
        for module in self.left:
            self.fields[f"module_{module.pk}"] = forms.BooleanField(
                label=module.name,
                required=False,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )
            self.fields[f"minutes_{module.pk}"] = LongHoursField(
                label=f"Durée : {module.name}",
                required=False,
                validators=[MinValueValidator(1, "Un module de séance compte au moins une minute.")],
            )
            self.fields[f"minutes_{module.pk}"].widget.attrs["class"] = "form-control"
        self._begin()

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            in_columns("day", "start", "end"),
            in_columns("place", "trainer", "group"),
            HTML('{% include "trainings/session_modules.html" %}'),
            HTML(LISTS),
        )
        return helper

    @property
    def lines(self) -> list[tuple[Module, int, forms.BoundField, forms.BoundField]]:
        """Each module with what is left to plan and its two fields."""
        return [
            (module, left, self[f"module_{module.pk}"], self[f"minutes_{module.pk}"])
            for module, left in self.left.items()
        ]

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        self.taught: dict[Module, int] = {}
        if (
            start is None
            or end is None
            or end <= start
            or any(name.startswith("minutes_") for name in self.errors)
        ):
            return cleaned
        try:
            self.taught = share_out(minutes_between(start, end), self._chosen(cleaned))
        except UnclearShares as fault:
            raise ValidationError(str(fault)) from fault
        return cleaned

    def perform(self, user):
        return plan_session(self.instance, self.taught, by=user)

    def shown(self, row, name):
        prefix, _underscore, pk = name.partition("_")
        if prefix not in ("module", "minutes") or not pk:
            return super().shown(row, name)
        if row is self.instance:
            minutes = {module.pk: each for module, each in self.taught.items()}.get(int(pk))
        else:
            minutes = dict(row.taught.values_list("module", "minutes")).get(int(pk))
        if prefix == "module":
            return "oui" if minutes else "non"
        return self.fields[name].prepare_value(minutes) if minutes else ""

    def _chosen(self, cleaned: dict) -> dict[Module, int | None]:
        """The modules ticked or given minutes; minutes typed without the tick count."""
        return {
            module: cleaned.get(f"minutes_{module.pk}")
            for module in self.left
            if cleaned.get(f"module_{module.pk}") or cleaned.get(f"minutes_{module.pk}")
        }

    def _begin(self) -> None:
        if self.instance.pk:
            taught = dict(self.instance.taught.values_list("module", "minutes"))
            for pk, minutes in taught.items():
                self.initial |= {f"module_{pk}": True, f"minutes_{pk}": minutes}
            return
        last = last_session(self.programme)
        start, end = (last.start, last.end) if last else MORNING
        self.initial = {
            "start": start,
            "end": end,
            "group": last.group if last else "",
            "place": last.place if last else "",
            "trainer": last.trainer if last else "",
        } | {name: value for name, value in self.initial.items() if value}


class SeriesForm(forms.Form):
    """Many sessions in one go: half-days of the week, until the modules are covered or a number is reached."""

    first = forms.DateField(label="À partir du", widget=DateInput, validators=[validate_not_far_ahead])
    count = forms.IntegerField(
        label="Nombre de séances",
        required=False,
        min_value=1,
        max_value=MAX_SESSIONS,
        help_text="Vide : jusqu’à ce que toutes les heures des modules soient prévues.",
    )
    mornings = forms.MultipleChoiceField(
        label="Matins", choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, required=False
    )
    morning_start = forms.TimeField(label="Matin, de", widget=TimeInput, initial=MORNING[0])
    morning_end = forms.TimeField(label="Matin, jusqu’à", widget=TimeInput, initial=MORNING[1])
    afternoons = forms.MultipleChoiceField(
        label="Après-midi", choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, required=False
    )
    afternoon_start = forms.TimeField(label="Après-midi, de", widget=TimeInput, initial=AFTERNOON[0])
    afternoon_end = forms.TimeField(label="Après-midi, jusqu’à", widget=TimeInput, initial=AFTERNOON[1])
    place = forms.CharField(label="Lieu", max_length=150, required=False)
    trainer = forms.CharField(label="Formateur", max_length=100, required=False)
    group = forms.CharField(
        label="Groupe",
        max_length=30,
        required=False,
        help_text="Vide : les séances attendent tous les inscrits.",
    )
    # What the preview showed: nothing else is saved.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, programme: Programme, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.planned: list[PlannedSession[Module]] = []
        for number in range(1, CLOSED_WEEKS + 1):
            self.fields[f"closed_{number}"] = forms.DateField(
                label=f"Semaine fermée {number}", widget=DateInput, required=False
            )
        self.proposals = Proposals(programme)
        self.proposals.tie(self.fields)
        last = last_session(programme)
        self.initial = {
            "first": next_day(programme, today),
            "place": last.place if last else "",
            "trainer": last.trainer if last else "",
            "group": last.group if last else "",
        }

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        closed = [f"closed_{number}" for number in range(1, CLOSED_WEEKS + 1)]
        helper.layout = Layout(
            in_columns("first", "count"),
            Fieldset(
                "Demi-journées",
                Field("mornings", wrapper_class="boxes"),
                Field("afternoons", wrapper_class="boxes"),
                in_columns("morning_start", "morning_end"),
                in_columns("afternoon_start", "afternoon_end"),
            ),
            in_columns("place", "trainer", "group"),
            Fieldset(
                "Semaines sans formation",
                HTML(
                    '<p class="form-note">Un jour de chaque semaine fermée. Les jours fériés sont évités d’eux-mêmes.</p>'
                ),
                in_columns(*closed[:3]),
                in_columns(*closed[3:]),
            ),
            HTML(LISTS),
        )
        return helper

    @property
    def status(self) -> int:
        return 422 if self.errors else 200

    @property
    def digest(self) -> str:
        """What tells two plans apart: somebody may have planned since the preview."""
        told = [
            (
                each.day.isoformat(),
                f"{each.start:%H:%M}",
                f"{each.end:%H:%M}",
                [(m.pk, n) for m, n in each.taught],
            )
            for each in self.planned
        ]
        return hashlib.sha256(repr((self.cleaned_data.get("group"), told)).encode()).hexdigest()[:16]

    @property
    def was_seen(self) -> bool:
        return self.cleaned_data.get("seen") == self.digest

    @property
    def minutes(self) -> int:
        return sum(each.minutes for each in self.planned)

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        half_days = self._half_days("morning") + self._half_days("afternoon")
        if any(half_day.minutes > MAX_MINUTES for half_day in half_days):
            raise ValidationError(
                "Une séance est une demi-journée, de 5 heures au plus : corrigez les heures."
            )
        try:
            self.planned = plan_series(
                cleaned["first"],
                half_days,
                minutes_left(self.programme, cleaned["group"]),
                closed_weeks={week_of(day) for day in self._closed_days()},
                at_most=cleaned["count"],
            )
        except NoSeries as fault:
            raise ValidationError(str(fault)) from fault
        return cleaned

    def save_by(self, user: User) -> list[Session] | None:
        """Writes the sessions of the preview; None where they clash with others, which become this form's errors."""
        typed = self.cleaned_data
        try:
            return plan_sessions(
                self.planned,
                programme=self.programme,
                group=typed["group"],
                place=typed["place"],
                trainer=typed["trainer"],
                by=user,
            )
        except ValidationError as error:
            self.add_error(None, error.messages)
            return None

    def _half_days(self, part: str) -> list[HalfDay]:
        start, end = self.cleaned_data[f"{part}_start"], self.cleaned_data[f"{part}_end"]
        return [HalfDay(int(weekday), start, end) for weekday in self.cleaned_data[f"{part}s"]]

    def _closed_days(self) -> list[dt.date]:
        days = [self.cleaned_data[f"closed_{number}"] for number in range(1, CLOSED_WEEKS + 1)]
        return [day for day in days if day]
