"""The instructor's weekly sheet: who is expected when, what has to be done, and nothing of anybody's private life."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from beneficiaries.models import Beneficiary
from beneficiaries.models.person import BeneficiaryQuerySet
from beneficiaries.reports import for_rows
from confluences.dates import add_days
from confluences.formats import clock, duration
from confluences.models import User
from confluences.working_days import public_holiday
from trainings.models import Session
from worksites.equipment_reports import DueLine, due_lines
from worksites.models import Assignment, Equipment, JobOrder, Worksite
from worksites.plan_reports import DayPlan, day_plans

WORKING_WEEK = 5
DAY_NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
# So that the sheet of a usual team stays on one page; what is left out is counted.
MOST_LINES = 5
LEAST_REMARK_LINES = 4


@dataclass(frozen=True)
class SheetDay:
    """A column of the sheet."""

    day: dt.date
    holiday: str | None

    @property
    def name(self) -> str:
        return DAY_NAMES[self.day.weekday()]


@dataclass(frozen=True)
class Cell:
    """Somebody's day on the sheet: planned hours, what takes the person away, and whether there is a box to tick."""

    hours: str = ""
    lines: tuple[str, ...] = ()
    kind: str = ""  # "off": nobody waits for this person
    to_tick: bool = False


@dataclass(frozen=True)
class SheetRow:
    """Somebody's week."""

    person: Beneficiary
    cells: Sequence[Cell]
    minutes: int


@dataclass(frozen=True)
class JobLine:
    """A client job as the sheet tells it."""

    job: JobOrder
    left: int

    @property
    def words(self) -> str:
        if self.left < 0:
            return f"{duration(-self.left)} de plus que le devis"
        return f"reste {duration(self.left)}" if self.left else "heures du devis atteintes"


@dataclass(frozen=True)
class SessionLine:
    """The sessions of a week that are alike but for their day."""

    session: Session
    days: Sequence[dt.date]

    @property
    def days_in_words(self) -> str:
        return ", ".join(f"{DAY_NAMES[day.weekday()]} {day.day}" for day in self.days)


@dataclass(frozen=True)
class WeekSheet:
    """All that the sheet says."""

    worksite: Worksite
    monday: dt.date
    days: Sequence[SheetDay]
    rows: Sequence[SheetRow]
    sessions: Sequence[SessionLine]
    jobs: Sequence[JobLine]
    equipment: Sequence[DueLine]

    @property
    def sunday(self) -> dt.date:
        return add_days(self.monday, 6)

    @property
    def first_jobs(self) -> Sequence[JobLine]:
        return self.jobs[:MOST_LINES]

    @property
    def more_jobs(self) -> int:
        return max(len(self.jobs) - MOST_LINES, 0)

    @property
    def first_equipment(self) -> Sequence[DueLine]:
        return self.equipment[:MOST_LINES]

    @property
    def more_equipment(self) -> int:
        return max(len(self.equipment) - MOST_LINES, 0)

    @property
    def first_sessions(self) -> Sequence[SessionLine]:
        return self.sessions[:MOST_LINES]

    @property
    def more_sessions(self) -> int:
        return max(len(self.sessions) - MOST_LINES, 0)

    @property
    def remark_lines(self) -> range:
        """Lines to write on: the room that a small team leaves."""
        return range(max(LEAST_REMARK_LINES, 14 - len(self.rows)))


def monday_of(day: dt.date) -> dt.date:
    """The Monday of a day's week.

    >>> monday_of(dt.date(2026, 11, 25))
    datetime.date(2026, 11, 23)
    """
    return add_days(day, -day.weekday())


def week_sheet(user: User, worksite: Worksite, monday: dt.date) -> WeekSheet:
    """The sheet of a week that begins on a Monday, in a constant number of queries."""
    week = [add_days(monday, offset) for offset in range(7)]
    people = list(for_rows(_team(user, worksite, week)))
    plans = day_plans(people, week)
    shown = [day for day in week if _is_shown(day, worksite, people, plans)]
    rows = [_row(person, worksite, shown, plans) for person in people]
    expected = {
        session.pk: session
        for (_person, day), plan in plans.items()
        if plan.worksite_id == worksite.pk and day in shown
        for session in plan.sessions
    }
    return WeekSheet(
        worksite=worksite,
        monday=monday,
        days=[SheetDay(day, public_holiday(day)) for day in shown],
        rows=rows,
        sessions=_session_lines(expected.values()),
        jobs=_jobs(user, worksite, week),
        equipment=due_lines(Equipment.objects.visible_to(user).filter(worksite=worksite), monday),
    )


def _team(user: User, worksite: Worksite, week: Sequence[dt.date]) -> BeneficiaryQuerySet:
    """Who is assigned here and under contract on one day of the week at least.

    Somebody who begins next Monday is on next week's sheet, though an instructor does not see that file yet today.
    """
    visible = reduce(or_, (Beneficiary.objects.visible_to(user, day) for day in week))
    employed = reduce(or_, (Beneficiary.objects.present(day) for day in week))
    here = reduce(or_, (Assignment.objects.filter(worksite=worksite).current(day) for day in week))
    return visible.filter(pk__in=here.values("beneficiary")).filter(pk__in=employed.values("pk"))


def _is_shown(
    day: dt.date, worksite: Worksite, people: Sequence[Beneficiary], plans: dict[tuple[int, dt.date], DayPlan]
) -> bool:
    """Monday to Friday; a day of the weekend where somebody is awaited here."""
    if day.isoweekday() <= WORKING_WEEK:
        return True
    of_day = [plans[person.pk, day] for person in people]
    return any(plan.worksite_id == worksite.pk and (plan.planned or plan.in_training) for plan in of_day)


def _row(
    person: Beneficiary,
    worksite: Worksite,
    days: Sequence[dt.date],
    plans: dict[tuple[int, dt.date], DayPlan],
) -> SheetRow:
    mine = [plans[person.pk, day] for day in days]
    cells = [_cell(plan, worksite, day) for plan, day in zip(mine, days, strict=True)]
    minutes = sum(plan.planned for plan in mine if plan.worksite_id == worksite.pk)
    return SheetRow(person, cells, minutes)


def _cell(plan: DayPlan, worksite: Worksite, day: dt.date) -> Cell:
    if not plan.employed:
        return Cell(lines=("hors contrat",), kind="off")
    if plan.worksite_id != worksite.pk:
        return Cell(lines=("autre chantier" if plan.worksite_id else "non affecté",), kind="off")
    if public_holiday(day) and not plan.in_training:
        return Cell(lines=("férié",), kind="off")
    if plan.is_away:
        return Cell(lines=("absent",), kind="off")
    lines = tuple(_lines(plan))
    if not plan.planned and not lines:
        return Cell(lines=("–",), kind="off")
    return Cell(hours=duration(plan.planned) if plan.planned else "", lines=lines, to_tick=True)


def _lines(plan: DayPlan) -> list[str]:
    lines = []
    if plan.sessions:
        start = min(session.start for session in plan.sessions)
        end = max(session.end for session in plan.sessions)
        lines.append(f"formation {clock(start)} – {clock(end)}")
    elif plan.training:
        lines.append(f"formation {duration(plan.training)}")
    if plan.immersion:
        whole = plan.immersion >= plan.planned
        lines.append("immersion" if whole else f"immersion {duration(plan.immersion)}")
    if plan.absent:
        lines.append(f"absent {duration(plan.absent)}")
    return lines


def _session_lines(sessions: Iterable[Session]) -> list[SessionLine]:
    """The first of the week first; those alike but for their day stand together."""
    alike: dict[tuple[object, ...], list[Session]] = {}
    for each in sorted(sessions, key=lambda session: (session.day, session.start, session.pk)):
        alike.setdefault((each.programme_id, each.start, each.end, each.place), []).append(each)
    return [SessionLine(found[0], sorted({session.day for session in found})) for found in alike.values()]


def _jobs(user: User, worksite: Worksite, week: Sequence[dt.date]) -> list[JobLine]:
    jobs = JobOrder.objects.visible_to(user).filter(worksite=worksite).select_related("client")
    open_then = reduce(or_, (jobs.open_on(day) for day in week))
    return [JobLine(job, job.quoted_minutes - job.done) for job in open_then.with_done()]
