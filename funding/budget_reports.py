"""A budget as its page, its papers and its spreadsheet show it: one BudgetSheet, made once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from beneficiaries.reports import Status
from confluences.formats import euros, french_date, percent
from funding.budget_aid_reports import YearAid, aid_by_year
from funding.budget_parts_reports import (
    Places,
    SheetHeading,
    SheetPart,
    SheetRow,
    SheetSide,
    balance_status,
    voluntary_status,
)
from funding.budget_rules import (
    Figures,
    balance,
    figures_of,
    ratio,
    sum_of_figures,
)
from funding.enums import BudgetSide, RowFeed
from funding.models import Budget, BudgetLine, BudgetRow
from funding.money_rules import Total, total_of, total_of_known


@dataclass(frozen=True)
class BudgetSheet:
    """A budget whole: both sides, the voluntary contributions apart, and what they come to."""

    budget: Budget
    expenses: SheetSide
    income: SheetSide
    voluntary_expenses: SheetSide
    voluntary_income: SheetSide
    aid: YearAid | None
    places: Places
    is_over: bool

    @property
    def sides(self) -> tuple[SheetSide, ...]:
        return self.expenses, self.income, self.voluntary_expenses, self.voluntary_income

    @property
    def is_empty(self) -> bool:
        return not any(side.is_used for side in self.sides)

    @property
    def has_voluntary(self) -> bool:
        return self.voluntary_expenses.is_used or self.voluntary_income.is_used

    @property
    def period(self) -> tuple[dt.date, dt.date]:
        return period_of(self.budget)

    @property
    def planned_balance(self) -> Status:
        return balance_status(self.income.figures.planned, self.expenses.figures.planned)

    @property
    def done_balance(self) -> Status:
        return balance_status(self.income.figures.done, self.expenses.figures.done)

    @property
    def voluntary_balances(self) -> list[tuple[str, Status]]:
        """The two accounts 86 and 87 say the same thing twice: they are to be equal."""
        both = self.voluntary_income.figures, self.voluntary_expenses.figures
        pairs = [("Prévu", both[0].planned, both[1].planned), ("Réalisé", both[0].done, both[1].done)]
        return [
            (name, voluntary_status(income, expenses))
            for name, income, expenses in pairs
            if not (income.is_empty and expenses.is_empty)
        ]

    @property
    def result(self) -> Figures:
        """Income less expenses, planned and done, where both are known: the surplus or, below zero, the shortage."""
        income, expenses = self.income.figures, self.expenses.figures
        return figures_of([(balance(income.planned, expenses.planned), balance(income.done, expenses.done))])

    @cached_property
    def grand_totals(self) -> tuple[SheetPart, SheetPart]:
        """Each side with its voluntary contributions."""
        expenses = self.expenses.figures + self.voluntary_expenses.figures
        income = self.income.figures + self.voluntary_income.figures
        return (
            SheetPart(expenses, expenses, self.places, self.is_over),
            SheetPart(income, income, self.places, self.is_over),
        )

    @property
    def gaps(self) -> list[SheetRow]:
        """The rows whose amount done is not the one planned."""
        return [row for side in self.sides for row in side.rows if row.figures.gap]

    @property
    def unexplained(self) -> list[SheetRow]:
        return [row for row in self.gaps if row.is_unexplained]

    @property
    def asked_sentence(self) -> str:
        """The form's own sentence on the grant that is asked for; empty where an amount is unknown."""
        grant = self.budget.grant
        share = ratio(grant.asked, self.income.figures.planned.exact) if grant else None
        if grant is None or share is None:
            return ""
        return (
            f"La subvention sollicitée de {euros(grant.asked)} représente {percent(share)} du total des produits "
            "(montant sollicité ÷ total des produits × 100)."
        )

    @property
    def awarded_sentence(self) -> str:
        """The same of the grant that was given, over what was done."""
        grant = self.budget.grant
        share = ratio(grant.awarded, self.income.figures.done.exact) if grant else None
        if grant is None or share is None:
            return ""
        return (
            f"La subvention de {euros(grant.awarded)} représente {percent(share)} du total des produits réalisés "
            "(montant attribué ÷ total des produits × 100)."
        )

    @property
    def period_words(self) -> str:
        first, last = self.period
        return f"du {french_date(first)} au {french_date(last)}"


def budget_sheet(budget: Budget, today: dt.date) -> BudgetSheet:
    [sheet] = budget_sheets([budget], today)
    return sheet


def budget_sheets(budgets: Sequence[Budget], today: dt.date) -> list[BudgetSheet]:
    """The sheets of some budgets, in a number of queries that depends neither on theirs nor on that of their lines."""
    rows = list(BudgetRow.objects.all())
    lines: dict[int, dict[int, list[BudgetLine]]] = defaultdict(lambda: defaultdict(list))
    for line in BudgetLine.objects.filter(budget__in=budgets).select_related("row").order_by("label", "pk"):
        lines[line.budget_id][line.row_id].append(line)
    # What the State pays the association is no part of the budget of an action.
    aids = aid_by_year({budget.year for budget in budgets if budget.grant_id is None}, today)
    return [
        _sheet(budget, rows, lines[budget.pk], None if budget.grant_id else aids.get(budget.year), today)
        for budget in budgets
    ]


def period_of(budget: Budget) -> tuple[dt.date, dt.date]:
    """The days a budget is about: its year, or those in which its grant pays."""
    first, last = dt.date(budget.year, 1, 1), dt.date(budget.year, 12, 31)
    grant = budget.grant
    if grant is None:
        return first, last
    return grant.eligible_start or first, grant.eligible_end or last


def _sheet(
    budget: Budget,
    rows: Sequence[BudgetRow],
    lines: dict[int, list[BudgetLine]],
    aid: YearAid | None,
    today: dt.date,
) -> BudgetSheet:
    figures = {row.pk: _row_figures(row, lines.get(row.pk, []), aid) for row in rows}
    typed = [line for each in lines.values() for line in each]
    places = Places(
        _places([*(line.planned for line in typed), *(each.planned.amount for each in figures.values())]),
        _places([*(line.done for line in typed), *(each.done.amount for each in figures.values())]),
    )
    is_over = today > period_of(budget)[1]

    def side(which: BudgetSide, *, voluntary: bool) -> SheetSide:
        listed = [row for row in rows if row.side == which and row.is_voluntary == voluntary]
        return _side(which, listed, lines, figures, aid, places, is_over=is_over)

    return BudgetSheet(
        budget=budget,
        expenses=side(BudgetSide.EXPENSES, voluntary=False),
        income=side(BudgetSide.INCOME, voluntary=False),
        voluntary_expenses=side(BudgetSide.EXPENSES, voluntary=True),
        voluntary_income=side(BudgetSide.INCOME, voluntary=True),
        aid=aid,
        places=places,
        is_over=is_over,
    )


def _side(
    which: BudgetSide,
    rows: Sequence[BudgetRow],
    lines: dict[int, list[BudgetLine]],
    figures: dict[int, Figures],
    aid: YearAid | None,
    places: Places,
    *,
    is_over: bool,
) -> SheetSide:
    whole = sum_of_figures(figures[row.pk] for row in rows)
    by_heading: dict[str, list[SheetRow]] = defaultdict(list)
    for row in rows:
        own = lines.get(row.pk, [])
        fed = aid if row.feed == RowFeed.EMPLOYMENT_AID else None
        by_heading[row.heading].append(
            SheetRow(
                figures=figures[row.pk],
                whole=whole,
                places=places,
                is_over=is_over,
                row=row,
                lines=tuple(own),
                aid=fed,
                planned_is_typed=fed is None or bool(total_of_known(line.planned for line in own).known),
                done_is_typed=fed is None or bool(total_of_known(line.done for line in own).known),
            )
        )
    headings = [
        SheetHeading(
            figures=sum_of_figures(row.figures for row in of_heading),
            whole=whole,
            places=places,
            is_over=is_over,
            name=name,
            rows=tuple(of_heading),
        )
        for name, of_heading in by_heading.items()
    ]
    return SheetSide(
        figures=whole, whole=whole, places=places, is_over=is_over, side=which, headings=tuple(headings)
    )


def _row_figures(row: BudgetRow, lines: Sequence[BudgetLine], aid: YearAid | None) -> Figures:
    """What a row comes to. One that is fed takes what the ETP say, unless somebody typed an amount."""
    if row.feed != RowFeed.EMPLOYMENT_AID or aid is None:
        return figures_of((line.planned, line.done) for line in lines)
    return Figures(
        _typed_or_counted((line.planned for line in lines), aid.planned),
        _typed_or_counted((line.done for line in lines), aid.done),
    )


def _typed_or_counted(amounts: Iterable[Decimal | None], counted: Decimal | None) -> Total:
    typed = total_of_known(amounts)
    return typed if typed.known else total_of([counted])


def _places(amounts: Iterable[Decimal | None]) -> int:
    return 2 if any(amount is not None and amount % 1 for amount in amounts) else 0
