"""Presence written: whole days, all or nothing, closed months, sessions, and two people at the same instant."""

import datetime as dt

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from beneficiaries.actions import save_contract
from beneficiaries.models import MonthClosing, TimeEntry
from beneficiaries.time_actions import (
    DayChange,
    DayFaults,
    close_month,
    delete_entry,
    record_days,
    record_session_part,
    reopen_month,
    save_entry,
)
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.enums import Role
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.conftest import user_of
from tests.threads import at_once
from tests.worksites.factories import make_assignment, make_job, make_worksite
from worksites.job_actions import share_work

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2024, 3, 4)
NINE = dt.time(9)
WORK = Part(TimeKind.WORK, 420)
LATE = Part(TimeKind.UNPAID_ABSENCE, 30, AbsenceReason.LATE)
LEAVE = Part(TimeKind.PAID_ABSENCE, 420, AbsenceReason.LEAVE)


@pytest.fixture
def person(db):
    return make_contract(weekly_minutes=35 * 60).beneficiary


def record(person, *parts, day=MONDAY, seen=None):
    return record_days([DayChange(person=person, day=day, parts=parts, seen=seen)], by=None)


def parts_of(person, day=MONDAY):
    return sorted(entry.part for entry in TimeEntry.objects.filter(beneficiary=person, day=day))


def test_a_day_becomes_its_parts(person):
    record(person, WORK)
    first = TimeEntry.objects.get()
    record(person, Part(TimeKind.WORK, 390), LATE)
    assert parts_of(person) == sorted([Part(TimeKind.WORK, 390), LATE])
    assert TimeEntry.objects.get(kind=TimeKind.WORK).pk == first.pk
    record(person, LEAVE)
    assert parts_of(person) == [LEAVE]
    record(person)
    assert parts_of(person) == []


def test_nothing_is_written_where_one_day_is_refused(person):
    stranger = make_beneficiary()
    with pytest.raises(DayFaults) as refused:
        record_days(
            [
                DayChange(person=person, day=MONDAY, parts=[WORK]),
                DayChange(person=stranger, day=MONDAY, parts=[WORK]),
                DayChange(person=person, day=dt.date(1900, 1, 1), parts=[WORK]),
            ],
            by=None,
        )
    assert refused.value.messages == [
        f"{stranger}, 4 mars 2024 : pas de contrat ce jour-là.",
        f"{person}, 1er janvier 1900 : pas de contrat ce jour-là.",
    ]
    assert not TimeEntry.objects.exists()


@pytest.mark.parametrize("people", [1, 3])
def test_many_days_cost_two_queries_each(django_assert_num_queries, people):
    """A day's row and its line of the log; what decides is read once: people, entries, contracts, closings."""
    changes = [
        DayChange(person=each, day=MONDAY + dt.timedelta(days=day), parts=[WORK], seen=[])
        for each in [make_contract().beneficiary for _each in range(people)]
        for day in range(20)
    ]
    with django_assert_num_queries(6 + 2 * len(changes)):
        record_days(changes, by=None)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (Part(TimeKind.WORK, 0), "Assurez-vous que cette valeur est supérieure ou égale à 1."),
        (Part(TimeKind.WORK, 60, AbsenceReason.LATE), "Une absence a un motif ; une présence n’en a pas."),
        (Part(TimeKind.PAID_ABSENCE, 60), "Une absence a un motif ; une présence n’en a pas."),
    ],
)
def test_days_checked_at_once_are_validated_all_the_same(person, part, message):
    with pytest.raises(DayFaults) as refused:
        record(person, part)
    assert [fault.message for fault in refused.value.faults] == [message]
    assert not TimeEntry.objects.exists()


def test_who_wrote_and_the_log(person):
    director = user_of(Role.SUPERVISOR)
    record_days([DayChange(person=person, day=MONDAY, parts=[WORK])], by=director)
    record(person, Part(TimeKind.WORK, 60))
    entry = TimeEntry.objects.get()
    assert (entry.created_by, entry.updated_by, entry.version) == (director, None, 2)
    changes = LogEntry.objects.filter(content_type__model="timeentry").order_by("pk")
    assert [each.changes.get("minutes") for each in changes] == [["None", "420"], ["420", "60"]]
    assert "attendance" not in changes[0].changes


def test_more_than_24_hours(person):
    record_session_part(person, MONDAY, NINE, Part(TimeKind.TRAINING, 210), by=None)
    with pytest.raises(DayFaults, match="la journée dépasse 24 heures"):
        record(person, Part(TimeKind.WORK, 1231))
    record(person, Part(TimeKind.WORK, 1230))


def test_the_database_refuses_more_than_24_hours_too(person):
    record(person, WORK, LATE)
    with pytest.raises(IntegrityError, match="timeentry_day_of_24_hours"), transaction.atomic():
        TimeEntry.objects.filter(kind=TimeKind.WORK).update(minutes=1411)
    TimeEntry.objects.filter(kind=TimeKind.WORK).update(minutes=1410)


@pytest.mark.parametrize(
    ("kind", "reason"), [(TimeKind.WORK, AbsenceReason.LATE), (TimeKind.PAID_ABSENCE, ""), ("work", "leave")]
)
def test_the_database_refuses_an_absence_without_reason_and_a_presence_with_one(person, kind, reason):
    entry = make_time(person, MONDAY)
    with pytest.raises(IntegrityError, match="timeentry_reason_of_absence"), transaction.atomic():
        TimeEntry.objects.filter(pk=entry.pk).update(kind=kind, reason=reason)


def test_a_day_that_changed_meanwhile_is_not_overwritten(person):
    record(person, LEAVE)
    with pytest.raises(DayFaults) as refused:
        record(person, WORK, seen=[])
    assert refused.value.is_conflict
    assert parts_of(person) == [LEAVE]
    record(person, LEAVE, seen=[])  # both recorded the same
    record(person, WORK, seen=[LEAVE])
    assert parts_of(person) == [WORK]


def test_a_closed_month_is_read_only_until_it_is_reopened(person):
    entry = record(person, WORK)[0]
    director = user_of(Role.SUPERVISOR)
    closing = close_month(dt.date(2024, 3, 1), dt.date(2024, 3, 31), by=director, today=dt.date(2024, 3, 31))
    sentence = "Le mois du 4 mars 2024 est clos : la direction peut le rouvrir."
    attempts = [
        lambda: record(person, LEAVE),
        lambda: record(person),
        lambda: save_entry(entry, by=None),
        lambda: delete_entry(entry),
        lambda: record_session_part(person, MONDAY, NINE, Part(TimeKind.TRAINING, 210), by=None),
        lambda: make_time(person, MONDAY, kind=TimeKind.IMMERSION),
    ]
    for attempt in attempts:
        with pytest.raises(ValidationError) as refused:
            attempt()
        assert sentence in " ".join(refused.value.messages)
    assert parts_of(person) == [WORK]
    record(person, WORK, day=dt.date(2024, 4, 2))
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        reopen_month(closing, reason=" ", by=director)
    reopen_month(MonthClosing.objects.get(), reason="Un arrêt reçu en retard", by=director)
    record(person, LEAVE)
    assert parts_of(person) == [LEAVE]


def test_a_month_is_closed_at_its_end_and_once():
    director = user_of(Role.SUPERVISOR)
    month = dt.date(2024, 3, 1), dt.date(2024, 3, 31)
    with pytest.raises(ValidationError, match="Ce mois finit le 31 mars 2024"):
        close_month(*month, by=director, today=dt.date(2024, 3, 30))
    close_month(*month, by=director, today=dt.date(2024, 4, 1))
    with pytest.raises(ValidationError, match="Ce mois est déjà clos"):
        close_month(*month, by=director, today=dt.date(2024, 4, 1))


def test_a_contract_does_not_leave_its_hours_outside(person):
    record(person, WORK, day=dt.date(2024, 6, 3))
    record(person, WORK, day=dt.date(2024, 6, 4))
    contract = person.contracts.get()
    contract.end = dt.date(2024, 5, 31)
    with pytest.raises(ValidationError) as refused:
        save_contract(contract, by=None)
    assert refused.value.messages == [
        "Des heures sont pointées hors de ces dates (le 3 juin 2024 et 1 autre jour). "
        "Corrigez les dates, ou d’abord ces pointages."
    ]


# Training sessions and the worksite agree


def test_a_session_takes_the_place_of_planned_work(person):
    record(person, WORK)
    record_session_part(person, MONDAY, NINE, Part(TimeKind.TRAINING, 210), by=None)
    assert parts_of(person) == sorted([Part(TimeKind.WORK, 210), Part(TimeKind.TRAINING, 210)])


def test_a_session_leaves_work_that_was_planned_beside_it(person):
    record(person, Part(TimeKind.WORK, 210))
    record_session_part(person, MONDAY, NINE, Part(TimeKind.TRAINING, 210), by=None)
    assert parts_of(person) == sorted([Part(TimeKind.WORK, 210), Part(TimeKind.TRAINING, 210)])


def test_a_session_adopts_the_training_that_the_instructor_recorded(person):
    record(person, Part(TimeKind.TRAINING, 420))
    record_session_part(person, MONDAY, NINE, Part(TimeKind.TRAINING, 210), by=None)
    record_session_part(person, MONDAY, dt.time(13, 30), Part(TimeKind.TRAINING, 210), by=None)
    entries = TimeEntry.objects.filter(beneficiary=person)
    assert [(entry.start, entry.minutes) for entry in entries.order_by("start")] == [
        (NINE, 210),
        (dt.time(13, 30), 210),
    ]


def test_an_absence_from_a_session_takes_the_place_of_work_too(person):
    record(person, WORK)
    away = Part(TimeKind.UNPAID_ABSENCE, 210, AbsenceReason.HEALTH)
    record_session_part(person, MONDAY, NINE, away, by=None)
    assert parts_of(person) == sorted([Part(TimeKind.WORK, 210), away])


def test_a_session_s_entry_is_changed_by_its_sheet_alone(person):
    entry = record_session_part(person, MONDAY, NINE, Part(TimeKind.TRAINING, 210), by=None)
    for attempt in (lambda: save_entry(entry, by=None), lambda: delete_entry(entry)):
        with pytest.raises(ValidationError, match="feuille de présence de la séance"):
            attempt()
    record(person)
    assert parts_of(person) == [Part(TimeKind.TRAINING, 210)]


# Client jobs


@pytest.fixture
def shared(person):
    worksite = make_worksite()
    make_assignment(person, worksite)
    return record(person, WORK)[0], make_job(worksite), make_job(worksite)


def test_the_job_that_had_the_whole_day_keeps_it_whole(person, shared):
    entry, job, _other = shared
    share_work(entry, {job: 420})
    record(person, Part(TimeKind.WORK, 390), LATE)
    assert [share.minutes for share in job.shares.all()] == [390]


def test_a_day_does_not_become_shorter_than_its_shares(person, shared):
    entry, job, other = shared
    share_work(entry, {job: 200, other: 100})
    with pytest.raises(DayFaults) as refused:
        record(person, Part(TimeKind.WORK, 299))
    assert refused.value.messages == [
        f"{person}, 4 mars 2024 : 5\u00a0h de travail sont réparties entre des commandes : réduisez d’abord leur part."
    ]
    record(person, Part(TimeKind.WORK, 300))


def test_shares_that_are_refused(person, shared):
    entry, job, other = shared
    elsewhere, finished = make_job(), make_job(job.worksite, finished_on=dt.date(2024, 3, 1))
    for shares, message in [
        ({job: 400, other: 21}, "Les parts font 7.*01 et la personne a travaillé 7.*réduisez une part"),
        ({elsewhere: 60}, "n’est pas une commande du chantier"),
        ({finished: 60}, "n’était pas en cours ce jour-là"),
    ]:
        with pytest.raises(ValidationError, match=message):
            share_work(entry, shares)
    share_work(entry, {job: 400, other: 20})
    share_work(entry, {other: 30})
    assert list(entry.shares.values_list("job", "minutes")) == [(other.pk, 30)]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_recordings_of_one_day_keep_one_and_tell_the_other(self, person):
        results = at_once(lambda: record(person, WORK, seen=[]), lambda: record(person, LEAVE, seen=[]))
        refusals = [result for result in results if isinstance(result, DayFaults)]
        assert [refusal.is_conflict for refusal in refusals] == [True]
        assert parts_of(person) in ([WORK], [LEAVE])

    def test_people_recorded_in_parallel_are_all_kept(self, person):
        people = [person, *(make_contract().beneficiary for _each in range(3))]
        results = at_once(
            *(
                lambda each=each: record_days(
                    [
                        DayChange(person=other, day=MONDAY + dt.timedelta(days=each), parts=[WORK])
                        for other in people
                    ],
                    by=None,
                )
                for each in range(4)
            )
        )
        assert [result for result in results if isinstance(result, Exception)] == []
        assert TimeEntry.objects.count() == 16

    def test_the_database_s_limit_holds_for_two_writers(self, person):
        def insert(kind):
            TimeEntry.objects.create(beneficiary=person, day=MONDAY, kind=kind, minutes=800)

        results = at_once(lambda: insert(TimeKind.WORK), lambda: insert(TimeKind.TRAINING))
        refused = [result for result in results if isinstance(result, IntegrityError)]
        assert (len(refused), TimeEntry.objects.count()) == (1, 1), results

    def test_a_recording_and_a_closing_never_cross(self, person):
        director = user_of(Role.SUPERVISOR)
        month = dt.date(2024, 3, 1), dt.date(2024, 3, 31)
        recorded, closed = at_once(
            lambda: record(person, WORK), lambda: close_month(*month, by=director, today=dt.date(2024, 4, 1))
        )
        assert isinstance(closed, MonthClosing)
        assert isinstance(recorded, DayFaults) or parts_of(person) == [WORK]
        assert connection.vendor in {"sqlite", "postgresql"}
