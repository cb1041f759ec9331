"""Programmes, sessions and attendance written: what adds up, one place at a time, and hours that worksites share."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.models import TimeEntry
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from tests.beneficiaries.factories import make_contract, make_time
from tests.threads import at_once
from tests.trainings.factories import THERE, attend, make_enrolment, make_programme, make_session
from trainings.actions import (
    AttendanceChange,
    AttendanceConflict,
    delete_session,
    record_attendance,
    save_programme,
    save_session,
)
from trainings.models import Attendance, AttendedModule, CertificateRegister, Module, Programme, Session
from trainings.rules import ModuleHours, missing_sentence, required_minutes, spread

DAY = dt.date(2024, 3, 4)
AWAY = Part(TimeKind.UNPAID_ABSENCE, 210, AbsenceReason.HEALTH)


# Rules


@given(st.integers(0, 300), st.dictionaries(st.integers(1, 9), st.integers(1, 300), min_size=1))
def test_minutes_spread_exactly_and_fairly(minutes, shares):
    parts = spread(minutes, shares)
    total = sum(shares.values())
    assert sum(parts.values()) == minutes
    assert all(abs(parts.get(key, 0) - minutes * share / total) < 1 for key, share in shares.items())


@given(st.integers(1, 3000), st.integers(1, 100))
def test_required_minutes_are_the_least_that_reach_the_percentage(minutes, percent):
    required = required_minutes(minutes, percent)
    assert required * 100 >= minutes * percent > (required - 1) * 100


def test_missing_hours_are_named_by_module():
    modules = [
        ModuleHours("Tonte", 1440, done=1440, required=1296),
        ModuleHours("Taille", 1680, done=1000, required=1512),
        ModuleHours("Sécurité", 960, done=0, required=864),
    ]
    assert missing_sentence(modules) == (
        "Il manque 8\u00a0h\u00a032 de « Taille », 14\u00a0h\u00a024 de « Sécurité »."
    )
    assert missing_sentence(modules[:1]) is None


# Programmes


@pytest.mark.django_db
def test_the_programmes_that_ship_add_up():
    programmes = Programme.objects.prefetch_related("modules")
    assert {
        programme.name: (programme.minutes, sum(module.minutes for module in programme.modules.all()))
        for programme in programmes
    } == {
        "Espaces verts, 230 heures": (230 * 60, 230 * 60),
        "Français langue étrangère": (60 * 60, 60 * 60),
        "Langue étrangère": (30 * 60, 30 * 60),
        "Savoirs de base": (60 * 60, 60 * 60),
    }
    assert CertificateRegister.objects.get().last_number == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "gap"), [(599, "1.*min de trop"), (660, "il manque 1.*h")])
def test_modules_that_do_not_add_up(minutes, gap):
    before = Programme.objects.count()
    with pytest.raises(ValidationError, match=gap):
        make_programme(300, 300, minutes=minutes)
    assert (Programme.objects.count(), Module.objects.filter(name="Module 1").count()) == (before, 0)


@pytest.mark.django_db
def test_a_module_that_was_taught_stays():
    programme = make_programme(210, 210)
    make_session(programme)
    first, second = programme.modules.all()
    programme.minutes = second.minutes
    with pytest.raises(ValidationError, match="a déjà des séances"):
        save_programme(programme, [second], by=None, removed=[first])
    assert programme.modules.count() == 2


# Sessions


@pytest.mark.django_db
def test_a_session_gives_all_its_minutes_to_modules():
    session = make_session()
    first, second = session.programme.modules.all()
    save_session(session, {first: 100, second: 110}, by=None)
    assert list(session.taught.values_list("module", "minutes")) == [(first.pk, 100), (second.pk, 110)]
    with pytest.raises(ValidationError, match=r"il manque 10.*min"):
        save_session(session, {first: 200}, by=None)
    stranger = make_programme().modules.first()
    with pytest.raises(ValidationError, match="autre programme"):
        save_session(session, {stranger: 210}, by=None)
    assert session.taught.count() == 2


@pytest.mark.django_db
def test_a_session_is_half_a_day():
    with pytest.raises(ValidationError, match="demi-journée, de 5 heures au plus"):
        make_session(end=dt.time(14, 1))


@pytest.mark.django_db
def test_a_session_with_attendance_keeps_its_time_and_stays():
    session = make_session()
    attend(session, make_enrolment(session.programme))
    with pytest.raises(ValidationError, match="ne se supprime plus"):
        delete_session(session)
    session.trainer = "Nadia Exemple"
    save_session(session, {session.programme.modules.first(): 210}, by=None)
    session.end = dt.time(12)
    with pytest.raises(ValidationError, match="déjà saisie"):
        save_session(session, {session.programme.modules.first(): 180}, by=None)
    assert Session.objects.get(pk=session.pk).trainer == "Nadia Exemple"


# Attendance


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
        session, [AttendanceChange(enrolment=enrolment, part=AWAY, seen=attendance.entry.part)], by=None
    )
    assert not AttendedModule.objects.exists()
    assert Attendance.objects.get().entry.part == AWAY
    record_attendance(session, [AttendanceChange(enrolment=enrolment, part=None, seen=AWAY)], by=None)
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
        record_attendance(session, [AttendanceChange(enrolment=enrolment, part=part)], by=None)

    results = at_once(lambda: write(THERE), lambda: write(AWAY))
    assert [type(result) for result in results if result is not None] == [AttendanceConflict]
    assert Attendance.objects.get().entry.part in {THERE, AWAY}
