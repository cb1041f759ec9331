"""The demonstration's purchases, all invented: one received, one ordered, one planned that needs two grants together.

Their grants are invented too. Nothing is said here of what a real funder gives.
"""

import datetime as dt
from decimal import Decimal

from confluences.actions import save_recorded
from confluences.dates import add_days, add_months
from confluences.models import User
from funding.enums import ExpenseKind, FunderKind, GrantStatus, InstalmentKind
from funding.models import Funder, Grant, Instalment, Purchase
from funding.purchase_actions import Piece, receive
from funding.purchase_rules import next_labels
from funding.share_actions import replace_shares, save_purchase
from worksites.models import Equipment, Worksite

FUNDER = "Exemple de financeur"
BOTH = f"{ExpenseKind.EQUIPMENT} {ExpenseKind.VEHICLE}"


def add_purchases(today: dt.date, *, by: User) -> None:
    """Three purchases and the grants that pay them, in the year around today."""
    worksite = Worksite.objects.get(name="Fresnes")
    tools = _add_grant(
        "Exemple d’aide à l’outillage",
        today,
        by,
        awarded=Decimal(6000),
        pays_for=ExpenseKind.EQUIPMENT,
        status=GrantStatus.AWARDED,
        opens_in=-6,
        closes_in=4,
        paid_in=-2,
    )
    mobility = _add_grant(
        "Exemple d’aide à la mobilité",
        today,
        by,
        awarded=Decimal(9000),
        pays_for=BOTH,
        max_share=Decimal(60),
        status=GrantStatus.AWARDED,
        opens_in=-3,
        closes_in=9,
        paid_in=6,
    )
    _add_grant(
        "Exemple d’appel à projets",
        today,
        by,
        asked=Decimal(12000),
        pays_for=BOTH,
        max_share=Decimal(50),
        status=GrantStatus.ASKED,
        opens_in=1,
        closes_in=13,
        paid_in=9,
    )
    received = _add_purchase(
        "Exemple de débroussailleuses", today, by, worksite, price=1198, pieces=2, ordered=-60
    )
    received.invoiced_on = add_days(today, -45)
    received.invoice_number = "EX-2041"
    save_purchase(received, by=by)
    replace_shares(received, {tools.pk: Decimal(1198)}, by=by)
    _receive(received, worksite, add_days(today, -45), by)
    ordered = _add_purchase("Exemple de motoculteur", today, by, worksite, price=2450, needed=20, ordered=-10)
    replace_shares(ordered, {tools.pk: Decimal(1000), mobility.pk: Decimal(1450)}, by=by)
    _add_purchase(
        "Exemple de camion benne d’occasion",
        today,
        by,
        worksite,
        price=14900,
        needed=90,
        kind=ExpenseKind.VEHICLE,
        delivery_days=21,
    )


def _add_grant(
    title: str, today: dt.date, by: User, *, opens_in: int, closes_in: int, paid_in: int, **fields
) -> Grant:
    """A grant asked half a year ago, open in the months around today, and paid at once in some months."""
    existing = Grant.objects.filter(title=title).first()
    if existing:
        return existing
    funder = Funder.objects.filter(name=FUNDER).first() or save_recorded(
        Funder(name=FUNDER, kind=FunderKind.PRIVATE), by=by
    )
    decided = fields["status"] == GrantStatus.AWARDED
    grant = Grant(
        funder=funder,
        title=title,
        asked_on=add_months(today, -7),
        decided_on=add_months(today, -6) if decided else None,
        answer_expected_on=None if decided else add_months(today, 1),
        eligible_start=add_months(today, opens_in).replace(day=1),
        eligible_end=add_months(today, closes_in),
        **fields,
    )
    save_recorded(grant, by=by)
    amount = fields.get("awarded", fields.get("asked"))
    day = add_months(today, paid_in)
    received = {"received": amount, "received_on": day} if paid_in < 0 else {}
    instalment = Instalment(
        grant=grant, kind=InstalmentKind.BALANCE, expected=amount, expected_on=day, **received
    )
    save_recorded(instalment, by=by)
    return grant


def _add_purchase(
    title: str,
    today: dt.date,
    by: User,
    worksite: Worksite,
    *,
    price: int,
    needed: int = -45,
    ordered: int | None = None,
    **fields,
) -> Purchase:
    purchase = Purchase(
        title=title,
        worksite=worksite,
        price=Decimal(price),
        needed_on=add_days(today, needed),
        ordered_on=None if ordered is None else add_days(today, ordered),
        **{"delivery_days": 15} | fields,
    )
    return save_purchase(purchase, by=by)


def _receive(purchase: Purchase, worksite: Worksite, day: dt.date, by: User) -> None:
    labels = next_labels(list(Equipment.objects.values_list("label", flat=True)), purchase.pieces)
    pieces = [
        Piece(label=label, name="Débroussailleuse (exemple)", serial_number="", worksite=worksite)
        for label in labels
    ]
    receive(purchase, pieces, received_on=day, by=by)
