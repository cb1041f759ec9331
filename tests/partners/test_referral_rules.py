"""Which state follows which, lateness and silence, and what of a referral may leave the house."""

import datetime as dt
import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.support_enums import BarrierLevel, Theme
from partners import referral_rules
from partners.enums import BarrierEffect, ReferralStatus
from partners.referral_rules import (
    SILENT_DAYS,
    barrier_fault,
    default_reason,
    initials,
    is_late,
    is_silent,
    new_token,
    status_fault,
    theme_outside,
    token_hash,
    without_names,
)

DAY = dt.timedelta(days=1)
TODAY = dt.date(2024, 3, 16)
days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))


def test_worked_examples():
    assert doctest.testmod(referral_rules).failed == 0


@pytest.mark.parametrize("before", sorted(ReferralStatus.open()))
@pytest.mark.parametrize("after", ReferralStatus)
def test_an_open_referral_may_go_anywhere(before, after):
    assert status_fault(before, after) == ""


@pytest.mark.parametrize("before", sorted(ReferralStatus.closed()))
def test_one_that_is_over_is_taken_up_again_first(before):
    allowed = {after for after in ReferralStatus if not status_fault(before, after)}
    assert allowed == {before, ReferralStatus.SENT}


@given(st.sampled_from(sorted(ReferralStatus)), st.none() | days, st.none() | days, days)
def test_nothing_closed_or_answered_is_late(status, due, replied_on, today):
    late = is_late(status, due=due, replied_on=replied_on, today=today)
    assert not late or (status in ReferralStatus.open() and replied_on is None and due < today)


@given(st.sampled_from(sorted(ReferralStatus.open())), days, st.integers(0, 400))
def test_silence_begins_after_fifteen_days(status, news, waited):
    silent = is_silent(status, last_news=news, meeting_on=None, today=news + waited * DAY)
    assert silent == (waited >= SILENT_DAYS)


def test_a_meeting_to_come_breaks_the_silence():
    long_ago = {"last_news": TODAY - 90 * DAY, "today": TODAY}
    meetings = [
        is_silent(ReferralStatus.ACCEPTED, meeting_on=TODAY + n * DAY, **long_ago) for n in (-1, 0, 1)
    ]
    assert meetings == [True, False, False]


@pytest.mark.parametrize("theme", Theme)
def test_neither_health_nor_justice_is_said_outside(theme):
    told = theme_outside(theme) + default_reason(theme)
    assert (theme.label in told) == (theme not in Theme.protected())


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [("Camille", "Exemple Acacia", "C. E."), ("Élodie", "’d’Exemple", "E. D."), ("Åsa", "Øst", "A. Ø.")],
)
def test_initials(first, last, expected):
    assert initials(first, last) == expected


@given(st.text(max_size=80), st.sampled_from(["Camille", "Léa", "Jean-Luc"]))
def test_a_name_never_stays_in_a_text(text, name):
    outside = without_names(f"{text} {name} {name.upper()} {text}", name, "Exemple")
    assert name not in outside
    assert name.upper() not in outside


def test_tokens_are_long_and_never_the_same():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}
    assert {len(token_hash(token)) for token in tokens} == {64}


@pytest.mark.parametrize(
    ("effect", "level", "faulty"),
    [
        (BarrierEffect.LIFTED, BarrierLevel.NONE, False),
        (BarrierEffect.LIFTED, BarrierLevel.MEDIUM, True),
        (BarrierEffect.REDUCED, BarrierLevel.MEDIUM, False),
        (BarrierEffect.UNCHANGED, BarrierLevel.LOW, True),
        ("", BarrierLevel.LOW, True),
        ("", None, False),
    ],
)
def test_a_level_agrees_with_the_effect(effect, level, faulty):
    assert bool(barrier_fault(effect, level)) == faulty
