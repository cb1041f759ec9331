"""What is advanced until the grants have paid."""

import datetime as dt
import doctest
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from funding import combination_cash_rules
from funding.certainty_rules import Certainty
from funding.combination_cash_rules import advance, expected_payment
from funding.combination_offer_rules import Offer, Payment, Window
from funding.combination_rules import Part

D = dt.date
INVOICE = D(2026, 3, 10)


def make_part(amount, *payments: tuple[dt.date, int], used=0, key=1) -> Part:
    offer = Offer(
        key=key,
        title=f"Exemple {key}",
        certainty=Certainty.CERTAIN,
        rest=Decimal(100000),
        window=Window(),
        kinds=frozenset(),
        used=Decimal(used),
        payments=tuple(Payment(day, Decimal(paid)) for day, paid in payments),
    )
    return Part(offer, Decimal(amount))


def rows(found):
    return [(month.first, month.advanced, month.most) for month in found.months]


def test_without_grants_nothing_is_advanced_and_all_is_own():
    found = advance(Decimal(1000), INVOICE, [])
    assert (found.own, found.most, rows(found)) == (1000, 0, [(D(2026, 3, 1), 0, 0)])


def test_money_that_is_there_before_the_invoice_pays_it():
    found = advance(Decimal(1000), INVOICE, [make_part(1000, (D(2026, 1, 5), 1000))])
    assert rows(found) == [(D(2026, 1, 1), 0, 0), (D(2026, 3, 1), 0, 0)]


def test_money_of_the_same_day_comes_after_the_invoice():
    found = advance(Decimal(1000), INVOICE, [make_part(1000, (INVOICE, 1000))])
    assert rows(found) == [(D(2026, 3, 1), 0, 1000)]
    assert [event.is_invoice for event in found.events] == [True, False]


def test_what_is_advanced_falls_as_grants_pay():
    parts = [make_part(400, (D(2026, 4, 5), 5000)), make_part(500, (D(2026, 6, 5), 500), key=2)]
    found = advance(Decimal(1000), INVOICE, parts)
    assert rows(found) == [
        (D(2026, 3, 1), 900, 900),
        (D(2026, 4, 1), 500, 900),
        (D(2026, 6, 1), 0, 500),
    ]
    assert (found.own, found.most) == (100, 900)


def test_other_purchases_of_a_grant_are_served_first():
    found = advance(
        Decimal(1000), INVOICE, [make_part(600, (D(2026, 1, 5), 500), (D(2026, 5, 5), 500), used=400)]
    )
    assert [(event.day, event.amount) for event in found.events] == [
        (D(2026, 1, 5), 100),
        (INVOICE, 1000),
        (D(2026, 5, 5), 500),
    ]


def test_money_without_a_day_stays_advanced_and_says_so():
    found = advance(Decimal(1000), INVOICE, [make_part(600, (D(2026, 4, 5), 200))])
    assert (found.unknown, found.months[-1].advanced, found.events[-1].day) == (400, 400, None)


def test_payment_is_as_received_else_as_expected_and_never_in_the_past():
    today = D(2026, 2, 1)
    plain = {"expected": Decimal(500), "expected_on": D(2026, 1, 1), "received": None, "received_on": None}
    assert expected_payment(**plain, today=today) == Payment(today, Decimal(500))
    received = plain | {"received": Decimal(450), "received_on": D(2026, 1, 9)}
    assert expected_payment(**received, today=today) == Payment(D(2026, 1, 9), Decimal(450))
    assert expected_payment(**plain | {"expected": None}, today=today) is None
    assert expected_payment(**plain | {"expected_on": None}, today=today) is None


payments = st.lists(st.tuples(st.dates(D(2026, 1, 1), D(2026, 12, 31)), st.integers(1, 900)), max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 400), payments, st.integers(0, 500)), max_size=4))
def test_all_that_is_shared_arrives_once_and_the_end_is_what_nobody_dated(drawn):
    parts = [make_part(amount, *paid, used=used, key=key) for key, (amount, paid, used) in enumerate(drawn)]
    price = sum((part.amount for part in parts), Decimal(0)) + 50
    found = advance(price, INVOICE, parts)
    for part in parts:
        assert sum(event.amount for event in found.events if event.part is part) == part.amount
    assert found.own == 50
    assert found.months[-1].advanced == found.unknown
    assert found.most == max(month.most for month in found.months)
    assert all(0 <= month.advanced <= month.most <= price - 50 for month in found.months)


def test_examples_of_the_docstrings():
    assert doctest.testmod(combination_cash_rules).failed == 0
