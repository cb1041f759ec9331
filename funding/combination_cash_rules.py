"""Who is paid before whom: what the association advances for a purchase until its grants have paid, month by month."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from funding.combination_offer_rules import Payment
from funding.combination_rules import Part
from funding.money_rules import ZERO


@dataclass(frozen=True)
class Event:
    """Money that moves: the association pays its supplier, or a grant pays. `day` is None where nobody knows it."""

    day: dt.date | None
    amount: Decimal
    part: Part | None = None

    @property
    def is_invoice(self) -> bool:
        return self.part is None


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month in which money moves, and what is advanced: at its end, and at its worst day."""

    first: dt.date
    paid: Decimal
    arrived: Decimal
    advanced: Decimal
    most: Decimal


@dataclass(frozen=True, kw_only=True)
class Advance:
    """The whole of it. `own` is never given back: what no grant pays. `unknown` arrives on a day that nobody knows."""

    events: tuple[Event, ...]
    months: tuple[Month, ...]
    own: Decimal
    unknown: Decimal
    most: Decimal


def advance(price: Decimal, pays_on: dt.date, parts: Sequence[Part]) -> Advance:
    """The advance for a purchase paid on a day. A grant serves its other purchases first: the surest of what may be late.

    A machine of 1 000 € is paid in March. Its grant gave 300 € in January, of which another purchase took 100 €, and
    gives 900 € in June: 200 € are there, 600 € come later, 200 € are the association's own.

    >>> from funding.certainty_rules import Certainty
    >>> from funding.combination_offer_rules import Offer, Window
    >>> grant = Offer(
    ...     key=1, title="Exemple", certainty=Certainty.CERTAIN, rest=Decimal(1100), window=Window(), kinds=frozenset(),
    ...     used=Decimal(100),
    ...     payments=(Payment(dt.date(2026, 1, 15), Decimal(300)), Payment(dt.date(2026, 6, 30), Decimal(900))),
    ... )
    >>> found = advance(Decimal(1000), dt.date(2026, 3, 10), [Part(grant, Decimal(800))])
    >>> [(f"{month.first:%m/%Y}", str(month.advanced)) for month in found.months]
    [('01/2026', '0'), ('03/2026', '600'), ('06/2026', '0')]
    >>> found.own, found.unknown, found.most
    (Decimal('200'), Decimal('0'), Decimal('600'))
    """
    own = price - sum((part.amount for part in parts), ZERO)
    invoice = Event(pays_on, price)
    arrivals = [event for part in parts for event in arrivals_of(part)]
    # On one day the supplier is paid first: money that is not there yet pays nothing.
    dated = sorted(
        (event for event in [invoice, *arrivals] if event.day is not None),
        key=lambda event: (event.day, not event.is_invoice),
    )
    undated = [event for event in arrivals if event.day is None]
    months = _months(dated, own)
    return Advance(
        events=(*dated, *undated),
        months=months,
        own=own,
        unknown=sum((event.amount for event in undated), ZERO),
        most=max((month.most for month in months), default=ZERO),
    )


def arrivals_of(part: Part) -> list[Event]:
    """When a grant's money for one purchase arrives: after what its other purchases take of its payments."""
    skipped, wanted, events = part.offer.used, part.amount, []
    for payment in sorted(part.offer.payments, key=lambda payment: payment.day):
        free = payment.amount - min(skipped, payment.amount)
        skipped -= payment.amount - free
        taken = min(free, wanted)
        wanted -= taken
        if taken:
            events.append(Event(payment.day, taken, part))
    return [*events, Event(None, wanted, part)] if wanted else events


def expected_payment(
    *,
    expected: Decimal | None,
    expected_on: dt.date | None,
    received: Decimal | None,
    received_on: dt.date | None,
    today: dt.date,
) -> Payment | None:
    """An instalment as money that arrives: as received, else as expected and not before today; None without day or amount.

    >>> expected_payment(
    ...     expected=Decimal(500), expected_on=dt.date(2026, 1, 1), received=None, received_on=None,
    ...     today=dt.date(2026, 2, 1),
    ... )
    Payment(day=datetime.date(2026, 2, 1), amount=Decimal('500'))
    """
    if received is not None and received_on is not None:
        return Payment(received_on, received)
    if expected is None or expected_on is None:
        return None
    return Payment(max(expected_on, today), expected)


def _months(dated: Sequence[Event], own: Decimal) -> tuple[Month, ...]:
    months: list[Month] = []
    balance = ZERO  # below nought: grants' money waits for the invoice
    for first in sorted({event.day.replace(day=1) for event in dated if event.day}):
        paid = arrived = most = ZERO
        most = max(balance, ZERO)
        for event in dated:
            if event.day is None or event.day.replace(day=1) != first:
                continue
            if event.is_invoice:
                paid += event.amount
                balance += event.amount - own
            else:
                arrived += event.amount
                balance -= event.amount
            most = max(most, balance)
        months.append(Month(first=first, paid=paid, arrived=arrived, advanced=max(balance, ZERO), most=most))
    return tuple(months)
