"""Writes of purchases: who pays one, and what it becomes once received."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from confluences.actions import Conflict, save_recorded
from confluences.models import User
from funding.combination_reports import amounts_of, combination_of
from funding.models import Grant, Purchase
from funding.purchase_rules import piece_values
from funding.share_actions import lock_purchase, replace_shares
from worksites.models import Equipment, Worksite

CHANGED = "Les subventions ou l’achat ont changé depuis que vous avez ouvert la page : voici les combinaisons à jour."
ALREADY_RECEIVED = "Cet achat est déjà reçu : son matériel est inscrit."


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One thing of a purchase, as it enters the inventory."""

    label: str
    name: str
    serial_number: str
    worksite: Worksite


@transaction.atomic
def apply_combination(
    purchase: Purchase, amounts: Mapping[int, Decimal], *, today: dt.date, by: User
) -> None:
    """Writes the shares of a combination, in place of those that stand: exactly what the page showed.

    Raises ValidationError where its grants would now give something else.
    """
    current = lock_purchase(purchase.pk, amounts)
    found = combination_of(current, Grant.objects.visible_to(by), amounts, today)
    if found is None or amounts_of(found) != amounts:
        raise ValidationError(CHANGED)
    replace_shares(current, amounts, by=by)


@transaction.atomic
def receive(
    purchase: Purchase, pieces: Sequence[Piece], *, received_on: dt.date, by: User | None
) -> list[Equipment]:
    """Turns a purchase into equipment of worksites, once: its price is split between the pieces to the cent.

    `purchase.version` is the version that was opened. Raises Conflict, or ValidationError by field: label_1, name_2…
    """
    current = lock_purchase(purchase.pk)
    if current.equipment.exists():
        raise ValidationError(ALREADY_RECEIVED)
    if current.version != purchase.version:
        raise Conflict(current)
    current.received_on = received_on
    save_recorded(current, by=by)
    values = piece_values(current.price, len(pieces))
    things = [
        _inscribe(number, piece, value, current, by)
        for number, (piece, value) in enumerate(zip(pieces, values, strict=True), start=1)
    ]
    current.equipment.set(things)
    return things


def _inscribe(number: int, piece: Piece, value: Decimal, purchase: Purchase, by: User | None) -> Equipment:
    thing = Equipment(
        label=piece.label,
        name=piece.name,
        serial_number=piece.serial_number,
        worksite=piece.worksite,
        bought_on=purchase.invoiced_on or purchase.received_on,
        value=value,
    )
    try:
        return save_recorded(thing, by=by)
    except ValidationError as error:
        errors = error.update_error_dict({})
        raise ValidationError({f"{name}_{number}": found for name, found in errors.items()}) from error
