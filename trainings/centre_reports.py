"""The training centre's year: per programme the sessions, the hours, the people, and how trainings ended.

These are the figures of table T4 of the yearly report to the State: dates, days, hours, objective, kind, people.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString

from beneficiaries.reports import Status
from beneficiaries.time_enums import TimeKind
from confluences.exports import Column
from confluences.formats import number
from confluences.models import User
from confluences.month_chart import Month, month_chart
from trainings.centre_rules import ended_on
from trainings.hours_reports import gained_of, goals_of, hours
from trainings.matrix_rules import is_done, reached_on, total
from trainings.models import Attendance, Enrolment, Programme, Session

IS_THERE = Q(entry__kind__in=TimeKind.attended())
IS_AWAY = Q(entry__kind__in=TimeKind.absences())


@dataclass(frozen=True, kw_only=True)
class ProgrammeYear:
    """One programme in one year, or in `programme` None all of them.

    `followed` and `missed` are the minutes of everybody; `ended` counts the trainings that ended in the year and
    `completed` those of them with all that is required; `unfilled` the past sessions with somebody nobody wrote down.
    """

    programme: Programme | None
    people: int = 0
    sessions: int = 0
    days: int = 0
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    session_minutes: int = 0
    followed: int = 0
    missed: int = 0
    ended: int = 0
    completed: int = 0
    unfilled: int = 0

    @property
    def completed_in_words(self) -> str:
        return f"dont {number(self.completed)} complète{'s' if self.completed > 1 else ''}"

    @property
    def missed_share(self) -> Fraction | None:
        recorded = self.followed + self.missed
        return Fraction(self.missed, recorded) if recorded else None


@dataclass(frozen=True)
class Unfilled:
    """A past session with people of whom nothing is written; `written` counts the others."""

    session: Session
    awaited: int
    written: int

    @property
    def status(self) -> Status:
        if not self.written:
            return Status("rien de saisi", "late")
        people = "personne" if self.awaited == 1 else "personnes"
        return Status(f"{number(self.awaited)} {people} sans saisie", "soon")


@dataclass(frozen=True)
class CentreYear:
    """Every programme that lived in a year, the sessions to fill in, and the months."""

    year: int
    rows: tuple[ProgrammeYear, ...]
    all: ProgrammeYear
    unfilled: tuple[Unfilled, ...]
    chart: SafeString


COLUMNS = (
    Column("Action", lambda row: row.programme.name),
    Column("Nature", lambda row: row.programme.get_kind_display()),
    Column("Objectifs", lambda row: row.programme.goals),
    Column("Premier jour", lambda row: row.first_day),
    Column("Dernier jour", lambda row: row.last_day),
    Column("Jours", lambda row: row.days),
    Column("Séances", lambda row: row.sessions),
    Column("Heures de séance", lambda row: hours(row.session_minutes)),
    Column("Personnes", lambda row: row.people),
    Column("Heures suivies (toutes personnes)", lambda row: hours(row.followed)),
    Column("Heures d’absence", lambda row: hours(row.missed)),
    Column("Formations terminées", lambda row: row.ended),
    Column("dont complètes", lambda row: row.completed),
    Column("Séances à remplir", lambda row: row.unfilled),
)


def centre_year(user: User, year: int, today: dt.date) -> CentreYear:
    """The year as far as this user may see its people. A constant number of queries, whatever the programmes."""
    held = _held(year, today)
    attended = _attended(user, year)
    endings = _endings(user, year, today)
    unfilled = unfilled_sessions(user, year, today)
    awaiting: dict[int, int] = defaultdict(int)
    for row in unfilled:
        awaiting[row.session.programme_id] += 1
    known = {*held, *attended, *endings}
    rows = tuple(
        ProgrammeYear(
            programme=programme,
            unfilled=awaiting[programme.pk],
            **held.get(programme.pk, {}),
            **attended.get(programme.pk, {}),
            **endings.get(programme.pk, {}),
        )
        for programme in Programme.objects.visible_to(user)
        if programme.pk in known
    )
    people = (
        _recorded(user, year).filter(IS_THERE).aggregate(n=Count("enrolment__beneficiary", distinct=True))
    )
    return CentreYear(year, rows, _all(rows, people["n"]), tuple(unfilled), _months(user, year))


def _all(rows: Sequence[ProgrammeYear], people: int) -> ProgrammeYear:
    """Somebody in two programmes is one person."""
    return ProgrammeYear(
        programme=None,
        people=people,
        sessions=sum(row.sessions for row in rows),
        session_minutes=sum(row.session_minutes for row in rows),
        followed=sum(row.followed for row in rows),
        missed=sum(row.missed for row in rows),
        ended=sum(row.ended for row in rows),
        completed=sum(row.completed for row in rows),
        unfilled=sum(row.unfilled for row in rows),
    )


def _held(year: int, today: dt.date) -> dict[int, dict[str, Any]]:
    """The sessions up to today. Their minutes are those of their modules, which add up to them."""
    sessions = Session.objects.filter(day__year=year, day__lte=today).order_by()
    found = sessions.values("programme").annotate(
        sessions=Count("pk", distinct=True),
        days=Count("day", distinct=True),
        first_day=Min("day"),
        last_day=Max("day"),
        session_minutes=Sum("taught__minutes"),
    )
    return _by("programme", found)


def _recorded(user: User, year: int) -> QuerySet[Attendance]:
    return Attendance.objects.visible_to(user).filter(session__day__year=year).order_by()


def _attended(user: User, year: int) -> dict[int, dict[str, Any]]:
    found = (
        _recorded(user, year)
        .values("session__programme")
        .annotate(
            people=Count("enrolment__beneficiary", distinct=True, filter=IS_THERE),
            followed=Coalesce(Sum("entry__minutes", filter=IS_THERE), 0),
            missed=Coalesce(Sum("entry__minutes", filter=IS_AWAY), 0),
        )
    )
    return _by("session__programme", found)


def _endings(user: User, year: int, today: dt.date) -> dict[int, dict[str, Any]]:
    """The trainings that ended in the year, and those of them with all that is required."""
    first = dt.date(year, 1, 1)
    enrolments = list(
        Enrolment.objects.visible_to(user)
        .filter(Q(left_on=None) | Q(left_on__gte=first), enrolled_on__lte=dt.date(year, 12, 31))
        .select_related("programme")
        .prefetch_related("programme__modules", "beneficiary__contracts")
    )
    gained = gained_of(enrolments)
    counted: dict[int, dict[str, Any]] = defaultdict(lambda: {"ended": 0, "completed": 0})
    for row in enrolments:
        goals, gains = goals_of(row.programme), gained.get(row.pk, [])
        periods = [contract.period for contract in row.beneficiary.contracts.all()]
        end = ended_on(row.left_on, reached_on(goals, {}, gains), periods, row.enrolled_on, today)
        if end is None or end.year != year:
            continue
        counted[row.programme_id]["ended"] += 1
        counted[row.programme_id]["completed"] += is_done(goals, total(given for _day, given in gains))
    return dict(counted)


def unfilled_sessions(user: User, year: int, today: dt.date) -> list[Unfilled]:
    """The past sessions that awaited somebody under contract of whom nothing is written, the latest first."""
    written = Attendance.objects.visible_to(user).filter(session=OuterRef("pk"))
    sessions = Session.objects.visible_to(user).filter(day__year=year, day__lt=today)
    found = (
        sessions.select_related("programme")
        .annotate(awaited=_counted(_awaited(user), "programme"), written=_counted(written, "session"))
        .filter(awaited__gt=0)
        .order_by("-day", "-start", "pk")
    )
    return [Unfilled(session, session.awaited, session.written) for session in found]


def _awaited(user: User) -> QuerySet[Enrolment]:
    """The enrolments of which a session's sheet says nothing, though it awaited them that day."""
    day = OuterRef("day")
    contracts = "beneficiary__contracts__"
    attendance = Attendance.objects.filter(enrolment=OuterRef("pk"), session=OuterRef(OuterRef("pk")))
    rows: QuerySet[Enrolment] = (
        Enrolment.objects.visible_to(user)
        .filter(Q(left_on=None) | Q(left_on__gte=day), programme=OuterRef("programme"), enrolled_on__lte=day)
        .annotate(session_group=ExpressionWrapper(OuterRef("group"), output_field=CharField()))
        .filter(Q(session_group="") | Q(session_group=F("group")))
        .filter(
            Q(**{f"{contracts}end": None}) | Q(**{f"{contracts}end__gte": day}),
            Q(**{f"{contracts}ended_early_on": None}) | Q(**{f"{contracts}ended_early_on__gte": day}),
            **{f"{contracts}start__lte": day},
        )
        .filter(~Exists(attendance))
    )
    return rows


def _by(key: str, rows: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    return {row[key]: {name: value for name, value in row.items() if name != key} for row in rows}


def _counted(rows: QuerySet[Any], by: str) -> Coalesce:
    count = rows.order_by().values(by).annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


def _months(user: User, year: int) -> SafeString:
    found = (
        _recorded(user, year)
        .values("session__day__month")
        .annotate(
            done=Coalesce(Sum("entry__minutes", filter=IS_THERE), 0),
            missed=Coalesce(Sum("entry__minutes", filter=IS_AWAY), 0),
        )
    )
    by_month = {month: Month(**row) for month, row in _by("session__day__month", found).items()}
    return month_chart(
        [by_month.get(month, Month(done=0, missed=0)) for month in range(1, 13)],
        label=f"Heures de formation par mois, {year}",
        done="heures suivies (nombre)",
        missed="heures d’absence",
    )


def years_of(user: User, today: dt.date) -> Iterable[int]:
    """The years that hold a session, this one included, the latest first."""
    found = Session.objects.visible_to(user).dates("day", "year")
    return sorted({day.year for day in found} | {today.year}, reverse=True)
