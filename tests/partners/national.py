"""Files of the national directory as tests need them: one valid row, and the three formats."""

import csv
import io
import json
from pathlib import Path

from openpyxl import Workbook

from confluences.models import User
from partners.national_actions import apply
from partners.national_plan_reports import Tally
from partners.national_reports import COMMAND_LIMITS, Checked, Filters, check

SIRET = "73282932000074"
HOUSING = "logement-hebergement--louer-un-logement"
ADDICTION = "sante--addictions"


def structure(number: int = 1, **cells) -> dict:
    return {
        "source": "exemple",
        "id": f"exemple--{number}",
        "nom": f"Exemple de structure {number}",
        "date_maj": "2025-02-14",
        "code_postal": "94110",
        "commune": "Arcueil",
    } | cells


def service(number: int = 1, structure: int = 1, **cells) -> dict:
    return {
        "source": "exemple",
        "structure_id": f"exemple--{structure}",
        "id": f"exemple--service-{number}",
        "nom": f"Exemple de service {number}",
        "description": "Un accueil sans rendez-vous.",
        "date_maj": "2025-02-14",
        "thematiques": HOUSING,
    } | cells


def csv_bytes(*rows: dict, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, dict.fromkeys(key for row in rows for key in row), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


def xlsx_bytes(**sheets: list[list]) -> bytes:
    """A workbook of one sheet per name, each with its headings first."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet(*rows: dict) -> list[list]:
    headings = list(dict.fromkeys(key for row in rows for key in row))
    return [headings, *([row.get(heading) for heading in headings] for row in rows)]


def json_bytes(value) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def put(folder: Path, content: bytes, name: str = "structures.csv") -> tuple[Path, str]:
    path = folder / name
    path.write_bytes(content)
    return path, name


def checked(folder: Path, *contents: bytes, filters: Filters = Filters(), limits=COMMAND_LIMITS) -> Checked:  # noqa: B008
    files = [put(folder, content, name) for content, name in zip(contents, ("un", "deux"), strict=False)]
    return check(files, filters=filters, limits=limits, folder=folder)


def faults(folder: Path, *contents: bytes, **options) -> list[str]:
    return [str(note) for note in checked(folder, *contents, **options).faults.listed]


def imported(folder: Path, *contents: bytes, by: User | None = None, filters: Filters = Filters()) -> Tally:  # noqa: B008
    """Imports files that must have no fault."""
    found = checked(folder, *contents, filters=filters)
    assert [str(note) for note in found.faults.listed] == []
    return apply(found.rows, by=by)
