"""Rules of equipment, on plain values: what may happen to a thing in its state, and the next inventory number."""

import re
from collections.abc import Iterable

from worksites.enums import EquipmentEventKind, EquipmentState

# The association's own habits, not the law's: an inspection is prepared a month before, a thing asked back two weeks before.
INSPECTION_DAYS = 30
LEAVING_DAYS = 14

_LABEL = re.compile(r"MAT-(\d{1,9})", re.IGNORECASE)


def next_label(labels: Iterable[str]) -> str:
    """The inventory number after the highest one.

    >>> next_label(["MAT-007", "MAT-012", "Tondeuse 99"])
    'MAT-013'
    >>> next_label([])
    'MAT-001'
    """
    numbers = [int(found[1]) for label in labels if (found := _LABEL.fullmatch(label.strip()))]
    return f"MAT-{max(numbers, default=0) + 1:03d}"


def refusal(kind: EquipmentEventKind, state: EquipmentState, holder: str) -> str:
    """Why that cannot happen to a thing in this state, held by somebody or by nobody; empty where it can.

    >>> refusal(EquipmentEventKind.RETURNED, EquipmentState.GOOD, "")
    'Personne n’a ce matériel : il est déjà au dépôt.'
    >>> refusal(EquipmentEventKind.NOTED, EquipmentState.LOST, "")
    ''
    """
    if kind == EquipmentEventKind.NOTED:
        return ""
    if state == EquipmentState.LOST:
        return (
            "Ce matériel est perdu ou volé. S’il est retrouvé, notez d’abord un constat avec son nouvel état."
        )
    if kind == EquipmentEventKind.RETURNED:
        return "" if holder else "Personne n’a ce matériel : il est déjà au dépôt."
    if kind == EquipmentEventKind.MOVED and holder:
        return f"{holder} a ce matériel : notez d’abord qu’il est rendu, puis changez-le de chantier."
    if kind == EquipmentEventKind.HANDED_OUT:
        return _refused_to_hand_out(state, holder)
    return ""


def _refused_to_hand_out(state: EquipmentState, holder: str) -> str:
    if holder:
        return f"{holder} a déjà ce matériel : notez d’abord qu’il est rendu."
    if state == EquipmentState.BROKEN:
        return "Ce matériel est hors d’usage : il ne se confie plus. S’il remarche, notez d’abord qu’il est réparé."
    if state == EquipmentState.REPAIR:
        return "Ce matériel est en réparation : notez d’abord qu’il est réparé."
    return ""
