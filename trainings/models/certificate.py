"""The papers at the end of a training: numbered without a gap, issued once, never changed."""

import datetime as dt

from django.db import models
from django.urls import reverse

from confluences.constraints import NeverChanged
from confluences.models import User
from trainings.enums import CertificateKind
from trainings.models.programme import Enrolment


class CertificateRegister(models.Model):
    """The last number given, in one row that each issuer holds while taking the next: no gap, no number twice."""

    last_number = models.PositiveIntegerField("dernier numéro", default=0)

    class Meta:
        verbose_name = "registre des certificats"
        verbose_name_plural = "registres des certificats"

    def __str__(self):
        return f"Dernier numéro : {self.last_number}"


class CertificateQuerySet(models.QuerySet):
    def visible_to(self, user) -> "CertificateQuerySet":
        if not user.has_perm("trainings.view_certificate"):
            return self.none()
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))


class Certificate(models.Model):
    """A paper as it was issued: its facts are what the PDF prints, and the digest is theirs."""

    number = models.PositiveIntegerField("numéro", unique=True)
    kind = models.CharField("nature", max_length=12, choices=CertificateKind)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, verbose_name="inscription", related_name="certificates"
    )
    issued_at = models.DateTimeField("délivré le", auto_now_add=True)
    issued_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="délivré par", related_name="+", null=True, blank=True
    )
    facts = models.JSONField("contenu")
    digest = models.CharField("empreinte", max_length=64)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "certificat"
        verbose_name_plural = "certificats"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "kind"],
                name="certificate_issued_once",
                violation_error_message="Ce papier a déjà été délivré à cette personne.",
            ),
            NeverChanged(
                name="certificate_never_changed",
                violation_error_message="Un certificat délivré ne se modifie pas.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} n° {self.number}"

    def get_absolute_url(self):
        return reverse("trainings:certificate-detail", args=[self.pk])

    @property
    def dated(self) -> dt.date:
        """The day that the paper bears: what it counts is what was recorded until then."""
        return dt.date.fromisoformat(self.facts["date"])
