"""A purchase's page: what counts as paid, and the last day to order for the grants that pay."""

import datetime as dt
from decimal import Decimal

import pytest

from funding.enums import GrantStatus
from funding.grant_actions import move_grant
from funding.models import Grant, Purchase
from funding.purchase_reports import PurchasePage, purchase_page, purchase_rows
from funding.timeline_reports import timeline_page
from tests.funding.factories import make_grant, make_instalment, make_purchase, make_share

pytestmark = pytest.mark.django_db
D = dt.date
TODAY = D(2024, 4, 1)


def page_of(purchase: Purchase) -> PurchasePage:
    return purchase_page(Purchase.objects.get(pk=purchase.pk), Grant.objects.all(), TODAY)


def refused_after_it_was_counted_on(purchase: Purchase, amount: Decimal) -> Grant:
    grant = make_grant(status=GrantStatus.ASKED, asked=Decimal(5000))
    make_instalment(grant, expected=amount, expected_on=D(2024, 4, 15))
    make_share(purchase, grant, amount)
    return move_grant(grant, GrantStatus.REFUSED, on=TODAY, by=None)


def test_a_refused_grant_pays_nothing_anywhere():
    purchase = make_purchase()
    make_share(purchase, make_grant(), Decimal(300))
    refused_after_it_was_counted_on(purchase, Decimal(700))
    page, [row] = page_of(purchase), purchase_rows(Purchase.objects.all())
    assert (page.shared, page.left) == (row.shared, row.left) == (300, 700)
    assert (len(page.shares), page.has_refused) == (2, True)
    assert "manque : 700" in page.share_picture
    assert (page.advance.own, page.advance.most) == (700, 300)


def test_what_only_a_refused_grant_paid_shows_who_else_would():
    purchase = make_purchase()
    refused_after_it_was_counted_on(purchase, Decimal(1000))
    other = make_grant()
    page = page_of(purchase)
    assert [part.offer.key for part in page.parts] == [other.pk]
    assert [line.title for line in page.fallbacks] == [other.title]


def test_a_refused_grant_has_nothing_left_on_the_axis_and_closes_no_window():
    purchase = make_purchase()
    paying = make_share(purchase, make_grant(eligible_end=D(2024, 9, 30)), Decimal(300)).grant
    refused = refused_after_it_was_counted_on(purchase, Decimal(700))
    page = timeline_page(Grant.objects.all(), purchase, Grant.objects.all(), TODAY)
    assert {line.grant: line.rest for line in page.lines} == {paying: 9700, refused: 0}
    assert [line.grant for line in page.lines if line.is_chosen] == [paying]


def test_the_last_day_to_order_is_that_of_the_grants_that_pay():
    """Not of the best combination, where those chosen close before it."""
    make_grant(eligible_end=D(2024, 12, 31))
    purchase = make_purchase(needed_on=None, delivery_days=10)
    make_share(purchase, make_grant(eligible_end=D(2024, 5, 15)), Decimal(1000))
    assert page_of(purchase).order_words == (
        "05/05/2024",
        "dans 34 jours : fin des dépenses éligibles moins la livraison",
    )


def test_an_order_too_late_says_for_what():
    purchase = make_purchase(needed_on=None, delivery_days=10)
    make_share(purchase, make_grant(eligible_end=D(2024, 4, 5)), Decimal(1000))
    assert page_of(purchase).order_words == ("26/03/2024", "trop tard pour les dépenses éligibles")
    needed = make_purchase(needed_on=D(2024, 4, 3), delivery_days=10)
    assert page_of(needed).order_words == ("24/03/2024", "trop tard pour le jour où l’achat est nécessaire")


def test_the_supplier_is_paid_once_the_grants_that_pay_are_open():
    make_grant()
    purchase = make_purchase(needed_on=None, delivery_days=10)
    make_share(purchase, make_grant(eligible_start=D(2024, 8, 1)), Decimal(1000))
    assert page_of(purchase).advance.events[0].day == D(2024, 8, 1)


def test_a_settled_grant_pays_no_instalment_that_never_came():
    """As in the cash curve: what was still expected of it does not come any more."""
    grant = make_grant(status=GrantStatus.SETTLED)
    make_instalment(grant, received=Decimal(600), received_on=D(2024, 3, 1))
    make_instalment(grant, expected=Decimal(400), expected_on=D(2024, 6, 1))
    purchase = make_purchase()
    make_share(purchase, grant, Decimal(1000))
    advance = page_of(purchase).advance
    assert [event.day for event in advance.events] == [D(2024, 3, 1), D(2024, 5, 1), None]
    assert advance.unknown == 400
