"""What a report stands on: pseudonymised facts, rules and figures, and the hash that seals them.

Nothing here names anybody: rows carry the exit's random reference, its month, and what the figures need.
"""

import csv
import hashlib
import io
import json
from typing import Any

from django.db.models import BooleanField, Case, Value, When

from outcomes import rules
from outcomes.enums import CohortBasis, ExitClass
from outcomes.figures import cohort_figures
from outcomes.models import Cohort, Exit, RuleBook
from outcomes.profile import PROFILE
from outcomes.reports import compared, result_of

FORMAT = 1
YEARS_COMPARED = 5
WITHHELD = rules.Reason("R", "Retrait, motif non communiqué", ExitClass.WITHDRAWAL)
# Health and justice never leave the house row by row, only as counts from 5 on.
OUTGOING_PROFILE = [criterion for criterion in PROFILE if not criterion.protected]
Snapshot = dict[str, Any]
Row = dict[str, str]


def take_snapshot(cohort: Cohort, book: RuleBook) -> Snapshot:
    """The report's content as plain data; raises NoRuleInForce."""
    rule_sets = book.in_force(cohort.end)
    previous = previous_cohorts(cohort)
    years = compared([*reversed(previous), cohort], rule_sets[0], book)
    worksites = [worksite.name for worksite in cohort.worksites.all()]
    return {
        "format": FORMAT,
        "cohort": {
            "code": cohort.code,
            "label": cohort.label,
            "basis": CohortBasis(cohort.basis).label,
            "start": cohort.start.isoformat(),
            "end": cohort.end.isoformat(),
            "worksites": worksites,
        },
        "rule_sets": [rule_set_data(rule_set) for rule_set in rule_sets],
        "reasons": [reason_data(reason) for reason in (*book.reasons.values(), WITHHELD)],
        "rows": [row for each in (cohort, *previous) for row in outgoing_rows(each, book)],
        "figures": cohort_figures(result_of(cohort, book), years),
    }


def content_hash(snapshot: Snapshot) -> str:
    """SHA-256 of the snapshot in one canonical writing."""
    canonical = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def previous_cohorts(cohort: Cohort) -> list[Cohort]:
    """The cohorts of the same kind before this one, latest first."""
    earlier = Cohort.objects.filter(basis=cohort.basis, end__lt=cohort.start).prefetch_related("worksites")
    mine = {worksite.pk for worksite in cohort.worksites.all()}
    same = [
        each
        for each in earlier.order_by("-start")
        if {worksite.pk for worksite in each.worksites.all()} == mine
    ]
    return same[:YEARS_COMPARED]


def outgoing_rows(cohort: Cohort, book: RuleBook) -> list[Row]:
    """The cohort's exits as text without names, in the order of their month and reference."""
    flags = {
        criterion.key: Case(
            When(criterion.condition, then=Value(True)), default=False, output_field=BooleanField()
        )
        for criterion in OUTGOING_PROFILE
    }
    exits = cohort.exits().select_related("worksite").with_profile().annotate(**flags)
    rows = [_outgoing_row(cohort, exit_, book) for exit_ in exits]
    return sorted(rows, key=lambda row: (row["mois_de_sortie"], row["reference"]))


def _outgoing_row(cohort: Cohort, exit_: Exit, book: RuleBook) -> Row:
    return {
        "cohorte": cohort.code,
        "reference": exit_.reference,
        "mois_de_sortie": f"{exit_.left_on:%Y-%m}",
        "sejour_mois": str(exit_.stay_months),
        "a_travaille_une_heure": _yes_or_no(exit_.worked_an_hour),
        "motif": _outgoing_reason(exit_, book),
        "duree_mois": "" if exit_.length is None else str(exit_.length.months),
        "duree_jours": "" if exit_.length is None else str(exit_.length.days),
        "chantier": exit_.worksite.name if exit_.worksite else "",
        "date_supposee": _yes_or_no(exit_.assumed),
        **{criterion.key: _yes_or_no(getattr(exit_, criterion.key)) for criterion in OUTGOING_PROFILE},
    }


def _outgoing_reason(exit_: Exit, book: RuleBook) -> str:
    if exit_.reason_id is None:
        return ""
    row = book.rows[exit_.reason_id]
    return WITHHELD.code if row.sensitive else row.code


def _yes_or_no(value: bool) -> str:
    return "oui" if value else "non"


def rows_to_csv(rows: list[Row]) -> str:
    """The rows as the report carries them. The cells hold no free text, except worksites' names."""
    stream = io.StringIO()
    names = list(rows[0]) if rows else ["cohorte"]
    writer = csv.DictWriter(stream, names, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def rows_from_csv(text: str) -> list[Row]:
    return [dict(row) for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=";")]


def rule_set_data(rule_set: rules.RuleSet) -> dict[str, Any]:
    return {
        "key": rule_set.key,
        "label": rule_set.label,
        "version": rule_set.version.isoformat(),
        "definition": rule_set.definition,
        "source": rule_set.source,
        "minimum_stay_months": rule_set.minimum_stay_months,
        "targets": [
            {
                "key": target.key,
                "label": target.label,
                "numerator": target.numerator,
                "denominator": target.denominator,
                "classes": sorted(target.classes),
                "criteria": {
                    code: {"longer_than": criterion.longer_than, "or_equal": criterion.or_equal}
                    for code, criterion in target.criteria.items()
                },
            }
            for target in rule_set.targets
        ],
    }


def reason_data(reason: rules.Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "label": reason.label,
        "klass": reason.klass,
        "short_klass": reason.short_klass,
        "split_months": reason.split_months,
        "at_least": reason.at_least,
        "under": reason.under,
    }
