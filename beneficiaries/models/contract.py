"""Insertion contracts and their renewals."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from beneficiaries import rules
from beneficiaries.enums import ContractKind, HoursDerogation, LengthDerogation
from beneficiaries.models.person import Beneficiary
from beneficiaries.rules import Period
from beneficiaries.time_rules import WEEKDAYS, planned_minutes, usual_minutes
from beneficiaries.work_day_rules import days_in_words
from confluences.constraints import NoOverlap
from confluences.formats import duration
from confluences.models import Recorded

# ISO weekdays in order, each at most once.
WORK_DAYS = RegexValidator(r"^(?=.)1?2?3?4?5?6?7?$", "Choisissez au moins un jour de la semaine.")


class ContractQuerySet(models.QuerySet):
    def with_last_day(self) -> "ContractQuerySet":
        return self.annotate(last_day=Coalesce("ended_early_on", "end"))

    def running(self, day: dt.date) -> "ContractQuerySet":
        """The contracts in force on a day."""
        return self.running_within(day, day)

    def running_within(self, first: dt.date, last: dt.date) -> "ContractQuerySet":
        """The contracts in force on some day of a period."""
        # A broken contract ends before its planned end: that one, which the index begins with, narrows the rest.
        not_over = Q(end=None) | Q(end__gte=first)
        not_broken = Q(ended_early_on=None) | Q(ended_early_on__gte=first)
        return self.with_last_day().filter(not_over & not_broken, start__lte=last)

    def ending_between(self, first: dt.date, last: dt.date) -> "ContractQuerySet":
        return self.with_last_day().filter(last_day__range=(first, last)).order_by("last_day")


class Contract(Recorded):
    """An insertion contract; a renewal is a contract that begins the day after the previous one ends."""

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="contracts"
    )
    kind = models.CharField("nature", max_length=20, choices=ContractKind, default=ContractKind.CDDI)
    start = models.DateField("début")
    end = models.DateField("fin prévue", null=True, blank=True, help_text="Dernier jour du contrat, inclus.")
    ended_early_on = models.DateField(
        "rompu le", null=True, blank=True, help_text="Dernier jour, si le contrat finit avant la date prévue."
    )
    weekly_minutes = models.PositiveSmallIntegerField("durée hebdomadaire (minutes)", default=26 * 60)
    work_days = models.CharField(
        "jours travaillés",
        max_length=7,
        default=WEEKDAYS,
        validators=[WORK_DAYS],
        help_text="Les heures de la semaine se répartissent également sur ces jours.",
    )
    occupation = models.CharField("emploi", max_length=100, default="ouvrier des espaces verts")
    length_derogation = models.CharField(
        "dérogation de durée", max_length=20, choices=LengthDerogation, blank=True
    )
    hours_derogation = models.CharField(
        "dérogation d’horaire", max_length=20, choices=HoursDerogation, blank=True
    )
    assumed = models.BooleanField(
        "dates supposées",
        default=False,
        help_text="Le contrat a existé, mais ses dates ne sont pas connues avec certitude.",
    )

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = "contrat"
        verbose_name_plural = "contrats"
        ordering = ["beneficiary", "start"]
        indexes = [
            # Who is under contract, among all who ever were, without opening a row.
            models.Index(fields=["end", "start", "ended_early_on", "beneficiary"], name="contract_running")
        ]
        constraints = [
            NoOverlap(
                name="contract_no_overlap",
                group="beneficiary",
                start="start",
                ends=["ended_early_on", "end"],
                violation_error_message="Ce contrat en chevauche un autre de la même personne. Corrigez les dates, "
                "ou indiquez quand l’autre contrat a été rompu.",
            ),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")),
                name="contract_end_after_start",
                violation_error_message="Le contrat finit avant de commencer.",
            ),
            models.CheckConstraint(
                condition=Q(ended_early_on=None)
                | Q(ended_early_on__gte=F("start")) & (Q(end=None) | Q(ended_early_on__lte=F("end"))),
                name="contract_broken_inside",
                violation_error_message="La rupture doit tomber entre le début et la fin prévue du contrat.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ContractKind.CDDI) | Q(end__isnull=False),
                name="contract_cddi_has_end",
                violation_error_message="Un CDDI a une date de fin.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ContractKind.CDI_INCLUSION) | Q(end=None),
                name="contract_cdi_has_no_end",
                violation_error_message="Un CDI inclusion n’a pas de date de fin prévue ; indiquez une rupture s’il a pris fin.",
            ),
            models.CheckConstraint(
                condition=Q(weekly_minutes__gt=0, weekly_minutes__lte=rules.CDDI_MAX_WEEKLY_MINUTES)
                & (Q(weekly_minutes__gte=rules.CDDI_MIN_WEEKLY_MINUTES) | ~Q(hours_derogation="")),
                name="contract_weekly_hours",
                violation_error_message="Un contrat d’insertion compte de 20 à 35 heures par semaine ; "
                "en dessous de 20 heures il faut choisir une dérogation d’horaire.",
            ),
        ]

    def __str__(self):
        end = f"au {self.last_day_of:%d/%m/%Y}" if self.last_day_of else "sans terme"
        return f"{self.get_kind_display()} du {self.start:%d/%m/%Y} {end}"

    def clean(self):
        if not (self.beneficiary_id and self.start):
            return
        if self._age_at_start() < rules.MIN_AGE:
            raise ValidationError(
                {
                    "start": "À cette date la personne n’a pas 16 ans (article L4153-1). "
                    "Vérifiez le début du contrat et la date de naissance."
                }
            )
        if self.kind == ContractKind.CDI_INCLUSION and self._age_at_start() < rules.CDI_INCLUSION_MIN_AGE:
            raise ValidationError({"kind": "Le CDI inclusion s’adresse aux personnes de 57 ans et plus."})
        faults = rules.chain_faults(self._chain())
        if faults:
            raise ValidationError({"end": faults})

    def get_absolute_url(self):
        return self.beneficiary.get_absolute_url()

    def get_weekly_minutes_display(self) -> str:
        return duration(self.weekly_minutes)

    def get_work_days_display(self) -> str:
        return days_in_words(self.work_days)

    def planned_minutes(self, day: dt.date) -> int:
        """The minutes planned on a day; none outside the contract and on a public holiday."""
        return planned_minutes(self.weekly_minutes, self.work_days, day) if self.period.contains(day) else 0

    def usual_minutes(self, day: dt.date) -> int:
        """The minutes of that weekday inside the contract, holiday or not."""
        return usual_minutes(self.weekly_minutes, self.work_days, day) if self.period.contains(day) else 0

    @property
    def last_day_of(self) -> dt.date | None:
        """The contract's last day, planned or broken; None for a CDI that runs."""
        return self.ended_early_on or self.end

    @property
    def period(self) -> Period:
        return Period(self.start, self.last_day_of)

    @property
    def facts(self) -> rules.ContractFacts:
        """The contract as it was concluded: a later break changes no legal length."""
        return rules.ContractFacts(self.kind, Period(self.start, self.end), self.length_derogation)

    def _age_at_start(self) -> int:
        return rules.age_on(self.beneficiary.birth_date, self.start)

    def _chain(self) -> list[rules.ContractFacts]:
        """This contract, as it would be saved, with those it continues or that continue it."""
        others = list(Contract.objects.filter(beneficiary=self.beneficiary_id).exclude(pk=self.pk))
        contracts = {contract.period: contract for contract in (*others, self)}
        chain = rules.stay_around(list(contracts), self.start)
        return [contracts[period].facts for period in chain]
