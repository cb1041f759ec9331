"""The morning's presence written: days together with their client jobs, and what somebody else recorded meanwhile."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from beneficiaries.models import TimeEntry
from beneficiaries.time_actions import DayChange, DayFaults
from beneficiaries.time_rules import read_cell, write_cell
from tests.beneficiaries.factories import make_contract, make_time
from tests.threads import at_once
from tests.worksites.factories import make_assignment, make_job, make_worksite
from worksites.job_actions import save_job, share_work
from worksites.models import JobOrder, JobShare
from worksites.presence_actions import record_presence, record_rest

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2024, 3, 4)


@pytest.fixture
def worksite(db):
    return make_worksite()


def make_member(worksite):
    person = make_contract().beneficiary
    make_assignment(person, worksite)
    return person


def change(person, cell, seen=None):
    return DayChange(
        person=person,
        day=MONDAY,
        parts=read_cell(cell, 0),
        seen=None if seen is None else read_cell(seen, 0),
    )


def record(person, cell, *, job=None, seen=None):
    record_presence([change(person, cell, seen)], job=job, by=None)


def cell_of(person) -> str:
    return write_cell(entry.part for entry in TimeEntry.objects.filter(beneficiary=person))


def shares() -> dict:
    return {share.job: share.minutes for share in JobShare.objects.select_related("job")}


def test_work_goes_whole_to_the_chosen_job(worksite):
    person, job = make_member(worksite), make_job(worksite)
    record(person, "6,5", job=job)
    assert shares() == {job: 390}


@pytest.mark.parametrize(("cell", "minutes"), [("6 R0,5", 360), ("7", 420)])
@pytest.mark.parametrize("keeps_job", [True, False])
def test_a_corrected_day_keeps_its_job(worksite, cell, minutes, keeps_job):
    person, job = make_member(worksite), make_job(worksite)
    record(person, "6,5", job=job)
    record(person, cell, job=job if keeps_job else None)
    assert shares() == {job: minutes}


def test_an_absence_takes_the_work_out_of_its_job(worksite):
    person, job = make_member(worksite), make_job(worksite)
    record(person, "6,5", job=job)
    record(person, "S6,5", job=job)
    assert (cell_of(person), shares()) == ("S6,5", {})


def test_another_job_takes_the_whole_day(worksite):
    person, one, other = make_member(worksite), make_job(worksite), make_job(worksite)
    record(person, "6,5", job=one)
    record(person, "6,5", job=other)
    assert shares() == {other: 390}


@pytest.mark.parametrize(("cell", "expected"), [("6 R0,5", (240, 120)), ("9,75", (390, 195))])
def test_a_day_that_was_split_stays_split(worksite, cell, expected):
    person, one, other = make_member(worksite), make_job(worksite), make_job(worksite)
    record(person, "6,5")
    share_work(TimeEntry.objects.get(), {one: 260, other: 130})
    record(person, cell, job=one)
    assert shares() == dict(zip((one, other), expected, strict=True))


def test_a_part_that_still_fits_stays_as_it_was_typed(worksite):
    person, one, other = make_member(worksite), make_job(worksite), make_job(worksite)
    record(person, "6,5")
    share_work(TimeEntry.objects.get(), {one: 120})
    record(person, "6 R0,5", job=other)
    assert shares() == {one: 120}
    record(person, "1")
    assert shares() == {one: 60}


def test_nothing_is_written_where_the_job_is_another_worksite_s(worksite):
    person = make_member(worksite)
    with pytest.raises(ValidationError, match="n’est pas une commande du chantier"):
        record(person, "6,5", job=make_job())
    assert cell_of(person) == ""


def test_a_conflict_leaves_the_shares_alone(worksite):
    person, one, other = make_member(worksite), make_job(worksite), make_job(worksite)
    record(person, "6,5")
    share_work(TimeEntry.objects.get(), {one: 260, other: 130})
    with pytest.raises(DayFaults) as refused:
        record(person, "6 R0,5", seen="")
    assert refused.value.is_conflict
    assert (cell_of(person), shares()) == ("6,5", {one: 260, other: 130})


def test_the_rest_of_a_team_leaves_alone_whoever_is_recorded(worksite):
    job = make_job(worksite)
    away, here = make_member(worksite), make_member(worksite)
    make_time(away, MONDAY, 60)
    assert record_rest([change(away, "6,5"), change(here, "6,5")], job=job, by=None) == ([here], [away])
    assert (cell_of(away), cell_of(here)) == ("1", "6,5")
    assert shares() == {job: 390}


@pytest.mark.parametrize("people", [1, 8])
def test_a_whole_team_is_recorded(worksite, people):
    job = make_job(worksite)
    team = [make_member(worksite) for _each in range(people)]
    record_rest([change(person, "6,5") for person in team], job=job, by=None)
    assert [cell_of(person) for person in team] == ["6,5"] * people
    assert JobShare.objects.filter(job=job, minutes=390).count() == people


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_lose_nothing():
    worksite = make_worksite()
    job = make_job(worksite)
    team = [make_member(worksite) for _each in range(3)]
    sick = change(team[0], "S6,5", seen="")
    outcomes = at_once(
        lambda: record_presence([sick], job=job, by=None),
        lambda: record_rest([change(person, "6,5") for person in team], job=job, by=None),
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [getattr(outcome, "is_conflict", outcome) for outcome in refused] in ([], [True])
    assert cell_of(team[0]) == ("6,5" if refused else "S6,5")
    assert [cell_of(person) for person in team[1:]] == ["6,5", "6,5"]


@pytest.mark.django_db(transaction=True)
def test_a_job_finished_while_hours_are_shared_onto_it_never_holds_later_hours():
    job = make_job()
    entry = make_time(make_member(job.worksite), MONDAY, 390)
    finished = JobOrder.objects.get()
    finished.finished_on = MONDAY - dt.timedelta(days=1)
    outcomes = at_once(lambda: share_work(entry, {job: 390}), lambda: save_job(finished, by=None))
    assert [type(each) for each in outcomes if isinstance(each, Exception)] == [ValidationError]
    assert JobShare.objects.exists() == (JobOrder.objects.get().finished_on is None)


@pytest.mark.django_db(transaction=True)
def test_two_teams_that_share_their_days_between_the_same_jobs_do_not_block_each_other():
    one = make_job()
    other = make_job(one.worksite)
    teams = [[make_member(one.worksite) for _each in range(2)] for _team in range(2)]
    for team, jobs in zip(teams, [(one, other), (other, one)], strict=True):
        for person, job in zip(team, jobs, strict=True):
            share_work(make_time(person, MONDAY, 390), {job: 300})
    outcomes = at_once(
        *[
            lambda team=team: record_presence([change(person, "3") for person in team], job=None, by=None)
            for team in teams
        ]
    )
    assert outcomes == [None, None]
    assert [share.minutes for share in JobShare.objects.all()] == [180] * 4


def test_a_job_moved_meanwhile_to_another_worksite_takes_no_hours(worksite):
    person, job = make_member(worksite), make_job(worksite)
    JobOrder.objects.update(worksite=make_worksite())
    with pytest.raises(ValidationError, match="n’est pas une commande du chantier"):
        share_work(make_time(person, MONDAY, 390), {job: 390})
