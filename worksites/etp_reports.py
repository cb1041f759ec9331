"""The ETP of financial annexes: what the database counts, put into the State's formulas."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import F, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.safestring import SafeString

from beneficiaries.models import Beneficiary, Contract, MonthClosing, TimeEntry
from confluences.curves import Curve, curves
from confluences.dates import day_after, day_before
from confluences.formats import MONTHS, number
from confluences.working_days import days_between, month_of
from worksites.etp_rules import (
    AnnexFigures,
    Balance,
    MonthFigures,
    Terms,
    annex_months,
    etp_annual,
    month_state,
    terms_fault,
    unit_aid,
    whole_hours,
)
from worksites.models import AidRate, Assignment, FinancialAnnex
from worksites.plan_reports import training_minutes
from worksites.presence_rules import is_unrecorded

ANNEX = "beneficiary__assignments__worksite__annexes"
# A person's paid minutes of each month, by the month's first day.
Minutes = dict[dt.date, dict[int, int]]


@dataclass(frozen=True)
class AnnexReport:
    """An annex with its figures, or with the fault that prevents counting."""

    annex: FinancialAnnex
    figures: AnnexFigures
    minutes: Minutes  # by month, then by person
    fault: str = ""

    def month(self, first: dt.date) -> MonthFigures | None:
        return next((month for month in self.figures.months if month.first == first), None)


def annex_reports(annexes: Iterable[FinancialAnnex], today: dt.date) -> list[AnnexReport]:
    """The figures of each annex, in three queries whatever their number."""
    annexes = list(annexes)
    if not annexes:
        return []
    minutes = _minutes_by_annex(annexes)
    closed = set(MonthClosing.objects.in_force().values_list("first_day", flat=True))
    rates = aid_rates()
    return [_report(annex, minutes[annex.pk], closed, rates[annex.kind], today) for annex in annexes]


def aid_rates() -> dict[str, dict[dt.date, Decimal]]:
    """The national amounts of the aid, by kind of structure and first day."""
    rates: dict[str, dict[dt.date, Decimal]] = defaultdict(dict)
    for rate in AidRate.objects.all():
        rates[rate.kind][rate.valid_from] = rate.amount
    return rates


def current_annexes(today: dt.date) -> list[AnnexReport]:
    """The annexes in force on a day."""
    return annex_reports(FinancialAnnex.objects.filter(start__lte=today, end__gte=today), today)


def sharing_hours(annex: FinancialAnnex) -> list[FinancialAnnex]:
    """The other annexes that finance one of its worksites on some of its days: the same hours count for each."""
    others = FinancialAnnex.objects.exclude(pk=annex.pk).filter(
        worksites__annexes=annex, start__lte=annex.end, end__gte=annex.start
    )
    return list(others.distinct())


def _minutes_by_annex(annexes: Sequence[FinancialAnnex]) -> dict[int, Minutes]:
    """The paid minutes of people who, that day, were assigned to one of the annex's worksites, inside its period."""
    counted = (
        TimeEntry.objects.paid()
        .on_worksites(**{f"{ANNEX}__in": annexes}, day__gte=F(f"{ANNEX}__start"), day__lte=F(f"{ANNEX}__end"))
        .order_by()
        .values_list(ANNEX, TruncMonth("day"), "beneficiary")
        .annotate(total=Sum("minutes"))
    )
    found: dict[int, Minutes] = defaultdict(lambda: defaultdict(dict))
    for annex, month, person, total in counted:
        found[annex][month][person] = total
    return found


def _report(
    annex: FinancialAnnex,
    minutes: Minutes,
    closed: set[dt.date],
    rates: dict[dt.date, Decimal],
    today: dt.date,
) -> AnnexReport:
    terms = Terms(annex.agreed_etp, annex.hours_per_etp)
    fault = terms_fault(annex.start, annex.end, annex.hours_per_etp)
    if fault:
        return AnnexReport(annex, AnnexFigures(terms, ()), {}, fault)
    months = []
    for first in annex_months(annex.start, annex.end):
        hours = sum(whole_hours(each) for each in minutes.get(first, {}).values())
        inside = max(first, annex.start), min(month_of(first)[1], annex.end)
        months.append(
            MonthFigures(
                first=first,
                hours=hours,
                unit=unit_aid(annex.aid_per_etp, rates, first),
                state=month_state(*inside, hours=hours, closed=first in closed, today=today),
                regularised=first.month in annex.regularised_in,
                terms=terms,
            )
        )
    return AnnexReport(annex, AnnexFigures(terms, months), minutes)


def year_curve(figures: AnnexFigures) -> SafeString:
    """The annual ETP that add up month after month: agreed, done, and where today's pace leads."""
    count = len(figures.months)
    lines = []
    if figures.agreed_annual is not None:
        lines.append(
            Curve(label="conventionnés", points=[(0, 0), (count, figures.agreed_annual)], kind="goal")
        )
    done = _cumulated(figures)
    if figures.landing is not None:
        lines.append(Curve(label="réalisés", points=done, kind="done"))
        if done[-1][0] < count:
            ahead = [done[-1], (count, figures.landing.etp)]
            lines.append(Curve(label="atterrissage au rythme actuel", points=ahead, kind="forecast"))
    return curves(lines, months=[month.first for month in figures.months], label="ETP annuels cumulés")


def _cumulated(figures: AnnexFigures) -> list[tuple[int, Decimal]]:
    """The annual ETP done at the end of each month, up to the last one entered."""
    points = [(0, Decimal(0))]
    hours = 0
    for place, month in enumerate(figures.months, start=1):
        if month.is_entered:
            hours += month.hours
            points.append((place, etp_annual(hours, figures.terms.hours_per_etp)))
    return points


# Who is concerned


class Roster:
    """The people assigned to an annex's worksites in its period, their contracts, and the days they have entries for."""

    def __init__(self, annex: FinancialAnnex):
        self.annex = annex

    @cached_property
    def assignments(self) -> list[Assignment]:
        rows = Assignment.objects.filter(
            Q(end=None) | Q(end__gte=self.annex.start),
            worksite__annexes=self.annex,
            start__lte=self.annex.end,
        )
        return list(rows.select_related("beneficiary").order_by("start"))

    @cached_property
    def contracts(self) -> dict[int, list[Contract]]:
        """By person, in order; one that begins the day after the annex ends tells a renewal from a departure."""
        found: dict[int, list[Contract]] = defaultdict(list)
        rows = Contract.objects.with_last_day().filter(
            Q(last_day=None) | Q(last_day__gte=self.annex.start),
            beneficiary__in={each.beneficiary_id for each in self.assignments},
            start__lte=day_after(self.annex.end),
        )
        for contract in rows.order_by("start"):
            found[contract.beneficiary_id].append(contract)
        return found

    def people(self, first: dt.date) -> list[Beneficiary]:
        """Those under contract and assigned on some day of the month, by name."""
        last = month_of(first)[1]
        found = {
            each.beneficiary
            for each in self.assignments
            for contract in self.contracts[each.beneficiary_id]
            if share_a_day((first, last), self._inside(each), (contract.start, contract.last_day_of))
        }
        return sorted(found, key=lambda person: (person.last_name, person.first_name, person.pk))

    def missing(self, until: dt.date) -> dict[dt.date, int]:
        """By month, the person-days that nobody recorded up to a day, as the months of the worksites count them."""
        entries = TimeEntry.objects.filter(
            beneficiary__in={each.beneficiary_id for each in self.assignments},
            day__range=(self.annex.start, min(self.annex.end, until)),
        )
        recorded = set(entries.outside_sessions().values_list("beneficiary_id", "day"))
        trained: dict[tuple[int, dt.date], list[TimeEntry]] = defaultdict(list)
        for entry in entries.exclude(start=None).select_related("attendance__session"):
            trained[entry.beneficiary_id, entry.day].append(entry)
        found: dict[dt.date, int] = defaultdict(int)
        for assignment in self.assignments:
            person = assignment.beneficiary_id
            first, last = self._inside(assignment)
            for contract in self.contracts[person]:
                begin = max(first, contract.start)
                end = min(last, contract.last_day_of or last, until)
                for day in days_between(begin, end):
                    key = person, day
                    left = contract.usual_minutes(day) - training_minutes((), trained.get(key, ()))
                    if is_unrecorded(left, recorded=key in recorded):
                        found[day.replace(day=1)] += 1
        return dict(found)

    def _inside(self, assignment: Assignment) -> tuple[dt.date, dt.date]:
        """The assignment's days inside the annex."""
        return max(assignment.start, self.annex.start), min(assignment.end or self.annex.end, self.annex.end)


def share_a_day(*periods: tuple[dt.date, dt.date | None]) -> bool:
    lasts = [last for _first, last in periods if last is not None]
    return max(first for first, _last in periods) <= min(lasts)


# Month by month


@dataclass(frozen=True)
class MonthRow:
    """A line of the annex's table: the month, the balance where the aid is compared, and what nobody recorded."""

    month: MonthFigures
    balance: Balance | None
    missing: int  # person-days

    @property
    def name(self) -> str:
        return month_name(self.month.first)

    @property
    def missing_words(self) -> str:
        days = "personne-jour" if self.missing == 1 else "personnes-jours"
        return f"{number(self.missing)} {days} sans pointage en {self.name}"


def month_rows(report: AnnexReport, roster: Roster, today: dt.date) -> list[MonthRow]:
    """The annex's months; what is missing is counted up to yesterday."""
    balances = {month.first: balance for month, balance in report.figures.balances()}
    missing = roster.missing(day_before(today))
    return [
        MonthRow(month, balances.get(month.first), missing.get(month.first, 0))
        for month in report.figures.months
    ]


def month_name(first: dt.date) -> str:
    """« octobre 2026 »."""
    return f"{MONTHS[first.month - 1]} {first.year}"
