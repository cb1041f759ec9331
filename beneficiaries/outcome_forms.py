"""What is set going while a follow-up is typed: the next appointment, steps, freins. Parts of the follow-up's form."""

import datetime as dt
from collections.abc import Iterable

from crispy_forms.layout import HTML, Column, Fieldset, LayoutObject, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from beneficiaries.forms import in_columns, validate_not_far_ahead
from beneficiaries.models import Appointment, BarrierAssessment, FollowUp, Step
from beneficiaries.permissions import can_read_protected
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, FollowUpKind, Theme
from confluences.enums import Role
from confluences.forms import DateInput
from confluences.models import User

MAX_STEPS = 3  # of one talk; more are opened from the person's page
SOCIAL_WORKERS_ONLY = "travailleurs sociaux seulement"


class TimeInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class Disclosure(Fieldset):
    """Fields behind their title, open as soon as one of those that tell holds something or is refused."""

    template = "beneficiaries/disclosure.html"

    def __init__(self, legend: str, *fields: str | LayoutObject, telling: Iterable[str], **kwargs):
        super().__init__(legend, *fields, **kwargs)
        self.telling = tuple(telling)
        self.open = False

    def render(self, form, context, *args, **kwargs):
        self.open = any(form[name].value() or form[name].errors for name in self.telling)
        return super().render(form, context, *args, **kwargs)


def side_by_side(first: str, second: str) -> Row:
    """A date and a short field on one line, on a telephone too."""
    return Row(Column(first, css_class="col-7 col-sm-6"), Column(second, css_class="col-5 col-sm-6"))


def note_line(text: str) -> HTML:
    return HTML(f'<p class="form-note">{text}</p>')


def validate_not_past(day: dt.date) -> None:
    if day < timezone.localdate():
        raise ValidationError(
            "Cette date est déjà passée : un rendez-vous est à venir. Ce qui a eu lieu est un suivi."
        )


def validate_due(day: dt.date) -> None:
    if day < timezone.localdate():
        raise ValidationError("Cette date est déjà passée : donnez-en une à venir.")


def workers_for(*kept: int | None) -> QuerySet[User]:
    """The social workers who may receive people; those already chosen stay, whatever became of their account."""
    active = Q(is_active=True, groups__name=Role.SOCIAL_WORKER.label)
    return User.objects.filter(active | Q(pk__in=[pk for pk in kept if pk])).distinct()


def themes_for(user: User, themes: Iterable[Theme] = tuple(Theme)) -> list[Theme]:
    """The themes that this user may write about."""
    hidden = set() if can_read_protected(user) else Theme.protected()
    return [theme for theme in themes if theme not in hidden]


def theme_choices(user: User) -> list[tuple[str, str]]:
    """The themes as a list offers them; where not the whole team will read, it says so."""
    return [
        (theme.value, f"{theme.label} ({SOCIAL_WORKERS_ONLY})" if theme in Theme.protected() else theme.label)
        for theme in themes_for(user)
    ]


class NextAppointment:
    """The appointment given at the end of a talk."""

    def __init__(self, follow_up: FollowUp, user: User):
        self.follow_up, self.user = follow_up, user

    def fields(self) -> dict[str, forms.Field]:
        return {
            "next_on": forms.DateField(
                label="Rendez-vous le",
                widget=DateInput(),
                required=False,
                validators=[validate_not_past, validate_not_far_ahead],
            ),
            "next_at": forms.TimeField(label="Heure", widget=TimeInput(), required=False),
            "next_worker": forms.ModelChoiceField(
                workers_for(self.user.pk),
                label="Avec",
                initial=self.user.pk,
                required=False,
                empty_label=None,
            ),
            "next_kind": forms.ChoiceField(
                label="Type du rendez-vous",
                choices=FollowUpKind.choices,
                initial=FollowUpKind.INTERVIEW,
                required=False,
            ),
        }

    def layout(self) -> Disclosure:
        return Disclosure(
            "Prochain rendez-vous",
            side_by_side("next_on", "next_at"),
            in_columns("next_worker", "next_kind"),
            telling=["next_on", "next_at"],
        )

    def faults(self, typed: dict) -> dict[str, str]:
        if typed.get("next_at") and "next_on" in typed and not typed["next_on"]:
            return {"next_on": "Vous donnez une heure : donnez aussi la date, ou effacez l’heure."}
        return {}

    def row(self, typed: dict) -> Appointment | None:
        if not typed["next_on"]:
            return None
        return Appointment(
            beneficiary=self.follow_up.beneficiary,
            on=typed["next_on"],
            at=typed["next_at"],
            worker=typed["next_worker"] or self.user,
            kind=typed["next_kind"] or FollowUpKind.INTERVIEW,
        )


class NewSteps:
    """The steps that a talk opens: what will be done, about what and by when. Whoever types them sees to them."""

    def __init__(self, follow_up: FollowUp, user: User):
        self.follow_up, self.user = follow_up, user

    def fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        themes = [("", "choisir"), *theme_choices(self.user)]
        for number in range(1, MAX_STEPS + 1):
            fields |= {
                f"step_{number}_action": forms.CharField(
                    label=f"Démarche {number}",
                    max_length=Step._meta.get_field("action").max_length,
                    required=False,
                ),
                f"step_{number}_theme": forms.ChoiceField(
                    label=f"Thème {number}", choices=themes, required=False
                ),
                f"step_{number}_due": forms.DateField(
                    label=f"Échéance {number}",
                    widget=DateInput(),
                    required=False,
                    validators=[validate_due],
                ),
            }
        return fields

    def layout(self) -> Disclosure:
        rows = [
            Row(
                Column(f"step_{number}_action", css_class="col-sm-6"),
                Column(f"step_{number}_theme", css_class="col-sm-3"),
                Column(f"step_{number}_due", css_class="col-sm-3"),
            )
            for number in range(1, MAX_STEPS + 1)
        ]
        return Disclosure(
            "Démarches à ouvrir",
            note_line(
                "Ce qui va être fait, en mots que la personne peut lire. Lu par : travailleurs sociaux et direction ; "
                f"santé et justice, {SOCIAL_WORKERS_ONLY}."
            ),
            *rows,
            telling=self.fields(),
            css_class="step-lines",
        )

    def faults(self, typed: dict) -> dict[str, str]:
        found = {}
        for number in range(1, MAX_STEPS + 1):
            action, theme, due = (typed.get(f"step_{number}_{part}") for part in ("action", "theme", "due"))
            if (theme or due) and not action:
                found[f"step_{number}_action"] = (
                    "Écrivez ce qui est à faire, ou effacez le reste de la ligne."
                )
            elif action and not theme:
                found[f"step_{number}_theme"] = "Choisissez le thème de cette démarche."
        return found

    def rows(self, typed: dict) -> list[Step]:
        return [
            Step(
                beneficiary=self.follow_up.beneficiary,
                theme=typed[f"step_{number}_theme"],
                action=typed[f"step_{number}_action"],
                due=typed[f"step_{number}_due"],
                opened_on=self.follow_up.on,
                worker=self.user,
            )
            for number in range(1, MAX_STEPS + 1)
            if typed[f"step_{number}_action"]
        ]


class BarrierUpdates:
    """The freins whose level a talk changes, among the axes that the writer may see."""

    def __init__(self, follow_up: FollowUp, user: User):
        self.follow_up = follow_up
        self.axes = themes_for(user, Theme.axes())
        known = BarrierAssessment.objects.visible_to(user).filter(beneficiary=follow_up.beneficiary)
        self.latest = {row.axis: row for row in known.order_by("assessed_on", "pk")}

    def fields(self) -> dict[str, forms.Field]:
        levels = [(level.value, f"{level.label} : {level.meaning}") for level in BarrierLevel]
        return {
            f"barrier_{axis}": forms.TypedChoiceField(
                label=capfirst(axis.label),
                choices=[("", f"inchangé ({self._level(axis).label})"), *levels],
                coerce=int,
                empty_value=None,
                required=False,
                help_text=f"Lu par : {SOCIAL_WORKERS_ONLY}." if axis in Theme.protected() else "",
            )
            for axis in self.axes
        }

    def layout(self) -> Disclosure:
        names = [f"barrier_{axis}" for axis in self.axes]
        pairs = [in_columns(*names[index : index + 2]) for index in range(0, len(names), 2)]
        return Disclosure(
            "Freins à mettre à jour",
            note_line("Ce qui gêne le travail ou la recherche d’emploi, jamais un diagnostic ni un délit."),
            *pairs,
            telling=names,
        )

    def rows(self, typed: dict) -> list[BarrierAssessment]:
        return [
            self._assessment(axis, typed[f"barrier_{axis}"])
            for axis in self.axes
            if typed[f"barrier_{axis}"] is not None
        ]

    def _level(self, axis: Theme) -> BarrierLevel:
        return BarrierLevel(self.latest[axis].level) if axis in self.latest else BarrierLevel.UNKNOWN

    def _assessment(self, axis: Theme, level: int) -> BarrierAssessment:
        """The new level; what was said of the frein before still holds while it lasts."""
        latest = self.latest.get(axis)
        lasts = latest is not None and level >= BarrierLevel.LOW
        return BarrierAssessment(
            beneficiary=self.follow_up.beneficiary,
            axis=axis,
            level=level,
            assessed_on=self.follow_up.on,
            status=latest.status if latest else BarrierStatus.IDENTIFIED,
            effect=latest.effect if lasts else "",
        )
