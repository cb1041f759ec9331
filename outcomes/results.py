"""What a cohort amounts to: one object that the page, the PDF, the spreadsheet and the JSON all show."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from outcomes import rules
from outcomes.enums import ExitClass, Verdict
from outcomes.profile import MASKED_UNDER, PROFILE


@dataclass(frozen=True)
class Tally:
    """Exits that share reason, worksite, class and verdicts, counted by the database.

    `reason` is its code, `verdicts` go by (rule set key, target key); `profile` holds how many of the exits meet each criterion.
    """

    exits: int
    reason: str | None
    worksite: str | None
    klass: ExitClass
    verdicts: dict[tuple[str, str], Verdict]
    profile: dict[str, int]


@dataclass(frozen=True)
class Line:
    """One line of a table: examined exits, and what the main target makes of them."""

    key: str
    label: str
    examined: int
    successes: int
    undocumented: int
    protected: bool = False

    @property
    def masked(self) -> bool:
        """Whether the line may not leave the house: health or justice, of too few people."""
        return self.protected and self.examined < MASKED_UNDER


@dataclass(frozen=True)
class RuleSetResult:
    """What one rule set makes of the cohort."""

    rule_set: rules.RuleSet
    targets: tuple[rules.TargetResult, ...]
    not_examined: int

    @property
    def main(self) -> rules.TargetResult:
        return self.targets[0]

    @property
    def examined(self) -> int:
        return self.main.examined


@dataclass(frozen=True)
class CohortResult:
    """The figures of a cohort. Lines count by the first rule set's main target."""

    rule_sets: tuple[RuleSetResult, ...]
    by_class: tuple[Line, ...]
    by_reason: tuple[Line, ...]
    by_worksite: tuple[Line, ...]
    by_profile: tuple[Line, ...]

    @property
    def main(self) -> rules.TargetResult:
        return self.rule_sets[0].main

    @property
    def examined(self) -> int:
        return self.main.examined

    @property
    def not_examined(self) -> int:
        return self.rule_sets[0].not_examined


@dataclass(frozen=True)
class YearResult:
    """One cohort among those compared, counted by the rules of the cohort at hand."""

    code: str
    label: str
    result: rules.TargetResult


def cohort_result(
    tallies: list[Tally], rule_sets: tuple[rules.RuleSet, ...], reasons: Iterable[rules.Reason]
) -> CohortResult:
    """Adds the database's tallies up. `reasons` stand in the order of the table."""
    main = (rule_sets[0].key, rule_sets[0].main.key)
    examined = [tally for tally in tallies if tally.verdicts[main] != Verdict.NOT_EXAMINED]

    def lines(keys: Iterable[tuple[Any, str]], of: Callable[[Tally], Any]) -> tuple[Line, ...]:
        made = (
            _line(
                "" if key is None else str(key), label, [each for each in examined if of(each) == key], main
            )
            for key, label in keys
        )
        return tuple(line for line in made if line.examined)

    labels = [(reason.code, f"{reason.code} · {reason.label}") for reason in reasons]
    worksites = sorted({tally.worksite for tally in tallies if tally.worksite})
    return CohortResult(
        tuple(_rule_set_result(rule_set, tallies) for rule_set in rule_sets),
        lines(((klass, klass.label) for klass in ExitClass), lambda tally: tally.klass),
        lines([*labels, (None, "Motif pas encore connu")], lambda tally: tally.reason),
        lines([*((name, name) for name in worksites), (None, "Sans chantier")], lambda tally: tally.worksite),
        tuple(_profile_line(criterion, examined, main) for criterion in PROFILE),
    )


def target_result(target: rules.Target, counts: dict[Verdict, int]) -> rules.TargetResult:
    return rules.TargetResult(
        target,
        successes=counts.get(Verdict.SUCCESS, 0),
        failures=counts.get(Verdict.FAILURE, 0),
        undocumented=counts.get(Verdict.UNDOCUMENTED, 0),
    )


def _rule_set_result(rule_set: rules.RuleSet, tallies: list[Tally]) -> RuleSetResult:
    targets = []
    for target in rule_set.targets:
        targets.append(target_result(target, _counts(tallies, (rule_set.key, target.key))))
    outside = _counts(tallies, (rule_set.key, rule_set.main.key)).get(Verdict.NOT_EXAMINED, 0)
    return RuleSetResult(rule_set, tuple(targets), outside)


def _counts(tallies: Iterable[Tally], verdict_of: tuple[str, str]) -> dict[Verdict, int]:
    counts: dict[Verdict, int] = {}
    for tally in tallies:
        verdict = tally.verdicts[verdict_of]
        counts[verdict] = counts.get(verdict, 0) + tally.exits
    return counts


def _line(key: str, label: str, tallies: list[Tally], main: tuple[str, str]) -> Line:
    counts = _counts(tallies, main)
    return Line(
        key, label, sum(counts.values()), counts.get(Verdict.SUCCESS, 0), counts.get(Verdict.UNDOCUMENTED, 0)
    )


def _profile_line(criterion: Any, examined: list[Tally], main: tuple[str, str]) -> Line:
    def count(verdict: Verdict | None = None) -> int:
        return sum(
            tally.profile.get(criterion.key, 0)
            for tally in examined
            if verdict is None or tally.verdicts[main] == verdict
        )

    return Line(
        criterion.key,
        criterion.label,
        count(),
        count(Verdict.SUCCESS),
        count(Verdict.UNDOCUMENTED),
        criterion.protected,
    )
