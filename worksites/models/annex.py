"""What the State finances: annexes for a period, and the national amounts they stand on."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from confluences.models import Recorded
from worksites.enums import StructureKind
from worksites.etp_rules import terms_fault
from worksites.models.site import Worksite

PERCENTAGE = [MinValueValidator(0), MaxValueValidator(100)]
MONTHS = RegexValidator(
    r"^(1[0-2]|[1-9])( (1[0-2]|[1-9]))*$",
    "Écrivez des numéros de mois séparés par une espace, par exemple 5 8 11.",
)


class FinancialAnnex(Recorded):
    """What the State agrees to finance for a period (annexe financière): posts in ETP, aid per ETP, expected exits."""

    number = models.CharField(
        "numéro", max_length=50, unique=True, error_messages={"unique": "Une annexe porte déjà ce numéro."}
    )
    kind = models.CharField("nature", max_length=5, choices=StructureKind, default=StructureKind.ACI)
    start = models.DateField("début")
    end = models.DateField("fin")
    worksites = models.ManyToManyField(Worksite, verbose_name="chantiers", related_name="annexes", blank=True)
    agreed_etp = models.DecimalField(
        "ETP conventionnés",
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    hours_per_etp = models.PositiveSmallIntegerField(
        "heures pour un ETP",
        default=1820,
        help_text="1 820 heures payées par an pour un ACI, 1 505 pour une EI.",
    )
    aid_per_etp = models.DecimalField(
        "aide annuelle par ETP (€)",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    regularisation_months = models.CharField(
        "mois de régularisation",
        max_length=30,
        blank=True,
        default="5 8 11",
        validators=[MONTHS],
        help_text="Numéros des mois où l’ASP compare l’aide versée aux heures payées, par exemple 5 8 11.",
    )
    expected_dynamic = models.DecimalField(
        "sorties dynamiques attendues (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=PERCENTAGE,
    )
    expected_durable = models.DecimalField(
        "sorties en emploi durable attendues (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=PERCENTAGE,
    )

    class Meta:
        verbose_name = "annexe financière"
        verbose_name_plural = "annexes financières"
        ordering = ["-start", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="financialannex_end_after_start",
                violation_error_message="L’annexe finit avant de commencer.",
            )
        ]

    def __str__(self):
        return f"Annexe {self.number}"

    def clean(self):
        if not (self.start and self.end) or self.hours_per_etp is None:
            return
        fault = terms_fault(self.start, self.end, self.hours_per_etp)
        if fault:
            raise ValidationError(fault)

    def get_absolute_url(self):
        return reverse("worksites:annex-detail", args=[self.pk])

    @property
    def regularised_in(self) -> list[int]:
        """The months, from 1 to 12, in which paid aid is compared with paid hours."""
        return [int(month) for month in self.regularisation_months.split()]


class AidRate(Recorded):
    """The State's yearly aid for one ETP of a kind of structure, from a day until the next rate.

    An annex that says its own amount keeps it; the others follow these.
    """

    kind = models.CharField("nature", max_length=5, choices=StructureKind, default=StructureKind.ACI)
    valid_from = models.DateField("à partir du")
    amount = models.DecimalField(
        "aide annuelle par ETP (€)",
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
    )
    source = models.CharField("source", max_length=250, blank=True)

    class Meta:
        verbose_name = "montant national de l’aide"
        verbose_name_plural = "montants nationaux de l’aide"
        ordering = ["kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "valid_from"],
                name="aidrate_one_per_day",
                violation_error_message="Un montant commence déjà ce jour-là pour ce type de structure.",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, depuis le {self.valid_from:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("worksites:worksite-list")
