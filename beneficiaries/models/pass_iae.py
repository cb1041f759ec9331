"""The PASS IAE, its suspensions and its prolongations."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from beneficiaries import rules
from beneficiaries.enums import ProlongationReason, SuspensionReason
from beneficiaries.models.person import Beneficiary
from beneficiaries.rules import Period
from confluences.constraints import NoOverlap
from confluences.models import Recorded

PASS_NUMBER = RegexValidator(r"^\d{12}$", "Un numéro de PASS IAE ou d’agrément a 12 chiffres, sans espaces.")


class Pass(Recorded):
    """The PASS IAE: the State's leave to work in insertion, two years that suspensions and prolongations move."""

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="passes"
    )
    number = models.CharField(
        "numéro",
        max_length=12,
        unique=True,
        validators=[PASS_NUMBER],
        error_messages={"unique": "Ce numéro de PASS IAE est déjà saisi."},
    )
    start = models.DateField("début")
    end = models.DateField("fin", editable=False)

    class Meta:
        verbose_name = "PASS IAE"
        verbose_name_plural = "PASS IAE"
        ordering = ["beneficiary", "-start"]
        constraints = [
            NoOverlap(
                name="pass_no_overlap",
                group="beneficiary",
                start="start",
                ends=["end"],
                violation_error_message="Cette personne a déjà un PASS IAE pendant cette période.",
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="pass_end_after_start",
                violation_error_message="Le PASS IAE finit avant de commencer.",
            ),
        ]

    def __str__(self):
        return f"PASS IAE {self.number}"

    def clean(self):
        if not self.start:
            return
        self.end = self.computed_end()
        if self.beneficiary_id and rules.age_on(self.beneficiary.birth_date, self.start) < rules.MIN_AGE:
            raise ValidationError(
                {"start": "À cette date la personne n’a pas 16 ans : vérifiez le début du PASS IAE."}
            )

    def save(self, *args, **kwargs):
        self.end = self.computed_end()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return self.beneficiary.get_absolute_url()

    def computed_end(self, without: models.Model | None = None) -> dt.date:
        """The last day from what is recorded, `without` one suspension or prolongation."""
        if self.pk is None:
            return rules.pass_end(self.start, [], [])
        suspensions = [row.period for row in self.suspensions.all() if row != without]
        prolongations = [row.period for row in self.prolongations.all() if row != without]
        return rules.pass_end(self.start, suspensions, prolongations)


class Suspension(Recorded):
    """A time during which a PASS IAE does not run; its end moves by as many days."""

    pass_iae = models.ForeignKey(Pass, models.CASCADE, verbose_name="PASS IAE", related_name="suspensions")
    start = models.DateField("début")
    end = models.DateField("fin")
    reason = models.CharField("motif", max_length=20, choices=SuspensionReason)

    class Meta:
        verbose_name = "suspension"
        verbose_name_plural = "suspensions"
        ordering = ["pass_iae", "start"]
        constraints = [
            NoOverlap(
                name="suspension_no_overlap",
                group="pass_iae",
                start="start",
                ends=["end"],
                violation_error_message="Cette suspension en chevauche une autre du même PASS.",
            ),
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="suspension_end_after_start",
                violation_error_message="La suspension finit avant de commencer.",
            ),
        ]

    def __str__(self):
        return f"Suspension du {self.start:%d/%m/%Y} au {self.end:%d/%m/%Y}"

    def clean(self):
        if not (self.pass_iae_id and self.start and self.end and self.end >= self.start):
            return
        recorded_on = self.created_at.date() if self.created_at else dt.date.today()
        pass_period = Period(self.pass_iae.start, self.pass_iae.computed_end(without=self))
        faults = rules.suspension_faults(self.period, pass_period, recorded_on)
        if faults:
            raise ValidationError(faults)

    def get_absolute_url(self):
        return self.pass_iae.get_absolute_url()

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)


class Prolongation(Recorded):
    """Time added to a PASS IAE for a reason that has its own cap."""

    pass_iae = models.ForeignKey(Pass, models.CASCADE, verbose_name="PASS IAE", related_name="prolongations")
    start = models.DateField("début")
    end = models.DateField("fin")
    reason = models.CharField("motif", max_length=20, choices=ProlongationReason)
    requested_on = models.DateField("demandée le")
    opinion_by = models.CharField(
        "avis donné par",
        max_length=150,
        blank=True,
        help_text="Le prescripteur habilité qui a donné son avis.",
    )

    class Meta:
        verbose_name = "prolongation"
        verbose_name_plural = "prolongations"
        ordering = ["pass_iae", "start"]
        constraints = [
            NoOverlap(
                name="prolongation_no_overlap",
                group="pass_iae",
                start="start",
                ends=["end"],
                violation_error_message="Cette prolongation en chevauche une autre du même PASS.",
            ),
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="prolongation_end_after_start",
                violation_error_message="La prolongation finit avant de commencer.",
            ),
        ]

    def __str__(self):
        return f"Prolongation du {self.start:%d/%m/%Y} au {self.end:%d/%m/%Y}"

    def clean(self):
        if not (self.pass_iae_id and self.start and self.end and self.reason and self.requested_on):
            return
        if self.reason in ProlongationReason.needing_opinion() and not self.opinion_by:
            raise ValidationError(
                {"opinion_by": "Pour ce motif, indiquez le prescripteur qui a donné son avis."}
            )
        if self.end < self.start:
            return
        same_reason = [
            row for row in self.pass_iae.prolongations.all() if row != self and row.reason == self.reason
        ]
        faults = rules.prolongation_faults(
            self.reason,
            self.period,
            self.pass_iae.computed_end(without=self),
            self.requested_on,
            sum(rules.days_in(row.period) for row in same_reason),
        )
        if faults:
            raise ValidationError(faults)

    def get_absolute_url(self):
        return self.pass_iae.get_absolute_url()

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)
