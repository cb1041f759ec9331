"""The period whose network is shown."""

import datetime as dt

from django import forms

from confluences.dates import add_months
from confluences.forms import DateInput
from partners.network_reports import Period

MONTHS = 120


class PeriodForm(forms.Form):
    """The days whose referrals are counted: the calendar year, unless others are said."""

    du = forms.DateField(label="Du", widget=DateInput())
    au = forms.DateField(label="Au", widget=DateInput())

    def clean(self):
        first, last = self.cleaned_data.get("du"), self.cleaned_data.get("au")
        if first and last and last < first:
            self.add_error("au", "La période finit avant de commencer : vérifiez les deux dates.")
        elif first and last and last > add_months(first, MONTHS):
            self.add_error("au", "Une période compte dix ans au plus : vérifiez les années.")

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["du"], self.cleaned_data["au"])


def period_form(data, today: dt.date) -> PeriodForm:
    """The form as the address fills it; what the address leaves out is the calendar year's."""
    year = {"du": dt.date(today.year, 1, 1), "au": dt.date(today.year, 12, 31)}
    return PeriodForm({name: data.get(name) or f"{day:%Y-%m-%d}" for name, day in year.items()})
