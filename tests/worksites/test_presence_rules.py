"""The morning's presence on plain values: what a tap makes of a day, and how a day is said."""

import datetime as dt
import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import read_cell
from worksites import presence_rules
from worksites.presence_rules import (
    Refused,
    absence_reasons,
    covered_minutes,
    day_in_words,
    day_look,
    hours_parts,
    late_parts,
    new_shares,
)


def test_examples():
    assert doctest.testmod(presence_rules).failed == 0


@pytest.mark.parametrize(
    ("cell", "words", "look"),
    [
        ("", "", "ok"),
        ("6,5", "Présent, 6 h 30", "ok"),
        ("6 R0,5", "En retard de 30 min, présent 6 h", "soon"),
        ("S6,5", "Absent, santé", "info"),
        ("S+6,5", "Absent, santé (payé)", "info"),
        ("CP-7", "Absent, congés (non payé)", "info"),
        ("AI7", "Absent, sans justification", "late"),
        ("JF6,5", "Jour férié", "info"),
        ("F6,5", "En formation, 6 h 30", "ok"),
        ("I6,5", "En immersion, 6 h 30", "ok"),
        ("4 S2,5", "Présent, 4 h · absent, santé, 2 h 30", "info"),
        ("3 F3,5", "Présent, 3 h · en formation, 3 h 30", "ok"),
    ],
)
def test_a_day_is_said_in_words(cell, words, look):
    parts = read_cell(cell, 0)
    assert " ".join(day_in_words(parts).split()) == words
    assert day_look(parts) == look


@pytest.mark.parametrize(("planned", "late"), [(390, 0), (390, -5), (390, 390), (390, 500), (0, 15)])
def test_a_delay_that_leaves_no_work_is_refused(planned, late):
    with pytest.raises(Refused):
        late_parts(planned, late)


@given(st.integers(2, 1440), st.data())
def test_a_late_day_adds_up_to_the_planned_one(planned, data):
    late = data.draw(st.integers(1, planned - 1))
    assert sum(part.minutes for part in late_parts(planned, late)) == planned


@pytest.mark.parametrize(
    ("minutes", "rest", "message"),
    [
        (0, None, "Écrivez les heures"),
        (1441, None, "Écrivez les heures"),
        (390, AbsenceReason.HEALTH, "il ne reste pas d’absence"),
        (400, AbsenceReason.HEALTH, "il ne reste pas d’absence"),
    ],
)
def test_hours_that_make_no_day(minutes, rest, message):
    with pytest.raises(Refused, match=message):
        hours_parts(390, minutes, TimeKind.WORK, rest)


def test_a_delay_and_a_missing_justification_are_not_announced():
    assert absence_reasons(ahead=True) == [
        AbsenceReason.LEAVE,
        AbsenceReason.HEALTH,
        AbsenceReason.FAMILY,
        AbsenceReason.PAPERS,
        AbsenceReason.TRANSPORT,
        AbsenceReason.OTHER,
    ]
    assert set(absence_reasons(ahead=False)) - set(absence_reasons(ahead=True)) == {AbsenceReason.UNJUSTIFIED}


@pytest.mark.parametrize(
    ("times", "minutes"),
    [
        ([], 0),
        ([("09:00", "12:30")], 210),
        ([("13:30", "17:00"), ("09:00", "12:30")], 420),
        ([("09:00", "12:30"), ("09:00", "12:30")], 210),
        ([("09:00", "17:00"), ("10:00", "11:00"), ("16:00", "18:00")], 540),
    ],
)
def test_sessions_at_the_same_time_count_once(times, minutes):
    pairs = [(dt.time.fromisoformat(start), dt.time.fromisoformat(end)) for start, end in times]
    assert covered_minutes(pairs) == minutes


@pytest.mark.parametrize(
    ("former", "shares", "minutes", "expected"),
    [
        (390, {}, 360, {}),
        (390, {1: 390}, 360, {1: 360}),
        (390, {1: 195, 2: 195}, 420, {1: 210, 2: 210}),
        (390, {1: 100, 2: 100}, 360, {1: 100, 2: 100}),
        (390, {1: 200, 2: 100}, 150, {1: 100, 2: 50}),
    ],
)
def test_shares_follow_the_work(former, shares, minutes, expected):
    assert new_shares(former, shares, minutes) == expected


@given(
    st.dictionaries(st.integers(1, 9), st.integers(1, 200), max_size=4),
    st.integers(0, 300),
    st.integers(1, 1440),
)
def test_shares_never_exceed_the_work(shares, unshared, minutes):
    former = sum(shares.values()) + unshared
    assert sum(new_shares(former, shares, minutes).values()) <= minutes
