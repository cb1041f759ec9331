"""The weekdays of a contract, in words and back."""

import doctest
from itertools import combinations

import pytest

from beneficiaries import work_day_rules
from beneficiaries.work_day_rules import UnknownDay, days_in_words, read_days, short_days

EVERY_WEEK = ["".join(days) for size in range(1, 8) for days in combinations("1234567", size)]


def test_examples():
    assert doctest.testmod(work_day_rules).failed == 0


@pytest.mark.parametrize("days", EVERY_WEEK)
def test_what_is_written_is_read_again(days):
    assert read_days(days_in_words(days)) == days
    assert read_days(short_days(days)) == days


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ("12345", "du lundi au vendredi"),
        ("1245", "lundi, mardi, jeudi et vendredi"),
        ("12", "lundi et mardi"),
        ("7", "dimanche"),
        ("", ""),
    ],
)
def test_words(days, words):
    assert days_in_words(days) == words


@pytest.mark.parametrize("text", ["xyz", "lu", "0", "8", "lundi mordi", "jeudi au lundi"])
def test_what_names_no_day(text):
    with pytest.raises(UnknownDay):
        read_days(text)
