"""Writes of purchases and shares: what is refused, what two people at once cannot overdraw, what is received once."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from confluences.actions import Conflict, save_recorded
from confluences.enums import Role
from funding.enums import ExpenseKind, GrantStatus
from funding.models import Grant, Purchase, PurchaseShare
from funding.purchase_actions import ALREADY_RECEIVED, CHANGED, Piece, apply_combination, receive
from funding.share_actions import delete_share, refuse_grant, replace_shares, save_purchase, save_share
from tests.conftest import user_of
from tests.funding.factories import make_grant, make_purchase, make_share
from tests.threads import at_once
from tests.worksites.factories import make_worksite
from worksites.models import Equipment

D = dt.date
TODAY = D(2024, 4, 1)


def new_share(purchase, grant, amount=500) -> PurchaseShare:
    return PurchaseShare(purchase=purchase, grant=grant, amount=Decimal(amount))


def refusal_of(action, *args, **kwargs) -> dict:
    with pytest.raises(ValidationError) as caught:
        action(*args, **kwargs)
    return caught.value.update_error_dict({})


@pytest.mark.django_db
class TestShares:
    def test_share_within_everything_is_written(self):
        purchase, grant = make_purchase(), make_grant()
        save_share(new_share(purchase, grant), by=None)
        assert list(purchase.shares.values_list("grant", "amount")) == [(grant.pk, 500)]

    @pytest.mark.parametrize(
        ("grant", "field"),
        [
            ({"awarded": Decimal(499)}, "amount"),
            ({"awarded": None}, "amount"),
            ({"max_share": Decimal(49)}, "amount"),
            ({"pays_for": ExpenseKind.VEHICLE}, "grant"),
            ({"pays_for": ""}, "grant"),
            ({"eligible_end": D(2024, 4, 30)}, "grant"),
            ({"eligible_start": None, "eligible_end": None}, "grant"),
            ({"status": GrantStatus.REFUSED}, "grant"),
            ({"status": GrantStatus.ASKED, "asked": Decimal(499)}, "amount"),
        ],
    )
    def test_share_outside_the_grant_is_refused(self, grant, field):
        assert [*refusal_of(save_share, new_share(make_purchase(), make_grant(**grant)), by=None)] == [field]
        assert not PurchaseShare.objects.exists()

    def test_shares_never_exceed_the_price(self):
        purchase = make_purchase()
        save_share(new_share(purchase, make_grant(), 600), by=None)
        errors = refusal_of(save_share, new_share(purchase, make_grant(), "400.01"), by=None)
        assert [*errors] == ["amount"]
        save_share(new_share(purchase, make_grant(), 400), by=None)

    def test_shares_of_a_grant_never_exceed_it(self):
        grant = make_grant(awarded=Decimal(800))
        save_share(new_share(make_purchase(), grant), by=None)
        assert [*refusal_of(save_share, new_share(make_purchase(), grant, "300.01"), by=None)] == ["amount"]
        save_share(new_share(make_purchase(), grant, 300), by=None)

    def test_grants_that_do_not_go_together_are_refused(self):
        grant, other = make_grant(), make_grant()
        grant.not_with.add(other)
        purchase = make_purchase()
        save_share(new_share(purchase, grant), by=None)
        assert [*refusal_of(save_share, new_share(purchase, other), by=None)] == ["grant"]

    def test_changed_share_is_held_to_the_same(self):
        share = save_share(new_share(make_purchase(), make_grant(awarded=Decimal(600))), by=None)
        share.amount = Decimal("600.01")
        assert [*refusal_of(save_share, share, by=None)] == ["amount"]

    def test_share_of_a_purchase_that_is_gone_says_so(self):
        purchase = make_purchase()
        share = new_share(purchase, make_grant())
        Purchase.objects.all().delete()
        assert "supprimé" in str(refusal_of(save_share, share, by=None))

    def test_deleted_share_is_gone(self):
        share = make_share()
        delete_share(share)
        assert not PurchaseShare.objects.exists()


@pytest.mark.django_db
class TestLaterChanges:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"price": Decimal("499.99")}, "price"),
            ({"kind": ExpenseKind.VEHICLE}, "kind"),
            ({"needed_on": D(2025, 1, 1)}, "needed_on"),
            ({"invoiced_on": D(2025, 1, 1)}, "needed_on"),
        ],
    )
    def test_purchase_keeps_its_shares_possible(self, changes, field):
        purchase = make_share().purchase
        for name, value in changes.items():
            setattr(purchase, name, value)
        assert [*refusal_of(save_purchase, purchase, by=None)] == [field]

    def test_purchase_without_shares_may_become_anything(self):
        purchase = make_purchase()
        purchase.price, purchase.needed_on = Decimal(1), None
        assert save_purchase(purchase, by=None).version == 2

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"awarded": Decimal("499.99")}, "awarded"),
            ({"max_share": Decimal("49.99")}, "max_share"),
            ({"pays_for": ExpenseKind.VEHICLE}, "pays_for"),
            ({"eligible_end": D(2024, 4, 30)}, "eligible_end"),
            ({"status": GrantStatus.REFUSED, "awarded": None}, "status"),
        ],
    )
    def test_grant_keeps_its_shares_possible(self, changes, field):
        grant = make_share().grant
        for name, value in changes.items():
            setattr(grant, name, value)
        save_recorded(grant, by=None)
        assert [*refusal_of(refuse_grant, grant)] == [field]

    def test_grant_that_no_longer_goes_with_another_is_refused(self):
        share = make_share()
        other = make_share(share.purchase).grant
        refuse_grant(share.grant)
        share.grant.not_with.add(other)
        assert [*refusal_of(refuse_grant, share.grant)] == ["not_with"]


@pytest.mark.django_db
class TestApplying:
    def test_shares_become_those_of_the_combination(self, supervisor):
        purchase, old, kept, new = (
            make_purchase(),
            make_grant(),
            make_grant(awarded=600),
            make_grant(awarded=700),
        )
        make_share(purchase, old, Decimal(100))
        make_share(purchase, kept, Decimal(50))
        Grant.objects.filter(pk=old.pk).update(awarded=100)
        amounts = {kept.pk: Decimal(600), new.pk: Decimal(400)}
        apply_combination(purchase, amounts, today=TODAY, by=supervisor)
        assert dict(purchase.shares.values_list("grant", "amount")) == amounts

    @pytest.mark.parametrize("amount", ["999.99", "1000.01"])
    def test_other_amounts_than_those_of_now_are_refused(self, supervisor, amount):
        purchase, grant = make_purchase(), make_grant()
        errors = refusal_of(
            apply_combination, purchase, {grant.pk: Decimal(amount)}, today=TODAY, by=supervisor
        )
        assert CHANGED in str(errors)
        assert not PurchaseShare.objects.exists()

    def test_grant_that_is_not_needed_is_refused(self, supervisor):
        purchase, grant, other = make_purchase(), make_grant(), make_grant()
        amounts = {grant.pk: Decimal(500), other.pk: Decimal(500)}
        assert CHANGED in str(refusal_of(apply_combination, purchase, amounts, today=TODAY, by=supervisor))

    def test_who_may_not_see_grants_applies_none(self, social_worker):
        purchase, grant = make_purchase(), make_grant()
        amounts = {grant.pk: Decimal(1000)}
        assert CHANGED in str(refusal_of(apply_combination, purchase, amounts, today=TODAY, by=social_worker))


def pieces(*labels: str, worksite=None) -> list[Piece]:
    worksite = worksite or make_worksite()
    return [Piece(label=label, name="Tondeuse", serial_number="", worksite=worksite) for label in labels]


@pytest.mark.django_db
class TestReceiving:
    def test_each_piece_becomes_equipment_worth_its_part_to_the_cent(self):
        purchase = make_purchase(price=Decimal(100), pieces=3, invoiced_on=D(2024, 5, 2))
        receive(purchase, pieces("MAT-001", "MAT-002", "MAT-003"), received_on=D(2024, 5, 3), by=None)
        assert list(purchase.equipment.order_by("label").values_list("label", "value", "bought_on")) == [
            ("MAT-001", Decimal("33.34"), D(2024, 5, 2)),
            ("MAT-002", Decimal("33.33"), D(2024, 5, 2)),
            ("MAT-003", Decimal("33.33"), D(2024, 5, 2)),
        ]
        assert Purchase.objects.get().received_on == D(2024, 5, 3)

    def test_twice_is_refused(self):
        purchase = make_purchase()
        receive(purchase, pieces("MAT-001"), received_on=TODAY, by=None)
        errors = refusal_of(receive, purchase, pieces("MAT-002"), received_on=TODAY, by=None)
        assert ALREADY_RECEIVED in str(errors)
        assert Equipment.objects.count() == 1

    def test_number_that_exists_is_refused_and_nothing_is_written(self):
        receive(make_purchase(), pieces("MAT-001"), received_on=TODAY, by=None)
        purchase = make_purchase(pieces=2)
        errors = refusal_of(receive, purchase, pieces("MAT-002", "MAT-001"), received_on=TODAY, by=None)
        assert [*errors] == ["label_2"]
        assert Equipment.objects.count() == 1
        assert Purchase.objects.get(pk=purchase.pk).received_on is None

    def test_purchase_that_changed_is_a_conflict(self):
        purchase = make_purchase()
        save_purchase(Purchase.objects.get(), by=None)
        with pytest.raises(Conflict):
            receive(purchase, pieces("MAT-001"), received_on=TODAY, by=None)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """The same instant, on either engine."""

    def test_two_purchases_never_overdraw_one_grant(self):
        grant = make_grant(awarded=Decimal(900))
        shares = [new_share(make_purchase(), grant) for _person in range(2)]
        outcomes = at_once(*(lambda share=share: save_share(share, by=None) for share in shares))
        assert sorted(type(each).__name__ for each in outcomes) == ["PurchaseShare", "ValidationError"]
        assert PurchaseShare.objects.count() == 1

    def test_two_grants_never_overpay_one_purchase(self):
        purchase = make_purchase(price=Decimal(900))
        shares = [new_share(purchase, make_grant()) for _person in range(2)]
        outcomes = at_once(*(lambda share=share: save_share(share, by=None) for share in shares))
        assert sorted(type(each).__name__ for each in outcomes) == ["PurchaseShare", "ValidationError"]

    def test_share_and_lower_price_never_both_pass(self):
        purchase, grant = make_purchase(), make_grant()
        lower = Purchase.objects.get()
        lower.price = Decimal(400)
        outcomes = at_once(
            lambda: save_share(new_share(purchase, grant), by=None), lambda: save_purchase(lower, by=None)
        )
        assert sum(isinstance(each, ValidationError) for each in outcomes) == 1

    def test_share_and_lower_grant_never_both_pass(self):
        purchase, grant = make_purchase(), make_grant()
        lower = Grant.objects.get()
        lower.awarded = Decimal(400)
        outcomes = at_once(lambda: save_share(new_share(purchase, grant), by=None), lambda: save_grant(lower))
        assert sum(isinstance(each, ValidationError) for each in outcomes) == 1

    def test_grants_shared_crosswise_do_not_block_each_other(self):
        one, other = make_grant(), make_grant()
        purchases = [make_purchase(), make_purchase()]
        outcomes = at_once(
            lambda: replace_shares(purchases[0], {one.pk: Decimal(500), other.pk: Decimal(500)}, by=None),
            lambda: replace_shares(purchases[1], {other.pk: Decimal(500), one.pk: Decimal(500)}, by=None),
        )
        assert outcomes == [None, None]
        assert PurchaseShare.objects.count() == 4

    def test_the_last_money_of_a_grant_is_applied_once(self):
        by = user_of(Role.SUPERVISOR)
        grant = make_grant(awarded=Decimal(1000))
        purchases = [make_purchase(), make_purchase()]
        amounts = {grant.pk: Decimal(1000)}
        outcomes = at_once(
            *(
                lambda purchase=purchase: apply_combination(purchase, amounts, today=TODAY, by=by)
                for purchase in purchases
            )
        )
        assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "ValidationError"]
        assert PurchaseShare.objects.count() == 1

    def test_two_clicks_receive_once(self):
        purchase, worksite = make_purchase(), make_worksite()
        outcomes = at_once(
            *(
                lambda label=label: receive(
                    Purchase.objects.get(pk=purchase.pk),
                    pieces(label, worksite=worksite),
                    received_on=TODAY,
                    by=None,
                )
                for label in ("MAT-001", "MAT-002")
            )
        )
        assert sum(isinstance(each, (ValidationError, Conflict)) for each in outcomes) == 1
        assert Equipment.objects.count() == 1


def save_grant(grant: Grant) -> None:
    """A grant saved as its own page does it: the row, then its shares looked at, in one transaction."""
    with transaction.atomic():
        save_recorded(grant, by=None)
        refuse_grant(grant)
