"""The exits one looks at together, and the reports that were sent about them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from confluences.constraints import NeverChanged
from confluences.models import Recorded
from outcomes.enums import CohortBasis
from outcomes.models.exit import Exit, ExitQuerySet
from worksites.models import Worksite


class Cohort(Recorded):
    """The people whose exit (or entry) falls in a period, on all worksites or on some."""

    code = models.SlugField(
        "code",
        max_length=40,
        unique=True,
        help_text="Court, par exemple 2014.",
        error_messages={"unique": "Une cohorte porte déjà ce code."},
    )
    label = models.CharField("nom", max_length=100)
    basis = models.CharField("se compte à la", max_length=5, choices=CohortBasis, default=CohortBasis.EXIT)
    start = models.DateField("du")
    end = models.DateField("au")
    worksites = models.ManyToManyField(
        Worksite, verbose_name="chantiers", blank=True, help_text="Aucun choix : tous les chantiers."
    )

    class Meta:
        verbose_name = "cohorte"
        verbose_name_plural = "cohortes"
        ordering = ["-start", "code"]
        permissions = [("freeze_cohort", "Peut figer le rapport d’une cohorte")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="cohort_end_after_start",
                violation_error_message="La période finit avant de commencer.",
            )
        ]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        return reverse("outcomes:cohort-detail", args=[self.code])

    def exits(self) -> ExitQuerySet:
        """The exits of the cohort, examined or not. Load `worksites` with the cohort."""
        day = "left_on" if self.basis == CohortBasis.EXIT else "hired_on"
        exits = Exit.objects.filter(**{f"{day}__range": (self.start, self.end)})
        worksites = [worksite.pk for worksite in self.worksites.all()]
        return exits.filter(worksite__in=worksites) if worksites else exits


class OutcomeReport(models.Model):
    """A report as it was sent: facts, rules, figures and the PDF itself. It never changes; a correction makes a new one."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, verbose_name="cohorte", related_name="reports")
    number = models.PositiveSmallIntegerField("numéro")
    dated = models.DateField("daté du")
    recipient = models.CharField("destinataire", max_length=250, blank=True)
    frozen_at = models.DateTimeField("figé le", auto_now_add=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="figé par", related_name="+"
    )
    author = models.CharField("auteur", max_length=150)
    snapshot = models.JSONField("faits, règles et chiffres")
    content_hash = models.CharField("empreinte du contenu", max_length=64, db_index=True)
    pdf = models.BinaryField("fichier PDF")
    pdf_hash = models.CharField("empreinte du fichier", max_length=64, db_index=True)

    class Meta:
        verbose_name = "rapport figé"
        verbose_name_plural = "rapports figés"
        ordering = ["cohort", "-number"]
        constraints = [
            NeverChanged(
                name="outcomereport_never_changed",
                violation_error_message="Un rapport figé ne change pas : figez-en un nouveau, qui dira ce qui a changé.",
            ),
            models.UniqueConstraint(
                fields=["cohort", "number"],
                name="outcomereport_number_unique",
                violation_error_message="Quelqu’un vient de figer ce rapport. Rechargez la page.",
            ),
        ]

    def __str__(self):
        return f"{self.cohort}, rapport n° {self.number}"

    def get_absolute_url(self):
        return reverse("outcomes:report-download", args=[self.cohort.code, self.number])
