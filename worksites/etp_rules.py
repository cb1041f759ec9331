"""ETP and aid of a financial annex, on plain values: the State's formulas.

Source: gip-inclusion/pilotage-airflow, the models suivi_etp_realises_v2 (hours, ETP done) and stg_etp_conventionnes (ETP
and aid agreed), read in 2026. Worked example, used below: an ACI of 10.5 ETP from 1 January to 31 December, 1,820 hours per
ETP, 23,921 € a year per ETP.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from confluences.dates import add_months
from confluences.working_days import month_of
from worksites.etp_enums import MonthState

MONTHS_A_YEAR = 12
# A convention with the State lasts three years at most, and an annex lies inside one.
MAX_MONTHS = 36


def whole_hours(minutes: int) -> int:
    """A person's hours of a month as the extranet stores them: whole, halves rounded up.

    Source: fluxIAE_EtatMensuelIndiv, where a month's hours are an integer.

    >>> [whole_hours(minutes) for minutes in (29, 30, 7229, 7230)]
    [0, 1, 120, 121]
    """
    return (minutes + 30) // 60


def annex_months(start: dt.date, end: dt.date) -> list[dt.date]:
    """The first days of the months that an annex touches: a month begun counts whole, as the State's duree_annexe does.

    >>> len(annex_months(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
    12
    >>> annex_months(dt.date(2026, 3, 16), dt.date(2026, 4, 1))
    [datetime.date(2026, 3, 1), datetime.date(2026, 4, 1)]
    """
    count = (end.year - start.year) * MONTHS_A_YEAR + end.month - start.month + 1
    return [add_months(start.replace(day=1), index) for index in range(count)]


def terms_fault(start: dt.date, end: dt.date, hours_per_etp: int) -> str:
    """Why nothing can be counted with such an annex; empty where all can."""
    if hours_per_etp < 1:
        return "L’annexe donne 0 heure pour un ETP : écrivez 1 820 pour un ACI, 1 505 pour une EI."
    months = (end.year - start.year) * MONTHS_A_YEAR + end.month - start.month + 1
    if months > MAX_MONTHS:
        return "L’annexe dure plus de trois ans : corrigez son début ou sa fin."
    return ""


def etp_annual(hours: int | Decimal, hours_per_etp: int) -> Decimal:
    """The part of a year's full-time work that some hours make.

    >>> etp_annual(1365, 1820)
    Decimal('0.75')
    >>> etp_annual(1505, 1505)  # an EI
    Decimal('1')
    """
    return Decimal(hours) / hours_per_etp


def etp_monthly(hours: int | Decimal, hours_per_etp: int) -> Decimal:
    """The full-time posts that a month's hours make: the annual part, times twelve.

    >>> etp_monthly(1365, 1820)
    Decimal('9')
    """
    return Decimal(hours) * MONTHS_A_YEAR / hours_per_etp


def agreed_annual(agreed_etp: Decimal, months: int) -> Decimal:
    """The annual ETP that an annex of some months agrees on.

    >>> agreed_annual(Decimal("10.5"), 12), agreed_annual(Decimal("10.5"), 8)
    (Decimal('10.5'), Decimal('7.0'))
    """
    return agreed_etp * months / MONTHS_A_YEAR


def aid_due(agreed_etp: Decimal, unit: Decimal) -> Decimal:
    """The aid of one month of the annex: a twelfth of the year's for the ETP agreed.

    >>> aid_due(Decimal("10.5"), Decimal(23921))
    Decimal('20930.875')
    """
    return agreed_etp * unit / MONTHS_A_YEAR


def aid_used(hours: int | Decimal, hours_per_etp: int, unit: Decimal) -> Decimal:
    """The aid that paid hours justify.

    >>> aid_used(1365, 1820, Decimal(23921))
    Decimal('17940.75')
    """
    return Decimal(hours) * unit / hours_per_etp


def unit_aid(own: Decimal | None, rates: Mapping[dt.date, Decimal], first_day: dt.date) -> Decimal | None:
    """The aid per ETP and year that a month is paid at: the annex's own, else the rate in force on its first day.

    >>> rates = {dt.date(2024, 1, 1): Decimal(23458), dt.date(2024, 11, 1): Decimal(23921)}
    >>> unit_aid(None, rates, dt.date(2024, 10, 1))
    Decimal('23458')
    >>> unit_aid(None, rates, dt.date(2023, 12, 1)) is None
    True
    """
    if own is not None:
        return own
    begun = [day for day in rates if day <= first_day]
    return rates[max(begun)] if begun else None


def month_state(first: dt.date, last: dt.date, *, hours: int, closed: bool, today: dt.date) -> MonthState:
    """A month counts as entered once it is over and has an hour, or once it is closed.

    >>> may = dt.date(2026, 5, 1), dt.date(2026, 5, 31)
    >>> month_state(*may, hours=900, closed=False, today=dt.date(2026, 5, 31)).value
    'running'
    >>> month_state(*may, hours=900, closed=False, today=dt.date(2026, 6, 1)).value
    'entered'
    """
    if closed:
        return MonthState.ENTERED
    if first > today:
        return MonthState.COMING
    if last >= today:
        return MonthState.RUNNING
    return MonthState.ENTERED if hours else MonthState.EMPTY


@dataclass(frozen=True)
class Terms:
    """What the annex says: its ETP, where it is known, and the hours that make one."""

    agreed_etp: Decimal | None
    hours_per_etp: int


@dataclass(frozen=True)
class MonthFigures:
    """One month of an annex. `hours` is the sum of each person's whole hours; `unit` is unknown where nobody said it."""

    first: dt.date
    hours: int
    unit: Decimal | None
    state: MonthState
    regularised: bool
    terms: Terms

    @property
    def last(self) -> dt.date:
        return month_of(self.first)[1]

    @property
    def state_label(self) -> str:
        return self.state.label

    @property
    def is_entered(self) -> bool:
        return self.state == MonthState.ENTERED

    @property
    def has_begun(self) -> bool:
        return self.state != MonthState.COMING

    @property
    def etp_annual(self) -> Decimal:
        return etp_annual(self.hours, self.terms.hours_per_etp)

    @property
    def etp_monthly(self) -> Decimal:
        return etp_monthly(self.hours, self.terms.hours_per_etp)

    @property
    def due(self) -> Decimal | None:
        if self.terms.agreed_etp is None or self.unit is None:
            return None
        return aid_due(self.terms.agreed_etp, self.unit)

    @property
    def used(self) -> Decimal | None:
        return None if self.unit is None else aid_used(self.hours, self.terms.hours_per_etp, self.unit)


@dataclass(frozen=True)
class Balance:
    """The aid due and used since the annex began, up to a month; None where an amount is unknown."""

    due: Decimal | None
    used: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        """Below zero, the hours justify less than what was due."""
        return None if self.due is None or self.used is None else self.used - self.due

    @property
    def shortfall(self) -> Decimal | None:
        """What the hours do not justify of the aid due."""
        return None if self.gap is None else max(-self.gap, Decimal(0))


@dataclass(frozen=True)
class Landing:
    """Where the annex ends at the mean of its entered months."""

    hours: Decimal
    etp: Decimal
    hours_gap: Decimal | None
    etp_gap: Decimal | None
    aid_gap: Decimal | None


@dataclass(frozen=True)
class AnnexFigures:
    """All months of an annex and what they add up to. What is « done » is that of the entered months."""

    terms: Terms
    months: Sequence[MonthFigures]

    @cached_property
    def entered(self) -> list[MonthFigures]:
        return [month for month in self.months if month.is_entered]

    @property
    def hours(self) -> int:
        return sum(month.hours for month in self.entered)

    @property
    def etp_annual(self) -> Decimal:
        return etp_annual(self.hours, self.terms.hours_per_etp)

    @property
    def mean_etp(self) -> Decimal | None:
        """The mean of the monthly ETP over the entered months: what the State compares with the ETP agreed."""
        if not self.entered:
            return None
        return etp_monthly(self.hours, self.terms.hours_per_etp) / len(self.entered)

    @property
    def agreed_annual(self) -> Decimal | None:
        agreed = self.terms.agreed_etp
        return None if agreed is None else agreed_annual(agreed, len(self.months))

    @property
    def agreed_hours(self) -> Decimal | None:
        agreed = self.agreed_annual
        return None if agreed is None else agreed * self.terms.hours_per_etp

    @property
    def rate(self) -> Decimal | None:
        """The State's realisation rate; none before a month is entered, or without ETP agreed."""
        if self.mean_etp is None or not self.terms.agreed_etp:
            return None
        return self.mean_etp / self.terms.agreed_etp

    @property
    def total_due(self) -> Decimal | None:
        return total(month.due for month in self.months)

    @property
    def used(self) -> Decimal | None:
        return total(month.used for month in self.entered)

    @property
    def due(self) -> Decimal | None:
        """The aid of the entered months."""
        return total(month.due for month in self.entered)

    @property
    def without_unit(self) -> list[MonthFigures]:
        """The months whose aid per ETP nobody knows."""
        return [month for month in self.months if month.unit is None]

    @property
    def empty(self) -> list[MonthFigures]:
        return [month for month in self.months if month.state == MonthState.EMPTY]

    @property
    def landing(self) -> Landing | None:
        """The mean of the entered months over all months of the annex; none before one is entered."""
        if not self.entered:
            return None
        hours = Decimal(self.hours) * len(self.months) / len(self.entered)
        etp = etp_annual(hours, self.terms.hours_per_etp)
        return Landing(
            hours=hours,
            etp=etp,
            hours_gap=None if self.agreed_hours is None else hours - self.agreed_hours,
            etp_gap=None if self.agreed_annual is None else etp - self.agreed_annual,
            aid_gap=Balance(self.total_due, self._used_at_the_end()).gap,
        )

    def balance(self, until: MonthFigures) -> Balance:
        """The aid due and used from the annex's first month to that one, both included."""
        past = [month for month in self.months if month.first <= until.first]
        return Balance(total(month.due for month in past), total(month.used for month in past))

    def balances(self) -> list[tuple[MonthFigures, Balance]]:
        """The balance at each regularisation whose month has begun, and at the annex's last month."""
        last = self.months[-1:]
        marked = [month for month in self.months if month.regularised or month in last]
        return [(month, self.balance(month)) for month in marked if month.has_begun]

    def _used_at_the_end(self) -> Decimal | None:
        """What the entered months used, and each other month at their mean and at its own amount per ETP."""
        mean = Decimal(self.hours) / len(self.entered)
        others = [month for month in self.months if not month.is_entered]
        expected = [
            None if month.unit is None else aid_used(mean, self.terms.hours_per_etp, month.unit)
            for month in others
        ]
        return total([self.used, *expected])


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """A sum; unknown as soon as one of its terms is.

    >>> total([Decimal(1), None]) is None
    True
    """
    known = list(amounts)
    if any(amount is None for amount in known):
        return None
    return sum((amount for amount in known if amount is not None), Decimal(0))
