"""What is typed about funders, and the period of the report to one of them."""

import datetime as dt

from crispy_forms.layout import Layout
from django import forms

from beneficiaries.forms import in_columns
from confluences.forms import DateInput, RecordedForm
from funding.grant_rules import is_too_long
from funding.models import Funder
from partners.models import Partner


class FunderForm(RecordedForm):
    """Who gives money, and its page in the directory, which knows the names it bore."""

    class Meta:
        model = Funder
        fields = ["name", "kind", "partner", "notes"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The national directory's thousands of structures are no funders; those that are stay.
        known = Partner.objects.filter(source_id="") | Partner.objects.filter(pk=self.instance.partner_id)
        self.fields["partner"].queryset = known
        self.fields["partner"].empty_label = "aucun pour l’instant"

    @property
    def helper(self):
        helper = super().helper
        helper.layout = Layout(in_columns("name", "kind"), "partner", "notes")
        return helper


class PeriodForm(forms.Form):
    """The first and the last day that a report covers."""

    du = forms.DateField(label="Du", widget=DateInput)
    au = forms.DateField(label="Au", widget=DateInput)

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("du"), cleaned.get("au")
        if start and end and end < start:
            self.add_error("au", "La période finit avant de commencer : vérifiez les deux dates.")
        elif is_too_long(start, end):
            self.add_error("au", "La période dépasse dix ans : vérifiez les années.")
        return cleaned

    @property
    def period(self) -> tuple[dt.date, dt.date]:
        return self.cleaned_data["du"], self.cleaned_data["au"]
