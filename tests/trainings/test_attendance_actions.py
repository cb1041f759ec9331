"""Attendance written: one place at a time, and hours that worksites share."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from beneficiaries.models import TimeEntry
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from tests.beneficiaries.factories import make_contract, make_time
from tests.threads import at_once
from tests.trainings.factories import THERE, attend, make_enrolment, make_programme, make_session
from trainings.attendance_actions import AttendanceChange, AttendanceConflict, record_attendance
from trainings.models import Attendance, AttendedModule
from trainings.session_actions import save_session

DAY = dt.date(2024, 3, 4)
AWAY = Part(TimeKind.UNPAID_ABSENCE, 210, AbsenceReason.HEALTH)


@pytest.mark.django_db
def test_attendance_is_one_entry_and_its_modules():
    session = make_session()
    first, second = session.programme.modules.all()
    save_session(session, {first: 60, second: 150}, by=None)
    enrolment = make_enrolment(session.programme)
    make_time(enrolment.beneficiary, DAY, minutes=312)  # planned: 26 h over five days
    attendance = attend(session, enrolment, Part(TimeKind.TRAINING, 100))
    assert sorted(entry.part for entry in TimeEntry.objects.all()) == sorted(
        [Part(TimeKind.WORK, 212), Part(TimeKind.TRAINING, 100)]
    )
    assert list(attendance.attended.values_list("module", "minutes")) == [(first.pk, 29), (second.pk, 71)]
    record_attendance(
        session,
        [AttendanceChange(enrolment=enrolment, part=AWAY, seen=attendance.entry.part)],
        by=None,
        today=session.day,
    )
    assert not AttendedModule.objects.exists()
    assert Attendance.objects.get().entry.part == AWAY
    record_attendance(
        session, [AttendanceChange(enrolment=enrolment, part=None, seen=AWAY)], by=None, today=session.day
    )
    assert not Attendance.objects.exists()
    assert not TimeEntry.objects.exclude(start=None).exists()


@pytest.mark.django_db
def test_two_sessions_at_once_are_refused():
    session = make_session()
    other = make_session(make_programme(), start=dt.time(12), end=dt.time(14))
    following = make_session(session.programme, start=dt.time(12, 30), end=dt.time(16))
    enrolment = make_enrolment(session.programme)
    attend(session, enrolment)
    with pytest.raises(
        ValidationError,
        match=r"déjà saisi à une autre séance, « Programme .* » de 9.*h à 12.*h.*30",
    ):
        attend(other, make_enrolment(other.programme, enrolment.beneficiary), Part(TimeKind.TRAINING, 120))
    attend(following, enrolment)
    assert Attendance.objects.count() == 2


@pytest.mark.django_db
def test_a_sheet_is_written_whole_or_not_at_all():
    session = make_session()
    fine, gone = make_enrolment(session.programme), make_enrolment(session.programme)
    gone.beneficiary.contracts.update(ended_early_on=dt.date(2024, 2, 1))
    long = make_enrolment(session.programme)
    with pytest.raises(ValidationError) as refused:
        record_attendance(
            session,
            [
                AttendanceChange(enrolment=fine, part=THERE),
                AttendanceChange(enrolment=gone, part=THERE),
                AttendanceChange(enrolment=long, part=Part(TimeKind.TRAINING, 211)),
            ],
            by=None,
            today=session.day,
        )
    assert refused.value.messages == [
        f"{gone.beneficiary} : Cette personne n’a pas de contrat le 4 mars 2024.",
        f"{long.beneficiary} : plus de minutes que la séance n’en compte.",
    ]
    assert not TimeEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_line_keep_one_and_tell_the_other():
    session = make_session()
    enrolment = make_enrolment(session.programme, make_contract().beneficiary)

    def write(part):
        record_attendance(
            session, [AttendanceChange(enrolment=enrolment, part=part)], by=None, today=session.day
        )

    results = at_once(lambda: write(THERE), lambda: write(AWAY))
    assert [type(result) for result in results if result is not None] == [AttendanceConflict]
    assert Attendance.objects.get().entry.part in {THERE, AWAY}
