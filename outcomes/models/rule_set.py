"""Reference data: exit reasons and the dated rule sets that count them."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from outcomes import rules
from outcomes.enums import Certainty, ExitClass, Questions


class ExitReasonQuerySet(models.QuerySet):
    def valid(self, day: dt.date) -> "ExitReasonQuerySet":
        """The reasons one may choose for an exit on a day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )


class ExitReason(models.Model):
    """Why and where to somebody leaves (motif de sortie), the ASP's list, with how sure its class is."""

    code = models.CharField(
        "code", max_length=10, unique=True, error_messages={"unique": "Un motif porte déjà ce code."}
    )
    label = models.CharField("libellé", max_length=150)
    position = models.PositiveSmallIntegerField("rang", default=0)
    klass = models.CharField(
        "classe",
        max_length=20,
        choices=ExitClass.of_reasons(),
        blank=True,
        help_text="Vide si elle n’est pas confirmée.",
    )
    certainty = models.CharField("certitude de la classe", max_length=10, choices=Certainty)
    source = models.CharField("source", max_length=150, blank=True)
    questions = models.CharField(
        "questions posées", max_length=20, choices=Questions, default=Questions.NOTHING
    )
    at_least_months = models.PositiveSmallIntegerField("durée d’au moins (mois)", null=True, blank=True)
    under_months = models.PositiveSmallIntegerField("durée de moins de (mois)", null=True, blank=True)
    if_shorter = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="devient, si le contrat est plus court",
        related_name="+",
        null=True,
        blank=True,
        help_text="Pour un motif d’attente : le motif que la sortie prend quand la durée est connue.",
    )
    if_longer = models.ForeignKey(
        "self", models.PROTECT, verbose_name="devient, sinon", related_name="+", null=True, blank=True
    )
    sensitive = models.BooleanField(
        "touche à la santé ou à la justice",
        default=False,
        help_text="Ne sort jamais de la maison : le rapport dit seulement « retrait ».",
    )
    valid_from = models.DateField("valable depuis", null=True, blank=True)
    valid_to = models.DateField("valable jusqu’au", null=True, blank=True)

    objects = ExitReasonQuerySet.as_manager()

    class Meta:
        verbose_name = "motif de sortie"
        verbose_name_plural = "motifs de sortie"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(if_shorter=None, if_longer=None)
                | Q(if_shorter__isnull=False, if_longer__isnull=False),
                name="exitreason_waiting_pair",
                violation_error_message="Un motif d’attente nomme les deux motifs qu’il peut devenir.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="exitreason_valid_period",
                violation_error_message="La validité du motif finit avant de commencer.",
            ),
            models.CheckConstraint(
                condition=Q(sensitive=False) | Q(klass=ExitClass.WITHDRAWAL),
                name="exitreason_sensitive_is_withdrawal",
                violation_error_message="Seul un motif de retrait peut toucher à la santé ou à la justice : "
                "les autres sont imprimés un par un.",
            ),
        ]

    def __str__(self):
        return f"{self.code} · {self.label}"

    @property
    def facts(self) -> rules.Reason:
        """The reason as the rules read it. Load `if_shorter` and `if_longer` with it."""
        if self.if_longer is None or self.if_shorter is None:
            klass = ExitClass(self.klass) if self.klass else None
            return rules.Reason(
                self.code, self.label, klass, at_least=self.at_least_months, under=self.under_months
            )
        return rules.Reason(
            self.code,
            self.label,
            ExitClass(self.if_longer.klass),
            ExitClass(self.if_shorter.klass),
            split_months=self.if_longer.at_least_months,
        )


class RuleSet(models.Model):
    """Dated rules of counting. A version in use is never edited: a new one replaces it from its date on."""

    key = models.SlugField("clé", max_length=40)
    label = models.CharField("nom", max_length=60)
    position = models.PositiveSmallIntegerField("rang", default=0)
    valid_from = models.DateField("en vigueur depuis")
    definition = models.TextField("définition imprimée")
    source = models.TextField("source", blank=True)
    minimum_stay_months = models.PositiveSmallIntegerField("séjour minimal (mois)", default=3)

    class Meta:
        verbose_name = "règle de calcul"
        verbose_name_plural = "règles de calcul"
        ordering = ["position", "key", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "valid_from"],
                name="ruleset_one_version_per_day",
                violation_error_message="Une version de cette règle commence déjà ce jour-là.",
            )
        ]

    def __str__(self):
        return f"{self.label} (version du {self.valid_from:%d/%m/%Y})"

    @property
    def facts(self) -> rules.RuleSet:
        """The rule set as the rules read it. Load `targets__counted_reasons__reason` with it."""
        return rules.RuleSet(
            self.key,
            self.label,
            self.valid_from,
            self.definition,
            self.source,
            self.minimum_stay_months,
            tuple(target.facts for target in self.targets.all()),
        )


class Target(models.Model):
    """A rate that a rule set asks for: so many of so many examined exits."""

    rule_set = models.ForeignKey(
        RuleSet, models.CASCADE, verbose_name="règle de calcul", related_name="targets"
    )
    key = models.SlugField("clé", max_length=40)
    label = models.CharField("ce qui est compté", max_length=80)
    position = models.PositiveSmallIntegerField("rang", default=0)
    numerator = models.PositiveSmallIntegerField("objectif : numérateur")
    denominator = models.PositiveSmallIntegerField("objectif : dénominateur")
    durable = models.BooleanField("compte l’emploi durable", default=False)
    transition = models.BooleanField("compte l’emploi de transition", default=False)
    positive = models.BooleanField("compte les sorties positives", default=False)

    class Meta:
        verbose_name = "objectif"
        verbose_name_plural = "objectifs"
        ordering = ["rule_set", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set", "key"],
                name="target_key_unique",
                violation_error_message="Cette règle a déjà un objectif de cette clé.",
            ),
            models.CheckConstraint(
                condition=Q(denominator__gt=0, numerator__lte=F("denominator")),
                name="target_is_a_share",
                violation_error_message="L’objectif est une part : le numérateur ne dépasse pas le dénominateur.",
            ),
        ]

    def __str__(self):
        return f"{self.label} : {self.numerator}/{self.denominator}"

    @property
    def facts(self) -> rules.Target:
        counted = {
            ExitClass.DURABLE: self.durable,
            ExitClass.TRANSITION: self.transition,
            ExitClass.POSITIVE: self.positive,
        }
        return rules.Target(
            self.key,
            self.label,
            self.numerator,
            self.denominator,
            frozenset(klass for klass, is_counted in counted.items() if is_counted),
            {
                row.reason.code: rules.Criterion(row.longer_than_months, row.or_equal)
                for row in self.counted_reasons.all()
            },
        )


class CountedReason(models.Model):
    """A reason that a target counts whatever its class, always or above a length."""

    target = models.ForeignKey(
        Target, models.CASCADE, verbose_name="objectif", related_name="counted_reasons"
    )
    reason = models.ForeignKey(ExitReason, models.PROTECT, verbose_name="motif de sortie", related_name="+")
    longer_than_months = models.PositiveSmallIntegerField("si plus de (mois)", null=True, blank=True)
    or_equal = models.BooleanField("ou exactement cette durée", default=False)

    class Meta:
        verbose_name = "motif compté"
        verbose_name_plural = "motifs comptés"
        ordering = ["target", "reason"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "reason"],
                name="countedreason_once",
                violation_error_message="Ce motif est déjà compté par cet objectif.",
            )
        ]

    def __str__(self):
        return str(self.reason)

    def clean(self):
        if self.or_equal and self.longer_than_months is None:
            raise ValidationError(
                {"longer_than_months": "Indiquez la durée, ou décochez « ou exactement cette durée »."}
            )
