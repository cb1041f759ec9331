"""Trainings as tests need them: the least that is valid, and nothing surprising."""

import datetime as dt
from itertools import count

from beneficiaries.models import Beneficiary
from beneficiaries.time_enums import TimeKind
from beneficiaries.time_rules import Part
from confluences.actions import save_recorded
from confluences.models import Structure
from tests.beneficiaries.factories import make_contract
from trainings.attendance_actions import AttendanceChange, record_attendance
from trainings.certificate_actions import issue_certificate
from trainings.enums import CertificateKind
from trainings.models import Attendance, Certificate, Enrolment, Module, Programme, Session
from trainings.programme_actions import save_programme
from trainings.session_actions import save_session

_numbers = count(1)
THERE = Part(TimeKind.TRAINING, 210)


def make_programme(*modules: int, **fields) -> Programme:
    """A programme whose modules have these minutes; two of 210 where none is said, all of it required."""
    minutes = modules or (210, 210)
    fields = {"name": f"Programme {next(_numbers)}", "minutes": sum(minutes)} | fields
    rows = [Module(name=f"Module {place}", minutes=each) for place, each in enumerate(minutes, start=1)]
    return save_programme(Programme(**fields), rows, by=None)


def make_session(
    programme: Programme | None = None,
    day: dt.date = dt.date(2024, 3, 4),
    module: Module | None = None,
    **fields,
) -> Session:
    """A morning from 9:00 to 12:30 that teaches one module, the first where none is said."""
    programme = programme or make_programme()
    fields = {"start": dt.time(9), "end": dt.time(12, 30)} | fields
    session = Session(programme=programme, day=day, **fields)
    return save_session(session, {module or programme.modules.first(): session.minutes}, by=None)


def make_enrolment(
    programme: Programme | None = None, beneficiary: Beneficiary | None = None, **fields
) -> Enrolment:
    """Somebody under contract in 2024, enrolled on 1 January 2024."""
    fields = {"enrolled_on": dt.date(2024, 1, 1)} | fields
    row = Enrolment(
        programme=programme or make_programme(),
        beneficiary=beneficiary or make_contract().beneficiary,
        **fields,
    )
    return save_recorded(row, by=None)


def attend(session: Session, enrolment: Enrolment, part: Part = THERE) -> Attendance:
    """Records somebody at a session, there for its 3 h 30 where nothing else is said."""
    record_attendance(session, [AttendanceChange(enrolment=enrolment, part=part)], by=None, today=session.day)
    return Attendance.objects.get(session=session, enrolment=enrolment)


def make_structure(**fields) -> Structure:
    """The association, with all that its papers print."""
    fields = {
        "name": "Association Exemple",
        "address": "1 rue des Lilas",
        "postcode": "94110",
        "city": "Arcueil",
        "signatory_name": "Dominique Exemple",
        "signatory_title": "directrice",
    } | fields
    return Structure.objects.update_or_create(pk=1, defaults=fields)[0]


def make_certificate(
    enrolment: Enrolment | None = None,
    kind: CertificateKind = CertificateKind.REALISATION,
    *,
    by=None,
    today: dt.date = dt.date(2024, 6, 30),
) -> Certificate:
    """The paper of somebody who followed a programme of one half-day; that of an enrolment needs its attendance."""
    if not Structure.current().signatory_name:
        make_structure()
    if enrolment is None:
        enrolment = make_enrolment(make_programme(210))
        attend(make_session(enrolment.programme), enrolment)
    return issue_certificate(enrolment, kind, by=by, today=today)[0]
