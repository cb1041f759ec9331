"""Writes on people's files that touch more than one row."""

from django.db import transaction

from beneficiaries.models import Beneficiary, Contract, Pass, Prolongation, Suspension
from confluences.actions import save_recorded
from confluences.models import User


@transaction.atomic
def save_contract(contract: Contract, *, by: User | None) -> Contract:
    """Writes a contract under its person's lock: the total length is a rule on all the person's contracts."""
    Beneficiary.objects.select_for_update().get(pk=contract.beneficiary_id)
    return save_recorded(contract, by=by)


@transaction.atomic
def save_pass_change(change: Suspension | Prolongation, *, by: User | None) -> Suspension | Prolongation:
    """Writes a suspension or prolongation and moves the end of its PASS."""
    pass_iae = Pass.objects.select_for_update().get(pk=change.pass_iae_id)
    change.pass_iae = pass_iae
    save_recorded(change, by=by)
    move_pass_end(pass_iae)
    return change


@transaction.atomic
def delete_pass_change(change: Suspension | Prolongation) -> None:
    """Removes a suspension or prolongation and moves the end of its PASS back."""
    pass_iae = Pass.objects.select_for_update().get(pk=change.pass_iae_id)
    change.delete()
    move_pass_end(pass_iae)


def move_pass_end(pass_iae: Pass) -> None:
    """Recomputes the end of a PASS from what is recorded."""
    pass_iae = Pass.objects.get(pk=pass_iae.pk)
    pass_iae.full_clean()
    pass_iae.save()
