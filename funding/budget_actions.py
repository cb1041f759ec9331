"""Writes of budgets: one begun from another, its lines saved together, the grants of its year taken over."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from confluences.actions import Conflict, save_recorded
from confluences.models import User
from funding.budget_rules import FUNDER_ACCOUNTS, lies_within, overlaps
from funding.enums import FunderKind, GrantStatus
from funding.models import Budget, BudgetLine, BudgetRow, Funder, Grant


class LineConflicts(Conflict):
    """Lines that somebody else saved, added or removed since they were opened; by the place of the change."""

    def __init__(self, budget: Budget, lines: dict[int, BudgetLine | None]) -> None:
        super().__init__(budget)
        self.lines = lines


@dataclass(frozen=True)
class LineChange:
    """One line of a budget as it is to be: `line.version` is the version that was opened."""

    line: BudgetLine
    removed: bool = False


@transaction.atomic
def create_budget(budget: Budget, *, source: Budget | None, amounts: str, by: User | None) -> Budget:
    """Saves a new budget with the lines of another: what was planned there, or done, is what is planned here."""
    save_recorded(budget, by=by)
    for line in source.lines.all() if source else ():
        copy = BudgetLine(
            budget=budget,
            row_id=line.row_id,
            label=line.label,
            funder_id=line.funder_id,
            planned=getattr(line, amounts),
        )
        save_recorded(copy, by=by)
    return budget


@transaction.atomic
def save_lines(budget: Budget, changes: Sequence[LineChange], *, by: User | None) -> Budget:
    """Writes what changed of a budget's lines, all of it or nothing.

    Whoever saves a budget's lines waits for the others. Raises LineConflicts where one of these lines is no longer what
    was opened; lines that others changed beside these stay as they are.
    """
    budget = Budget.objects.select_for_update().get(pk=budget.pk)
    current = {line.pk: line for line in budget.lines.select_related("updated_by", "row")}
    conflicts = {
        place: found
        for place, change in enumerate(changes)
        for found in _conflicts(change.line, current, changes)
    }
    if conflicts:
        raise LineConflicts(budget, conflicts)
    for change in changes:
        if change.removed:
            current[change.line.pk].delete()
    for change in changes:
        if not change.removed:
            _save_line(change.line, by)
    return budget


def _conflicts(
    line: BudgetLine, current: dict[int, BudgetLine], changes: Sequence[LineChange]
) -> Iterable[BudgetLine | None]:
    """What stands in the place of a line that is not what was opened; None where it is gone."""
    if line.pk:
        found = current.get(line.pk)
        if found is None or found.version != line.version:
            yield found
        return
    touched = {change.line.pk for change in changes}
    for other in current.values():
        if (other.row_id, other.label) == (line.row_id, line.label) and other.pk not in touched:
            yield other


def _save_line(line: BudgetLine, by: User | None) -> None:
    try:
        save_recorded(line, by=by)
    except ValidationError as refusal:
        raise ValidationError([f"{line.row} : {message}" for message in refusal.messages]) from refusal


@dataclass
class Taken:
    """What taking the grants over did, funder by funder; `left` are the grants whose part of the year nobody knows, `fed`
    the funders whose row the ETP fill.
    """

    filled: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    fed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@transaction.atomic
def take_grants(budget: Budget, *, by: User | None) -> Taken:
    """Plans the grants awarded for the budget's year, a line a funder, on the row of its kind.

    Only what is known: an amount, and a period that lies in the year. An amount that somebody typed stays. The row that
    the ETP feed is left to them.
    """
    budget = Budget.objects.select_for_update().get(pk=budget.pk)
    taken = Taken()
    rows = {row.account: row for row in BudgetRow.objects.filter(account__in=FUNDER_ACCOUNTS.values())}
    awarded = _awarded(budget.year, taken)
    lines = list(budget.lines.filter(row__in=rows.values()))
    for funder, amount in awarded.items():
        row = rows.get(FUNDER_ACCOUNTS[FunderKind(funder.kind)])
        if row is None or row.feed:
            taken.fed.append(funder.name)
            continue
        own = _lines_of(row, funder, lines)
        if any(line.planned is not None for line in own):
            taken.kept.append(funder.name)
            continue
        line = own[0] if own else BudgetLine(budget=budget, row=row, funder=funder, label=funder.name)
        line.planned = amount
        save_recorded(line, by=by)
        taken.filled.append(funder.name)
    return taken


def _awarded(year: int, taken: Taken) -> dict[Funder, Decimal]:
    """The amounts given for a year, by funder; grants that concern it by an amount nobody knows are noted."""
    amounts: dict[Funder, Decimal] = defaultdict(Decimal)
    grants = Grant.objects.filter(status__in=GrantStatus.promised()).select_related("funder")
    for grant in grants.order_by("funder__name", "title", "pk"):
        if not overlaps(year, grant.eligible_start, grant.eligible_end):
            continue
        if grant.awarded is None or not lies_within(year, grant.eligible_start, grant.eligible_end):
            taken.left.append(str(grant))
        else:
            amounts[grant.funder] += grant.awarded
    return amounts


def _lines_of(row: BudgetRow, funder: Funder, lines: Sequence[BudgetLine]) -> list[BudgetLine]:
    """The funder's lines of a row, known by the funder or by its name; there may be one per action that it pays."""
    return [
        line
        for line in lines
        if line.row_id == row.pk and (line.funder_id == funder.pk or line.label == funder.name)
    ]
