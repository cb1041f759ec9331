"""The job somebody aims at."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from beneficiaries.models.follow_up import FollowUp, validate_text
from beneficiaries.models.person import Beneficiary
from beneficiaries.support_enums import ProjectStage
from beneficiaries.support_rules import ROME
from confluences.models import Recorded, User

ROME_CODE = RegexValidator(
    rf"^{ROME.pattern}\Z", "Un code ROME est une lettre de A à N et quatre chiffres, par exemple A1203."
)


class CareerProjectQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "CareerProjectQuerySet":
        return self if user.has_perm("beneficiaries.view_careerproject") else self.none()


class CareerProject(Recorded):
    """Where somebody's professional project stands from a day on. The history is the rows; the latest is today's."""

    CONFIDENTIAL_FIELDS = ("stage", "job", "rome_code", "detail")

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="projects"
    )
    decided_on = models.DateField("depuis le", default=dt.date.today)
    stage = models.CharField("étape", max_length=20, choices=ProjectStage, default=ProjectStage.TO_DEFINE)
    job = models.CharField("métier visé", max_length=150, blank=True)
    rome_code = models.CharField("code ROME", max_length=5, blank=True, validators=[ROME_CODE])
    detail = models.TextField(
        "ce qui reste à faire",
        blank=True,
        validators=[validate_text],
        help_text="Enquête métier, immersion, formation…",
    )
    follow_up = models.ForeignKey(
        FollowUp,
        models.SET_NULL,
        verbose_name="décidé lors du suivi",
        related_name="projects",
        null=True,
        blank=True,
        editable=False,
    )

    objects = CareerProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "projet professionnel"
        verbose_name_plural = "projets professionnels"
        ordering = ["decided_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["beneficiary", "decided_on"],
                name="careerproject_one_per_day",
                violation_error_message="Le projet a déjà changé ce jour-là : modifiez cette étape.",
            )
        ]

    def __str__(self):
        return f"Projet professionnel du {self.decided_on:%d/%m/%Y}"

    def clean(self):
        self.rome_code = self.rome_code.strip().upper()
        if self.decided_on and self.decided_on > dt.date.today():
            raise ValidationError({"decided_on": "Cette date n’est pas encore passée : vérifiez-la."})
        if self.stage not in {ProjectStage.TO_DEFINE, ProjectStage.EXPLORED} and not self.job:
            raise ValidationError({"job": "À cette étape le projet vise un métier : indiquez lequel."})

    def get_absolute_url(self):
        return f"{reverse('beneficiary-detail', args=[self.beneficiary_id])}#projet"
