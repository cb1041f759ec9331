"""Figures of the network: sums, delays, and what is to be found."""

import doctest
from fractions import Fraction
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners import network_rules
from partners.network_rules import Figures, Need, total

delays = st.lists(st.integers(0, 400), max_size=30)


def of(waited: list[int]) -> Figures:
    return Figures(replied=len(waited), delays={days: waited.count(days) for days in waited})


def test_worked_examples():
    assert doctest.testmod(network_rules).failed == 0


@given(delays)
def test_delays_are_those_of_the_replies_themselves(waited):
    figures = of(waited)
    assert figures.median_delay == (Fraction(median(waited)) if waited else None)
    assert figures.mean_delay == (Fraction(mean(map(Fraction, waited))) if waited else None)


@given(delays, delays)
def test_a_sum_is_that_of_all_replies_together(some, others):
    assert of(some) + of(others) == of([*some, *others])


def test_sums_and_what_is_left():
    both = total([Figures(sent=3, replied=1, lifted=1), Figures(sent=2, received=4, declined=1)])
    assert (both.sent, both.received, both.replied, both.declined, both.lifted) == (5, 4, 1, 1, 1)
    assert both.silent == 4
    assert total([]) == Figures()


@pytest.mark.parametrize(
    ("need", "words"),
    [
        (Need(2, 0, 0, 0), "aucun partenaire actif pour ce thème"),
        (Need(2, 1, 0, 0), "1 partenaire, jamais sollicité"),
        (Need(2, 3, 0, 0), "3 partenaires, jamais sollicités"),
        (Need(2, 1, 1, 0), "1 partenaire, sollicité une fois, sans aucune réponse"),
        (Need(2, 3, 4, 0), "3 partenaires, sollicités 4 fois, sans aucune réponse"),
    ],
)
def test_why_a_partner_is_to_be_found(need, words):
    assert need.is_unmet
    assert need.words == words
