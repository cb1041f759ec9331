"""Programmes, their modules, and who follows them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from beneficiaries.models import Beneficiary
from confluences.models import Recorded
from trainings.enums import TrainingKind


class ProgrammeQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ProgrammeQuerySet":
        """A programme names nobody: whoever may read trainings reads all of them."""
        return self if user.has_perm("trainings.view_programme") else self.none()

    def running(self) -> "ProgrammeQuerySet":
        return self.filter(closed_on=None)


class Programme(Recorded):
    """A training of a known length (programme), made of modules that add up to it."""

    name = models.CharField(
        "nom", max_length=150, unique=True, error_messages={"unique": "Un programme porte déjà ce nom."}
    )
    kind = models.CharField("nature", max_length=10, choices=TrainingKind, default=TrainingKind.TRADE)
    minutes = models.PositiveIntegerField("durée (minutes)", validators=[MinValueValidator(1)])
    goals = models.TextField(
        "objectifs", blank=True, help_text="Ce que la personne saura faire : l’attestation les cite."
    )
    certification = models.CharField(
        "certification visée",
        max_length=150,
        blank=True,
        help_text="Par exemple RNCP37875, si le programme y prépare.",
    )
    required_percent = models.PositiveSmallIntegerField(
        "présence exigée (%)",
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Part de chaque module à suivre pour que l’attestation de fin de formation soit délivrée.",
    )
    is_example = models.BooleanField(
        "exemple à ajuster", default=False, help_text="Décochez quand l’équipe a relu les modules."
    )
    closed_on = models.DateField("fermé le", null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "programme de formation"
        verbose_name_plural = "programmes de formation"
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1),
                name="programme_minutes",
                violation_error_message="Un programme dure au moins une minute.",
            ),
            models.CheckConstraint(
                condition=Q(required_percent__gte=1, required_percent__lte=100),
                name="programme_required_percent",
                violation_error_message="La présence exigée va de 1 à 100 %.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("trainings:programme-detail", args=[self.pk])


class Module(Recorded):
    """A part of a programme, with its own hours."""

    programme = models.ForeignKey(Programme, models.CASCADE, verbose_name="programme", related_name="modules")
    position = models.PositiveSmallIntegerField("rang", default=1)
    name = models.CharField("nom", max_length=150)
    minutes = models.PositiveIntegerField("durée (minutes)", validators=[MinValueValidator(1)])
    content = models.TextField("contenu", blank=True)

    class Meta:
        verbose_name = "module"
        verbose_name_plural = "modules"
        ordering = ["programme", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="module_name_in_programme",
                violation_error_message="Ce programme a déjà un module de ce nom.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1),
                name="module_minutes",
                violation_error_message="Un module dure au moins une minute.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return self.programme.get_absolute_url()


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> "EnrolmentQuerySet":
        """The enrolments of the people this user may see; an instructor's are those of his or her worksites."""
        if not user.has_perm("trainings.view_enrolment"):
            return self.none()
        if user.has_perm("beneficiaries.view_entrysituation"):
            return self
        people = Beneficiary.objects.visible_to(user, timezone.localdate())
        return self.filter(beneficiary__in=people)

    def active(self, day) -> "EnrolmentQuerySet":
        return self.filter(Q(left_on=None) | Q(left_on__gte=day), enrolled_on__lte=day)


class Enrolment(Recorded):
    """Somebody who follows a programme, from a day on (inscription)."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name="programme", related_name="enrolments"
    )
    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="enrolments"
    )
    group = models.CharField(
        "groupe",
        max_length=30,
        blank=True,
        help_text="Vide s’il n’y a qu’un groupe. Une séance d’un groupe attend ceux de ce groupe.",
    )
    enrolled_on = models.DateField("inscrit le")
    left_on = models.DateField(
        "dernier jour", null=True, blank=True, help_text="Le jour où la formation a fini pour cette personne."
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        verbose_name_plural = "inscriptions"
        ordering = ["programme", "beneficiary"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "beneficiary"],
                name="enrolment_once_per_programme",
                violation_error_message="Cette personne est déjà inscrite à ce programme.",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("enrolled_on")),
                name="enrolment_left_after_enrolled",
                violation_error_message="La formation finit avant l’inscription.",
            ),
        ]

    def __str__(self):
        return f"{self.beneficiary}, {self.programme}"

    def get_absolute_url(self):
        return reverse("trainings:enrolment-detail", args=[self.pk])

    def is_active(self, day) -> bool:
        return self.enrolled_on <= day and (self.left_on is None or day <= self.left_on)
