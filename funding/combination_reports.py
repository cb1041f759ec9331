"""Purchases and grants as the rules of combinations see them, and what a purchase's page says of who pays."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from confluences.dates import add_days
from funding.combination_cash_rules import expected_payment
from funding.combination_offer_rules import Need, Offer, Payment
from funding.combination_rules import Combination, Plan, plan
from funding.enums import GrantStatus
from funding.grant_rules import ceiling, grant_rest
from funding.models import Grant, Purchase, PurchaseShare
from funding.models.grant import GrantQuerySet


def need_of(purchase: Purchase, today: dt.date) -> Need:
    return Need(
        price=purchase.price,
        kind=purchase.kind,
        today=today,
        day=purchase.expense_day,
        delivery_days=purchase.delivery_days,
        is_ordered=bool(purchase.ordered_on or purchase.received_on or purchase.paid_on),
        is_invoiced=purchase.invoiced_on is not None,
    )


def offers_for(purchase: Purchase, grants: GrantQuerySet, today: dt.date) -> list[Offer]:
    """What each grant may still give to the purchase, once its other purchases have their shares; in four queries."""
    used: dict[int, Decimal] = defaultdict(Decimal)
    others = PurchaseShare.objects.exclude(purchase=purchase)
    for grant_id, amount in others.values_list("grant_id", "amount"):
        used[grant_id] += amount
    rows = grants.select_related("funder").prefetch_related("instalments", "not_with")
    return [offer_of(grant, used[grant.pk], today) for grant in rows]


def offer_of(grant: Grant, used: Decimal, today: dt.date) -> Offer:
    return Offer(
        key=grant.pk,
        title=grant.title,
        funder=grant.funder.name,
        certainty=grant.certainty,
        rest=grant_rest(ceiling(grant.status, grant.asked, grant.awarded), used),
        window=grant.window,
        kinds=grant.expense_kinds,
        max_share=grant.max_share,
        not_with=frozenset(other.pk for other in grant.not_with.all()),
        is_settled=grant.status == GrantStatus.SETTLED,
        answer_on=grant.answer_expected_on if grant.status in GrantStatus.pending() else None,
        used=used,
        payments=payments_of(grant, today),
    )


def payments_of(grant: Grant, today: dt.date) -> tuple[Payment, ...]:
    found = (
        expected_payment(
            expected=each.expected,
            expected_on=each.expected_on,
            received=each.received,
            received_on=each.received_on,
            today=today,
        )
        for each in grant.instalments.all()
        # Once a grant is settled, what never came does not come any more: as in the cash curve.
        if each.received_on or grant.status != GrantStatus.SETTLED
    )
    return tuple(payment for payment in found if payment)


def plan_of(purchase: Purchase, offers: list[Offer], today: dt.date, relied_on: Iterable[int] = ()) -> Plan:
    return plan(need_of(purchase, today), offers, relied_on=list(relied_on))


def combination_of(
    purchase: Purchase, grants: GrantQuerySet, keys: Iterable[int], today: dt.date
) -> Combination | None:
    """The combination of exactly these grants, as it now stands; None where they no longer make one."""
    wanted = set(keys)
    offers = offers_for(purchase, grants.filter(pk__in=wanted), today)
    best = plan_of(purchase, offers, today).best
    return best if best and set(best.keys) == wanted else None


def payment_day(purchase: Purchase, first_order: dt.date | None, today: dt.date) -> dt.date:
    """The day on which the supplier is paid: as recorded, else the invoice's, never before today."""
    if purchase.paid_on:
        return purchase.paid_on
    day = purchase.expense_day or add_days(first_order or today, purchase.delivery_days)
    return max(day, today)


def amounts_of(combination: Combination) -> Mapping[int, Decimal]:
    return {part.offer.key: part.amount for part in combination.parts}
