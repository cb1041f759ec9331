"""The rules as one reads them: every version and every reason, loaded once."""

import datetime as dt
from dataclasses import dataclass

from outcomes import rules
from outcomes.models.rule_set import ExitReason, RuleSet


class NoRuleInForce(Exception):
    """No rule set applies on that day."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(
            f"Aucune règle de calcul n’est en vigueur le {day:%d/%m/%Y}. "
            "Un administrateur peut en ajouter une dans l’administration."
        )


@dataclass(frozen=True)
class RuleBook:
    """Every rule set version, latest first, and every exit reason by its id. Five queries, whatever is asked of it."""

    versions: tuple[rules.RuleSet, ...]
    reasons: dict[int, rules.Reason]
    rows: dict[int, ExitReason]

    @classmethod
    def load(cls) -> "RuleBook":
        rule_sets = RuleSet.objects.prefetch_related("targets__counted_reasons__reason")
        rows = {row.pk: row for row in ExitReason.objects.select_related("if_shorter", "if_longer")}
        return cls(
            tuple(rule_set.facts for rule_set in rule_sets if rule_set.targets.all()),
            {pk: row.facts for pk, row in rows.items()},
            rows,
        )

    def in_force(self, day: dt.date) -> tuple[rules.RuleSet, ...]:
        """The latest version of each rule set on a day, in their order; raises NoRuleInForce."""
        latest: dict[str, rules.RuleSet] = {}
        for version in self.versions:
            if version.version <= day:
                latest.setdefault(version.key, version)
        if not latest:
            raise NoRuleInForce(day)
        return tuple(latest.values())

    def reason(self, pk: int | None) -> rules.Reason | None:
        return self.reasons[pk] if pk is not None else None
