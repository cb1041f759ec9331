"""Which week a sheet is for."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError

from confluences.dates import add_days, add_months
from confluences.formats import short_date
from worksites.week_reports import monday_of

WEEKS_OFFERED = 4


def week_choices(today: dt.date) -> list[tuple[str, str]]:
    """This week and the next ones, by their Monday."""
    mondays = [add_days(monday_of(today), 7 * offset) for offset in range(WEEKS_OFFERED)]
    names = {0: "cette semaine", 1: "la semaine prochaine"}
    return [
        (monday.isoformat(), f"{names.get(index, 'semaine')} (du {short_date(monday)})")
        for index, monday in enumerate(mondays)
    ]


class WeekForm(forms.Form):
    """The week of an address, by one of its days; this one where none is said."""

    lundi = forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Cette semaine n’est pas comprise : choisissez-la dans la liste."},
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_lundi(self) -> dt.date:
        day = self.cleaned_data["lundi"] or self.today
        if not add_months(self.today, -12) <= day <= add_months(self.today, 12):
            raise ValidationError("La feuille se fait pour une semaine à moins d’un an d’aujourd’hui.")
        return monday_of(day)
