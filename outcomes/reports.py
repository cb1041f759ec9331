"""Figures and rows of cohorts, read from the database in a constant number of queries."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Value

from beneficiaries.models import Beneficiary
from outcomes import rules
from outcomes.enums import ExitClass, Verdict
from outcomes.models import Cohort, Exit, RuleBook, verdict_name
from outcomes.models.exit import ExitQuerySet
from outcomes.profile import PROFILE
from outcomes.results import CohortResult, Tally, YearResult, cohort_result, target_result


@dataclass(frozen=True)
class ExplainedExit:
    """An exit with what the main rule set makes of it, and why."""

    exit: Exit
    made: rules.Classification
    main: str

    @property
    def verdict(self) -> Any:
        return self.made.verdicts[self.main]


def result_of(cohort: Cohort, book: RuleBook) -> CohortResult:
    """The cohort's figures under the rules in force on its last day; raises NoRuleInForce. One query."""
    return _result(cohort.exits(), cohort.end, book)


def result_of_period(start: dt.date, end: dt.date, book: RuleBook) -> CohortResult:
    """The same figures of all who left in a period, of which nobody made a cohort. One query."""
    return _result(Exit.objects.filter(left_on__range=(start, end)), end, book)


def _result(exits: ExitQuerySet, day: dt.date, book: RuleBook) -> CohortResult:
    rule_sets = book.in_force(day)
    return cohort_result(_tallies(exits, rule_sets, book), rule_sets, book.reasons.values())


def compared(
    cohorts: Sequence[Cohort], rule_set: rules.RuleSet | None, book: RuleBook
) -> tuple[YearResult, ...]:
    """Each cohort's main figure, side by side, in one query for all.

    By `rule_set` where one is given, so that years compare; else by the rules of each cohort's own last day.
    """
    if not cohorts:
        return ()
    applied = {cohort.pk: rule_set or book.in_force(cohort.end)[0] for cohort in cohorts}
    counting = [_verdict_counts(cohort, applied[cohort.pk], book) for cohort in cohorts]
    rows = counting[0].union(*counting[1:], all=True) if len(counting) > 1 else counting[0]
    counts: dict[int, dict[Verdict, int]] = {cohort.pk: {} for cohort in cohorts}
    for row in rows:
        counts[row["cohort"]][Verdict(row["verdict"])] = row["exits"]
    return tuple(
        YearResult(cohort.code, cohort.label, target_result(applied[cohort.pk].main, counts[cohort.pk]))
        for cohort in cohorts
    )


def explained(exits: Any, rule_set: rules.RuleSet, book: RuleBook) -> Iterator[ExplainedExit]:
    """Each exit with its classification by the rule set, without one query more per exit."""
    for exit_ in exits:
        facts = rules.Facts(
            book.reason(exit_.reason_id), exit_.length, exit_.stay_months, exit_.worked_an_hour
        )
        yield ExplainedExit(exit_, rules.classify(facts, rule_set), rule_set.main.key)


def exits_of(person: Beneficiary, book: RuleBook) -> list[ExplainedExit]:
    """Somebody's exits, latest first, each explained by the rules in force on its day."""
    exits = person.exits.select_related("reason", "worksite", "beneficiary").order_by("-left_on")
    return [each for exit_ in exits for each in explained([exit_], book.in_force(exit_.left_on)[0], book)]


def may_leave(person: Beneficiary, exits: Sequence[ExplainedExit], today: dt.date) -> bool:
    """Whether somebody has a stay that began and has no exit yet."""
    closed = [(each.exit.hired_on, each.exit.left_on) for each in exits]
    begun = [contract.start for contract in person.contracts.all() if contract.start <= today]
    return any(not any(first <= start <= last for first, last in closed) for start in begun)


def _verdict_counts(cohort: Cohort, rule_set: rules.RuleSet, book: RuleBook) -> Any:
    verdict = verdict_name(rule_set, rule_set.main)
    exits = cohort.exits().with_verdicts([rule_set], book.reasons)
    counted = exits.order_by().values(cohort=Value(cohort.pk), verdict=F(verdict))
    return counted.annotate(exits=Count("pk"))


def _tallies(exits: ExitQuerySet, rule_sets: tuple[rules.RuleSet, ...], book: RuleBook) -> list[Tally]:
    names = {
        (rule_set.key, target.key): verdict_name(rule_set, target)
        for rule_set in rule_sets
        for target in rule_set.targets
    }
    grouped = exits.with_verdicts(rule_sets, book.reasons).with_profile().order_by()
    rows = grouped.values("reason_id", "worksite__name", "klass", *names.values()).annotate(
        exits=Count("pk"),
        **{criterion.key: Count("pk", filter=criterion.condition) for criterion in PROFILE},
    )
    return [
        Tally(
            row["exits"],
            book.reasons[row["reason_id"]].code if row["reason_id"] else None,
            row["worksite__name"],
            ExitClass(row["klass"]),
            {key: Verdict(row[name]) for key, name in names.items()},
            {criterion.key: row[criterion.key] for criterion in PROFILE},
        )
        for row in rows
    ]
