"""What is typed about purchases, and the filters of their list."""

import re
from collections.abc import Mapping
from decimal import Decimal

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import Q
from django.utils import timezone

from beneficiaries.forms import in_columns, validate_not_to_come
from confluences.dates import add_months
from confluences.formats import euros, moment
from confluences.forms import AmountField, RecordedForm
from confluences.models import User
from confluences.text import without_controls
from funding.enums import ExpenseKind, PurchaseState
from funding.models import Purchase
from funding.models.purchase import MOST_PIECES
from funding.purchase_actions import Piece, receive
from funding.purchase_rules import next_labels
from funding.share_actions import save_purchase
from worksites.models import Equipment, Worksite

MOST_DAYS = 1000  # of delivery
FARTHEST_MONTHS = 60
PAST_DAYS = ("ordered_on", "invoiced_on", "received_on", "paid_on")
PARTS = re.compile(r"(\d{1,9})=(\d{1,10}\.\d{2})")


def posted_amounts(text: str) -> Mapping[int, Decimal]:
    """The shares that « Appliquer » sends: 3=500.00;7=400.00. Empty where that is not what was sent."""
    found = [PARTS.fullmatch(part) for part in text.split(";")]
    return {} if None in found else {int(each[1]): Decimal(each[2]) for each in found if each}


class PurchaseFilter(django_filters.FilterSet):
    """The filters of the purchases' list: the same for the page and the spreadsheet."""

    q = django_filters.CharFilter(label="Recherche", method="named", max_length=100)
    state = django_filters.ChoiceFilter(
        label="État", method="standing", choices=PurchaseState.choices, empty_label="tous"
    )
    kind = django_filters.ChoiceFilter(label="Nature", choices=ExpenseKind.choices, empty_label="toutes")
    worksite = django_filters.ModelChoiceFilter(
        label="Chantier",
        queryset=lambda request: Worksite.objects.visible_to(request.user),
        empty_label="tous",
    )

    class Meta:
        model = Purchase
        fields = ["q", "state", "kind", "worksite"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["q"].widget = forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "placeholder": "Achat, facture, fournisseur…"}
        )

    @property
    def in_words(self) -> str:
        """The filters chosen, as the spreadsheet's heading says them."""
        labels = {"state": PurchaseState, "kind": ExpenseKind}
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value}
        return " ; ".join(
            f"{self.form.fields[name].label} : {labels[name](value).label if name in labels else value}"
            for name, value in chosen.items()
        )

    def named(self, purchases, name, text):
        for word in text.split():
            purchases = purchases.filter(
                Q(title__icontains=word)
                | Q(invoice_number__icontains=word)
                | Q(supplier__name__icontains=word)
            )
        return purchases

    def standing(self, purchases, name, state):
        return purchases.in_state(PurchaseState(state))


class PurchaseForm(RecordedForm):
    """A purchase, planned at first; the days that follow are typed as they come."""

    class Meta:
        model = Purchase
        fields = [
            "title",
            "kind",
            "price",
            "pieces",
            "worksite",
            "supplier",
            "needed_on",
            "delivery_days",
            *PAST_DAYS,
            "invoice_number",
            "notes",
        ]
        localized_fields = ["price"]
        field_classes = {"price": AmountField}
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "needed_on": "Le jour de la dépense tant que la facture n’est pas là. Vide : le jour reste à choisir.",
            "pieces": "Chacune deviendra un matériel, s’il s’agit d’outils ou de machines.",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["worksite"].queryset = Worksite.objects.visible_to(user)
        self.fields["worksite"].empty_label = self.fields["supplier"].empty_label = "non renseigné"
        self.fields["pieces"].validators.append(
            MaxValueValidator(MOST_PIECES, f"Un achat compte de 1 à {MOST_PIECES} pièces.")
        )
        self.fields["delivery_days"].validators.append(
            MaxValueValidator(MOST_DAYS, f"Un délai de {MOST_DAYS} jours au plus.")
        )
        if self.instance.pk is None:
            for name in (*PAST_DAYS, "invoice_number"):
                del self.fields[name]
        for name in PAST_DAYS:
            if name in self.fields:
                self.fields[name].validators.append(validate_not_to_come)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        since = (
            Fieldset(
                "Ce qui est fait",
                in_columns("ordered_on", "received_on"),
                in_columns("invoiced_on", "invoice_number", "paid_on"),
            ),
        )
        helper.layout = Layout(
            in_columns("title", "kind"),
            in_columns("price", "pieces"),
            in_columns("worksite", "supplier"),
            in_columns("needed_on", "delivery_days"),
            *(since if self.instance.pk else ()),
            "notes",
        )
        return helper

    def clean_needed_on(self):
        day = self.cleaned_data["needed_on"]
        if day and day > add_months(timezone.localdate(), FARTHEST_MONTHS):
            raise forms.ValidationError("Cette date est dans plus de cinq ans : vérifiez l’année.")
        return day

    def clean_notes(self):
        return without_controls(self.cleaned_data["notes"])

    def perform(self, user):
        return save_purchase(self.instance, by=user)

    def shown(self, row, name):
        return euros(row.price) if name == "price" else super().shown(row, name)


class ReceiveForm(RecordedForm):
    """The pieces of a purchase as they enter the inventory: the row opened is the purchase, what is written is both."""

    received_on = forms.DateField(label="Reçu le", validators=[validate_not_to_come])

    class Meta:
        model = Purchase
        fields: list[str] = []

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["received_on"] = self.instance.received_on or timezone.localdate()
        self.numbers = range(1, self.instance.pieces + 1)
        # Read once for all pieces: a purchase may count a hundred.
        worksites = {str(worksite.pk): worksite for worksite in Worksite.objects.visible_to(user)}
        labels = next_labels(list(Equipment.objects.values_list("label", flat=True)), self.instance.pieces)
        for number, label in zip(self.numbers, labels, strict=True):
            self._add_piece(number, label, worksites)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        pieces = [
            Fieldset(
                f"Pièce {number}" if len(self.numbers) > 1 else "Matériel",
                in_columns(f"label_{number}", f"name_{number}"),
                in_columns(f"serial_number_{number}", f"worksite_{number}"),
            )
            for number in self.numbers
        ]
        helper.layout = Layout(in_columns("received_on"), *pieces)
        return helper

    def clean(self):
        cleaned = super().clean()
        seen: set[str] = set()
        for number in self.numbers:
            label = cleaned.get(f"label_{number}", "").casefold()
            if label and label in seen:
                self.add_error(f"label_{number}", "Une autre pièce porte déjà ce numéro d’inventaire.")
            seen.add(label)
        return cleaned

    def perform(self, user):
        pieces = [
            Piece(
                label=self.cleaned_data[f"label_{number}"],
                name=self.cleaned_data[f"name_{number}"],
                serial_number=self.cleaned_data[f"serial_number_{number}"],
                worksite=self.cleaned_data[f"worksite_{number}"],
            )
            for number in self.numbers
        ]
        receive(self.instance, pieces, received_on=self.cleaned_data["received_on"], by=user)
        return self.instance

    def _add_piece(self, number: int, label: str, worksites: Mapping[str, Worksite]) -> None:
        def length(name: str) -> int:
            return Equipment._meta.get_field(name).max_length

        self.fields |= {
            f"label_{number}": forms.CharField(label="Numéro d’inventaire", max_length=length("label")),
            f"name_{number}": forms.CharField(label="Désignation", max_length=length("name")),
            f"serial_number_{number}": forms.CharField(
                label="Numéro de série", required=False, max_length=length("serial_number")
            ),
            f"worksite_{number}": forms.TypedChoiceField(
                label="Chantier",
                choices=[("", "à choisir"), *((pk, str(worksite)) for pk, worksite in worksites.items())],
                coerce=worksites.get,
            ),
        }
        self.initial |= {
            f"label_{number}": label,
            f"name_{number}": self.instance.title[: length("name")],
            f"worksite_{number}": self.instance.worksite_id,
        }

    def _explain(self, current):
        """Receiving overwrites no text: what counts is how the purchase now stands."""
        self.in_conflict = True
        self.data = self.data.copy()
        self.data[self.add_prefix("opened_version")] = str(current.version)
        when = moment(current.updated_at, timezone.now(), today="à", before="le")
        self.add_error(
            None,
            f"{current.updated_by or 'Quelqu’un'} a modifié cet achat {when}, pendant votre saisie : son prix est "
            f"maintenant de {euros(current.price)} pour {current.pieces} pièces. Vérifiez, puis enregistrez à nouveau.",
        )
