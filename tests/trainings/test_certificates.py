"""Certificates issued: consecutive numbers, once each, from facts that never change, and attendance that stays behind them."""

import datetime as dt
import re
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from tests.threads import at_once
from tests.trainings.factories import (
    THERE,
    attend,
    make_certificate,
    make_enrolment,
    make_programme,
    make_session,
    make_structure,
)
from trainings.attendance_actions import AttendanceChange, record_attendance
from trainings.certificate_actions import issue_certificate
from trainings.certificate_reports import is_intact, unrecorded_sessions, verified
from trainings.certificate_rules import NO_SIGNATORY, digest_of
from trainings.enums import CertificateKind
from trainings.hours_reports import hours_by_module
from trainings.models import Attendance, Certificate, CertificateRegister, Enrolment
from trainings.rules import ModuleHours

TODAY = dt.date(2024, 6, 30)
REALISATION, COMPLETION = CertificateKind.REALISATION, CertificateKind.COMPLETION
AWAY = Part(TimeKind.UNPAID_ABSENCE, 210, AbsenceReason.HEALTH)


@pytest.fixture
def structure():
    return make_structure()


def followed(*modules: int, part: Part = THERE, **fields) -> Enrolment:
    """Somebody at one session of 3 h 30 of the first module."""
    enrolment = make_enrolment(make_programme(*modules or (210,)), **fields)
    attend(make_session(enrolment.programme), enrolment, part)
    return enrolment


def issue(enrolment: Enrolment, kind: CertificateKind = REALISATION) -> Certificate:
    return issue_certificate(enrolment, kind, by=None, today=TODAY)[0]


# Hours


@pytest.mark.django_db
def test_hours_by_module(django_assert_num_queries):
    programme = make_programme(300, 120, required_percent=90)
    session = make_session(programme)
    enrolments = [make_enrolment(programme) for _ in range(3)]
    attend(session, enrolments[0])
    attend(session, enrolments[1], AWAY)
    with django_assert_num_queries(2):
        hours = hours_by_module(enrolments[:1])
    second = ModuleHours("Module 2", 120, done=0, required=108)
    assert hours == {enrolments[0].pk: [ModuleHours("Module 1", 300, done=210, required=270), second]}
    with django_assert_num_queries(2):
        hours = hours_by_module(enrolments)
    none = [ModuleHours("Module 1", 300, done=0, required=270), second]
    assert [hours[each.pk] for each in enrolments[1:]] == [none, none]
    until = hours_by_module(enrolments[:1], until=dt.date(2024, 3, 3))
    assert until == {enrolments[0].pk: none}


# Issuing


@pytest.mark.django_db
def test_facts_are_all_that_the_paper_says(structure, supervisor):
    enrolment = followed(210, 210, left_on=dt.date(2024, 3, 31))
    certificate, is_new = issue_certificate(enrolment, REALISATION, by=supervisor, today=TODAY)
    programme = enrolment.programme
    assert certificate.facts == {
        "format": 1,
        "kind": "realisation",
        "number": 1,
        "date": "2024-06-30",
        "place": "Arcueil",
        "organisation": {
            "name": "Association Exemple",
            "address": "1 rue des Lilas, 94110 Arcueil",
            "siret": "",
        },
        "signatory": {"name": "Dominique Exemple", "title": "directrice"},
        "demonstration": False,
        "person": {
            "last_name": enrolment.beneficiary.last_name,
            "first_name": enrolment.beneficiary.first_name,
        },
        "programme": {
            "name": programme.name,
            "kind": "métier",
            "minutes": 420,
            "goals": "",
            "certification": "",
            "required_percent": 100,
        },
        "first_day": "2024-03-04",
        "last_day": "2024-03-04",
        "minutes": 210,
        "modules": [
            {"name": "Module 1", "minutes": 210, "done": 210, "required": 210},
            {"name": "Module 2", "minutes": 210, "done": 0, "required": 210},
        ],
    }
    stored = Certificate.objects.get()
    assert (is_new, stored.digest, stored.issued_by) == (True, digest_of(stored.facts), supervisor)


@pytest.mark.django_db
def test_numbers_follow_one_another_and_each_paper_is_issued_once(structure):
    first, second = followed(), followed()
    issued = [issue(first), issue(second), issue(first, COMPLETION), issue(first)]
    assert [row.number for row in issued] == [1, 2, 3, 1]
    assert issue_certificate(first, REALISATION, by=None, today=TODAY) == (issued[0], False)
    assert CertificateRegister.objects.get().last_number == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "kind", "message"),
    [
        ({}, COMPLETION, r"Il manque 3.h.30 de « Module 2 ». L’attestation demande 100.% de chaque module"),
        ({}, REALISATION, r"n’est pas finie.*Il manque 3.h.30 de « Module 2 ».*indiquez son dernier jour"),
        ({"left_on": dt.date(2024, 7, 1)}, REALISATION, "n’est pas finie"),
        ({"part": AWAY}, REALISATION, "Aucune heure suivie"),
        ({"part": AWAY, "left_on": TODAY}, COMPLETION, "Aucune heure suivie"),
    ],
)
def test_refused_papers_take_no_number(structure, fields, kind, message):
    with pytest.raises(ValidationError) as refused:
        issue(followed(210, 210, **fields), kind)
    assert re.search(message, " ".join(refused.value.messages))
    assert (Certificate.objects.count(), CertificateRegister.objects.get().last_number) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"signatory_name": ""}, {"name": ""}])
def test_a_paper_needs_a_signatory(fields):
    make_structure(**fields)
    with pytest.raises(ValidationError) as refused:
        issue(followed())
    assert refused.value.messages == [NO_SIGNATORY]


@pytest.mark.django_db
def test_a_threshold_below_the_whole_is_enough(structure):
    programme = make_programme(420, required_percent=50)
    enrolment = make_enrolment(programme)
    attend(make_session(programme), enrolment)
    assert issue(enrolment, COMPLETION).facts["minutes"] == 210


@pytest.mark.django_db
def test_an_issue_that_fails_half_way_gives_its_number_back(structure, monkeypatch):
    enrolment, other = followed(), followed()
    calls = count()

    def full_disk(self, *args, **kwargs):
        if next(calls) == 0:
            raise OSError("disk full")
        return original(self, *args, **kwargs)

    original = Certificate.save
    monkeypatch.setattr(Certificate, "save", full_disk)
    with pytest.raises(OSError, match="disk full"):
        issue(enrolment)
    assert CertificateRegister.objects.get().last_number == 0
    assert [issue(other).number, issue(enrolment).number] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_parallel_issuers_give_consecutive_numbers():
    make_structure()
    enrolments = [followed() for _ in range(4)]
    results = at_once(*[lambda each=each: issue(each) for each in enrolments])
    assert sorted(row.number for row in results) == [1, 2, 3, 4]
    assert CertificateRegister.objects.get().last_number == 4


@pytest.mark.django_db(transaction=True)
def test_one_paper_asked_for_twice_at_the_same_second_is_issued_once():
    make_structure()
    enrolment = followed()
    results = at_once(
        *[lambda: issue_certificate(enrolment, REALISATION, by=None, today=TODAY) for _ in range(3)]
    )
    assert sorted(is_new for _row, is_new in results) == [False, False, True]
    assert {row.number for row, _is_new in results} == {1}
    assert CertificateRegister.objects.get().last_number == 1


@pytest.mark.django_db(transaction=True)
def test_attendance_and_issue_at_the_same_second_agree():
    make_structure()
    enrolment = followed()
    session = Attendance.objects.get().session
    change = AttendanceChange(enrolment=enrolment, part=Part(TimeKind.TRAINING, 60), seen=THERE)
    at_once(
        lambda: record_attendance(session, [change], by=None, today=session.day), lambda: issue(enrolment)
    )
    recorded = Attendance.objects.get().entry.minutes
    certificate = Certificate.objects.first()
    # Either the shorter attendance came first, and the paper was refused, or the paper did, and attendance stayed.
    assert (recorded, certificate and certificate.facts["minutes"]) in {(60, None), (210, 210)}


# What does not change


@pytest.mark.django_db
def test_later_changes_do_not_reach_the_facts(structure):
    certificate = make_certificate()
    enrolment = certificate.enrolment
    before = certificate.facts
    type(enrolment.beneficiary).objects.update(last_name="Rebaptisé")
    type(enrolment.programme).objects.filter(pk=enrolment.programme_id).update(name="Autre nom")
    enrolment.programme.modules.update(name="Autre module", minutes=1)
    make_structure(name="Autre association", signatory_name="Autre Signataire")
    stored = Certificate.objects.get()
    assert (stored.facts, is_intact(stored)) == (before, True)


@pytest.mark.django_db
def test_the_database_refuses_any_change():
    certificate = make_certificate()
    with pytest.raises(IntegrityError, match="certificate_never_changed"), transaction.atomic():
        Certificate.objects.update(number=7)
    certificate.number = 7
    with pytest.raises(ValidationError, match="ne se modifie pas"):
        certificate.full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize("part", [None, AWAY, Part(TimeKind.TRAINING, 60)])
def test_attendance_behind_a_paper_stays(structure, part):
    enrolment = followed()
    session = Attendance.objects.get().session
    issue(enrolment)
    with pytest.raises(ValidationError) as refused:
        record_attendance(
            session,
            [AttendanceChange(enrolment=enrolment, part=part, seen=THERE)],
            by=None,
            today=session.day,
        )
    assert refused.value.messages == [
        f"{enrolment.beneficiary} : papier déjà délivré (certificat de réalisation n° 1, daté du 30 juin 2024), qui compte les "
        "heures jusqu’à ce jour-là : cette présence ne change plus. Des heures oubliées se saisissent au pointage du chantier."
    ]
    assert Attendance.objects.get().entry.part == THERE
    record_attendance(
        session, [AttendanceChange(enrolment=enrolment, part=THERE, seen=THERE)], by=None, today=session.day
    )


@pytest.mark.django_db
def test_attendance_of_others_and_of_later_days_is_still_recorded(structure):
    enrolment = followed()
    session = Attendance.objects.get().session
    issue(enrolment)
    attend(session, make_enrolment(enrolment.programme))
    late, next_day = (
        make_session(enrolment.programme, day) for day in (dt.date(2024, 6, 28), dt.date(2024, 7, 1))
    )
    with pytest.raises(ValidationError, match="papier déjà délivré"):
        attend(late, enrolment)
    attend(next_day, enrolment)
    record_attendance(
        next_day, [AttendanceChange(enrolment=enrolment, part=None, seen=THERE)], by=None, today=session.day
    )
    assert Certificate.objects.get().facts["minutes"] == 210


@pytest.mark.django_db
def test_sessions_without_attendance_are_told_before_issuing(structure):
    enrolment = followed(group="A")
    programme = enrolment.programme
    forgotten = make_session(programme, dt.date(2024, 3, 5), group="A")
    make_session(programme, dt.date(2024, 3, 6), group="B")
    make_session(programme, dt.date(2024, 7, 1))
    make_session(programme, dt.date(2023, 12, 29))
    assert list(unrecorded_sessions(enrolment, TODAY)) == [forgotten]


# Verifying


@pytest.mark.django_db
def test_verified_by_number_and_digest():
    certificate = make_certificate()
    everything = Certificate.objects.all()
    assert verified(everything, 1, certificate.digest[:8]).certificate == certificate
    assert verified(everything, 1, certificate.digest).is_intact
    assert verified(everything, 1, certificate.digest[:7]) is None
    assert verified(everything, 2, certificate.digest) is None
    assert verified(everything, 1, digest_of({})) is None


@pytest.mark.django_db
def test_altered_facts_are_told():
    certificate = make_certificate()
    other = certificate.enrolment
    forged = Certificate.objects.create(
        number=99,
        kind=COMPLETION,
        enrolment=other,
        facts=certificate.facts | {"minutes": 9999},
        digest=certificate.digest,
    )
    found = verified(Certificate.objects.all(), 99, certificate.digest)
    assert (found.certificate, found.is_intact) == (forged, False)


@pytest.mark.django_db
def test_command_verifies(capsys):
    certificate = make_certificate()
    call_command("verify_certificate", "1", certificate.digest[:4], certificate.digest[4:8])
    assert capsys.readouterr().out.startswith("Authentique : certificat de réalisation n° 1, Camille Exemple")
    with pytest.raises(CommandError, match="Aucun certificat"):
        call_command("verify_certificate", "1", "0" * 64)
