"""What the matrix reads of the database."""

import datetime as dt

import pytest

from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.charts import Bar
from tests.beneficiaries.factories import make_contract
from tests.trainings.factories import attend, make_enrolment, make_programme, make_session
from trainings.enums import Finish
from trainings.matrix_reports import matrix_of, standings, training_layer
from trainings.models import Enrolment

DAY = dt.timedelta(days=1)
MONDAY = dt.date(2024, 3, 4)
TODAY = MONDAY + 7 * DAY


@pytest.fixture
def programme(db):
    return make_programme(420, 210, name="Espaces verts")


def standing(enrolment: Enrolment, today: dt.date = TODAY):
    [row] = standings(Enrolment.objects.filter(pk=enrolment.pk), today)
    return row


def test_standing_walks_the_sessions_of_the_own_group(programme):
    """3 h 30 of 10 h 30 are done; the group's sessions of 11, 12 and 14 March leave nothing; others do not count."""
    first, second = programme.modules.all()
    enrolment = make_enrolment(programme, group="A")
    attend(make_session(programme, MONDAY, first), enrolment)
    make_session(programme, TODAY, first, group="A")
    make_session(programme, TODAY + DAY, second, group="B")
    last = make_session(programme, TODAY + 3 * DAY, second)
    row = standing(enrolment)
    assert [(module.done, module.planned) for module in row.modules] == [(210, 210), (0, 210)]
    assert (row.done, row.planned, row.left, row.required) == (210, 420, 420, 630)
    assert (row.forecast.state, row.finish_on) == (Finish.IN_TIME, last.day)
    assert [meeting.day for meeting in row.upcoming] == [TODAY, last.day]


def test_session_of_today_counts_until_it_is_recorded(programme):
    enrolment = make_enrolment(programme)
    today = make_session(programme, TODAY)
    assert [meeting.key for meeting in standing(enrolment).upcoming] == [today.pk]
    attend(today, enrolment, Part(TimeKind.PAID_ABSENCE, 210, AbsenceReason.LEAVE))
    assert standing(enrolment).upcoming == ()


def test_only_sessions_while_enrolled_and_under_contract_are_planned(programme):
    person = make_contract(start=dt.date(2024, 1, 1), end=dt.date(2024, 5, 31)).beneficiary
    enrolment = make_enrolment(programme, person, left_on=TODAY + 5 * DAY)
    inside = make_session(programme, TODAY + 5 * DAY)
    make_session(programme, TODAY + 6 * DAY)
    assert [meeting.key for meeting in standing(enrolment).upcoming] == [inside.pk]


def test_renewed_contract_counts_to_its_last_end(programme):
    person = make_contract(start=dt.date(2024, 1, 1), end=dt.date(2024, 5, 31)).beneficiary
    make_contract(person, start=dt.date(2024, 6, 1), end=dt.date(2024, 9, 30))
    assert standing(make_enrolment(programme, person)).forecast.last_day == dt.date(2024, 9, 30)


def test_proposals_avoid_sessions_of_other_programmes(programme):
    french = make_programme(210)
    enrolment = make_enrolment(programme, group="A")
    make_enrolment(french, enrolment.beneficiary)
    make_session(french, TODAY + DAY)
    make_session(programme, TODAY + DAY, group="B")
    free = make_session(programme, TODAY + 2 * DAY, group="B")
    assert [each.meeting.key for each in standing(enrolment).forecast.proposals] == [free.pk]


def test_session_of_another_group_counts_once_attended(programme):
    enrolment = make_enrolment(programme, group="A")
    attend(make_session(programme, MONDAY, group="B"), enrolment)
    row = standing(enrolment)
    assert (row.done, row.forecast.proposals) == (210, ())


def test_unfilled_are_past_sessions_under_contract_without_a_word(programme):
    person = make_contract(start=dt.date(2024, 2, 1), end=dt.date(2024, 12, 31)).beneficiary
    enrolment = make_enrolment(programme, person)
    make_session(programme, dt.date(2024, 1, 29))
    forgotten = make_session(programme, MONDAY)
    attend(make_session(programme, MONDAY + DAY), enrolment)
    assert [meeting.key for meeting in standing(enrolment).unfilled] == [forgotten.pk]


def test_matrix_totals_each_module(programme):
    first, second = programme.modules.all()
    one, other = make_enrolment(programme), make_enrolment(programme)
    for day, module in ((MONDAY, first), (MONDAY + DAY, second)):
        session = make_session(programme, day, module)
        attend(session, one)
    attend(make_session(programme, MONDAY + 2 * DAY, first), other)
    found = matrix_of(programme, Enrolment.objects.all(), TODAY)
    assert [(total.name, total.done, total.people_done) for total in found.totals] == [
        ("Module 1", 420, 0),
        ("Module 2", 210, 1),
    ]
    assert found.done == 630
    assert found.count(Finish.NOT_PLANNED) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_standings_cost_the_same_whatever_the_number(db, django_assert_num_queries, rows):
    for week in range(rows):
        programme = make_programme()
        for group in "AB"[:rows]:
            attend(
                make_session(programme, MONDAY + 7 * week * DAY, group=group),
                make_enrolment(programme, group=group),
            )
            make_session(programme, MONDAY + (70 + week) * DAY, group=group)
    with django_assert_num_queries(9):
        assert len(standings(Enrolment.objects.all(), TODAY)) == rows * len("AB"[:rows])


def test_training_layer_runs_from_enrolment_to_the_end(programme):
    enrolment = make_enrolment(programme)
    layer = training_layer([standing(enrolment)])
    assert layer.bars == [
        Bar(
            start=enrolment.enrolled_on,
            end=dt.date(2024, 12, 31),
            label="0\u00a0h sur 10\u00a0h\u00a030, Espaces verts",
            kind="warm",
        )
    ]
