"""What is due about equipment, on the page and in the table alike."""

import datetime as dt

import pytest

from tests.beneficiaries.factories import make_contract
from tests.worksites.factories import make_equipment, make_worksite
from worksites.enums import EquipmentState as State
from worksites.equipment_enums import EquipmentDue as Due
from worksites.equipment_reports import (
    WorksiteEquipment,
    due_lines,
    equipment_by_worksite,
    equipment_rows,
)
from worksites.models import Equipment

D = dt.date
DAY = D(2024, 6, 3)

pytestmark = pytest.mark.django_db


def due_on(day=DAY):
    return [
        (line.equipment.label, line.due, line.words, line.detail)
        for line in due_lines(Equipment.objects.all(), day)
    ]


def held_until(last_day, **fields):
    person = make_contract(end=last_day).beneficiary
    return make_equipment(holder=person, **fields)


@pytest.mark.parametrize(
    ("inspection", "expected"),
    [
        (D(2024, 5, 22), [("A", Due.LATE, "contrôle en retard, prévu il y a 12 jours", "22/05/2024")]),
        (D(2024, 6, 2), [("A", Due.LATE, "contrôle en retard, prévu hier", "02/06/2024")]),
        (D(2024, 6, 3), [("A", Due.SOON, "contrôle aujourd’hui", "03/06/2024")]),
        (D(2024, 7, 3), [("A", Due.SOON, "contrôle dans 30 jours", "03/07/2024")]),
        (D(2024, 7, 4), []),
        (None, []),
    ],
)
def test_inspections(inspection, expected):
    make_equipment(label="A", next_inspection=inspection)
    assert due_on() == expected


@pytest.mark.parametrize("state", State.gone())
def test_what_is_gone_is_not_inspected(state):
    make_equipment(state=state, next_inspection=D(2024, 1, 1))
    assert due_on() == []


@pytest.mark.parametrize(("state", "words"), [(State.WORN, "à réviser"), (State.REPAIR, "en réparation")])
def test_to_repair(state, words):
    make_equipment(label="A", state=state)
    assert due_on() == [("A", Due.REPAIR, words, "")]


@pytest.mark.parametrize(
    ("last_day", "detail"),
    [
        (D(2024, 6, 2), "contrat fini depuis le 02/06/2024"),
        (D(2024, 6, 3), "contrat jusqu’au 03/06/2024"),
        (D(2024, 6, 17), "contrat jusqu’au 17/06/2024"),
        (D(2024, 6, 18), None),
    ],
)
def test_to_take_back(last_day, detail):
    thing = held_until(last_day, label="A")
    words = f"à récupérer auprès de {thing.holder}"
    assert due_on() == ([("A", Due.TAKE_BACK, words, detail)] if detail else [])


def test_renewed_contract_keeps_the_equipment():
    thing = held_until(D(2024, 6, 10))
    make_contract(thing.holder, start=D(2024, 6, 11), end=D(2024, 12, 10))
    assert due_on() == []


def test_the_most_urgent_first_and_the_table_agrees():
    make_equipment(label="soon", next_inspection=D(2024, 6, 20))
    make_equipment(label="late", next_inspection=D(2024, 5, 1), state=State.WORN)
    held_until(D(2024, 6, 5), label="held")
    assert [(label, due) for label, due, *_rest in due_on()] == [
        ("late", Due.LATE),
        ("held", Due.TAKE_BACK),
        ("late", Due.REPAIR),
        ("soon", Due.SOON),
    ]
    for due in Due:
        found = {each.label for each in Equipment.objects.due(due, DAY)}
        assert found == {label for label, kind, *_rest in due_on() if kind == due}


@pytest.mark.parametrize("count", [1, 3])
def test_due_costs_the_same(django_assert_num_queries, count):
    for _each in range(count):
        held_until(D(2024, 6, 5), next_inspection=D(2024, 5, 1))
    with django_assert_num_queries(2):
        assert len(due_lines(Equipment.objects.all(), DAY)) == 2 * count


def test_by_worksite_counts_what_is_in_use():
    worksite = make_worksite()
    make_equipment(worksite)
    make_equipment(worksite, state=State.LOST)
    held_until(D(2024, 12, 31), worksite=worksite)
    make_equipment(make_worksite(), state=State.BROKEN)
    assert equipment_by_worksite(Equipment.objects.all(), DAY) == {worksite.pk: WorksiteEquipment(2, 1, [])}


@pytest.mark.parametrize(
    ("inspection", "chip"),
    [
        (D(2024, 6, 2), ("en retard", "late")),
        (D(2024, 6, 4), ("demain", "soon")),
        (D(2025, 1, 1), None),
        (None, None),
    ],
)
def test_row_says_when_it_is_inspected(inspection, chip):
    [row] = equipment_rows([make_equipment(next_inspection=inspection)], DAY)
    assert (row.inspection and (row.inspection.label, row.inspection.kind)) == chip


def test_a_printed_line_has_a_date_where_the_screen_counts_days():
    make_equipment(label="A", next_inspection=D(2024, 5, 22))
    make_equipment(label="B", next_inspection=D(2024, 6, 13), state=State.WORN)
    lines = due_lines(Equipment.objects.all(), D(2024, 6, 3))
    assert [line.printed_words for line in lines] == [
        "contrôle en retard, prévu le 22/05/2024",
        "à réviser",
        "contrôle à faire le 13/06/2024",
    ]
