"""Writes of programmes with their modules, and of the people who follow them."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from beneficiaries.models import Beneficiary
from confluences.actions import save_recorded
from confluences.models import User
from trainings.models import Enrolment, Module, Programme
from trainings.rules import sum_fault


@transaction.atomic
def save_programme(
    programme: Programme, modules: Sequence[Module], *, by: User | None, removed: Sequence[Module] = ()
) -> Programme:
    """Writes a programme with all its modules. Raises ValidationError unless they add up to the programme."""
    fault = sum_fault(programme.minutes, [module.minutes for module in modules], "le programme dure")
    if fault:
        raise ValidationError(fault)
    save_recorded(programme, by=by)
    for module in removed:
        _remove_module(module)
    for position, module in enumerate(modules, start=1):
        module.programme, module.position = programme, position
        save_recorded(module, by=by)
    return programme


def _remove_module(module: Module) -> None:
    if module.taught.exists() or module.attended.exists():
        raise ValidationError(
            f"Le module « {module.name} » a déjà des séances : il reste, réduisez plutôt les autres."
        )
    module.delete()


@transaction.atomic
def enrol(
    programme: Programme, people: Iterable[Beneficiary], *, group: str, on: dt.date, by: User | None
) -> list[Enrolment]:
    """Enrols people in a programme, all or none. Raises ValidationError where somebody already is."""
    return [
        save_recorded(Enrolment(programme=programme, beneficiary=person, group=group, enrolled_on=on), by=by)
        for person in people
    ]
