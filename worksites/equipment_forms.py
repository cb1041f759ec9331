"""What is typed about equipment, and the filters of its list."""

import datetime as dt

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.db.models import Q
from django.utils import timezone

from beneficiaries.forms import in_columns, validate_not_to_come
from beneficiaries.models import Beneficiary
from beneficiaries.permissions import visible_people
from confluences.dates import add_months
from confluences.formats import moment
from confluences.forms import AmountField, RecordedForm, RowsField
from confluences.models import User
from worksites.enums import EquipmentEventKind, EquipmentState
from worksites.equipment_actions import Happening, record_event
from worksites.equipment_enums import EquipmentDue
from worksites.equipment_reports import holders_of
from worksites.equipment_rules import next_label
from worksites.models import Equipment, Worksite

AT_THE_DEPOT = "personne, au dépôt"
INSPECTION_MONTHS = 12
NOTE_LENGTH = 150  # what changed stands beside it in the history
LABELS_PER_SHEET = 24


class EquipmentFilter(django_filters.FilterSet):
    """The filters of the equipment's list: the same for the page, the spreadsheet and the labels."""

    q = django_filters.CharFilter(label="Recherche", method="named", max_length=100)
    worksite = django_filters.ModelChoiceFilter(
        label="Chantier",
        queryset=lambda request: Worksite.objects.visible_to(request.user),
        empty_label="tous",
    )
    state = django_filters.ChoiceFilter(label="État", choices=EquipmentState.choices, empty_label="tous")
    due = django_filters.ChoiceFilter(
        label="À faire", method="needing", choices=EquipmentDue.choices, empty_label="tout le matériel"
    )
    holder = django_filters.ModelChoiceFilter(
        label="Confié à",
        queryset=lambda request: holders_of(Equipment.objects.visible_to(request.user)),
        empty_label="tous",
        null_label=AT_THE_DEPOT,
        null_value="depot",
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.form.fields["q"].widget = forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "placeholder": "Numéro, désignation, série…"}
        )

    @property
    def in_words(self) -> str:
        """The filters chosen, as the spreadsheet's heading says them."""
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value}
        return " ; ".join(
            f"{self.form.fields[name].label} : {_word(name, value)}" for name, value in chosen.items()
        )

    def named(self, equipment, name, text):
        for word in text.split():
            equipment = equipment.filter(
                Q(label__icontains=word) | Q(name__icontains=word) | Q(serial_number__icontains=word)
            )
        return equipment

    def needing(self, equipment, name, due):
        return equipment.due(EquipmentDue(due), self.today)


def _word(name: str, value: object) -> str:
    if name == "state":
        return str(EquipmentState(value).label)
    if name == "due":
        return str(EquipmentDue(value).label)
    return AT_THE_DEPOT if value == "depot" else str(value)


class EquipmentForm(RecordedForm):
    """The facts of a thing. Where it is, how it is and who has it change afterwards by what happens to it."""

    class Meta:
        model = Equipment
        fields = [
            "label",
            "name",
            "worksite",
            "state",
            "serial_number",
            "next_inspection",
            "bought_on",
            "value",
            "notes",
        ]
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}
        localized_fields = ["value"]
        field_classes = {"value": AmountField}

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["bought_on"].validators.append(validate_not_to_come)
        if self.instance.pk:
            del self.fields["worksite"], self.fields["state"]
            return
        worksites = Worksite.objects.visible_to(user)
        self.fields["worksite"].queryset = worksites
        self.initial["label"] = next_label(Equipment.objects.values_list("label", flat=True))
        if "worksite" not in self.initial and len(worksites) == 1:
            self.initial["worksite"] = worksites[0]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        place = () if self.instance.pk else (in_columns("worksite", "state"),)
        helper.layout = Layout(
            in_columns("label", "name"),
            *place,
            in_columns("serial_number", "next_inspection"),
            in_columns("bought_on", "value"),
            "notes",
        )
        return helper


# What each kind of event asks beside its day and a note.
ASKED = {
    EquipmentEventKind.HANDED_OUT: ("person",),
    EquipmentEventKind.RETURNED: ("state",),
    EquipmentEventKind.INSPECTED: ("next_inspection", "state", "cost"),
    EquipmentEventKind.REPAIRED: ("state", "cost"),
    EquipmentEventKind.MOVED: ("worksite",),
    EquipmentEventKind.NOTED: ("state",),
}


class EventForm(RecordedForm):
    """One thing that happens to a piece of equipment: the row opened is the thing's, what is written is both."""

    person = forms.ModelChoiceField(
        label="Confié à",
        queryset=Beneficiary.objects.none(),
        help_text="Les personnes sous contrat aujourd’hui.",
    )
    worksite = forms.ModelChoiceField(label="Nouveau chantier", queryset=Worksite.objects.none())
    day = forms.DateField(label="Jour", validators=[validate_not_to_come])
    next_inspection = forms.DateField(
        label="Prochain contrôle", required=False, help_text="Vide s’il n’y en aura plus."
    )
    state = forms.TypedChoiceField(
        label="État maintenant", choices=EquipmentState.choices, coerce=EquipmentState
    )
    cost = AmountField(
        label="Coût (€)", required=False, min_value=0, max_digits=9, decimal_places=2, localize=True
    )
    note = forms.CharField(label="Remarque", required=False, max_length=NOTE_LENGTH)

    class Meta:
        model = Equipment
        fields: list[str] = []

    def __init__(self, *args, kind: EquipmentEventKind, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in {"person", "worksite", "next_inspection", "state", "cost"} - set(ASKED[kind]):
            del self.fields[name]
        self._offer(user)
        self.fields["note"].required = kind == EquipmentEventKind.NOTED

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        first, *others = ASKED[self.kind]
        rest = (in_columns(*others),) if others else ()
        helper.layout = Layout(in_columns(first, "day"), *rest, "note")
        return helper

    def clean(self):
        cleaned = super().clean()
        day, inspection = cleaned.get("day"), cleaned.get("next_inspection")
        if day and inspection and inspection <= day:
            self.add_error("next_inspection", "Le prochain contrôle vient après celui-ci.")
        return cleaned

    def perform(self, user):
        asked = {name: self.cleaned_data[name] for name in ASKED[self.kind]}
        happening = Happening(
            kind=self.kind, day=self.cleaned_data["day"], note=self.cleaned_data["note"], **asked
        )
        return record_event(self.instance, happening, by=user)

    def _offer(self, user: User) -> None:
        """The choices, and what is most likely."""
        today = timezone.localdate()
        self.initial["day"] = today
        if "person" in self.fields:
            self.fields["person"].queryset = visible_people(user).present(today)
        if "worksite" in self.fields:
            worksites = Worksite.objects.visible_to(user).exclude(pk=self.instance.worksite_id)
            self.fields["worksite"].queryset = worksites
        if "state" in self.fields:
            repaired = self.kind == EquipmentEventKind.REPAIRED
            self.initial["state"] = EquipmentState.GOOD if repaired else self.instance.state
        if "next_inspection" in self.fields:
            self.initial["next_inspection"] = add_months(today, INSPECTION_MONTHS)

    def _explain(self, current):
        """An event overwrites no text: what counts is how the thing now stands."""
        self.in_conflict = True
        self.data = self.data.copy()
        self.data[self.add_prefix("opened_version")] = str(current.version)
        when = moment(current.updated_at, timezone.now(), today="à", before="le")
        where = f"confié à {current.holder}" if current.holder else "au dépôt"
        self.add_error(
            None,
            f"{current.updated_by or 'Quelqu’un'} a modifié ce matériel {when}, pendant votre saisie : il est maintenant "
            f"{where}, {current.get_state_display()}, sur le chantier {current.worksite}. Rien n’est perdu : enregistrez à "
            "nouveau si ce que vous notez tient toujours.",
        )


class LabelsForm(forms.Form):
    """Which labels to print: some things ticked, else all that the filters keep; and where the sheet begins."""

    pk = RowsField(
        queryset=Equipment.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": "Un des matériels cochés n’existe plus : rechargez la liste.",
            "invalid_pk_value": "Un des matériels cochés n’existe plus : rechargez la liste.",
        },
    )
    used = forms.IntegerField(
        label="Étiquettes déjà utilisées sur la première feuille",
        required=False,
        min_value=0,
        max_value=LABELS_PER_SHEET - 1,
        error_messages={
            "invalid": f"Indiquez combien d’étiquettes de la feuille sont déjà utilisées, de 0 à {LABELS_PER_SHEET - 1}."
        },
    )

    def __init__(self, *args, equipment, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pk"].queryset = equipment
