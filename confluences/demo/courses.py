"""The demonstration's trainings: the 230 hours of green spaces, given to one group that has finished and to one that runs.

Sessions are Tuesday and Thursday mornings. Attendance is written in bulk, thousands of rows at once; a test holds every
row to what the attendance sheet would accept.
"""

import datetime as dt

from beneficiaries.models import Beneficiary, TimeEntry
from beneficiaries.time_enums import AbsenceReason, TimeKind
from confluences.actions import save_recorded
from confluences.dates import add_days
from confluences.demo.files import day, rows
from confluences.models import User
from trainings.certificate_actions import issue_certificate
from trainings.enums import CertificateKind
from trainings.models import Attendance, AttendedModule, Enrolment, Programme, Session, SessionModule
from trainings.rules import spread
from trainings.session_actions import plan_session
from trainings.session_rules import HalfDay, plan_series

GREEN_SPACES = "Espaces verts, 230 heures"
MORNINGS = [HalfDay(weekday, dt.time(9), dt.time(12, 30)) for weekday in (2, 4)]  # Tuesday and Thursday
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
        _attend([session for session in sessions if session.day < today], enrolments, absences, by)
    _add_waiting_session(today, by)
    for row in rows("certificats.csv", today):
        enrolment = Enrolment.objects.get(programme=programme, beneficiary=people[row["dossier"]])
        issue_certificate(enrolment, CertificateKind(row["papier"]), by=by, today=day(row["delivre"]))


def _plan(programme: Programme, group: str, first: dt.date, by: User) -> list[Session]:
    """Half-days until every module has its hours, in the order of the programme."""
    planned = plan_series(first, MORNINGS, {module: module.minutes for module in programme.modules.all()})
    sessions = [
        Session(
            programme=programme,
            group=group,
            day=each.day,
            start=each.start,
            end=each.end,
            place="Champigny-sur-Marne",
            trainer=TRAINER,
            created_by=by,
            updated_by=by,
        )
        for each in planned
    ]
    Session.objects.bulk_create(sessions)
    SessionModule.objects.bulk_create(
        SessionModule(session=session, module=module, minutes=minutes)
        for session, each in zip(sessions, planned, strict=True)
        for module, minutes in each.taught
    )
    return sessions


def _attend(
    sessions: list[Session],
    enrolments: list[Enrolment],
    absences: dict[tuple[str, int], AbsenceReason],
    by: User,
) -> None:
    entries, attendances, attended = [], [], []
    for number, session in enumerate(sessions, start=1):
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


def _add_waiting_session(today: dt.date, by: User) -> None:
    """Two people in basic skills, and a half-day of these weeks whose sheet nobody has filled."""
    programme = Programme.objects.get(name="Savoirs de base")
    for row in rows("inscriptions_savoirs.csv", today):
        person = Beneficiary.objects.get(file_number=row["dossier"])
        enrolment = Enrolment(programme=programme, beneficiary=person, enrolled_on=day(row["inscrit"]))
        save_recorded(enrolment, by=by)
    morning = HalfDay(5, dt.time(9), dt.time(11))  # Friday, when nobody works
    [planned] = plan_series(
        add_days(today, -21), [morning], {programme.modules.first(): morning.minutes}, at_most=1
    )
    session = Session(
        programme=programme,
        day=planned.day,
        start=planned.start,
        end=planned.end,
        place="Fresnes",
        trainer=TRAINER,
    )
    plan_session(session, dict(planned.taught), by=by)


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
