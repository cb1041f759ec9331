"""What is typed about people. Every form saves through one action; what it cannot save comes back filled."""

import datetime as dt
import re

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from beneficiaries import rules
from beneficiaries.actions import save_contract, save_pass_change
from beneficiaries.models import (
    Beneficiary,
    Contract,
    EntrySituation,
    Pass,
    Prolongation,
    ProtectedSituation,
    Suspension,
)
from beneficiaries.permissions import possible_referents, visible_people
from beneficiaries.reports import Lookalike, lookalikes
from beneficiaries.work_day_rules import WEEKDAY_CHOICES
from confluences.dates import add_months, day_after
from confluences.formats import french_date
from confluences.forms import RecordedForm
from confluences.models import User

HOURS = re.compile(r"(?P<hours>\d{1,5})\s*(?:[h:]\s*(?P<minutes>[0-5]?\d)?\s*(?:min)?)?", re.IGNORECASE)
THOUSANDS = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")


def validate_not_far_ahead(day: dt.date) -> None:
    """Raises ValidationError for a start that only a mistyped year explains."""
    if day > add_months(timezone.localdate(), 12):
        raise ValidationError("Cette date est dans plus d’un an : vérifiez l’année.")


def validate_not_to_come(day: dt.date) -> None:
    if day > timezone.localdate():
        raise ValidationError("Cette date n’est pas encore passée : vérifiez-la.")


class HoursField(forms.Field):
    """Hours and minutes as people write them (26, 26:30, 26 h 30), as minutes."""

    default_error_messages = {"invalid": "Écrivez des heures et des minutes, par exemple 26 ou 26:30."}
    most_digits = 2  # of the hours

    def to_python(self, value):
        text = THOUSANDS.sub("", str(value or "").strip())
        if not text:
            return None
        found = HOURS.fullmatch(text)
        if not found or len(found["hours"]) > self.most_digits:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(found["hours"]) * 60 + int(found["minutes"] or 0)

    def prepare_value(self, value):
        if not isinstance(value, int):
            return value
        hours, minutes = divmod(value, 60)
        return f"{hours}:{minutes:02d}" if minutes else str(hours)


class ManyHoursField(HoursField):
    """The hours of something long, up to 99 999: 230, 1200, 1 200, 120:30."""

    default_error_messages = {"invalid": "Écrivez des heures et des minutes, par exemple 230 ou 120:30."}
    most_digits = 5


class WorkDaysField(forms.MultipleChoiceField):
    """Boxes from lundi to dimanche, as the ISO numbers that a contract holds."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"required": "Choisissez au moins un jour de la semaine."}

    def __init__(self, **kwargs):
        super().__init__(**({"label": "Jours travaillés", "choices": WEEKDAY_CHOICES} | kwargs))

    def clean(self, value):
        return "".join(sorted(set(super().clean(value))))

    def prepare_value(self, value):
        return list(value) if isinstance(value, str) else value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


def in_columns(*names: str) -> Row:
    return Row(*(Column(name, css_class="col-sm") for name in names))


class BeneficiaryForm(RecordedForm):
    """Identity. Somebody who looks like a person already known is asked about before a second file is opened."""

    distinct = forms.BooleanField(
        label="C’est bien quelqu’un d’autre : enregistrer quand même",
        required=False,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Beneficiary
        fields = [
            "last_name",
            "first_name",
            "sex",
            "birth_date",
            "phone",
            "email",
            "address",
            "postcode",
            "city",
            "referent",
            "informed_on",
            "file_number",
        ]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.lookalikes: list[Lookalike] = []
        self.fields["birth_date"].validators.append(validate_not_to_come)
        self.fields["informed_on"].validators.append(validate_not_to_come)
        self.fields["referent"].queryset = possible_referents(self.instance)
        self.fields["referent"].empty_label = "personne pour l’instant"

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            in_columns("last_name", "first_name"),
            in_columns("sex", "birth_date"),
            in_columns("phone", "email"),
            "address",
            in_columns("postcode", "city"),
            "referent",
            in_columns("informed_on", "file_number"),
            "distinct",
        )
        return helper

    def clean(self):
        cleaned = super().clean()
        if not {"last_name", "first_name", "birth_date"} & set(self.changed_data):
            return cleaned
        if not {"last_name", "first_name", "birth_date"} <= set(cleaned):
            return cleaned
        others = visible_people(self.user).exclude(pk=self.instance.pk)
        name = f"{cleaned['last_name']} {cleaned['first_name']}"
        self.lookalikes = lookalikes(others, name, cleaned["birth_date"])
        if any(other.exact for other in self.lookalikes):
            # The database refuses it too: nothing to confirm.
            raise ValidationError(_message_of("beneficiary_same_name_and_birth"))
        if self.lookalikes:
            self.fields["distinct"].widget = forms.CheckboxInput()
            if not cleaned.get("distinct"):
                raise ValidationError(
                    "Cette personne a peut-être déjà un dossier : comparez avant d’enregistrer."
                )
        return cleaned


class SituationForm(RecordedForm):
    """The situation on the first day of a stay; a free date only where no contract is recorded yet."""

    class Meta:
        model = EntrySituation
        fields = [
            "entered_on",
            "prescriber",
            "education",
            "unemployment",
            "registered_jobseeker",
            "rsa",
            "ass",
            "are",
            "no_resources",
            "single_parent",
            "no_housing",
            "childcare_leaver",
            "refugee",
            "poor_french",
            "no_mobility",
            "qpv",
            "zrr",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        first_days = self._first_days()
        if first_days:
            self.fields["entered_on"] = forms.TypedChoiceField(
                label="Entrée le",
                choices=[(day.isoformat(), french_date(day)) for day in first_days],
                coerce=dt.date.fromisoformat,
                help_text="Le premier jour de chacun de ses séjours, d’après ses contrats.",
            )
        else:
            self.fields["entered_on"].help_text = "Le premier jour du premier contrat, s’il est déjà prévu."
            self.fields["entered_on"].validators.append(validate_not_far_ahead)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            in_columns("entered_on", "prescriber"),
            Fieldset("Formation et emploi", in_columns("education", "unemployment"), "registered_jobseeker"),
            Fieldset("Ressources", in_columns("rsa", "ass"), in_columns("are", "no_resources")),
            Fieldset(
                "Vie quotidienne",
                in_columns("single_parent", "no_housing"),
                in_columns("childcare_leaver", "refugee"),
                in_columns("poor_french", "no_mobility"),
                in_columns("qpv", "zrr"),
            ),
        )
        return helper

    def _first_days(self) -> list[dt.date]:
        """The latest first; the recorded day stays, whatever became of the contracts."""
        days = {stay[0].first for stay in rules.stays(self.instance.beneficiary.contract_periods())}
        if days and self.instance.entered_on:
            days.add(self.instance.entered_on)
        return sorted(days, reverse=True)


class ProtectedForm(RecordedForm):
    class Meta:
        model = ProtectedSituation
        fields = ["rqth", "aah", "released_prisoner"]


class ContractForm(RecordedForm):
    weekly_minutes = HoursField(
        label="Durée hebdomadaire",
        help_text="En heures et minutes, par exemple 26 ou 26:30 ; de 20 à 35 heures, sauf dérogation.",
    )
    work_days = WorkDaysField(help_text="Les heures de la semaine se répartissent également sur ces jours.")
    empty_choices = {"hours_derogation": "aucune", "length_derogation": "aucune"}

    class Meta:
        model = Contract
        fields = [
            "kind",
            "occupation",
            "start",
            "end",
            "ended_early_on",
            "weekly_minutes",
            "work_days",
            "hours_derogation",
            "length_derogation",
            "assumed",
        ]
        help_texts = {
            "length_derogation": "À choisir si le CDDI dure moins de 4 mois, ou plus de 24 mois avec ses renouvellements "
            "(60 mois au plus, article L5132-15-1).",
            "hours_derogation": "À choisir en dessous de 20 heures par semaine : décision individuelle de 6 mois au plus "
            "pour la grande exclusion (article R5132-43-5), ou accord collectif du préfet (article D5132-43-9).",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["start"].validators.append(validate_not_far_ahead)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            in_columns("kind", "occupation"),
            in_columns("start", "end", "ended_early_on"),
            in_columns("weekly_minutes", "hours_derogation"),
            Field("work_days", wrapper_class="boxes"),
            "length_derogation",
            "assumed",
        )
        return helper

    def perform(self, user):
        return save_contract(self.instance, by=user)


class PassForm(RecordedForm):
    class Meta:
        model = Pass
        fields = ["number", "start"]
        help_texts = {
            "number": "12 chiffres, sans espaces.",
            "start": "La fin est calculée : 730 jours, prolongés des suspensions et des prolongations.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["start"].validators.append(validate_not_far_ahead)


class SuspensionForm(RecordedForm):
    class Meta:
        model = Suspension
        fields = ["reason", "start", "end"]
        help_texts = {"end": "36 mois au plus. La fin du PASS recule d’autant de jours."}

    def perform(self, user):
        return save_pass_change(self.instance, by=user)


class ProlongationForm(RecordedForm):
    class Meta:
        model = Prolongation
        fields = ["reason", "requested_on", "start", "end", "opinion_by"]
        help_texts = {
            "start": "Le lendemain de la fin du PASS.",
            "end": "365 jours au plus par demande.",
            "requested_on": "De 12 mois avant la fin du PASS à 6 mois après.",
            "opinion_by": "Le prescripteur habilité qui a donné son avis : obligatoire pour les 50 ans et plus, les travailleurs "
            "handicapés et les difficultés particulières.",
        }

    def perform(self, user):
        return save_pass_change(self.instance, by=user)


def renewal_of(contract: Contract | None) -> dict[str, object]:
    """What the next contract most likely says."""
    if contract is None or contract.last_day_of is None:
        return {}
    return {
        "start": day_after(contract.last_day_of),
        "occupation": contract.occupation,
        "weekly_minutes": contract.weekly_minutes,
        "work_days": contract.work_days,
    }


def _message_of(constraint_name: str) -> str:
    constraints = {constraint.name: constraint for constraint in Beneficiary._meta.constraints}
    return str(constraints[constraint_name].violation_error_message)
