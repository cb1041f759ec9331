"""How rows are written: one transaction, who did it, and never over somebody else's words."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from confluences.integrity import refusals_in_french
from confluences.models import Recorded, User

RecordedModel = TypeVar("RecordedModel", bound=Recorded)


class Conflict(Exception):
    """Somebody saved the row after this user opened it; `current` is the row as it now stands."""

    def __init__(self, current: Recorded) -> None:
        super().__init__("The row has changed since it was opened.")
        self.current = current


def save_recorded(row: RecordedModel, *, by: User | None) -> RecordedModel:
    """Validates and writes a row that a person typed.

    `row.version` is the version that was opened. Raises Conflict where the database holds another,
    ValidationError where the row breaks a rule.
    """
    with refusals_in_french(), transaction.atomic():
        if row.pk:
            _claim_version(row)
        else:
            row.created_by = by
        row.updated_by = by
        # Whoever signed in exists: two queries that each save would ask for nothing.
        row.full_clean(exclude=["created_by", "updated_by"])
        row.save()
    return row


def _claim_version(row: Recorded) -> None:
    current = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    if current is None:
        raise ValidationError("Cette fiche vient d’être supprimée par quelqu’un d’autre.")
    if current.version != row.version:
        raise Conflict(current)
    row.version += 1
