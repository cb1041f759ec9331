"""The national directory's files, row by row, whatever their format: what each file is by its content, never by its name.

Nothing is read whole: a file of 100 000 structures passes through a few megabytes of memory.
"""

import codecs
import csv
import datetime as dt
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from confluences.formats import number as in_french
from confluences.tables import (
    HOW_TO_SAVE,
    MAX_COLUMNS,
    OLD_EXCEL_START,
    UTF16_STARTS,
    WORKBOOK,
    ZIP_START,
    UnreadableTable,
)
from partners.national_cells_rules import FRENCH_DAY, ISO_DAY, plain_text, says_nothing, shown
from partners.national_json import items
from partners.national_rules import Remark, Row, column_of
from partners.national_schema_rules import (
    REQUIRED_SERVICE,
    REQUIRED_STRUCTURE,
    SERVICE_COLUMNS,
    STRUCTURE_COLUMNS,
)

MEGABYTE = 1024 * 1024
CHUNK = MEGABYTE
STRUCTURES, SERVICES = "structures", "services"
COLUMNS = {STRUCTURES: STRUCTURE_COLUMNS, SERVICES: SERVICE_COLUMNS}
REQUIRED = {STRUCTURES: REQUIRED_STRUCTURE, SERVICES: REQUIRED_SERVICE}
WHOLE_ROW = ""
BROKEN_BOOK = (
    InvalidFileException,
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    IndexError,
    AttributeError,
    ValueError,
    TypeError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)


@dataclass(frozen=True)
class Limits:
    """What one file may be, so that no file fills the machine; `advice` says what to do beyond."""

    size: int  # bytes
    rows: int
    advice: str
    unpacked: int = 600 * MEGABYTE  # of a spreadsheet, which is a zip
    strings: int = 80 * MEGABYTE  # of a spreadsheet's own list of texts, which is read whole


@dataclass(frozen=True)
class Line:
    """One row: where people find it, and its cells by the schema's columns; `faults` where it could not be cut into cells."""

    place: str
    cells: Row
    faults: tuple[Remark, ...] = ()


@dataclass
class Table:
    """Structures or services of one file. `lines` reads them, as often as it is called."""

    name: str
    kind: str
    lines: Callable[[], Iterator[Line]]
    faults: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    is_complete: bool = True  # every column that the schema requires is there


def open_file(path: Path, name: str, limits: Limits, stack: ExitStack) -> list[Table]:
    """The tables of a file, which stays open until the stack closes. Raises UnreadableTable."""
    size = path.stat().st_size
    if size > limits.size:
        raise UnreadableTable(
            f"Ce fichier compte {in_french(size // MEGABYTE)} Mo, plus que les {in_french(limits.size // MEGABYTE)} Mo admis : "
            f"rien n’en a été lu. {limits.advice}"
        )
    with path.open("rb") as file:
        start = file.read(CHUNK)
    if not start.strip():
        raise UnreadableTable("Ce fichier est vide.")
    if start.startswith(ZIP_START):
        return _workbook(path, name, limits, stack)
    _check_text(path, start)
    if start.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"[", b"{"):
        return _json(path, name, limits)
    return [_csv(path, name, limits)]


# Texts


def _check_text(path: Path, start: bytes) -> None:
    if start.startswith(OLD_EXCEL_START):
        raise UnreadableTable(f"Ce fichier est dans un ancien format d’Excel (.xls). {HOW_TO_SAVE}")
    if start.startswith(UTF16_STARTS):
        raise UnreadableTable(f"Ce fichier est du texte Unicode (UTF-16). {HOW_TO_SAVE}")
    if b"\0" in start:
        raise UnreadableTable(
            f"Ce fichier n’est ni un CSV, ni un JSON, ni un classeur Excel, quel que soit son nom. {HOW_TO_SAVE}"
        )
    decoder, row = codecs.getincrementaldecoder("utf-8")(), 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                row += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as error:
                raise _not_utf8(error, row) from error
            if not chunk:
                return


def _not_utf8(error: UnicodeDecodeError, row: int) -> UnreadableTable:
    before, after = error.object[: error.start], error.object[error.start : error.start + 20]
    row += before.count(b"\n")
    if error.reason == "unexpected end of data":
        return UnreadableTable(
            "Le fichier s’arrête au milieu d’un caractère : il est coupé. Téléchargez-le à nouveau.", row
        )
    word = (before.rpartition(b"\n")[2][-20:] + after.partition(b"\n")[0]).decode("cp1252", errors="replace")
    return UnreadableTable(
        f"Ce fichier n’est pas en UTF-8 : {shown(word)} se lit en Windows-1252 (Latin-1), l’encodage habituel d’Excel. "
        f"{HOW_TO_SAVE}",
        row,
    )


def _csv(path: Path, name: str, limits: Limits) -> Table:
    with path.open(encoding="utf-8-sig", newline="") as file:
        delimiter = max(";,\t|", key=file.readline().count)

    def rows() -> Iterator[list[str]]:
        number = 0
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            try:
                for number, cells in enumerate(reader, start=1):  # noqa: B007  the number is for the fault
                    yield cells
            except csv.Error as error:
                raise UnreadableTable(
                    "À partir de cette ligne le fichier ne se lit plus : un guillemet est ouvert sans être fermé, "
                    "ou le fichier est coupé. Téléchargez-le à nouveau, ou corrigez cette ligne.",
                    number + 1,
                ) from error

    table = _table(name, rows, limits, exact=True)
    if table is None:
        raise _not_ours(next(rows(), []))
    return table


# Spreadsheets


def _workbook(path: Path, name: str, limits: Limits, stack: ExitStack) -> list[Table]:
    _check_zip(path, limits)
    try:
        # With defusedxml installed, openpyxl refuses entities by a ValueError.
        file = stack.enter_context(path.open("rb"))  # openpyxl judges a path by its ending
        book = load_workbook(file, read_only=True, data_only=True)
        stack.callback(book.close)
        sheets = list(book.worksheets)
    except BROKEN_BOOK as error:
        raise _broken_book() from error
    tables, others = [], []
    for sheet in sheets:
        title = name if len(sheets) == 1 else f"{name}, feuille « {sheet.title} »"
        table = _table(title, partial(_sheet_rows, sheet), limits, exact=False)
        if table is None:
            others.append(
                Remark(WHOLE_ROW, f"La feuille « {sheet.title} » n’est pas de l’annuaire : ignorée.")
            )
        else:
            tables.append(table)
    if not tables:
        raise _not_ours(next(_sheet_rows(sheets[0]), ()) if sheets else ())
    tables[0].warnings.extend(others)
    return tables


def _sheet_rows(sheet: Any) -> Iterator[Sequence[Any]]:
    try:
        width = min(sheet.max_column or MAX_COLUMNS, MAX_COLUMNS)
        yield from sheet.iter_rows(values_only=True, max_col=width)
    except BROKEN_BOOK as error:
        raise _broken_book() from error


def _broken_book() -> UnreadableTable:
    return UnreadableTable(
        f"Ce classeur est abîmé, coupé ou dangereux : téléchargez-le ou enregistrez-le à nouveau. {HOW_TO_SAVE}"
    )


def _check_zip(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableTable(
            f"Ce classeur est abîmé ou coupé : téléchargez-le ou enregistrez-le à nouveau. {HOW_TO_SAVE}"
        ) from error
    if WORKBOOK not in sizes:
        raise UnreadableTable(f"Ce fichier n’est pas un classeur Excel, quel que soit son nom. {HOW_TO_SAVE}")
    if sum(sizes.values()) > limits.unpacked or sizes.get("xl/sharedStrings.xml", 0) > limits.strings:
        raise UnreadableTable(
            "Ce classeur est trop grand une fois décompressé : il n’a pas été ouvert. Prenez le même fichier en CSV."
        )


# Headings and rows, of a CSV file or of a sheet


def _table(
    name: str, rows: Callable[[], Iterator[Sequence[Any]]], limits: Limits, *, exact: bool
) -> Table | None:
    """The table under these headings, or None where they are not the directory's. `exact`: a row has a cell per heading."""
    headings = list(_trimmed(next(rows(), ())))
    columns = [column_of(heading) for heading in headings]
    kind = kind_of(columns)
    if kind is None:
        return None
    known = {
        index: column
        for index, column in enumerate(columns)
        if column in COLUMNS[kind] and column not in columns[:index]
    }

    def lines() -> Iterator[Line]:
        for number, cells in enumerate(rows(), start=1):
            if number > limits.rows + 1:
                raise _too_many(limits)
            filled = _trimmed(cells)
            if number > 1 and filled:
                yield _line(f"ligne {number}", cells if exact else filled, filled, headings, known, exact)

    table = Table(name, kind, lines)
    table.faults.extend(_heading_faults(headings, columns, kind))
    table.is_complete = set(REQUIRED[kind]) <= set(columns)
    unknown = [
        plain_text(heading)
        for heading, column in zip(headings, columns, strict=True)
        if column not in COLUMNS[kind] and column and not _is_day(heading)
    ]
    if unknown:
        table.warnings.append(Remark(WHOLE_ROW, f"Colonnes ignorées : {', '.join(unknown)[:500]}."))
    return table


def _line(
    place: str,
    cells: Sequence[Any],
    filled: Sequence[Any],
    headings: list[Any],
    known: dict[int, str],
    exact: bool,
) -> Line:
    if len(filled) > len(headings):
        letter = get_column_letter(len(headings) + 1)
        message = "Cette ligne a plus de cases que de titres : un séparateur est sans doute de trop."
        return Line(place, {}, (Remark(f"colonne {letter}", message),))
    if exact and len(cells) < len(headings):
        message = (
            f"Cette ligne compte {len(cells)} cases pour {len(headings)} titres : le fichier est coupé, ou un séparateur manque. "
            "Téléchargez-le à nouveau, ou corrigez cette ligne."
        )
        return Line(place, {}, (Remark(WHOLE_ROW, message),))
    return Line(
        place, {column: cells[index] if index < len(cells) else None for index, column in known.items()}
    )


def _trimmed(cells: Sequence[Any]) -> Sequence[Any]:
    """The cells without the blank ones at the end."""
    end = len(cells)
    while end and (cells[end - 1] is None or not str(cells[end - 1]).strip()):
        end -= 1
    return cells[:end]


def kind_of(columns: Sequence[str]) -> str | None:
    """What a table holds by its columns.

    >>> kind_of(["source", "id", "nom"]), kind_of(["structure_id", "id", "nom"]), kind_of(["nom", "prenom"])
    ('structures', 'services', None)
    """
    if not {"id", "source"} & set(columns) or len(set(columns) & {*STRUCTURE_COLUMNS}) < 2:
        return None
    return SERVICES if {"structure_id", "thematiques"} & set(columns) else STRUCTURES


def _heading_faults(headings: list[Any], columns: list[str], kind: str) -> Iterator[Remark]:
    for index, (heading, column) in enumerate(zip(headings, columns, strict=True)):
        letter = get_column_letter(index + 1)
        if _is_day(heading):
            message = f"Le titre de la colonne {letter} est une date : remettez son nom, ou supprimez-la."
            yield Remark(plain_text(heading)[:10], message)
        elif column in COLUMNS[kind] and column in columns[:index]:
            message = f"Ce titre figure deux fois, la seconde en colonne {letter}. Retirez-en une."
            yield Remark(plain_text(heading), message)
    for column in REQUIRED[kind]:
        if column not in columns:
            yield Remark(column, "Colonne manquante : ajoutez-la, avec ce titre.")


def _is_day(heading: Any) -> bool:
    if isinstance(heading, (dt.date, dt.time)):
        return True
    written = plain_text(heading)
    return bool(ISO_DAY.fullmatch(written) or FRENCH_DAY.fullmatch(written))


def _not_ours(headings: Sequence[Any]) -> UnreadableTable:
    days = [heading for heading in headings if _is_day(heading)]
    met = ", ".join(plain_text(heading) for heading in list(headings)[:8] if not says_nothing(heading))
    there = f" On y lit des dates ({shown(days[0])}) : les titres manquent." if days else ""
    return UnreadableTable(
        f"La première ligne doit porter les titres de data.inclusion ({', '.join(REQUIRED_STRUCTURE)} pour des structures ; "
        f"{', '.join(REQUIRED_SERVICE)} pour des services).{there} Titres lus : {shown(met) if met else 'aucun'}.",
        1,
    )


def _too_many(limits: Limits) -> UnreadableTable:
    return UnreadableTable(f"Ce fichier compte plus de {in_french(limits.rows)} lignes. {limits.advice}")


# JSON


def _json(path: Path, name: str, limits: Limits) -> list[Table]:
    """One table of a plain list, whose first element says what it is; two where the file names them."""
    section, first = next(((section, item) for section, _number, item in items(path)), ("", None))
    if first is None:
        raise UnreadableTable("Ce fichier ne contient ni structure ni service.")
    keys = [column_of(key) for key in first] if isinstance(first, dict) else []
    kind = kind_of(keys)
    if not section and kind is None:
        raise _not_ours(keys)
    sections = [STRUCTURES, SERVICES] if section else [kind]
    return [
        Table(
            name if not section else f"{name}, {part}",
            part,
            partial(_json_lines, path, part if section else "", COLUMNS[part], limits),
        )
        for part in sections
        if part
    ]


def _json_lines(path: Path, section: str, columns: Sequence[str], limits: Limits) -> Iterator[Line]:
    ours: dict[str, str] = {}
    for where, number, item in items(path):
        if where != section:
            continue
        if number > limits.rows:
            raise _too_many(limits)
        place = f"élément {number}"
        if not isinstance(item, dict):
            yield Line(place, {}, (Remark(WHOLE_ROW, f"{shown(item)} n’est pas un objet."),))
            continue
        for key in item.keys() - ours.keys():
            ours[key] = column_of(key)
        cells = {ours[key]: value for key, value in item.items() if ours[key] in columns}
        if not all(says_nothing(value) for value in cells.values()):
            yield Line(place, cells)
