"""The papers of a training: attendance sheets to sign, the programme, somebody's statement of hours.

None of them says why somebody was absent: where other reasons were printed, a missing one would tell of health.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from beneficiaries.time_enums import TimeKind
from confluences.formats import duration, french_date
from confluences.models import User
from confluences.pdf import render_pdf
from trainings.hours_reports import hours_by_module
from trainings.models import Attendance, Enrolment, Programme, Session
from trainings.rules import ModuleHours, required_minutes

ABSENT = "absent"
# For people whom nobody expected: enough for a half-day.
BLANK_LINES = 3
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NOON = dt.time(12)


@dataclass(frozen=True)
class SheetLine:
    """Somebody's line of an attendance sheet; `recorded` is empty until attendance is."""

    name: str
    recorded: str


@dataclass(frozen=True)
class PaperSheet:
    """A half-day to sign."""

    session: Session
    half_day: str
    modules: Sequence[tuple[str, int]]
    lines: Sequence[SheetLine]
    blank_lines: range
    is_recorded: bool


@dataclass(frozen=True)
class StatementLine:
    """One session of somebody's statement: what it taught, and what was done there."""

    session: Session
    modules: str
    minutes: int
    is_absent: bool


@dataclass(frozen=True)
class Statement:
    """Somebody's hours in a programme until a day."""

    enrolment: Enrolment
    until: dt.date
    modules: Sequence[ModuleHours]
    lines: Sequence[StatementLine]

    @property
    def done(self) -> int:
        return sum(module.done for module in self.modules)

    @property
    def absent(self) -> int:
        return sum(line.is_absent for line in self.lines)

    @property
    def left(self) -> int:
        """Minutes still to follow, module by module: hours beyond one module's do not make up for another's."""
        return sum(module.left for module in self.modules)

    @property
    def required(self) -> int:
        return sum(module.required for module in self.modules)


def half_day(start: dt.time) -> str:
    """
    >>> half_day(dt.time(9)), half_day(dt.time(13, 30))
    ('matin', 'après-midi')
    """
    return "matin" if start < NOON else "après-midi"


def session_title(session: Session) -> str:
    day = session.day
    return f"{WEEKDAYS[day.weekday()]} {french_date(day)}, {half_day(session.start)}"


def sheets(sessions: Iterable[Session], user: User) -> list[PaperSheet]:
    """The sheets of sessions, with the people that this user may see. The same number of queries for one or many."""
    sessions = list(
        Session.objects.filter(pk__in=[session.pk for session in sessions])
        .select_related("programme")
        .prefetch_related("taught__module")
    )
    enrolments = _enrolments(sessions, user)
    recorded = _recorded(sessions, user)
    return [_sheet(session, enrolments[session.programme_id], recorded[session.pk]) for session in sessions]


def attendance_sheets_pdf(sessions: Sequence[Session], user: User) -> bytes:
    """A page for each session, to sign; what is already recorded is printed beside each name."""
    context = {
        "sheets": sheets(sessions, user),
        # An instructor's sheet names his or her own people alone, and says so.
        "is_partial": not user.has_perm("beneficiaries.view_entrysituation"),
    }
    title = "Feuille d’émargement" if len(sessions) == 1 else "Feuilles d’émargement"
    return render_pdf("pdf/attendance_sheets.html", context, title=title)


def programme_pdf(programme: Programme, today: dt.date) -> bytes:
    required = [
        required_minutes(module.minutes, programme.required_percent) for module in programme.modules.all()
    ]
    context = {"programme": programme, "required": sum(required), "today": today}
    return render_pdf("pdf/programme.html", context, title=programme.name)


def statement_of(enrolment: Enrolment, until: dt.date) -> Statement:
    attendances = (
        Attendance.objects.filter(enrolment=enrolment, session__day__lte=until)
        .select_related("session", "entry")
        .prefetch_related("session__taught__module")
        .order_by("session__day", "session__start")
    )
    lines = [
        StatementLine(
            attendance.session,
            ", ".join(row.module.name for row in attendance.session.taught.all()),
            0 if _is_absent(attendance) else attendance.entry.minutes,
            _is_absent(attendance),
        )
        for attendance in attendances
    ]
    modules = hours_by_module([enrolment], until=until)[enrolment.pk]
    return Statement(enrolment, until, modules, lines)


def statement_pdf(enrolment: Enrolment, until: dt.date) -> bytes:
    context = {"statement": statement_of(enrolment, until)}
    return render_pdf("pdf/statement.html", context, title="Relevé individuel de formation")


def sessions_between(programme: Programme, first: dt.date, last: dt.date) -> QuerySet[Session]:
    return Session.objects.filter(programme=programme, day__range=(first, last))


def _enrolments(sessions: Iterable[Session], user: User) -> dict[int, list[Enrolment]]:
    rows = (
        Enrolment.objects.visible_to(user)
        .filter(programme__in={session.programme_id for session in sessions})
        .select_related("beneficiary")
        .prefetch_related("beneficiary__contracts")
        .order_by("beneficiary__search_key", "pk")
    )
    by_programme: dict[int, list[Enrolment]] = defaultdict(list)
    for row in rows:
        by_programme[row.programme_id].append(row)
    return by_programme


def _recorded(sessions: Iterable[Session], user: User) -> dict[int, dict[int, str]]:
    """For each session, what is recorded by enrolment."""
    rows = Attendance.objects.visible_to(user).filter(session__in=sessions).select_related("entry")
    by_session: dict[int, dict[int, str]] = defaultdict(dict)
    for row in rows:
        by_session[row.session_id][row.enrolment_id] = (
            ABSENT if _is_absent(row) else duration(row.entry.minutes)
        )
    return by_session


def _sheet(session: Session, enrolments: Sequence[Enrolment], recorded: dict[int, str]) -> PaperSheet:
    expected = [each for each in enrolments if each.pk in recorded or session.expects(each)]
    return PaperSheet(
        session=session,
        half_day=session_title(session),
        modules=[(row.module.name, row.minutes) for row in session.taught.all()],
        lines=[SheetLine(str(each.beneficiary), recorded.get(each.pk, "")) for each in expected],
        blank_lines=range(BLANK_LINES),
        is_recorded=bool(recorded),
    )


def _is_absent(attendance: Attendance) -> bool:
    return attendance.entry.kind in TimeKind.absences()
