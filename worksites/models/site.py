"""Worksites, and who is assigned to them."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse

from beneficiaries.models import Beneficiary
from confluences.constraints import NoOverlap
from confluences.models import POSTCODE, Recorded


class WorksiteQuerySet(models.QuerySet):
    def visible_to(self, user) -> "WorksiteQuerySet":
        """The worksites this user may open: an instructor's own, all of them for the others."""
        if not user.has_perm("worksites.view_worksite"):
            return self.none()
        if user.has_perm("worksites.view_financialannex"):
            return self
        return self.filter(instructors=user)

    def open_on(self, day: dt.date) -> "WorksiteQuerySet":
        """Those that are not closed for good by that day; one still to open is among them."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gte=day))

    def with_team_size(self, day: dt.date) -> "WorksiteQuerySet":
        """Annotates `team_size`: the people assigned and under contract on a day, who take the places.

        In the order of worksites, which a count would lose.
        """
        current = Q(assignments__end=None) | Q(assignments__end__gte=day)
        present = Q(assignments__beneficiary__in=Beneficiary.objects.present(day))
        members = Q(assignments__start__lte=day) & current & present
        counted = self.annotate(team_size=Count("assignments", filter=members, distinct=True))
        return counted.order_by(*self.model._meta.ordering)


class Worksite(Recorded):
    """A place where a team works under an instructor (chantier)."""

    name = models.CharField(
        "nom", max_length=100, unique=True, error_messages={"unique": "Un chantier porte déjà ce nom."}
    )
    address = models.CharField("adresse", max_length=250, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True, validators=[POSTCODE])
    city = models.CharField("ville", max_length=100, blank=True)
    opened_on = models.DateField("ouvert le")
    closed_on = models.DateField("fermé le", null=True, blank=True)
    places = models.PositiveSmallIntegerField(
        "places", null=True, blank=True, help_text="Vide si le nombre n’est pas connu."
    )
    instructors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="encadrants techniques", related_name="worksites", blank=True
    )

    objects = WorksiteQuerySet.as_manager()

    class Meta:
        verbose_name = "chantier"
        verbose_name_plural = "chantiers"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="worksite_closed_after_opened",
                violation_error_message="Le chantier ferme avant d’ouvrir.",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("worksites:worksite-detail", args=[self.pk])

    def is_open_on(self, day: dt.date) -> bool:
        return self.closed_on is None or self.closed_on >= day


class AssignmentQuerySet(models.QuerySet):
    def current(self, day: dt.date) -> "AssignmentQuerySet":
        return self.filter(Q(end=None) | Q(end__gte=day), start__lte=day)


class Assignment(Recorded):
    """The time during which somebody works on a worksite: one worksite a day for each person."""

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="assignments"
    )
    worksite = models.ForeignKey(
        Worksite, models.PROTECT, verbose_name="chantier", related_name="assignments"
    )
    start = models.DateField("début")
    end = models.DateField("fin", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "affectation"
        verbose_name_plural = "affectations"
        ordering = ["beneficiary", "start"]
        constraints = [
            NoOverlap(
                name="assignment_no_overlap",
                group="beneficiary",
                start="start",
                ends=["end"],
                violation_error_message="Cette personne est déjà affectée à un chantier pendant cette période. "
                "Indiquez d’abord la fin de l’autre affectation.",
            ),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")),
                name="assignment_end_after_start",
                violation_error_message="L’affectation finit avant de commencer.",
            ),
        ]

    def __str__(self):
        return f"{self.worksite} depuis le {self.start:%d/%m/%Y}"

    def clean(self):
        if not (self.worksite_id and self.start):
            return
        opened, closed = self.worksite.opened_on, self.worksite.closed_on
        if self.start < opened:
            raise ValidationError({"start": f"Ce chantier n’est ouvert que depuis le {opened:%d/%m/%Y}."})
        if closed and (self.end is None or self.end > closed):
            raise ValidationError(
                {
                    "end": f"Ce chantier a fermé le {closed:%d/%m/%Y} : l’affectation finit ce jour-là au plus tard."
                }
            )

    def get_absolute_url(self):
        return self.beneficiary.get_absolute_url()

    def is_current(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)
