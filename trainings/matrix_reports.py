"""People × modules: what each has done, what is planned, and when each will finish. A constant number of queries."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from beneficiaries.reports import Status, worksites_of
from confluences.charts import Bar, Layer
from confluences.exports import Column
from confluences.formats import duration, hours_and_minutes
from confluences.models import User
from trainings.enums import Finish
from trainings.forecast_rules import Forecast, forecast
from trainings.hours_reports import gained_of, goals_of, hours
from trainings.matrix_rules import (
    Goal,
    Meeting,
    Minutes,
    ModuleStanding,
    current_stay,
    total,
)
from trainings.models import Attendance, Enrolment, Programme, Session
from trainings.rules import is_expected

KINDS = {
    Finish.DONE: "ok",
    Finish.IN_TIME: "ok",
    Finish.LATE: "late",
    Finish.NOT_PLANNED: "soon",
    Finish.STOPPED: "neutral",
}
BAR_KINDS = {Finish.DONE: "strong", Finish.STOPPED: "soft"}


@dataclass(frozen=True)
class Standing:
    """One person in one programme, on a day: the hours of each module, the forecast, the sessions to come.

    `unfilled` are the past sessions that awaited the person and where nobody wrote whether he or she was there.
    """

    enrolment: Enrolment
    worksites: str
    modules: tuple[ModuleStanding, ...]
    forecast: Forecast
    upcoming: tuple[Meeting, ...]
    unfilled: tuple[Meeting, ...]

    @property
    def minutes(self) -> int:
        return self.enrolment.programme.minutes

    @property
    def done(self) -> int:
        return sum(module.counted for module in self.modules)

    @property
    def left(self) -> int:
        return self.minutes - self.done

    @property
    def planned(self) -> int:
        """What the sessions to come still count for."""
        return sum(module.to_come for module in self.modules)

    @property
    def required(self) -> int:
        return sum(module.required for module in self.modules)

    @property
    def in_words(self) -> str:
        return f"{hours_and_minutes(self.done)} / {hours_and_minutes(self.minutes)}"

    @property
    def status(self) -> Status:
        return Status(self.forecast.state.label, KINDS[self.forecast.state])

    @property
    def finish_on(self) -> dt.date | None:
        """The day the person finishes or finished; nobody finishes who stopped."""
        return None if self.forecast.state == Finish.STOPPED else self.forecast.day


@dataclass(frozen=True)
class ModuleTotal:
    """One module for everybody: the hours done, and how many people have all that is required."""

    name: str
    minutes: int
    done: int
    people_done: int


@dataclass(frozen=True)
class Matrix:
    """The people of a programme and what each has done of its modules."""

    programme: Programme
    goals: tuple[Goal, ...]
    rows: tuple[Standing, ...]

    @property
    def totals(self) -> list[ModuleTotal]:
        return [
            ModuleTotal(
                goal.name,
                goal.minutes,
                sum(row.modules[place].counted for row in self.rows),
                sum(not row.modules[place].missing for row in self.rows),
            )
            for place, goal in enumerate(self.goals)
        ]

    @property
    def done(self) -> int:
        return sum(row.done for row in self.rows)

    def count(self, *states: Finish) -> int:
        return sum(row.forecast.state in states for row in self.rows)


def matrix_of(programme: Programme, enrolments: QuerySet[Enrolment], today: dt.date) -> Matrix:
    """The matrix of some of a programme's enrolments, by name."""
    rows = standings(enrolments.filter(programme=programme), today)
    return Matrix(programme, goals_of(programme), tuple(rows))


def standings(enrolments: QuerySet[Enrolment], today: dt.date) -> list[Standing]:
    """Where the people of these enrolments stand, whatever their programmes, by name.

    `assignments` is the worksites app's link to people: a name, not an import.
    """
    rows = list(
        enrolments.select_related("beneficiary", "programme")
        .prefetch_related(
            "programme__modules", "beneficiary__contracts", "beneficiary__assignments__worksite"
        )
        .order_by("beneficiary__search_key", "programme__name", "pk")
    )
    known = _Known(rows)
    return [_standing(row, known, today) for row in rows]


class _Known:
    """What the database says of some enrolments, read once for all of them."""

    def __init__(self, rows: Sequence[Enrolment]) -> None:
        self.gained = gained_of(rows)
        people = {row.beneficiary_id for row in rows}
        self.enrolments: dict[int, list[Enrolment]] = defaultdict(list)
        for row in Enrolment.objects.filter(beneficiary__in=people):
            self.enrolments[row.beneficiary_id].append(row)
        recorded = Attendance.objects.filter(enrolment__beneficiary__in=people)
        self.recorded = set(recorded.values_list("enrolment", "session"))
        self.meetings = _meetings(row for each in self.enrolments.values() for row in each)

    def expected(self, row: Enrolment) -> list[Meeting]:
        """The sessions that await somebody while enrolled, and where nothing is written of him or her."""
        return [meeting for meeting in self._open(row) if is_expected(meeting.group, row.group)]

    def offered(self, row: Enrolment) -> list[Meeting]:
        """The sessions of other groups of the same programme, while enrolled."""
        return [meeting for meeting in self._open(row) if not is_expected(meeting.group, row.group)]

    def busy(self, person: int) -> list[Meeting]:
        """The sessions, of whatever programme, where somebody is expected or written down."""
        return [
            meeting
            for row in self.enrolments[person]
            for meeting in self.meetings[row.programme_id]
            if (row.pk, meeting.key) in self.recorded
            or (is_expected(meeting.group, row.group) and row.is_active(meeting.day))
        ]

    def _open(self, row: Enrolment) -> list[Meeting]:
        return [
            meeting
            for meeting in self.meetings[row.programme_id]
            if row.is_active(meeting.day) and (row.pk, meeting.key) not in self.recorded
        ]


def _meetings(enrolments: Iterable[Enrolment]) -> dict[int, list[Meeting]]:
    """The sessions of the programmes that these enrolments follow, from the first enrolment on, in order."""
    rows = list(enrolments)
    found: dict[int, list[Meeting]] = defaultdict(list)
    sessions = Session.objects.filter(
        programme__in={row.programme_id for row in rows},
        day__gte=min((row.enrolled_on for row in rows), default=dt.date.max),
    )
    for session in sessions.prefetch_related("taught").order_by("day", "start", "pk"):
        gives = {taught.module_id: taught.minutes for taught in session.taught.all()}
        place = (session.day, session.start, session.end, session.group)
        found[session.programme_id].append(Meeting(session.pk, *place, gives))
    return found


def _standing(row: Enrolment, known: _Known, today: dt.date) -> Standing:
    goals = goals_of(row.programme)
    gained = known.gained.get(row.pk, [])
    periods = [contract.period for contract in row.beneficiary.contracts.all()]
    stay = current_stay(periods, today)
    expected = known.expected(row)
    own = [meeting for meeting in expected if meeting.day >= today]
    upcoming = [meeting for meeting in own if stay is not None and stay.contains(meeting.day)]
    found = forecast(
        goals,
        gained,
        own,
        [meeting for meeting in known.offered(row) if meeting.day >= today],
        known.busy(row.beneficiary_id),
        stay=stay,
        left_on=row.left_on,
        today=today,
    )
    past = [meeting for meeting in expected if meeting.day < today]
    return Standing(
        enrolment=row,
        worksites=worksites_of(row.beneficiary, today),
        modules=_modules(goals, total(given for _day, given in gained), upcoming),
        forecast=found,
        upcoming=tuple(upcoming),
        unfilled=tuple(
            meeting for meeting in past if any(period.contains(meeting.day) for period in periods)
        ),
    )


def _modules(goals: Sequence[Goal], done: Minutes, upcoming: Sequence[Meeting]) -> tuple[ModuleStanding, ...]:
    planned = total(meeting.gives for meeting in upcoming)
    return tuple(
        ModuleStanding(
            name=goal.name,
            minutes=goal.minutes,
            done=done.get(goal.key, 0),
            required=goal.required,
            planned=planned.get(goal.key, 0),
        )
        for goal in goals
    )


@dataclass(frozen=True)
class SessionLine:
    """A session to come, or past and unfilled, with the modules it teaches in words."""

    meeting: Meeting
    taught: str


def session_lines(goals: Sequence[Goal], meetings: Iterable[Meeting]) -> list[SessionLine]:
    return [
        SessionLine(meeting, ", ".join(goal.name for goal in goals if goal.key in meeting.gives))
        for meeting in meetings
    ]


@dataclass(frozen=True)
class PastSessions:
    """The sessions where it is written whether somebody was there, the latest first, and how often each reason."""

    rows: tuple[Attendance, ...]
    reasons: tuple[tuple[str, int], ...]

    @property
    def attended(self) -> int:
        return len(self.rows) - self.missed

    @property
    def missed(self) -> int:
        return sum(count for _reason, count in self.reasons)


def attendance_of(enrolment: Enrolment, user: User) -> PastSessions:
    found = Attendance.objects.visible_to(user).filter(enrolment=enrolment)
    rows = tuple(found.select_related("session", "entry").order_by("-session__day", "-session__start"))
    reasons = Counter(str(row.entry.get_reason_display()) for row in rows if row.entry.reason)
    return PastSessions(rows, tuple(reasons.most_common()))


# As files and as a picture


def matrix_columns(programme: Programme) -> list[Column]:
    """The columns of the matrix as a file: hours are numbers, empty is never 0."""
    modules = [
        Column(f"{goal.name} ({duration(goal.minutes)})", _module_hours(place))
        for place, goal in enumerate(goals_of(programme))
    ]
    return [
        Column("Nom", lambda row: row.enrolment.beneficiary.last_name),
        Column("Prénom", lambda row: row.enrolment.beneficiary.first_name),
        Column("Chantier", lambda row: row.worksites),
        Column("Groupe", lambda row: row.enrolment.group),
        Column("Heures faites", lambda row: hours(row.done)),
        Column("Heures restantes", lambda row: hours(row.left)),
        Column("Heures prévues", lambda row: hours(row.planned)),
        Column("Finit le", lambda row: row.finish_on),
        Column("Fin de contrat", lambda row: row.forecast.last_day),
        Column("État", lambda row: row.forecast.state.label),
        Column("Précision", lambda row: row.forecast.sentence),
        *modules,
    ]


def _module_hours(place: int) -> Any:
    return lambda row: hours(row.modules[place].counted)


def training_layer(rows: Iterable[Standing]) -> Layer:
    """The trainings of one person on the journey: from enrolment to its end, planned or real."""
    return Layer(label="Formations", bars=[_bar(row) for row in rows])


def _bar(row: Standing) -> Bar:
    start = row.enrolment.enrolled_on
    ends = [day for day in (row.enrolment.left_on, row.forecast.day, row.forecast.last_day) if day]
    end = next((day for day in ends if day >= start), None)
    label = f"{hours_and_minutes(row.done)} sur {hours_and_minutes(row.minutes)}, {row.enrolment.programme}"
    return Bar(start=start, end=end, label=label, kind=BAR_KINDS.get(row.forecast.state, "warm"))
