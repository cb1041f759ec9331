"""Every figure of a report counted again from its attached rows alone, by the Python rules, without a database."""

import datetime as dt
from typing import Any

from outcomes import rules
from outcomes.enums import ExitClass, Verdict
from outcomes.figures import cohort_figures
from outcomes.results import CohortResult, Tally, YearResult, cohort_result, target_result
from outcomes.snapshot import OUTGOING_PROFILE, WITHHELD, Row, Snapshot


def recounted_figures(snapshot: Snapshot) -> dict[str, Any]:
    """The figures the rows and rules of the snapshot lead to.

    Health and justice lines are taken as stated: their rows are not attached, on purpose.
    """
    figures = cohort_figures(*recounted(snapshot))
    stated_protected = [line for line in snapshot["figures"]["by_profile"] if line["protected"]]
    open_lines = [line for line in figures["by_profile"] if not line["protected"]]
    return figures | {"by_profile": open_lines + stated_protected}


def recounted(snapshot: Snapshot) -> tuple[CohortResult, tuple[YearResult, ...]]:
    """The cohort's result and the compared years, from the rows alone."""
    rule_sets = rule_sets_of(snapshot)
    reasons = reasons_of(snapshot)
    code = snapshot["cohort"]["code"]
    tallies = [_tally(row, rule_sets, reasons) for row in snapshot["rows"] if row["cohorte"] == code]
    printed = [reason for reason in reasons.values() if reason != WITHHELD]
    years = tuple(_year(stated, snapshot, rule_sets[0], reasons) for stated in snapshot["figures"]["years"])
    return cohort_result(tallies, rule_sets, printed), years


def undocumented_rows(snapshot: Snapshot) -> list[Row]:
    """The rows of the cohort that the main target cannot decide yet, each with its reason's label and why."""
    rule_set = rule_sets_of(snapshot)[0]
    reasons = reasons_of(snapshot)
    found = []
    for row in snapshot["rows"]:
        facts = facts_of(row, reasons)
        made = rules.classify(facts, rule_set)
        if (
            row["cohorte"] == snapshot["cohort"]["code"]
            and made.verdicts[rule_set.main.key] == Verdict.UNDOCUMENTED
        ):
            found.append({**row, "label": facts.reason.label if facts.reason else "", "why": made.why})
    return found


def facts_of(row: Row, reasons: dict[str, rules.Reason]) -> rules.Facts:
    """The facts of an attached row; raises KeyError or ValueError where the row is not one of ours."""
    months = row["duree_mois"]
    return rules.Facts(
        reasons[row["motif"]] if row["motif"] else None,
        rules.Length(int(months), int(row["duree_jours"])) if months else None,
        int(row["sejour_mois"]),
        row["a_travaille_une_heure"] == "oui",
    )


def rule_sets_of(snapshot: Snapshot) -> tuple[rules.RuleSet, ...]:
    return tuple(_rule_set(data) for data in snapshot["rule_sets"])


def reasons_of(snapshot: Snapshot) -> dict[str, rules.Reason]:
    return {data["code"]: _reason(data) for data in snapshot["reasons"]}


def _tally(row: Row, rule_sets: tuple[rules.RuleSet, ...], reasons: dict[str, rules.Reason]) -> Tally:
    facts = facts_of(row, reasons)
    verdicts = {}
    for rule_set in rule_sets:
        made = rules.classify(facts, rule_set)
        verdicts |= {(rule_set.key, target): verdict for target, verdict in made.verdicts.items()}
    return Tally(
        1,
        row["motif"] or None,
        row["chantier"] or None,
        rules.class_of(facts.reason, facts.length),
        verdicts,
        {criterion.key: int(row[criterion.key] == "oui") for criterion in OUTGOING_PROFILE},
    )


def _year(
    stated: dict[str, Any], snapshot: Snapshot, rule_set: rules.RuleSet, reasons: dict[str, rules.Reason]
) -> YearResult:
    counts: dict[Verdict, int] = {}
    for row in snapshot["rows"]:
        if row["cohorte"] != stated["code"]:
            continue
        verdict = rules.classify(facts_of(row, reasons), rule_set).verdicts[rule_set.main.key]
        counts[verdict] = counts.get(verdict, 0) + 1
    return YearResult(stated["code"], stated["label"], target_result(rule_set.main, counts))


def _rule_set(data: dict[str, Any]) -> rules.RuleSet:
    targets = tuple(
        rules.Target(
            target["key"],
            target["label"],
            target["numerator"],
            target["denominator"],
            frozenset(ExitClass(klass) for klass in target["classes"]),
            {
                code: rules.Criterion(criterion["longer_than"], criterion["or_equal"])
                for code, criterion in target["criteria"].items()
            },
        )
        for target in data["targets"]
    )
    return rules.RuleSet(
        data["key"],
        data["label"],
        dt.date.fromisoformat(data["version"]),
        data["definition"],
        data["source"],
        data["minimum_stay_months"],
        targets,
    )


def _reason(data: dict[str, Any]) -> rules.Reason:
    return rules.Reason(
        data["code"],
        data["label"],
        ExitClass(data["klass"]) if data["klass"] else None,
        ExitClass(data["short_klass"]) if data["short_klass"] else None,
        data["split_months"],
        data["at_least"],
        data["under"],
    )
