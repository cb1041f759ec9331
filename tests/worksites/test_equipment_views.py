"""Equipment on the screen: who may do what, two tabs, bad input, exports and labels."""

import datetime as dt
import io
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from confluences.enums import Role
from tests.beneficiaries.factories import make_running_contract, today
from tests.worksites.factories import make_assignment, make_equipment, make_worksite
from worksites.enums import EquipmentEventKind as Kind
from worksites.enums import EquipmentState as State
from worksites.equipment_actions import Happening, record_event
from worksites.models import Equipment, EquipmentEvent

pytestmark = pytest.mark.django_db

LIST = reverse("worksites:equipment-list")
CREATE = reverse("worksites:equipment-create")
LABELS = reverse("worksites:equipment-labels")


def event_url(equipment, kind: str) -> str:
    return reverse("worksites:equipment-event", args=[equipment.pk, kind])


def export_url(file_format: str) -> str:
    return reverse("worksites:equipment-export", args=[file_format])


def team_member(worksite):
    return make_assignment(make_running_contract().beneficiary, worksite).beneficiary


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def words_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.fixture
def own(instructor):
    worksite = make_worksite(name="Fresnes")
    worksite.instructors.add(instructor)
    return worksite


@pytest.fixture
def instructing(clients):
    return clients[Role.INSTRUCTOR]


@pytest.fixture
def supervising(clients):
    return clients[Role.SUPERVISOR]


# Who may do what


def test_another_worksite_does_not_exist_for_an_instructor(instructing, own):
    other = make_equipment(label="AUTRE-1")
    make_equipment(own, label="FRESNES-1")
    addresses = [
        other.get_absolute_url(),
        reverse("worksites:equipment-edit", args=[other.pk]),
        event_url(other, "noted"),
    ]
    assert [instructing.get(each).status_code for each in addresses] == [HTTPStatus.NOT_FOUND] * 3
    assert [instructing.post(each).status_code for each in addresses] == [HTTPStatus.NOT_FOUND] * 3
    shown = instructing.get(LIST)
    assert [row.equipment.label for row in shown.context["rows"]] == ["FRESNES-1"]
    assert "AUTRE-1" not in instructing.get(export_url("csv")).content.decode()
    assert "AUTRE-1" not in " ".join(words_of(instructing.get(LABELS).content))
    refused = instructing.get(f"{LABELS}?pk={other.pk}")
    assert said(refused) == ["Un des matériels cochés n’existe plus : rechargez la liste."]


def test_instructor_offers_own_people_and_worksites_alone(instructing, own):
    thing, mine = make_equipment(own), team_member(own)
    stranger, other = team_member(make_worksite()), make_worksite()
    form = instructing.get(event_url(thing, "handed_out")).context["form"]
    assert list(form.fields["person"].queryset) == [mine]
    refused = instructing.post(
        event_url(thing, "handed_out"),
        {"person": stranger.pk, "day": today().isoformat(), "opened_version": 1},
    )
    assert list(refused.context["form"].errors) == ["person"]
    assert list(instructing.get(CREATE).context["form"].fields["worksite"].queryset) == [own]
    data = {"label": "X", "name": "X", "worksite": other.pk, "state": "good"}
    assert list(instructing.post(CREATE, data).context["form"].errors) == ["worksite"]
    assert "Changer de chantier" not in instructing.get(thing.get_absolute_url()).content.decode()


def test_social_worker_reads_and_writes_nothing(clients):
    thing = make_equipment()
    client = clients[Role.SOCIAL_WORKER]
    assert client.get(thing.get_absolute_url()).status_code == HTTPStatus.OK
    assert [
        client.post(each).status_code
        for each in (CREATE, event_url(thing, "noted"), reverse("worksites:equipment-edit", args=[thing.pk]))
    ] == [HTTPStatus.NOT_FOUND] * 3


def test_holder_of_another_worksite_is_named_without_a_link(instructing, own):
    person = team_member(make_worksite())
    page = instructing.get(make_equipment(own, holder=person).get_absolute_url()).content.decode()
    assert str(person) in page
    assert person.get_absolute_url() not in page


@pytest.mark.parametrize("kind", ["", "volé", "handed-out", "HANDED_OUT"])
def test_unknown_kinds_are_not_found(supervising, kind):
    thing = make_equipment()
    response = supervising.get(f"{thing.get_absolute_url()}{kind or 'rien'}/")
    assert response.status_code == HTTPStatus.NOT_FOUND


# What is typed


def test_create_proposes_the_next_number_and_the_worksite(instructing, own):
    make_equipment(label="MAT-041")
    form = instructing.get(CREATE).context["form"]
    assert (form["label"].value(), form.initial["worksite"]) == ("MAT-042", own)
    data = {
        "label": "MAT-042",
        "name": "Taille-haie",
        "worksite": own.pk,
        "state": "good",
        "value": "1\u202f249,90",
    }
    response = instructing.post(CREATE, data)
    thing = Equipment.objects.get(label="MAT-042")
    assert response.url == thing.get_absolute_url()
    assert (thing.worksite, str(thing.value)) == (own, "1249.90")


def test_number_taken_meanwhile_is_said(instructing, own):
    make_equipment(label="MAT-001")
    response = instructing.post(
        CREATE, {"label": "MAT-001", "name": "X", "worksite": own.pk, "state": "good"}
    )
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"].errors == {
        "label": ["Un autre matériel porte déjà ce numéro d’inventaire."]
    }


@pytest.mark.parametrize("asked", ["abc", "-1", "9" * 40, "²", ""])
def test_create_for_an_unknown_worksite_just_asks(supervising, asked):
    make_worksite()
    make_worksite()
    response = supervising.get(CREATE, {"chantier": asked})
    assert (response.status_code, response.context["form"].initial.get("worksite")) == (HTTPStatus.OK, None)


def test_edit_keeps_where_it_is_and_who_has_it(supervising):
    thing = make_equipment(holder=make_running_contract().beneficiary)
    edit = reverse("worksites:equipment-edit", args=[thing.pk])
    assert {"worksite", "state", "holder"} & set(supervising.get(edit).context["form"].fields) == set()
    data = {"label": "MAT-9", "name": "Souffleur", "opened_version": 1}
    assert supervising.post(edit, data).url == thing.get_absolute_url()
    after = Equipment.objects.get()
    assert (after.label, after.name, after.holder) == ("MAT-9", "Souffleur", thing.holder)
    late = supervising.post(edit, data | {"name": "Autre"})
    assert late.status_code == HTTPStatus.CONFLICT


def test_hand_out_from_the_page(instructing, instructor, own):
    thing, person = make_equipment(own), team_member(own)
    data = {"person": person.pk, "day": today().isoformat(), "note": "", "opened_version": 1}
    response = instructing.post(event_url(thing, "handed_out"), data)
    assert response.url == thing.get_absolute_url()
    event = EquipmentEvent.objects.get()
    assert (event.kind, event.person, event.created_by) == ("handed_out", person, instructor)
    page = instructing.get(thing.get_absolute_url()).content.decode()
    assert f"confié à {person}" in page


def test_second_tab_is_told_who_has_it_now_and_keeps_what_was_typed(supervising, social_worker):
    thing, person = make_equipment(), make_running_contract().beneficiary
    opened = {"day": today().isoformat(), "state": "worn", "note": "Courroie", "opened_version": 1}
    record_event(thing, Happening(kind=Kind.HANDED_OUT, day=today(), person=person), by=social_worker)
    refused = supervising.post(event_url(thing, "noted"), opened)
    assert refused.status_code == HTTPStatus.CONFLICT
    page = refused.content.decode()
    assert f"il est maintenant confié à {person}" in page
    assert 'value="Courroie"' in page
    form = refused.context["form"]
    again = supervising.post(
        event_url(thing, "noted"), opened | {"opened_version": form["opened_version"].value()}
    )
    assert again.url == thing.get_absolute_url()
    assert (Equipment.objects.get().state, EquipmentEvent.objects.count()) == ("worn", 2)


def test_handing_out_what_is_held_says_who_has_it(supervising):
    thing, person = make_equipment(), make_running_contract().beneficiary
    record_event(thing, Happening(kind=Kind.HANDED_OUT, day=today(), person=person), by=None)
    other = make_running_contract().beneficiary
    data = {"person": other.pk, "day": today().isoformat(), "opened_version": 2}
    response = supervising.post(event_url(thing, "handed_out"), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"].non_field_errors() == [
        f"{person} a déjà ce matériel : notez d’abord qu’il est rendu."
    ]


@pytest.mark.parametrize(
    ("kind", "data", "errors"),
    [
        ("handed_out", {}, {"person", "day"}),
        ("handed_out", {"person": "abc", "day": "hier"}, {"person", "day"}),
        ("returned", {"state": "cassé"}, {"state", "day"}),
        ("noted", {"state": "lost", "day": "2024-01-01"}, {"note"}),
        ("noted", {"state": "good", "day": "9999-12-31", "note": "x"}, {"day"}),
        ("noted", {"state": "good", "day": "2024-01-01", "note": "x" * 151}, {"note"}),
        (
            "inspected",
            {"state": "good", "day": "2024-01-02", "next_inspection": "2024-01-02"},
            {"next_inspection"},
        ),
        ("repaired", {"state": "good", "day": "2024-01-02", "cost": "-5"}, {"cost"}),
        ("repaired", {"state": "good", "day": "2024-01-02", "cost": "beaucoup"}, {"cost"}),
        ("moved", {"day": "2024-01-02"}, {"worksite"}),
    ],
)
def test_bad_input_writes_nothing(supervising, kind, data, errors):
    thing = make_equipment()
    response = supervising.post(event_url(thing, kind), data | {"opened_version": 1})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert set(response.context["form"].errors) == errors
    assert EquipmentEvent.objects.count() == 0


def test_event_without_the_version_opened_is_refused(supervising):
    data = {"state": "lost", "day": "2024-01-02", "note": "x"}
    response = supervising.post(event_url(make_equipment(), "noted"), data)
    assert list(response.context["form"].errors) == ["opened_version"]


# Filters, exports, labels


def found(client, **query) -> list[str]:
    return sorted(row.equipment.label for row in client.get(LIST, query).context["rows"])


def test_filters(supervising):
    fresnes, person = make_worksite(name="Fresnes"), make_running_contract().beneficiary
    make_equipment(fresnes, label="A", name="Tondeuse", serial_number="HRX-77")
    make_equipment(label="B", name="Camion", state=State.REPAIR)
    make_equipment(label="C", name="Tondeuse", holder=person, next_inspection=today())
    assert found(supervising) == ["A", "B", "C"]
    assert found(supervising, worksite=fresnes.pk) == ["A"]
    assert found(supervising, q="tondeuse hrx") == ["A"]
    assert found(supervising, state="repair") == ["B"]
    assert found(supervising, due="repair") == ["B"]
    assert found(supervising, due="soon") == ["C"]
    assert found(supervising, holder=person.pk) == ["C"]
    assert found(supervising, holder="depot") == ["A", "B"]
    assert found(supervising, q="%") == []


@pytest.mark.parametrize(
    "query", [{"state": "x"}, {"worksite": "abc"}, {"holder": "0"}, {"due": "x"}, {"q": "a" * 101}]
)
def test_unknown_filters_are_said(supervising, query):
    make_equipment()
    response = supervising.get(LIST, query)
    assert (response.status_code, response.context["rows"]) == (HTTPStatus.OK, [])
    assert 'role="alert"' in response.content.decode()
    for address in (export_url("csv"), LABELS):
        refused = supervising.get(address, query)
        assert refused.url == LIST
        assert said(refused)[0].startswith("Ce filtre n’est pas compris")


def test_fragment_is_the_results_alone(supervising):
    make_equipment()
    page = supervising.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<section id="resultats"')


def test_exports_are_logged(supervising):
    make_equipment(
        make_worksite(name="Fresnes"), label="MAT-001", value="350.50", next_inspection=dt.date(2024, 6, 3)
    )
    text = supervising.get(export_url("csv"), {"state": "good"}).content.decode("utf-8-sig")
    assert text.splitlines()[-1] == "MAT-001;Tondeuse;Fresnes;;en état;;03/06/2024;;350,5;"
    assert "Filtres;État : en état" in text
    sheet = load_workbook(io.BytesIO(supervising.get(export_url("xlsx")).content)).active
    assert [cell.value for cell in sheet[sheet.max_row]][:3] == ["MAT-001", "Tondeuse", "Fresnes"]
    assert [
        entry.additional_data
        for entry in LogEntry.objects.filter(additional_data__event="export").order_by("pk")
    ] == [
        {"event": "export", "format": "csv", "rows": 1, "filters": "État : en état"},
        {"event": "export", "format": "xlsx", "rows": 1, "filters": ""},
    ]


def test_nothing_to_export_or_to_print_is_said(supervising):
    assert supervising.get(export_url("pdf")).status_code == HTTPStatus.NOT_FOUND
    assert said(supervising.get(export_url("xlsx")))[0].startswith("Rien à exporter")
    assert said(supervising.get(LABELS))[-1].startswith("Aucune étiquette à imprimer")
    assert not LogEntry.objects.filter(additional_data__event="export").exists()


def test_labels_of_all_of_a_worksite_and_of_what_is_ticked(supervising):
    fresnes = make_worksite(name="Fresnes")
    things = [make_equipment(fresnes, label=f"MAT-{number:03d}") for number in range(1, 26)]
    make_equipment(make_worksite(name="Champigny"), label="MAT-100", name="Camion")
    of_fresnes = words_of(supervising.get(LABELS, {"worksite": fresnes.pk}).content)
    assert [page.count("MAT-") for page in of_fresnes] == [24, 1]
    assert [of_fresnes[0].count(word) for word in ("MAT-001", "Tondeuse Fresnes")] == [1, 24]
    assert [page.count("MAT-") for page in words_of(supervising.get(LABELS).content)] == [24, 2]
    ticked = supervising.get(LABELS, {"pk": [things[0].pk, things[4].pk], "used": "23"})
    assert ["MAT-001" in page for page in words_of(ticked.content)] == [True, False]
    assert "MAT-005" in words_of(ticked.content)[1]
    assert LogEntry.objects.latest("pk").additional_data == {
        "event": "export",
        "format": "pdf",
        "rows": 2,
        "filters": "",
    }


@pytest.mark.parametrize(
    "query",
    [{"pk": "abc"}, {"pk": "999999"}, {"pk": "9" * 20}, {"used": "24"}, {"used": "-1"}, {"used": "x"}],
)
def test_labels_refuse_in_words(supervising, query):
    make_equipment()
    response = supervising.get(LABELS, query)
    assert response.url == LIST
    assert said(response)


def test_longest_words_stay_on_their_label(supervising):
    make_equipment(make_worksite(name="W" * 100), label="W" * 20, name="W" * 100)
    assert len(words_of(supervising.get(LABELS).content)) == 1


# What it costs


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same(supervising, django_assert_num_queries, count):
    for _each in range(count):
        person = make_running_contract(days_left=3).beneficiary
        make_equipment(holder=person, next_inspection=today())
    with django_assert_num_queries(12):
        supervising.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_detail_costs_the_same(supervising, supervisor, django_assert_num_queries, count):
    thing = make_equipment()
    person = make_running_contract().beneficiary
    for _each in range(count):
        for kind in (Kind.HANDED_OUT, Kind.RETURNED):
            thing.refresh_from_db()
            record_event(
                thing, Happening(kind=kind, day=today(), person=person, state=State.GOOD), by=supervisor
            )
    with django_assert_num_queries(10):
        assert len(supervising.get(thing.get_absolute_url()).context["events"]) == 2 * count
