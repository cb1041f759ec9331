"""Writes on people's files that touch more than one row."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from beneficiaries.models import Beneficiary, Contract, Pass, Prolongation, Suspension, TimeEntry
from confluences.actions import save_recorded
from confluences.formats import french_date
from confluences.models import User


@transaction.atomic
def save_contract(contract: Contract, *, by: User | None) -> Contract:
    """Writes a contract under its person's lock: the total length is a rule on all the person's contracts."""
    Beneficiary.objects.select_for_update().get(pk=contract.beneficiary_id)
    save_recorded(contract, by=by)
    _refuse_time_outside(contract.beneficiary_id)
    _settle_exits(contract.beneficiary_id, by)
    return contract


@transaction.atomic
def delete_contract(contract: Contract, *, by: User | None) -> None:
    """Removes a contract; the exits that remain must still end a stay."""
    Beneficiary.objects.select_for_update().get(pk=contract.beneficiary_id)
    contract.delete()
    _refuse_time_outside(contract.beneficiary_id)
    _settle_exits(contract.beneficiary_id, by)


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


def _refuse_time_outside(beneficiary_pk: int) -> None:
    """Raises ValidationError where these dates would leave recorded hours outside any contract."""
    covering = Contract.objects.with_last_day().filter(
        Q(last_day=None) | Q(last_day__gte=OuterRef("day")),
        beneficiary=OuterRef("beneficiary"),
        start__lte=OuterRef("day"),
    )
    outside = TimeEntry.objects.filter(~Exists(covering), beneficiary=beneficiary_pk).order_by("day")
    days = list(outside.values_list("day", flat=True).distinct())
    if not days:
        return
    raise ValidationError(
        f"Des heures sont pointées hors de ces dates (le {french_date(days[0])}"
        + (
            f" et {len(days) - 1} autre{'s' if len(days) > 2 else ''} jour{'s' if len(days) > 2 else ''}"
            if len(days) > 1
            else ""
        )
        + "). Corrigez les dates, ou d’abord ces pointages."
    )


def _settle_exits(beneficiary_pk: int, by: User | None) -> None:
    """Keeps the person's exits true to the contracts: each ends a stay, and knows that stay's first day.

    `exits` is the outcomes app's link to us: a name, not an import.
    """
    for departure in Beneficiary.objects.get(pk=beneficiary_pk).exits.all():
        stay = departure.hired_on, departure.contract_id
        try:
            departure.full_clean()
        except ValidationError as error:
            raise ValidationError(
                f"La sortie du {departure.left_on:%d/%m/%Y} ne tient plus avec ces dates. {' '.join(error.messages)} "
                "Corrigez ce contrat, ou d’abord la sortie."
            ) from error
        if stay != (departure.hired_on, departure.contract_id):
            save_recorded(departure, by=by)
