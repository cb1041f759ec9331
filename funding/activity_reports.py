"""What the worksites did in a period: people, hours, support, exits. Each figure is that of the page that already shows it.

No figure here tells of health or justice: what a funder reads leaves the house.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from beneficiaries.follow_up_reports import support_minutes
from beneficiaries.models import Contract, FollowUp, TimeEntry
from beneficiaries.time_enums import TimeKind
from confluences.formats import hours_and_minutes, number
from outcomes.figures import cohort_figures
from outcomes.models import NoRuleInForce, RuleBook
from outcomes.reports import result_of_period
from outcomes.statements import Figures, line_cells, not_examined_line, target_cells

NOT_RECORDED = "non enregistré"


@dataclass(frozen=True)
class Activity:
    """The figures of a period, of all worksites. Without rules in force, there are no verdicts and `problem` says why."""

    people: int
    minutes: dict[str, int]
    talks: int
    support: int
    exits: Figures | None
    problem: str = ""

    @property
    def lines(self) -> list[tuple[str, str]]:
        """People and hours, in words."""
        return [
            ("Personnes employées", number(self.people)),
            ("Heures de travail", self._hours(TimeKind.WORK)),
            ("Heures de formation", self._hours(TimeKind.TRAINING)),
            ("Heures d’immersion", self._hours(TimeKind.IMMERSION)),
            (
                "Temps des entretiens de suivi",
                hours_and_minutes(self.support) if self.talks else NOT_RECORDED,
            ),
        ]

    def _hours(self, kind: TimeKind) -> str:
        """Before presence was recorded here, nobody knows."""
        return hours_and_minutes(self.minutes.get(kind, 0)) if self.minutes else NOT_RECORDED

    @property
    def verdicts(self) -> list[tuple[str, tuple[str, ...]]]:
        """By rule set and target: what is counted, how many, rate, goal, verdict, possible rates."""
        if self.exits is None:
            return []
        return [
            (each["label"], target_cells(target))
            for each in self.exits["rule_sets"]
            for target in each["targets"]
        ]

    @property
    def classes(self) -> Sequence[tuple[str, ...]]:
        """By class of the State: examined, counted, to document."""
        return [] if self.exits is None else [line_cells(line) for line in self.exits["by_class"]]

    @property
    def not_examined(self) -> str:
        return "" if self.exits is None else not_examined_line(self.exits)


def activity_between(start: dt.date, end: dt.date, today: dt.date) -> Activity:
    """What was done from the first to the last day, up to today. A constant number of queries."""
    last = max(min(end, today), start)
    kinds = TimeEntry.objects.filter(day__range=(start, last)).order_by().values_list("kind")
    follow_ups = FollowUp.objects.filter(on__range=(start, last))
    exits, problem = _exits(start, last)
    return Activity(
        people=Contract.objects.running_within(start, last).values("beneficiary").distinct().count(),
        minutes=dict(kinds.annotate(total=Sum("minutes"))),
        # Of all follow-ups, whoever prints: minutes tell nothing of what was said.
        talks=follow_ups.count(),
        support=support_minutes(follow_ups),
        exits=exits,
        problem=problem,
    )


def _exits(start: dt.date, end: dt.date) -> tuple[Figures | None, str]:
    try:
        figures = cohort_figures(result_of_period(start, end, RuleBook.load()))
    except NoRuleInForce as problem:
        return None, str(problem)
    # By reason or by profile, a line may be somebody's health or justice.
    return {name: figures[name] for name in ("rule_sets", "by_class", "not_examined", "examined")}, ""
