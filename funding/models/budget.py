"""Budgets by the rows of the Cerfa 12156: what is planned, what was done."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from confluences.models import Recorded, User
from funding.enums import BudgetSide, RowFeed
from funding.models.grant import Funder, Grant
from funding.models.money import unknown_euros


class BudgetRow(models.Model):
    """A row of the Cerfa 12156 (poste): an account under its heading."""

    side = models.CharField("côté", max_length=10, choices=BudgetSide)
    account = models.CharField(
        "compte", max_length=6, help_text="Par exemple 604, ou 74 pour une subvention."
    )
    heading = models.CharField("titre", max_length=100, help_text="Par exemple « 60 Achats ».")
    label = models.CharField("libellé", max_length=150)
    position = models.PositiveSmallIntegerField("rang")
    is_voluntary = models.BooleanField(
        "contribution volontaire",
        default=False,
        help_text="Comptes 86 et 87 : hors du total des charges et produits.",
    )
    feed = models.CharField("réalisé d’après", max_length=20, choices=RowFeed, blank=True)

    class Meta:
        verbose_name = "poste de budget"
        verbose_name_plural = "postes de budget"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["position"],
                name="budgetrow_position",
                violation_error_message="Un autre poste a déjà ce rang.",
            )
        ]

    def __str__(self):
        return f"{self.account} {self.label}"


class BudgetQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "BudgetQuerySet":
        return self if user.has_perm("funding.view_budget") else self.none()


class Budget(Recorded):
    """What a year is to cost and to bring in; of the whole association, or of the action that a grant pays."""

    year = models.PositiveSmallIntegerField(
        "année",
        validators=[
            MinValueValidator(1990, "Une année, de 1990 à 2100."),
            MaxValueValidator(2100, "Une année, de 1990 à 2100."),
        ],
    )
    title = models.CharField("budget", max_length=150, default="Budget de l’association")
    grant = models.ForeignKey(
        Grant,
        models.PROTECT,
        verbose_name="subvention",
        related_name="budgets",
        null=True,
        blank=True,
        help_text="Pour le budget d’une action ; vide pour celui de l’association.",
    )
    adopted_on = models.DateField("voté le", null=True, blank=True)
    indirect_rule = models.TextField(
        "règle de répartition des charges indirectes",
        blank=True,
        help_text="Imprimée dans l’annexe du compte rendu financier.",
    )
    notes = models.TextField("remarques", blank=True)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = "budget"
        verbose_name_plural = "budgets"
        ordering = ["-year", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "title"],
                name="budget_one_per_title",
                violation_error_message="Un budget de cette année porte déjà ce nom.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1990, year__lte=2100),
                name="budget_year",
                violation_error_message="Une année, de 1990 à 2100.",
            ),
        ]

    def __str__(self):
        return f"{self.title} {self.year}"

    def get_absolute_url(self):
        return reverse("funding:budget-detail", args=[self.pk])


class BudgetLine(Recorded):
    """One amount of a budget, planned and done, on a row of the Cerfa."""

    budget = models.ForeignKey(Budget, models.CASCADE, verbose_name="budget", related_name="lines")
    row = models.ForeignKey(BudgetRow, models.PROTECT, verbose_name="poste", related_name="lines")
    label = models.CharField(
        "précision", max_length=150, blank=True, help_text="Par exemple le nom du financeur."
    )
    funder = models.ForeignKey(
        Funder, models.PROTECT, verbose_name="financeur", related_name="budget_lines", null=True, blank=True
    )
    planned = unknown_euros("prévu (€)")
    done = unknown_euros("réalisé (€)")
    explanation = models.CharField("explication de l’écart", max_length=500, blank=True)

    class Meta:
        verbose_name = "ligne de budget"
        verbose_name_plural = "lignes de budget"
        ordering = ["budget", "row", "label", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "row", "label"],
                name="budgetline_one_per_label",
                violation_error_message="Ce budget a déjà une ligne de ce poste avec cette précision.",
            ),
            models.CheckConstraint(
                condition=(Q(planned=None) | Q(planned__gte=0)) & (Q(done=None) | Q(done__gte=0)),
                name="budgetline_amounts",
                violation_error_message="Un montant n’est pas négatif.",
            ),
        ]

    def __str__(self):
        return f"{self.row} {self.label}".strip()
