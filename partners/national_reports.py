"""A directory file checked whole before anything is written: every fault and guess, and the rows to import, put aside.

The rows that pass go to a file of their own, one JSON object a line: what was previewed is what is applied, and neither
step holds the directory in memory.
"""

import csv
import json
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from django.core.exceptions import ValidationError

from confluences.exports import safe_cell
from confluences.tables import UnreadableTable
from partners.models import Partner, ServiceTheme
from partners.national_files import MEGABYTE, SERVICES, STRUCTURES, Limits, Line, Table, open_file
from partners.national_rules import (
    Place,
    Reading,
    Remark,
    Row,
    identity_of,
    place_of,
    read_service,
    read_structure,
    themes_of,
)
from partners.national_schema_rules import guess_kind

MAX_LISTED = 200
EVERY = 1_000  # rows between two words of progress
DEPARTEMENT = re.compile(r"0[1-9]|[13-8]\d|2[1-9]|2[AB]|9[0-5]|97[1-8]|98[4-8]")
FAULT, WARNING = "faute", "avertissement"
COMMAND_LIMITS = Limits(
    size=1024 * MEGABYTE - 1, rows=1_000_000, advice="Prenez le fichier d’un seul département."
)
PAGE_LIMITS = Limits(
    size=30 * MEGABYTE,
    rows=20_000,
    advice="Prenez le fichier d’un seul département, ou lancez sur le serveur : manage.py import_partners FICHIER --departement 94",
)
MISSING_STRUCTURE = "La structure {identifier} n’est ni dans les fichiers donnés ni dans l’annuaire : donnez aussi le fichier des structures."

Key = tuple[str, str]
Tell = Callable[[int, str], None]  # how many rows, and what was done with them


def silent(count: int, words: str) -> None:
    """Progress that nobody follows."""


def done_with(kind: str, participle: str) -> str:
    """What was done with rows, in French.

    >>> done_with("structures", "lu"), done_with("services", "lu")
    ('structures lues', 'services lus')
    """
    return f"{kind} {participle}{'es' if kind == STRUCTURES else 's'}"


@dataclass(frozen=True)
class Filters:
    """Which structures of the file come in; empty: all."""

    departement: str = ""
    theme: str = ""

    @property
    def in_words(self) -> str:
        parts = [f"département {self.departement}"] if self.departement else []
        return ", ".join([*parts, f"thème {self.theme}"] if self.theme else parts)

    def __bool__(self) -> bool:
        return bool(self.departement or self.theme)

    @classmethod
    def typed(cls, departement: str, theme: str) -> "Filters":
        """The filters as somebody typed them. Raises ValidationError by name."""
        errors = {}
        code = departement.strip().upper()
        code = code.zfill(2) if code.isdecimal() else code
        if code and not DEPARTEMENT.fullmatch(code):
            errors["departement"] = "Un département s’écrit 94, 01, 2A, 2B ou 971."
        themes = ServiceTheme.objects.values_list("code", flat=True)
        if theme and theme not in themes:
            close = get_close_matches(theme, themes, n=3, cutoff=0.3)
            errors["theme"] = (
                f"Thème inconnu : {theme[:60]}. Parmi les plus proches : {', '.join(close) or 'aucun'}."
            )
        if errors:
            raise ValidationError(errors)
        return cls(code, theme)


@dataclass(frozen=True)
class Note:
    """A fault or a warning, where people find it."""

    file: str
    place: str
    column: str
    message: str

    def __str__(self) -> str:
        column = f"colonne « {self.column} »" if self.column else ""
        where = ", ".join(part for part in (self.file, self.place, column) if part)
        return f"{where} : {self.message}" if where else self.message


class Notes:
    """The first remarks of a kind and their number; the whole list goes to a CSV file that people download."""

    def __init__(self, severity: str, file: TextIO) -> None:
        self.severity = severity
        self.listed: list[Note] = []
        self.total = 0
        self.writer = csv.writer(file, delimiter=";", lineterminator="\r\n")

    def add(self, note: Note) -> None:
        self.total += 1
        if len(self.listed) < MAX_LISTED:
            self.listed.append(note)
        cells = (self.severity, note.file, note.place, note.column, note.message)
        self.writer.writerow([safe_cell(cell) for cell in cells])


@dataclass
class Checked:
    """What a check found. `rows` is the file of the rows to import, `notes` that of every remark."""

    faults: Notes
    warnings: Notes
    rows: Path
    notes: Path
    read: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)
    is_cut: bool = False  # some structures could not be read at all: their services are not to blame

    def add_unreadable(self, name: str, error: UnreadableTable) -> None:
        self.faults.add(Note(name, f"ligne {error.row}" if error.row else "", "", str(error)))
        self.is_cut = True

    def all_faults(self) -> Iterator[Note]:
        """Every fault, however many, from the file of remarks."""
        with self.notes.open(encoding="utf-8-sig", newline="") as file:
            for severity, *cells in csv.reader(file, delimiter=";"):
                if severity == FAULT:
                    yield Note(*cells)


@dataclass(frozen=True)
class About:
    """The first line of the file of rows: what it was made of."""

    names: list[str]
    filters: str
    read: dict[str, int]
    aside: dict[str, int]
    shared_sirets: list[str]  # borne by several structures of the file: no proof of identity


def check(
    files: Sequence[tuple[Path, str]],
    *,
    filters: Filters,
    limits: Limits,
    folder: Path,
    tell: Tell = silent,
) -> Checked:
    """Reads the files, which come with the names that people know them by. Writes nothing but the two files in `folder`."""
    notes = folder / "remarques.csv"
    with notes.open("w", encoding="utf-8-sig", newline="") as listing, ExitStack() as stack:
        csv.writer(listing, delimiter=";", lineterminator="\r\n").writerow(
            ["Gravité", "Fichier", "Ligne", "Colonne", "Ce qu’il faut savoir"]
        )
        found = Checked(Notes(FAULT, listing), Notes(WARNING, listing), folder / "lignes.jsonl", notes)
        tables = list(_opened(files, found, limits, stack))
        with (folder / "corps.jsonl").open("wb") as body:
            checker = _Checker(found, filters, tables, body, tell)
            checker.run()
        about = About(
            [name for _path, name in files],
            filters.in_words,
            dict(found.read),
            dict(found.aside),
            sorted(siret for siret, count in checker.sirets.items() if count > 1),
        )
    with found.rows.open("wb") as rows, (folder / "corps.jsonl").open("rb") as body:
        rows.write(_json_line(asdict(about)))
        shutil.copyfileobj(body, rows)
    (folder / "corps.jsonl").unlink()
    return found


def _opened(
    files: Sequence[tuple[Path, str]], found: Checked, limits: Limits, stack: ExitStack
) -> Iterator[Table]:
    for path, name in files:
        try:
            tables = open_file(path, name, limits, stack)
        except UnreadableTable as error:
            found.add_unreadable(name, error)
            continue
        for table in tables:
            for remark in table.warnings:
                found.warnings.add(Note(table.name, "", remark.column, remark.message))
            for remark in table.faults:
                found.faults.add(Note(table.name, "ligne 1", remark.column, remark.message))
            if table.is_complete:
                yield table
            else:
                found.is_cut = True


def _json_line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class _Checker:
    """The passage over the tables: structures first, then the services that lead to them."""

    def __init__(
        self, found: Checked, filters: Filters, tables: Sequence[Table], body: BinaryIO, tell: Tell
    ) -> None:
        self.found = found
        self.filters = filters
        self.structures = [table for table in tables if table.kind == STRUCTURES]
        self.services = [table for table in tables if table.kind == SERVICES]
        self.body = body
        self.tell = tell
        self.known_themes = frozenset(ServiceTheme.objects.values_list("code", flat=True))
        self.themes: dict[Key, set[str]] = defaultdict(set)
        self.places: dict[tuple[str, Key], str] = {}
        self.kept: set[Key] = set()
        self.left: set[Key] = set()
        self.stored: set[Key] = set()
        self.sirets: Counter[str] = Counter()

    def run(self) -> None:
        if self.filters.theme and not self.services:
            self._fault("", "", Remark("", "Le filtre par thème demande aussi le fichier des services."))
        if self.services:
            rows = Partner.objects.exclude(source_id="").values_list("source", "source_id")
            self.stored = set(rows.iterator())
            self._gather_themes()
        for table in self.structures:
            self._pass(table, self._structure)
        for table in self.services:
            self._pass(table, self._service)
        if (self.structures or self.services) and not self.found.faults.total and not self.found.read.total():
            self._fault("", "", Remark("", "Ce fichier a des titres, mais aucune ligne à importer."))

    def _gather_themes(self) -> None:
        """What the services of each structure are about: the filter by theme asks, and the guess of its kind."""
        for table in self.services:
            try:
                for line in table.lines():
                    codes = self.known_themes.intersection(themes_of(line.cells))
                    if codes:
                        self.themes[identity_of(line.cells, "structure_id")] |= codes
            except UnreadableTable:
                continue  # told when the table itself is read

    def _pass(self, table: Table, read: Callable[[Table, Line], None]) -> None:
        done = 0
        try:
            for done, line in enumerate(table.lines(), start=1):
                self.found.read[table.kind] += 1
                if line.faults:
                    self.found.is_cut = True
                    for remark in line.faults:
                        self._fault(table.name, line.place, remark)
                else:
                    read(table, line)
                if done % EVERY == 0:
                    self.tell(done, done_with(table.kind, "lu"))
        except UnreadableTable as error:
            self.found.add_unreadable(table.name, error)

    # Structures

    def _structure(self, table: Table, line: Line) -> None:
        key, place = identity_of(line.cells), place_of(line.cells)
        if self._is_aside(key, place):
            self.left.add(key)
            self.found.aside[STRUCTURES] += 1
            return
        self.kept.add(key)
        reading = read_structure(line.cells, place)
        self._note_all(table, line, key, reading)
        if reading.faults:
            return
        if reading.values.get("siret"):
            self.sirets[reading.values["siret"]] += 1
        themes = self.themes.get(key, set())
        self._write(line, reading, STRUCTURES, partner_kind=guess_kind(reading.networks, sorted(themes)))

    def _is_aside(self, key: Key, place: Place) -> bool:
        """Whether the filters leave a structure out. A place that cannot be read is no reason: it is a fault."""
        if self.filters.theme and self.filters.theme not in self.themes.get(key, ()):
            return True
        return bool(self.filters.departement) and self._is_elsewhere(place)

    def _is_elsewhere(self, place: Place) -> bool:
        if place.departement is None:
            return place.is_blank
        return place.departement != self.filters.departement

    # Services

    def _service(self, table: Table, line: Line) -> None:
        structure = identity_of(line.cells, "structure_id")
        known = structure in self.kept or (structure in self.stored and structure not in self.left)
        if self._leaves_out(structure, line.cells, known=known):
            self.found.aside[SERVICES] += 1
            return
        reading = read_service(line.cells, self.known_themes)
        if structure[1] and not known and not self.found.is_cut:
            message = MISSING_STRUCTURE.format(identifier=f"« {structure[1][:60]} »")
            reading.faults.append(Remark("structure_id", message))
        self._note_all(table, line, identity_of(line.cells), reading)
        if not reading.faults:
            self._write(line, reading, SERVICES, structure=structure[1], themes=reading.themes)

    def _leaves_out(self, structure: Key, cells: Row, *, known: bool) -> bool:
        """Whether the filters leave a service out: with its structure, else by its own place."""
        if self.filters.theme and self.filters.theme not in self.themes.get(structure, ()):
            return True
        if known or not self.filters:
            return structure in self.left
        # Without the file of structures, those that the directory does not have are those that nobody chose.
        if structure in self.left or not self.structures:
            return True
        return bool(self.filters.departement) and self._is_elsewhere(place_of(cells))

    # What is noted and kept

    def _note_all(self, table: Table, line: Line, key: Key, reading: Reading) -> None:
        first = self.places.setdefault((table.kind, key), f"{table.name}, {line.place}")
        if all(key) and first != f"{table.name}, {line.place}":
            self._fault(table.name, line.place, Remark("id", f"Cet identifiant est déjà celui de : {first}."))
        for remark in reading.faults:
            self._fault(table.name, line.place, remark)
        for remark in reading.warnings:
            self.found.warnings.add(Note(table.name, line.place, remark.column, remark.message))

    def _fault(self, file: str, place: str, remark: Remark) -> None:
        self.found.faults.add(Note(file, place, remark.column, remark.message))

    def _write(self, line: Line, reading: Reading, kind: str, **more: Any) -> None:
        assert reading.day is not None
        row = {
            "kind": kind,
            "place": line.place,
            "source": reading.source,
            "source_id": reading.source_id,
            "day": reading.day.isoformat(),
            "values": reading.values,
        }
        self.body.write(_json_line(row | more))
