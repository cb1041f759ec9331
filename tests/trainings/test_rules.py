"""How minutes fall on modules, and what is still missing."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings import (
    attendance_forms,
    centre_rules,
    certificate_rules,
    forecast_rules,
    hours_reports,
    matrix_rules,
    paper_reports,
    rules,
    session_rules,
)
from trainings.rules import ModuleHours, missing_sentence, required_minutes, spread


@pytest.mark.parametrize(
    "module",
    [
        attendance_forms,
        centre_rules,
        certificate_rules,
        forecast_rules,
        hours_reports,
        matrix_rules,
        paper_reports,
        rules,
        session_rules,
    ],
)
def test_worked_examples(module):
    found = doctest.testmod(module)
    assert (found.attempted > 0, found.failed) == (True, 0)


@given(st.integers(0, 300), st.dictionaries(st.integers(1, 9), st.integers(1, 300), min_size=1))
def test_minutes_spread_exactly_and_fairly(minutes, shares):
    parts = spread(minutes, shares)
    total = sum(shares.values())
    assert sum(parts.values()) == minutes
    assert all(abs(parts.get(key, 0) - minutes * share / total) < 1 for key, share in shares.items())


@given(st.integers(1, 3000), st.integers(1, 100))
def test_required_minutes_are_the_least_that_reach_the_percentage(minutes, percent):
    required = required_minutes(minutes, percent)
    assert required * 100 >= minutes * percent > (required - 1) * 100


def test_missing_hours_are_named_by_module():
    modules = [
        ModuleHours("Tonte", 1440, done=1440, required=1296),
        ModuleHours("Taille", 1680, done=1000, required=1512),
        ModuleHours("Sécurité", 960, done=0, required=864),
    ]
    assert missing_sentence(modules) == (
        "Il manque 8\u00a0h\u00a032 de « Taille », 14\u00a0h\u00a024 de « Sécurité »."
    )
    assert missing_sentence(modules[:1]) is None
