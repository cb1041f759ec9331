"""The load of the coming weeks on each worksite: the hours that its jobs ask against those of the people present."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString

from beneficiaries.models import Contract, TimeEntry
from beneficiaries.time_enums import TimeKind
from confluences.formats import HARD_SPACE, SHORT_MONTHS, number
from confluences.measures import Measure, measures
from confluences.working_days import days_between
from worksites.job_reports import JobRow, job_picture, job_rows, span_words
from worksites.job_rules import Week, burden_of, capacity_by_week, coming_weeks, load_by_week
from worksites.models import Assignment, JobOrder, Worksite
from worksites.plan_reports import expected_sessions, planned_training


@dataclass(frozen=True, kw_only=True)
class WeekLoad:
    """A week of a worksite, in whole hours: what its jobs ask, and what the people present can give."""

    first: dt.date
    last: dt.date
    asked: int
    present: int

    @property
    def missing(self) -> int:
        return max(self.asked - self.present, 0)

    @property
    def words(self) -> str:
        return f"{_hours(self.asked)} à faire, {_hours(self.present)} présentes"

    @property
    def sentence(self) -> str:
        """« du 7 au 11 décembre : 120 h à faire, 84 h présentes, il manque 36 h »"""
        missing = f", il manque {_hours(self.missing)}" if self.missing else ""
        return f"{span_words(self.first, self.last)} : {self.words}{missing}"

    @property
    def measure(self) -> Measure:
        label = span_words(self.first, self.last, months=SHORT_MONTHS)
        return Measure(label=label, value=self.asked, words=self.words, room=self.present)


@dataclass(frozen=True)
class WorksiteLoad:
    """The coming weeks of a worksite; `unplaced` are the jobs of which nobody knows when they end."""

    worksite: Worksite
    weeks: Sequence[WeekLoad]
    unplaced: Sequence[JobRow]

    @property
    def title(self) -> str:
        return f"Semaines à venir, {self.worksite}"

    @property
    def overloaded(self) -> list[WeekLoad]:
        return [week for week in self.weeks if week.missing]

    @property
    def is_empty(self) -> bool:
        return not any(week.asked or week.present for week in self.weeks)

    @property
    def picture(self) -> SafeString:
        label = f"Charge des semaines à venir, {self.worksite}"
        return measures([week.measure for week in self.weeks], label=label)


def loads(worksites: Iterable[Worksite], rows: Sequence[JobRow], today: dt.date) -> list[WorksiteLoad]:
    """The load of each worksite, of the jobs given, in a constant number of queries."""
    worksites = list(worksites)
    weeks = coming_weeks(today)
    present = _minutes_present(worksites, weeks[0].first, weeks[-1].last)
    return [
        _load(
            worksite,
            [row for row in rows if row.job.worksite_id == worksite.pk],
            present[worksite.pk],
            weeks,
        )
        for worksite in worksites
    ]


def _load(
    worksite: Worksite, rows: Sequence[JobRow], present: dict[dt.date, int], weeks: Sequence[Week]
) -> WorksiteLoad:
    burdens = {row: burden_of(row.figures) for row in rows if not row.figures.finished}
    asked = load_by_week(burdens.values(), weeks)
    given = capacity_by_week(present, weeks)
    return WorksiteLoad(
        worksite,
        [
            _week(week, minutes, there, present)
            for week, minutes, there in zip(weeks, asked, given, strict=True)
        ],
        [row for row, burden in burdens.items() if burden.until is None],
    )


def _week(week: Week, asked: Fraction, present: int, by_day: dict[dt.date, int]) -> WeekLoad:
    # A week is named to its Friday, unless somebody works on its weekend.
    worked = [day for day in days_between(week.first, week.last) if by_day.get(day)]
    return WeekLoad(
        first=week.first,
        last=max([week.friday, *worked]),
        asked=_whole_hours(asked),
        present=_whole_hours(present),
    )


def _whole_hours(minutes: Fraction | int) -> int:
    return int(Fraction(minutes) / 60 + Fraction(1, 2))


def _hours(hours: int) -> str:
    return f"{number(hours)}{HARD_SPACE}h"


def _minutes_present(
    worksites: Sequence[Worksite], first: dt.date, last: dt.date
) -> dict[int, dict[dt.date, int]]:
    """By worksite and day, the minutes planned of those assigned there, without what is known to take them away."""
    assignments = (
        Assignment.objects.filter(Q(end=None) | Q(end__gte=first), worksite__in=worksites, start__lte=last)
        .select_related("beneficiary")
        .prefetch_related("beneficiary__contracts")
    )
    people = {each.beneficiary_id for each in assignments}
    sessions = expected_sessions(people, first, last)
    away = _minutes_away(people, first, last)
    present: dict[int, dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
    for each in assignments:
        contracts = [row for row in each.beneficiary.contracts.all() if _meets(row, first, last)]
        for day in days_between(max(each.start, first), min(each.end or last, last)):
            planned = sum(contract.planned_minutes(day) for contract in contracts)
            key = each.beneficiary_id, day
            free = planned - planned_training(sessions.get(key, ())) - away.get(key, 0)
            if free > 0:
                present[each.worksite_id][day] += free
    return present


def _meets(contract: Contract, first: dt.date, last: dt.date) -> bool:
    return contract.start <= last and (contract.last_day_of is None or contract.last_day_of >= first)


def _minutes_away(people: set[int], first: dt.date, last: dt.date) -> dict[tuple[int, dt.date], int]:
    """By person and day, the minutes of leave and the like that are recorded ahead, training sessions apart."""
    minutes: dict[tuple[int, dt.date], int] = defaultdict(int)
    recorded = (
        TimeEntry.objects.outside_sessions()
        .filter(beneficiary__in=people, day__range=(first, last))
        .exclude(kind=TimeKind.WORK)
    )
    for person, day, part in recorded.values_list("beneficiary_id", "day", "minutes"):
        minutes[person, day] += part
    return minutes


# The panel of a worksite's page


@dataclass(frozen=True)
class WorksiteJobs:
    """The open jobs of a worksite, their picture and the load of its coming weeks; a closed worksite has none."""

    rows: Sequence[JobRow]
    load: WorksiteLoad | None
    worksite: Worksite
    today: dt.date

    @property
    def all_url(self) -> str:
        """The worksite's jobs in the list of all, finished ones included."""
        return f"{reverse('worksites:job-list')}?state=&worksite={self.worksite.pk}"

    @property
    def picture(self) -> SafeString:
        return job_picture(self.rows, self.today, f"Commandes en cours, {self.worksite}")


def worksite_jobs(worksite: Worksite, today: dt.date) -> WorksiteJobs:
    """What a worksite's page shows of its jobs, to whoever may open that page."""
    rows = job_rows(JobOrder.objects.filter(worksite=worksite, finished_on=None), today)
    load = loads([worksite], rows, today)[0] if worksite.is_open_on(today) else None
    return WorksiteJobs(rows, load, worksite, today)
