"""What is typed about immersions, and the filters of their list."""

import datetime as dt

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.text import capfirst

from beneficiaries.forms import HoursField, in_columns, validate_not_far_ahead, validate_not_to_come
from beneficiaries.models import Beneficiary, Contract
from beneficiaries.support_forms import born_before
from confluences.dates import day_after
from confluences.formats import duration
from confluences.forms import DateInput, RecordedForm
from confluences.text import without_controls
from partners.choice_forms import PartnerField, with_town
from partners.enums import ImmersionOutcome, ImmersionPurpose
from partners.immersion_actions import close_immersion, save_immersion
from partners.models import Immersion, Partner, Referral
from partners.models.directory import PartnerQuerySet
from partners.models.immersion import DAY_MINUTES
from partners.models.immersion import ImmersionQuerySet as Immersions

KEPT_BY_A_RENEWAL = ("host", "purpose", "job", "tasks", "tutor", "tutor_role", "tutor_phone")


class ImmersionState(models.TextChoices):
    """Where an immersion stands, as the list filters it."""

    TO_COME = "a-venir", "à venir"
    RUNNING = "en-cours", "en cours"
    UNSAID = "bilan-a-faire", "bilan à faire"
    CLOSED = "bilan-fait", "bilan fait"


class ImmersionFilter(django_filters.FilterSet):
    """The filters of the immersions' list, the same for the page and the spreadsheet."""

    q = django_filters.CharFilter(label="Personne", method="about", max_length=100)
    host = django_filters.ModelChoiceFilter(
        label="Structure d’accueil",
        queryset=lambda request: hosts_of(Immersion.objects.visible_to(request.user)),
        empty_label="toutes",
    )
    purpose = django_filters.ChoiceFilter(label="Objet", choices=ImmersionPurpose.choices, empty_label="tous")
    state = django_filters.ChoiceFilter(
        label="Situation", method="standing", choices=ImmersionState.choices, empty_label="toutes"
    )
    year = django_filters.ChoiceFilter(
        label="Commencées en", field_name="start", lookup_expr="year", choices=(), empty_label="toutes années"
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.years = years_of(self.queryset, today)
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in self.years]
        self.form.fields["host"].label_from_instance = with_town
        self.form.fields["q"].widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})

    @property
    def in_words(self) -> str:
        """The filters chosen, as the spreadsheet's heading says them."""
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value}
        return " ; ".join(
            f"{self.form.fields[name].label} : {_word(name, value)}" for name, value in chosen.items()
        )

    @property
    def chosen_year(self) -> int:
        """The year whose figures the page shows: the one chosen, else today's."""
        year = self.form.cleaned_data.get("year") if self.form.is_valid() else ""
        return int(year) if year else self.today.year

    def about(self, immersions, name, text):
        return immersions.filter(beneficiary__in=Beneficiary.objects.matching(text))

    def standing(self, immersions, name, state):
        over = Q(end__lt=self.today)
        return immersions.filter(
            {
                ImmersionState.TO_COME: Q(start__gt=self.today, outcome=""),
                ImmersionState.RUNNING: Q(start__lte=self.today, outcome="") & ~over,
                ImmersionState.UNSAID: over & Q(outcome=""),
                ImmersionState.CLOSED: ~Q(outcome=""),
            }[ImmersionState(state)]
        )


def _word(name: str, value: object) -> str:
    if name == "purpose":
        return str(ImmersionPurpose(value).label)
    return str(ImmersionState(value).label) if name == "state" else str(value)


def years_of(immersions: Immersions, today: dt.date) -> list[int]:
    """The years in which immersions began, and today's, latest first."""
    begun = {day.year for day in immersions.order_by().dates("start", "year")}
    return sorted({today.year, *begun}, reverse=True)


def hosts_of(immersions: Immersions) -> PartnerQuerySet:
    return Partner.objects.filter(pk__in=immersions.order_by().values("host")).order_by("name")


def possible_hosts(day: dt.date, *also: int | None) -> PartnerQuerySet:
    """The partners that the association knows: those it typed, sent somebody to or worked with, not the whole directory."""
    known = (
        Q(source_id="")
        | Exists(Immersion.objects.filter(host=OuterRef("pk")))
        | Exists(Referral.objects.filter(partner=OuterRef("pk")))
    )
    found = Partner.objects.active(day).filter(known) | Partner.objects.filter(
        pk__in=[pk for pk in also if pk]
    )
    return found.order_by("name")


class ImmersionForm(RecordedForm):
    """One immersion as it is agreed with the host; its outcome has a form of its own."""

    day_minutes = HoursField(
        label="Durée d’une journée", help_text="Par exemple 7 ou 6:30.", validators=DAY_MINUTES
    )

    class Meta:
        model = Immersion
        fields = [
            "host",
            "purpose",
            "job",
            "start",
            "end",
            "day_minutes",
            "tasks",
            "tutor",
            "tutor_role",
            "tutor_phone",
            "agreement_number",
            "signed_on",
        ]
        field_classes = {"host": PartnerField}
        widgets = {"tasks": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "host": "Elle n’y est pas ? Enregistrez-la d’abord dans l’annuaire des partenaires.",
            "end": "Un mois au plus par convention.",
            "tasks": "Elles figurent sur la convention.",
            "tutor": "Qui accueille et accompagne la personne sur place.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        person = self.instance.beneficiary
        today = timezone.localdate()
        self.fields["host"].queryset = possible_hosts(today, self.instance.host_id, self._asked_host())
        self.fields["purpose"].choices = [
            ("", "à choisir"),
            *((value, capfirst(label)) for value, label in ImmersionPurpose.choices),
        ]
        self.fields["start"].validators += [validate_not_far_ahead, born_before(person)]
        self.fields["signed_on"].validators += [validate_not_to_come, born_before(person)]
        if self.instance.pk is None:
            self._begin(person, today)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            "host",
            in_columns("purpose", "job"),
            in_columns("start", "end", "day_minutes"),
            "tasks",
            in_columns("tutor", "tutor_role", "tutor_phone"),
            in_columns("agreement_number", "signed_on"),
        )
        return helper

    def clean_tasks(self):
        return without_controls(self.cleaned_data["tasks"])

    def perform(self, user):
        return save_immersion(self.instance, by=user)

    def shown(self, row, name):
        return duration(row.day_minutes) if name == "day_minutes" else super().shown(row, name)

    def _asked_host(self) -> int | None:
        host = self.initial.get("host")
        return getattr(host, "pk", host)

    def _begin(self, person: Beneficiary, today: dt.date) -> None:
        """A renewal begins as what it renews, the day after; the day's length is the contract's."""
        before = self.instance.renews
        if before is not None:
            self.initial |= {name: getattr(before, name) for name in KEPT_BY_A_RENEWAL}
            self.initial |= {"host": before.host_id, "start": day_after(before.end)}
            self.initial["day_minutes"] = before.day_minutes
            return
        contract = Contract.objects.running(today).filter(beneficiary=person).first()
        if contract is not None:
            self.initial["day_minutes"] = contract.weekly_minutes // len(contract.work_days)


class LimitsForm(forms.Form):
    """What the limits need of an immersion that is being typed; whatever is not there yet is left out."""

    host = forms.ModelChoiceField(Partner.objects.all(), required=False)
    purpose = forms.ChoiceField(choices=ImmersionPurpose.choices, required=False)
    start = forms.DateField(widget=DateInput())
    end = forms.DateField(widget=DateInput())

    def clean(self):
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            self.add_error("end", "L’immersion se termine avant de commencer : vérifiez les deux dates.")


class OutcomeForm(RecordedForm):
    """What an immersion showed: its goal reached or not, in which words, and its last day where it was broken off."""

    class Meta:
        model = Immersion
        fields = ["outcome", "end", "outcome_text"]
        widgets = {"outcome": forms.RadioSelect, "outcome_text": forms.Textarea(attrs={"rows": 5})}
        labels = {"end": "Dernier jour"}
        help_texts = {
            "end": "À avancer si l’immersion a été interrompue.",
            "outcome_text": "Ce que la personne et le tuteur en retiennent, et la suite. Ni diagnostic, ni délit.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].required = True
        self.fields["outcome"].choices = [
            (value, capfirst(label)) for value, label in ImmersionOutcome.choices
        ]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout("outcome", in_columns("end"), "outcome_text")
        return helper

    def clean_outcome_text(self):
        return without_controls(self.cleaned_data["outcome_text"])

    def clean(self):
        cleaned = super().clean()
        if self.instance.start > timezone.localdate():
            raise ValidationError("Cette immersion n’a pas commencé : son bilan se fait ensuite.")
        return cleaned

    def perform(self, user):
        return close_immersion(self.instance, by=user)
