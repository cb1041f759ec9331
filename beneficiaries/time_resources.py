"""Imports and exports of presence."""

import datetime as dt
from collections.abc import Hashable
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget
from tablib import Dataset

from beneficiaries.models import TimeEntry
from beneficiaries.resources import AboutSomebody, Row
from beneficiaries.time_actions import EntryBatch
from beneficiaries.time_enums import AbsenceReason, TimeKind
from confluences.cells import Choice, Date, WholeNumber, cell_text
from confluences.imports import Column, ImportResource

HOURS = ("%H:%M", "%H:%M:%S", "%Hh%M")


class Hour(Widget):
    """A time of the day: 9:00 or 9h00."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dt.time | None:
        if isinstance(value, dt.datetime | dt.time):
            return value.time() if isinstance(value, dt.datetime) else value
        text = cell_text(value)
        for pattern in HOURS:
            try:
                return dt.datetime.strptime(text, pattern).time()  # noqa: DTZ007  an hour has no time zone
            except ValueError:
                continue
        if text:
            raise ValueError(f"« {text} » n’est pas une heure. Écrivez par exemple 09:00.")
        return None

    def render(self, value: dt.time | None, obj: Any = None, **kwargs: Any) -> str:
        return f"{value:%H:%M}" if value else ""


class TimeEntryResource(AboutSomebody):
    """Presence: a person's minutes on a day, known by their kind and reason.

    What a training session recorded comes out with its hour, and comes in unchanged or not at all.
    """

    day = Column("day", "Pointage : jour", Date(), required=True)
    kind = Column("kind", "Pointage : nature", Choice(TimeKind), default=TimeKind.WORK.value)
    reason = Column("reason", "Pointage : motif d’absence", Choice(AbsenceReason))
    minutes = Column("minutes", "Pointage : minutes", WholeNumber(), required=True)
    start = Column("start", "Pointage : heure de la séance", Hour(), readonly=True)

    class Meta(ImportResource.Meta):
        model = TimeEntry
        name = "pointages"

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Holds the people of the file, then reads what decides of their days."""
        rows = dataset.dict
        self.days = [day for row in rows if (day := self.value("day", row))]
        self.batch = EntryBatch({person for row in rows if (person := self._person_key(row))}, self.days)

    @cached_property
    def existing(self) -> dict[Hashable, TimeEntry]:
        """The entries on the days of the file."""
        if not self.days:
            return {}
        entries = TimeEntry.objects.filter(day__range=(min(self.days), max(self.days)))
        return {
            self._key(entry.beneficiary_id, entry.day, entry.kind, entry.reason, entry.start): entry
            for entry in entries.prefetch_related("shares")
        }

    def identities(self, row: Row) -> list[Hashable]:
        person = self._person_key(row)
        try:
            return [self._key_of(row, person)] if person and self.value("day", row) else []
        except ValidationError:
            return []

    def find(self, row: Row) -> TimeEntry | None:
        person = self._person(row)
        entry = self.existing.get(self._key_of(row, person.pk))
        if entry is not None:
            entry.beneficiary = person
        elif self._start(row):
            raise ValidationError(
                {
                    "start": "Aucune séance pointée à cette heure. Pointez les séances sur leur feuille de présence, "
                    "et laissez cette case vide."
                }
            )
        return entry

    def skip_row(
        self, instance: TimeEntry, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        # Validation settles none of these values: no need to ask it.
        return not import_validation_errors and bool(self.before) and self._values(instance) == self.before

    def write(self, instance: TimeEntry) -> None:
        self.batch.save(instance, former=self.before.get("minutes", 0), by=self.by)

    def _person_key(self, row: Row) -> int | None:
        try:
            return self._person(row).pk
        except ValidationError:
            return None

    def _start(self, row: Row) -> dt.time | None:
        column = self.fields["start"]
        try:
            return column.clean(row) if column.column_name in row else None
        except ValueError as error:
            raise ValidationError({"start": str(error)}) from error

    def _key_of(self, row: Row, person: int) -> Hashable:
        kind = self.value("kind", row) or TimeKind.WORK
        return self._key(
            person, self.value("day", row), kind, self.value("reason", row) or "", self._start(row)
        )

    @staticmethod
    def _key(person: int, day: dt.date, kind: str, reason: str, start: dt.time | None) -> Hashable:
        """Of a session, its hour; of the worksite, what the minutes were for."""
        return (person, day, start) if start else (person, day, str(kind), str(reason))
