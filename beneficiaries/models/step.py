"""What is being done about a frein."""

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from beneficiaries import support_rules
from beneficiaries.models.follow_up import FollowUp, ThemedQuerySet, validate_text
from beneficiaries.models.person import Beneficiary
from beneficiaries.support_enums import StepSide, StepStatus, Theme
from confluences.models import Recorded


class StepQuerySet(ThemedQuerySet):
    PERMISSION = "beneficiaries.view_step"

    def open(self) -> "StepQuerySet":
        return self.filter(status=StepStatus.OPEN)

    def overdue(self, today: dt.date) -> "StepQuerySet":
        return self.open().filter(due__lt=today)


class Step(Recorded):
    """One thing done to lift a frein, with whom and by when (démarche)."""

    CONFIDENTIAL_FIELDS = ("theme", "need", "action", "partner", "result")

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="steps"
    )
    theme = models.CharField("thème", max_length=20, choices=Theme)
    need = models.CharField("besoin", max_length=250, blank=True, help_text="Ce qui manque ou bloque.")
    action = models.CharField(
        "action", max_length=250, help_text="Ce qui va être fait, en mots que la personne peut lire."
    )
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="qui s’en charge",
        related_name="steps",
        null=True,
        blank=True,
        help_text="Vide si la personne s’en charge elle-même.",
    )
    side = models.CharField(
        "accompagnement",
        max_length=10,
        choices=StepSide,
        default=StepSide.INTERNAL,
        help_text="En externe : un partenaire accompagne la personne.",
    )
    partner = models.CharField("partenaire", max_length=150, blank=True)
    opened_on = models.DateField("ouverte le", default=dt.date.today)
    due = models.DateField("à faire avant le", null=True, blank=True)
    status = models.CharField("état", max_length=10, choices=StepStatus, default=StepStatus.OPEN)
    closed_on = models.DateField("terminée le", null=True, blank=True)
    result = models.TextField("résultat", blank=True, validators=[validate_text])
    minutes = models.PositiveSmallIntegerField(
        "temps passé (minutes)",
        default=0,
        blank=True,
        validators=[
            MaxValueValidator(
                support_rules.MAX_MINUTES, "Un temps passé est en minutes : au plus 600, dix heures."
            )
        ],
        help_text="En dehors des suivis, dont les minutes comptent déjà.",
    )
    follow_up = models.ForeignKey(
        FollowUp,
        models.SET_NULL,
        verbose_name="ouverte lors du suivi",
        related_name="steps",
        null=True,
        blank=True,
        editable=False,
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = "démarche"
        verbose_name_plural = "démarches"
        ordering = ["due", "opened_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=StepStatus.OPEN, closed_on=None)
                | Q(~Q(status=StepStatus.OPEN), closed_on__isnull=False),
                name="step_closed_with_its_day",
                violation_error_message="Une démarche faite ou abandonnée a sa date de fin ; une démarche à faire n’en a pas.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=models.F("opened_on")),
                name="step_closed_after_opened",
                violation_error_message="La démarche se termine avant d’être ouverte : vérifiez les deux dates.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__lte=support_rules.MAX_MINUTES),
                name="step_minutes",
                violation_error_message="Le temps passé est en minutes, de 0 à 600.",
            ),
        ]

    def __str__(self):
        # Never what it is about: this name stands in the audit log.
        return f"Démarche ouverte le {self.opened_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return f"{reverse('beneficiary-detail', args=[self.beneficiary_id])}#demarches"

    def is_late(self, today: dt.date) -> bool:
        return self.status == StepStatus.OPEN and self.due is not None and self.due < today
