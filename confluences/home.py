"""The home page: what each role needs today."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString

from beneficiaries.deadline_rules import HORIZON_DAYS, SOON_DAYS
from beneficiaries.models import Beneficiary, Contract, Pass
from beneficiaries.permissions import can_read_follow_ups
from confluences.home_ground import mornings
from confluences.home_steering import cash_tile, etp_tiles, funding_lines
from confluences.home_support import Agenda, WorkerHome
from confluences.models import User
from outcomes.enums import Verdict
from outcomes.figures import target_figures
from outcomes.models import Cohort, NoRuleInForce, RuleBook, verdict_name
from outcomes.permissions import visible_exits
from outcomes.pictures import gauge_of
from outcomes.reports import compared
from outcomes.rules import TargetResult
from outcomes.statements import range_line, verdict_line
from worksites.models import Worksite


@dataclass(frozen=True)
class Ending:
    """Somebody's contract or PASS that ends before long."""

    beneficiary: Beneficiary
    day: dt.date
    days_left: int

    @property
    def kind(self) -> str:
        return "soon" if self.days_left <= SOON_DAYS else "neutral"


@dataclass(frozen=True)
class Outlook:
    """The cohort of the year, or the latest one, at a glance."""

    cohort: Cohort
    result: TargetResult
    gauge: SafeString
    verdict: str
    range: str


def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    user = request.user
    people = Beneficiary.objects.visible_to(user, today)
    context: dict[str, Any] = {"today": today, "funding": funding_lines(user, today)}
    if user.has_perm("beneficiaries.add_followup"):
        context["worker"] = WorkerHome(user, today, everybody=request.GET.get("qui") == "tous")
    elif user.has_perm("beneficiaries.view_contract"):
        context |= {
            "present": people.present(today).count(),
            "contracts": _contract_endings(people, today),
            "passes": _pass_endings(people, today),
            "etp_tiles": etp_tiles(user, today),
        }
        if can_read_follow_ups(user):
            context["team"] = _team_figures(user, today)
    context["mornings"] = mornings(user, today)
    context["cash"] = cash_tile(user, today)
    if user.has_perm("worksites.view_worksite"):
        context["worksites"] = Worksite.objects.visible_to(user).with_team_size(today)
    if user.has_perm("outcomes.view_cohort"):
        context |= _outcomes(user, today)
    return render(request, "home.html", context)


def _team_figures(user: User, today: dt.date) -> dict[str, int]:
    """What those who steer know of the support under way: how much is late, how many people nobody has heard of."""
    agenda = Agenda(user, today, everybody=True)
    return {
        "late": agenda.late_count(),
        "silent": len(agenda.silent),
        "silence_days": agenda.silence_days,
    }


def _contract_endings(people, today: dt.date) -> list[Ending]:
    """The running contracts that end soon, of people whom no later contract keeps."""
    until = today + dt.timedelta(days=HORIZON_DAYS)
    later = Contract.objects.filter(start__gt=today).values("beneficiary")
    ending = (
        Contract.objects.ending_between(today, until)
        .filter(beneficiary__in=people)
        .exclude(beneficiary__in=later)
    )
    return [_ending(each.beneficiary, each.last_day, today) for each in ending.select_related("beneficiary")]


def _pass_endings(people, today: dt.date) -> list[Ending]:
    until = today + dt.timedelta(days=HORIZON_DAYS)
    ending = Pass.objects.filter(end__range=(today, until), beneficiary__in=people.present(today)).order_by(
        "end"
    )
    return [_ending(each.beneficiary, each.end, today) for each in ending.select_related("beneficiary")]


def _ending(beneficiary: Beneficiary, day: dt.date, today: dt.date) -> Ending:
    return Ending(beneficiary, day, (day - today).days)


def _outcomes(user: User, today: dt.date) -> dict[str, Any]:
    book = RuleBook.load()
    try:
        main = book.in_force(today)[0]
    except NoRuleInForce as problem:
        return {"problem": problem}
    verdict = verdict_name(main, main.main)
    exits = visible_exits(user).with_verdicts([main], book.reasons).select_related("beneficiary", "reason")
    undocumented = exits.filter(Q(**{verdict: Verdict.UNDOCUMENTED})).order_by("-left_on")
    return {"outlook": _outlook(today, book), "undocumented": list(undocumented)}


def _outlook(today: dt.date, book: RuleBook) -> Outlook | None:
    begun = Cohort.objects.prefetch_related("worksites").filter(start__lte=today).order_by("-end", "-start")
    cohort = begun.first()
    if cohort is None:
        return None
    result = compared([cohort], None, book)[0].result
    figures = target_figures(result)
    return Outlook(cohort, result, gauge_of(result), verdict_line(cohort.code, figures), range_line(figures))
