"""What the shares of purchases must hold: not more than the price, nor than each grant has, may give, and pays for.

The same faults are looked for from both ends: when a share or its purchase changes, and when a grant does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from confluences.formats import euros, number
from funding.combination_offer_rules import (
    UNKNOWN_PERIOD,
    Window,
    kind_refusal,
    period_refusal,
    share_limit,
)
from funding.enums import GrantStatus
from funding.money_rules import ZERO

# What a fault is about; pages put it beside the field of that name that they have.
PRICE, AMOUNT, REST, SHARE, KIND, PERIOD, STATUS, TOGETHER = (
    "price",
    "amount",
    "rest",
    "share",
    "kind",
    "period",
    "status",
    "together",
)


@dataclass(frozen=True)
class Fault:
    about: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Giver:
    """A grant that gives shares. `ceiling` is all it can give, None while unknown; `given` is what its shares make."""

    key: int
    title: str
    status: str
    ceiling: Decimal | None
    given: Decimal
    window: Window
    kinds: frozenset[str]
    max_share: Decimal | None = None
    not_with: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Bought:
    """A purchase that shares pay."""

    title: str
    price: Decimal
    kind: str
    day: date | None
    is_invoiced: bool = False


@dataclass(frozen=True)
class Share:
    giver: Giver
    amount: Decimal


@dataclass(frozen=True)
class Paid:
    """A purchase with all its shares."""

    bought: Bought
    shares: tuple[Share, ...]


def purchase_faults(paid: Paid) -> list[Fault]:
    """What is wrong with a purchase and its shares; nothing where all is well.

    >>> mower = Bought(title="Tondeuse", price=Decimal(1000), kind="equipment", day=date(2026, 5, 1))
    >>> town = Giver(
    ...     key=1, title="Exemple de commune", status="awarded", ceiling=Decimal(600), given=Decimal(700),
    ...     window=Window(end=date(2026, 4, 30)), kinds=frozenset({"equipment"}),
    ... )
    >>> for fault in purchase_faults(Paid(mower, (Share(town, Decimal(700)),))): print(fault.message.replace("\\xa0", " "))
    « Exemple de commune » paierait 700 € en tout et son montant est de 600 € : 100 € de trop.
    « Exemple de commune » : dépenses éligibles seulement jusqu’au 30/04/2026, or l’achat est prévu le 01/05/2026.
    """
    total = sum((share.amount for share in paid.shares), ZERO)
    faults = []
    if total > paid.bought.price:
        faults.append(
            Fault(
                PRICE,
                f"Les parts de « {paid.bought.title} » font {euros(total)} pour un prix de {euros(paid.bought.price)} : "
                f"{euros(total - paid.bought.price)} de trop.",
            )
        )
    for share in paid.shares:
        faults += [*_giver_faults(share.giver), *_share_faults(share, paid.bought)]
    return faults + [fault for _keys, fault in _quarrels(paid)]


def grant_faults(giver: Giver, purchases: Iterable[Paid]) -> list[Fault]:
    """What is wrong with a grant as it now stands and the shares that it gives; each purchase comes with all its shares."""
    faults, pays = [], False
    for paid in purchases:
        for share in paid.shares:
            if share.giver.key == giver.key:
                pays = True
                faults += [
                    Fault(fault.about, f"« {paid.bought.title} » : {fault.message}")
                    for fault in _share_faults(share, paid.bought)
                ]
        faults += [fault for keys, fault in _quarrels(paid) if giver.key in keys]
    return [*(_giver_faults(giver) if pays else []), *faults]


def _giver_faults(giver: Giver) -> list[Fault]:
    if giver.status == GrantStatus.REFUSED:
        return [
            Fault(
                STATUS,
                f"« {giver.title} » est refusée : retirez d’abord ses parts, {euros(giver.given)} en tout.",
            )
        ]
    if giver.ceiling is None:
        return [
            Fault(REST, f"Le montant de « {giver.title} » n’est pas connu : indiquez-le avant ses parts.")
        ]
    if giver.given > giver.ceiling:
        return [
            Fault(
                REST,
                f"« {giver.title} » paierait {euros(giver.given)} en tout et son montant est de {euros(giver.ceiling)} : "
                f"{euros(giver.given - giver.ceiling)} de trop.",
            )
        ]
    return []


def _share_faults(share: Share, bought: Bought) -> list[Fault]:
    giver, faults = share.giver, []
    most = share_limit(bought.price, giver.max_share)
    if giver.max_share is not None and share.amount > most:
        faults.append(
            Fault(
                SHARE,
                f"« {giver.title} » paie au plus {number(giver.max_share)} % du prix, soit {euros(most)} ; "
                f"sa part est de {euros(share.amount)}.",
            )
        )
    kind = kind_refusal(bought.kind, giver.kinds)
    if kind:
        faults.append(Fault(KIND, f"« {giver.title} » : {kind}."))
    period = _period_fault(giver, bought)
    if period:
        faults.append(Fault(PERIOD, f"« {giver.title} » : {period}."))
    return faults


def _period_fault(giver: Giver, bought: Bought) -> str:
    if giver.window.is_unknown:
        return UNKNOWN_PERIOD
    if bought.day is None:
        return ""
    return period_refusal(giver.window, bought.day, "facturé" if bought.is_invoiced else "prévu")


def _quarrels(paid: Paid) -> list[tuple[set[int], Fault]]:
    """Grants that may not pay the same purchase; and without a day for it, those that have no day in common."""
    found = []
    for one, two in combinations([share.giver for share in paid.shares], 2):
        if one.key in two.not_with or two.key in one.not_with:
            reason = f"« {one.title} » ne se cumule pas avec « {two.title} »"
        elif paid.bought.day is None and not one.window.crosses(two.window):
            reason = f"« {one.title} » et « {two.title} » n’ont aucun jour en commun"
        else:
            continue
        message = f"{reason} : une seule paie « {paid.bought.title} »."
        found.append(({one.key, two.key}, Fault(TOGETHER, message)))
    return found
