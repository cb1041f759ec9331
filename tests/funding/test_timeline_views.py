"""The common time axis: which grants it shows, in words as in the picture."""

import datetime as dt
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from confluences.bands import Band, Highlight, Mark, bands
from confluences.enums import Role
from funding.combination_offer_rules import Window
from funding.enums import ExpenseKind, GrantStatus
from tests.funding.factories import make_grant, make_purchase, make_share

pytestmark = pytest.mark.django_db
TIMELINE = "funding:timeline"
D = dt.date


@pytest.fixture
def steering(clients):
    return clients[Role.SUPERVISOR]


def shown(client, **filters):
    return client.get(reverse(TIMELINE), filters).context["page"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("with_purchase", [False, True])
def test_queries(steering, django_assert_num_queries, count, with_purchase):
    for _number in range(count):
        share = make_share()
    filters = {"achat": share.purchase_id} if with_purchase else {}
    with django_assert_num_queries(11 if with_purchase else 9):
        assert len(shown(steering, **filters).lines) == count


def test_grants_without_a_period_stand_below(steering):
    known, unknown = make_grant(), make_grant(eligible_start=None, eligible_end=None)
    page = shown(steering)
    assert [line.grant for line in page.dated] == [known]
    assert [line.grant for line in page.undated] == [unknown]
    assert "Période inconnue" in steering.get(reverse(TIMELINE)).content.decode()


def test_filters_by_state_and_by_kind(steering):
    asked = make_grant(status=GrantStatus.ASKED, pays_for=ExpenseKind.VEHICLE)
    make_grant()
    for filters in ({"status": "asked"}, {"kind": "vehicle"}):
        assert [line.grant for line in shown(steering, **filters).lines] == [asked]
    answer = steering.get(reverse(TIMELINE), {"achat": "99999999999999999999"})
    assert answer.status_code == HTTPStatus.OK
    assert "Achat à montrer : " in answer.content.decode()


def test_window_of_the_grants_that_pay_a_purchase(steering):
    share = make_share(grant=make_grant(eligible_start=D(2024, 2, 1)))
    make_share(share.purchase, make_grant(eligible_end=D(2024, 9, 30)))
    make_grant()
    page = shown(steering, achat=share.purchase_id)
    assert page.window == Window(start=D(2024, 2, 1), end=D(2024, 9, 30))
    assert [line.is_chosen for line in page.dated] == [True, True, False]
    assert page.is_applied


def test_purchase_without_shares_shows_its_best_combination(steering):
    today = timezone.localdate()
    grant = make_grant(eligible_start=today, eligible_end=today + dt.timedelta(days=100))
    purchase = make_purchase(needed_on=today + dt.timedelta(days=50))
    page = shown(steering, achat=purchase.pk)
    assert (page.is_applied, [line.grant for line in page.lines if line.is_chosen]) == (False, [grant])


def test_rest_and_state_are_said_in_words(steering):
    grant = make_grant(awarded=Decimal(30000))
    make_share(grant=grant)
    [line] = shown(steering).lines
    assert (line.rest, line.status.label, line.look) == (29500, "accordée, à confirmer", "transition")
    assert line.words == "30\u202f000\xa0€, jusqu’au 31/12/2024, accordée, à confirmer"


def test_mistyped_year_does_not_stretch_the_axis(steering):
    make_grant(eligible_start=D(1, 1, 1), eligible_end=D(9999, 12, 31))
    assert steering.get(reverse(TIMELINE)).status_code == HTTPStatus.OK


def test_empty_axis_says_what_to_do(steering):
    assert "Aucune subvention à montrer" in steering.get(reverse(TIMELINE)).content.decode()


def test_bands_say_everything_in_words():
    row = Band(
        label="Exemple de commune",
        words="accordée",
        kind="strong",
        start=D(2024, 1, 1),
        end=None,
        marks=[Mark(D(2024, 5, 1), "Tondeuse")],
    )
    drawn = bands(
        [row],
        start=D(2024, 1, 1),
        end=D(2024, 12, 31),
        today=D(2024, 3, 1),
        highlight=Highlight(D(2024, 2, 1), None, "toutes ouvertes", 1),
        label="Frise",
    )
    assert (
        "<desc>Du 1er janvier 2024 au 31 décembre 2024. Exemple de commune : du 1er janvier 2024 sans fin connue, accordée, "
        "Tondeuse le 1er mai 2024. toutes ouvertes.</desc>"
    ) in drawn
    with pytest.raises(ValueError, match="finit avant"):
        bands([], start=D(2024, 2, 1), end=D(2024, 1, 1), today=D(2024, 1, 1), label="Frise")
