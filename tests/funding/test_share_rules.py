"""What shares must hold, from the purchase's end and from the grant's."""

import datetime as dt
import doctest
from decimal import Decimal
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from funding import share_rules
from funding.combination_offer_rules import Window, share_limit
from funding.enums import GrantStatus
from funding.grant_rules import ceiling
from funding.share_rules import (
    KIND,
    PERIOD,
    PRICE,
    REST,
    SHARE,
    STATUS,
    TOGETHER,
    Bought,
    Giver,
    Paid,
    Share,
    grant_faults,
    purchase_faults,
)

D = dt.date


def make_bought(**fields) -> Bought:
    return Bought(
        **{"title": "Tondeuse", "price": Decimal(1000), "kind": "equipment", "day": D(2026, 5, 1)} | fields
    )


def make_giver(key=1, **fields) -> Giver:
    return Giver(
        **{
            "key": key,
            "title": f"Exemple {key}",
            "status": "awarded",
            "ceiling": Decimal(1000),
            "given": Decimal(500),
            "window": Window(start=D(2026, 1, 1), end=D(2026, 12, 31)),
            "kinds": frozenset({"equipment"}),
        }
        | fields
    )


def faults(*givers: Giver, amount=500, **bought) -> list[str]:
    paid = Paid(make_bought(**bought), tuple(Share(giver, Decimal(amount)) for giver in givers))
    return [fault.about for fault in purchase_faults(paid)]


def test_share_within_everything_has_no_fault():
    assert faults(make_giver()) == []
    assert faults() == []


def test_each_limit_has_its_fault():
    assert faults(make_giver(), make_giver(2), price=Decimal("999.99")) == [PRICE]
    assert faults(make_giver(given=Decimal("1000.01"))) == [REST]
    assert faults(make_giver(ceiling=None)) == [REST]
    assert faults(make_giver(status="refused")) == [STATUS]
    assert faults(make_giver(max_share=Decimal("49.99"))) == [SHARE]
    assert faults(make_giver(max_share=Decimal(50))) == []
    assert faults(make_giver(kinds=frozenset({"vehicle"}))) == [KIND]
    assert faults(make_giver(kinds=frozenset())) == [KIND]
    assert faults(make_giver(window=Window())) == [PERIOD]
    assert faults(make_giver(), day=D(2027, 1, 1)) == [PERIOD]
    assert faults(make_giver(), make_giver(2, not_with=frozenset({1}))) == [TOGETHER]


def test_days_at_both_ends_of_the_period_count():
    assert faults(make_giver(), day=D(2026, 1, 1)) == faults(make_giver(), day=D(2026, 12, 31)) == []


def test_without_a_day_the_grants_need_one_in_common():
    spring = make_giver(1, window=Window(end=D(2026, 4, 30)))
    assert faults(spring, make_giver(2, window=Window(start=D(2026, 5, 1))), day=None) == [TOGETHER]
    assert faults(spring, make_giver(2, window=Window(start=D(2026, 4, 30))), day=None) == []


def test_grant_that_gives_nothing_may_become_anything():
    refused = make_giver(status="refused", ceiling=Decimal(0), given=Decimal(0))
    assert grant_faults(refused, []) == []


def test_grant_says_which_purchase_stands_in_its_way():
    giver = make_giver(window=Window(end=D(2026, 4, 30)))
    paid = Paid(make_bought(), (Share(giver, Decimal(500)),))
    assert [fault.message for fault in grant_faults(giver, [paid])] == [
        "« Tondeuse » : « Exemple 1 » : dépenses éligibles seulement jusqu’au 30/04/2026, or l’achat est prévu le 01/05/2026."
    ]


def test_ceiling_is_what_is_decided_or_else_what_is_asked():
    amounts = Decimal(500), Decimal(300)
    assert {status: ceiling(status, *amounts) for status in GrantStatus} == {
        GrantStatus.TO_ASK: 500,
        GrantStatus.ASKED: 500,
        GrantStatus.AWARDED: 300,
        GrantStatus.REFUSED: 0,
        GrantStatus.SETTLED: 300,
    }


amounts = st.decimals(min_value="0.01", max_value=2000, places=2)
days = st.dates(D(2026, 1, 1), D(2026, 3, 31))


@st.composite
def paids(draw):
    shares = []
    for key in range(draw(st.integers(0, 4))):
        amount = draw(amounts)
        period = sorted([draw(days), draw(days)])
        giver = make_giver(
            key,
            status=draw(st.sampled_from(["awarded", "asked", "settled", "refused"])),
            ceiling=draw(st.none() | amounts),
            given=amount + draw(st.just(Decimal(0)) | amounts),
            window=Window(start=period[0], end=period[1]),
            kinds=frozenset(draw(st.sampled_from([["equipment"], ["equipment", "works"], ["works"]]))),
            max_share=draw(st.none() | st.decimals(min_value=1, max_value=100, places=2)),
            not_with=frozenset(draw(st.lists(st.integers(0, 3).filter(key.__ne__), max_size=1))),
        )
        shares.append(Share(giver, amount))
    return Paid(make_bought(price=draw(amounts), day=draw(st.none() | days)), tuple(shares))


def holds(paid: Paid) -> bool:
    """The same rules, naively."""
    bought, shares = paid.bought, paid.shares
    days_in_common = [
        day
        for day in (D(2026, 1, 1) + dt.timedelta(days=index) for index in range(90))
        if all(share.giver.window.contains(day) for share in shares)
    ]
    return (
        sum(share.amount for share in shares) <= bought.price
        and all(share.giver.status != "refused" for share in shares)
        and all(share.giver.ceiling is not None for share in shares)
        and all(share.giver.given <= share.giver.ceiling for share in shares)
        and all(share.amount <= share_limit(bought.price, share.giver.max_share) for share in shares)
        and all(bought.kind in share.giver.kinds for share in shares)
        and (bought.day in days_in_common if bought.day else bool(days_in_common))
        and not any(
            a.giver.key in b.giver.not_with or b.giver.key in a.giver.not_with
            for a, b in combinations(shares, 2)
        )
    )


@settings(max_examples=200, deadline=None)
@given(paids())
def test_faults_are_found_exactly_where_a_rule_is_broken(paid):
    assert (purchase_faults(paid) == []) == holds(paid)


@settings(max_examples=150, deadline=None)
@given(paids())
def test_both_ends_find_the_same_faults(paid):
    """But for the price, which is the purchase's alone."""
    from_purchase = {fault.about for fault in purchase_faults(paid)} - {PRICE}
    from_grants = {fault.about for share in paid.shares for fault in grant_faults(share.giver, [paid])}
    assert from_purchase == from_grants


def test_examples_of_the_docstrings():
    assert doctest.testmod(share_rules).failed == 0
