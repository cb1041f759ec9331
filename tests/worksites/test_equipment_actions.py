"""What happens to equipment: the row and its history say so together, or not at all."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from confluences.actions import Conflict
from tests.beneficiaries.factories import make_contract
from tests.threads import at_once
from tests.worksites.factories import make_equipment, make_worksite
from worksites.enums import EquipmentEventKind as Kind
from worksites.enums import EquipmentState as State
from worksites.equipment_actions import Happening, record_event
from worksites.models import Equipment, EquipmentEvent

D = dt.date
DAY = D(2024, 6, 3)

pytestmark = pytest.mark.django_db


def happens(equipment, kind, day=DAY, **fields):
    return record_event(equipment, Happening(kind=kind, day=day, **fields), by=None)


def refused(equipment, kind, day=DAY, **fields) -> str:
    before = EquipmentEvent.objects.count()
    with pytest.raises(ValidationError) as refusal:
        happens(equipment, kind, day, **fields)
    assert EquipmentEvent.objects.count() == before
    return " ".join(refusal.value.messages)


def current(equipment) -> Equipment:
    return Equipment.objects.get(pk=equipment.pk)


def test_handed_out_then_returned(social_worker):
    mower, person = make_equipment(), make_contract().beneficiary
    event = record_event(
        mower, Happening(kind=Kind.HANDED_OUT, day=DAY, person=person, note=" Avec bidon "), by=social_worker
    )
    held = current(mower)
    assert (held.holder, held.version, held.updated_by) == (person, 2, social_worker)
    assert (event.kind, event.day, event.person, event.note, event.created_by) == (
        "handed_out",
        DAY,
        person,
        "Avec bidon",
        social_worker,
    )
    back = happens(held, Kind.RETURNED, state=State.WORN)
    assert (current(mower).holder, current(mower).state) == (None, "worn")
    assert (back.person, back.note) == (person, "état : à réviser")


def test_handed_out_twice_is_refused_with_who_has_it():
    mower, person, other = make_equipment(), make_contract().beneficiary, make_contract().beneficiary
    happens(mower, Kind.HANDED_OUT, person=person)
    message = refused(current(mower), Kind.HANDED_OUT, person=other)
    assert message == f"{person} a déjà ce matériel : notez d’abord qu’il est rendu."
    assert current(mower).holder == person


@pytest.mark.parametrize("state", [State.BROKEN, State.LOST, State.REPAIR])
def test_what_nobody_can_use_is_not_handed_out(state):
    person = make_contract().beneficiary
    assert "Ce matériel est" in refused(make_equipment(state=state), Kind.HANDED_OUT, person=person)


def test_only_somebody_under_contract_that_day_has_equipment():
    person = make_contract(end=D(2024, 5, 31)).beneficiary
    assert refused(make_equipment(), Kind.HANDED_OUT, person=person) == (
        f"{person} n’a pas de contrat le 3 juin 2024."
    )
    assert refused(make_equipment(), Kind.HANDED_OUT) == "Choisissez à qui le matériel est confié."


def test_inspection_sets_the_next_one():
    mower = make_equipment(next_inspection=D(2024, 6, 1))
    event = happens(mower, Kind.INSPECTED, next_inspection=D(2025, 6, 3), cost=Decimal("45.50"), note="Lames")
    assert current(mower).next_inspection == D(2025, 6, 3)
    assert (event.cost, event.note) == (Decimal("45.50"), "Lames (prochain contrôle le 03/06/2025)")


def test_repaired():
    mower = make_equipment(state=State.REPAIR)
    happens(mower, Kind.REPAIRED, state=State.GOOD)
    assert current(mower).state == "good"


def test_moved_says_from_where():
    mower = make_equipment(make_worksite(name="Champigny"))
    fresnes = make_worksite(name="Fresnes")
    event = happens(mower, Kind.MOVED, worksite=fresnes)
    assert (current(mower).worksite, event.note) == (fresnes, "de Champigny à Fresnes")
    assert refused(current(mower), Kind.MOVED, worksite=fresnes) == "Le matériel est déjà sur ce chantier."
    assert refused(current(mower), Kind.MOVED) == "Choisissez le nouveau chantier."


def test_held_equipment_is_returned_before_it_moves():
    mower = make_equipment()
    happens(mower, Kind.HANDED_OUT, person=make_contract().beneficiary)
    assert "notez d’abord qu’il est rendu" in refused(current(mower), Kind.MOVED, worksite=make_worksite())


@pytest.mark.parametrize("state", [State.LOST, State.BROKEN])
def test_lost_while_held_says_who_had_it(state):
    mower, person = make_equipment(), make_contract().beneficiary
    happens(mower, Kind.HANDED_OUT, person=person)
    event = happens(current(mower), Kind.NOTED, state=state, note="Au parc")
    assert (current(mower).holder, current(mower).state) == (None, state.value)
    assert (event.person, event.note) == (person, f"Au parc (état : {state.label})")


def test_history_is_written_in_order():
    mower = make_equipment(bought_on=D(2024, 5, 2))
    assert refused(mower, Kind.NOTED, D(2024, 5, 1), state=State.GOOD) == (
        "Ce matériel a été acheté le 2 mai 2024."
    )
    happens(mower, Kind.NOTED, state=State.GOOD, note="Vu")
    assert refused(current(mower), Kind.NOTED, D(2024, 6, 2), state=State.GOOD) == (
        "Le dernier événement noté est du 3 juin 2024 : celui-ci est de ce jour-là, ou d’après."
    )


def test_longest_names_fit_in_the_history():
    mower = make_equipment(make_worksite(name="a" * 100))
    event = happens(mower, Kind.MOVED, worksite=make_worksite(name="b" * 100), note="c" * 150)
    assert len(event.note) == EquipmentEvent.NOTE_LENGTH
    assert event.note.startswith("c" * 150 + " (de aaa")


def test_two_tabs_write_nothing_over_each_other():
    mower, person = make_equipment(), make_contract().beneficiary
    opened = current(mower)
    happens(mower, Kind.HANDED_OUT, person=person)
    with pytest.raises(Conflict) as conflict:
        happens(opened, Kind.NOTED, state=State.LOST, note="Introuvable")
    assert conflict.value.current.holder == person
    assert (current(mower).state, EquipmentEvent.objects.count()) == ("good", 1)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_take_the_same_thing_at_once():
    mower = make_equipment()
    people = [make_contract().beneficiary for _each in range(2)]

    def taken(person):
        return lambda: happens(Equipment.objects.get(pk=mower.pk), Kind.HANDED_OUT, person=person)

    results = at_once(*(taken(person) for person in people))
    won = [result for result in results if isinstance(result, EquipmentEvent)]
    assert len(won) == 1
    assert current(mower).holder == won[0].person
    assert EquipmentEvent.objects.count() == 1
