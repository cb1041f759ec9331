"""What is usual of a day and what nobody recorded: the same for the morning, the month and the annex."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from beneficiaries.models import TimeEntry
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.enums import Role
from tests.beneficiaries.factories import make_contract, make_time
from tests.trainings.factories import attend, make_enrolment, make_programme, make_session
from tests.worksites.factories import make_annex, make_assignment, make_worksite
from worksites.etp_reports import Roster, annex_reports
from worksites.load_reports import loads
from worksites.month_reports import month_grid
from worksites.month_rules import Month
from worksites.plan_reports import expected_sessions
from worksites.presence_reports import presence_day

pytestmark = pytest.mark.django_db

D = dt.date
AFTER = D(2024, 2, 1)
AFTERNOON = {"start": dt.time(13, 30), "end": dt.time(17)}


def member(worksite, **assignment):
    """35 hours on five days: 7 hours a day."""
    person = make_contract(weekly_minutes=35 * 60).beneficiary
    make_assignment(person, worksite, **assignment)
    return person


def missing_on(worksite, day):
    """Whether the day is missing: by the morning's page, the month's grid, and the annex."""
    [row] = presence_day(worksite, day, AFTER).rows
    [line] = month_grid(worksite, Month(day.replace(day=1)), TimeEntry.objects.all(), AFTER).lines
    annex = make_annex(start=day, end=day)
    annex.worksites.add(worksite)
    return row.is_waiting, day in line.missing(AFTER), bool(Roster(annex).missing(AFTER))


@pytest.mark.parametrize(
    ("day", "is_missing"),
    [
        (D(2024, 1, 1), True),  # New Year's Day is paid, so it is recorded
        (D(2024, 1, 5), True),
        (D(2024, 1, 6), False),  # a Saturday
    ],
)
def test_an_empty_day(day, is_missing):
    worksite = make_worksite()
    member(worksite)
    assert missing_on(worksite, day) == (is_missing,) * 3


@pytest.mark.parametrize("kind", [TimeKind.WORK, TimeKind.IMMERSION])
def test_whatever_the_worksite_records_is_enough(kind):
    worksite = make_worksite()
    make_time(member(worksite), D(2024, 1, 5), 60, kind=kind)
    assert missing_on(worksite, D(2024, 1, 5)) == (False,) * 3


def test_a_morning_of_training_leaves_the_afternoon_to_record():
    worksite = make_worksite()
    person = member(worksite)
    programme = make_programme()
    enrolment = make_enrolment(programme, person)
    attend(make_session(programme, D(2024, 1, 5)), enrolment)
    assert missing_on(worksite, D(2024, 1, 5)) == (True,) * 3


def test_a_session_left_early_still_takes_its_half_day():
    worksite = make_worksite()
    person = member(worksite)
    programme = make_programme()
    enrolment = make_enrolment(programme, person)
    attend(make_session(programme, D(2024, 1, 5)), enrolment, Part(TimeKind.TRAINING, 120))
    attend(make_session(programme, D(2024, 1, 5), **AFTERNOON), enrolment)
    assert missing_on(worksite, D(2024, 1, 5)) == (False,) * 3


def test_a_person_who_changes_worksite_counts_on_each_side_of_the_day():
    """7 h on each of the 23 weekdays of January 2024, here up to the 12th (10 of them), there from the 15th (13)."""
    here, there = make_worksite(), make_worksite()
    person = member(here, end=D(2024, 1, 12))
    make_assignment(person, there, start=D(2024, 1, 15))
    make_time(person, D(2024, 1, 12), 400)
    make_time(person, D(2024, 1, 15), 300)
    entries = TimeEntry.objects.all()
    grids = [month_grid(each, Month(D(2024, 1, 1)), entries, AFTER) for each in (here, there)]
    assert [(grid.recorded, grid.expected) for grid in grids] == [(400, 10 * 420), (300, 13 * 420)]
    assert [len(grid.missing(AFTER)[0][1]) for grid in grids] == [9, 12]
    for worksite, days in ((here, [1, 0]), (there, [0, 1])):
        found = [len(presence_day(worksite, D(2024, 1, day), AFTER).rows) for day in (12, 15)]
        assert found == days
    annexes = [make_annex() for _each in grids]
    for annex, worksite in zip(annexes, (here, there), strict=True):
        annex.worksites.add(worksite)
    assert [Roster(annex).missing(D(2024, 1, 31)) for annex in annexes] == [
        {D(2024, 1, 1): 9},
        {D(2024, 1, 1): 12},
    ]
    reports = annex_reports(annexes, AFTER)
    assert [report.minutes[D(2024, 1, 1)] for report in reports] == [{person.pk: 400}, {person.pk: 300}]


def test_sessions_at_the_same_time_are_taken_once_from_the_coming_weeks():
    """Five days of 7 hours, without one morning of 3 h 30: 31 h 30, half hours up."""
    worksite = make_worksite()
    person = member(worksite)
    for _each in range(2):
        programme = make_programme()
        make_enrolment(programme, person)
        make_session(programme, D(2024, 1, 9))
    [load] = loads([worksite], [], D(2024, 1, 8))
    assert load.weeks[0].present == 32


def test_sessions_of_a_group_expect_that_group_while_enrolled():
    programme = make_programme()
    mine = make_enrolment(programme, group="A", enrolled_on=D(2024, 1, 9))
    make_enrolment(programme, group="B")
    sessions = [make_session(programme, D(2024, 1, day), group="A") for day in (8, 9)]
    people = [row.beneficiary_id for row in programme.enrolments.all()]
    found = expected_sessions(people, D(2024, 1, 8), D(2024, 1, 9))
    assert found == {(mine.beneficiary_id, D(2024, 1, 9)): [sessions[1]]}


@time_machine.travel("2024-01-04 10:00+01:00")
def test_days_to_come_are_not_missing_yet(clients):
    """On the 4th: the 1st, a holiday, and the 2nd and 3rd."""
    member(make_worksite())
    html = (
        clients[Role.SUPERVISOR].get(reverse("worksites:month-close"), {"mois": "2024-01"}).content.decode()
    )
    assert ": 1, 2, 3</span>" in html


def test_holiday_is_recorded_in_full_where_only_the_morning_was_a_session(clients):
    worksite = make_worksite()
    person = member(worksite)
    programme = make_programme()
    attend(make_session(programme, D(2024, 1, 1)), make_enrolment(programme, person))
    url = f"{reverse('worksites:presence-month', args=[worksite.pk])}?mois=2024-01"
    clients[Role.SUPERVISOR].post(url, {"holidays": "1"})
    [entry] = TimeEntry.objects.outside_sessions()
    assert (entry.day, entry.minutes, entry.reason) == (D(2024, 1, 1), 210, AbsenceReason.HOLIDAY)


def test_nobody_is_absent_on_a_paid_holiday():
    worksite = make_worksite()
    for _each in range(2):
        make_time(member(worksite), D(2024, 1, 1), kind=TimeKind.PAID_ABSENCE, reason=AbsenceReason.HOLIDAY)
    assert presence_day(worksite, D(2024, 1, 1), AFTER).sentence == "2 en jour férié"
