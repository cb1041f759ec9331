"""Funders and their grants: what was asked and given, for what, in which period, against what in return."""

from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from confluences.models import Recorded, User
from confluences.uploads import DOCUMENT_EXTENSIONS, validate_document
from funding.certainty_rules import Certainty, certainty
from funding.combination_offer_rules import Window
from funding.enums import ExpenseKind, FunderKind, GrantStatus, InstalmentKind, ObligationKind
from funding.models.money import unknown_euros
from partners.models import Partner

OUT_OF_PERCENT = "La part du coût est entre 0,01 %% et 100 %%."  # a validator formats its message
PERCENT = [
    MinValueValidator(Decimal("0.01"), OUT_OF_PERCENT),
    MaxValueValidator(Decimal(100), OUT_OF_PERCENT),
]
PERIOD_REVERSED = "La période des dépenses se termine avant de commencer : vérifiez les deux dates."


class Funder(Recorded):
    """Who gives money to the association (financeur)."""

    name = models.CharField("nom", max_length=150, unique=True)
    kind = models.CharField("nature", max_length=20, choices=FunderKind)
    partner = models.ForeignKey(
        Partner,
        models.SET_NULL,
        verbose_name="partenaire",
        related_name="funders",
        null=True,
        blank=True,
        help_text="Sa fiche dans l’annuaire : contacts, adresse, noms qu’il a portés.",
    )
    notes = models.TextField("remarques", blank=True)

    class Meta:
        verbose_name = "financeur"
        verbose_name_plural = "financeurs"
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("funding:funder-detail", args=[self.pk])


class GrantQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "GrantQuerySet":
        return self if user.has_perm("funding.view_grant") else self.none()

    def promised(self) -> "GrantQuerySet":
        """Those whose money is decided."""
        return self.filter(status__in=GrantStatus.promised())


class Grant(Recorded):
    """A sum that a funder gives, or is asked for (subvention). An unknown amount is empty, never nought."""

    funder = models.ForeignKey(Funder, models.PROTECT, verbose_name="financeur", related_name="grants")
    title = models.CharField("objet", max_length=200)
    call = models.CharField("appel à projets", max_length=200, blank=True)
    asked = unknown_euros("montant demandé (€)")
    awarded = unknown_euros("montant accordé (€)")
    status = models.CharField("état", max_length=10, choices=GrantStatus, default=GrantStatus.TO_ASK)
    ask_before = models.DateField("à déposer avant le", null=True, blank=True)
    asked_on = models.DateField("déposée le", null=True, blank=True)
    answer_expected_on = models.DateField("réponse attendue le", null=True, blank=True)
    decided_on = models.DateField("décidée le", null=True, blank=True)
    settled_on = models.DateField("soldée le", null=True, blank=True)
    eligible_start = models.DateField(
        "dépenses à partir du",
        null=True,
        blank=True,
        help_text="Une dépense est payée par la subvention dans cette période.",
    )
    eligible_end = models.DateField("dépenses jusqu’au", null=True, blank=True)
    pays_for = models.CharField(
        "peut payer",
        max_length=150,
        blank=True,
        help_text="Vide : on ne sait pas encore, aucun achat ne lui est proposé.",
    )
    pays_for_details = models.CharField("précisions", max_length=250, blank=True)
    max_share = models.DecimalField(
        "part du coût permise (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=PERCENT,
        help_text="De chaque achat ; vide : jusqu’à 100 %.",
    )
    not_with = models.ManyToManyField(
        "self",
        verbose_name="ne se cumule pas avec",
        blank=True,
        help_text="Les subventions qui ne peuvent pas payer le même achat.",
    )
    agreement_number = models.CharField("numéro de convention", max_length=60, blank=True)
    agreement_signed_on = models.DateField("convention signée le", null=True, blank=True)
    notes = models.TextField("remarques", blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "subvention"
        verbose_name_plural = "subventions"
        ordering = [F("eligible_start").asc(nulls_last=True), "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(asked=None) | Q(asked__gte=0)) & (Q(awarded=None) | Q(awarded__gte=0)),
                name="grant_amounts",
                violation_error_message="Un montant n’est pas négatif.",
            ),
            models.CheckConstraint(
                condition=Q(eligible_end=None)
                | Q(eligible_start=None)
                | Q(eligible_end__gte=F("eligible_start")),
                name="grant_period",
                violation_error_message=PERIOD_REVERSED,
            ),
            models.CheckConstraint(
                condition=Q(max_share=None) | Q(max_share__gt=0, max_share__lte=100),
                name="grant_max_share",
                violation_error_message="La part du coût est entre 0,01 % et 100 %.",
            ),
            models.CheckConstraint(
                condition=Q(awarded=None) | Q(status__in=sorted(GrantStatus.promised())),
                name="grant_awarded_when_decided",
                violation_error_message="Un montant accordé va avec l’état « accordée » ou « soldée ».",
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.funder})"

    def get_absolute_url(self):
        return reverse("funding:grant-detail", args=[self.pk])

    def clean(self):
        unknown = self.expense_kinds - set(ExpenseKind.values)
        if unknown:
            raise ValidationError({"pays_for": f"Dépense inconnue : {', '.join(sorted(unknown))}."})

    @property
    def window(self) -> Window:
        """The days in which its expenses are eligible."""
        return Window(start=self.eligible_start, end=self.eligible_end)

    @property
    def certainty(self) -> Certainty | None:
        """How sure its money is; None once refused."""
        return certainty(
            FunderKind(self.funder.kind),
            GrantStatus(self.status),
            self.awarded,
            is_signed=self.agreement_signed_on is not None,
        )

    @property
    def expense_kinds(self) -> frozenset[str]:
        """The kinds of expense that it may pay: values of ExpenseKind."""
        return frozenset(self.pays_for.split())

    @property
    def expense_labels(self) -> list[str]:
        return [kind.label for kind in ExpenseKind if kind in self.expense_kinds]


def storage_name(document: "GrantDocument", filename: str) -> str:
    return f"subventions/{uuid4().hex}{Path(filename).suffix.lower()}"


class GrantDocument(Recorded):
    """A paper of a grant: the request, the agreement, a report."""

    grant = models.ForeignKey(Grant, models.CASCADE, verbose_name="subvention", related_name="documents")
    title = models.CharField("titre", max_length=150)
    file = models.FileField(
        "fichier",
        upload_to=storage_name,
        validators=[
            FileExtensionValidator(
                DOCUMENT_EXTENSIONS, "Ce fichier n’est pas de ceux acceptés : PDF, PNG ou JPEG."
            ),
            validate_document,
        ],
        help_text="PDF, PNG ou JPEG, 10 Mo au plus.",
    )
    original_name = models.CharField("nom du fichier", max_length=255, editable=False)

    class Meta:
        verbose_name = "pièce de subvention"
        verbose_name_plural = "pièces de subvention"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("funding:document-download", args=[self.pk])


class Instalment(Recorded):
    """One payment of a grant: expected, then received (versement)."""

    grant = models.ForeignKey(Grant, models.CASCADE, verbose_name="subvention", related_name="instalments")
    kind = models.CharField("nature", max_length=10, choices=InstalmentKind)
    expected = unknown_euros("montant attendu (€)")
    expected_on = models.DateField("attendu le", null=True, blank=True)
    condition = models.CharField(
        "condition", max_length=250, blank=True, help_text="Par exemple : sur bilan intermédiaire."
    )
    received = unknown_euros("montant reçu (€)")
    received_on = models.DateField("reçu le", null=True, blank=True)

    class Meta:
        verbose_name = "versement"
        verbose_name_plural = "versements"
        ordering = ["grant", F("expected_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(received=None, received_on=None)
                | Q(received__isnull=False, received__gte=0, received_on__isnull=False),
                name="instalment_received_with_its_day",
                violation_error_message="Un versement reçu a son montant et son jour.",
            ),
            models.CheckConstraint(
                condition=Q(expected=None) | Q(expected__gte=0),
                name="instalment_expected",
                violation_error_message="Un montant n’est pas négatif.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} de {self.grant}"

    def get_absolute_url(self):
        return reverse("funding:grant-detail", args=[self.grant_id])


class ObligationQuerySet(models.QuerySet):
    def waiting(self) -> "ObligationQuerySet":
        """Those still to be rendered; a funder that refused is owed nothing."""
        return self.filter(done_on=None).exclude(grant__status=GrantStatus.REFUSED)


class Obligation(Recorded):
    """Something owed to a funder by a day (échéance) : a report, accounts, invoices, publicity."""

    grant = models.ForeignKey(Grant, models.CASCADE, verbose_name="subvention", related_name="obligations")
    kind = models.CharField("nature", max_length=10, choices=ObligationKind)
    title = models.CharField("précision", max_length=200, blank=True)
    due = models.DateField("à rendre avant le")
    done_on = models.DateField("rendue le", null=True, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "échéance de financeur"
        verbose_name_plural = "échéances de financeurs"
        ordering = ["due", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "kind", "title", "due"],
                name="obligation_noted_once",
                violation_error_message="Cette échéance est déjà notée, pour le même jour.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} pour {self.grant}"

    def get_absolute_url(self):
        return reverse("funding:grant-detail", args=[self.grant_id])
