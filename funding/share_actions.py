"""Writes of shares: each under a lock on its purchase, then on the grants, so that two people never overdraw either.

Always in this order: the purchase, then its grants by number. A grant that is being changed holds its own row alone, and
looks at its shares afterwards (`refuse_grant`): whoever comes second sees what the first one wrote.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from confluences.actions import save_recorded
from confluences.models import User
from funding import share_rules
from funding.grant_rules import ceiling
from funding.models import Grant, Purchase, PurchaseShare
from funding.share_rules import Bought, Fault, Giver, Paid, Share

GRANT_FIELDS = {
    share_rules.REST: "awarded",
    share_rules.SHARE: "max_share",
    share_rules.KIND: "pays_for",
    share_rules.PERIOD: "eligible_end",
    share_rules.STATUS: "status",
    share_rules.TOGETHER: "not_with",
}
PURCHASE_FIELDS = {
    share_rules.PRICE: "price",
    share_rules.SHARE: "price",
    share_rules.KIND: "kind",
    share_rules.PERIOD: "needed_on",
}
SHARE_FIELDS = {
    share_rules.PRICE: "amount",
    share_rules.REST: "amount",
    share_rules.SHARE: "amount",
    share_rules.KIND: "grant",
    share_rules.PERIOD: "grant",
    share_rules.STATUS: "grant",
    share_rules.TOGETHER: "grant",
}


@transaction.atomic
def save_share(share: PurchaseShare, *, by: User | None) -> PurchaseShare:
    """Writes a share. Raises ValidationError, by field, where the purchase or a grant would be overdrawn or misused."""
    purchase = lock_purchase(share.purchase_id, [share.grant_id])
    save_recorded(share, by=by)
    refuse_purchase(purchase, SHARE_FIELDS)
    return share


@transaction.atomic
def delete_share(share: PurchaseShare) -> None:
    lock_purchase(share.purchase_id)
    share.delete()


@transaction.atomic
def replace_shares(purchase: Purchase, amounts: Mapping[int, Decimal], *, by: User | None) -> None:
    """Makes these amounts, by grant, all that grants pay of the purchase."""
    current = lock_purchase(purchase.pk, amounts)
    standing = {share.grant_id: share for share in current.shares.select_related("grant__funder")}
    grants = Grant.objects.select_related("funder").in_bulk(amounts)
    for grant_id in standing.keys() - amounts.keys():
        standing[grant_id].delete()
    for grant_id, amount in amounts.items():
        share = standing.get(grant_id) or PurchaseShare(purchase=current, grant=grants[grant_id])
        if share.amount != amount:
            share.amount = amount
            save_recorded(share, by=by)
    refuse_purchase(current, {})


@transaction.atomic
def save_purchase(purchase: Purchase, *, by: User | None) -> Purchase:
    """Writes a purchase. Its shares stay within its price, and its day and kind within what its grants pay for.

    Raises ValidationError, by field.
    """
    is_new = purchase.pk is None
    save_recorded(purchase, by=by)
    if not is_new:
        refuse_purchase(lock_purchase(purchase.pk), PURCHASE_FIELDS)
    return purchase


def lock_purchase(pk: int, more_grants: Iterable[int] = ()) -> Purchase:
    """Holds a purchase and the grants of its shares, and some more, until the transaction ends."""
    purchase: Purchase | None = Purchase.objects.select_for_update().filter(pk=pk).first()
    if purchase is None:
        raise ValidationError("Cet achat vient d’être supprimé par quelqu’un d’autre.")
    grants = {*purchase.shares.values_list("grant_id", flat=True), *more_grants}
    list(Grant.objects.select_for_update().filter(pk__in=grants).order_by("pk"))
    return purchase


def refuse_purchase(purchase: Purchase, fields: Mapping[str, str]) -> None:
    """Raises ValidationError where a purchase, as it now stands, breaks a rule with its shares; both are locked."""
    [paid] = paid_by_shares([purchase])
    _refuse(share_rules.purchase_faults(paid), fields)


def refuse_grant(grant: Grant) -> None:
    """Raises ValidationError, by field, where the shares of a grant that was just written no longer fit it.

    To be called in the transaction that writes the grant, after its row and its links.
    """
    purchases = Purchase.objects.filter(shares__grant=grant)
    paid = paid_by_shares(list(purchases))
    giver = next((share.giver for each in paid for share in each.shares if share.giver.key == grant.pk), None)
    if giver is not None:
        _refuse(share_rules.grant_faults(giver, paid), GRANT_FIELDS)


def paid_by_shares(purchases: Sequence[Purchase]) -> list[Paid]:
    """Purchases with all their shares, as plain values; the sums are exact on either engine."""
    shares = PurchaseShare.objects.filter(purchase__in=purchases).order_by("pk")
    found = list(shares.select_related("grant").prefetch_related("grant__not_with"))
    given: dict[int, Decimal] = defaultdict(Decimal)
    all_shares = PurchaseShare.objects.filter(grant__in={share.grant_id for share in found})
    for grant_id, amount in all_shares.values_list("grant_id", "amount"):
        given[grant_id] += amount
    return [
        Paid(
            bought_of(purchase),
            tuple(
                Share(giver_of(share.grant, given[share.grant_id]), share.amount)
                for share in found
                if share.purchase_id == purchase.pk
            ),
        )
        for purchase in purchases
    ]


def bought_of(purchase: Purchase) -> Bought:
    return Bought(
        title=purchase.title,
        price=purchase.price,
        kind=purchase.kind,
        day=purchase.expense_day,
        is_invoiced=purchase.invoiced_on is not None,
    )


def giver_of(grant: Grant, given: Decimal) -> Giver:
    return Giver(
        key=grant.pk,
        title=grant.title,
        status=grant.status,
        ceiling=ceiling(grant.status, grant.asked, grant.awarded),
        given=given,
        window=grant.window,
        kinds=grant.expense_kinds,
        max_share=grant.max_share,
        not_with=frozenset(other.pk for other in grant.not_with.all()),
    )


def _refuse(faults: Iterable[Fault], fields: Mapping[str, str]) -> None:
    errors: dict[str, list[str]] = defaultdict(list)
    for fault in faults:
        errors[fields.get(fault.about, NON_FIELD_ERRORS)].append(fault.message)
    if errors:
        raise ValidationError(dict(errors))
