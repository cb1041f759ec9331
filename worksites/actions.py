"""Writes on worksites that touch more than one row, and where hours of closed months stay."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from beneficiaries.models import Beneficiary, MonthClosing, TimeEntry
from confluences.actions import save_recorded
from confluences.dates import day_before
from confluences.formats import french_date
from confluences.models import User
from worksites.models import Assignment


@transaction.atomic
def assign(assignment: Assignment, *, by: User | None, closing: Assignment | None = None) -> Assignment:
    """Assigns somebody to a worksite; `closing` is the open assignment that ends the day before.

    Raises ValidationError, too, where hours of a closed month would move to another worksite.
    """
    former = _held(assignment.beneficiary_id, assignment)
    if closing is not None:
        _end(closing, assignment)
    changed = [each for each in (closing, assignment) if each is not None]
    kept = [each for each in former if each.pk not in {row.pk for row in changed}]
    _refuse_moved_hours(former, [*kept, *changed])
    if closing is not None:
        save_recorded(closing, by=by)
    return save_recorded(assignment, by=by)


@transaction.atomic
def delete_assignment(assignment: Assignment) -> None:
    """Removes an assignment. Raises ValidationError where hours of a closed month would lose their worksite."""
    former = _held(assignment.beneficiary_id, assignment)
    _refuse_moved_hours(former, [each for each in former if each.pk != assignment.pk])
    assignment.delete()


def _held(person: int, assignment: Assignment) -> list[Assignment]:
    """The assignments as they stand of whom this one touches, who is held until the transaction ends.

    An assignment that moves from somebody to somebody else touches both.
    """
    owners = {person, *Assignment.objects.filter(pk=assignment.pk).values_list("beneficiary", flat=True)}
    list(Beneficiary.objects.select_for_update().filter(pk__in=owners).order_by("pk").values_list("pk"))
    return list(Assignment.objects.filter(beneficiary__in=owners))


def _refuse_moved_hours(before: list[Assignment], after: list[Assignment]) -> None:
    """An entry carries no worksite, the assignment of its day tells it: closed months keep theirs."""
    people = {each.beneficiary_id for each in (*before, *after)}
    closed = MonthClosing.objects.in_force().filter(
        first_day__lte=OuterRef("day"), last_day__gte=OuterRef("day")
    )
    days = TimeEntry.objects.filter(Exists(closed), beneficiary__in=people)
    moved = sorted(
        day
        for person, day in days.values_list("beneficiary", "day").distinct()
        if _worksites_on(before, person, day) != _worksites_on(after, person, day)
    )
    if moved:
        others = len(moved) - 1
        more = (
            f" et {others} autre{'s' if others > 1 else ''} jour{'s' if others > 1 else ''}" if others else ""
        )
        raise ValidationError(
            f"Cette affectation déplacerait des heures d’un mois clos (le {french_date(moved[0])}{more}) vers un autre chantier. "
            "Changez les dates, ou demandez à la direction de rouvrir le mois."
        )


def _worksites_on(assignments: Iterable[Assignment], person: int, day: dt.date) -> set[int]:
    return {
        each.worksite_id for each in assignments if each.beneficiary_id == person and each.is_current(day)
    }


def _end(former: Assignment, following: Assignment) -> None:
    if following.start <= former.start:
        raise ValidationError(
            {
                "start": f"L’affectation actuelle a commencé le {former.start:%d/%m/%Y} : la nouvelle commence après."
            }
        )
    former.end = day_before(following.start)
