"""Who may open what pays. What one may not see does not exist: every helper answers 404."""

from django.shortcuts import get_object_or_404

from confluences.models import User
from funding.models import (
    Budget,
    CashBalance,
    Funder,
    Grant,
    GrantDocument,
    Instalment,
    Obligation,
    Purchase,
    PurchaseShare,
)


def can_read_funding(user: User) -> bool:
    """The supervisor and the administrators; what the association is given is not the others' business."""
    return user.has_perm("funding.view_grant")


def get_funder(user: User, pk: int) -> Funder:
    rows = Funder.objects.select_related("partner")
    return get_object_or_404(rows if can_read_funding(user) else rows.none(), pk=pk)


def get_grant(user: User, pk: int) -> Grant:
    return get_object_or_404(Grant.objects.visible_to(user).select_related("funder"), pk=pk)


def get_document(user: User, pk: int) -> GrantDocument:
    return get_object_or_404(GrantDocument.objects.filter(grant__in=Grant.objects.visible_to(user)), pk=pk)


def get_instalment(user: User, pk: int) -> Instalment:
    rows = Instalment.objects.select_related("grant__funder")
    return get_object_or_404(rows.filter(grant__in=Grant.objects.visible_to(user)), pk=pk)


def get_obligation(user: User, pk: int) -> Obligation:
    rows = Obligation.objects.select_related("grant__funder")
    return get_object_or_404(rows.filter(grant__in=Grant.objects.visible_to(user)), pk=pk)


def get_purchase(user: User, pk: int) -> Purchase:
    rows = Purchase.objects.visible_to(user).select_related("worksite", "supplier")
    return get_object_or_404(rows, pk=pk)


def get_share(user: User, pk: int) -> PurchaseShare:
    rows = PurchaseShare.objects.select_related("purchase", "grant")
    return get_object_or_404(rows.filter(purchase__in=Purchase.objects.visible_to(user)), pk=pk)


def get_budget(user: User, pk: int) -> Budget:
    return get_object_or_404(Budget.objects.visible_to(user).select_related("grant__funder"), pk=pk)


def can_read_cash(user: User) -> bool:
    """Whoever reads the balance of the bank reads what is to change it."""
    return user.has_perm("funding.view_cashbalance")


def get_balance(user: User, pk: int) -> CashBalance:
    rows = CashBalance.objects.all() if can_read_cash(user) else CashBalance.objects.none()
    return get_object_or_404(rows, pk=pk)
