"""How an exit is classified, on plain values.

`decide` holds the whole rule: what a target makes of a reason, depending on the length of the new contract.
`classify` reads it for one exit and says why; outcomes.classification turns the same decisions into SQL.
"""

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from outcomes.enums import ExitClass, Verdict


@dataclass(frozen=True, order=True)
class Length:
    """The planned length of a contract, in months and days."""

    months: int
    days: int = 0

    def __str__(self) -> str:
        parts = [f"{self.months} mois"] if self.months or not self.days else []
        if self.days:
            parts.append(f"{self.days} jour{'s' if self.days > 1 else ''}")
        return " et ".join(parts)


@dataclass(frozen=True)
class Reason:
    """An exit reason. `klass` is None while nobody has confirmed it.

    Where the class depends on the length, `klass` is that of `split_months` and more, `short_klass` that of less.
    `at_least` and `under` are what the reason itself says about the length, in months.
    """

    code: str
    label: str
    klass: ExitClass | None
    short_klass: ExitClass | None = None
    split_months: int | None = None
    at_least: int | None = None
    under: int | None = None


@dataclass(frozen=True)
class Criterion:
    """A reason that a target counts, always or only for contracts longer than some months."""

    longer_than: int | None = None
    or_equal: bool = False


@dataclass(frozen=True)
class Target:
    """A rate to reach: `numerator` of `denominator` examined exits.

    An exit counts if its reason has a criterion that it meets, or else if its class is one of `classes`.
    """

    key: str
    label: str
    numerator: int
    denominator: int
    classes: frozenset[ExitClass] = frozenset()
    criteria: dict[str, Criterion] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class RuleSet:
    """Dated rules that say which exits are examined, and the targets; the first target is the main one."""

    key: str
    label: str
    version: dt.date
    definition: str
    source: str
    minimum_stay_months: int
    targets: tuple[Target, ...]

    @property
    def main(self) -> Target:
        return self.targets[0]


@dataclass(frozen=True)
class Facts:
    """What is known of one exit. `stay_months` are completed months in the structure."""

    reason: Reason | None
    length: Length | None
    stay_months: int
    worked_an_hour: bool = True


@dataclass(frozen=True)
class Decision:
    """What a target makes of a reason: one verdict, or one for each side of a length in months."""

    unknown: Verdict
    threshold: int | None = None
    below: Verdict | None = None
    at: Verdict | None = None
    above: Verdict | None = None

    def verdict(self, length: Length | None) -> Verdict:
        if self.threshold is None or length is None:
            return self.unknown
        limit = Length(self.threshold)
        verdict = self.at if length == limit else self.above if length > limit else self.below
        assert verdict is not None
        return verdict


@dataclass(frozen=True)
class Classification:
    """The verdict of each target by its key, the class, and why the main target decides so."""

    verdicts: dict[str, Verdict]
    klass: ExitClass
    why: str


def decide(reason: Reason | None, target: Target) -> Decision:
    """What the target makes of a reason.

    >>> cdd = Reason("9/10", "CDD", ExitClass.DURABLE, ExitClass.TRANSITION, split_months=6)
    >>> target = Target("dynamic", "", 2, 3, criteria={"9/10": Criterion(longer_than=6)})
    >>> decide(cdd, target).verdict(Length(8)), decide(cdd, target).verdict(Length(6)), decide(cdd, target).verdict(None)
    (Verdict.SUCCESS, Verdict.FAILURE, Verdict.UNDOCUMENTED)
    """
    if reason is None:
        return Decision(Verdict.UNDOCUMENTED)
    criterion = target.criteria.get(reason.code)
    if criterion is not None:
        return _decide_by_length(reason, criterion)
    if reason.klass is None:
        return Decision(Verdict.UNDOCUMENTED)
    counted = _counted(reason.klass, target)
    if reason.short_klass is None:
        return Decision(counted)
    short = _counted(reason.short_klass, target)
    if short == counted:
        return Decision(counted)
    return Decision(Verdict.UNDOCUMENTED, reason.split_months, below=short, at=counted, above=counted)


def _counted(klass: ExitClass, target: Target) -> Verdict:
    return Verdict.SUCCESS if klass in target.classes else Verdict.FAILURE


def _decide_by_length(reason: Reason, criterion: Criterion) -> Decision:
    limit = criterion.longer_than
    if limit is None:
        return Decision(Verdict.SUCCESS)
    at = Verdict.SUCCESS if criterion.or_equal else Verdict.FAILURE
    return Decision(
        _decide_without_length(reason, limit, at), limit, below=Verdict.FAILURE, at=at, above=Verdict.SUCCESS
    )


def _decide_without_length(reason: Reason, limit: int, at: Verdict) -> Verdict:
    """The verdict where only what the reason itself says of the length is known."""
    if reason.under is not None and reason.under <= limit:
        return Verdict.FAILURE
    if reason.at_least is None or reason.at_least < limit:
        return Verdict.UNDOCUMENTED
    if reason.at_least == limit and at == Verdict.FAILURE:
        return Verdict.UNDOCUMENTED
    return Verdict.SUCCESS


def class_of(reason: Reason | None, length: Length | None) -> ExitClass:
    """The State's class of an exit, as far as it is known."""
    if reason is None or reason.klass is None:
        return ExitClass.UNKNOWN
    if reason.short_klass is None or reason.split_months is None:
        return reason.klass
    if length is None:
        return ExitClass.DURABLE_OR_TRANSITION
    return reason.klass if length >= Length(reason.split_months) else reason.short_klass


def not_examined(facts: Facts, rule_set: RuleSet) -> str:
    """Why an exit stays out of the calculation, as a French sentence; empty where it counts."""
    if facts.reason is not None and facts.reason.klass == ExitClass.WITHDRAWAL:
        return f"« {facts.reason.label} » : retrait, n’entre pas dans le calcul."
    if not facts.worked_an_hour:
        return "N’a pas travaillé une heure : n’entre pas dans le calcul."
    if facts.stay_months < rule_set.minimum_stay_months:
        return f"Séjour de moins de {rule_set.minimum_stay_months} mois : n’entre pas dans le calcul."
    return ""


def classify(facts: Facts, rule_set: RuleSet) -> Classification:
    """What the rule set makes of one exit, and why."""
    klass = class_of(facts.reason, facts.length)
    outside = not_examined(facts, rule_set)
    if outside:
        return Classification(
            {target.key: Verdict.NOT_EXAMINED for target in rule_set.targets}, klass, outside
        )
    verdicts = {target.key: decide(facts.reason, target).verdict(facts.length) for target in rule_set.targets}
    return Classification(verdicts, klass, _why(facts, rule_set.main, klass, verdicts[rule_set.main.key]))


def _why(facts: Facts, target: Target, klass: ExitClass, verdict: Verdict) -> str:
    if facts.reason is None:
        return "Situation à la sortie inconnue : à compléter."
    criterion = target.criteria.get(facts.reason.code)
    if criterion is not None:
        return _why_criterion(facts, criterion, verdict)
    if klass == ExitClass.UNKNOWN:
        return f"La classe de « {facts.reason.label} » n’est pas confirmée : à régler dans l’administration."
    if not target.classes:
        return f"« {facts.reason.label} » ne fait pas partie des solutions comptées."
    if klass == ExitClass.DURABLE_OR_TRANSITION:
        return "Emploi durable ou de transition selon sa durée, encore inconnue."
    return f"Classe : {klass.label.lower()}."


def _why_criterion(facts: Facts, criterion: Criterion, verdict: Verdict) -> str:
    assert facts.reason is not None
    if criterion.longer_than is None:
        return f"« {facts.reason.label} » fait partie des solutions comptées."
    limit = f"{criterion.longer_than} mois"
    condition = f"{limit} et plus" if criterion.or_equal else f"plus de {limit}"
    if facts.length is None:
        return {
            Verdict.SUCCESS: f"Le motif dit une durée de {condition}.",
            Verdict.FAILURE: f"Le motif dit une durée trop courte : il faut {condition}.",
        }.get(verdict, f"Durée du contrat inconnue : il faut {condition}.")
    if verdict == Verdict.SUCCESS:
        return f"Contrat de {facts.length} : {condition}."
    return f"Contrat de {facts.length} : il faut {condition}."


@dataclass(frozen=True)
class TargetResult:
    """How far a cohort is from a target. Counts of exits; rates are exact fractions, None without exit."""

    target: Target
    successes: int
    failures: int
    undocumented: int

    @property
    def examined(self) -> int:
        return self.successes + self.failures + self.undocumented

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached, in whole numbers; None (« sans objet ») without exit.

        >>> target = Target("dynamic", "", 2, 3)
        >>> TargetResult(target, 2, 1, 0).reached, TargetResult(target, 0, 0, 0).reached
        (True, None)
        """
        if not self.examined:
            return None
        return self.target.denominator * self.successes >= self.target.numerator * self.examined

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.successes, self.examined) if self.examined else None

    @property
    def lowest(self) -> Fraction | None:
        """The rate if no undocumented exit turns out a success: the rate itself."""
        return self.rate

    @property
    def highest(self) -> Fraction | None:
        """The rate if every undocumented exit turns out a success."""
        return Fraction(self.successes + self.undocumented, self.examined) if self.examined else None

    @property
    def needed(self) -> int:
        """How many successes the target asks for among the examined exits."""
        return ceil(Fraction(self.target.numerator * self.examined, self.target.denominator))

    @property
    def margin(self) -> int:
        """Successes above (or, negative, below) what the target asks for."""
        return self.successes - self.needed
