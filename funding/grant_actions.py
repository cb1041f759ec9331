"""Writes of grants, their instalments and obligations. What is counted against a grant is written under its lock."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum

from confluences.actions import Conflict, save_recorded
from confluences.models import User
from funding.enums import GrantStatus
from funding.grant_rules import MOVES, amount_refusal, moves_back, receipt_refusal
from funding.models import Grant, Instalment, Obligation
from funding.money_rules import ZERO
from funding.share_actions import refuse_grant


def lock_grant(pk: int) -> Grant:
    """Holds a grant until the transaction ends, and returns it as it now stands.

    Whoever counts against a grant (an instalment received, a share of a purchase, a lower amount) waits here.
    """
    locked: list[Grant] = list(Grant.objects.select_for_update().filter(pk=pk))
    if locked:
        return locked[0]
    raise ValidationError("Cette subvention vient d’être supprimée par quelqu’un d’autre.")


@transaction.atomic
def save_grant(grant: Grant, *, by: User | None, not_with: Iterable[Grant] | None = None) -> Grant:
    """Writes a grant; `not_with`, where given, become all the grants that it cannot be combined with.

    What purchases and instalments already count on it stays possible. Raises ValidationError, by field.
    """
    if grant.pk:
        lock_grant(grant.pk)
    return _save_locked(grant, by, not_with)


@transaction.atomic
def move_grant(
    grant: Grant,
    status: GrantStatus,
    *,
    on: dt.date | None = None,
    amount: Decimal | None = None,
    by: User | None,
) -> Grant:
    """Takes a grant to its next status, with the day of it; or back, which forgets that day.

    `amount` is what was asked or awarded. `grant.version` is the version that was opened. Raises Conflict where it has
    changed since, ValidationError where it cannot go there.
    """
    current = lock_grant(grant.pk)
    if current.version != grant.version:
        raise Conflict(current)
    before = GrantStatus(current.status)
    if status not in MOVES[before]:
        raise ValidationError(f"Une subvention {before.label} ne devient pas « {status.label} ».")
    current.status = status
    if moves_back(before, status):
        _forget(current, before)
    else:
        _note(current, status, on, amount)
    return _save_locked(current, by)


def _save_locked(grant: Grant, by: User | None, not_with: Iterable[Grant] | None = None) -> Grant:
    if grant.pk:
        _refuse_against_receipts(grant)
    save_recorded(grant, by=by)
    if not_with is not None:
        grant.not_with.set(not_with)
    # A funder that says no asks nobody: the purchases that counted on it show what they now lack.
    if grant.status != GrantStatus.REFUSED:
        refuse_grant(grant)
    return grant


def _note(grant: Grant, status: GrantStatus, on: dt.date | None, amount: Decimal | None) -> None:
    if on is None:
        raise ValidationError({"on": "Indiquez le jour."})
    match status:
        case GrantStatus.ASKED:
            grant.asked_on, grant.asked = on, amount
        case GrantStatus.AWARDED:
            grant.decided_on, grant.awarded = on, amount
        case GrantStatus.REFUSED:
            grant.decided_on = on
        case GrantStatus.SETTLED:
            grant.settled_on = on


def _forget(grant: Grant, before: GrantStatus) -> None:
    match before:
        case GrantStatus.ASKED:
            grant.asked_on = None
        case GrantStatus.AWARDED | GrantStatus.REFUSED:
            grant.decided_on = grant.awarded = None
        case GrantStatus.SETTLED:
            grant.settled_on = None


def _refuse_against_receipts(grant: Grant) -> None:
    """What came, or is placed, holds whatever page or file changes the grant."""
    received = _received(grant)
    if received is not None and grant.status not in GrantStatus.promised():
        raise ValidationError(
            {"status": "Des versements de cette subvention sont déjà reçus : elle est donc accordée."}
        )
    refusal = amount_refusal(grant.awarded, _placed(grant), received)
    if refusal:
        raise ValidationError({"awarded": refusal})


def _placed(grant: Grant) -> Decimal:
    return grant.shares.aggregate(total=Sum("amount"))["total"] or ZERO


def _received(grant: Grant, *, without: Instalment | None = None) -> Decimal | None:
    instalments = Instalment.objects.filter(grant=grant)
    if without is not None and without.pk:
        instalments = instalments.exclude(pk=without.pk)
    total: Decimal | None = instalments.aggregate(total=Sum("received"))["total"]
    return total


# Instalments and obligations


@transaction.atomic
def save_instalment(instalment: Instalment, *, by: User | None) -> Instalment:
    """Writes an instalment: all that is received of a grant never exceeds what was awarded. Raises ValidationError."""
    grant = lock_grant(instalment.grant_id)
    if instalment.received is not None:
        if grant.status not in GrantStatus.promised():
            raise ValidationError(
                "On ne reçoit de versement que d’une subvention accordée : changez d’abord son état."
            )
        others = _received(grant, without=instalment) or ZERO
        refusal = receipt_refusal(grant.awarded, others, instalment.received)
        if refusal:
            raise ValidationError({"received": refusal})
    return save_recorded(instalment, by=by)


def finish_obligation(obligation: Obligation, *, on: dt.date, by: User | None) -> Obligation:
    """Notes that what was owed to the funder has been rendered."""
    obligation.done_on = on
    return save_recorded(obligation, by=by)
