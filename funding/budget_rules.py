"""Budgets on plain values: what is planned and done, balance, gaps, percentages.

Money is Decimal and never rounded here; a percentage is an exact ratio, rounded where it is shown.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from funding.enums import FunderKind
from funding.money_rules import Total, total_of

# The compte rendu financier asks to explain « significant » gaps and gives no figure (arrêté of 11 October 2006). These
# two are ours: a gap is significant from a tenth of what was planned, and from an amount that is worth a sentence.
SIGNIFICANT_SHARE = Fraction(1, 10)
SIGNIFICANT_EUROS = Decimal(500)

# On which row of the Cerfa 12156 the grants of each kind of funder stand.
FUNDER_ACCOUNTS = {
    FunderKind.STATE: "74-1",
    FunderKind.REGION: "74-2",
    FunderKind.DEPARTMENT: "74-3",
    FunderKind.INTERCOMMUNAL: "74-4",
    FunderKind.TOWN: "74-5",
    FunderKind.SOCIAL_BODY: "74-6",
    FunderKind.EUROPE: "74-7",
    FunderKind.PAYING_AGENCY: "74-8",
    FunderKind.PUBLIC_BODY: "74-9",
    FunderKind.PRIVATE: "74-10",
}
GRANTS_PREFIX = "74"


@dataclass(frozen=True)
class Figures:
    """What was planned and what was done, of a row, a heading or a side."""

    planned: Total = field(default_factory=Total)
    done: Total = field(default_factory=Total)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.planned + other.planned, self.done + other.done)

    @property
    def is_empty(self) -> bool:
        return self.planned.is_empty and self.done.is_empty

    @property
    def gap(self) -> Decimal | None:
        """Done less planned; unknown as soon as one of them is."""
        return difference(self.done, self.planned)

    @property
    def gap_ratio(self) -> Fraction | None:
        """The gap over what was planned; without meaning where nothing was."""
        return ratio(self.gap, self.planned.exact)

    @property
    def rate(self) -> Fraction | None:
        """The column « % » of the compte rendu financier: done over planned."""
        return ratio(self.done.exact, self.planned.exact)

    def needs_words(self, *, is_over: bool) -> bool:
        """Whether the gap is to be explained. Before the period ends, less than planned is only not yet done."""
        gap = self.gap
        if gap is None or (gap < 0 and not is_over):
            return False
        return is_significant(gap, self.planned.amount)


def figures_of(pairs: Iterable[tuple[Decimal | None, Decimal | None]]) -> Figures:
    """The figures of some lines, each planned and done."""
    listed = list(pairs)
    return Figures(
        total_of(planned for planned, _done in listed), total_of(done for _planned, done in listed)
    )


def sum_of_figures(parts: Iterable[Figures]) -> Figures:
    return sum(parts, Figures())


def difference(one: Total, other: Total) -> Decimal | None:
    """One total less another; unknown where one of them is, or where nothing was written in it.

    >>> difference(Total(Decimal(300), known=2), Total(Decimal(250), known=1))
    Decimal('50')
    >>> difference(Total(Decimal(300), known=2), Total()) is None
    True
    """
    if one.exact is None or other.exact is None:
        return None
    return one.exact - other.exact


def balance(income: Total, expenses: Total) -> Decimal | None:
    """What the income exceeds the expenses by; below zero, what is missing. A side without any line counts for nought.

    >>> balance(Total(Decimal(298800), known=5), Total(Decimal(300000), known=9))
    Decimal('-1200')
    >>> balance(Total(), Total(Decimal(5), known=1))
    Decimal('-5')
    >>> balance(Total(Decimal(5), known=1, unknown=1), Total()) is None
    True
    """
    if income.unknown or expenses.unknown:
        return None
    return income.amount - expenses.amount


def ratio(part: Decimal | None, whole: Decimal | None) -> Fraction | None:
    """A part over a whole; without meaning where the whole is unknown or nought.

    >>> ratio(Decimal(45000), Decimal(300000))
    Fraction(3, 20)
    >>> ratio(Decimal(1), Decimal(0)) is None
    True
    """
    return Fraction(part) / Fraction(whole) if part is not None and whole else None


def is_significant(gap: Decimal, planned: Decimal) -> bool:
    """Whether a gap is to be explained: large in euros, and beside what was planned.

    >>> is_significant(Decimal(800), Decimal(4000)), is_significant(Decimal(-800), Decimal(4000))
    (True, True)
    >>> is_significant(Decimal(499), Decimal(1000)), is_significant(Decimal(500), Decimal(5001))
    (False, False)
    """
    return abs(gap) >= SIGNIFICANT_EUROS and Fraction(abs(gap)) >= SIGNIFICANT_SHARE * Fraction(planned)


def lies_within(year: int, start: dt.date | None, end: dt.date | None) -> bool:
    """Whether a grant's expenses are all of one year: its amount is then that year's.

    >>> lies_within(2026, dt.date(2026, 1, 1), dt.date(2026, 12, 31)), lies_within(2026, None, None)
    (True, False)
    """
    return start is not None and end is not None and start.year == year == end.year


def overlaps(year: int, start: dt.date | None, end: dt.date | None) -> bool:
    """Whether a grant may pay expenses of a year; one whose period nobody knows may.

    >>> overlaps(2026, dt.date(2025, 9, 1), dt.date(2026, 3, 1)), overlaps(2026, None, dt.date(2025, 1, 1))
    (True, False)
    """
    return (start is None or start.year <= year) and (end is None or end.year >= year)
