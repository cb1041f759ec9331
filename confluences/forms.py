"""What every form that edits a recorded row does: save in one action, and never over somebody else's words."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import QueryDict
from django.utils import timezone

from confluences import drafts
from confluences.actions import Conflict, save_recorded
from confluences.formats import MINUS, moment
from confluences.models import Recorded, User


class DateInput(forms.DateInput):
    """The browser's own date picker, which speaks ISO dates."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class AmountField(forms.DecimalField):
    """Euros as people write them: 4250,50 or 4 250,50 €, whatever the space. Empty is None: nobody knows yet.

    `min_value=None` lets an amount be negative, as a balance may be.
    """

    WRITTEN = re.compile(r"-?[0-9]+(\.[0-9]+)?")

    default_error_messages = {
        "invalid": "Ce n’est pas un montant. Écrivez par exemple 12 500,50.",
        "negative": "Un montant n’est pas négatif.",
        "cents": "Un montant a au plus deux décimales : 12 500,50 et non 12 500,505.",
        "too_large": "Ce montant est trop grand : au plus %(digits)d chiffres avant la virgule.",
    }

    def __init__(self, *, min_value=0, max_digits=12, decimal_places=2, localize=True, **kwargs):
        super().__init__(
            min_value=min_value,
            max_digits=max_digits,
            decimal_places=decimal_places,
            localize=localize,
            **kwargs,
        )

    def to_python(self, value):
        if not isinstance(value, str):
            return super().to_python(value)
        written = "".join(value.split()).removesuffix("€").replace(MINUS, "-").replace(",", ".")
        if written and not self.WRITTEN.fullmatch(written):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(written) if written else None

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.min_value == 0 and value < 0:
            raise ValidationError(self.error_messages["negative"], code="negative")
        digits = self.max_digits - self.decimal_places
        if abs(value) >= 10**digits:
            raise ValidationError(
                self.error_messages["too_large"], code="too_large", params={"digits": digits}
            )
        if value != round(value, self.decimal_places):
            raise ValidationError(self.error_messages["cents"], code="cents")

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"inputmode": "decimal"}


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows; a number too large for the database is no row, as any other unknown one."""

    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError as error:
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "…"}
            ) from error


def name_empty_choice(field: forms.Field, words: str = "") -> None:
    """Words in place of Django's dashes: those given, else what has to be chosen, or what may stay unknown."""
    dashes = BLANK_CHOICE_DASH[0][1]
    words = words or ("à choisir" if field.required else "non renseigné")
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = words if field.empty_label == dashes else field.empty_label
    elif isinstance(field, forms.ChoiceField):
        field.choices = [(value, words if label == dashes else label) for value, label in field.choices]


@dataclass(frozen=True)
class FieldConflict:
    """One field that two people changed: what stands in the database, and what was typed here."""

    label: str
    theirs: str
    yours: str


class RecordedForm(forms.ModelForm):
    """A form on a recorded row. `save_by` writes it; `status` is the HTTP status of the page that shows it."""

    empty_choices: dict[str, str] = {}  # by field, what no choice means where it means more than “unknown”
    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.in_conflict = False
        self.conflicts: list[FieldConflict] = []
        self.initial["opened_version"] = self.instance.version
        # A page that forgot to send it would overwrite a colleague's words in silence.
        self.fields["opened_version"].required = self.instance.pk is not None
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                field.widget = DateInput()
            name_empty_choice(field, self.empty_choices.get(name, ""))

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        # A layout names the fields people see; opened_version goes with them.
        helper.render_hidden_fields = True
        return helper

    @property
    def status(self) -> int:
        # Two people may have typed the same, or something that this form does not show: a conflict all the same.
        if self.in_conflict:
            return 409
        return 422 if self.errors else 200

    def restore(self, data: QueryDict) -> None:
        """Shows what a draft holds; a form that has others inside restores them too."""
        self.initial |= drafts.initial_of(self, data)

    def save_by(self, user: User) -> Recorded | None:
        """Writes what was typed; None where it could not, with the reasons as errors of this form."""
        if not self.is_valid():
            return None
        if self.instance.pk:
            self.instance.version = self.cleaned_data["opened_version"]
        try:
            return self.perform(user)
        except Conflict as conflict:
            self._explain(conflict.current)
        except ValidationError as error:
            self._add_errors(error)
        return None

    def perform(self, user: User) -> Recorded:
        """The action that writes the row; a form whose row has its own action calls that one."""
        with transaction.atomic():
            row = save_recorded(self.instance, by=user)
            self._save_m2m()
        return row

    def shown(self, row: models.Model, name: str) -> str:
        """A field's value as people read it, of the row in the database or of `self.instance`, which holds what was typed.

        A form with fields that are not the row's own says here where their values are.
        """
        display = getattr(row, f"get_{name}_display", None)
        return self.in_words(display() if display else getattr(row, name, None))

    @staticmethod
    def in_words(value: object) -> str:
        if isinstance(value, models.Manager):
            return ", ".join(str(each) for each in value.all())
        if isinstance(value, bool):
            return "oui" if value else "non"
        if isinstance(value, dt.date):
            return f"{value:%d/%m/%Y}"
        return "" if value is None else str(value)

    def _add_errors(self, error: ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)

    def _typed(self, name: str) -> str:
        """What was typed, as people read it; links to several rows are not on the instance before it is saved."""
        if isinstance(self.fields[name], forms.ModelMultipleChoiceField):
            return ", ".join(str(each) for each in self.cleaned_data.get(name, ()))
        return self.shown(self.instance, name)

    def _explain(self, current: Recorded) -> None:
        when = moment(current.updated_at, timezone.now(), today="à", before="le")
        who = current.updated_by or "Quelqu’un"
        self.in_conflict = True
        both = [
            FieldConflict(field.label, self.shown(current, name), self._typed(name))
            for name, field in self.fields.items()
            if name != "opened_version"
        ]
        self.conflicts = [each for each in both if each.theirs != each.yours]
        advice = (
            "comparez ci-dessous, corrigez si besoin, puis enregistrez à nouveau."
            if self.conflicts
            else "les deux saisies de ce formulaire sont identiques. Enregistrez à nouveau pour garder la vôtre."
        )
        # Saving again is then a choice made with both texts in view.
        self.data = self.data.copy()
        self.data[self.add_prefix("opened_version")] = str(current.version)
        self.add_error(
            None,
            f"{who} a modifié cette fiche {when}, pendant votre saisie. Rien n’est perdu : {advice}",
        )
