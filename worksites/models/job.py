"""Client jobs (commandes): work that a client ordered, and the parts of recorded work that went into it."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from beneficiaries.models import TimeEntry
from beneficiaries.time_enums import TimeKind
from confluences.models import Recorded
from partners.models import Partner
from worksites.models.site import Worksite

DEADLINE_BEFORE_START = "La commande est à rendre avant d’avoir commencé."
FINISHED_BEFORE_START = "La commande est terminée avant d’avoir commencé."


class JobOrderQuerySet(models.QuerySet):
    def visible_to(self, user) -> "JobOrderQuerySet":
        """The jobs this user may open: those of the worksites that he or she may open."""
        if not user.has_perm("worksites.view_joborder"):
            return self.none()
        return self.filter(worksite__in=Worksite.objects.visible_to(user))

    def with_done(self) -> "JobOrderQuerySet":
        """Annotates `done`, the minutes recorded on the job; in the order of jobs, which a sum would lose."""
        counted = self.annotate(done=Coalesce(models.Sum("shares__minutes"), 0))
        return counted.order_by(*self.model._meta.ordering)

    def open_on(self, day) -> "JobOrderQuerySet":
        """The jobs that may take hours on a day."""
        return self.filter(Q(finished_on=None) | Q(finished_on__gte=day), start__lte=day)


class JobOrder(Recorded):
    """Work ordered by a client (commande), with the hours and the amount that were quoted."""

    worksite = models.ForeignKey(Worksite, models.PROTECT, verbose_name="chantier", related_name="job_orders")
    title = models.CharField("travaux", max_length=150)
    client = models.ForeignKey(Partner, models.PROTECT, verbose_name="client", related_name="job_orders")
    place = models.CharField("lieu", max_length=250, blank=True)
    quoted_minutes = models.PositiveIntegerField(
        "durée du devis (minutes)", validators=[MinValueValidator(1)]
    )
    quoted_amount = models.DecimalField(
        "montant du devis (€)",
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    hourly_cost = models.DecimalField(
        "coût d’une heure de travail (€)",
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="Salaire et charges d’une heure d’un salarié, aides déduites ou non selon votre usage.",
    )
    start = models.DateField("début")
    deadline = models.DateField("à rendre le", null=True, blank=True)
    progress = models.PositiveSmallIntegerField(
        "avancement constaté (%)",
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text="Ce que l’encadrant voit sur place ; les heures, elles, viennent des pointages.",
    )
    finished_on = models.DateField("terminée le", null=True, blank=True)
    notes = models.TextField("remarques", blank=True)

    objects = JobOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "commande"
        verbose_name_plural = "commandes"
        ordering = [F("deadline").asc(nulls_last=True), "start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quoted_minutes__gte=1),
                name="joborder_quoted_hours",
                violation_error_message="Le devis compte au moins une minute.",
            ),
            models.CheckConstraint(
                condition=Q(deadline=None) | Q(deadline__gte=F("start")),
                name="joborder_deadline_after_start",
                violation_error_message=DEADLINE_BEFORE_START,
            ),
            models.CheckConstraint(
                condition=Q(finished_on=None) | Q(finished_on__gte=F("start")),
                name="joborder_finished_after_start",
                violation_error_message=FINISHED_BEFORE_START,
            ),
            models.CheckConstraint(
                condition=Q(progress=None) | Q(progress__lte=100),
                name="joborder_progress",
                violation_error_message="L’avancement va de 0 à 100 %.",
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.client})"

    def get_absolute_url(self):
        return reverse("worksites:job-detail", args=[self.pk])

    def clean(self):
        """Says beside the field what the constraints say of the whole row."""
        wrong = {}
        if self.start and self.deadline and self.deadline < self.start:
            wrong["deadline"] = DEADLINE_BEFORE_START
        if self.start and self.finished_on and self.finished_on < self.start:
            wrong["finished_on"] = FINISHED_BEFORE_START
        if wrong:
            raise ValidationError(wrong)

    def is_open_on(self, day) -> bool:
        """The same as JobOrderQuerySet.open_on, of one job."""
        return self.start <= day and (self.finished_on is None or self.finished_on >= day)


class JobShareQuerySet(models.QuerySet):
    def visible_to(self, user) -> "JobShareQuerySet":
        if not user.has_perm("worksites.view_jobshare"):
            return self.none()
        return self.filter(job__in=JobOrder.objects.visible_to(user))


class JobShare(models.Model):
    """The minutes of a recorded day of work that went into a client job."""

    entry = models.ForeignKey(TimeEntry, models.CASCADE, verbose_name="pointage", related_name="shares")
    job = models.ForeignKey(JobOrder, models.PROTECT, verbose_name="commande", related_name="shares")
    minutes = models.PositiveSmallIntegerField("minutes", validators=[MinValueValidator(1)])

    objects = JobShareQuerySet.as_manager()

    class Meta:
        verbose_name = "part de commande"
        verbose_name_plural = "parts de commande"
        ordering = ["entry", "job"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "job"],
                name="jobshare_one_per_job",
                violation_error_message="Cette commande a déjà une part de ces heures.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1),
                name="jobshare_minutes",
                violation_error_message="Une part compte au moins une minute.",
            ),
        ]

    def __str__(self):
        return f"{self.job} : {self.minutes} min"

    def clean(self):
        if self.entry_id and self.entry.kind != TimeKind.WORK:
            raise ValidationError("Seul le temps de travail se répartit entre des commandes.")
