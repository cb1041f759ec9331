"""The rules of social support, as tables of examples and properties."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.rules import Period
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, Criterion, FollowUpKind, Theme
from beneficiaries.support_rules import MAX_TEXT, follow_up_faults, is_lifted, proof_valid_until, text_faults

TODAY = dt.date(2026, 11, 25)
STAY = [Period(dt.date(2025, 1, 1), dt.date(2025, 6, 30)), Period(dt.date(2025, 7, 1), dt.date(2025, 12, 31))]
RUNNING = [Period(dt.date(2026, 1, 1), None)]


@pytest.mark.parametrize(
    ("kind", "on", "periods", "start_of_fault"),
    [
        ("interview", TODAY, RUNNING, ""),
        ("interview", dt.date(2026, 1, 1), RUNNING, ""),
        ("interview", TODAY + dt.timedelta(days=1), RUNNING, "Cette date n’est pas encore passée"),
        ("interview", dt.date(1900, 1, 1), [], ""),
        ("interview", dt.date(2025, 12, 31), RUNNING, "Cette date est avant l’entrée, le 01/01/2026"),
        ("reception", dt.date(2025, 7, 1), RUNNING, ""),
        ("reception", dt.date(2025, 6, 30), RUNNING, "Cette date est avant l’entrée"),
        ("interview", dt.date(2025, 12, 31), STAY, ""),
        (
            "interview",
            dt.date(2026, 1, 1),
            STAY,
            "À cette date la personne est sortie (fin de contrat le 31/12/2025)",
        ),
        ("after_exit", dt.date(2026, 1, 1), STAY, ""),
        ("exit_review", dt.date(2026, 1, 1), STAY, ""),
        (
            "after_exit",
            TODAY,
            [Period(dt.date(2023, 1, 1), dt.date(2024, 11, 24))],
            "La personne est sortie le 24/11/2024",
        ),
        ("after_exit", TODAY, [Period(dt.date(2023, 1, 1), dt.date(2024, 11, 25))], ""),
    ],
)
def test_follow_up_faults(kind, on, periods, start_of_fault):
    faults = follow_up_faults(kind, on, periods, TODAY)
    assert len(faults) == bool(start_of_fault)
    assert "".join(faults).startswith(start_of_fault)


@given(st.sampled_from(FollowUpKind), st.dates(), st.dates(), st.integers(0, 800))
def test_a_day_under_contract_is_never_refused(kind, first, today, length):
    period = Period(first, min(first, dt.date(9990, 1, 1)) + dt.timedelta(days=length))
    if period.contains(today):
        assert follow_up_faults(kind, today, [period], today) == []


@given(st.text(max_size=200))
def test_a_text_of_ordinary_length_is_accepted(text):
    assert text_faults(text) == []


def test_the_longest_text():
    assert text_faults("é" * MAX_TEXT) == []
    assert len(text_faults("é" * (MAX_TEXT + 1))) == 1


@pytest.mark.parametrize(
    ("entry", "latest", "status", "lifted"),
    [
        (4, 1, BarrierStatus.IN_PROGRESS, True),
        (3, 1, BarrierStatus.IDENTIFIED, True),
        (2, 1, BarrierStatus.IDENTIFIED, False),
        (4, 2, BarrierStatus.IN_PROGRESS, False),
        (4, 0, BarrierStatus.IN_PROGRESS, False),
        (2, 2, BarrierStatus.LIFTED, True),
    ],
)
def test_is_lifted(entry, latest, status, lifted):
    assert is_lifted(entry, latest, status) == lifted


def test_proofs_age_by_criterion():
    day = dt.date(2026, 1, 31)
    months = {proof_valid_until(criterion, day).month for criterion in Criterion}
    assert months == {4, 7, 1}
    assert proof_valid_until(Criterion.ASE, day) == dt.date(2027, 1, 31)


def test_every_level_says_what_it_means():
    assert [level.meaning for level in BarrierLevel if not level.meaning] == []


def test_nine_axes_of_which_two_are_protected():
    assert len(Theme.axes()) == 9
    assert Theme.protected() < set(Theme.axes())
