"""The rules' decisions as SQL, so that the database counts what rules.classify explains."""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Case, CharField, Q, Value, When

from outcomes import rules
from outcomes.enums import ExitClass, Verdict

ReasonsById = Mapping[int, rules.Reason]


def verdict_expression(rule_set: rules.RuleSet, target: rules.Target, reasons: ReasonsById) -> Case:
    """What the target makes of each exit: rules.classify in SQL."""
    withdrawn = [pk for pk, reason in reasons.items() if reason.klass == ExitClass.WITHDRAWAL]
    outside = (
        Q(reason__in=withdrawn) | Q(worked_an_hour=False) | Q(stay_months__lt=rule_set.minimum_stay_months)
    )
    alternatives = [
        When(outside, then=Value(Verdict.NOT_EXAMINED)),
        When(reason=None, then=Value(Verdict.UNDOCUMENTED)),
    ]
    by_decision: dict[rules.Decision, list[int]] = defaultdict(list)
    for pk, reason in reasons.items():
        by_decision[rules.decide(reason, target)].append(pk)
    for decision, ids in by_decision.items():
        alternatives.extend(_alternatives(decision, ids))
    return Case(*alternatives, output_field=CharField())


def _alternatives(decision: rules.Decision, ids: list[int]) -> list[When]:
    if decision.threshold is None:
        return [When(reason__in=ids, then=Value(decision.unknown))]
    months = decision.threshold
    return [
        When(reason__in=ids, length_months=None, then=Value(decision.unknown)),
        When(reason__in=ids, length_months__lt=months, then=Value(decision.below)),
        When(reason__in=ids, length_months=months, length_days=0, then=Value(decision.at)),
        When(reason__in=ids, then=Value(decision.above)),
    ]


def class_expression(reasons: ReasonsById) -> Case:
    """The State's class of each exit: rules.class_of in SQL."""
    constant: dict[ExitClass, list[int]] = defaultdict(list)
    alternatives = []
    for pk, reason in reasons.items():
        if reason.klass is None or reason.short_klass is None:
            constant[reason.klass or ExitClass.UNKNOWN].append(pk)
            continue
        alternatives += [
            When(reason=pk, length_months=None, then=Value(ExitClass.DURABLE_OR_TRANSITION)),
            When(reason=pk, length_months__gte=reason.split_months, then=Value(reason.klass)),
            When(reason=pk, then=Value(reason.short_klass)),
        ]
    alternatives += [When(reason__in=ids, then=Value(klass)) for klass, ids in constant.items()]
    return Case(*alternatives, default=Value(ExitClass.UNKNOWN), output_field=CharField())
