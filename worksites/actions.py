"""Writes on worksites that touch more than one row."""

from django.core.exceptions import ValidationError
from django.db import transaction

from beneficiaries.models import Beneficiary
from confluences.actions import save_recorded
from confluences.dates import day_before
from confluences.models import User
from worksites.models import Assignment


@transaction.atomic
def assign(assignment: Assignment, *, by: User | None, closing: Assignment | None = None) -> Assignment:
    """Assigns somebody to a worksite; `closing` is the open assignment that ends the day before."""
    Beneficiary.objects.select_for_update().get(pk=assignment.beneficiary_id)
    if closing is not None:
        _close(closing, assignment, by)
    return save_recorded(assignment, by=by)


def _close(former: Assignment, following: Assignment, by: User | None) -> None:
    if following.start <= former.start:
        raise ValidationError(
            {
                "start": f"L’affectation actuelle a commencé le {former.start:%d/%m/%Y} : la nouvelle commence après."
            }
        )
    former.end = day_before(following.start)
    save_recorded(former, by=by)
