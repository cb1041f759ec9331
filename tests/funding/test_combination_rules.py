"""Which grants can pay a purchase together: against brute force on random grants, and case by case."""

import datetime as dt
import doctest
from decimal import Decimal
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding import combination_offer_rules, combination_rules
from funding.certainty_rules import Certainty
from funding.combination_offer_rules import Need, Offer, Window, limit, refusals, share_limit
from funding.combination_rules import BEYOND, plan, rank_of

TODAY = dt.date(2026, 1, 10)
D = dt.date


def make_need(price=1000, **fields) -> Need:
    return Need(**{"price": Decimal(price), "kind": "equipment", "today": TODAY} | fields)


def make_offer(key: int, rest=1000, **fields) -> Offer:
    fields = {
        "key": key,
        "title": f"Exemple {key}",
        "certainty": Certainty.CERTAIN,
        "rest": None if rest is None else Decimal(rest),
        "window": Window(start=D(2026, 1, 1), end=D(2026, 12, 31)),
        "kinds": frozenset({"equipment"}),
    } | fields
    return Offer(**fields)


# Brute force, written from the words of the issue alone.


def subsets(offers):
    return chain.from_iterable(combinations(offers, size) for size in range(1, len(offers) + 1))


def together(offers, need) -> bool:
    if any(b.key in a.not_with for a in offers for b in offers):
        return False
    start = max(offer.window.start or dt.date.min for offer in offers)
    end = min(offer.window.end or dt.date.max for offer in offers)
    if need.day is not None and not start <= need.day <= end:
        return False
    return start <= end and end >= need.today + dt.timedelta(days=need.delivery_days)


def brute_limit(need, offer) -> Decimal:
    percent = offer.max_share if offer.max_share is not None else Decimal(100)
    floored = (need.price * percent).quantize(Decimal(1), rounding="ROUND_FLOOR") / 100
    return min(offer.rest, floored)


def may_pay(need, offer) -> bool:
    return (
        offer.certainty is not None
        and not offer.is_settled
        and offer.rest is not None
        and brute_limit(need, offer) > 0
        and need.kind in offer.kinds
        and not offer.window.is_unknown
        and together((offer,), need)
    )


def brute_force(need, offers) -> set[frozenset[int]]:
    fit = [offer for offer in offers if may_pay(need, offer)]
    covering = [
        set(chosen)
        for chosen in subsets(fit)
        if together(chosen, need) and sum(brute_limit(need, each) for each in chosen) >= need.price
    ]
    return {
        frozenset(offer.key for offer in chosen)
        for chosen in covering
        if not any(other < chosen for other in covering)
    }


def brute_most(need, offers, without=None) -> Decimal:
    fit = [offer for offer in offers if may_pay(need, offer) and offer.key != without]
    totals = (
        sum(brute_limit(need, each) for each in chosen) for chosen in subsets(fit) if together(chosen, need)
    )
    return min(max(totals, default=Decimal(0)), need.price)


amounts = st.decimals(min_value=0, max_value=1500, places=2)
days = st.dates(D(2025, 12, 1), D(2026, 4, 30))


@st.composite
def windows(draw):
    start, end = sorted([draw(days), draw(days)])
    return draw(
        st.sampled_from([Window(start=start, end=end), Window(end=end), Window(start=start), Window()])
    )


@st.composite
def grants(draw, most=7):
    count = draw(st.integers(0, most))
    return [
        make_offer(
            key,
            draw(st.none() | amounts),
            certainty=draw(st.sampled_from([*Certainty, None])),
            window=draw(windows()),
            kinds=frozenset(draw(st.sampled_from([["equipment"], ["equipment", "works"], ["works"], []]))),
            max_share=draw(st.none() | st.decimals(min_value="0.01", max_value=100, places=2)),
            not_with=frozenset(draw(st.lists(st.integers(0, most - 1).filter(key.__ne__), max_size=2))),
            is_settled=draw(st.booleans()) and draw(st.booleans()),
            answer_on=draw(st.none() | days),
        )
        for key in range(count)
    ]


needs = st.builds(
    make_need,
    price=st.decimals(min_value="0.01", max_value=2000, places=2),
    day=st.none() | days,
    delivery_days=st.integers(0, 40),
)


@settings(max_examples=120, deadline=None)
@given(needs, grants())
def test_combinations_are_those_of_brute_force(need, offers):
    found = plan(need, offers, most=None)
    keys = [frozenset(each.keys) for each in found.combinations]
    assert set(keys) == brute_force(need, offers)
    assert len(keys) == len(set(keys)) == found.total


@settings(max_examples=120, deadline=None)
@given(needs, grants())
def test_parts_never_exceed_and_add_up(need, offers):
    found = plan(need, offers, most=None)
    for each in [*found.combinations, *([found.partial] if found.partial else [])]:
        assert each.paid + each.missing == need.price
        for part in each.parts:
            assert 0 < part.amount <= brute_limit(need, part.offer)
            assert part.amount == round(part.amount, 2)
        assert each.missing == 0 or each is found.partial


@settings(max_examples=120, deadline=None)
@given(needs, grants())
def test_what_is_missing_without_a_grant_is_that_of_brute_force(need, offers):
    found = plan(need, offers)
    if found.total == 0:
        covered = found.partial.paid if found.partial else Decimal(0)
        assert covered == brute_most(need, offers)
    for fallback in found.fallbacks:
        key = fallback.offer.key
        assert need.price - fallback.missing == brute_most(need, offers, without=key)
        assert fallback.instead is None or key not in fallback.instead.keys


@settings(max_examples=120, deadline=None)
@given(needs, grants())
def test_every_grant_pays_or_says_why_not(need, offers):
    found = plan(need, offers, most=None)
    paying = {key for each in found.combinations for key in each.keys}
    paying |= set(found.partial.keys) if found.partial else set()
    excluded = [each.offer.key for each in found.excluded]
    assert sorted([*paying, *excluded]) == [offer.key for offer in offers]
    assert all(each.reasons and all(each.reasons) for each in found.excluded)


@settings(max_examples=120, deadline=None)
@given(needs, grants())
def test_best_first(need, offers):
    def key(each):
        window = each.window
        last, first = window.end or dt.date.max, window.start or dt.date.min
        return max(rank_of(part.offer) for part in each.parts), len(each.parts), -(last - first).days

    keys = [key(each) for each in plan(need, offers, most=None).combinations]
    assert keys == sorted(keys)


@settings(max_examples=120, deadline=None)
@given(needs, grants(), st.randoms())
def test_order_of_the_grants_changes_nothing(need, offers, random):
    shuffled = random.sample(offers, len(offers))
    assert plan(need, shuffled).combinations == plan(need, offers).combinations
    assert plan(need, shuffled).partial == plan(need, offers).partial


@settings(max_examples=120, deadline=None)
@given(needs, grants(1))
def test_limit_is_that_of_brute_force(need, offers):
    for offer in offers:
        if offer.rest is not None:
            assert limit(need, offer) == brute_limit(need, offer)
        assert (refusals(need, offer) == ()) == may_pay(need, offer)


def test_twenty_grants_are_all_compared():
    """No set of 20 has more minimal subsets than those of ten: 184 756 (Sperner)."""
    offers = [make_offer(key, 100) for key in range(20)]
    assert plan(make_need(1000), offers).total == 184_756


def test_more_than_twenty_says_which_are_left_out():
    offers = [make_offer(key, 900 + key) for key in range(22)]
    excluded = plan(make_need(5000), offers).excluded
    assert [each.offer.key for each in excluded if each.reasons == (BEYOND,)] == [1, 0]


class TestReasons:
    @pytest.mark.parametrize(
        ("need", "offer", "reasons"),
        [
            ({}, {"certainty": None}, ["refusée"]),
            ({}, {"is_settled": True}, ["soldée"]),
            ({}, {"rest": None}, ["montant inconnu"]),
            ({}, {"rest": 0}, ["déjà entièrement affectée"]),
            ({"kind": "vehicle"}, {}, ["ne paie pas de véhicules"]),
            ({}, {"kinds": frozenset()}, ["on ne sait pas encore ce qu’elle peut payer"]),
            ({}, {"window": Window()}, ["période des dépenses inconnue"]),
            (
                {"day": D(2027, 1, 1)},
                {},
                ["dépenses éligibles seulement jusqu’au 31/12/2026, or l’achat est prévu le 01/01/2027"],
            ),
            (
                {"day": D(2027, 1, 1), "is_invoiced": True},
                {},
                ["dépenses éligibles seulement jusqu’au 31/12/2026, or l’achat est facturé le 01/01/2027"],
            ),
            (
                {"day": D(2025, 12, 31), "is_invoiced": True},
                {},
                ["dépenses éligibles seulement à partir du 01/01/2026, or l’achat est facturé le 31/12/2025"],
            ),
            (
                {"delivery_days": 360},
                {},
                [
                    "dépenses éligibles seulement jusqu’au 31/12/2026, or un achat commandé aujourd’hui serait facturé "
                    "le 05/01/2027"
                ],
            ),
            ({"delivery_days": 360, "is_ordered": True}, {}, []),
            ({"price": "0.01"}, {"max_share": Decimal(50)}, ["sa part du prix ne fait pas un centime"]),
        ],
    )
    def test_of_one_grant(self, need, offer, reasons):
        assert list(refusals(make_need(**need), make_offer(1, **{"rest": 1000} | offer))) == reasons

    def test_grants_that_do_not_go_together_say_so(self):
        offers = [
            make_offer(1, 1000),
            make_offer(2, 300, not_with=frozenset({3})),
            make_offer(3, 900, certainty=Certainty.ASKED),
        ]
        found = plan(make_need(1100), offers)
        assert [each.keys for each in found.combinations] == [(2, 1), (1, 3)]
        alone = plan(make_need(1000), [make_offer(1, 1000), make_offer(2, 300, not_with=frozenset({1}))])
        assert [each.reasons for each in alone.excluded] == [("ne se cumule pas avec « Exemple 1 »",)]

    def test_periods_apart_say_so(self):
        spring, autumn = Window(start=D(2026, 2, 1), end=D(2026, 4, 30)), Window(start=D(2026, 9, 1))
        found = plan(make_need(), [make_offer(1, 1000, window=spring), make_offer(2, 400, window=autumn)])
        assert [each.reasons for each in found.excluded] == [("aucun jour en commun avec « Exemple 1 »",)]

    def test_grant_that_nothing_needs_says_so(self):
        found = plan(make_need(), [make_offer(1, 1000), make_offer(2, 1)])
        assert [each.reasons for each in found.excluded] == [("les autres couvrent le prix sans elle",)]


class TestDays:
    def test_order_between_today_and_the_end_of_the_common_window(self):
        one = make_offer(1, 600, window=Window(start=D(2025, 1, 1), end=D(2026, 6, 30)))
        other = make_offer(2, 600, window=Window(start=D(2026, 3, 1), end=D(2026, 12, 31)))
        best = plan(make_need(delivery_days=30), [one, other]).best
        assert best.window == Window(start=D(2026, 3, 1), end=D(2026, 6, 30))
        assert (best.first_order, best.last_order) == (D(2026, 1, 30), D(2026, 5, 31))

    def test_order_is_never_before_today(self):
        window = Window(start=D(2025, 1, 1), end=D(2026, 1, 20))
        best = plan(make_need(delivery_days=10), [make_offer(1, window=window)]).best
        assert (best.first_order, best.last_order) == (TODAY, TODAY)
        assert plan(make_need(delivery_days=11), [make_offer(1, window=window)]).best is None

    def test_what_is_ordered_has_no_day_to_order(self):
        best = plan(make_need(is_ordered=True), [make_offer(1)]).best
        assert (best.first_order, best.last_order) == (None, None)

    def test_purchase_on_another_day_is_proposed(self):
        summer = Window(start=D(2026, 6, 1), end=D(2026, 8, 31))
        offers = [make_offer(1, 400), make_offer(2, 600, window=summer)]
        found = plan(make_need(day=D(2026, 5, 1), delivery_days=10), offers)
        assert (found.total, found.partial.missing) == (0, Decimal(600))
        assert (found.moved.window, found.moved.missing) == (summer, 0)

    def test_ordered_purchase_is_not_moved(self):
        summer = Window(start=D(2026, 6, 1))
        found = plan(make_need(day=D(2026, 5, 1), is_ordered=True), [make_offer(1, window=summer)])
        assert (found.best, found.moved) == (None, None)

    def test_answer_after_the_last_day_to_order_is_too_late(self):
        offers = [make_offer(1, certainty=Certainty.ASKED, answer_on=D(2026, 12, 25))]
        [fallback] = plan(make_need(delivery_days=10), offers).fallbacks
        assert fallback.answers_too_late
        assert (fallback.instead, fallback.missing) == (None, Decimal(1000))


def test_fallbacks_are_those_of_the_grants_relied_on():
    offers = [make_offer(1, 1000), make_offer(2, 1000, certainty=Certainty.LIKELY), make_offer(3, 400)]
    fallbacks = plan(make_need(), offers, relied_on=[2, 3, 99]).fallbacks
    assert [(each.offer.key, each.instead.keys) for each in fallbacks] == [(2, (1,)), (3, (1,))]


def test_share_limit_is_rounded_down():
    assert share_limit(Decimal("0.03"), Decimal("33.33")) == Decimal("0.00")
    assert share_limit(Decimal("99999999.99"), Decimal("99.99")) == Decimal("99989999.99")


@pytest.mark.parametrize("module", [combination_rules, combination_offer_rules])
def test_examples_of_the_docstrings(module):
    assert doctest.testmod(module).failed == 0
