"""What is typed about grants, their moves, and the filters of their list."""

import datetime as dt
from decimal import Decimal

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from beneficiaries.forms import in_columns, validate_not_to_come
from confluences.formats import euros
from confluences.forms import AmountField, RecordedForm
from funding.enums import ExpenseKind, GrantStatus
from funding.grant_actions import move_grant, save_grant
from funding.grant_reports import years_of
from funding.grant_rules import TOO_LONG, is_too_long, moves_back
from funding.models import Funder, Grant

UNKNOWN = "inconnue"


class GrantFilter(django_filters.FilterSet):
    """The filters of the grants' list, the same for the page and the spreadsheet."""

    status = django_filters.ChoiceFilter(label="État", choices=GrantStatus.choices, empty_label="tous")
    funder = django_filters.ModelChoiceFilter(
        label="Financeur", queryset=Funder.objects.all(), empty_label="tous"
    )
    year = django_filters.ChoiceFilter(label="Année des dépenses", method="paying_in", empty_label="toutes")
    kind = django_filters.ChoiceFilter(
        label="Peut payer", method="paying_for", choices=ExpenseKind.choices, empty_label="tout"
    )

    class Meta:
        model = Grant
        fields = ["status", "funder", "year", "kind"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = [(str(year), str(year)) for year in years_of(self.queryset)]
        self.filters["year"].field.choices = [*years, (UNKNOWN, "période inconnue")]

    @property
    def in_words(self) -> str:
        """The filters chosen, as the spreadsheet's heading says them."""
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value}
        return " ; ".join(
            f"{self.form.fields[name].label} : {self._word(name, value)}" for name, value in chosen.items()
        )

    def paying_in(self, grants, name, year):
        if year == UNKNOWN:
            return grants.filter(eligible_start=None, eligible_end=None)
        first, last = dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
        begun = Q(eligible_start=None) | Q(eligible_start__lte=last)
        not_over = Q(eligible_end=None) | Q(eligible_end__gte=first)
        return grants.filter(begun, not_over).exclude(eligible_start=None, eligible_end=None)

    def paying_for(self, grants, name, kind):
        # No kind's word is part of another's.
        return grants.filter(pays_for__contains=kind)

    @staticmethod
    def _word(name: str, value: object) -> str:
        if name == "status":
            return str(GrantStatus(value).label)
        if name == "kind":
            return str(ExpenseKind(value).label)
        return str(value)


class KindsField(forms.MultipleChoiceField):
    """Kinds of expense as boxes; the row holds their words, separated by spaces."""

    def __init__(self, **kwargs):
        super().__init__(choices=ExpenseKind.choices, widget=forms.CheckboxSelectMultiple, **kwargs)

    def prepare_value(self, value):
        return value.split() if isinstance(value, str) else value

    def clean(self, value):
        chosen = super().clean(value)
        return " ".join(kind for kind in ExpenseKind.values if kind in chosen)

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial or ""), data)


AMOUNTS = ["asked", "awarded"]


class GrantForm(RecordedForm):
    """All that is known of a grant. A new one is typed as it stands; afterwards its status moves by its own buttons."""

    pays_for = KindsField(
        label="Peut payer",
        required=False,
        help_text="Rien de coché : on ne sait pas encore, aucun achat ne lui est proposé.",
    )

    class Meta:
        model = Grant
        fields = [
            "funder",
            "title",
            "call",
            "status",
            "asked",
            "awarded",
            "ask_before",
            "asked_on",
            "answer_expected_on",
            "decided_on",
            "settled_on",
            "eligible_start",
            "eligible_end",
            "pays_for",
            "pays_for_details",
            "max_share",
            "not_with",
            "agreement_number",
            "agreement_signed_on",
            "notes",
        ]
        field_classes = dict.fromkeys(AMOUNTS, AmountField)
        localized_fields = [*AMOUNTS, "max_share"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 3}), "not_with": forms.CheckboxSelectMultiple}
        help_texts = {
            "asked": "Par exemple 12 500,50 ; vide si on ne le sait pas.",
            "awarded": "Vide tant qu’on ne le sait pas.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        others = Grant.objects.exclude(pk=self.instance.pk).select_related("funder")
        self.fields["not_with"].queryset = others
        for name in ("asked_on", "decided_on", "settled_on", "agreement_signed_on"):
            self.fields[name].validators.append(validate_not_to_come)
        if self.instance.pk:
            del self.fields["status"]
            if self.instance.status not in GrantStatus.promised():
                del self.fields["awarded"]
        if not others.exists():
            del self.fields["not_with"]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        last = ("not_with",) if "not_with" in self.fields else ()
        first = ("status",) if "status" in self.fields else ()
        amounts = [name for name in AMOUNTS if name in self.fields]
        helper.layout = Layout(
            in_columns("funder", "title"),
            in_columns("call", *first),
            in_columns(*amounts),
            Fieldset(
                "Les jours qui comptent",
                in_columns("ask_before", "asked_on", "answer_expected_on"),
                in_columns("decided_on", "settled_on"),
            ),
            Fieldset(
                "Ce qu’elle peut payer",
                in_columns("eligible_start", "eligible_end"),
                Field("pays_for", wrapper_class="boxes"),
                in_columns("pays_for_details", "max_share"),
                *last,
            ),
            Fieldset("Convention", in_columns("agreement_number", "agreement_signed_on")),
            "notes",
        )
        return helper

    def clean(self):
        cleaned = super().clean()
        status = cleaned.get("status", self.instance.status)
        if cleaned.get("awarded") is not None and status not in GrantStatus.promised():
            self.add_error("awarded", "Un montant accordé va avec l’état « accordée » ou « soldée ».")
            # The same reason, once: the model would say it again for the whole form.
            cleaned["awarded"] = None
        if is_too_long(cleaned.get("eligible_start"), cleaned.get("eligible_end")):
            self.add_error("eligible_end", TOO_LONG)
        return cleaned

    @transaction.atomic
    def perform(self, user):
        return save_grant(self.instance, by=user, not_with=self.cleaned_data.get("not_with"))

    def shown(self, row, name):
        if name in AMOUNTS:
            return euros(getattr(row, name))
        if name == "pays_for":
            return ", ".join(row.expense_labels)
        return super().shown(row, name)


# The question that each move asks, beside the day.
AMOUNT_ASKED = {GrantStatus.ASKED: "Montant demandé (€)", GrantStatus.AWARDED: "Montant accordé (€)"}
DAY_ASKED = {
    GrantStatus.ASKED: "Déposée le",
    GrantStatus.AWARDED: "Accordée le",
    GrantStatus.REFUSED: "Refusée le",
    GrantStatus.SETTLED: "Soldée le",
}


class MoveForm(RecordedForm):
    """A grant that goes to its next status, with the day; or back, which asks nothing."""

    on = forms.DateField(validators=[validate_not_to_come])
    amount = AmountField(required=False, help_text="Vide si on ne le sait pas encore.")

    class Meta:
        model = Grant
        fields: list[str] = []

    def __init__(self, *args, status: GrantStatus, **kwargs):
        super().__init__(*args, **kwargs)
        self.move_to = status
        self.goes_back = moves_back(GrantStatus(self.instance.status), status)
        if self.goes_back:
            del self.fields["on"], self.fields["amount"]
            return
        self.fields["on"].label = DAY_ASKED[status]
        self.initial["on"] = timezone.localdate()
        if status not in AMOUNT_ASKED:
            del self.fields["amount"]
            return
        self.fields["amount"].label = AMOUNT_ASKED[status]
        self.initial["amount"] = self.instance.asked

    def perform(self, user):
        return move_grant(
            self.instance,
            self.move_to,
            on=self.cleaned_data.get("on"),
            amount=self.cleaned_data.get("amount"),
            by=user,
        )

    def _add_errors(self, error):
        """The amount of this form is the grant's own."""
        if hasattr(error, "error_dict") and "awarded" in error.error_dict:
            error.error_dict["amount"] = error.error_dict.pop("awarded")
        super()._add_errors(error)

    def shown(self, row, name):
        """What was typed here is on the row under another name."""
        typed = row is self.instance
        if name == "on":
            return self.in_words(self.cleaned_data.get("on") if typed else _day_of(row, self.move_to))
        if name == "amount":
            amount = self.cleaned_data.get("amount") if typed else _amount_of(row, self.move_to)
            return euros(amount)
        return super().shown(row, name)


def _day_of(grant: Grant, status: GrantStatus) -> dt.date | None:
    if status == GrantStatus.ASKED:
        return grant.asked_on
    return grant.settled_on if status == GrantStatus.SETTLED else grant.decided_on


def _amount_of(grant: Grant, status: GrantStatus) -> Decimal | None:
    return grant.asked if status == GrantStatus.ASKED else grant.awarded
