"""Presence (pointage): somebody's minutes on a day, and the months that are closed."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from beneficiaries.models.contract import Contract
from beneficiaries.models.person import Beneficiary
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import DAY_MINUTES, Part
from confluences.constraints import SumLimit
from confluences.formats import duration, french_date
from confluences.models import Recorded, User

IS_ABSENCE = Q(kind__in=TimeKind.absences())


class TimeEntryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "TimeEntryQuerySet":
        """The entries this user may read. An instructor reads those of the days spent on his or her own worksites."""
        if not user.has_perm("beneficiaries.view_timeentry"):
            return self.none()
        if user.has_perm("beneficiaries.view_entrysituation"):
            return self
        # `assignments` is the worksites app's link to us: a name, not an import.
        return self.on_worksites(beneficiary__assignments__worksite__instructors=user)

    def on_worksites(self, **worksite) -> "TimeEntryQuerySet":
        """The entries of people who, that day, were assigned where the condition says.

        Somebody is on one worksite a day: no entry comes twice.
        """
        current = Q(beneficiary__assignments__end=None) | Q(beneficiary__assignments__end__gte=F("day"))
        return self.filter(current, beneficiary__assignments__start__lte=F("day"), **worksite)

    def paid(self) -> "TimeEntryQuerySet":
        return self.filter(kind__in=TimeKind.paid())

    def outside_sessions(self) -> "TimeEntryQuerySet":
        """What the worksite records; the rest is recorded by training sessions."""
        return self.filter(start=None)


class TimeEntry(Recorded):
    """A person's minutes on a day, by what they were for. Worksites and trainings attach to the same entries."""

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="time_entries"
    )
    day = models.DateField("jour")
    kind = models.CharField("nature", max_length=20, choices=TimeKind, default=TimeKind.WORK)
    reason = models.CharField("motif d’absence", max_length=20, choices=AbsenceReason, blank=True)
    minutes = models.PositiveSmallIntegerField(
        "minutes", validators=[MinValueValidator(1), MaxValueValidator(DAY_MINUTES)]
    )
    start = models.TimeField(
        "commence à", null=True, blank=True, help_text="Rempli par une séance de formation ; vide sinon."
    )

    objects = TimeEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "pointage"
        verbose_name_plural = "pointages"
        ordering = ["-day", "beneficiary", "kind"]
        indexes = [models.Index(fields=["day", "beneficiary"], name="timeentry_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["beneficiary", "day", "kind", "reason"],
                condition=Q(start=None),
                name="timeentry_one_of_each_kind",
                violation_error_message="Un pointage de cette nature existe déjà ce jour-là : modifiez-le.",
            ),
            models.UniqueConstraint(
                fields=["beneficiary", "day", "start"],
                name="timeentry_one_at_a_time",
                violation_error_message="Cette personne est déjà pointée à une séance qui commence à cette heure.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=DAY_MINUTES),
                name="timeentry_minutes",
                violation_error_message="Un pointage compte de 1 minute à 24 heures.",
            ),
            models.CheckConstraint(
                condition=IS_ABSENCE & ~Q(reason="") | ~IS_ABSENCE & Q(reason=""),
                name="timeentry_reason_of_absence",
                violation_error_message="Une absence a un motif ; une présence n’en a pas.",
            ),
            SumLimit(
                name="timeentry_day_of_24_hours",
                fields=["beneficiary", "day"],
                summed="minutes",
                limit=DAY_MINUTES,
                violation_error_message="Avec ce pointage, la journée de cette personne dépasse 24 heures.",
            ),
        ]

    def __str__(self):
        return f"{self.beneficiary}, {self.day:%d/%m/%Y} : {self.get_kind_display()} {duration(self.minutes)}"

    def clean(self):
        if not (self.beneficiary_id and self.day):
            return
        if not Contract.objects.running(self.day).filter(beneficiary=self.beneficiary_id).exists():
            raise ValidationError({"day": contract_sentence(self.day)})
        if MonthClosing.objects.is_closed(self.day):
            raise ValidationError({"day": closed_sentence(self.day)})

    def get_absolute_url(self):
        return self.beneficiary.get_absolute_url()

    @property
    def part(self) -> Part:
        reason = AbsenceReason(self.reason) if self.reason else ""
        return Part(TimeKind(self.kind), self.minutes, reason)


def contract_sentence(day: dt.date) -> str:
    return f"Cette personne n’a pas de contrat le {french_date(day)}."


def closed_sentence(day: dt.date) -> str:
    return f"Le mois du {french_date(day)} est clos : la direction peut le rouvrir."


class MonthClosingQuerySet(models.QuerySet):
    def in_force(self) -> "MonthClosingQuerySet":
        return self.filter(reopened_at=None)

    def is_closed(self, day: dt.date) -> bool:
        return self.in_force().filter(first_day__lte=day, last_day__gte=day).exists()


class MonthClosing(Recorded):
    """A month whose presence is final, for all worksites; reopening it is written on the same row, with its reason."""

    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")
    reopened_at = models.DateTimeField("rouvert le", null=True, blank=True)
    reopened_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="rouvert par", related_name="+", null=True, blank=True
    )
    reopening_reason = models.CharField("pourquoi rouvrir", max_length=250, blank=True)

    objects = MonthClosingQuerySet.as_manager()

    class Meta:
        verbose_name = "clôture de mois"
        verbose_name_plural = "clôtures de mois"
        ordering = ["-first_day", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["first_day"],
                condition=Q(reopened_at=None),
                name="monthclosing_one_in_force",
                violation_error_message="Ce mois est déjà clos.",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gt=F("first_day")),
                name="monthclosing_days_in_order",
                violation_error_message="Un mois finit après avoir commencé.",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None) | ~Q(reopening_reason=""),
                name="monthclosing_reason_to_reopen",
                violation_error_message="Dites pourquoi le mois est rouvert.",
            ),
        ]

    def __str__(self):
        return f"Mois de {self.first_day:%m/%Y}"

    def get_absolute_url(self):
        """Its page is the worksites app's: a name, not an import."""
        return f"{reverse('worksites:month-close')}?mois={self.first_day:%Y-%m}"
