"""Sums that know what is unknown, and cents."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from funding.money_rules import Total, sum_of, to_cents, total_of, total_of_known

amounts = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2)
lists = st.lists(st.none() | amounts, max_size=12)


@given(st.lists(lists, max_size=5))
def test_a_total_is_the_sum_of_its_parts_however_they_are_grouped(groups):
    everything = [amount for group in groups for amount in group]
    assert sum_of(total_of(group) for group in groups) == total_of(everything)


@given(lists)
def test_what_is_unknown_is_counted_and_never_guessed(listed):
    total = total_of(listed)
    known = [amount for amount in listed if amount is not None]
    assert (total.amount, total.known, total.unknown) == (
        sum(known, Decimal(0)),
        len(known),
        len(listed) - len(known),
    )
    assert total.exact == (total.amount if known and len(known) == len(listed) else None)
    assert total_of_known(listed) == Total(total.amount, known=total.known)


@given(lists)
def test_words_say_what_a_total_lacks(listed):
    total = total_of(listed)
    assert total.is_known == (None not in listed)
    assert ("inconnu" in total.words) == (None in listed)


def test_halves_of_a_cent_go_away_from_zero():
    assert [to_cents(Decimal(text)) for text in ("0.005", "-0.005", "0.004")] == [
        Decimal("0.01"),
        Decimal("-0.01"),
        Decimal("0.00"),
    ]
