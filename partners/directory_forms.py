"""What is typed in the directory: partners, their contacts and services; and the filters of its list."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import ModelChoiceIterator

from beneficiaries.forms import in_columns, validate_not_to_come
from beneficiaries.outcome_forms import Disclosure
from confluences.forms import RecordedForm, RowsField
from confluences.text import search_key, without_controls
from partners.actions import save_partner, save_service
from partners.directory_reports import Lookalike, lookalikes
from partners.directory_rules import (
    HOW_TO_WRITE_A_FORMER_NAME,
    FormerName,
    read_former_names,
    written_former_names,
)
from partners.enums import AgreementState, PartnerKind
from partners.models import Contact, Partner, Service, ServiceTheme

AGREEMENT = ("agreement_reference", "agreement_start", "agreement_end")
MOVED = ("address", "postcode", "city")
SHORT_TEXT = forms.Textarea(attrs={"rows": 3})


# Themes, by family


class ThemeFamily(NamedTuple):
    """The boxes of one family, as the widget groups them."""

    name: str
    options: list[dict]
    index: int

    @property
    def chosen(self) -> int:
        return sum(option["selected"] for option in self.options)


class ThemeBoxes(forms.CheckboxSelectMultiple):
    def optgroups(self, name, value, attrs=None):
        return [ThemeFamily(*group) for group in super().optgroups(name, value, attrs)]


def families(themes: Iterable[ServiceTheme]) -> list[tuple[str, list[ServiceTheme]]]:
    """Themes by family, both as a French dictionary sorts them: É with E."""
    ordered = sorted(themes, key=lambda theme: (search_key(theme.family), search_key(theme.label)))
    return [(family, list(group)) for family, group in groupby(ordered, key=attrgetter("family"))]


class ThemeIterator(ModelChoiceIterator):
    def __iter__(self):
        for family, themes in families(self.queryset):
            yield family, [self.choice(theme) for theme in themes]


class ThemesBoundField(forms.BoundField):
    @property
    def families(self) -> list[ThemeFamily]:
        """The boxes as the template draws them."""
        widget = self.field.widget
        attributes = self.build_widget_attrs({"id": self.auto_id}, widget)
        return widget.optgroups(self.html_name, widget.format_value(self.value()), attributes)


class ThemesField(RowsField):
    """The 69 themes of data.inclusion, as boxes in their 16 families."""

    iterator = ThemeIterator
    widget = ThemeBoxes

    def __init__(self, **kwargs):
        super().__init__(ServiceTheme.objects.all(), required=False, label="Thèmes", **kwargs)

    def get_bound_field(self, form, field_name):
        return ThemesBoundField(form, self, field_name)

    def label_from_instance(self, theme):
        return theme.label


def themes_layout() -> Field:
    return Field("themes", template="partners/themes_field.html")


def theme_choices() -> list:
    """For a filter: each family as a whole, then its themes."""
    return [
        (family, [(themes[0].family_code, f"{family} : tout"), *((each.code, each.label) for each in themes)])
        for family, themes in families(ServiceTheme.objects.all())
    ]


# List


class Standing(models.TextChoices):
    """The two halves of the directory."""

    ACTIVE = "actifs", "actifs"
    CLOSED = "fermes", "qui n’existent plus"


AGREEMENTS = [
    (AgreementState.IN_FORCE.value, "en vigueur"),
    (AgreementState.ENDING.value, "finit dans les 60 jours"),
    (AgreementState.ENDED.value, "terminée"),
    (AgreementState.UPCOMING.value, "à venir"),
    (AgreementState.NONE.value, "aucune"),
]


class PartnerFilter(django_filters.FilterSet):
    """The filters of the directory, the same for the page and the spreadsheet."""

    q = django_filters.CharFilter(label="Recherche", method="named", max_length=100)
    kind = django_filters.ChoiceFilter(label="Nature", choices=PartnerKind.choices, empty_label="toutes")
    theme = django_filters.ChoiceFilter(
        label="Thème", method="helping", choices=theme_choices, empty_label="tous"
    )
    place = django_filters.CharFilter(label="Commune ou code postal", method="there", max_length=100)
    agreement = django_filters.ChoiceFilter(
        label="Convention", method="agreed", choices=AGREEMENTS, empty_label="avec ou sans"
    )
    standing = django_filters.ChoiceFilter(
        label="Partenaires", method="existing", choices=Standing.choices, empty_label="tous"
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        search = {"type": "search", "autocomplete": "off"}
        self.form.fields["q"].widget = forms.TextInput(attrs=search | {"placeholder": "Nom, commune, SIRET…"})
        self.form.fields["place"].widget = forms.TextInput(attrs=search | {"placeholder": "Fresnes, 94…"})

    @property
    def in_words(self) -> str:
        """The filters chosen, as the spreadsheet's heading says them."""
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value}
        return " ; ".join(
            f"{self.form.fields[name].label} : {self._word(name, value)}" for name, value in chosen.items()
        )

    def _word(self, name: str, value: str) -> str:
        if name == "theme":
            labels = {code: label for _family, themes in theme_choices() for code, label in themes}
            return labels[value]
        lists = {"kind": PartnerKind.choices, "agreement": AGREEMENTS, "standing": Standing.choices}
        return str(dict(lists[name])[value]) if name in lists else value

    @property
    def is_narrowed(self) -> bool:
        """Whether something beside the usual half was asked for."""
        return any(value for name, value in self.form.cleaned_data.items() if name != "standing")

    def named(self, partners, name, text):
        return partners.matching(text)

    def helping(self, partners, name, code):
        return partners.with_theme(code)

    def there(self, partners, name, text):
        return partners.in_place(text)

    def agreed(self, partners, name, state):
        return partners.with_agreement(AgreementState(state), self.today)

    def existing(self, partners, name, standing):
        return partners.active(self.today) if standing == Standing.ACTIVE else partners.closed(self.today)


# A partner


class PartnerForm(RecordedForm):
    """A partner. One that looks like another is asked about before it is entered a second time."""

    themes = ThemesField(help_text="Ce pour quoi on peut lui adresser quelqu’un.")
    website = Partner._meta.get_field("website").formfield(assume_scheme="https")
    former_names = forms.CharField(
        label="Anciens noms",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Un par ligne, avec son dernier jour : Pôle emploi, 31/12/2023. Un papier daté porte le nom de son jour.",
    )
    distinct = forms.BooleanField(
        label="C’est bien un autre partenaire : enregistrer quand même",
        required=False,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Partner
        fields = [
            "name",
            "kind",
            "themes",
            "siret",
            "description",
            "address",
            "address_extra",
            "postcode",
            "city",
            "phone",
            "email",
            "website",
            "opening_hours",
            "places_served",
            "notes",
            "agreement_reference",
            "agreement_start",
            "agreement_end",
            "closed_on",
        ]
        widgets = {"description": SHORT_TEXT, "notes": SHORT_TEXT}

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.lookalikes: list[Lookalike] = []
        self.fields["closed_on"].validators.append(validate_not_to_come)
        if self.instance.pk is None:
            del self.fields["closed_on"]
            return
        self.initial["former_names"] = self._standing_names(self.instance)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        closed = ["closed_on"] if "closed_on" in self.fields else []
        helper.layout = Layout(
            in_columns("name", "kind"),
            themes_layout(),
            in_columns("phone", "email"),
            in_columns("website", "opening_hours"),
            in_columns("address", "address_extra"),
            in_columns("postcode", "city"),
            "places_served",
            "notes",
            Disclosure("Convention", in_columns(*AGREEMENT), telling=AGREEMENT),
            Disclosure(
                "SIRET, description, anciens noms",
                in_columns("siret", *closed),
                "description",
                "former_names",
                telling=("siret", *closed, "description", "former_names"),
            ),
            "distinct",
        )
        return helper

    def clean_description(self):
        return without_controls(self.cleaned_data["description"])

    def clean_notes(self):
        return without_controls(self.cleaned_data["notes"])

    def clean_former_names(self) -> list[FormerName]:
        try:
            names = read_former_names(without_controls(self.cleaned_data["former_names"]))
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if names and names[-1].valid_until > self.today:
            raise ValidationError(
                f"« {names[-1].name} » : ce jour n’est pas encore passé. {HOW_TO_WRITE_A_FORMER_NAME}"
            )
        return names

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("agreement_start") and (
            cleaned.get("agreement_reference") or cleaned.get("agreement_end")
        ):
            self.add_error("agreement_start", "Indiquez aussi le premier jour de la convention.")
        if self.errors or not {"name", "city", "siret"}.intersection(self.changed_data):
            return cleaned
        others = Partner.objects.exclude(pk=self.instance.pk)
        self.lookalikes = lookalikes(others, cleaned["name"], cleaned["city"], cleaned["siret"])
        if self.lookalikes:
            self.fields["distinct"].widget = forms.CheckboxInput()
            if not cleaned.get("distinct"):
                raise ValidationError(
                    "Ce partenaire est peut-être déjà dans l’annuaire : comparez avant d’enregistrer."
                )
        return cleaned

    def perform(self, user):
        if set(MOVED).intersection(self.changed_data):
            # They were the former address's.
            self.instance.latitude = self.instance.longitude = None
            self.instance.insee_code = ""
        return save_partner(
            self.instance,
            by=user,
            themes=self.cleaned_data["themes"],
            former_names=self.cleaned_data["former_names"],
        )

    def shown(self, row, name):
        if name != "former_names":
            return super().shown(row, name)
        if row is self.instance:
            return written_former_names(self.cleaned_data.get("former_names", ()))
        return self._standing_names(row)

    @staticmethod
    def _standing_names(partner: Partner) -> str:
        return written_former_names(
            FormerName(each.valid_until, each.name) for each in partner.former_names.all()
        )


class ContactForm(RecordedForm):
    class Meta:
        model = Contact
        fields = ["name", "role", "phone", "email", "notes", "left_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["left_on"].validators.append(validate_not_to_come)
        if self.instance.pk is None:
            del self.fields["left_on"]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        left = ["left_on"] if "left_on" in self.fields else []
        helper.layout = Layout(
            in_columns("name", "role"), in_columns("phone", "email"), in_columns("notes", *left)
        )
        return helper


class ServiceForm(RecordedForm):
    """One thing that a partner offers."""

    themes = ThemesField(help_text="Ce que ce service peut changer.")
    link = Service._meta.get_field("link").formfield(assume_scheme="https")

    class Meta:
        model = Service
        fields = [
            "name",
            "themes",
            "description",
            "audience",
            "conditions",
            "how_to_refer",
            "fees",
            "zone",
            "phone",
            "email",
            "link",
            "opening_hours",
        ]
        widgets = {"description": SHORT_TEXT, "conditions": SHORT_TEXT, "how_to_refer": SHORT_TEXT}

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            "name",
            themes_layout(),
            "description",
            in_columns("audience", "zone"),
            "conditions",
            "how_to_refer",
            in_columns("phone", "email"),
            in_columns("link", "opening_hours", "fees"),
        )
        return helper

    def clean(self):
        cleaned = super().clean()
        for name in ("description", "conditions", "how_to_refer"):
            if name in cleaned:
                cleaned[name] = without_controls(cleaned[name])
        return cleaned

    def perform(self, user):
        return save_service(self.instance, by=user, themes=self.cleaned_data["themes"])
