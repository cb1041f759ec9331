"""A table as data: its columns are declared once, and written as a spreadsheet or as CSV.

Every file says who made it, when, with which filters and how many rows it holds.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from confluences.formats import MINUS, number, short_date

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins like this is a formula to a spreadsheet (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MAX_WIDTH = 60  # characters


class NothingToExport(Exception):
    """Zero rows: an empty file would look like an answer."""


@dataclass(frozen=True)
class Column:
    """One column: its French heading and how to read it from a row."""

    heading: str
    value: Callable[[Any], Any]


@dataclass(frozen=True)
class Sheet:
    """A further table of the same spreadsheet."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Any]


@dataclass(frozen=True)
class Heading:
    """What stands above the rows: the table's title, who asked for it, and the filters in words."""

    title: str
    author: str
    filters: str
    made_at: dt.datetime

    def lines(self, rows: int) -> list[tuple[str, str]]:
        return [
            ("Tableau", self.title),
            ("Établi par", self.author),
            ("Le", f"{timezone.localtime(self.made_at):%d/%m/%Y à %H h %M}"),
            ("Filtres", self.filters or "aucun"),
            ("Lignes", str(rows)),
        ]


def safe_cell(value: Any) -> Any:
    """A value a spreadsheet can hold and will never run."""
    if value is None or (
        isinstance(value, (int, float, Decimal, dt.date)) and not isinstance(value, (bool, dt.datetime))
    ):
        return value
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))  # control characters, which no spreadsheet can hold
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def xlsx(
    columns: Sequence[Column], rows: Iterable[Any], heading: Heading, *, more: Sequence[Sheet] = ()
) -> bytes:
    """The table as a spreadsheet with true dates and numbers. Raises NothingToExport without rows."""
    table = _cells(columns, rows)
    book = Workbook()
    page = book.active
    page.title = "Données"
    for line in heading.lines(len(table)):
        page.append([safe_cell(cell) for cell in line])
    page.append([])
    _write_table(page, columns, table)
    for sheet in more:
        _write_table(book.create_sheet(sheet.title), sheet.columns, _cells(sheet.columns, sheet.rows))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_file(columns: Sequence[Column], rows: Iterable[Any], heading: Heading) -> bytes:
    """The table as CSV that a French spreadsheet opens: semicolons, UTF-8 with its mark, dates as 31/12/2014.

    Raises NothingToExport without rows.
    """
    table = _cells(columns, rows)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in line] for line in heading.lines(len(table)))
    writer.writerow([])
    writer.writerow([column.heading for column in columns])
    writer.writerows([_csv_cell(cell) for cell in cells] for cells in table)
    return stream.getvalue().encode("utf-8-sig")


FORMATS = {"xlsx": (xlsx, XLSX), "csv": (csv_file, "text/csv; charset=utf-8")}


def download(content: bytes | str, *, filename: str, content_type: str) -> HttpResponse:
    """An attachment that no browser guesses the type of and no cache keeps."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store, private"
    return response


def _csv_cell(value: Any) -> Any:
    if isinstance(value, dt.date):
        return short_date(value)
    if not isinstance(value, (float, Decimal)):
        return value
    # A thin space or a typographer's minus would make a spreadsheet take the number for a word.
    return "".join(number(value).split()).replace(MINUS, "-")


def _cells(columns: Sequence[Column], rows: Iterable[Any]) -> list[list[Any]]:
    table = [[safe_cell(column.value(row)) for column in columns] for row in rows]
    if not table:
        raise NothingToExport
    return table


def _write_table(page: Any, columns: Sequence[Column], table: list[list[Any]]) -> None:
    page.append([column.heading for column in columns])
    top = page.max_row
    for cell in page[top]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cells in table:
        page.append(cells)
    for row in page.iter_rows(min_row=top + 1):
        for cell in row:
            if isinstance(cell.value, dt.date):
                cell.number_format = "DD/MM/YYYY"
    for index, column in enumerate(page.iter_cols(min_row=top), start=1):
        longest = max(len(str(cell.value or "")) for cell in column)
        page.column_dimensions[get_column_letter(index)].width = min(longest + 2, MAX_WIDTH)
    page.freeze_panes = page.cell(row=top + 1, column=1)
