"""A month of presence: who has a line, what is open, what was expected, recorded and missing."""

import datetime as dt

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags

from beneficiaries.models import TimeEntry
from beneficiaries.time_actions import close_month, record_session_part
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from tests.beneficiaries.factories import make_contract, make_time
from tests.worksites.factories import make_assignment, make_worksite
from worksites.month_reports import closing_of, closings_of, month_grid, month_grids, month_so_far
from worksites.month_rules import Month

pytestmark = pytest.mark.django_db

D = dt.date
MAY = Month(D(2024, 5, 1))  # holidays on 1, 8, 9 and 20
TODAY = D(2024, 5, 7)


def make_member(worksite, contract=None, **assignment):
    """Somebody of 35 hours on the worksite since 1 January."""
    contract = contract or make_contract(weekly_minutes=35 * 60)
    make_assignment(contract.beneficiary, worksite, **assignment)
    return contract.beneficiary


def grid_of(worksite, month=MAY):
    return month_grid(worksite, month, TimeEntry.objects.all(), TODAY)


def open_days(line):
    return [cell.day.day.day for cell in line.cells if cell.is_open]


def test_days_say_weekends_and_holidays():
    days = grid_of(make_worksite()).days
    assert [(day.day.day, day.holiday) for day in days if day.holiday] == [
        (1, "Fête du Travail"),
        (8, "Fête de la Victoire"),
        (9, "Ascension"),
        (20, "Lundi de Pentecôte"),
    ]
    assert [day.day.day for day in days if day.is_weekend] == [4, 5, 11, 12, 18, 19, 25, 26]
    assert [day.day for day in days if day.is_today] == [TODAY]
    assert (days[0].look, days[3].look, days[6].look) == (
        "month-off",
        "month-off month-weekend",
        "month-today",
    )


def test_lines_are_those_assigned_and_under_contract_even_if_they_left():
    worksite = make_worksite()
    stays = make_member(worksite)
    left = make_member(worksite, end=D(2024, 5, 10))
    ended = make_member(worksite, make_contract(end=D(2024, 5, 3)))
    broken = make_member(worksite, make_contract(ended_early_on=D(2024, 5, 2)))
    make_member(worksite, end=D(2024, 4, 30))
    make_member(worksite, make_contract(end=D(2024, 4, 30)))
    make_member(worksite, make_contract(end=D(2024, 5, 10)), start=D(2024, 5, 13))
    make_member(make_worksite())
    lines = {line.person: open_days(line) for line in grid_of(worksite).lines}
    assert lines == {
        stays: list(range(1, 32)),
        left: list(range(1, 11)),
        ended: [1, 2, 3],
        broken: [1, 2],
    }


def test_a_renewal_and_two_stays_make_one_line():
    worksite, other = make_worksite(), make_worksite()
    contract = make_contract(end=D(2024, 5, 14))
    make_contract(contract.beneficiary, start=D(2024, 5, 15), end=D(2024, 12, 31), weekly_minutes=30 * 60)
    person = make_member(worksite, contract, end=D(2024, 5, 9))
    make_assignment(person, other, start=D(2024, 5, 10), end=D(2024, 5, 12))
    make_assignment(person, worksite, start=D(2024, 5, 13))
    [line] = grid_of(worksite).lines
    assert open_days(line) == [*range(1, 10), *range(13, 32)]
    assert [line.cells[day - 1].usual for day in (2, 13, 15)] == [312, 312, 360]


def test_totals_by_person_and_day():
    """35 hours a week: 7 hours on each of the 23 weekdays of May 2024, public holidays included, make 161 hours."""
    worksite = make_worksite()
    person, other = make_member(worksite), make_member(worksite)
    make_time(person, D(2024, 5, 2), 390)
    make_time(person, D(2024, 5, 2), 30, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.LATE)
    record_session_part(person, D(2024, 5, 3), dt.time(9), Part(TimeKind.TRAINING, 210), by=None)
    record_session_part(person, D(2024, 5, 3), dt.time(14), Part(TimeKind.TRAINING, 180), by=None)
    make_time(other, D(2024, 5, 2), 420, kind=TimeKind.PAID_ABSENCE, reason=AbsenceReason.LEAVE)
    grid = grid_of(worksite)
    assert [(line.recorded, line.expected, line.gap) for line in grid.lines] == [
        (420 + 390, 161 * 60, 810 - 161 * 60),
        (420, 161 * 60, 420 - 161 * 60),
    ]
    assert [(total.day.day.day, total.present, total.hours) for total in grid.totals if total.minutes] == [
        (2, 1, "14"),
        (3, 1, "6,5"),
    ]
    assert (grid.recorded, grid.expected, grid.gap) == (1230, 322 * 60, 1230 - 322 * 60)
    cells = grid.lines[0].cells
    assert [(cells[day].text, cells[day].session_text, cells[day].alone) for day in (1, 2)] == [
        ("6,5 R0,5", "", 420),
        ("", "F6,5", 30),
    ]


def test_missing_days_are_those_expected_without_any_entry():
    worksite = make_worksite()
    person = make_member(worksite, make_contract(work_days="14", weekly_minutes=20 * 60))
    make_time(person, D(2024, 5, 2), 60)
    grid = grid_of(worksite)
    assert grid.missing(TODAY) == [(person, [D(2024, 5, 6)])]
    assert [day.day for day in grid.missing(D(2024, 6, 1))[0][1]] == [6, 9, 13, 16, 20, 23, 27, 30]
    assert grid.missing(D(2024, 5, 6)) == []


def test_hours_worked_elsewhere_are_not_those_of_the_worksite():
    worksite, other = make_worksite(), make_worksite()
    person = make_member(worksite, end=D(2024, 5, 5))
    make_assignment(person, other, start=D(2024, 5, 6))
    make_time(person, D(2024, 5, 3), 60)
    make_time(person, D(2024, 5, 6), 120)
    grids = month_grids([worksite, other], MAY, TimeEntry.objects.all(), TODAY)
    assert [grid.recorded for grid in grids] == [60, 120]


def test_month_so_far_stops_today():
    worksite = make_worksite()
    person = make_member(worksite)
    for day, minutes in ((2, 420), (3, 300), (7, 60), (10, 999)):
        make_time(person, D(2024, 5, day), minutes)
    so_far = month_so_far(worksite, TimeEntry.objects.all(), TODAY)
    # 1, 2, 3, 6 and 7 May are expected; 1 (a public holiday) and 6 are not recorded.
    assert (so_far.recorded, so_far.expected, so_far.people_days_missing) == (780, 5 * 420, 2)
    assert so_far.missing_sentence == "2 jours non pointés avant aujourd’hui"


def test_closings(supervisor):
    assert (closing_of(MAY), closings_of(MAY)) == (None, [])
    closing = close_month(MAY.first, MAY.last, by=supervisor, today=D(2024, 6, 1))
    assert (closing_of(MAY), closings_of(MAY)) == (closing, [closing])
    assert grid_of(make_worksite()).closing == closing
    assert closing_of(MAY.following) is None


@pytest.mark.parametrize("people", [1, 3, 16])
@pytest.mark.parametrize("code", ["2024-02", "2024-05"])
def test_a_month_costs_the_same_whatever_the_number(django_assert_num_queries, people, code):
    worksite = make_worksite()
    for _each in range(people):
        person = make_member(worksite)
        make_time(person, D(2024, 5, 2))
        make_time(person, D(2024, 2, 1))
    with django_assert_num_queries(3):
        grid = grid_of(worksite, Month(D.fromisoformat(f"{code}-01")))
        assert [line.recorded for line in grid.lines] == [420] * people
        assert all(cell.text in {"", "7"} for line in grid.lines for cell in line.cells)


def test_the_panel_of_a_worksite_s_page():
    worksite = make_worksite()
    person = make_member(worksite)
    make_time(person, D(2024, 5, 2))
    so_far = month_so_far(worksite, TimeEntry.objects.all(), TODAY)
    panel = render_to_string("worksites/month_panel.html", {"month_so_far": so_far})
    words = " ".join(strip_tags(panel).split())
    assert words == (
        "Mai 2024 Ouvrir le mois 7\u00a0h pointées sur 35\u00a0h prévues jusqu’à aujourd’hui. "
        "3 jours non pointés avant aujourd’hui"
    ).replace("\u00a0", " ")
    assert reverse("worksites:presence-month", args=[worksite.pk]) in panel


def test_the_panel_of_an_empty_worksite():
    so_far = month_so_far(make_worksite(), TimeEntry.objects.all(), TODAY)
    panel = render_to_string("worksites/month_panel.html", {"month_so_far": so_far})
    assert "Personne à pointer ce mois-ci" in panel
