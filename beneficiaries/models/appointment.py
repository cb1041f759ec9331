"""The talks that are planned."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from beneficiaries.models.follow_up import FollowUp
from beneficiaries.models.person import Beneficiary
from beneficiaries.support_enums import AppointmentOutcome, FollowUpKind, Medium
from confluences.models import Recorded, User


class AppointmentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "AppointmentQuerySet":
        return self if user.has_perm("beneficiaries.view_appointment") else self.none()

    def planned(self) -> "AppointmentQuerySet":
        """Neither held, nor missed, nor cancelled."""
        return self.filter(held_as=None, outcome="")

    def late(self, today: dt.date) -> "AppointmentQuerySet":
        """Past, and nobody said what became of them."""
        return self.planned().filter(on__lt=today)


class Appointment(Recorded):
    """A talk to come (rendez-vous). The follow-up that it becomes says that it was held."""

    CONFIDENTIAL_FIELDS = ("purpose",)

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="appointments"
    )
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="avec",
        related_name="appointments",
        help_text="Le travailleur social qui reçoit.",
    )
    on = models.DateField("date")
    at = models.TimeField("heure", null=True, blank=True)
    kind = models.CharField("type", max_length=20, choices=FollowUpKind, default=FollowUpKind.INTERVIEW)
    medium = models.CharField("lieu ou moyen", max_length=20, choices=Medium, default=Medium.OFFICE)
    purpose = models.CharField(
        "objet",
        max_length=200,
        blank=True,
        help_text="Ce dont il sera question, en mots que la personne peut lire.",
    )
    set_by = models.ForeignKey(
        FollowUp,
        models.SET_NULL,
        verbose_name="fixé lors du suivi",
        related_name="appointments_set",
        null=True,
        blank=True,
        editable=False,
    )
    held_as = models.OneToOneField(
        FollowUp,
        models.SET_NULL,
        verbose_name="tenu, voir le suivi",
        related_name="appointment",
        null=True,
        blank=True,
        editable=False,
    )
    outcome = models.CharField("issue", max_length=20, choices=AppointmentOutcome, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "rendez-vous"
        verbose_name_plural = "rendez-vous"
        ordering = ["on", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_as=None) | Q(outcome=""),
                name="appointment_held_or_not",
                violation_error_message="Un rendez-vous qui a donné un suivi a été tenu : il n’est ni manqué ni annulé.",
            )
        ]

    def __str__(self):
        return f"Rendez-vous du {self.on:%d/%m/%Y}"

    def get_absolute_url(self):
        return f"{reverse('beneficiary-detail', args=[self.beneficiary_id])}#rendez-vous"
