"""Rules of the directory, on plain values."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.directory_rules import (
    AGREEMENT_NOTICE_DAYS,
    HOW_TO_WRITE_A_FORMER_NAME,
    FormerName,
    agreement_state,
    read_former_names,
    same_place,
    written_former_names,
)
from partners.enums import AgreementState

D = dt.date
DAYS = st.dates(D(1990, 1, 1), D(2090, 1, 1))
NAMES = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("start", "end", "state"),
    [
        (None, None, AgreementState.NONE),
        (None, D(2026, 12, 31), AgreementState.NONE),
        (D(2026, 1, 1), None, AgreementState.IN_FORCE),
        (D(2026, 6, 1), D(2026, 6, 1), AgreementState.ENDING),
        (D(2026, 1, 1), D(2026, 7, 31), AgreementState.ENDING),
        (D(2026, 1, 1), D(2026, 8, 1), AgreementState.IN_FORCE),
        (D(2026, 1, 1), D(2026, 5, 31), AgreementState.ENDED),
        (D(2026, 6, 2), None, AgreementState.UPCOMING),
    ],
)
def test_agreement_on_the_first_of_june(start, end, state):
    assert agreement_state(start, end, D(2026, 6, 1)) == state


@given(start=DAYS, length=st.integers(0, 3000), today=DAYS)
def test_an_agreement_is_in_force_from_its_first_day_to_its_last(start, length, today):
    end = start + dt.timedelta(days=length)
    state = agreement_state(start, end, today)
    assert (state in {AgreementState.IN_FORCE, AgreementState.ENDING}) == (start <= today <= end)
    assert (state == AgreementState.ENDING) == (
        start <= today <= end and (end - today).days <= AGREEMENT_NOTICE_DAYS
    )


@pytest.mark.parametrize(
    "text",
    [
        "Pôle emploi, 31/12/2023",
        "Pôle emploi (31/12/2023)",
        "  Pôle emploi ; 31.12.2023 ",
        "Pôle emploi (jusqu’au 31/12/2023)",
        "Pôle emploi: 31-12-2023\n\n",
    ],
)
def test_former_names_as_people_write_them(text):
    assert read_former_names(text) == [FormerName(D(2023, 12, 31), "Pôle emploi")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Pôle emploi", HOW_TO_WRITE_A_FORMER_NAME),
        (", 31/12/2023", "n’est pas compris"),
        ("Pôle emploi, 31/02/2023", "cette date n’existe pas"),
        ("Pôle emploi, 31/12/0000", "cette date n’existe pas"),
        ("A, 31/12/2023\nB, 31/12/2023", "finissent le même jour"),
        (f"{'A' * 151}, 31/12/2023", "150 caractères"),
    ],
)
def test_former_names_that_are_not_understood_say_how_to_write_them(text, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        read_former_names(text)


@given(st.dictionaries(DAYS, NAMES, max_size=5))
def test_former_names_written_are_read_again(names):
    rows = sorted(FormerName(day, name) for day, name in names.items())
    assert read_former_names(written_former_names(rows)) == rows


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    with suppress(ValueError):
        assert read_former_names(text) == sorted(read_former_names(text))


def test_same_place_needs_both():
    assert not same_place("Mission locale", "Fresnes", "Mission locale", "Champigny")
    assert same_place("Mission locale", "", "MISSION LOCALE", "")
