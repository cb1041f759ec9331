"""A file that somebody brings, read as a table: what it is by its content, and every reason why it cannot be read."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from django.conf import settings
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from confluences.formats import number as number_in_french

MAX_COLUMNS = 200
# A spreadsheet is a zip: what it unpacks to is bounded before it is opened.
MAX_UNPACKED_SIZE = 5 * settings.MAX_UPLOAD_SIZE
ZIP_START = b"PK\x03\x04"
OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"
UTF16_STARTS = (b"\xff\xfe", b"\xfe\xff")
WORKBOOK = "xl/workbook.xml"

HOW_TO_SAVE = "Dans Excel : Fichier, Enregistrer sous, puis « CSV UTF-8 (délimité par des virgules) » ou « Classeur Excel (.xlsx) »."


class UnreadableTable(Exception):
    """The file is no table that we read; the message says why and what to do, `row` where it is known."""

    def __init__(self, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row


@dataclass(frozen=True)
class Line:
    """One row as the spreadsheet numbers it: the headings are row 1."""

    number: int
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """The headings, and the rows that are not blank."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read_table(content: bytes) -> Table:
    """The first sheet of a XLSX file, or a CSV file. Raises UnreadableTable."""
    if len(content) > settings.MAX_UPLOAD_SIZE:
        limit = settings.MAX_UPLOAD_SIZE // (1024 * 1024)
        raise UnreadableTable(f"Ce fichier dépasse {limit} Mo. Découpez-le en plusieurs fichiers.")
    if not content.strip():
        raise UnreadableTable("Ce fichier est vide.")
    if content.startswith(ZIP_START):
        return _table(_xlsx_rows(content))
    return _table(_csv_rows(_text(content)))


def _table(rows: Iterable[Sequence[Any]]) -> Table:
    numbered = enumerate(rows, start=1)
    _number, first = next(numbered, (1, ()))
    headings = tuple("" if cell is None else " ".join(str(cell).split()) for cell in _trimmed(first))
    lines = []
    for number, cells in numbered:
        if number > settings.MAX_IMPORT_ROWS + 1:
            raise UnreadableTable(
                f"Ce fichier compte plus de {number_in_french(settings.MAX_IMPORT_ROWS)} lignes, lignes vides comprises : rien n’a été lu. "
                "Supprimez les lignes vides, ou découpez-le en plusieurs fichiers."
            )
        filled = _trimmed(cells)
        if filled:
            lines.append(Line(number, filled))
    if not headings and not lines:
        raise UnreadableTable("Ce fichier est vide.")
    return Table(headings, tuple(lines))


def _trimmed(cells: Sequence[Any]) -> tuple[Any, ...]:
    """The cells without the blank ones at the end."""
    end = len(cells)
    while end and (cells[end - 1] is None or not str(cells[end - 1]).strip()):
        end -= 1
    return tuple(cells[:end])


def _text(content: bytes) -> str:
    if content.startswith(OLD_EXCEL_START):
        raise UnreadableTable(f"Ce fichier est dans un ancien format d’Excel (.xls). {HOW_TO_SAVE}")
    if content.startswith(UTF16_STARTS):
        raise UnreadableTable(f"Ce fichier est du texte Unicode (UTF-16). {HOW_TO_SAVE}")
    if b"\0" in content:
        raise UnreadableTable(
            f"Ce fichier n’est ni un CSV ni un classeur Excel, quel que soit son nom. {HOW_TO_SAVE}"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise UnreadableTable(
            f"Ce fichier n’est pas en UTF-8 (il vient sans doute d’Excel, en Windows-1252). {HOW_TO_SAVE}",
            row,
        ) from error


def _csv_rows(text: str) -> Iterator[list[str]]:
    heading_line = text.partition("\n")[0]
    delimiter = max(";,\t", key=heading_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):  # noqa: B007  the number is for the fault
            yield cells[:MAX_COLUMNS]
    except csv.Error as error:
        raise UnreadableTable(
            "À partir de cette ligne le fichier ne se lit plus : un guillemet est sans doute ouvert sans être fermé. "
            "Retirez-le, ou doublez-le.",
            number + 1,
        ) from error


def _xlsx_rows(content: bytes) -> Iterator[tuple[Any, ...]]:
    _check_zip(content)
    try:
        # With defusedxml installed, openpyxl refuses entities by a ValueError.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        yield from book.worksheets[0].iter_rows(values_only=True, max_col=MAX_COLUMNS)
    except (
        InvalidFileException,
        ParseError,
        zipfile.BadZipFile,
        KeyError,
        IndexError,
        ValueError,
        TypeError,
        EOFError,
    ) as error:
        raise UnreadableTable(
            f"Ce classeur est abîmé ou dangereux : il n’a pas été lu. Ouvrez-le et enregistrez-le à nouveau. {HOW_TO_SAVE}"
        ) from error


def _check_zip(content: bytes) -> None:
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableTable(f"Ce classeur est abîmé ou incomplet. {HOW_TO_SAVE}") from error
    if WORKBOOK not in {entry.filename for entry in entries}:
        raise UnreadableTable(f"Ce fichier n’est pas un classeur Excel, quel que soit son nom. {HOW_TO_SAVE}")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_SIZE:
        raise UnreadableTable(
            "Ce classeur est anormalement grand une fois décompressé : il n’a pas été ouvert."
        )
