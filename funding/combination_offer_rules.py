"""What a grant may give to a planned purchase, and why another may give nothing. Plain values, exact to the cent."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from confluences.dates import add_days
from confluences.formats import short_date
from funding.certainty_rules import Certainty
from funding.enums import ExpenseKind
from funding.money_rules import CENT, ZERO

NOT_PAID = {
    ExpenseKind.EQUIPMENT: "de matériel",
    ExpenseKind.VEHICLE: "de véhicules",
    ExpenseKind.WORKS: "de travaux",
    ExpenseKind.CLOTHING: "de vêtements",
    ExpenseKind.PLANTS: "de végétaux ni de fournitures",
    ExpenseKind.COMPUTING: "d’informatique",
    ExpenseKind.TRAINING: "de formations",
    ExpenseKind.STAFF: "de salaires",
    ExpenseKind.RUNNING: "de fonctionnement",
}
UNKNOWN_PERIOD = "période des dépenses inconnue"
UNKNOWN_KINDS = "on ne sait pas encore ce qu’elle peut payer"


@dataclass(frozen=True, kw_only=True)
class Window:
    """Days in which expenses are eligible; None at an end that nobody has set."""

    start: dt.date | None = None
    end: dt.date | None = None

    @property
    def is_unknown(self) -> bool:
        return self.start is None and self.end is None

    @property
    def first(self) -> dt.date:
        return self.start or dt.date.min

    @property
    def last(self) -> dt.date:
        return self.end or dt.date.max

    def contains(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def crosses(self, other: "Window") -> bool:
        return self.first <= other.last and other.first <= self.last


def common(windows: list[Window]) -> Window:
    """The days that belong to all of them, which have some.

    >>> common([Window(start=dt.date(2026, 1, 1), end=dt.date(2026, 9, 30)), Window(start=dt.date(2026, 4, 1))])
    Window(start=datetime.date(2026, 4, 1), end=datetime.date(2026, 9, 30))
    """
    starts = [window.start for window in windows if window.start]
    ends = [window.end for window in windows if window.end]
    return Window(start=max(starts, default=None), end=min(ends, default=None))


@dataclass(frozen=True, kw_only=True)
class Need:
    """A planned purchase. `day` is the day of the expense, None while nobody knows; what is ordered waits for no order."""

    price: Decimal
    kind: str
    today: dt.date
    day: dt.date | None = None
    delivery_days: int = 0
    is_ordered: bool = False
    is_invoiced: bool = False

    @property
    def earliest(self) -> dt.date | None:
        """The first day on which an order of today would be invoiced; None once it is ordered."""
        return None if self.is_ordered or self.is_invoiced else add_days(self.today, self.delivery_days)


@dataclass(frozen=True)
class Payment:
    """Money of a grant that arrives on a day."""

    day: dt.date
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A grant as a purchase sees it. `rest` is what its other purchases leave of it, `used` what they take.

    An unknown rest is None; a refused grant has no certainty. `max_share` is in percent of a purchase's price.
    """

    key: int
    title: str
    funder: str = ""
    certainty: Certainty | None
    rest: Decimal | None
    window: Window
    kinds: frozenset[str]
    max_share: Decimal | None = None
    not_with: frozenset[int] = frozenset()
    is_settled: bool = False
    answer_on: dt.date | None = None
    used: Decimal = Decimal(0)
    payments: tuple[Payment, ...] = ()


def in_cents(amount: Decimal) -> int:
    """Whole cents; what would be less than one is left.

    >>> in_cents(Decimal("12.349"))
    1234
    """
    return int(amount * 100)


def from_cents(cents: int) -> Decimal:
    return Decimal(cents) * CENT


def share_limit(price: Decimal, max_share: Decimal | None) -> Decimal:
    """The most that a grant may pay of a price, in percent of it, rounded down to the cent.

    >>> share_limit(Decimal("999.99"), Decimal("33.33"))
    Decimal('333.29')
    >>> share_limit(Decimal(1000), None)
    Decimal('1000.00')
    """
    percent = Decimal(100) if max_share is None else max_share
    return from_cents(in_cents(price) * int(percent * 100) // 10000)


def limit(need: Need, offer: Offer) -> Decimal:
    """The most that a grant may give to the purchase: its rest, its share of the price.

    >>> mower = Need(price=Decimal(3000), kind="equipment", today=dt.date(2026, 1, 1))
    >>> half = Offer(
    ...     key=1, title="Exemple", certainty=Certainty.CERTAIN, rest=Decimal(2000), max_share=Decimal(50),
    ...     window=Window(end=dt.date(2026, 12, 31)), kinds=frozenset({"equipment"}),
    ... )
    >>> limit(mower, half)
    Decimal('1500.00')
    """
    return min(from_cents(in_cents(offer.rest or ZERO)), share_limit(need.price, offer.max_share))


def refusals(need: Need, offer: Offer) -> tuple[str, ...]:
    """All the reasons why a grant pays nothing of the purchase; none where it may.

    >>> mower = Need(price=Decimal(3000), kind="vehicle", today=dt.date(2026, 1, 1), day=dt.date(2026, 7, 15))
    >>> small = Offer(
    ...     key=1, title="Exemple", certainty=Certainty.CERTAIN, rest=Decimal(0),
    ...     window=Window(end=dt.date(2026, 6, 30)), kinds=frozenset({"equipment"}),
    ... )
    >>> for reason in refusals(mower, small): print(reason)
    déjà entièrement affectée
    ne paie pas de véhicules
    dépenses éligibles seulement jusqu’au 30/06/2026, or l’achat est prévu le 15/07/2026
    """
    if offer.certainty is None:
        return ("refusée",)
    if offer.is_settled:
        return ("soldée",)
    found = (
        amount_refusal(need, offer),
        kind_refusal(need.kind, offer.kinds),
        _day_refusal(need, offer.window),
    )
    return tuple(reason for reason in found if reason)


def amount_refusal(need: Need, offer: Offer) -> str:
    if offer.rest is None:
        return "montant inconnu"
    if offer.rest <= 0:
        return "déjà entièrement affectée"
    return "" if limit(need, offer) else "sa part du prix ne fait pas un centime"


def kind_refusal(kind: str, kinds: frozenset[str]) -> str:
    """Why a grant that pays for these kinds of expense does not pay for that one; empty where it does."""
    if not kinds:
        return UNKNOWN_KINDS
    return "" if kind in kinds else f"ne paie pas {NOT_PAID[ExpenseKind(kind)]}"


def period_refusal(window: Window, day: dt.date, verb: str) -> str:
    """Why an expense of that day is not eligible; `verb` says what happens to the purchase on it."""
    if window.is_unknown:
        return UNKNOWN_PERIOD
    happens = f"or l’achat est {verb} le {short_date(day)}"
    if window.start and day < window.start:
        return f"dépenses éligibles seulement à partir du {short_date(window.start)}, {happens}"
    if window.end and day > window.end:
        return f"dépenses éligibles seulement jusqu’au {short_date(window.end)}, {happens}"
    return ""


def _day_refusal(need: Need, window: Window) -> str:
    if window.is_unknown:
        return UNKNOWN_PERIOD
    if need.day is not None:
        refusal = period_refusal(window, need.day, "facturé" if need.is_invoiced else "prévu")
        if refusal:
            return refusal
    if need.earliest is not None and window.last < need.earliest:
        return (
            f"dépenses éligibles seulement jusqu’au {short_date(window.last)}, or un achat commandé aujourd’hui "
            f"serait facturé le {short_date(need.earliest)}"
        )
    return ""


def quarrel(one: Offer, other: Offer) -> str:
    """Why two grants, each fit for the purchase, cannot pay it together; empty where they can."""
    if other.key in one.not_with or one.key in other.not_with:
        return f"ne se cumule pas avec « {other.title} »"
    if not one.window.crosses(other.window):
        return f"aucun jour en commun avec « {other.title} »"
    return ""
