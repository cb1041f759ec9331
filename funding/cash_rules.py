"""The cash of the twelve months to come, on plain values: a balance, what comes in and what goes out.

Worked example, used below: 1 000 € in the bank, 500 € certain in January, 300 € likely and 900 € spent in February.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from confluences.dates import add_months
from funding.cash_enums import Scenario, Source
from funding.certainty_rules import Certainty
from funding.money_rules import ZERO, to_cents

MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Movement:
    """Money that comes in, or below zero goes out, in a month. Without a day of its own it is spread over the month."""

    month: dt.date
    amount: Decimal
    source: Source
    certainty: Certainty = Certainty.CERTAIN
    day: dt.date | None = None
    label: str = ""
    url: str = ""
    is_done: bool = False
    is_late: bool = False

    @property
    def goes_out(self) -> bool:
        return self.amount < 0

    def counts_in(self, scenario: Scenario) -> bool:
        """What is to be paid is paid in each of them."""
        return self.goes_out or scenario.holds(self.certainty)


def cash_months(today: dt.date) -> list[dt.date]:
    """The first days of twelve months, the running one first.

    >>> months = cash_months(dt.date(2026, 11, 30))
    >>> months[0], months[-1], len(months)
    (datetime.date(2026, 11, 1), datetime.date(2027, 10, 1), 12)
    """
    return [add_months(today.replace(day=1), index) for index in range(MONTHS)]


def month_for(day: dt.date, months: Sequence[dt.date]) -> dt.date | None:
    """The month in which something of that day is counted: what is overdue in the first one; None after the last.

    >>> months = cash_months(dt.date(2026, 11, 30))
    >>> month_for(dt.date(2026, 8, 5), months), month_for(dt.date(2027, 11, 1), months)
    (datetime.date(2026, 11, 1), None)
    """
    month = max(day.replace(day=1), months[0])
    return month if month <= months[-1] else None


def twelfth(total: Decimal, month: dt.date) -> Decimal:
    """A month's part of a year's amount: to the cent, and twelve of them are the amount.

    >>> twelfth(Decimal(100), dt.date(2026, 1, 1)), twelfth(Decimal(100), dt.date(2026, 2, 1))
    (Decimal('8.33'), Decimal('8.34'))
    """
    return to_cents(total * month.month / 12) - to_cents(total * (month.month - 1) / 12)


def part_left(month: dt.date, balance_on: dt.date | None) -> Fraction:
    """What is still to come of a month's regular movements: its days after the balance.

    >>> part_left(dt.date(2026, 11, 1), dt.date(2026, 11, 20))
    Fraction(1, 3)
    >>> part_left(dt.date(2026, 12, 1), dt.date(2026, 11, 20))
    Fraction(1, 1)
    """
    if balance_on is None or balance_on < month:
        return Fraction(1)
    days = calendar.monthrange(month.year, month.month)[1]
    last = month.replace(day=days)
    return Fraction(max((last - balance_on).days, 0), days)


def year_known(year: int, years: Iterable[int]) -> int | None:
    """The year whose budget stands for a year: its own, else the last before it, else the first after it.

    >>> [year_known(year, {2025, 2027}) for year in (2024, 2025, 2026, 2029)]
    [2025, 2025, 2025, 2027]
    >>> year_known(2026, ()) is None
    True
    """
    known = sorted(years)
    before = [each for each in known if each <= year]
    return before[-1] if before else next(iter(known), None)


@dataclass(frozen=True)
class CashMonth:
    """What comes in during a month, by how sure it is, what goes out, and the balances on its last day by scenario."""

    first: dt.date
    certain: Decimal
    likely: Decimal
    asked: Decimal
    out: Decimal
    balances: dict[Scenario, Decimal]

    @property
    def balance_certain(self) -> Decimal:
        return self.balances[Scenario.CERTAIN]

    @property
    def balance_likely(self) -> Decimal:
        return self.balances[Scenario.LIKELY]

    @property
    def balance_all(self) -> Decimal:
        return self.balances[Scenario.ALL]


@dataclass(frozen=True)
class CashLine:
    """The balance at the end of each month if one counts on so much."""

    scenario: Scenario
    start: Decimal
    ends: Sequence[tuple[dt.date, Decimal]]

    @property
    def lowest(self) -> tuple[dt.date, Decimal]:
        """The month that ends lowest, the first of them where several do."""
        return min(self.ends, key=lambda end: end[1])

    @property
    def first_below(self) -> dt.date | None:
        """The first month that ends below zero."""
        return next((month for month, balance in self.ends if balance < 0), None)

    @property
    def end(self) -> Decimal:
        return self.ends[-1][1]


@dataclass(frozen=True)
class CashCurve:
    """A balance and the movements of the months after it.

    >>> january, february = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
    >>> movements = [
    ...     Movement(month=january, amount=Decimal(500), source=Source.INSTALMENT),
    ...     Movement(month=february, amount=Decimal(300), source=Source.INSTALMENT, certainty=Certainty.LIKELY),
    ...     Movement(month=february, amount=Decimal(-1900), source=Source.PURCHASE),
    ... ]
    >>> curve = CashCurve(Decimal(1000), movements, [january, february])
    >>> [[int(balance) for _month, balance in line.ends] for line in curve.lines]
    [[1500, -400], [1500, -100], [1500, -100]]
    >>> curve.lines[0].lowest
    (datetime.date(2026, 2, 1), Decimal('-400'))
    """

    start: Decimal
    movements: Sequence[Movement]
    months: Sequence[dt.date]

    @cached_property
    def rows(self) -> list[CashMonth]:
        balances = dict.fromkeys(Scenario, self.start)
        rows = []
        for month in self.months:
            inside = [each for each in self.movements if each.month == month]
            for scenario in Scenario:
                balances[scenario] += total(each for each in inside if each.counts_in(scenario))
            coming = [each for each in inside if not each.goes_out]
            rows.append(
                CashMonth(
                    first=month,
                    certain=total(each for each in coming if each.certainty == Certainty.CERTAIN),
                    likely=total(each for each in coming if each.certainty == Certainty.LIKELY),
                    asked=total(each for each in coming if not Scenario.LIKELY.holds(each.certainty)),
                    out=-total(each for each in inside if each.goes_out),
                    balances=dict(balances),
                )
            )
        return rows

    @cached_property
    def lines(self) -> list[CashLine]:
        """From the least to the most that one may count on."""
        return [
            CashLine(scenario, self.start, [(row.first, row.balances[scenario]) for row in self.rows])
            for scenario in Scenario
        ]


def total(movements: Iterable[Movement]) -> Decimal:
    return sum((each.amount for each in movements), ZERO)
