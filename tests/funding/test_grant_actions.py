"""Grants, instalments and obligations as they are written: what purchases and receipts count on stays possible."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from confluences.actions import Conflict
from funding.enums import ExpenseKind, GrantStatus
from funding.grant_actions import finish_obligation, move_grant, save_grant, save_instalment
from funding.models import Grant, Instalment
from tests.funding.factories import (
    make_grant,
    make_instalment,
    make_obligation,
    make_purchase,
    make_share,
)
from tests.threads import at_once

D = dt.date
DAY = D(2024, 6, 3)

pytestmark = pytest.mark.django_db


def current(grant) -> Grant:
    return Grant.objects.get(pk=grant.pk)


def refusal(write, *args, **fields) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        write(*args, by=None, **fields)
    messages = (
        refused.value.message_dict if hasattr(refused.value, "error_dict") else {"": refused.value.messages}
    )
    return {name: [plain(each) for each in found] for name, found in messages.items()}


def plain(words: str) -> str:
    return words.replace("\u202f", " ").replace("\u00a0", " ")


# Moves


def test_a_grant_goes_from_the_request_to_the_balance(supervisor):
    grant = make_grant(status=GrantStatus.TO_ASK)
    move_grant(grant, GrantStatus.ASKED, on=D(2024, 1, 5), amount=Decimal(12000), by=supervisor)
    move_grant(current(grant), GrantStatus.AWARDED, on=D(2024, 2, 5), amount=Decimal(10000), by=supervisor)
    settled = move_grant(current(grant), GrantStatus.SETTLED, on=DAY, by=supervisor)
    grant = current(settled)
    assert (grant.status, grant.asked_on, grant.asked, grant.decided_on, grant.awarded, grant.settled_on) == (
        GrantStatus.SETTLED,
        D(2024, 1, 5),
        Decimal(12000),
        D(2024, 2, 5),
        Decimal(10000),
        DAY,
    )
    assert (grant.version, grant.updated_by) == (4, supervisor)


def test_an_awarded_amount_may_be_unknown():
    grant = move_grant(make_grant(status=GrantStatus.ASKED), GrantStatus.AWARDED, on=DAY, by=None)
    assert (current(grant).status, current(grant).awarded) == (GrantStatus.AWARDED, None)


def test_a_move_back_forgets_its_day():
    grant = make_grant(decided_on=DAY)
    back = move_grant(grant, GrantStatus.ASKED, by=None)
    assert (back.status, back.decided_on, back.awarded) == (GrantStatus.ASKED, None, None)


def test_a_grant_of_which_money_came_stays_awarded():
    grant = make_grant()
    make_instalment(grant, received=Decimal(5), received_on=DAY)
    found = refusal(move_grant, grant, GrantStatus.ASKED)
    assert found == {
        "status": ["Des versements de cette subvention sont déjà reçus : elle est donc accordée."]
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (GrantStatus.TO_ASK, GrantStatus.AWARDED),
        (GrantStatus.REFUSED, GrantStatus.SETTLED),
        (GrantStatus.AWARDED, GrantStatus.AWARDED),
    ],
)
def test_no_step_is_jumped(before, after):
    grant = make_grant(status=before)
    assert refusal(move_grant, grant, after, on=DAY) == {
        "": [f"Une subvention {before.label} ne devient pas « {after.label} »."]
    }


def test_a_move_without_its_day_is_refused():
    assert refusal(move_grant, make_grant(status=GrantStatus.ASKED), GrantStatus.REFUSED) == {
        "on": ["Indiquez le jour."]
    }


def test_a_refused_grant_keeps_its_shares_and_says_so_elsewhere():
    grant = make_grant(status=GrantStatus.ASKED)
    make_share(grant=grant)
    move_grant(grant, GrantStatus.REFUSED, on=DAY, by=None)
    assert current(grant).shares.count() == 1


# What already counts on a grant


def test_two_grants_that_pay_the_same_purchase_may_still_be_combined():
    one, other, purchase = make_grant(), make_grant(), make_purchase()
    make_share(purchase, one, Decimal(300))
    make_share(purchase, other, Decimal(300))
    assert list(refusal(save_grant, one, not_with=[other])) == ["not_with"]
    assert list(one.not_with.all()) == []


def test_an_amount_below_its_purchases_is_refused():
    grant = make_grant()
    make_share(grant=grant, amount=Decimal(600))
    make_share(grant=grant, amount=Decimal(400))
    grant.awarded = Decimal("999.99")
    assert refusal(save_grant, grant) == {
        "awarded": [
            "Des achats comptent déjà 1 000 € de cette subvention : réduisez d’abord leurs parts, ou accordez au moins ce "
            "montant."
        ]
    }
    grant.awarded = Decimal(1000)
    assert save_grant(grant, by=None).awarded == 1000


def test_an_amount_below_what_came_is_refused():
    grant = make_grant()
    make_instalment(grant, received=Decimal(5000), received_on=DAY)
    grant.awarded = Decimal(4999)
    assert refusal(save_grant, grant) == {
        "awarded": ["5 000 € sont déjà reçus : le montant accordé ne peut pas être moindre."]
    }


def test_awarding_less_than_what_purchases_count_on_is_refused():
    grant = make_grant(status=GrantStatus.ASKED)
    make_share(grant=grant, amount=Decimal(600))
    assert "awarded" in refusal(move_grant, grant, GrantStatus.AWARDED, on=DAY, amount=Decimal(599))
    assert current(grant).status == GrantStatus.ASKED


@pytest.mark.parametrize(
    ("changed", "value", "field"),
    [
        ("eligible_start", D(2024, 5, 2), "eligible_end"),
        ("eligible_end", D(2024, 4, 30), "eligible_end"),
        ("pays_for", ExpenseKind.VEHICLE, "pays_for"),
        ("max_share", Decimal("49.99"), "max_share"),
    ],
)
def test_a_grant_that_no_longer_allows_its_purchases_is_refused(changed, value, field):
    grant = make_grant()
    share = make_share(make_purchase(title="Tondeuse"), grant)
    setattr(grant, changed, value)
    found = refusal(save_grant, grant)
    assert (list(found), found[field][0].partition(" : ")[0]) == ([field], "« Tondeuse »")
    grant.refresh_from_db()
    setattr(grant, changed, value)
    share.delete()
    assert save_grant(grant, by=None).version == 2


# Instalments


def test_received_never_exceeds_what_was_awarded():
    grant = make_grant()
    make_instalment(grant, received=Decimal(6000), received_on=DAY)
    last = make_instalment(grant)
    last.received, last.received_on = Decimal("4000.01"), DAY
    assert refusal(save_instalment, last) == {
        "received": [
            "Avec ce versement, 10 000,01 € seraient reçus sur 10 000 € accordés : vérifiez le montant, 4 000 € au plus "
            "restent à recevoir."
        ]
    }
    last.received = Decimal(4000)
    assert save_instalment(last, by=None).received == 4000


def test_an_instalment_counts_once_when_it_is_corrected():
    instalment = make_instalment(received=Decimal(10000), received_on=DAY)
    instalment.received = Decimal(9000)
    assert save_instalment(instalment, by=None).version == 2


def test_nothing_is_received_of_a_grant_that_is_not_awarded():
    instalment = make_instalment(make_grant(status=GrantStatus.ASKED))
    instalment.received, instalment.received_on = Decimal(1), DAY
    assert "accordée" in refusal(save_instalment, instalment)[""][0]


def test_an_unknown_award_receives_what_comes():
    instalment = make_instalment(make_grant(awarded=None), received=None)
    instalment.received, instalment.received_on = Decimal(10**6), DAY
    assert save_instalment(instalment, by=None).received == 10**6


@pytest.mark.django_db(transaction=True)
def test_two_receipts_at_once_never_exceed_the_award():
    grant = make_grant()
    instalments = [make_instalment(grant, kind=kind) for kind in ("advance", "balance")]
    for each in instalments:
        each.received, each.received_on = Decimal(6000), DAY
    outcomes = at_once(*[lambda each=each: save_instalment(each, by=None) for each in instalments])
    kinds = sorted(type(outcome).__name__ for outcome in outcomes)
    assert kinds == ["Instalment", "ValidationError"]
    assert [each.received for each in Instalment.objects.filter(received__isnull=False)] == [Decimal(6000)]


@pytest.mark.django_db(transaction=True)
def test_a_receipt_and_a_lower_award_at_once_stay_consistent():
    grant = make_grant()
    instalment = make_instalment(grant)
    instalment.received, instalment.received_on = Decimal(8000), DAY
    lower = current(grant)
    lower.awarded = Decimal(5000)
    outcomes = at_once(lambda: save_instalment(instalment, by=None), lambda: save_grant(lower, by=None))
    assert sorted(type(each).__name__ for each in outcomes) in (
        ["Instalment", "ValidationError"],
        ["Grant", "ValidationError"],
    )
    came = sum(each.received or 0 for each in Instalment.objects.all())
    assert current(grant).awarded >= came


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_make_one():
    grant = make_grant(status=GrantStatus.ASKED)
    outcomes = at_once(
        lambda: move_grant(current(grant), GrantStatus.AWARDED, on=DAY, by=None),
        lambda: move_grant(current(grant), GrantStatus.REFUSED, on=DAY, by=None),
    )
    done = [each for each in outcomes if isinstance(each, Grant)]
    assert len(done) == 1
    assert all(isinstance(each, (Grant, Conflict, ValidationError)) for each in outcomes)
    assert current(grant).status == done[0].status


def test_an_obligation_is_met_on_a_day(supervisor):
    done = finish_obligation(make_obligation(), on=DAY, by=supervisor)
    assert (done.done_on, done.updated_by) == (DAY, supervisor)
