"""Social support in the admin: lists, exports, dates that are corrected, mistaken rows that are removed."""

import datetime as dt
import io

import pytest
from auditlog.models import LogEntry
from django.core.files.storage import default_storage
from openpyxl import load_workbook

from beneficiaries.models import (
    Appointment,
    BarrierAssessment,
    Beneficiary,
    CareerProject,
    ConfidentialNote,
    Document,
    FollowUp,
    Step,
)
from beneficiaries.support_enums import AppointmentOutcome, StepStatus, Theme
from confluences.models import Draft
from tests.beneficiaries.canary import CANARY, CONTENT, SUPPORT, found, make_canary, told, url
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_barrier,
    make_beneficiary,
    make_document,
    make_follow_up,
    make_project,
    make_step,
    today,
)
from tests.confluences.test_admin import posted
from tests.conftest import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


@pytest.fixture
def person(social_worker) -> Beneficiary:
    return make_canary(social_worker)


# Lists


def made(model, number: int, worker):
    person = make_beneficiary()
    return {
        FollowUp: lambda: make_follow_up(person, by=worker),
        Appointment: lambda: make_appointment(worker, person),
        Step: lambda: make_step(person),
        BarrierAssessment: lambda: make_barrier(person),
        CareerProject: lambda: make_project(person),
        Document: lambda: make_document(person),
        Draft: lambda: Draft.objects.create(user=worker, page=f"/{number}/", title="x", content={}),
    }[model]()


QUERIES = {
    FollowUp: 11,
    Appointment: 11,
    Step: 10,
    BarrierAssessment: 11,
    CareerProject: 11,
    Document: 11,
    Draft: 10,
}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("model", [*SUPPORT, Draft])
def test_list_queries(administrator_client, social_worker, django_assert_num_queries, model, count):
    for number in range(count):
        made(model, number, social_worker)
    with django_assert_num_queries(QUERIES[model]):
        assert len(found(administrator_client.get(url(model, "changelist")))) == count


@pytest.mark.parametrize("model", SUPPORT)
def test_search_finds_the_person(administrator_client, social_worker, person, model):
    made(model, 1, social_worker)
    assert found(administrator_client.get(url(model, "changelist"), {"q": "zoe elan"})) == [
        model.objects.get(beneficiary=person)
    ]


HEADINGS = {
    FollowUp: ["Salarié en insertion", "Date", "Type", "Durée (minutes)", "Lieu ou moyen", "Créé par"],
    Appointment: ["Salarié en insertion", "Avec", "Date", "Heure", "Type", "Issue"],
    Step: [
        "Salarié en insertion",
        "Ouverte le",
        "À faire avant le",
        "État",
        "Terminée le",
        "Accompagnement",
        "Temps passé (minutes)",
    ],
    BarrierAssessment: ["Salarié en insertion", "Évalué le", "Créé par"],
    CareerProject: ["Salarié en insertion", "Depuis le", "Créé par"],
    Document: ["Salarié en insertion", "Créé le", "Créé par"],
}


def export(client, model, file_format: str, query: str = ""):
    return client.post(f"{url(model, 'export')}{query}", {"format": file_format})


@pytest.mark.parametrize("model", SUPPORT)
def test_export_has_the_columns_of_the_list(administrator_client, person, model):
    text = export(administrator_client, model, "csv").content.decode("utf-8-sig")
    lines = [line.split(";") for line in text.splitlines()]
    assert lines[0] == HEADINGS[model]
    assert [line[0] for line in lines[1:]] == ["Élan Zoé"]
    assert [word for word in CONTENT if word in text] == []


def test_export_of_follow_ups(administrator_client, administrator, person):
    make_follow_up()
    response = export(administrator_client, FollowUp, "xlsx", "?q=elan")
    book = load_workbook(io.BytesIO(response.content))
    now = dt.datetime.combine(today(), dt.time.min)
    assert [[cell.value for cell in row] for row in book["Données"].iter_rows(min_row=2)] == [
        ["Élan Zoé", now, "entretien de suivi", 30, "au bureau", "Exemple Travailleur social"]
    ]
    about = {row[0].value: row[1].value for row in book["À propos"].iter_rows()}
    assert (about["Établi par"], about["Filtres"], about["Lignes"]) == (str(administrator), "q = elan", "1")
    assert response["Content-Disposition"] == f'attachment; filename="suivis-{today():%Y-%m-%d}.xlsx"'
    entry = LogEntry.objects.latest("pk")
    assert (entry.actor, entry.object_repr, entry.additional_data) == (
        administrator,
        "suivis",
        {"event": "export", "format": "xlsx", "rows": 1, "filters": "q = elan"},
    )


def test_export_of_appointments_writes_the_hour(administrator_client, social_worker, person):
    Appointment.objects.update(outcome=AppointmentOutcome.MISSED)
    text = export(administrator_client, Appointment, "csv").content.decode("utf-8-sig")
    assert text.splitlines()[1] == (
        f"Élan Zoé;{social_worker};{today() + DAY:%Y-%m-%d};14:30;entretien de suivi;la personne n’est pas venue"
    )


def test_export_holds_no_formula(administrator_client, social_worker):
    social_worker.first_name, social_worker.last_name = "=1+1", ""
    social_worker.save()
    make_follow_up(by=social_worker)
    text = export(administrator_client, FollowUp, "csv").content.decode()
    assert text.splitlines()[1].endswith(";'=1+1")


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("model", SUPPORT)
def test_export_queries(administrator_client, social_worker, django_assert_num_queries, model, count):
    for number in range(count):
        made(model, number, social_worker)
    with django_assert_num_queries(7 if model is Step else 8):  # Step has no filter by account
        export(administrator_client, model, "csv")


# Correcting and removing


def correct(client, row, **changes):
    address = url(type(row), "change", row.pk)
    return client.post(address, posted(client.get(address)) | changes)


def test_date_and_minutes_of_a_follow_up(administrator_client, administrator, person):
    follow_up = FollowUp.objects.get()
    assert (
        correct(administrator_client, follow_up, on=f"{today() - DAY:%Y-%m-%d}", minutes="45").status_code
        == 302
    )
    follow_up.refresh_from_db()
    assert (follow_up.on, follow_up.minutes, follow_up.version, follow_up.updated_by) == (
        today() - DAY,
        45,
        2,
        administrator,
    )
    assert follow_up.said == f"Dit {CANARY}"
    assert ConfidentialNote.objects.get().text == f"Note {CANARY}"
    assert set(follow_up.topics.values_list("theme", flat=True)) == {Theme.HEALTH, Theme.MOBILITY}


def test_follow_up_that_breaks_a_rule_comes_back_with_the_reason(administrator_client, person):
    follow_up = FollowUp.objects.get()
    response = correct(administrator_client, follow_up, on=f"{today() + DAY:%Y-%m-%d}", minutes="2000")
    assert response.context["adminform"].form.errors == {
        "on": [
            "Cette date n’est pas encore passée : un suivi raconte ce qui a eu lieu. Donnez un rendez-vous plutôt."
        ],
        "minutes": [
            "Une durée est en minutes : au plus 600, dix heures. Pour plusieurs jours, saisissez un suivi par jour."
        ],
    }
    assert told(response) == []


def test_opened_before_a_social_worker_saved(administrator_client, person):
    follow_up = FollowUp.objects.get()
    address = url(FollowUp, "change", follow_up.pk)
    data = posted(administrator_client.get(address)) | {"minutes": "45"}
    FollowUp.objects.update(version=2, minutes=60, said=f"Depuis {CANARY}")
    response = administrator_client.post(address, data)
    _first, second = response.context["adminform"].form.non_field_errors()
    assert second == "Durée (minutes) : « 60 » est enregistré, vous avez saisi « 45 »."
    assert told(response) == []


@pytest.mark.parametrize(
    ("model", "changes", "expected"),
    [
        (Appointment, {"outcome": "missed"}, {"outcome": AppointmentOutcome.MISSED}),
        (
            Step,
            {"status": "done", "closed_on": f"{today():%Y-%m-%d}", "minutes": "15"},
            {"status": StepStatus.DONE, "closed_on": today(), "minutes": 15},
        ),
        (BarrierAssessment, {"assessed_on": "2024-01-02"}, {"assessed_on": dt.date(2024, 1, 2)}),
        (CareerProject, {"decided_on": "2024-01-02"}, {"decided_on": dt.date(2024, 1, 2)}),
    ],
)
def test_other_dates_are_corrected(administrator_client, person, model, changes, expected):
    before = model.objects.values(*model.CONFIDENTIAL_FIELDS).get()
    response = correct(administrator_client, model.objects.get(), **changes)
    assert response.status_code == 302
    assert model.objects.values(*expected).get() == expected
    assert model.objects.values(*model.CONFIDENTIAL_FIELDS).get() == before


def test_content_and_person_are_not_changed_from_here(administrator_client, person):
    other = make_beneficiary()
    follow_up = FollowUp.objects.get()
    correct(administrator_client, follow_up, said="Autre", beneficiary=other.pk, minutes="31")
    follow_up.refresh_from_db()
    assert (follow_up.said, follow_up.beneficiary, follow_up.minutes) == (f"Dit {CANARY}", person, 31)


@pytest.mark.parametrize("model", [Document, Draft])
def test_some_rows_are_only_removed(administrator_client, person, model):
    assert administrator_client.post(url(model, "change", model.objects.get().pk), {}).status_code == 403


@pytest.mark.parametrize("together", [False, True])
def test_mistaken_document_goes_with_its_file(
    administrator_client, person, django_capture_on_commit_callbacks, together
):
    document = Document.objects.get()
    stored = document.file.name
    chosen = {"action": "delete_selected", "_selected_action": [document.pk]} if together else {}
    address = url(Document, "changelist") if together else url(Document, "delete", document.pk)
    with django_capture_on_commit_callbacks(execute=True):
        administrator_client.post(address, chosen | {"post": "yes"})
    assert Document.objects.count() == 0
    assert not default_storage.exists(stored)


@pytest.mark.parametrize("model", [FollowUp, Appointment, Step, BarrierAssessment, CareerProject, Draft])
def test_mistaken_row_is_removed(administrator_client, person, model):
    response = administrator_client.post(url(model, "delete", model.objects.get().pk), {"post": "yes"})
    assert response.status_code == 302
    assert model.objects.count() == 0


def test_person_is_removed_with_all_support(administrator_client, person, django_capture_on_commit_callbacks):
    stored = Document.objects.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        administrator_client.post(url(Beneficiary, "delete", person.pk), {"post": "yes"})
    assert [model.objects.count() for model in (Beneficiary, *SUPPORT, ConfidentialNote)] == [0] * 8
    assert not default_storage.exists(stored)
