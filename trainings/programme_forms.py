"""What is typed about programmes: a programme and all its modules on one page, and who follows it."""

import re
from collections.abc import Iterator

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.http import QueryDict
from django.utils import timezone

from beneficiaries.forms import HoursField, in_columns, validate_not_far_ahead
from beneficiaries.permissions import visible_people
from confluences import drafts
from confluences.formats import duration
from confluences.forms import RecordedForm, RowsField
from confluences.models import User
from trainings.models import Enrolment, Module, Programme
from trainings.programme_actions import enrol, save_programme
from trainings.programme_reports import known_groups

BLANK_ROWS = 3
MAX_MODULES = 60
LONG_HOURS = re.compile(
    r"(?P<hours>\d{1,4})\s*(?:[,.](?P<decimals>\d{1,2})\s*h?|[h:]\s*(?P<minutes>[0-5]?\d)?\s*(?:min)?)?",
    re.IGNORECASE,
)
BARE_MINUTES = re.compile(r"(?P<minutes>\d{1,5})\s*(?:min|mn|minutes?)\.?", re.IGNORECASE)


class LongHoursField(HoursField):
    """Hours as people write them, beyond a week's: 230, 3 h 30, 3:30, 3,5 or 45 min, as minutes."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "size": 7})
    default_error_messages = {"invalid": "Écrivez des heures, par exemple 24, 3:30 ou 3,5."}

    def to_python(self, value):
        text = str(value or "").strip()
        if not text:
            return None
        if minutes := BARE_MINUTES.fullmatch(text):
            return int(minutes["minutes"])
        found = LONG_HOURS.fullmatch(text)
        if not found:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        hours = int(found["hours"]) * 60
        if found["decimals"]:
            return hours + round(int(found["decimals"].ljust(2, "0")) * 60 / 100)
        return hours + int(found["minutes"] or 0)


AT_LEAST_A_MINUTE = MinValueValidator(1, "Un module dure au moins une minute.")


class ModuleRow(forms.Form):
    """One module of the programme's page; a row where nothing is written is no module."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="Nom du module", max_length=150, required=False)
    minutes = LongHoursField(label="Heures", required=False, validators=[AT_LEAST_A_MINUTE])
    content = forms.CharField(
        label="Contenu", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    position = forms.IntegerField(
        label="Rang",
        required=False,
        min_value=1,
        max_value=999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    remove = forms.BooleanField(label="Retirer", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("name", "minutes", "content", "position"):
            self.fields[name].widget.attrs["class"] = "form-control"
        self.fields["remove"].widget.attrs["class"] = "form-check-input"

    @property
    def is_kept(self) -> bool:
        typed = self.cleaned_data
        written = typed.get("name") or typed.get("minutes") is not None or typed.get("content")
        return bool(written or self.errors) and not typed.get("remove")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("remove"):
            self._errors.clear()  # what goes may be anything
            return cleaned
        if cleaned.get("name") and "minutes" not in self.errors and cleaned.get("minutes") is None:
            self.add_error("minutes", "Écrivez les heures de ce module.")
        nameless = not cleaned.get("name") and "name" not in self.errors
        if nameless and (cleaned.get("minutes") is not None or cleaned.get("content")):
            self.add_error("name", "Donnez un nom à ce module.")
        return cleaned


class ModuleRows(forms.BaseFormSet):
    """All the modules of a programme, in the order of their ranks."""

    def clean(self):
        seen: dict[str, int] = {}
        for number, row in enumerate(self.forms, start=1):
            if not row.is_kept or not row.cleaned_data.get("name"):
                continue
            name = row.cleaned_data["name"].casefold()
            if name in seen:
                row.add_error("name", f"Le module {seen[name]} porte déjà ce nom.")
            seen.setdefault(name, number)

    def kept(self) -> list[dict]:
        """What the rows that stay hold, by rank; a row without one comes after those above it."""
        rows, rank = [], 0
        for number, row in enumerate(self.forms):
            if row.is_kept:
                rank = row.cleaned_data.get("position") or rank
                rows.append((rank, number, row.cleaned_data))
        return [typed for _rank, _number, typed in sorted(rows, key=lambda row: row[:2])]


ModuleRowSet = forms.formset_factory(
    ModuleRow, ModuleRows, extra=0, max_num=MAX_MODULES, absolute_max=MAX_MODULES
)
PREFIX = "modules"


class ProgrammeForm(RecordedForm):
    """A programme with its modules, which add up to it: saved together or not at all."""

    minutes = LongHoursField(
        label="Durée en heures",
        help_text="Les heures des modules doivent faire ce total.",
        validators=[MinValueValidator(1, "Un programme dure au moins une minute.")],
    )
    # What a conflict shows of the rows below; nothing is typed here.
    modules = forms.CharField(label="Modules", widget=forms.HiddenInput, required=False)

    class Meta:
        model = Programme
        fields = [
            "name",
            "kind",
            "minutes",
            "goals",
            "certification",
            "required_percent",
            "is_example",
            "closed_on",
        ]
        widgets = {"goals": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.standing = list(self.instance.modules.all()) if self.instance.pk else []
        self.rows = (
            ModuleRowSet(self.data, prefix=PREFIX)
            if self.is_bound
            else ModuleRowSet(initial=[*self._standing_rows(), *[{}] * BLANK_ROWS], prefix=PREFIX)
        )

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            in_columns("name", "kind"),
            in_columns("minutes", "required_percent"),
            "goals",
            in_columns("certification", "closed_on"),
            "is_example",
            HTML('{% include "trainings/module_rows.html" %}'),
        )
        return helper

    @property
    def total(self) -> int:
        """The minutes of the rows as they were last read, for the line under them."""
        if not self.rows.is_bound:
            return sum(row.initial.get("minutes") or 0 for row in self.rows if _is_number(row))
        return sum(
            row.cleaned_data.get("minutes") or 0
            for row in self.rows
            if hasattr(row, "cleaned_data") and row.is_kept
        )

    @property
    def template_row(self) -> ModuleRow:
        """What a script copies for one more row."""
        return self.rows.empty_form

    def restore(self, data: QueryDict, *, more: int = 0) -> None:
        """Shows what was typed, the modules too, with `more` blank rows under them."""
        super().restore(data)
        typed = [drafts.initial_of(row, data) for row in ModuleRowSet(data, prefix=PREFIX).forms]
        self.rows = ModuleRowSet(initial=[*typed, *[{}] * more][:MAX_MODULES], prefix=PREFIX)

    def clean(self):
        cleaned = super().clean()
        if not self.rows.is_valid():
            for message in self._row_faults():
                self.add_error(None, message)
        return cleaned

    def perform(self, user):
        by_pk = {module.pk: module for module in self.standing}
        modules = [self._module(typed, by_pk) for typed in self.rows.kept()]
        return save_programme(self.instance, modules, by=user, removed=list(by_pk.values()))

    def shown(self, row, name):
        if name == "minutes":
            return duration(row.minutes)
        if name != "modules":
            return super().shown(row, name)
        if row is self.instance:
            return "\n".join(f"{typed['name']} : {duration(typed['minutes'])}" for typed in self.rows.kept())
        return "\n".join(f"{module.name} : {duration(module.minutes)}" for module in row.modules.all())

    def _standing_rows(self) -> list[dict]:
        return [
            {
                "pk": module.pk,
                "name": module.name,
                "minutes": module.minutes,
                "content": module.content,
                "position": position,
            }
            for position, module in enumerate(self.standing, start=1)
        ]

    def _module(self, typed: dict, by_pk: dict[int, Module]) -> Module:
        """The module of a row, new where it is no longer one of the programme's."""
        module = by_pk.pop(typed["pk"], None) or Module()
        module.name, module.minutes, module.content = typed["name"], typed["minutes"], typed["content"]
        return module

    def _row_faults(self) -> Iterator[str]:
        yield from self.rows.non_form_errors()
        for number, row in enumerate(self.rows.forms, start=1):
            for name, errors in row.errors.items():
                yield f"Module {number}, {row.fields[name].label.lower()} : {' '.join(errors)}"


def _is_number(row: ModuleRow) -> bool:
    return isinstance(row.initial.get("minutes"), int)


class PeopleField(RowsField):
    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"required": "Choisissez au moins une personne."}


class EnrolPeopleForm(RecordedForm):
    """Several people enrolled at once, in one group, from one day on."""

    people = PeopleField(queryset=None, label="Qui s’inscrit")

    class Meta:
        model = Enrolment
        fields = ["group", "enrolled_on"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        programme = self.instance.programme
        today = timezone.localdate()
        here = visible_people(user).present(today).exclude(enrolments__programme=programme)
        self.fields["people"].queryset = here
        self.fields["enrolled_on"].validators.append(validate_not_far_ahead)
        self.initial.setdefault("enrolled_on", today)
        self.groups = known_groups(programme)
        self.fields["group"].widget.attrs |= {"list": "groupes", "autocomplete": "off"}

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            in_columns("enrolled_on", "group"), "people", HTML('{% include "trainings/group_list.html" %}')
        )
        return helper

    def perform(self, user):
        programme = self.instance.programme
        enrol(
            programme,
            self.cleaned_data["people"],
            group=self.cleaned_data["group"],
            on=self.cleaned_data["enrolled_on"],
            by=user,
        )
        return programme


class EnrolmentForm(RecordedForm):
    """The end of a training for somebody, or another group."""

    class Meta:
        model = Enrolment
        fields = ["group", "enrolled_on", "left_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = known_groups(self.instance.programme)
        self.fields["group"].widget.attrs |= {"list": "groupes", "autocomplete": "off"}

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            in_columns("enrolled_on", "left_on"), "group", HTML('{% include "trainings/group_list.html" %}')
        )
        return helper

    def perform(self, user):
        return super().perform(user).programme
