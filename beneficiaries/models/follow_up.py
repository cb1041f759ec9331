"""Follow-ups, what they were about, and the confidential note that stands apart."""

import datetime as dt
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from beneficiaries import support_rules
from beneficiaries.models.person import Beneficiary
from beneficiaries.support_enums import FollowUpKind, Medium, Theme
from confluences.models import Recorded, User
from confluences.text import without_controls

MINUTES = [
    MinValueValidator(1, "Indiquez la durée en minutes : au moins 1."),
    MaxValueValidator(
        support_rules.MAX_MINUTES,
        "Une durée est en minutes : au plus 600, dix heures. Pour plusieurs jours, saisissez un suivi par jour.",
    ),
]


def validate_text(text: str) -> None:
    """Raises ValidationError for a text that is too long to be one note."""
    faults = support_rules.text_faults(text)
    if faults:
        raise ValidationError(faults)


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "FollowUpQuerySet":
        """Social workers and the supervisor read follow-ups; nobody else, the administrators neither."""
        return self if user.has_perm("beneficiaries.view_followup") else self.none()


class FollowUp(Recorded):
    """A talk with somebody, and what came of it (suivi, entretien). Its minutes are support hours."""

    CONFIDENTIAL_FIELDS = ("said", "decisions", "participants")

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="follow_ups"
    )
    on = models.DateField("date")
    kind = models.CharField("type", max_length=20, choices=FollowUpKind, default=FollowUpKind.INTERVIEW)
    minutes = models.PositiveSmallIntegerField(
        "durée (minutes)",
        validators=MINUTES,
        help_text="Ces minutes font les heures d’accompagnement que l’État demande.",
    )
    medium = models.CharField("lieu ou moyen", max_length=20, choices=Medium, default=Medium.OFFICE)
    participants = models.CharField(
        "autres participants",
        max_length=250,
        blank=True,
        help_text="Qui était là, outre vous et la personne.",
    )
    said = models.TextField("ce qui s’est dit", validators=[validate_text])
    decisions = models.TextField("décisions", blank=True, validators=[validate_text])

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "suivi"
        verbose_name_plural = "suivis"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=support_rules.MAX_MINUTES),
                name="followup_minutes",
                violation_error_message="La durée d’un suivi est en minutes, de 1 à 600.",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} du {self.on:%d/%m/%Y}".capitalize()

    def clean(self):
        self.said, self.decisions = without_controls(self.said), without_controls(self.decisions)
        if not (self.beneficiary_id and self.on):
            return
        faults = support_rules.follow_up_faults(
            self.kind, self.on, self.beneficiary.contract_periods(), dt.date.today()
        )
        if faults:
            raise ValidationError({"on": faults})

    def get_absolute_url(self):
        return reverse("beneficiaries:follow-up-detail", args=[self.pk])


class ThemedQuerySet(models.QuerySet):
    """Rows about a theme: those of health and justice are for social workers alone."""

    PERMISSION = ""
    THEME = "theme"

    def visible_to(self, user: User) -> Self:
        if not user.has_perm(self.PERMISSION):
            return self.none()
        if user.has_perm("beneficiaries.view_protectedsituation"):
            return self
        return self.exclude(**{f"{self.THEME}__in": Theme.protected()})


class FollowUpTopicQuerySet(ThemedQuerySet):
    PERMISSION = "beneficiaries.view_followup"


class FollowUpTopic(models.Model):
    """One theme that a follow-up was about."""

    CONFIDENTIAL_FIELDS = ("theme",)

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, verbose_name="suivi", related_name="topics")
    theme = models.CharField("thème", max_length=20, choices=Theme)

    objects = FollowUpTopicQuerySet.as_manager()

    class Meta:
        verbose_name = "thème de suivi"
        verbose_name_plural = "thèmes de suivi"
        ordering = ["follow_up", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up", "theme"],
                name="followuptopic_once",
                violation_error_message="Ce thème est déjà coché.",
            )
        ]

    def __str__(self):
        return f"Thème du suivi n° {self.follow_up_id}"


class ConfidentialNoteQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ConfidentialNoteQuerySet":
        """Social workers read notes; one that its author closed further is for the author alone."""
        if not user.has_perm("beneficiaries.view_confidentialnote"):
            return self.none()
        return self.filter(Q(author_only=False) | Q(created_by=user))


class ConfidentialNote(Recorded):
    """What only social workers may read of a follow-up. Each reading is logged, the text never is."""

    CONFIDENTIAL_FIELDS = ("text",)

    follow_up = models.OneToOneField(
        FollowUp,
        models.CASCADE,
        verbose_name="suivi",
        related_name="confidential_note",
        error_messages={"unique": "Quelqu’un vient de saisir une note : rechargez la page pour la lire."},
    )
    text = models.TextField("note confidentielle", validators=[validate_text])
    author_only = models.BooleanField("réservée à son auteur", default=False)

    objects = ConfidentialNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note confidentielle"
        verbose_name_plural = "notes confidentielles"

    def __str__(self):
        return f"Note confidentielle du suivi n° {self.follow_up_id}"

    def clean(self):
        self.text = without_controls(self.text)

    def get_absolute_url(self):
        return self.follow_up.get_absolute_url()
