"""Writes of equipment: something happens to a thing, and its row and its history say so together."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import Truncator

from beneficiaries.models import Beneficiary, Contract
from confluences.actions import Conflict, save_recorded
from confluences.formats import french_date, short_date
from confluences.models import User
from worksites.enums import EquipmentEventKind, EquipmentState
from worksites.equipment_rules import refusal
from worksites.models import Equipment, EquipmentEvent, Worksite


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What happens to a piece of equipment; each kind looks at the fields that concern it."""

    kind: EquipmentEventKind
    day: dt.date
    person: Beneficiary | None = None
    worksite: Worksite | None = None
    state: EquipmentState | None = None
    next_inspection: dt.date | None = None
    cost: Decimal | None = None
    note: str = ""


@transaction.atomic
def record_event(equipment: Equipment, happening: Happening, *, by: User | None) -> EquipmentEvent:
    """Writes what happened and what it changes, together.

    `equipment.version` is the version that was opened. Raises Conflict where the thing has changed since, ValidationError
    where that cannot happen to it: handed out while somebody has it, for example.
    """
    current = Equipment.objects.select_for_update().get(pk=equipment.pk)
    if current.version != equipment.version:
        raise Conflict(current)
    _refuse(current, happening)
    event = EquipmentEvent(
        equipment=current,
        day=happening.day,
        kind=happening.kind,
        person=happening.person or _loses_its_holder(current, happening),
        cost=happening.cost,
        note=_note(current, happening),
    )
    _apply(current, happening)
    save_recorded(current, by=by)
    return save_recorded(event, by=by)


def _refuse(equipment: Equipment, happening: Happening) -> None:
    reason = refusal(
        happening.kind, EquipmentState(equipment.state), str(equipment.holder) if equipment.holder else ""
    )
    if reason:
        raise ValidationError(reason)
    _refuse_day(equipment, happening.day)
    match happening.kind:
        case EquipmentEventKind.HANDED_OUT:
            _refuse_holder(happening)
        case EquipmentEventKind.MOVED:
            _refuse_worksite(equipment, happening)


def _refuse_day(equipment: Equipment, day: dt.date) -> None:
    """A row holds the last state alone: what happened is written in its order."""
    last = equipment.events.order_by("-day").values_list("day", flat=True).first()
    if last and day < last:
        raise ValidationError(
            {
                "day": f"Le dernier événement noté est du {french_date(last)} : celui-ci est de ce jour-là, ou d’après."
            }
        )
    if equipment.bought_on and day < equipment.bought_on:
        raise ValidationError({"day": f"Ce matériel a été acheté le {french_date(equipment.bought_on)}."})


def _refuse_holder(happening: Happening) -> None:
    if happening.person is None:
        raise ValidationError({"person": "Choisissez à qui le matériel est confié."})
    if happening.state in EquipmentState.gone():
        raise ValidationError({"state": "Un matériel perdu ou hors d’usage ne se confie pas."})
    if not Contract.objects.running(happening.day).filter(beneficiary=happening.person).exists():
        raise ValidationError(
            {"person": f"{happening.person} n’a pas de contrat le {french_date(happening.day)}."}
        )


def _refuse_worksite(equipment: Equipment, happening: Happening) -> None:
    if happening.worksite is None:
        raise ValidationError({"worksite": "Choisissez le nouveau chantier."})
    if happening.worksite == equipment.worksite:
        raise ValidationError({"worksite": "Le matériel est déjà sur ce chantier."})


def _loses_its_holder(equipment: Equipment, happening: Happening) -> Beneficiary | None:
    """Who had it, where that ends here: the history then says in whose hands it was."""
    ends = happening.kind == EquipmentEventKind.RETURNED or happening.state in EquipmentState.gone()
    return equipment.holder if ends else None


def _note(equipment: Equipment, happening: Happening) -> str:
    """What was typed, then what changed: the row itself keeps only the latest."""
    changes = []
    if happening.kind == EquipmentEventKind.MOVED:
        changes.append(f"de {equipment.worksite} à {happening.worksite}")
    if happening.state and happening.state != equipment.state:
        changes.append(f"état : {happening.state.label}")
    if happening.kind == EquipmentEventKind.INSPECTED and happening.next_inspection:
        changes.append(f"prochain contrôle le {short_date(happening.next_inspection)}")
    written = happening.note.strip()
    told = " ; ".join(changes)
    if not told or not written:
        return written or Truncator(told).chars(EquipmentEvent.NOTE_LENGTH)
    return f"{written} ({Truncator(told).chars(EquipmentEvent.NOTE_LENGTH - len(written) - 3)})"


def _apply(equipment: Equipment, happening: Happening) -> None:
    match happening.kind:
        case EquipmentEventKind.HANDED_OUT:
            equipment.holder = happening.person
        case EquipmentEventKind.RETURNED:
            equipment.holder = None
        case EquipmentEventKind.INSPECTED:
            equipment.next_inspection = happening.next_inspection
        case EquipmentEventKind.MOVED if happening.worksite:
            equipment.worksite = happening.worksite
    if happening.state:
        equipment.state = happening.state
    if equipment.state in EquipmentState.gone():
        equipment.holder = None
