"""Figures of the network, on plain values: one definition each, for a theme, a partner or the whole.

A referral counts in the period that holds its date; one that was cancelled counts nowhere.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class Figures:
    """What became of referrals. `delays` says of how many replies each number of days was the delay.

    - received: sent to us by a prescriber; sent: made to a partner;
    - replied: those sent that the partner answered; declined: those sent that it refused;
    - obtained: those sent that obtained what they were for, at least in part;
    - lifted, reduced: those sent that lifted or reduced the frein.
    """

    received: int = 0
    sent: int = 0
    replied: int = 0
    declined: int = 0
    obtained: int = 0
    lifted: int = 0
    reduced: int = 0
    delays: Mapping[int, int] = field(default_factory=dict)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            received=self.received + other.received,
            sent=self.sent + other.sent,
            replied=self.replied + other.replied,
            declined=self.declined + other.declined,
            obtained=self.obtained + other.obtained,
            lifted=self.lifted + other.lifted,
            reduced=self.reduced + other.reduced,
            delays=Counter(self.delays) + Counter(other.delays),
        )

    @property
    def silent(self) -> int:
        """Those sent that nobody answered."""
        return self.sent - self.replied

    @property
    def mean_delay(self) -> Fraction | None:
        """The mean number of days between a referral and its reply.

        >>> Figures(delays={0: 1, 3: 2, 30: 1}).mean_delay
        Fraction(9, 1)
        """
        replies = sum(self.delays.values())
        return (
            Fraction(sum(days * count for days, count in self.delays.items()), replies) if replies else None
        )

    @property
    def median_delay(self) -> Fraction | None:
        """The delay that half of the replies do not exceed: one long silence moves the mean, not this one.

        >>> Figures(delays={0: 1, 3: 2, 30: 1}).median_delay
        Fraction(3, 1)
        >>> Figures(delays={2: 1, 5: 1}).median_delay
        Fraction(7, 2)
        """
        replies = sum(self.delays.values())
        if not replies:
            return None
        low, high = _nth(self.delays, (replies - 1) // 2), _nth(self.delays, replies // 2)
        return Fraction(low + high, 2)


def _nth(delays: Mapping[int, int], place: int) -> int:
    """The delay at a place, from 0, of all of them in order."""
    seen = 0
    for days in sorted(delays):
        seen += delays[days]
        if place < seen:
            return days
    raise IndexError(place)


def total(figures: Iterable[Figures]) -> Figures:
    return sum(figures, Figures())


@dataclass(frozen=True)
class Need:
    """A theme that people present today need: how many, the partners for it, and how often they were asked and answered."""

    people: int
    partners: int
    asked: int
    answered: int

    @property
    def is_unmet(self) -> bool:
        """Whether a partner is to be found: nobody for it, or nobody who ever answered.

        >>> [Need(3, 0, 0, 0).is_unmet, Need(3, 2, 5, 0).is_unmet, Need(3, 2, 5, 1).is_unmet, Need(0, 0, 0, 0).is_unmet]
        [True, True, False, False]
        """
        return self.people > 0 and (self.partners == 0 or self.answered == 0)

    @property
    def words(self) -> str:
        """Why a partner is to be found."""
        if not self.partners:
            return "aucun partenaire actif pour ce thème"
        known = "1 partenaire" if self.partners == 1 else f"{self.partners} partenaires"
        if not self.asked:
            return f"{known}, jamais sollicité{'s' if self.partners > 1 else ''}"
        times = "une fois" if self.asked == 1 else f"{self.asked} fois"
        return f"{known}, sollicité{'s' if self.partners > 1 else ''} {times}, sans aucune réponse"
