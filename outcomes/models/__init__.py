"""Where people go: exits, the rules that classify them, cohorts and frozen reports."""

from outcomes.models.cohort import Cohort, OutcomeReport
from outcomes.models.exit import Exit
from outcomes.models.rule_set import CountedReason, ExitReason, RuleSet, Target

__all__ = ["Cohort", "CountedReason", "Exit", "ExitReason", "OutcomeReport", "RuleSet", "Target"]
