"""The demonstration's trainings: the 230 hours of green spaces, given to one group that has finished and to one that runs.

Sessions are Tuesday and Thursday mornings. Attendance is written in bulk, thousands of rows at once; a test holds every
row to what the attendance sheet would accept.
"""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from beneficiaries.models import Beneficiary, TimeEntry
from beneficiaries.time_enums import AbsenceReason, TimeKind
from confluences.actions import save_recorded
from confluences.dates import day_after
from confluences.demo.files import day, rows
from confluences.models import User
from confluences.working_days import public_holiday
from trainings.models import (
    Attendance,
    AttendedModule,
    Enrolment,
    Module,
    Programme,
    Session,
    SessionModule,
)
from trainings.rules import spread

GREEN_SPACES = "Espaces verts, 230 heures"
TEACHING_DAYS = (2, 4)  # Tuesday and Thursday
MORNING = dt.time(9), 210  # minutes
TRAINER = "Exemple, formatrice en espaces verts"


def add_courses(today: dt.date, by: User) -> None:
    """Enrols both groups, plans their sessions, and records who was there until yesterday."""
    programme = Programme.objects.get(name=GREEN_SPACES)
    people = {person.file_number: person for person in Beneficiary.objects.all()}
    groups: dict[str, list[Enrolment]] = {}
    firsts: dict[str, dt.date] = {}
    for row in rows("inscriptions.csv", today):
        enrolment = Enrolment(
            programme=programme,
            beneficiary=people[row["dossier"]],
            group=row["groupe"],
            enrolled_on=day(row["inscrit"]),
            left_on=day(row["fin"]),
        )
        groups.setdefault(enrolment.group, []).append(save_recorded(enrolment, by=by))
        firsts[enrolment.group] = min(
            enrolment.enrolled_on, firsts.get(enrolment.group, enrolment.enrolled_on)
        )
    absences = {
        (row["dossier"], int(row["seance"])): AbsenceReason(row["motif"])
        for row in rows("absences_formation.csv", today)
    }
    for group, enrolments in groups.items():
        sessions = _plan(programme, group, firsts[group], by)
        _attend(sessions, enrolments, absences, today, by)


def _plan(programme: Programme, group: str, first: dt.date, by: User) -> list[Session]:
    """Half-days until every module has its hours, in the order of the programme."""
    start, length = MORNING
    total = programme.minutes
    mornings = _mornings(first)
    sessions, taught = [], []
    cuts = [*range(0, total, length), total]
    for begins, ends in pairwise(cuts):
        session = Session(
            programme=programme,
            group=group,
            day=next(mornings),
            start=start,
            end=(dt.datetime.combine(dt.date.min, start) + dt.timedelta(minutes=ends - begins)).time(),
            place="Champigny-sur-Marne",
            trainer=TRAINER,
            created_by=by,
            updated_by=by,
        )
        sessions.append(session)
        taught.append(list(_modules_between(programme, begins, ends)))
    Session.objects.bulk_create(sessions)
    SessionModule.objects.bulk_create(
        SessionModule(session=session, module=module, minutes=minutes)
        for session, parts in zip(sessions, taught, strict=True)
        for module, minutes in parts
    )
    return sessions


def _mornings(first: dt.date) -> Iterator[dt.date]:
    current = first
    while True:
        if current.isoweekday() in TEACHING_DAYS and not public_holiday(current):
            yield current
        current = day_after(current)


def _modules_between(programme: Programme, begins: int, ends: int) -> Iterator[tuple[Module, int]]:
    """What the minutes from `begins` to `ends` of the programme teach."""
    reached = 0
    for module in programme.modules.all():
        shared = min(ends, reached + module.minutes) - max(begins, reached)
        if shared > 0:
            yield module, shared
        reached += module.minutes


def _attend(
    sessions: list[Session],
    enrolments: list[Enrolment],
    absences: dict[tuple[str, int], AbsenceReason],
    today: dt.date,
    by: User,
) -> None:
    entries, attendances, attended = [], [], []
    past = [session for session in sessions if session.day < today]
    # The last one waits for its sheet to be filled.
    for number, session in enumerate(past[:-1] if len(past) < len(sessions) else past, start=1):
        shares = {row.module_id: row.minutes for row in session.taught.all()}
        for enrolment in enrolments:
            if not enrolment.is_active(session.day):
                continue
            reason = absences.get((enrolment.beneficiary.file_number, number))
            entry = _entry(session, enrolment, reason, by)
            attendance = Attendance(
                session=session, enrolment=enrolment, entry=entry, created_by=by, updated_by=by
            )
            entries.append(entry)
            attendances.append(attendance)
            if reason is None:
                attended += [
                    AttendedModule(attendance=attendance, module_id=module, minutes=minutes)
                    for module, minutes in spread(entry.minutes, shares).items()
                ]
    TimeEntry.objects.bulk_create(entries)
    Attendance.objects.bulk_create(attendances)
    AttendedModule.objects.bulk_create(attended)


def _entry(session: Session, enrolment: Enrolment, reason: AbsenceReason | None, by: User) -> TimeEntry:
    return TimeEntry(
        beneficiary=enrolment.beneficiary,
        day=session.day,
        start=session.start,
        kind=reason.usual_kind if reason else TimeKind.TRAINING,
        reason=reason or "",
        minutes=session.minutes,
        created_by=by,
        updated_by=by,
    )
