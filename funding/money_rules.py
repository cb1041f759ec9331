"""Money that may be unknown, on plain values. An amount that nobody knows is None and never nought: a sum says how many it lacks."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from confluences.formats import euros

ZERO = Decimal(0)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Total:
    """A sum of amounts, with how many are in it and how many nobody knows: then it is a least.

    >>> Total(Decimal(5), known=1) + Total(ZERO, unknown=1)
    Total(amount=Decimal('5'), known=1, unknown=1)
    """

    amount: Decimal = ZERO
    known: int = 0
    unknown: int = 0

    def __add__(self, other: "Total") -> "Total":
        return Total(self.amount + other.amount, self.known + other.known, self.unknown + other.unknown)

    @property
    def is_empty(self) -> bool:
        """Nothing was written, known or not."""
        return not self.known and not self.unknown

    @property
    def is_known(self) -> bool:
        """None of its amounts is unknown."""
        return not self.unknown

    @property
    def exact(self) -> Decimal | None:
        """The sum where all of it is known; nothing where a part is not, or where there is no part."""
        return self.amount if self.known and not self.unknown else None

    @property
    def least(self) -> Decimal | None:
        """What is known of it."""
        return self.amount if self.known else None

    @property
    def words(self) -> str:
        """The sum as people read it.

        >>> [total_of(amounts).words.replace("\\xa0", " ").replace("\\u202f", " ")
        ...  for amounts in ([Decimal(9000), Decimal(3000)], [Decimal(12000), None], [None, None], [None], [])]
        ['12 000 €', 'au moins 12 000 € (1 montant inconnu)', '2 montants inconnus', 'montant inconnu', '0 €']
        """
        if not self.unknown:
            return euros(self.amount)
        if not self.known:
            return "montant inconnu" if self.unknown == 1 else self.lack
        return f"au moins {euros(self.amount)} ({self.lack})"

    @property
    def figure(self) -> str:
        """The sum alone, where what it lacks stands beside it; nought is never said of what nobody knows."""
        return "inconnu" if self.unknown and not self.known else euros(self.amount)

    @property
    def hint(self) -> str:
        """What stands beside the figure."""
        return f"au moins : {self.lack}" if self.unknown and self.known else self.lack

    @property
    def lack(self) -> str:
        """What is missing, in words; empty where everything is known."""
        if not self.unknown:
            return ""
        return f"{self.unknown} montant{'s' if self.unknown > 1 else ''} inconnu{'s' if self.unknown > 1 else ''}"


def total_of(amounts: Iterable[Decimal | None]) -> Total:
    """The sum of some amounts, None where one is unknown.

    >>> total_of([Decimal("12500.50"), None, Decimal(100)])
    Total(amount=Decimal('12600.50'), known=2, unknown=1)
    """
    return sum_of(Total(unknown=1) if each is None else Total(each, known=1) for each in amounts)


def total_of_known(amounts: Iterable[Decimal | None]) -> Total:
    """The sum of those that are known, where another source speaks for the others."""
    return total_of(amount for amount in amounts if amount is not None)


def sum_of(totals: Iterable[Total]) -> Total:
    return sum(totals, Total())


def to_cents(amount: Decimal | Fraction) -> Decimal:
    """To the nearest cent, halves away from zero.

    >>> to_cents(Decimal("20930.875")), to_cents(Fraction(-1, 200))
    (Decimal('20930.88'), Decimal('-0.01'))
    """
    exact = Decimal(amount.numerator) / amount.denominator if isinstance(amount, Fraction) else amount
    return exact.quantize(CENT, ROUND_HALF_UP)
