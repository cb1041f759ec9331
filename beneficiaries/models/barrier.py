"""What stands in somebody's way to a job, as it was seen day by day."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from beneficiaries.models.follow_up import FollowUp, ThemedQuerySet
from beneficiaries.models.person import Beneficiary
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, Theme
from confluences.models import Recorded

AXES = [(theme.value, theme.label) for theme in Theme.axes()]


class BarrierAssessmentQuerySet(ThemedQuerySet):
    PERMISSION = "beneficiaries.view_barrierassessment"
    THEME = "axis"


class BarrierAssessment(Recorded):
    """How much one axis stands in somebody's way on a day (frein). The history is the rows; the latest is today's."""

    CONFIDENTIAL_FIELDS = ("axis", "level", "status", "effect")

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="barriers"
    )
    axis = models.CharField("axe", max_length=20, choices=AXES)
    assessed_on = models.DateField("évalué le", default=dt.date.today)
    level = models.PositiveSmallIntegerField("niveau", choices=BarrierLevel)
    status = models.CharField("état", max_length=20, choices=BarrierStatus, default=BarrierStatus.IDENTIFIED)
    effect = models.CharField(
        "effet sur le travail",
        max_length=250,
        blank=True,
        help_text="Ce que cela empêche au travail ou dans la recherche d’emploi. Jamais un diagnostic, jamais un délit.",
    )
    follow_up = models.ForeignKey(
        FollowUp,
        models.SET_NULL,
        verbose_name="évalué lors du suivi",
        related_name="barriers",
        null=True,
        blank=True,
        editable=False,
    )

    objects = BarrierAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "évaluation de frein"
        verbose_name_plural = "évaluations de freins"
        ordering = ["assessed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["beneficiary", "axis", "assessed_on"],
                name="barrierassessment_one_per_day",
                violation_error_message="Ce frein est déjà évalué ce jour-là : rechargez la page, puis modifiez son évaluation.",
            ),
            models.CheckConstraint(
                condition=Q(level__lte=BarrierLevel.HIGH),
                name="barrierassessment_level",
                violation_error_message="Un niveau va de 0 (non évalué) à 4 (fort).",
            ),
        ]

    def __str__(self):
        # Never the axis: this name stands in the audit log.
        return f"Frein évalué le {self.assessed_on:%d/%m/%Y}"

    def clean(self):
        if self.assessed_on and self.assessed_on > dt.date.today():
            raise ValidationError({"assessed_on": "Cette date n’est pas encore passée : vérifiez-la."})

    def get_absolute_url(self):
        return f"{reverse('beneficiary-detail', args=[self.beneficiary_id])}#freins"
