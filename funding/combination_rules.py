"""Which grants can pay a purchase together: every combination that covers its price, best first, exact to the cent.

A combination is minimal: without any one of its grants it no longer covers the price. Nothing is guessed, nothing is
left out for up to MOST_GRANTS grants; what a grant may give is `combination_offer_rules.limit`.

Two facts keep the search exact and fast. Grants are added from the largest limit to the smallest: a set covers the price
for the first time when its smallest grant joins it, so a set that covers is minimal exactly if it did not cover before
its last grant, and each minimal set is met once. And periods that cross two by two have a day in common (Helly's theorem
on a line): which grants go together is a question on pairs.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from confluences.dates import add_days
from funding.combination_offer_rules import (
    Need,
    Offer,
    Window,
    common,
    from_cents,
    in_cents,
    limit,
    quarrel,
    refusals,
)

MOST_GRANTS = 20  # studied together: a million sets
MOST_SHOWN = 20
BEYOND = f"au-delà des {MOST_GRANTS} subventions que l’on peut comparer ensemble"
HALF = 10  # bits of a set of grants that one table of sums covers
LOW_BITS = 2**HALF - 1
CHOSEN = 3


@dataclass(frozen=True)
class Part:
    """What one grant gives."""

    offer: Offer
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Combination:
    """Grants that pay together, each with its part, and what they leave to the association."""

    parts: tuple[Part, ...]
    missing: Decimal
    window: Window
    first_order: dt.date | None
    last_order: dt.date | None

    @property
    def keys(self) -> tuple[int, ...]:
        return tuple(part.offer.key for part in self.parts)

    @property
    def paid(self) -> Decimal:
        return sum((part.amount for part in self.parts), Decimal(0))


@dataclass(frozen=True)
class Excluded:
    """A grant that is in no combination, and why."""

    offer: Offer
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Fallback:
    """Without one grant that is relied on: the best combination of the others, or else the amount that is then missing.

    `answers_too_late`: its funder answers only after the last day to order.
    """

    offer: Offer
    instead: Combination | None
    missing: Decimal
    answers_too_late: bool


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that can be said of who pays a purchase.

    `total` combinations cover the price, the best of them are listed. Where none does, `partial` is what covers most.
    `moved` covers the price on another day than the one that is planned.
    """

    combinations: tuple[Combination, ...]
    total: int
    partial: Combination | None
    moved: Combination | None
    fallbacks: tuple[Fallback, ...]
    excluded: tuple[Excluded, ...]

    @property
    def best(self) -> Combination | None:
        return self.combinations[0] if self.combinations else self.partial


def plan(
    need: Need, offers: Sequence[Offer], *, relied_on: Collection[int] = (), most: int | None = MOST_SHOWN
) -> Plan:
    """Who can pay the purchase. The surest combination comes first, then the one with fewer grants, then the one whose
    common window is longer. The fallbacks are those of the grants relied on, by default of the best combination.

    A brush cutter of 1 000 €. The town gives 600 €, the foundation up to half of the price, the region is only asked.

    >>> need = Need(price=Decimal(1000), kind="equipment", today=dt.date(2026, 1, 1), delivery_days=10)
    >>> def offer(key, title, certainty, rest, **more):
    ...     return Offer(
    ...         key=key, title=title, certainty=certainty, rest=Decimal(rest), kinds=frozenset({"equipment"}),
    ...         window=Window(start=dt.date(2026, key, 1), end=dt.date(2026, 10 + key % 2, 30)), **more,
    ...     )
    >>> from funding.certainty_rules import Certainty
    >>> town = offer(1, "Exemple de commune", Certainty.CERTAIN, 600)
    >>> foundation = offer(2, "Exemple de fondation", Certainty.CERTAIN, 800, max_share=Decimal(50))
    >>> region = offer(3, "Exemple de région", Certainty.ASKED, 5000)
    >>> found = plan(need, [region, foundation, town])
    >>> for each in found.combinations:
    ...     print([f"{part.offer.title} : {part.amount}" for part in each.parts])
    ['Exemple de fondation : 500.00', 'Exemple de commune : 500.00']
    ['Exemple de région : 1000.00']
    >>> found.best.window
    Window(start=datetime.date(2026, 2, 1), end=datetime.date(2026, 10, 30))
    >>> found.best.last_order
    datetime.date(2026, 10, 20)

    Without the foundation the region pays all; without both of them 400 € are missing.

    >>> [each.instead.keys for each in found.fallbacks]
    [(3,), (3,)]
    >>> plan(need, [town]).partial.missing
    Decimal('400.00')
    """
    reasons = {offer.key: refusals(need, offer) for offer in offers}
    fit, beyond = _compared(need, [offer for offer in offers if not reasons[offer.key]])
    search = Search(need, fit)
    covering = search.covering()
    combinations = tuple(search.combination(each[CHOSEN]) for each in covering[:most])
    partial = None if covering else search.most_covered()
    best = combinations[0] if combinations else partial
    excluded = [Excluded(offer, reasons[offer.key]) for offer in offers if reasons[offer.key]]
    excluded += search.unused(covering) + [Excluded(offer, (BEYOND,)) for offer in beyond]
    return Plan(
        combinations=combinations,
        total=len(covering),
        partial=partial,
        moved=None if covering else _moved(need, offers),
        fallbacks=search.fallbacks(relied_on or (best.keys if best else ()), covering),
        excluded=tuple(excluded),
    )


def order_days(need: Need, window: Window) -> tuple[dt.date | None, dt.date | None]:
    """Between which days to order, so that the invoice falls in the window; nothing once it is ordered.

    >>> need = Need(price=Decimal(1000), kind="equipment", today=dt.date(2026, 1, 1), delivery_days=10)
    >>> order_days(need, Window(start=dt.date(2025, 1, 1), end=dt.date(2026, 3, 31)))
    (datetime.date(2026, 1, 1), datetime.date(2026, 3, 21))
    """
    if need.earliest is None:
        return None, None
    first = add_days(window.start, -need.delivery_days) if window.start else need.today
    last = add_days(window.end, -need.delivery_days) if window.end else None
    return max(first, need.today), last


def rank_of(offer: Offer) -> int:
    assert offer.certainty is not None, "A refused grant is in no combination."
    return offer.certainty.rank


def _compared(need: Need, fit: list[Offer]) -> tuple[list[Offer], list[Offer]]:
    """The surest and largest that can be compared, and those beyond."""
    ordered = sorted(fit, key=lambda offer: (rank_of(offer), -limit(need, offer), offer.key))
    return ordered[:MOST_GRANTS], ordered[MOST_GRANTS:]


def _moved(need: Need, offers: Sequence[Offer]) -> Combination | None:
    """The best combination where the day is free to move: what is ordered has a day that nobody moves."""
    if need.day is None or need.earliest is None:
        return None
    free = replace(need, day=None)
    fit, _beyond = _compared(free, [offer for offer in offers if not refusals(free, offer)])
    search = Search(free, fit)
    covering = search.covering()
    return search.combination(covering[0][CHOSEN]) if covering else None


# What ranks a set of grants, then the set: its least sure grant, how many they are, minus the days of their common window.
# A bare tuple, for there may be 184 756 of them.
Found = tuple[int, int, int, int]


class Search:
    """The search itself, on whole cents; a set of grants is a number whose bits are their places in `offers`."""

    def __init__(self, need: Need, fit: Sequence[Offer]) -> None:
        self.need = need
        self.price = in_cents(need.price)
        self.offers = sorted(fit, key=lambda offer: (-limit(need, offer), offer.key))
        self.limits = [in_cents(limit(need, offer)) for offer in self.offers]
        self.ranks = [rank_of(offer) for offer in self.offers]
        self.firsts = [offer.window.first.toordinal() for offer in self.offers]
        self.lasts = [offer.window.last.toordinal() for offer in self.offers]
        self.everyone = (1 << len(self.offers)) - 1
        self.friends = [self._friends(place) for place in range(len(self.offers))]
        self.low = _sums(self.limits[:HALF])
        self.high = _sums(self.limits[HALF:])

    def covering(self) -> list[Found]:
        """Every minimal combination that covers the price, best first."""
        found: list[Found] = []
        self._cover(found, 0, 0, self.everyone, 0, 0, dt.date.min.toordinal(), dt.date.max.toordinal())
        found.sort()
        return found

    def most_covered(self, without: int = 0) -> Combination | None:
        """The combination that covers most of a price that none covers; ties go to the better ranked."""
        best = [(0, self._ranked(0))]
        self._cover_most(best, 0, 0, self.everyone & ~without)
        chosen = best[0][1][CHOSEN]
        return self.combination(chosen) if chosen else None

    def combination(self, chosen: int) -> Combination:
        """A set with its parts: the surest pay first, then those whose period ends first, then the smallest limits."""
        places = sorted(
            self._places(chosen),
            key=lambda place: (
                self.ranks[place],
                self.lasts[place],
                self.limits[place],
                self.offers[place].key,
            ),
        )
        left, parts = self.price, []
        for place in places:
            given = min(self.limits[place], left)
            parts.append(Part(self.offers[place], from_cents(given)))
            left -= given
        window = common([part.offer.window for part in parts])
        first, last = order_days(self.need, window)
        return Combination(
            parts=tuple(parts), missing=from_cents(left), window=window, first_order=first, last_order=last
        )

    def fallbacks(self, relied_on: Collection[int], covering: Sequence[Found]) -> tuple[Fallback, ...]:
        """What remains where each of these grants is refused, one by one."""
        offers = [offer for offer in self.offers if offer.key in relied_on]
        _first, last_order = order_days(self.need, common([offer.window for offer in offers]))
        return tuple(self._fallback(offer, last_order, covering) for offer in offers)

    def _fallback(self, offer: Offer, last_order: dt.date | None, covering: Sequence[Found]) -> Fallback:
        lost = 1 << self.offers.index(offer)
        answer = offer.answer_on
        too_late = answer is not None and last_order is not None and answer > last_order
        following = next((each[CHOSEN] for each in covering if not each[CHOSEN] & lost), None)
        if following is not None:
            return Fallback(offer, self.combination(following), Decimal(0), too_late)
        partial = self.most_covered(without=lost)
        return Fallback(offer, None, partial.missing if partial else self.need.price, too_late)

    def unused(self, covering: Sequence[Found]) -> list[Excluded]:
        """The grants that might pay, and are in no combination that covers the price."""
        used = 0
        for each in covering:
            used |= each[CHOSEN]
        if not covering:
            partial = self.most_covered()
            used = sum(1 << self.offers.index(part.offer) for part in partial.parts) if partial else 0
        idle = self._places(self.everyone & ~used)
        return [Excluded(self.offers[place], self._why_unused(place, used)) for place in idle]

    def _why_unused(self, place: int, used: int) -> tuple[str, ...]:
        quarrels = [quarrel(self.offers[place], self.offers[other]) for other in self._places(used)]
        reasons = tuple(reason for reason in quarrels if reason)
        return reasons or ("les autres couvrent le prix sans elle",)

    def _cover(
        self,
        found: list[Found],
        chosen: int,
        total: int,
        free: int,
        rank: int,
        count: int,
        first: int,
        last: int,
    ) -> None:
        """Adds to `found` every minimal set that holds `chosen` and otherwise grants of `free`, all after the last of it."""
        while free and total + self.low[free & LOW_BITS] + self.high[free >> HALF] >= self.price:
            bit = free & -free
            free ^= bit
            place = bit.bit_length() - 1
            # Comparisons rather than max and min, which cost half of the search.
            worst = max(rank, self.ranks[place])
            since = max(first, self.firsts[place])
            until = min(last, self.lasts[place])
            if total + self.limits[place] >= self.price:
                found.append((worst, count + 1, since - until, chosen | bit))
            else:
                self._cover(
                    found,
                    chosen | bit,
                    total + self.limits[place],
                    free & self.friends[place],
                    worst,
                    count + 1,
                    since,
                    until,
                )

    def _cover_most(self, best: list[tuple[int, Found]], chosen: int, total: int, free: int) -> None:
        """Keeps in `best` the set that gives most; a branch that cannot give as much is not followed."""
        if total > best[0][0] or (total == best[0][0] and chosen and self._ranked(chosen) < best[0][1]):
            best[0] = (total, self._ranked(chosen))
        while free and total + self.low[free & LOW_BITS] + self.high[free >> HALF] >= best[0][0]:
            bit = free & -free
            free ^= bit
            place = bit.bit_length() - 1
            self._cover_most(best, chosen | bit, total + self.limits[place], free & self.friends[place])

    def _ranked(self, chosen: int) -> Found:
        places = list(self._places(chosen))
        first = max((self.firsts[place] for place in places), default=0)
        last = min((self.lasts[place] for place in places), default=0)
        rank = max((self.ranks[place] for place in places), default=0)
        return rank, len(places), first - last, chosen

    def _places(self, chosen: int) -> Iterator[int]:
        return (place for place in range(len(self.offers)) if chosen >> place & 1)

    def _friends(self, place: int) -> int:
        """The grants that can pay together with that one."""
        others = (other for other in range(len(self.offers)) if other != place)
        return sum(1 << other for other in others if not quarrel(self.offers[place], self.offers[other]))


def _sums(limits: Sequence[int]) -> list[int]:
    """The sum of each set of these limits, by its bits."""
    sums = [0]
    for amount in limits:
        sums += [amount + each for each in sums]
    return sums
