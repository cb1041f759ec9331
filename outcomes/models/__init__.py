"""Where people go: exits, the rules that classify them, cohorts and frozen reports."""

from outcomes.models.cohort import Cohort, OutcomeReport
from outcomes.models.exit import Exit, verdict_name
from outcomes.models.rule_book import NoRuleInForce, RuleBook
from outcomes.models.rule_set import CountedReason, ExitReason, RuleSet, Target

__all__ = [
    "Cohort",
    "CountedReason",
    "Exit",
    "ExitReason",
    "NoRuleInForce",
    "OutcomeReport",
    "RuleBook",
    "RuleSet",
    "Target",
    "verdict_name",
]
