"""An exit: the facts of somebody's departure."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MaxValueValidator
from django.db import models
from django.db.models import F, FilteredRelation, Q

from beneficiaries.models import Beneficiary, Contract
from confluences.constraints import NoOverlap
from confluences.dates import day_after
from confluences.functions import CompletedMonths
from confluences.models import Recorded
from confluences.text import random_code
from confluences.uploads import DOCUMENT_EXTENSIONS, validate_document
from outcomes import rules
from outcomes.enums import Evidence, JobContract, Questions
from outcomes.models.rule_set import ExitReason
from outcomes.models.verdicts import ReasonsById, class_expression, verdict_expression
from outcomes.profile import ENTRY_AGE
from worksites.models import Worksite

JOB_FACTS = (
    "new_contract",
    "employer",
    "started_on",
    "length_months",
    "length_days",
    "aided",
    "same_structure",
)
TRAINING_FACTS = ("training_title", "training_level")
FACTS_ASKED = {
    Questions.NOTHING: (),
    Questions.JOB: JOB_FACTS,
    Questions.FIXED_TERM: JOB_FACTS,
    # An apprenticeship is a training with a contract and a length.
    Questions.TRAINING: (
        *TRAINING_FACTS,
        "new_contract",
        "employer",
        "started_on",
        "length_months",
        "length_days",
    ),
}


def new_reference() -> str:
    return random_code("S", 9)


class ExitQuerySet(models.QuerySet):
    def with_verdicts(self, rule_sets: Sequence[rules.RuleSet], reasons: ReasonsById) -> "ExitQuerySet":
        """Annotates `klass`, and the verdict of each target under its verdict_name."""
        verdicts = {
            verdict_name(rule_set, target): verdict_expression(rule_set, target, reasons)
            for rule_set in rule_sets
            for target in rule_set.targets
        }
        return self.annotate(klass=class_expression(reasons), **verdicts)

    def with_profile(self) -> "ExitQuerySet":
        """Joins the situation on the day of entry as `entry`, and annotates `entry_age`."""
        same_entry = Q(beneficiary__situations__entered_on=F("hired_on"))
        return self.annotate(
            entry=FilteredRelation("beneficiary__situations", condition=same_entry), entry_age=ENTRY_AGE
        )


def verdict_name(rule_set: rules.RuleSet, target: rules.Target) -> str:
    """The annotation that holds a target's verdict."""
    return f"verdict_{rule_set.key}_{target.key}".replace("-", "_")


class Exit(Recorded):
    """The end of a continuous stay (sortie), and what is known of the situation after it."""

    reference = models.CharField(
        "référence anonyme",
        max_length=12,
        unique=True,
        default=new_reference,
        editable=False,
        help_text="Désigne la sortie hors de la maison, sans nommer la personne.",
    )
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, verbose_name="salarié en insertion", related_name="exits"
    )
    contract = models.OneToOneField(
        Contract,
        models.PROTECT,
        verbose_name="dernier contrat",
        related_name="exit",
        editable=False,
        error_messages={"unique": "Ce contrat a déjà une sortie."},
    )
    hired_on = models.DateField("embauché le", editable=False, help_text="Premier jour du séjour continu.")
    left_on = models.DateField("sorti le")
    stay_months = models.GeneratedField(
        expression=CompletedMonths("hired_on", "left_on"),
        output_field=models.IntegerField(),
        db_persist=True,
        verbose_name="séjour (mois révolus)",
    )
    assumed = models.BooleanField("date supposée", default=False)
    worked_an_hour = models.BooleanField("a travaillé au moins une heure", default=True)
    worksite = models.ForeignKey(
        Worksite, models.PROTECT, verbose_name="chantier", related_name="exits", null=True, blank=True
    )
    reason = models.ForeignKey(
        ExitReason,
        models.PROTECT,
        verbose_name="motif de sortie",
        related_name="exits",
        null=True,
        blank=True,
        help_text="Vide tant que la situation n’est pas connue.",
    )
    new_contract = models.CharField("contrat suivant", max_length=20, choices=JobContract, blank=True)
    employer = models.CharField("employeur", max_length=150, blank=True)
    started_on = models.DateField("commence le", null=True, blank=True)
    length_months = models.PositiveSmallIntegerField(
        "durée prévue : mois",
        null=True,
        blank=True,
        validators=[MaxValueValidator(120)],
        help_text="Laissez vide si la durée n’est pas encore connue : elle vous sera redemandée.",
    )
    length_days = models.PositiveSmallIntegerField(
        "durée prévue : jours en plus", default=0, blank=True, validators=[MaxValueValidator(30)]
    )
    aided = models.BooleanField("contrat aidé", null=True, blank=True)
    same_structure = models.BooleanField("dans la même structure", null=True, blank=True)
    training_title = models.CharField("formation", max_length=200, blank=True)
    training_level = models.CharField("niveau ou fiche RNCP", max_length=60, blank=True)
    evidence = models.CharField("preuve", max_length=20, choices=Evidence, blank=True)
    evidence_file = models.FileField(
        "copie de la preuve",
        upload_to="exits/%Y",
        blank=True,
        validators=[FileExtensionValidator(DOCUMENT_EXTENSIONS), validate_document],
        help_text="PDF, PNG ou JPEG, 10 Mo au plus.",
    )
    known_on = models.DateField("situation connue le", null=True, blank=True)

    objects = ExitQuerySet.as_manager()

    class Meta:
        verbose_name = "sortie"
        verbose_name_plural = "sorties"
        ordering = ["-left_on", "pk"]
        indexes = [models.Index(fields=["left_on"]), models.Index(fields=["hired_on"])]
        constraints = [
            NoOverlap(
                name="exit_one_per_stay",
                group="beneficiary",
                start="hired_on",
                ends=["left_on"],
                violation_error_message="Ce séjour a déjà une sortie : modifiez-la au lieu d’en créer une seconde.",
            ),
            models.CheckConstraint(
                condition=Q(left_on__gte=F("hired_on")),
                name="exit_after_entry",
                violation_error_message="La sortie est antérieure à l’entrée. Corrigez la date de sortie.",
            ),
            models.CheckConstraint(
                condition=Q(length_days__lte=30) & (Q(length_months__isnull=False) | Q(length_days=0)),
                name="exit_length_complete",
                violation_error_message="Indiquez aussi les mois (0 pour moins d’un mois) ; les jours vont de 0 à 30.",
            ),
        ]

    def __str__(self):
        return f"Sortie de {self.beneficiary} le {self.left_on:%d/%m/%Y}"

    def clean(self):
        self._settle_stay()
        self.length_days = self.length_days or 0
        if self.reason is None:
            self._forget_facts_except(())
            return
        self._settle_waiting_reason()
        self._check_length()
        self._forget_facts_except(FACTS_ASKED[Questions(self.reason.questions)])

    def get_absolute_url(self):
        return self.beneficiary.get_absolute_url()

    @property
    def length(self) -> rules.Length | None:
        if self.length_months is None:
            return None
        return rules.Length(self.length_months, self.length_days)

    def _settle_stay(self) -> None:
        """Finds the stay that ends with this exit; raises ValidationError outside any contract."""
        if not (self.beneficiary_id and self.left_on):
            return
        contracts = list(self.beneficiary.contracts.all())
        if not contracts:
            raise ValidationError(
                {"left_on": "Cette personne n’a aucun contrat. Saisissez d’abord son contrat."}
            )
        first = min(contract.start for contract in contracts)
        if self.left_on < first:
            raise ValidationError({"left_on": f"La sortie est antérieure à l’entrée du {first:%d/%m/%Y}."})
        ending = next((contract for contract in contracts if contract.period.contains(self.left_on)), None)
        if ending is None:
            raise ValidationError(
                {
                    "left_on": "À cette date la personne n’est sous aucun contrat. Corrigez la date, ou le contrat."
                }
            )
        if any(contract.start > self.left_on and self._continues(ending, contract) for contract in contracts):
            raise ValidationError(
                {
                    "left_on": "Un contrat qui continue ce séjour commence après cette date. Corrigez la date ou le contrat."
                }
            )
        self.contract = ending
        self.hired_on = self.beneficiary.stay_around(self.left_on)[0].first

    @staticmethod
    def _continues(contract: Contract, later: Contract) -> bool:
        return contract.last_day_of is not None and later.start == day_after(contract.last_day_of)

    def _settle_waiting_reason(self) -> None:
        """A waiting reason becomes the one that the length, once known, decides."""
        reason = self.reason
        if reason is None or self.length is None or reason.if_longer is None or reason.if_shorter is None:
            return
        split = reason.if_longer.at_least_months or 0
        self.reason = reason.if_longer if self.length >= rules.Length(split) else reason.if_shorter

    def _check_length(self) -> None:
        reason, length = self.reason, self.length
        if reason is None or length is None:
            return
        if reason.at_least_months is not None and length < rules.Length(reason.at_least_months):
            raise ValidationError(
                {
                    "length_months": f"Ce motif dit {reason.at_least_months} mois et plus ; la durée saisie est de {length}. "
                    "Corrigez la durée ou le motif."
                }
            )
        if reason.under_months is not None and length >= rules.Length(reason.under_months):
            raise ValidationError(
                {
                    "length_months": f"Ce motif dit moins de {reason.under_months} mois ; la durée saisie est de {length}. "
                    "Corrigez la durée ou le motif."
                }
            )

    def _forget_facts_except(self, asked: tuple[str, ...]) -> None:
        for name in (*JOB_FACTS, *TRAINING_FACTS):
            if name not in asked:
                field = self._meta.get_field(name)
                setattr(self, name, field.get_default() if field.has_default() or not field.null else None)
