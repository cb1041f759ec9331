"""What is typed about worksites, and the filters of the people's list, which join people and worksites."""

import datetime as dt

import django_filters
from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.db.models import Q

from beneficiaries.enums import Presence
from beneficiaries.forms import in_columns, validate_not_far_ahead
from beneficiaries.models import Beneficiary
from confluences.enums import Role
from confluences.formats import MONTHS
from confluences.forms import RecordedForm
from confluences.models import User
from worksites.actions import assign
from worksites.models import Assignment, FinancialAnnex, Worksite

ENDING_DAYS = 90
NO_REFERENT = "personne pour l’instant"


class BeneficiaryFilter(django_filters.FilterSet):
    """The filters of the people's list, the same for the page and the spreadsheet."""

    q = django_filters.CharFilter(label="Recherche", method="named", max_length=100)
    presence = django_filters.ChoiceFilter(
        label="Situation", method="standing", choices=Presence.choices, empty_label="toutes"
    )
    worksite = django_filters.ModelChoiceFilter(
        label="Chantier",
        method="working",
        queryset=lambda request: Worksite.objects.visible_to(request.user),
        empty_label="tous",
    )
    referent = django_filters.ModelChoiceFilter(
        label="Suivi par",
        queryset=User.objects.filter(followed_people__isnull=False).distinct(),
        empty_label="tous",
        null_label=NO_REFERENT,
        null_value="aucun",
    )
    ending = django_filters.BooleanFilter(
        label=f"Contrat finissant dans les {ENDING_DAYS} jours", method="leaving", widget=forms.CheckboxInput
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.form.fields["q"].widget = forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "placeholder": "Nom, naissance, téléphone…"}
        )

    @property
    def in_words(self) -> str:
        """The filters chosen, as the spreadsheet's heading says them."""
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value}
        return " ; ".join(
            f"{self.form.fields[name].label} : {_word(name, value)}" for name, value in chosen.items()
        )

    def named(self, people, name, text):
        return people.matching(text)

    def standing(self, people, name, presence):
        return people.standing(Presence(presence), self.today)

    def working(self, people, name, worksite):
        current = Assignment.objects.current(self.today).filter(worksite=worksite)
        return people.filter(pk__in=current.values("beneficiary"))

    def leaving(self, people, name, wanted):
        if not wanted:
            return people
        limit = self.today + dt.timedelta(days=ENDING_DAYS)
        leaving = Beneficiary.objects.with_last_contract().filter(last_contract_day__lte=limit)
        return people.standing(Presence.PRESENT, self.today).filter(pk__in=leaving.values("pk"))


def _word(name: str, value: object) -> str:
    if name == "presence":
        return Presence(value).label
    if name == "referent":
        return NO_REFERENT if value == "aucun" else str(value)
    return "oui" if value is True else str(value)


class WorksiteForm(RecordedForm):
    class Meta:
        model = Worksite
        fields = ["name", "address", "postcode", "city", "opened_on", "closed_on", "places", "instructors"]
        widgets = {"instructors": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        instructors = Q(groups__name=Role.INSTRUCTOR.label, is_active=True)
        if self.instance.pk:
            instructors |= Q(worksites=self.instance)
        self.fields["instructors"].queryset = User.objects.filter(instructors).distinct()
        self.fields[
            "instructors"
        ].help_text = "Ils voient ce chantier et son équipe. Leur compte s’ouvre dans l’administration."

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            "name",
            "address",
            in_columns("postcode", "city"),
            in_columns("opened_on", "closed_on", "places"),
            "instructors",
        )
        return helper


class AssignmentForm(RecordedForm):
    """A new assignment can end the open one the day before: a person changes worksite in one go."""

    close_former = forms.BooleanField(required=False)

    class Meta:
        model = Assignment
        fields = ["worksite", "start", "end"]
        help_texts = {"end": "Vide tant que la personne travaille sur ce chantier."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["start"].validators.append(validate_not_far_ahead)
        self.former = (
            None if self.instance.pk else self.instance.beneficiary.assignments.filter(end=None).first()
        )
        if self.former is None:
            del self.fields["close_former"]
        else:
            self.fields["close_former"].label = f"Terminer la veille l’affectation actuelle ({self.former})"
            self.initial.setdefault("close_former", True)

    def perform(self, user):
        closing = self.former if self.cleaned_data.get("close_former") else None
        return assign(self.instance, by=user, closing=closing)


class MonthsField(forms.MultipleChoiceField):
    """Months to tick, kept as their numbers: « 5 8 11 »."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *args, **kwargs):
        for name in ("max_length", "empty_value", "strip"):  # of a field of text
            kwargs.pop(name, None)
        choices = [(str(number), name) for number, name in enumerate(MONTHS, start=1)]
        super().__init__(*args, choices=choices, **kwargs)

    def prepare_value(self, value):
        return value.split() if isinstance(value, str) else value

    def clean(self, value):
        return " ".join(sorted(super().clean(value), key=int))

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


class AnnexForm(RecordedForm):
    class Meta:
        model = FinancialAnnex
        fields = [
            "number",
            "kind",
            "start",
            "end",
            "worksites",
            "agreed_etp",
            "hours_per_etp",
            "aid_per_etp",
            "regularisation_months",
            "expected_dynamic",
            "expected_durable",
        ]
        widgets = {"worksites": forms.CheckboxSelectMultiple}
        field_classes = {"regularisation_months": MonthsField}
        help_texts = {"regularisation_months": "Les mois où l’ASP compare l’aide versée aux heures payées."}
        # So that « 10,5 » is read as well as « 10.5 ».
        localized_fields = ["agreed_etp", "aid_per_etp", "expected_dynamic", "expected_durable"]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            in_columns("number", "kind"),
            in_columns("start", "end"),
            "worksites",
            in_columns("agreed_etp", "hours_per_etp", "aid_per_etp"),
            InlineCheckboxes("regularisation_months"),
            in_columns("expected_dynamic", "expected_durable"),
        )
        return helper

    def shown(self, row, name):
        if name == "regularisation_months":
            return ", ".join(MONTHS[month - 1] for month in row.regularised_in)
        return super().shown(row, name)
