"""The parts of a budget's sheet: rows, headings and sides with their figures, and the words for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from beneficiaries.reports import Status
from confluences.formats import HARD_SPACE, euros, number, percent
from funding.budget_aid_reports import YearAid
from funding.budget_rules import Figures, balance, figures_of, ratio
from funding.enums import BudgetSide
from funding.models import BudgetLine, BudgetRow
from funding.money_rules import Total, total_of_known

UNKNOWN = "inconnu"
FROM_ETP = "d’après les ETP"


@dataclass(frozen=True)
class Cells:
    """The figures of a line in words, the same on the page and on paper; empty where there is nothing to say."""

    planned: str
    done: str
    gap: str
    gap_percent: str
    rate: str
    share: str


@dataclass(frozen=True)
class Places:
    """The decimals of a column: two as soon as one of its amounts has cents, so that all of it is aligned."""

    planned: int = 0
    done: int = 0

    @property
    def gap(self) -> int:
        return max(self.planned, self.done)


@dataclass(frozen=True)
class SheetPart:
    """A row, a heading or a side of a budget: its figures, beside those of the whole side."""

    figures: Figures
    whole: Figures
    places: Places
    is_over: bool

    @property
    def cells(self) -> Cells:
        figures = self.figures
        return Cells(
            planned=total_words(figures.planned, self.places.planned),
            done=total_words(figures.done, self.places.done),
            gap=signed(figures.gap, self.places.gap),
            gap_percent=signed_percent(figures.gap_ratio),
            rate=percent_words(figures.rate),
            share=percent_words(self.share),
        )

    @property
    def share(self) -> Fraction | None:
        """The part of the side's total that was planned here."""
        return ratio(self.figures.planned.exact, self.whole.planned.exact)

    @property
    def is_significant(self) -> bool:
        return self.figures.needs_words(is_over=self.is_over)


@dataclass(frozen=True)
class SheetRow(SheetPart):
    """A row of the Cerfa with its lines. `aid` is what the ETP say, where the row is fed from them."""

    row: BudgetRow
    lines: tuple[BudgetLine, ...]
    aid: YearAid | None = None
    planned_is_typed: bool = True
    done_is_typed: bool = True

    @property
    def account(self) -> str:
        """The account's number; some rows of the Cerfa have none, and ours is only a name."""
        return self.row.account if self.row.account.isdigit() else ""

    @property
    def name(self) -> str:
        return f"{self.account} {self.row.label}".strip()

    @property
    def is_used(self) -> bool:
        return bool(self.lines) or not self.figures.is_empty

    @property
    def label(self) -> str:
        """What its only line says more than the row: a funder, a purpose."""
        return self.lines[0].label if len(self.lines) == 1 else ""

    @property
    def details(self) -> list[tuple[BudgetLine, Cells]]:
        """Its lines, where there are several."""
        return [(line, self._cells_of(line)) for line in self.lines] if len(self.lines) > 1 else []

    @property
    def planned_parts(self) -> str:
        """Who or what is planned, for a paper: « Arcueil : 8 000 ; Fresnes : 4 000 »."""
        if len(self.lines) == 1:
            return self.label
        return " ; ".join(
            f"{line.label or 'autre'}{HARD_SPACE}: "
            + (UNKNOWN if line.planned is None else number(line.planned, self.places.planned))
            for line in self.lines
        )

    @property
    def explanation(self) -> str:
        """Why the gap, line by line."""
        return " ; ".join(
            f"{line.label}{HARD_SPACE}: {line.explanation}" if line.label else line.explanation
            for line in self.lines
            if line.explanation
        )

    @property
    def is_unexplained(self) -> bool:
        return self.is_significant and not self.explanation

    @property
    def planned_source(self) -> str:
        return self._source(self.planned_is_typed, self.aid.planned if self.aid else None)

    @property
    def done_source(self) -> str:
        return self._source(self.done_is_typed, self.aid.done if self.aid else None)

    def _source(self, is_typed: bool, counted: Decimal | None) -> str:
        """Where a fed amount comes from, and what the ETP say where somebody typed another."""
        if self.aid is None or not is_typed:
            return FROM_ETP if self.aid else ""
        return f"saisi ; {FROM_ETP} : {euros(counted) or UNKNOWN}"

    def _cells_of(self, line: BudgetLine) -> Cells:
        figures = figures_of([(line.planned, line.done)])
        if self.aid is not None:  # its empty amounts are not unknown, the row's come from elsewhere
            figures = Figures(total_of_known([line.planned]), total_of_known([line.done]))
        return SheetPart(figures, self.whole, self.places, self.is_over).cells


@dataclass(frozen=True)
class SheetHeading(SheetPart):
    """A heading of the Cerfa (titre) with its subtotal."""

    name: str
    rows: tuple[SheetRow, ...]

    @property
    def only_row(self) -> SheetRow | None:
        """The row that is the whole heading, as for 65 to 69."""
        return self.rows[0] if len(self.rows) == 1 else None

    @property
    def used_rows(self) -> list[SheetRow]:
        return [row for row in self.rows if row.is_used]


@dataclass(frozen=True)
class SheetSide(SheetPart):
    """One side of a budget, without the voluntary contributions or only them."""

    side: BudgetSide
    headings: tuple[SheetHeading, ...]

    @property
    def rows(self) -> Iterator[SheetRow]:
        for heading in self.headings:
            yield from heading.rows

    @property
    def used_headings(self) -> list[SheetHeading]:
        return [heading for heading in self.headings if heading.used_rows]

    @property
    def is_used(self) -> bool:
        return bool(self.used_headings)


def total_words(total: Total, places: int) -> str:
    """A sum as it is known: an amount, « au moins » one, « inconnu », or nothing."""
    if total.is_empty:
        return ""
    if total.least is None:
        return UNKNOWN
    words = number(total.amount, places)
    return f"au moins {words}" if total.unknown else words


def signed(amount: Decimal | None, places: int) -> str:
    words = number(amount, places)
    return f"+{words}" if amount is not None and amount > 0 else words


def signed_percent(share: Fraction | None) -> str:
    words = percent_words(share)
    return f"+{words}" if share is not None and share > 0 else words


def balance_status(income: Total, expenses: Total) -> Status:
    """Whether the two sides meet, in a sentence."""
    if income.is_empty and expenses.is_empty:
        return Status("rien n’est encore saisi", "neutral")
    result = balance(income, expenses)
    if result is None:
        return Status(_unknown_words(income.unknown + expenses.unknown), "info")
    if result < 0:
        return Status(f"il manque {euros_and_cents(-result)} de produits", "late")
    return Status(f"excédent de {euros_and_cents(result)}", "soon") if result else Status("équilibré", "ok")


def voluntary_status(income: Total, expenses: Total) -> Status:
    result = balance(income, expenses)
    if result is None:
        return Status(_unknown_words(income.unknown + expenses.unknown), "info")
    if not result:
        return Status("les deux côtés sont égaux", "ok")
    lacking = "86" if result > 0 else "87"
    return Status(f"il manque {euros_and_cents(abs(result))} au compte {lacking}", "late")


def percent_words(share: Fraction | None) -> str:
    return "" if share is None else percent(share)


def euros_and_cents(amount: Decimal) -> str:
    return f"{number(amount, 2)}{HARD_SPACE}€"


def _unknown_words(count: int) -> str:
    if count == 1:
        return "on ne sait pas encore : un montant est inconnu"
    return f"on ne sait pas encore : {number(count)} montants sont inconnus"
