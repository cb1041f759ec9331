"""Imports: a file is read whole, every fault is listed with its row and column, and it is saved whole or not at all."""

import datetime as dt
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

from auditlog.context import set_actor
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from import_export import fields, resources
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import RowResult
from import_export.widgets import Widget
from openpyxl.utils import get_column_letter
from tablib import Dataset

from confluences.actions import Conflict, save_recorded
from confluences.models import Recorded, User
from confluences.tables import Line, Table, UnreadableTable, read_table
from confluences.text import search_key

MAX_LISTED = 200  # faults shown, and rows of the preview
ROW = "numéro de ligne"  # travels beside the cells
WHOLE_ROW = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong, where the spreadsheet shows it, and what to do. No column: the whole row; no row: the file."""

    row: int | None
    column: str
    message: str

    def __str__(self) -> str:
        place = [f"Ligne {self.row}"] if self.row else []
        if self.column:
            place.append(f"colonne « {self.column} »")
        return f"{', '.join(place)} : {self.message}" if place else self.message


class ImportFaults(Exception):
    """Why nothing was imported: the first faults, in the order of the file, and how many there are."""

    def __init__(self, faults: Sequence[Fault], total: int) -> None:
        more = [f"… et {total - len(faults)} autres."] if total > len(faults) else []
        super().__init__("\n".join([*map(str, faults), *more]))
        self.faults = list(faults)
        self.total = total


class Column(fields.Field):
    """A column of a file: its French heading, and whether a file must have it and each row fill it."""

    def __init__(
        self, attribute: str, heading: str, widget: Widget, *, required: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(attribute, heading, widget, **kwargs)
        self.required = required

    def clean(self, row: dict[str, Any], **kwargs: Any) -> Any:
        value = super().clean(row, **kwargs)
        if self.required and value in self.empty_values:
            raise ValueError("Cette case est vide et doit être remplie.")
        return value


@dataclass(frozen=True)
class Change:
    """One row of the preview; a cell holds what stands now and what the file says."""

    row: int
    kind: str
    cells: tuple[tuple[str, str], ...]


@dataclass
class Outcome:
    """What an import does, or would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def written(self) -> int:
        return self.created + self.updated


class ImportResource(resources.Resource):
    """What every import of ours does. A subclass has Columns, and finds the row that a line speaks of."""

    class Meta:
        instance_loader_class = BaseInstanceLoader  # `find` does its work
        use_transactions = True
        skip_diff = True  # we make our own, for the first rows alone
        report_skipped = False

    def __init__(self, *, by: User | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.by = by
        self.outcome = Outcome()
        self.faults: list[Fault] = []
        self.total_faults = 0
        self.seen: dict[Hashable, int] = {}
        self.before: dict[str, Any] = {}
        self.misplaced: ValidationError | None = None
        self.shown: tuple[tuple[str, str], ...] = ()

    # What a subclass says

    def identities(self, row: dict[str, Any]) -> list[Hashable]:
        """What makes two lines of one file speak of the same row; empty where a cell cannot be read."""
        raise NotImplementedError

    def find(self, row: dict[str, Any]) -> Model | None:
        """The existing row that the line speaks of; raises ValidationError where that is not clear."""
        raise NotImplementedError

    def init_instance(self, row: dict[str, Any]) -> Model:
        return self._meta.model()

    def write(self, instance: Recorded) -> None:
        """The action that saves a row."""
        save_recorded(instance, by=self.by)

    # The import

    def run(self, table: Table, *, dry_run: bool = False) -> Outcome:
        """Imports the table, all of it or nothing. Raises ImportFaults."""
        self.import_data(self._dataset(table), dry_run=dry_run, rollback_on_validation_errors=True)
        if self.total_faults:
            raise ImportFaults(self.faults, self.total_faults)
        return self.outcome

    def value(self, name: str, row: dict[str, Any]) -> Any:
        """A cell of the line, read; None where it is missing or unreadable."""
        column = self.fields[name]
        if column.column_name not in row:
            return None
        try:
            return column.clean(row)
        except ValueError:
            return None

    def get_import_fields(self) -> list[Column]:
        return self._columns

    @cached_property
    def _columns(self) -> list[Column]:
        return list(self.fields.values())

    def _dataset(self, table: Table) -> Dataset:
        headings = self._headings(table)
        dataset = Dataset(headers=[*headings, ROW])
        for line in table.lines:
            cells = line.cells + (None,) * (len(headings) - len(line.cells))
            dataset.append((*cells[: len(headings)], line.number))
        return dataset

    def _headings(self, table: Table) -> list[str]:
        """The file's headings as ours; raises ImportFaults where they do not match."""
        ours = {search_key(column.column_name): column.column_name for column in self._columns}
        headings = [ours.get(search_key(heading), "") for heading in table.headings]
        if not any(headings):
            names = " ; ".join(column.column_name for column in self._columns if column.required)
            message = f"La première ligne doit porter les titres des colonnes, dont : {names}."
            raise ImportFaults([Fault(1, WHOLE_ROW, message)], 1)
        faults = [*self._heading_faults(table, headings), *self._overflow_faults(table)]
        if faults:
            raise ImportFaults(faults[:MAX_LISTED], len(faults))
        if not table.lines:
            raise ImportFaults(
                [Fault(None, WHOLE_ROW, "Ce fichier a des titres, mais aucune ligne à importer.")], 1
            )
        return [
            heading or f"colonne {get_column_letter(number)}"
            for number, heading in enumerate(headings, start=1)
        ]

    def _heading_faults(self, table: Table, headings: list[str]) -> Iterator[Fault]:
        for number, (theirs, ours) in enumerate(zip(table.headings, headings, strict=True), start=1):
            letter = get_column_letter(number)
            if ours and ours in headings[: number - 1]:
                yield Fault(
                    1, theirs, f"Ce titre figure deux fois, la seconde en colonne {letter}. Retirez-en une."
                )
            elif not ours and theirs:
                yield Fault(1, theirs, f"Colonne inconnue. {self._proposal(theirs, headings)}")
            elif not ours and any(_cell(line, number) for line in table.lines):
                yield Fault(
                    1,
                    f"colonne {letter}",
                    "Cette colonne n’a pas de titre. Donnez-lui en un, ou supprimez-la.",
                )
        for column in self._columns:
            if column.required and column.column_name not in headings:
                yield Fault(1, column.column_name, "Colonne manquante : ajoutez-la, avec ce titre.")

    def _proposal(self, theirs: str, headings: list[str]) -> str:
        left = {search_key(column.column_name): column.column_name for column in self._columns}
        left = {key: heading for key, heading in left.items() if heading not in headings}
        closest = get_close_matches(search_key(theirs), left, n=1, cutoff=0.5)
        if closest:
            return f"Vouliez-vous dire « {left[closest[0]]} » ? Corrigez le titre, ou supprimez la colonne."
        return f"Supprimez-la, ou choisissez parmi : {', '.join(left.values())}."

    @staticmethod
    def _overflow_faults(table: Table) -> Iterator[Fault]:
        for line in table.lines:
            if len(line.cells) > len(table.headings):
                letter = get_column_letter(len(table.headings) + 1)
                message = "Cette ligne a plus de cases que de titres : un séparateur est sans doute de trop."
                yield Fault(line.number, f"colonne {letter}", message)

    # The steps of django-import-export, in the order in which they run for each line

    def import_row(self, row: dict[str, Any], instance_loader: Any, **kwargs: Any) -> RowResult:
        result = super().import_row(row, instance_loader, **kwargs)
        if result.errors:
            raise result.errors[0].error  # a fault of ours, not of the file
        if result.validation_error:
            self._note_faults(row[ROW], result.validation_error)
        else:
            self._note_outcome(row[ROW], result.import_type)
        return result

    def get_or_init_instance(self, instance_loader: Any, row: dict[str, Any]) -> tuple[Model, bool]:
        self.misplaced = None
        found = None
        try:
            self._refuse_twice(row)
            found = self.find(row)
        except ValidationError as error:
            # The line's other cells are still read, so that all its faults are listed at once.
            self.misplaced = error
        return (found, False) if found else (self.init_instance(row), True)

    def after_init_instance(self, instance: Model, new: bool, row: Any, **kwargs: Any) -> None:
        self.instance = instance
        self.before = {} if new else self._values(instance)

    def import_instance(self, instance: Model, row: dict[str, Any], **kwargs: Any) -> None:
        errors = self.misplaced.update_error_dict({}) if self.misplaced else {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def skip_row(
        self, instance: Model, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        if import_validation_errors or not self.before:
            return False
        if self._values(instance) == self.before:
            return True
        # Validation settles some values: what the file says may be what is already there.
        instance.full_clean()
        return self._values(instance) == self.before

    def validate_instance(
        self, instance: Model, import_validation_errors: Any = None, validate_unique: Any = True
    ) -> None:
        """Cells that read wrong stop a line; the rules between cells are the action's."""
        errors = dict(import_validation_errors or {})
        if not errors:
            return
        try:
            instance.clean_fields(exclude=errors.keys())
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        raise ValidationError(errors)

    def before_save_instance(self, instance: Model, row: Any, **kwargs: Any) -> None:
        # What the file says: numbers that a preview gives are not those of the import.
        self.shown = self._shown() if len(self.outcome.changes) < MAX_LISTED else ()

    def do_instance_save(self, instance: Recorded, is_create: bool) -> None:
        try:
            self.write(instance)
        except Conflict as conflict:
            raise ValidationError(
                "Quelqu’un vient de modifier cette fiche. Recommencez l’import."
            ) from conflict

    def _refuse_twice(self, row: dict[str, Any]) -> None:
        identities = self.identities(row)
        first = next((self.seen[identity] for identity in identities if identity in self.seen), None)
        self.seen.update({identity: row[ROW] for identity in identities if identity not in self.seen})
        if first is not None:
            raise ValidationError(f"Cette ligne répète la ligne {first}. Gardez-en une seule.")

    def _values(self, instance: Model) -> dict[str, Any]:
        return {
            column.attribute: column.get_value(instance) for column in self._columns if not column.readonly
        }

    def _note_faults(self, number: int, error: ValidationError) -> None:
        for attribute, errors in error.update_error_dict({}).items():
            column = self._heading_of(attribute)
            for message in ValidationError(errors).messages:
                self.total_faults += 1
                if len(self.faults) < MAX_LISTED:
                    self.faults.append(Fault(number, column, message))

    def _heading_of(self, attribute: str) -> str:
        if attribute == NON_FIELD_ERRORS:
            return WHOLE_ROW
        starts = (attribute, f"{attribute}__")
        match = (
            column.column_name
            for column in self._columns
            if column.attribute == starts[0] or column.attribute.startswith(starts[1])
        )
        return next(match, WHOLE_ROW)

    def _note_outcome(self, number: int, import_type: str) -> None:
        counts = {RowResult.IMPORT_TYPE_NEW: "created", RowResult.IMPORT_TYPE_UPDATE: "updated"}
        count = counts.get(import_type, "unchanged")
        setattr(self.outcome, count, getattr(self.outcome, count) + 1)
        if count != "unchanged" and len(self.outcome.changes) < MAX_LISTED:
            self.outcome.changes.append(Change(number, count, self.shown))

    def _shown(self) -> tuple[tuple[str, str], ...]:
        cells = []
        for column in self._columns:
            now = shown(column.export(self.instance))
            was = self.before.get(column.attribute, column.get_value(self.instance))
            cells.append((shown(column.widget.render(was)), now))
        return tuple(cells)


def _cell(line: Line, number: int) -> bool:
    cells = line.cells[number - 1 : number]
    return bool(cells) and cells[0] is not None and str(cells[0]).strip() != ""


def shown(value: Any) -> str:
    """A cell as the preview shows it."""
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def read_for(resource: ImportResource, content: bytes, *, dry_run: bool) -> Outcome:
    """Reads a file and imports it. Raises ImportFaults, whatever is wrong."""
    try:
        table = read_table(content)
    except UnreadableTable as error:
        raise ImportFaults([Fault(error.row, WHOLE_ROW, str(error))], 1) from error
    return resource.run(table, dry_run=dry_run)


def import_file(
    resource_class: type[ImportResource], file: bytes | str | PathLike[str], *, by: User | None
) -> int:
    """Imports a file as somebody, outside any page. Returns how many rows it wrote; raises ImportFaults."""
    content = file if isinstance(file, bytes) else Path(file).read_bytes()
    with set_actor(by):
        return read_for(resource_class(by=by), content, dry_run=False).written
