"""Equipment in the admin: facts, history to correct, imports and exports."""

import datetime as dt

import pytest

from confluences.imports import Fault, import_file
from tests.beneficiaries.factories import make_running_contract, today
from tests.confluences.test_admin import page
from tests.confluences.test_imports import faults_of
from tests.conftest import signed_in_client
from tests.worksites.factories import make_equipment, make_worksite
from worksites.enums import EquipmentEventKind as Kind
from worksites.equipment_actions import Happening, record_event
from worksites.equipment_resources import EquipmentResource
from worksites.models import Equipment, EquipmentEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


def handed_out() -> EquipmentEvent:
    person = make_running_contract().beneficiary
    happening = Happening(kind=Kind.HANDED_OUT, day=today(), person=person, note="Avec bidon")
    return record_event(make_equipment(), happening, by=None)


LISTS = [("worksites_equipment_changelist", 11), ("worksites_equipmentevent_changelist", 11)]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), LISTS)
def test_list_queries(administrator_client, django_assert_num_queries, name, queries, count):
    for _number in range(count):
        handed_out()
    with django_assert_num_queries(queries):
        assert len(administrator_client.get(page(name)).context["cl"].result_list) == count


def test_history_is_corrected_beside_the_facts_and_the_holder_stays(administrator_client, administrator):
    event = handed_out()
    thing = event.equipment
    address = page("worksites_equipment_change", thing.pk)
    assert administrator_client.get(address).status_code == 200
    data = {
        "label": "MAT-900",
        "name": thing.name,
        "worksite": thing.worksite_id,
        "state": "worn",
        "opened_version": thing.version,
        "events-TOTAL_FORMS": 1,
        "events-INITIAL_FORMS": 1,
        "events-0-id": event.pk,
        "events-0-equipment": thing.pk,
        "events-0-day": event.day.isoformat(),
        "events-0-note": "Sans bidon",
        "events-0-opened_version": event.version,
    }
    assert administrator_client.post(address, data).status_code == 302
    after, corrected = Equipment.objects.get(), EquipmentEvent.objects.get()
    assert (after.label, after.state, after.holder, after.updated_by) == (
        "MAT-900",
        "worn",
        thing.holder,
        administrator,
    )
    assert (corrected.note, corrected.kind, corrected.person) == ("Sans bidon", "handed_out", event.person)


def test_lost_while_held_is_refused_in_words(administrator_client):
    thing = handed_out().equipment
    data = {
        "label": thing.label,
        "name": thing.name,
        "worksite": thing.worksite_id,
        "state": "lost",
        "opened_version": thing.version,
        "events-TOTAL_FORMS": 0,
        "events-INITIAL_FORMS": 0,
    }
    response = administrator_client.post(page("worksites_equipment_change", thing.pk), data)
    assert response.context["adminform"].form.errors == {
        "__all__": ["Un matériel perdu ou hors d’usage n’est plus confié à personne."]
    }


def test_import_and_import_again():
    worksite = make_worksite(name="Fresnes")
    text = (
        "Numéro d’inventaire;Désignation;Chantier;Acheté le;Valeur d’achat (€);État\n"
        "MAT-001;Tondeuse;fresnes;14/03/2024;1 249,90 €;à réviser\nMAT-002;Râteau;Fresnes;;;\n"
    )
    assert import_file(EquipmentResource, text.encode(), by=None) == 2
    mower, rake = Equipment.objects.order_by("label")
    assert (mower.worksite, mower.bought_on, str(mower.value), mower.state) == (
        worksite,
        dt.date(2024, 3, 14),
        "1249.90",
        "worn",
    )
    assert (rake.value, rake.state) == (None, "good")
    assert import_file(EquipmentResource, text.encode(), by=None) == 0


def test_import_faults():
    make_worksite(name="Fresnes")
    text = (
        "Numéro d’inventaire;Désignation;Chantier;Valeur d’achat (€);État\n"
        "MAT-001;Tondeuse;Paris;cher;cassé\n;Râteau;Fresnes;-5;\nMAT-3;Bêche;Fresnes;-5;\nMAT-3;Bêche;Fresnes;;\n"
    )
    assert {(fault.row, fault.column) for fault in faults_of(text, EquipmentResource)} == {
        (2, "Chantier"),
        (2, "Valeur d’achat (€)"),
        (2, "État"),
        (3, "Numéro d’inventaire"),
        (3, "Valeur d’achat (€)"),
        (4, "Valeur d’achat (€)"),
        (5, ""),
    }
    assert Fault(
        2, "Valeur d’achat (€)", "« cher » n’est pas un montant. Écrivez par exemple 349,90."
    ) in faults_of(text, EquipmentResource)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_export_imports_again(administrator_client, file_format):
    make_equipment(value="649.90", bought_on=dt.date(2024, 3, 14), notes="Lame neuve")
    content = administrator_client.post(page("worksites_equipment_export"), {"format": file_format}).content
    assert import_file(EquipmentResource, content, by=None) == 0
    Equipment.objects.all().delete()
    assert import_file(EquipmentResource, content, by=None) == 1
    assert str(Equipment.objects.get().value) == "649.90"
