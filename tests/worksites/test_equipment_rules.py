"""What may happen to a thing in its state, and the next inventory number."""

import doctest

import pytest

from worksites import equipment_rules
from worksites.enums import EquipmentEventKind as Kind
from worksites.enums import EquipmentState as State
from worksites.equipment_rules import next_label, refusal


def test_examples():
    assert doctest.testmod(equipment_rules).failed == 0


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([], "MAT-001"),
        (["MAT-009", "MAT-010"], "MAT-011"),
        (["mat-7 "], "MAT-008"),
        (["MAT-999"], "MAT-1000"),
        (["Tondeuse", "MAT-", "XMAT-50"], "MAT-001"),
    ],
)
def test_next_label(labels, expected):
    assert next_label(labels) == expected


@pytest.mark.parametrize(
    ("kind", "state", "holder", "words"),
    [
        (Kind.HANDED_OUT, State.GOOD, "", ""),
        (Kind.HANDED_OUT, State.WORN, "", ""),
        (Kind.HANDED_OUT, State.GOOD, "Exemple Amina", "Exemple Amina a déjà ce matériel"),
        (Kind.HANDED_OUT, State.BROKEN, "", "hors d’usage"),
        (Kind.HANDED_OUT, State.LOST, "", "perdu ou volé"),
        (Kind.HANDED_OUT, State.REPAIR, "", "en réparation"),
        (Kind.RETURNED, State.GOOD, "Exemple Amina", ""),
        (Kind.RETURNED, State.GOOD, "", "il est déjà au dépôt"),
        (Kind.MOVED, State.GOOD, "", ""),
        (Kind.MOVED, State.GOOD, "Exemple Amina", "notez d’abord qu’il est rendu"),
        (Kind.INSPECTED, State.LOST, "", "perdu ou volé"),
        (Kind.REPAIRED, State.BROKEN, "", ""),
        (Kind.NOTED, State.LOST, "", ""),
    ],
)
def test_refusal(kind, state, holder, words):
    said = refusal(kind, state, holder)
    assert (words in said) if words else said == ""
