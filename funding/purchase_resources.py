"""Imports and exports of purchases and of their shares."""

from collections import Counter
from collections.abc import Hashable
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from beneficiaries.resources import Row
from confluences import cells
from confluences.cells import Amount, Choice, Date, Text, WholeNumber
from confluences.imports import Column, ImportResource
from confluences.text import search_key
from funding.enums import ExpenseKind
from funding.models import Grant, Purchase, PurchaseShare
from funding.share_actions import save_purchase, save_share
from partners.models import Partner
from worksites.resources import worksite_cell


class _LockingResource(ImportResource):
    """Holds every purchase before the first line: two imports, or an import and a page, never wait for each other in turn."""

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        list(Purchase.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


class PurchaseResource(_LockingResource):
    """Purchases, known by their title."""

    title = Column("title", "Achat", Text(), required=True)
    kind = Column("kind", "Nature", Choice(ExpenseKind), default=ExpenseKind.EQUIPMENT.value)
    price = Column("price", "Prix (€)", Amount(), required=True)
    pieces = Column("pieces", "Pièces", WholeNumber(), default=1)
    worksite = Column("worksite", "Chantier", worksite_cell())
    supplier = Column(
        "supplier", "Fournisseur", cells.Row(Partner.objects.all, lambda partner: [partner.name])
    )
    needed_on = Column("needed_on", "Nécessaire le", Date())
    delivery_days = Column("delivery_days", "Délai de livraison (jours)", WholeNumber(), default=0)
    ordered_on = Column("ordered_on", "Commandé le", Date())
    invoiced_on = Column("invoiced_on", "Facturé le", Date())
    invoice_number = Column("invoice_number", "Numéro de facture", Text())
    received_on = Column("received_on", "Reçu le", Date())
    paid_on = Column("paid_on", "Payé le", Date())
    notes = Column("notes", "Remarques", Text())

    class Meta(ImportResource.Meta):
        model = Purchase
        name = "achats"

    @cached_property
    def existing(self) -> dict[str, list[Purchase]]:
        found: dict[str, list[Purchase]] = {}
        for purchase in Purchase.objects.select_related("worksite", "supplier"):
            found.setdefault(search_key(purchase.title), []).append(purchase)
        return found

    def identities(self, row: Row) -> list[Hashable]:
        title = self.value("title", row)
        return [search_key(title)] if title else []

    def find(self, row: Row) -> Purchase | None:
        found = self.existing.get(search_key(self.value("title", row) or ""), [])
        if len(found) > 1:
            raise ValidationError({"title": "Plusieurs achats portent ce nom : distinguez-les d’abord."})
        return found[0] if found else None

    def write(self, instance: Purchase) -> None:
        save_purchase(instance, by=self.by)


def purchases_by_title() -> list[Purchase]:
    """Those whose title is theirs alone."""
    rows = list(Purchase.objects.all())
    titles = Counter(search_key(purchase.title) for purchase in rows)
    return [purchase for purchase in rows if titles[search_key(purchase.title)] == 1]


def grants_by_title() -> list[Grant]:
    """Those whose title and funder are theirs alone."""
    rows = list(Grant.objects.select_related("funder"))
    names = Counter(search_key(str(grant)) for grant in rows)
    return [grant for grant in rows if names[search_key(str(grant))] == 1]


class ShareResource(_LockingResource):
    """Shares, known by their purchase and their grant, which exist already."""

    purchase = Column(
        "purchase", "Achat", cells.Row(purchases_by_title, lambda purchase: [purchase.title]), required=True
    )
    grant = Column(
        "grant",
        "Subvention",
        cells.Row(grants_by_title, lambda grant: [str(grant)]),
        required=True,
    )
    amount = Column("amount", "Montant (€)", Amount(), required=True)

    class Meta(ImportResource.Meta):
        model = PurchaseShare
        name = "parts"

    @cached_property
    def existing(self) -> dict[Hashable, PurchaseShare]:
        rows = PurchaseShare.objects.select_related("purchase", "grant__funder")
        return {(share.purchase_id, share.grant_id): share for share in rows}

    def identities(self, row: Row) -> list[Hashable]:
        purchase, grant = self.value("purchase", row), self.value("grant", row)
        return [(purchase.pk, grant.pk)] if purchase and grant else []

    def find(self, row: Row) -> PurchaseShare | None:
        return next((self.existing.get(identity) for identity in self.identities(row)), None)

    def write(self, instance: PurchaseShare) -> None:
        save_share(instance, by=self.by)
