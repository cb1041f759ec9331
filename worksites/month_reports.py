"""A month of presence on a worksite: people × days, what is recorded, what was expected, what is missing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Q

from beneficiaries.models import Beneficiary, Contract, MonthClosing, TimeEntry
from beneficiaries.models.time_entry import TimeEntryQuerySet
from beneficiaries.time_enums import TimeKind
from beneficiaries.time_rules import Part, write_cell
from confluences.working_days import SATURDAY, public_holiday
from worksites.models import Worksite
from worksites.month_rules import Month
from worksites.plan_reports import training_minutes
from worksites.presence_rules import is_unrecorded


@dataclass(frozen=True)
class GridDay:
    """A column: a day, with the name of the public holiday that falls on it."""

    day: dt.date
    holiday: str
    is_today: bool

    @property
    def is_weekend(self) -> bool:
        return self.day.isoweekday() >= SATURDAY

    @property
    def letter(self) -> str:
        return "LMMJVSD"[self.day.weekday()]

    @property
    def look(self) -> str:
        """The classes of its cells."""
        looks = {
            "month-off": self.is_weekend or bool(self.holiday),
            "month-weekend": self.is_weekend,
            "month-today": self.is_today,
        }
        return " ".join(name for name, is_so in looks.items() if is_so)


@dataclass(frozen=True)
class GridCell:
    """A day of a person. It is open where the person is assigned to the worksite and under contract.

    `usual` are the minutes of that weekday, holiday or not: a public holiday is paid, and has to be recorded too.
    """

    day: GridDay
    is_open: bool
    usual: int = 0
    entries: tuple[TimeEntry, ...] = ()

    @cached_property
    def parts(self) -> list[Part]:
        """What the worksite records."""
        return sorted(entry.part for entry in self.entries if entry.start is None)

    @cached_property
    def text(self) -> str:
        return write_cell(self.parts)

    @cached_property
    def in_sessions(self) -> list[Part]:
        """What training sessions record, those of one kind together."""
        minutes: dict[tuple[str, str], int] = defaultdict(int)
        for entry in self.entries:
            if entry.start is not None:
                minutes[entry.part.key] += entry.minutes
        return [Part(TimeKind(kind), total, reason) for (kind, reason), total in minutes.items()]

    @cached_property
    def session_text(self) -> str:
        return write_cell(self.in_sessions)

    @property
    def alone(self) -> int:
        """The minutes that a code without hours stands for: the day's, but for those of sessions."""
        return max(self.usual - training_minutes((), self.entries), 0)

    @property
    def recorded(self) -> int:
        return sum(entry.minutes for entry in self.entries)

    @property
    def is_attended(self) -> bool:
        return any(entry.kind in TimeKind.attended() for entry in self.entries)

    @property
    def is_missing(self) -> bool:
        return self.is_open and is_unrecorded(self.alone, recorded=bool(self.parts))


@dataclass(frozen=True)
class GridLine:
    """A person's month on the worksite."""

    person: Beneficiary
    cells: list[GridCell]

    @cached_property
    def recorded(self) -> int:
        return sum(cell.recorded for cell in self.cells)

    @cached_property
    def expected(self) -> int:
        """The contract's minutes of the days spent here, public holidays included."""
        return sum(cell.usual for cell in self.cells)

    @property
    def gap(self) -> int:
        return self.recorded - self.expected

    def missing(self, before: dt.date) -> list[dt.date]:
        """The days, before one, on which something was expected and the worksite recorded nothing."""
        return [cell.day.day for cell in self.cells if cell.is_missing and cell.day.day < before]


@dataclass(frozen=True)
class DayTotal:
    """The foot of a column: who was there, and the minutes recorded, absences included."""

    day: GridDay
    present: int
    minutes: int

    @property
    def hours(self) -> str:
        """As a cell writes them."""
        return write_cell([Part(TimeKind.WORK, self.minutes)])


@dataclass(frozen=True)
class MonthGrid:
    """People × days of a worksite; the month is read-only where it is closed."""

    worksite: Worksite
    month: Month
    days: list[GridDay]
    lines: list[GridLine]
    closing: MonthClosing | None

    @property
    def totals(self) -> list[DayTotal]:
        columns = zip(*(line.cells for line in self.lines), strict=True)
        return [
            DayTotal(day, sum(cell.is_attended for cell in cells), sum(cell.recorded for cell in cells))
            for day, cells in zip(self.days, columns, strict=True)
        ]

    @property
    def recorded(self) -> int:
        return sum(line.recorded for line in self.lines)

    @property
    def expected(self) -> int:
        return sum(line.expected for line in self.lines)

    @property
    def gap(self) -> int:
        return self.recorded - self.expected

    @property
    def holidays(self) -> list[GridDay]:
        return [day for day in self.days if day.holiday and not day.is_weekend]

    def missing(self, before: dt.date) -> list[tuple[Beneficiary, list[dt.date]]]:
        """Whose days are not recorded, for those who have such days."""
        found = [(line.person, line.missing(before)) for line in self.lines]
        return [(person, days) for person, days in found if days]


@dataclass(frozen=True)
class MonthSoFar:
    """What a worksite's page says of the month: minutes up to today, and what nobody has recorded before today."""

    grid: MonthGrid
    recorded: int
    expected: int
    people_days_missing: int

    @property
    def missing_sentence(self) -> str:
        days = self.people_days_missing
        return f"{days} jour{'s' if days > 1 else ''} non pointé{'s' if days > 1 else ''} avant aujourd’hui"


def month_grid(worksite: Worksite, month: Month, entries: TimeEntryQuerySet, today: dt.date) -> MonthGrid:
    """The month of one worksite, of the entries that its reader may see."""
    [grid] = month_grids([worksite], month, entries, today)
    return grid


def month_grids(
    worksites: Iterable[Worksite], month: Month, entries: TimeEntryQuerySet, today: dt.date
) -> list[MonthGrid]:
    """The month of each worksite, in three queries whatever their number and that of the people."""
    worksites = list(worksites)
    days = [GridDay(day, public_holiday(day) or "", day == today) for day in month.days]
    spans = _spans(worksites, month)
    recorded = _recorded(entries, spans, month)
    closing = closing_of(month)
    return [
        MonthGrid(worksite, month, days, _lines(spans[worksite.pk], days, recorded), closing)
        for worksite in worksites
    ]


def month_so_far(worksite: Worksite, entries: TimeEntryQuerySet, today: dt.date) -> MonthSoFar:
    """The current month of a worksite, for its page."""
    grid = month_grid(worksite, Month(today.replace(day=1)), entries, today)
    cells = [cell for line in grid.lines for cell in line.cells if cell.day.day <= today]
    return MonthSoFar(
        grid,
        sum(cell.recorded for cell in cells),
        sum(cell.usual for cell in cells),
        sum(len(days) for _person, days in grid.missing(today)),
    )


def closing_of(month: Month) -> MonthClosing | None:
    closings = MonthClosing.objects.in_force().select_related("created_by")
    return closings.filter(first_day__lte=month.first, last_day__gte=month.last).first()


def closings_of(month: Month) -> list[MonthClosing]:
    """Every time that the month was closed, the last one first, reopened or not."""
    rows = MonthClosing.objects.select_related("created_by", "reopened_by")
    return list(rows.filter(first_day=month.first).order_by("-created_at", "-pk"))


@dataclass(frozen=True)
class _Span:
    """Days that somebody spends on a worksite under one contract."""

    contract: Contract
    first: dt.date
    last: dt.date

    def minutes(self, day: dt.date) -> int:
        return self.contract.usual_minutes(day)


Spans = dict[int, dict[Beneficiary, list[_Span]]]
Recorded = dict[tuple[int, dt.date], list[TimeEntry]]


def _spans(worksites: list[Worksite], month: Month) -> Spans:
    """Who is on each worksite in the month, and when, by name: one row for each contract and assignment."""
    not_left = Q(beneficiary__assignments__end=None) | Q(beneficiary__assignments__end__gte=month.first)
    contracts = (
        Contract.objects.with_last_day()
        .filter(
            not_left,
            Q(last_day=None) | Q(last_day__gte=month.first),
            beneficiary__assignments__worksite__in=worksites,
            beneficiary__assignments__start__lte=month.last,
            start__lte=month.last,
        )
        .annotate(
            worksite_id=F("beneficiary__assignments__worksite"),
            assigned_from=F("beneficiary__assignments__start"),
            assigned_until=F("beneficiary__assignments__end"),
        )
        .select_related("beneficiary")
        .order_by("beneficiary__search_key", "beneficiary", "start")
    )
    found: Spans = {worksite.pk: defaultdict(list) for worksite in worksites}
    for contract in contracts:
        first = max(contract.start, contract.assigned_from, month.first)
        ends = [contract.last_day_of, contract.assigned_until, month.last]
        last = min(end for end in ends if end is not None)
        if first <= last:
            found[contract.worksite_id][contract.beneficiary].append(_Span(contract, first, last))
    return found


def _recorded(entries: TimeEntryQuerySet, spans: Spans, month: Month) -> Recorded:
    people = {person.pk for each in spans.values() for person in each}
    found: Recorded = defaultdict(list)
    if people:
        of_month = entries.filter(beneficiary__in=people, day__range=(month.first, month.last))
        for entry in of_month.select_related("attendance__session"):
            found[entry.beneficiary_id, entry.day].append(entry)
    return found


def _lines(spans: dict[Beneficiary, list[_Span]], days: list[GridDay], recorded: Recorded) -> list[GridLine]:
    return [
        GridLine(person, list(_cells(person, periods, days, recorded))) for person, periods in spans.items()
    ]


def _cells(
    person: Beneficiary, spans: list[_Span], days: list[GridDay], recorded: Recorded
) -> Iterator[GridCell]:
    for each in days:
        span = next((span for span in spans if span.first <= each.day <= span.last), None)
        if span is None:
            yield GridCell(each, is_open=False)
            continue
        entries = recorded.get((person.pk, each.day), ())
        yield GridCell(each, is_open=True, usual=span.minutes(each.day), entries=tuple(entries))
