"""Immersions (PMSMP): a period in a host organisation's real work, to see, to confirm or to be hired."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from beneficiaries.models import Beneficiary
from beneficiaries.models.follow_up import validate_text
from confluences.constraints import NoOverlap
from confluences.models import Recorded, User
from partners.enums import ImmersionOutcome, ImmersionPurpose
from partners.models.directory import Partner

DAY_MINUTES = [
    MinValueValidator(15, "Une journée d’immersion compte au moins un quart d’heure."),
    MaxValueValidator(600, "Une journée est en minutes : au plus 600, dix heures."),
]


class ImmersionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ImmersionQuerySet":
        return self if user.has_perm("partners.view_immersion") else self.none()


class Immersion(Recorded):
    """Somebody's period of work at a host partner (PMSMP), under the Cerfa 13912 agreement."""

    # The administrators read the audit log, and not what an immersion is about nor what it showed.
    CONFIDENTIAL_FIELDS = (
        "purpose",
        "job",
        "tasks",
        "tutor",
        "tutor_role",
        "tutor_phone",
        "outcome",
        "outcome_text",
    )

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="immersions"
    )
    host = models.ForeignKey(
        Partner, models.PROTECT, verbose_name="structure d’accueil", related_name="immersions"
    )
    purpose = models.CharField("objet", max_length=10, choices=ImmersionPurpose)
    start = models.DateField("du")
    end = models.DateField("au")
    day_minutes = models.PositiveSmallIntegerField(
        "durée d’une journée (minutes)", default=420, validators=DAY_MINUTES
    )
    job = models.CharField("métier", max_length=150)
    tasks = models.TextField("activités confiées", blank=True, validators=[validate_text])
    tutor = models.CharField("tuteur", max_length=150, blank=True)
    tutor_role = models.CharField("fonction du tuteur", max_length=150, blank=True)
    tutor_phone = models.CharField("téléphone du tuteur", max_length=30, blank=True)
    renews = models.OneToOneField(
        "self",
        models.PROTECT,
        verbose_name="renouvelle",
        related_name="renewed_by",
        null=True,
        blank=True,
        help_text="Une seule fois, si l’objectif n’a pas été atteint.",
    )
    agreement_number = models.CharField("numéro de convention", max_length=60, blank=True)
    signed_on = models.DateField("convention signée le", null=True, blank=True)
    outcome = models.CharField("bilan", max_length=12, choices=ImmersionOutcome, blank=True)
    outcome_text = models.TextField("ce que l’immersion a montré", blank=True, validators=[validate_text])

    objects = ImmersionQuerySet.as_manager()

    class Meta:
        verbose_name = "immersion"
        verbose_name_plural = "immersions"
        ordering = ["-start", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="immersion_end_after_start",
                violation_error_message="L’immersion se termine avant de commencer : vérifiez les deux dates.",
            ),
            NoOverlap(
                name="immersion_no_overlap",
                group="beneficiary",
                start="start",
                ends=["end"],
                violation_error_message="La personne est déjà en immersion pendant cette période.",
            ),
        ]

    def __str__(self):
        return f"Immersion du {self.start:%d/%m/%Y} au {self.end:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("partners:immersion-detail", args=[self.pk])
