"""Presence on plain values: the minutes a contract plans, and the language of the month grid's cells."""

import datetime as dt
import doctest
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries import time_rules
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part, UnreadableCell, planned_minutes, read_cell, write_cell
from confluences.working_days import public_holiday

MONDAY = dt.date(2026, 5, 18)  # a week without holiday


def test_examples():
    assert doctest.testmod(time_rules).failed == 0


@given(
    st.integers(60, 35 * 60),
    st.sets(st.sampled_from("1234567"), min_size=1).map(lambda days: "".join(sorted(days))),
)
def test_a_week_without_holiday_is_the_contract(weekly, work_days):
    week = [planned_minutes(weekly, work_days, MONDAY + dt.timedelta(days=offset)) for offset in range(7)]
    assert sum(week) == weekly
    assert max(week) - min(part for part in week if part) <= 1


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)))
def test_nothing_is_planned_on_a_holiday(day):
    planned = planned_minutes(35 * 60, "12345", day)
    assert planned == (0 if public_holiday(day) or day.isoweekday() > 5 else 420)


ABSENCES = st.builds(
    Part, st.sampled_from(TimeKind.absences()), st.integers(1, 300), st.sampled_from(AbsenceReason)
)
ATTENDED = st.builds(Part, st.sampled_from(TimeKind.attended()), st.integers(1, 300))
DAYS = st.lists(ABSENCES | ATTENDED, max_size=4, unique_by=lambda part: part.key)


@given(DAYS)
def test_a_written_cell_reads_as_what_it_was(parts):
    assert sorted(read_cell(write_cell(parts), 0)) == sorted(parts)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    with suppress(UnreadableCell):
        assert sum(part.minutes for part in read_cell(text, 420)) <= 24 * 60


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("0", []),
        ("7", [Part(TimeKind.WORK, 420)]),
        ("6,5", [Part(TimeKind.WORK, 390)]),
        ("6.50", [Part(TimeKind.WORK, 390)]),
        ("6h30", [Part(TimeKind.WORK, 390)]),
        ("6:30", [Part(TimeKind.WORK, 390)]),
        ("6H", [Part(TimeKind.WORK, 360)]),
        ("f", [Part(TimeKind.TRAINING, 390)]),
        ("i3", [Part(TimeKind.IMMERSION, 180)]),
        ("cp", [Part(TimeKind.PAID_ABSENCE, 390, AbsenceReason.LEAVE)]),
        ("s", [Part(TimeKind.UNPAID_ABSENCE, 390, AbsenceReason.HEALTH)]),
        ("S+", [Part(TimeKind.PAID_ABSENCE, 390, AbsenceReason.HEALTH)]),
        ("CP-2", [Part(TimeKind.UNPAID_ABSENCE, 120, AbsenceReason.LEAVE)]),
        (
            "6 R0,5",
            [Part(TimeKind.WORK, 360), Part(TimeKind.UNPAID_ABSENCE, 30, AbsenceReason.LATE)],
        ),
    ],
)
def test_cells(text, parts):
    assert read_cell(text, 390) == parts


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "malade",
            "« malade » n’est ni des heures (7, 7,5 ou 7h30) ni un code (F, I, CP, JF, S, FA, AD, TR, R, AI, AU).",
        ),
        ("25", "« 25 » dépasse 24 heures."),
        ("3 4", "« 3 4 » dit deux fois la même chose : additionnez les heures."),
        (
            "F+2",
            "« f+2 » n’est ni des heures (7, 7,5 ou 7h30) ni un code (F, I, CP, JF, S, FA, AD, TR, R, AI, AU).",
        ),
        (
            "7h75",
            "« 7h75 » n’est ni des heures (7, 7,5 ou 7h30) ni un code (F, I, CP, JF, S, FA, AD, TR, R, AI, AU).",
        ),
    ],
)
def test_unreadable_cells(text, message):
    with pytest.raises(UnreadableCell) as refused:
        read_cell(text, 390)
    assert str(refused.value) == message


def test_a_code_alone_on_a_day_without_plan():
    with pytest.raises(UnreadableCell) as refused:
        read_cell("CP", 0)
    assert str(refused.value) == "« CP » : rien n’est prévu ce jour-là, ajoutez les heures, par exemple CP7."
