"""Rules of the month grid, on plain values: which month an address means, and how a block of a spreadsheet is read."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import KIND_CODES, REASON_CODES
from confluences.dates import day_after, day_before
from confluences.formats import MONTHS, short_date
from confluences.text import search_words
from confluences.working_days import days_between, month_of

FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_LINES = 200  # of a pasted block
MOST_FAULTS = 50  # listed
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY_NUMBER = re.compile(r"(?:[^\W\d]+\.?\s*)?(\d{1,2})")
_DATE = re.compile(r"(?:[^\W\d]+\.?\s*)?(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")


@dataclass(frozen=True)
class Month:
    """A calendar month."""

    first: dt.date

    def __str__(self) -> str:
        return f"{MONTHS[self.first.month - 1]} {self.first.year}"

    @property
    def title(self) -> str:
        return str(self).capitalize()

    @property
    def last(self) -> dt.date:
        return month_of(self.first)[1]

    @property
    def days(self) -> list[dt.date]:
        return list(days_between(self.first, self.last))

    @property
    def code(self) -> str:
        """How an address names it: 2026-11."""
        return f"{self.first:%Y-%m}"

    @property
    def previous(self) -> "Month | None":
        day = day_before(self.first)
        return Month(day.replace(day=1)) if day.year >= FIRST_YEAR else None

    @property
    def following(self) -> "Month | None":
        day = day_after(self.last)
        return Month(day) if day.year <= LAST_YEAR else None

    @property
    def of_month(self) -> str:
        """« de mars 2024 », « d’avril 2024 »."""
        return f"d’{self}" if str(self)[0] in "ao" else f"de {self}"


def read_month(text: str, today: dt.date) -> Month | None:
    """The month of an address, the current one where it names none; None where it names no month we know.

    >>> str(read_month("2026-11", dt.date(2024, 1, 1)))
    'novembre 2026'
    >>> read_month("2026-13", dt.date(2024, 1, 1)) is None
    True
    """
    if not text:
        return Month(today.replace(day=1))
    found = _MONTH.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12 or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    return Month(dt.date(int(found[1]), int(found[2]), 1))


def legend() -> list[tuple[str, str]]:
    """What may be written in a cell, and what it means."""
    kinds = [(code, TimeKind(kind).label) for kind, code in KIND_CODES.items() if code]
    reasons = [(code, AbsenceReason(reason).label) for reason, code in REASON_CODES.items()]
    return [*kinds, *reasons]


# A block pasted from a spreadsheet


@dataclass(frozen=True)
class BlockFault:
    """What is wrong in a pasted block, with the line as one counts them there and the column's heading."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        column = f", colonne « {self.column} »" if self.column else ""
        return f"Ligne {self.line}{column} : {self.message}"


@dataclass(frozen=True)
class BlockCell:
    """What a block says about somebody's day: `person` is the place of the name in the list that was given."""

    line: int
    column: str
    person: int
    day: dt.date
    text: str


@dataclass(frozen=True)
class Block:
    """A pasted block as it reads: the cells that say something, and what is wrong."""

    cells: list[BlockCell]
    faults: list[BlockFault]


def read_block(text: str, month: Month, people: Sequence[Iterable[str]]) -> Block:
    """Reads names in the first column and days in the first line; `people` gives, for each, what he or she is called.

    >>> block = read_block("Nom\\t4\\t5\\nAmina Exemple\\t7\\tCP", Month(dt.date(2024, 3, 1)), [["Exemple Amina"]])
    >>> [(cell.person, cell.day.day, cell.text) for cell in block.cells]
    [(0, 4, '7'), (0, 5, 'CP')]
    """
    lines = _lines(text)
    if len(lines) < 2:
        message = "collez au moins deux lignes : les jours, puis une ligne par personne."
        return Block([], [BlockFault(1, "", message)])
    if len(lines) > MOST_LINES:
        return Block([], [BlockFault(lines[MOST_LINES][0], "", f"{MOST_LINES} lignes au plus à la fois.")])
    (number, header), *rows = lines
    days, faults = _read_header(number, header, month)
    names = _Names(people)
    cells: list[BlockCell] = []
    for number, row in rows:
        found, wrong = _read_row(number, row, header, days, names)
        cells += found
        faults += wrong
    return Block(cells, faults)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """The lines that hold something, each with its number and its cells."""
    split = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator = "\t" if "\t" in text else ";"
    rows = [(number, [_bare(cell) for cell in line.split(separator)]) for number, line in enumerate(split, 1)]
    return [(number, row) for number, row in rows if any(row)]


def _bare(cell: str) -> str:
    cell = " ".join(cell.split())
    return cell[1:-1].strip() if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


Days = dict[int, tuple[str, dt.date]]


def _read_header(number: int, header: list[str], month: Month) -> tuple[Days, list[BlockFault]]:
    """The day of each column that has one, by its place, with its heading."""
    days: Days = {}
    faults = []
    for place, heading in enumerate(header[1:], start=1):
        if not heading:
            continue
        day = _read_day(heading, month)
        if day is None:
            message = f"ce n’est pas un jour {month.of_month}. Écrivez 1 ou {short_date(month.first)}, ou retirez la colonne."
            faults.append(BlockFault(number, heading, message))
        elif any(day == other for _heading, other in days.values()):
            faults.append(BlockFault(number, heading, "ce jour a déjà une colonne : gardez-en une seule."))
        else:
            days[place] = heading, day
    if not days and not faults:
        faults.append(
            BlockFault(number, "", "la première ligne doit dire les jours : 1, 2, 3… ou des dates.")
        )
    return days, faults


def _read_day(heading: str, month: Month) -> dt.date | None:
    """The day of the month that a heading names: 4, « lun. 4 », 04/03, 04/03/2024, 2024-03-04."""
    if found := _DAY_NUMBER.fullmatch(heading):
        year, number, day = month.first.year, month.first.month, int(found[1])
    elif found := _ISO_DATE.fullmatch(heading):
        year, number, day = int(found[1]), int(found[2]), int(found[3])
    elif found := _DATE.fullmatch(heading):
        year = int(found[3] or month.first.year)
        year, number, day = year + 2000 if year < 100 else year, int(found[2]), int(found[1])
    else:
        return None
    if (year, number) != (month.first.year, month.first.month) or not 1 <= day <= month.last.day:
        return None
    return month.first.replace(day=day)


class _Names:
    """Whom a name means: the same words in any order, without accents; each person on one line."""

    def __init__(self, people: Sequence[Iterable[str]]) -> None:
        self.people: dict[str, set[int]] = {}
        self.written: dict[str, str] = {}
        for place, names in enumerate(people):
            for name in names:
                self.people.setdefault(_name_key(name), set()).add(place)
                self.written.setdefault(_name_key(name), name)
        self.lines: dict[int, int] = {}

    def find(self, line: int, name: str) -> int | str:
        """The person's place, or what is wrong with the name."""
        if not name:
            return "le nom manque : écrivez-le dans la première colonne."
        found = self.people.get(_name_key(name), set())
        if not found:
            return f"« {name} » n’est pas dans ce tableau{self._proposal(name)}."
        if len(found) > 1:
            return f"« {name} » désigne plusieurs personnes : écrivez le numéro de dossier à la place du nom."
        [place] = found
        first = self.lines.setdefault(place, line)
        return place if first == line else f"« {name} » est déjà ligne {first} : gardez une seule ligne."

    def _proposal(self, name: str) -> str:
        close = get_close_matches(_name_key(name), self.people, n=1, cutoff=0.6)
        return f" (« {self.written[close[0]]} » ?)" if close else ""


def _name_key(name: str) -> str:
    return " ".join(sorted(search_words(name)))


def _read_row(
    number: int, row: list[str], header: list[str], days: Days, names: _Names
) -> tuple[list[BlockCell], list[BlockFault]]:
    person = names.find(number, row[0])
    if isinstance(person, str):
        return [], [BlockFault(number, "", person)]
    cells, faults = [], []
    for place, text in enumerate(row[1:], start=1):
        if not text:
            continue
        if place in days:
            heading, day = days[place]
            cells.append(BlockCell(number, heading, person, day, text))
        elif place >= len(header) or not header[place]:  # else the heading's own fault says it
            faults.append(
                BlockFault(number, "", f"« {text} » est en {place + 1}e place, dans une colonne sans jour.")
            )
    return cells, faults
