"""Freins from the entry to today, steps by urgency, stages of the project: worked examples, and a naive reading."""

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.barrier_reports import axis_state, axis_states, barrier_layer, barrier_picture
from beneficiaries.models import BarrierAssessment
from beneficiaries.project_reports import known_jobs, project_panel
from beneficiaries.rules import Period
from beneficiaries.step_reports import step_panel
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, ProjectStage, StepStatus, Theme
from beneficiaries.support_rules import stay_opens
from tests.beneficiaries.factories import (
    DAY,
    make_barrier,
    make_beneficiary,
    make_contract,
    make_project,
    make_step,
    today,
)

ENTRY = dt.date(2024, 1, 1)


def row(day: dt.date, level: int, status: str = BarrierStatus.IDENTIFIED) -> BarrierAssessment:
    return BarrierAssessment(axis=Theme.HOUSING, assessed_on=day, level=level, status=status)


def state_of(*rows: BarrierAssessment, opens: dt.date | None = None):
    """The state that these unsaved rows make; numbered, so that each is itself."""
    for number, each in enumerate(rows, start=1):
        each.pk = number
    return axis_state(Theme.HOUSING, rows, opens)


# Freins


@pytest.mark.parametrize(
    ("levels", "status", "words", "lifted"),
    [
        ([], BarrierStatus.IDENTIFIED, "non évalué", False),
        ([4], BarrierStatus.IDENTIFIED, "fort", False),
        ([4, 2], BarrierStatus.IN_PROGRESS, "fort → faible", False),
        ([2, 4], BarrierStatus.IDENTIFIED, "faible → fort", False),
        ([3, 4, 3], BarrierStatus.REFERRED, "moyen, inchangé", False),
        ([3, 1], BarrierStatus.IN_PROGRESS, "moyen → levé", True),
        ([2, 1], BarrierStatus.IN_PROGRESS, "faible → pas un frein", False),
        ([2, 1], BarrierStatus.LIFTED, "faible → levé", True),
        ([1], BarrierStatus.LIFTED, "levé", True),
        ([0, 3], BarrierStatus.IDENTIFIED, "moyen", False),
        ([3, 0], BarrierStatus.IDENTIFIED, "moyen → non évalué", False),
    ],
)
def test_the_way_in_words(levels, status, words, lifted):
    rows = [row(ENTRY + index * DAY, level) for index, level in enumerate(levels)]
    if rows:
        rows[-1].status = status
    state = state_of(*rows)
    assert (state.words, state.lifted) == (words, lifted)


def test_the_level_is_what_it_is_since_the_first_day_that_said_so():
    assert state_of(row(ENTRY, 4), row(ENTRY + DAY, 2), row(ENTRY + 2 * DAY, 2)).since == ENTRY + DAY


SPRING = Period(dt.date(2024, 3, 1), dt.date(2024, 6, 30))
SUMMER = Period(dt.date(2024, 7, 1), dt.date(2024, 8, 31))
WINTER = Period(dt.date(2024, 12, 1), None)


@pytest.mark.parametrize(
    ("periods", "on", "opens"),
    [
        ([], dt.date(2024, 4, 1), None),
        (
            [SPRING, SUMMER],
            dt.date(2024, 8, 1),
            dt.date(2023, 9, 1),
        ),  # one chain, and six months of reception
        ([SPRING, WINTER], dt.date(2024, 12, 24), dt.date(2024, 7, 1)),  # the day after the stay before
        (
            [SPRING, WINTER],
            dt.date(2024, 10, 1),
            dt.date(2023, 9, 1),
        ),  # between two stays: the one that ended
        ([WINTER], dt.date(2024, 10, 1), dt.date(2024, 6, 1)),  # a first stay to come
    ],
)
def test_the_day_that_opens_a_stay(periods, on, opens):
    assert stay_opens(periods, on) == opens


def test_an_assessment_of_an_earlier_stay_is_today_but_no_entry():
    state = state_of(row(dt.date(2020, 1, 1), 4), opens=ENTRY)
    assert (state.at_entry, state.today, state.words) == ("non évalué", "fort", "fort")


@pytest.mark.django_db
def test_entry_is_the_first_of_the_current_stay(social_worker):
    person = make_beneficiary()
    make_contract(person, start=dt.date(2020, 1, 1), end=dt.date(2020, 12, 31))
    make_contract(person, start=dt.date(2024, 1, 1), end=dt.date(2024, 12, 31))
    for day, level in [
        (dt.date(2020, 2, 1), BarrierLevel.HIGH),
        (dt.date(2023, 12, 15), BarrierLevel.MEDIUM),
        (dt.date(2024, 6, 1), BarrierLevel.LOW),
    ]:
        make_barrier(person, assessed_on=day, level=level)
    housing = axis_states(social_worker, person, dt.date(2024, 7, 1))[0]
    assert (housing.label, housing.words) == ("Logement", "moyen → faible")
    assert [each.assessed_on.year for each in housing.newest_first] == [2024, 2023, 2020]


@pytest.mark.django_db
def test_without_contract_the_entry_is_the_first_ever(social_worker):
    person = make_beneficiary()
    make_barrier(person, assessed_on=dt.date(2010, 1, 1))
    make_barrier(person, level=BarrierLevel.LOW)
    assert axis_states(social_worker, person, today())[0].words == "fort → faible"


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_states_cost_two_queries(social_worker, django_assert_num_queries, rows):
    person = make_beneficiary()
    for each in range(rows):
        make_barrier(person, assessed_on=ENTRY + each * DAY)
    social_worker.get_all_permissions()
    with django_assert_num_queries(2):
        states = axis_states(social_worker, person, today())
        assert [str(each.updated_by) for each in states[0].newest_first] == ["None"] * rows


@pytest.mark.django_db
def test_the_supervisor_has_seven_axes(supervisor):
    person = make_beneficiary()
    make_barrier(person, axis=Theme.HEALTH)
    states = axis_states(supervisor, person, today())
    assert [state.axis for state in states] == [
        axis for axis in Theme.axes() if axis not in {Theme.HEALTH, Theme.JUSTICE}
    ]
    assert not any(state.history for state in states)
    picture = barrier_picture(states)
    assert "Santé" not in picture
    assert "Justice" not in picture


ROWS = st.lists(
    st.tuples(
        st.integers(0, 2000), st.sampled_from(list(BarrierLevel)), st.sampled_from(list(BarrierStatus))
    ),
    max_size=8,
    unique_by=lambda each: each[0],
)


@given(rows=ROWS, opens=st.none() | st.integers(0, 2000))
def test_the_picture_agrees_with_a_naive_reading(rows, opens):
    """Entry and today as anybody would read them: the first since the stay opened, and the last of all."""
    first_day = dt.date(2020, 1, 1)
    start = None if opens is None else first_day + opens * DAY
    assessments = [row(first_day + day * DAY, level, status) for day, level, status in sorted(rows)]
    state = state_of(*assessments, opens=start)
    since_entry = [each for each in assessments if start is None or each.assessed_on >= start]
    entry = since_entry[0].level if since_entry else 0
    latest = assessments[-1].level if assessments else 0
    chart = ET.fromstring(barrier_picture([state]))
    places = {"5%": 1, "35%": 2, "65%": 3, "95%": 4}
    circles = list(chart.iter("{http://www.w3.org/2000/svg}circle"))
    rings = [places[each.get("cx")] for each in circles if each.get("stroke") and each.get("cx") in places]
    discs = [
        places[each.get("cx")] for each in circles if not each.get("stroke") and each.get("cx") in places
    ]
    assert (rings, discs) == ([entry] if entry else [], [latest] if latest else [])


def test_bars_last_until_the_level_changes_or_the_frein_is_lifted():
    state = state_of(
        row(ENTRY, 4),
        row(ENTRY + 10 * DAY, 4),
        row(ENTRY + 20 * DAY, 3),
        row(ENTRY + 30 * DAY, 2),
        row(ENTRY + 40 * DAY, 3),
        row(ENTRY + 50 * DAY, 3, BarrierStatus.LIFTED),
        row(ENTRY + 60 * DAY, 4),
    )
    assert [(bar.start, bar.end, bar.label) for bar in barrier_layer([state]).bars] == [
        (ENTRY, ENTRY + 19 * DAY, "logement : fort"),
        (ENTRY + 20 * DAY, ENTRY + 29 * DAY, "logement : moyen"),
        (ENTRY + 40 * DAY, ENTRY + 49 * DAY, "logement : moyen"),
        (ENTRY + 60 * DAY, None, "logement : fort"),
    ]


# Steps


@pytest.mark.django_db
def test_steps_late_then_soon_then_later_then_undated(social_worker):
    person, now = make_beneficiary(), today()
    opened = now - 30 * DAY
    for action, due in [
        ("sans date", None),
        ("dans un mois", now + 30 * DAY),
        ("bientôt", now + 3 * DAY),
        ("demain", now + DAY),
        ("aujourd’hui", now),
        ("hier", now - DAY),
        ("en retard", now - 4 * DAY),
    ]:
        make_step(person, action=action, due=due, opened_on=opened)
    for action, days in [("ancienne", 9), ("récente", 2)]:
        closed = {"status": StepStatus.DONE, "closed_on": now - days * DAY}
        make_step(person, action=action, opened_on=opened, minutes=30, **closed)
    make_step(person, action="dehors", opened_on=opened, minutes=15, side="external", due=None)
    panel = step_panel(social_worker, person, now)
    month = now + 30 * DAY
    assert [(each.step.action, each.status.label, each.status.kind) for each in panel.open] == [
        ("en retard", "en retard de 4\u00a0jours", "late"),
        ("hier", "en retard de 1\u00a0jour", "late"),
        ("aujourd’hui", "à faire aujourd’hui", "soon"),
        ("demain", "à faire demain", "soon"),
        ("bientôt", "dans 3\u00a0jours", "soon"),
        ("dans un mois", f"avant le {month:%d/%m/%Y}", "neutral"),
        ("sans date", "sans date", "neutral"),
        ("dehors", "sans date", "neutral"),
    ]
    assert [each.step.action for each in panel.closed] == ["récente", "ancienne"]
    assert (panel.late, panel.minutes, panel.external_minutes) == (2, 75, 15)


@pytest.mark.django_db
def test_the_supervisor_sees_neither_the_step_nor_its_minutes(supervisor):
    person = make_beneficiary()
    make_step(person, theme=Theme.JUSTICE, minutes=50)
    panel = step_panel(supervisor, person, today())
    assert (panel.open, panel.closed, panel.minutes) == ([], [], 0)


# Project


@pytest.mark.django_db
def test_the_project_stands_at_its_stage_since_it_reached_it(social_worker):
    person, now = make_beneficiary(), today()
    make_project(person, decided_on=now - 90 * DAY)
    make_project(person, decided_on=now - 60 * DAY, stage=ProjectStage.EXPLORED)
    make_project(person, stage=ProjectStage.EXPLORED, job="Jardinier")
    panel = project_panel(social_worker, person)
    assert (panel.latest.job, panel.since, len(panel.history)) == ("Jardinier", now - 60 * DAY, 3)
    assert [(stage.label, stage.passed, stage.current) for stage in panel.stages] == [
        ("à définir", True, False),
        ("exploré", False, True),
        ("validé", False, False),
        ("formation ou recherche engagée", False, False),
        ("réalisé", False, False),
    ]


@pytest.mark.django_db
def test_no_project_has_no_current_stage(social_worker):
    panel = project_panel(social_worker, make_beneficiary())
    assert (panel.latest, panel.since) == (None, None)
    assert not any(stage.passed or stage.current for stage in panel.stages)


@pytest.mark.django_db
def test_known_jobs_are_suggested_once_and_to_readers_only(social_worker, instructor):
    for _each in range(2):
        make_project(job="Jardinier", rome_code="A1203")
    make_project(job="Cuisinier")
    make_project()
    assert known_jobs(social_worker) == [("Cuisinier", ""), ("Jardinier", "A1203")]
    assert known_jobs(instructor) == []
