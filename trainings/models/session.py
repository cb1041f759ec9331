"""Half-day sessions, what they teach, and who was there."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from beneficiaries.models import TimeEntry
from confluences.formats import clock
from confluences.models import Recorded
from trainings.models.programme import Enrolment, Module, Programme
from trainings.rules import is_expected

# Attendance is signed per half-day: a longer session would be two.
MAX_MINUTES = 5 * 60


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SessionQuerySet":
        """A session names nobody by itself: its people are filtered as enrolments are."""
        return self if user.has_perm("trainings.view_session") else self.none()


class Session(Recorded):
    """A half-day of a programme (séance): when, where, with whom, and which modules it teaches."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name="programme", related_name="sessions"
    )
    group = models.CharField(
        "groupe", max_length=30, blank=True, help_text="Vide : la séance attend tous les inscrits."
    )
    day = models.DateField("jour")
    start = models.TimeField("début")
    end = models.TimeField("fin")
    place = models.CharField("lieu", max_length=150, blank=True)
    trainer = models.CharField("formateur", max_length=100, blank=True)
    modules = models.ManyToManyField(
        Module, through="SessionModule", verbose_name="modules", related_name="sessions"
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        verbose_name_plural = "séances"
        ordering = ["day", "start", "pk"]
        indexes = [models.Index(fields=["programme", "day"], name="session_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "group", "day", "start"],
                name="session_one_at_a_time",
                violation_error_message="Ce groupe a déjà une séance à cette heure.",
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="session_end_after_start",
                violation_error_message="La séance finit avant de commencer.",
            ),
        ]

    def __str__(self):
        return f"{self.programme}, {self.day:%d/%m/%Y} de {clock(self.start)} à {clock(self.end)}"

    def get_absolute_url(self):
        return reverse("trainings:session-detail", args=[self.pk])

    def clean(self):
        if self.start and self.end and self.start < self.end and self.minutes > MAX_MINUTES:
            raise ValidationError(
                {"end": "Une séance est une demi-journée, de 5 heures au plus : faites-en deux."}
            )

    @property
    def minutes(self) -> int:
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute

    def overlaps(self, other: "Session") -> bool:
        return self.day == other.day and self.start < other.end and other.start < self.end

    def may_welcome(self, enrolment: Enrolment) -> bool:
        """Whether somebody enrolled is under contract that day, whatever the group.

        Reads the person's contracts: prefetch `beneficiary__contracts`.
        """
        return enrolment.is_active(self.day) and any(
            contract.period.contains(self.day) for contract in enrolment.beneficiary.contracts.all()
        )

    def expects(self, enrolment: Enrolment) -> bool:
        """Whether it awaits somebody: a session of a group awaits that group alone."""
        return is_expected(self.group, enrolment.group) and self.may_welcome(enrolment)

    def is_past(self, now: dt.datetime) -> bool:
        return (self.day, self.end) <= (now.date(), now.time())


class SessionModule(models.Model):
    """The minutes that a session gives to a module; they add up to the session."""

    session = models.ForeignKey(Session, models.CASCADE, verbose_name="séance", related_name="taught")
    module = models.ForeignKey(Module, models.PROTECT, verbose_name="module", related_name="taught")
    minutes = models.PositiveSmallIntegerField("minutes", validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = "module de séance"
        verbose_name_plural = "modules de séance"
        ordering = ["session", "module"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "module"],
                name="sessionmodule_once",
                violation_error_message="Cette séance donne déjà du temps à ce module.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1),
                name="sessionmodule_minutes",
                violation_error_message="Un module de séance compte au moins une minute.",
            ),
        ]

    def __str__(self):
        return f"{self.module} : {self.minutes} min"

    def clean(self):
        if self.session_id and self.module_id and self.session.programme_id != self.module.programme_id:
            raise ValidationError("Ce module appartient à un autre programme que la séance.")


class AttendanceQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AttendanceQuerySet":
        if not user.has_perm("trainings.view_attendance"):
            return self.none()
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))


class Attendance(Recorded):
    """Somebody at a session: the minutes and any absence are those of the presence entry, which worksites share."""

    session = models.ForeignKey(Session, models.PROTECT, verbose_name="séance", related_name="attendances")
    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, verbose_name="inscription", related_name="attendances"
    )
    # Gone only together with the person: a session's entry never goes alone.
    entry = models.OneToOneField(
        TimeEntry, models.RESTRICT, verbose_name="pointage", related_name="attendance"
    )

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "présence en formation"
        verbose_name_plural = "présences en formation"
        ordering = ["session", "enrolment"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "enrolment"],
                name="attendance_once",
                violation_error_message="La présence de cette personne à cette séance est déjà saisie.",
            )
        ]

    def __str__(self):
        return f"{self.enrolment.beneficiary}, {self.session}"

    def get_absolute_url(self):
        return self.session.get_absolute_url()


class AttendedModule(models.Model):
    """The minutes of an attendance that count for a module: the entry's, in the proportions of the session."""

    attendance = models.ForeignKey(
        Attendance, models.CASCADE, verbose_name="présence", related_name="attended"
    )
    module = models.ForeignKey(Module, models.PROTECT, verbose_name="module", related_name="attended")
    minutes = models.PositiveSmallIntegerField("minutes", validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = "heures de module"
        verbose_name_plural = "heures de module"
        ordering = ["attendance", "module"]
        constraints = [
            models.UniqueConstraint(
                fields=["attendance", "module"],
                name="attendedmodule_once",
                violation_error_message="Ces heures de module sont déjà comptées.",
            )
        ]

    def __str__(self):
        return f"{self.module} : {self.minutes} min"
