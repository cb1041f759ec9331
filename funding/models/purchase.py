"""Purchases, and the part of each that a grant pays."""

import datetime as dt

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import DecimalField, F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from confluences.models import Recorded, User
from funding.enums import ExpenseKind, GrantStatus, PurchaseState
from funding.models.grant import Grant
from funding.models.money import euros
from funding.money_rules import ZERO
from partners.models import Partner
from worksites.models import Equipment, Worksite

MOST_PIECES = 100
MONEY: DecimalField = DecimalField(max_digits=14, decimal_places=2)


class PurchaseQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PurchaseQuerySet":
        return self if user.has_perm("funding.view_purchase") else self.none()

    def with_shared(self) -> "PurchaseQuerySet":
        """Each with `shared`, what grants pay of it: a refused one pays nothing."""
        paying = ~Q(shares__grant__status=GrantStatus.REFUSED)
        return self.annotate(shared=Coalesce(Sum("shares__amount", filter=paying), ZERO, output_field=MONEY))

    def in_state(self, state: PurchaseState) -> "PurchaseQuerySet":
        """Those whose `state` it is; a test holds both equal."""
        match state:
            case PurchaseState.PAID:
                return self.exclude(paid_on=None)
            case PurchaseState.RECEIVED:
                return self.filter(paid_on=None).exclude(received_on=None)
            case PurchaseState.ORDERED:
                begun = Q(ordered_on__isnull=False) | Q(invoiced_on__isnull=False)
                return self.filter(begun, paid_on=None, received_on=None)
            case _:
                return self.filter(paid_on=None, received_on=None, ordered_on=None, invoiced_on=None)


class Purchase(Recorded):
    """Something to buy, or bought, and its price (achat)."""

    title = models.CharField("achat", max_length=150)
    kind = models.CharField("nature", max_length=12, choices=ExpenseKind, default=ExpenseKind.EQUIPMENT)
    price = euros("prix (€)")
    pieces = models.PositiveSmallIntegerField(
        "nombre de pièces", default=1, validators=[MinValueValidator(1)]
    )
    worksite = models.ForeignKey(
        Worksite, models.PROTECT, verbose_name="chantier", related_name="purchases", null=True, blank=True
    )
    supplier = models.ForeignKey(
        Partner, models.SET_NULL, verbose_name="fournisseur", related_name="purchases", null=True, blank=True
    )
    needed_on = models.DateField("nécessaire le", null=True, blank=True)
    delivery_days = models.PositiveSmallIntegerField(
        "délai de livraison (jours)", default=0, help_text="Entre la commande et la facture."
    )
    ordered_on = models.DateField("commandé le", null=True, blank=True)
    invoiced_on = models.DateField(
        "facturé le",
        null=True,
        blank=True,
        help_text="Le jour qui doit tomber dans la période des subventions.",
    )
    invoice_number = models.CharField("numéro de facture", max_length=60, blank=True)
    received_on = models.DateField("reçu le", null=True, blank=True)
    paid_on = models.DateField("payé le", null=True, blank=True)
    equipment = models.ManyToManyField(
        Equipment, verbose_name="matériel", related_name="purchases", blank=True, editable=False
    )
    notes = models.TextField("remarques", blank=True)

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        verbose_name = "achat"
        verbose_name_plural = "achats"
        ordering = [F("needed_on").asc(nulls_last=True), "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gt=0),
                name="purchase_price",
                violation_error_message="Le prix est plus grand que zéro.",
            ),
            models.CheckConstraint(
                condition=Q(pieces__gte=1, pieces__lte=MOST_PIECES),
                name="purchase_pieces",
                violation_error_message="Un achat compte de 1 à 100 pièces.",
            ),
            models.CheckConstraint(
                condition=(Q(received_on=None) | Q(ordered_on=None) | Q(received_on__gte=F("ordered_on")))
                & (Q(invoiced_on=None) | Q(ordered_on=None) | Q(invoiced_on__gte=F("ordered_on")))
                & (Q(paid_on=None) | Q(ordered_on=None) | Q(paid_on__gte=F("ordered_on"))),
                name="purchase_dates",
                violation_error_message="Une réception, une facture ou un paiement ne précède pas la commande.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("funding:purchase-detail", args=[self.pk])

    @property
    def expense_day(self) -> dt.date | None:
        """The day on which the expense counts for a funder: the invoice, else the day it should come."""
        return self.invoiced_on or self.needed_on

    @property
    def state(self) -> PurchaseState:
        if self.paid_on:
            return PurchaseState.PAID
        if self.received_on:
            return PurchaseState.RECEIVED
        if self.ordered_on or self.invoiced_on:
            return PurchaseState.ORDERED
        return PurchaseState.PLANNED


class PurchaseShare(Recorded):
    """The part of a purchase that a grant pays (part)."""

    purchase = models.ForeignKey(Purchase, models.CASCADE, verbose_name="achat", related_name="shares")
    grant = models.ForeignKey(Grant, models.PROTECT, verbose_name="subvention", related_name="shares")
    amount = euros("montant (€)")

    class Meta:
        verbose_name = "part d’achat"
        verbose_name_plural = "parts d’achats"
        ordering = ["purchase", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["purchase", "grant"],
                name="purchaseshare_one_per_grant",
                violation_error_message="Cette subvention paie déjà une part de cet achat : modifiez cette part.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="purchaseshare_amount",
                violation_error_message="Une part est plus grande que zéro.",
            ),
        ]

    def __str__(self):
        return f"Part de {self.grant} dans {self.purchase}"

    def get_absolute_url(self):
        return reverse("funding:purchase-detail", args=[self.purchase_id])
