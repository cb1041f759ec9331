"""What is typed about freins, steps and the professional project."""

import datetime as dt

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst

from beneficiaries.forms import in_columns, validate_not_to_come
from beneficiaries.models import BarrierAssessment, Beneficiary, CareerProject, Step
from beneficiaries.permissions import can_read_protected, visible_themes
from beneficiaries.project_reports import known_jobs
from beneficiaries.support_actions import assess_barrier, save_project, stamp
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, StepStatus, Theme
from confluences.actions import save_recorded
from confluences.enums import Role
from confluences.forms import RecordedForm
from confluences.models import User
from confluences.text import without_controls

DIRECTION = "De 0 à 4 : plus le niveau monte, plus cela gêne le travail ou la recherche d’emploi."
LEVELS = [(level.value, f"{level.value} · {level.label} : {level.meaning}") for level in BarrierLevel]


def born_before(person: Beneficiary):
    """A validator that refuses a day before somebody's birth, which only a mistyped year explains."""

    def validate(day: dt.date) -> None:
        if day < person.birth_date:
            raise ValidationError("Cette date est avant la naissance de la personne : vérifiez l’année.")

    return validate


class BarrierForm(RecordedForm):
    """One axis on a day. It begins as the axis stands; a colleague's assessment of that day is never lost."""

    level = forms.TypedChoiceField(
        label="Niveau", choices=LEVELS, coerce=int, widget=forms.RadioSelect, help_text=DIRECTION
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = BarrierAssessment
        fields = ["level", "status", "effect", "assessed_on"]

    def __init__(self, *args, latest: BarrierAssessment | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assessed_on"].validators.append(born_before(self.instance.beneficiary))
        if self.instance.pk is None:
            self._begin_as(latest)

    @property
    def axis(self) -> Theme:
        return Theme(self.instance.axis)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout("level", in_columns("status", "assessed_on"), "effect")
        return helper

    def clean(self):
        cleaned = super().clean()
        lifted = cleaned.get("status") == BarrierStatus.LIFTED
        if lifted and cleaned.get("level", 0) >= BarrierLevel.MEDIUM:
            self.add_error(
                "level",
                "Un frein levé ne gêne plus : choisissez « faible » ou « pas un frein », ou un autre état.",
            )
        return cleaned

    def perform(self, user):
        return assess_barrier(self.instance, by=user, seen=self.cleaned_data["seen"])

    def _begin_as(self, latest: BarrierAssessment | None) -> None:
        today = timezone.localdate()
        self.initial["assessed_on"] = today
        if latest is None:
            self.initial["level"] = None
            return
        self.initial |= {"level": latest.level, "status": latest.status, "effect": latest.effect}
        if latest.assessed_on == today:
            self.initial["seen"] = stamp(latest)

    def _explain(self, current):
        super()._explain(current)
        if self.instance.pk is None:
            self.data["seen"] = stamp(current)


class StepForm(RecordedForm):
    """One step: what is missing, what is done about it, who does it, until when, and what came of it."""

    class Meta:
        model = Step
        fields = [
            "theme",
            "action",
            "need",
            "worker",
            "side",
            "partner",
            "opened_on",
            "due",
            "status",
            "closed_on",
            "minutes",
            "result",
        ]
        widgets = {"result": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [
            ("", "à choisir"),
            *((theme.value, theme.label) for theme in visible_themes(user)),
        ]
        workers = active_social_workers(also=self.instance.worker_id)
        self.fields["worker"].queryset = workers
        self.fields["worker"].empty_label = "la personne elle-même"
        self.fields["worker"].help_text = ""
        self.fields["opened_on"].validators += [
            validate_not_to_come,
            born_before(self.instance.beneficiary),
        ]
        self.fields["closed_on"].validators.append(validate_not_to_come)
        self.fields["minutes"].required = False
        if self.instance.pk is None:
            self.initial["worker"] = user.pk if workers.filter(pk=user.pk).exists() else None

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            in_columns("theme", "worker"),
            "action",
            "need",
            in_columns("side", "partner"),
            in_columns("opened_on", "due"),
            in_columns("status", "closed_on", "minutes"),
            "result",
        )
        return helper

    def clean_minutes(self):
        return self.cleaned_data["minutes"] or 0

    def clean_result(self):
        return without_controls(self.cleaned_data["result"])

    def clean(self):
        cleaned = super().clean()
        opened_on, due, closed_on = (cleaned.get(name) for name in ("opened_on", "due", "closed_on"))
        if opened_on and due and due < opened_on:
            self.add_error(
                "due", "L’échéance est avant l’ouverture de la démarche : vérifiez les deux dates."
            )
        if opened_on and closed_on and closed_on < opened_on:
            self.add_error(
                "closed_on", "La démarche se termine avant d’être ouverte : vérifiez les deux dates."
            )
        if "closed_on" not in self.errors:
            self._match_status(cleaned.get("status"), closed_on)
        return cleaned

    def _match_status(self, status, closed_on) -> None:
        if status == StepStatus.OPEN and closed_on:
            self.add_error(
                "closed_on",
                "Une démarche à faire n’a pas de date de fin : effacez-la, ou choisissez « faite ».",
            )
        if status in {StepStatus.DONE, StepStatus.DROPPED} and not closed_on:
            self.add_error("closed_on", "Indiquez le jour où la démarche a été faite ou abandonnée.")

    def perform(self, user):
        return save_recorded(self.instance, by=user)


class ProjectForm(RecordedForm):
    """A stage of the project. Jobs already typed are suggested, with their ROME codes."""

    class Meta:
        model = CareerProject
        fields = ["stage", "decided_on", "job", "rome_code", "detail"]
        widgets = {"detail": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"rome_code": "Une lettre de A à N et quatre chiffres : A1203 pour un jardinier."}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decided_on"].validators.append(born_before(self.instance.beneficiary))
        self.jobs = known_jobs(user)
        self.fields["job"].widget.attrs["list"] = "metiers"
        self.fields["rome_code"].widget.attrs["list"] = "codes-rome"

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(in_columns("stage", "decided_on"), in_columns("job", "rome_code"), "detail")
        return helper

    @property
    def codes(self) -> list[tuple[str, str]]:
        return [(job, code) for job, code in self.jobs if code]

    def clean_rome_code(self):
        return self.cleaned_data["rome_code"].upper()

    def clean_detail(self):
        return without_controls(self.cleaned_data["detail"])

    def perform(self, user):
        return save_project(self.instance, by=user)


class VersionForm(forms.Form):
    """The version of a row that a button was shown with."""

    opened_version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def version(self) -> int:
        """What was sent; 0, which no row has, where that was no number."""
        return self.cleaned_data["opened_version"] if self.is_valid() else 0


def active_social_workers(*, also: int | None):
    """Those who can take something on, and whoever already has."""
    active = Q(is_active=True, groups__name=Role.SOCIAL_WORKER.label)
    return User.objects.filter(active | Q(pk=also)).distinct().order_by("last_name", "first_name", "pk")


def readers(user: User, axis: Theme) -> str:
    """Who will be able to read what is typed about an axis."""
    if axis in Theme.protected() and can_read_protected(user):
        return f"{capfirst(axis.label)} : lu par les travailleurs sociaux seulement."
    return "Lu par les travailleurs sociaux et la direction."
