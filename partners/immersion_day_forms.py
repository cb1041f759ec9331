"""The hours that somebody types for the days of an immersion."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from beneficiaries.forms import HoursField
from beneficiaries.time_actions import DayFaults
from beneficiaries.time_rules import UnreadableCell, read_cell, write_cell
from confluences.formats import french_date
from confluences.models import User
from partners.immersion_actions import ImmersionDay, record_immersion_days
from partners.immersion_day_reports import DayRow
from partners.models import Immersion

STALE = "Cette page n’est plus à jour : rouvrez-la, puis recommencez."


@dataclass(frozen=True)
class DayLine:
    """A day on the page, with the two fields it has; none where its month is closed."""

    row: DayRow
    minutes: forms.BoundField | None
    seen: forms.BoundField | None


class DaysForm(forms.Form):
    """One field a day that can still be written; a day left empty has no hours of immersion."""

    def __init__(self, *args, immersion: Immersion, rows: list[DayRow], **kwargs):
        super().__init__(*args, **kwargs)
        self.immersion, self.rows = immersion, rows
        for row in self._open:
            label = f"Heures du {french_date(row.day)}"
            self.fields[_hours(row)] = HoursField(label=label, required=False, initial=row.proposed)
            self.fields[_hours(row)].widget.attrs |= {"class": "form-control", "aria-label": label}
            self.fields[_seen(row)] = forms.CharField(
                required=False, max_length=200, widget=forms.HiddenInput, initial=write_cell(row.parts)
            )

    @property
    def status(self) -> int:
        return 422 if self.errors else 200

    @property
    def lines(self) -> list[DayLine]:
        return [
            DayLine(row, None, None) if row.closed else DayLine(row, self[_hours(row)], self[_seen(row)])
            for row in self.rows
        ]

    def save_by(self, user: User) -> int | None:
        """Writes the days that change and returns how many; None where it could not, with the reasons as errors."""
        if not self.is_valid():
            return None
        try:
            days = list(self._typed())
            record_immersion_days(self.immersion, days, by=user)
        except UnreadableCell:
            self.add_error(None, STALE)
        except DayFaults as faults:
            for fault in faults.faults:
                self.add_error(None, f"{french_date(fault.day)} : {fault.message}")
            if faults.is_conflict:
                self._show_what_stands()
        except ValidationError as error:
            self.add_error(None, error)
        else:
            return len(days)
        return None

    @property
    def _open(self) -> list[DayRow]:
        return [row for row in self.rows if not row.closed]

    def _typed(self) -> Iterator[ImmersionDay]:
        for row in self._open:
            minutes = self.cleaned_data[_hours(row)] or 0
            if minutes != row.recorded:
                seen = sorted(read_cell(self.cleaned_data[_seen(row)], 0))
                yield ImmersionDay(row.day, minutes, seen)

    def _show_what_stands(self) -> None:
        """Saving again is then a choice made with the new day in view."""
        self.data = self.data.copy()
        for row in self._open:
            self.data[_seen(row)] = write_cell(row.parts)


def _hours(row: DayRow) -> str:
    return f"heures-{row.day:%Y-%m-%d}"


def _seen(row: DayRow) -> str:
    return f"vu-{row.day:%Y-%m-%d}"
