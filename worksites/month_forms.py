"""What is typed or pasted in a month grid: saved in one go or not at all, given back as it was typed."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from beneficiaries.models import MonthClosing
from beneficiaries.time_actions import DayChange, DayFaults, record_days, reopen_month
from beneficiaries.time_rules import Part, UnreadableCell, read_cell
from confluences.formats import french_date
from confluences.forms import RecordedForm
from confluences.models import User
from worksites.month_reports import GridCell, GridLine, MonthGrid
from worksites.month_rules import MOST_FAULTS, BlockCell, BlockFault, read_block

HOLIDAY = "JF"
BETWEEN_DAYS = "|"  # in the hidden field that holds what a person's month was
_FIELD = re.compile(r"c-(\d{1,15})-(\d{2})")

Key = tuple[int, dt.date]


@dataclass(frozen=True)
class Fault:
    """Why nothing was saved; `field` is the cell's, where one cell is at fault."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class TypedCell:
    """A cell as the page shows it: what stands in the database, or what was typed and not saved."""

    cell: GridCell
    field: str
    label: str
    text: str
    is_wrong: bool


@dataclass(frozen=True)
class TypedLine:
    """A person's cells, and what they were when their writer looked at them."""

    line: GridLine
    seen: str
    cells: list[TypedCell]


class MonthForm:
    """The month grid as a form: a field for each cell, a hidden field a person for what its writer saw.

    A pasted block says more than the cells, « Pointer les jours fériés » fills the empty ones of public holidays: what is
    typed, pasted and filled is saved together.
    """

    def __init__(self, load: Callable[[], MonthGrid], data: QueryDict | None = None) -> None:
        self.load = load
        self.data = QueryDict() if data is None else data
        self.show(load())
        self.block = self.data.get("block", "")
        self.typed = self._read_typed()
        self.pasted: dict[Key, BlockCell] = {}
        self.now_there: dict[Key, str] = {}  # what others saved where this writer saw something else
        self.wrong: set[Key] = set()
        self.faults: list[Fault] = []
        self.people_written = 0

    def show(self, grid: MonthGrid) -> None:
        self.grid = grid
        self.cells: dict[Key, tuple[GridLine, GridCell]] = {
            (line.person.pk, cell.day.day): (line, cell)
            for line in grid.lines
            for cell in line.cells
            if cell.is_open
        }

    @property
    def status(self) -> int:
        if self.now_there:
            return 409
        return 422 if self.faults else 200

    @property
    def listed_faults(self) -> list[Fault]:
        return self.faults[:MOST_FAULTS]

    @property
    def unlisted_faults(self) -> int:
        return len(self.faults) - len(self.listed_faults)

    def lines(self) -> Iterator[TypedLine]:
        for line in self.grid.lines:
            keys = [(line.person.pk, cell.day.day) for cell in line.cells]
            seen = [
                self.now_there.get(key, self._seen(key)) if self._is_typed(key) else cell.text
                for key, cell in zip(keys, line.cells, strict=True)
            ]
            cells = [self._shown(key, cell, line) for key, cell in zip(keys, line.cells, strict=True)]
            yield TypedLine(line, BETWEEN_DAYS.join(seen), cells)

    def save_by(self, user: User) -> int | None:
        """Writes the days that changed and says how many; None where nothing could be written, for the reasons in `faults`."""
        if self.grid.closing:
            self.faults.append(Fault("Ce mois vient d’être clos : rien n’a été enregistré."))
            return None
        self._refuse_cells_that_left()
        self._read_block()
        changes = list(self._changes())
        if self.faults:
            return None
        try:
            record_days(changes, by=user)
        except DayFaults as refusal:
            self._note(refusal)
            return None
        self.people_written = len({change.person.pk for change in changes})
        return len(changes)

    def _shown(self, key: Key, cell: GridCell, line: GridLine) -> TypedCell:
        text = self.typed[key] if cell.is_open and self._is_typed(key) else cell.text
        label = f"{line.person}, {french_date(cell.day.day)}"
        return TypedCell(cell, _field(key), label, text, key in self.wrong)

    # What was sent

    def _read_typed(self) -> dict[Key, str]:
        sent = {key: self.data.get(_field(key)) for key in self.cells}
        return {key: " ".join(text.split()) for key, text in sent.items() if text is not None}

    def _is_typed(self, key: Key) -> bool:
        return key in self.typed and self.typed[key] != self._seen(key)

    def _seen(self, key: Key) -> str:
        person, day = key
        texts = self.data.get(f"s-{person}", "").split(BETWEEN_DAYS)
        return texts[day.day - 1] if day.day <= len(texts) else ""

    def _refuse_cells_that_left(self) -> None:
        """What was typed for somebody who, meanwhile, is no longer here that day is not lost in silence."""
        names = {line.person.pk: str(line.person) for line in self.grid.lines}
        for field, text in self.data.items():
            key = self._key(field)
            if key is None or key in self.cells or text.strip() == self._seen(key):
                continue
            who = names.get(key[0], "Une personne")
            self.faults.append(
                Fault(
                    f"{who} n’est plus affecté(e) ici, ou plus sous contrat, le {french_date(key[1])} : "
                    f"« {text.strip()} » n’est pas enregistré. Relisez, puis enregistrez à nouveau."
                )
            )

    def _key(self, field: str) -> Key | None:
        found = _FIELD.fullmatch(field)
        month = self.grid.month
        if not found or not 1 <= int(found[2]) <= month.last.day:
            return None
        return int(found[1]), month.first.replace(day=int(found[2]))

    def _read_block(self) -> None:
        if not self.block.strip():
            return
        people = [line.person for line in self.grid.lines]
        block = read_block(
            self.block, self.grid.month, [[str(person), person.file_number] for person in people]
        )
        self.faults += [Fault(str(fault)) for fault in block.faults]
        for cell in block.cells:
            key = people[cell.person].pk, cell.day
            if key in self.cells:
                self.pasted[key] = cell
            elif cell.text != "0":
                self._add_fault(
                    key, "pas d’affectation ici ou pas de contrat ce jour-là : videz la case.", cell
                )

    def _wanted(self) -> dict[Key, str]:
        """What each cell is to say, the block's words over those of the cells."""
        wanted = self.typed | {key: cell.text for key, cell in self.pasted.items()}
        if "holidays" not in self.data:
            return wanted
        for key, (_line, cell) in self.cells.items():
            if cell.day.holiday and cell.is_missing and not wanted.get(key):
                wanted[key] = HOLIDAY
        return wanted

    def _changes(self) -> Iterator[DayChange]:
        for key, text in self._wanted().items():
            if text == self._seen(key):
                continue
            line, cell = self.cells[key]
            try:
                parts = sorted(read_cell(text, cell.alone))
            except UnreadableCell as error:
                self._add_fault(key, str(error))
                continue
            seen = _parts_of(self._seen(key))
            if parts != seen:
                yield DayChange(person=line.person, day=key[1], parts=parts, seen=seen)

    # What was refused

    def _note(self, refusal: DayFaults) -> None:
        if refusal.is_conflict:
            self.show(self.load())
        wanted = self._wanted()
        for fault in refusal.faults:
            key = fault.person.pk, fault.day
            if not fault.is_conflict or key not in self.cells:
                self._add_fault(key, fault.message)
                continue
            self.now_there[key] = self.cells[key][1].text
            theirs, yours = self.now_there[key] or "vide", wanted[key] or "vide"
            self._add_fault(
                key,
                f"« {theirs} » vient d’être enregistré, votre saisie est « {yours} ». "
                "Gardez l’une des deux, puis enregistrez à nouveau.",
            )

    def _add_fault(self, key: Key, message: str, cell: BlockCell | None = None) -> None:
        cell = cell or self.pasted.get(key)
        if cell is not None:
            self.faults.append(Fault(str(BlockFault(cell.line, cell.column, message))))
            return
        self.wrong.add(key)
        who = next((str(line.person) for line in self.grid.lines if line.person.pk == key[0]), "")
        self.faults.append(Fault(f"{who}, {french_date(key[1])} : {message}", _field(key)))


def _field(key: Key) -> str:
    return f"c-{key[0]}-{key[1]:%d}"


def _parts_of(seen: str) -> list[Part]:
    """What a cell was, of which the page wrote the words itself."""
    try:
        return sorted(read_cell(seen, 0))
    except UnreadableCell:
        return []


class ReopeningForm(RecordedForm):
    """Why a closed month is opened again."""

    class Meta:
        model = MonthClosing
        fields = ["reopening_reason"]
        widgets = {"reopening_reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "reopening_reason": "Par exemple : un arrêt de travail reçu en retard. L’historique garde cette raison."
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reopening_reason"].required = True

    def perform(self, user):
        return reopen_month(self.instance, reason=self.cleaned_data["reopening_reason"], by=user)
