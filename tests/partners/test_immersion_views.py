"""Immersions on the screen: who sees which, the limits while typing, days, outcome and renewal, files, a person's page, the home."""

import datetime as dt
import io
from http import HTTPStatus

import pytest
import time_machine
from auditlog.models import LogEntry
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from beneficiaries.models import TimeEntry
from beneficiaries.time_actions import close_month
from beneficiaries.time_enums import TimeKind
from confluences.enums import AuditEvent, Role
from confluences.home_support import Agenda, WorkerHome
from partners.enums import ImmersionOutcome, ImmersionPurpose
from partners.immersion_reports import year_figures
from partners.models import Immersion
from tests.beneficiaries.factories import (
    DAY,
    make_beneficiary,
    make_contract,
    make_running_contract,
    make_time,
    today,
)
from tests.conftest import signed_in_client
from tests.partners.factories import make_immersion, make_partner

pytestmark = pytest.mark.django_db

D = dt.date
MONDAY = D(2024, 3, 4)
LIST = "partners:immersion-list"
READERS = {Role.SOCIAL_WORKER, Role.SUPERVISOR}


@pytest.fixture
def person(db):
    return make_contract(weekly_minutes=35 * 60).beneficiary


@pytest.fixture
def host(db):
    return make_partner(name="Régie de quartier", city="Fresnes")


@pytest.fixture
def immersion(person, host):
    return make_immersion(person, host, tasks="Tailler les haies.", tutor="Dominique Exemple")


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


def at(name: str, *args) -> str:
    return reverse(f"partners:immersion-{name}", args=args)


def typed(host, **fields) -> dict:
    return {
        "host": host.pk,
        "purpose": "discover",
        "job": "Jardinier",
        "start": "2024-03-04",
        "end": "2024-03-08",
        "day_minutes": "7",
    } | fields


# Rights


@pytest.mark.parametrize("name", ["detail", "days", "agreement", "edit", "outcome"])
def test_who_opens_an_immersion(clients, immersion, name):
    opened = {
        role for role, client in clients.items() if client.get(at(name, immersion.pk)).status_code == 200
    }
    assert opened == ({Role.SOCIAL_WORKER} if name in {"edit", "outcome"} else READERS)


def test_one_that_does_not_exist(social):
    assert {social.get(at(name, 999)).status_code for name in ("detail", "days", "edit", "create")} == {404}


# The form and its limits


def test_an_immersion_is_prepared(social, person, host):
    page = social.get(f"{at('create', person.pk)}?partner={host.pk}").content.decode()
    assert f'<option value="{host.pk}" selected>' in page
    response = social.post(at("create", person.pk), typed(host, tasks="Tailler\x07 les haies."))
    saved = Immersion.objects.get()
    assert response.url == saved.get_absolute_url()
    assert (saved.beneficiary, saved.day_minutes, saved.tasks) == (person, 420, "Tailler les haies.")


def test_what_the_law_refuses_comes_back_filled_with_its_reason(social, person, host):
    response = social.post(at("create", person.pk), typed(host, end="2024-04-30"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "une convention dure un mois au plus, ici jusqu’au 03/04/2024" in page
    assert "décret n° 2014-1360" in page
    assert 'value="2024-04-30"' in page
    assert not Immersion.objects.exists()


def test_limits_are_shown_while_typing(social, person, host):
    check = at("check", person.pk)
    page = social.get(
        check, {"host": host.pk, "purpose": "discover", "start": "2024-03-04", "end": "2024-03-08"}
    )
    assert page.content.decode().count("respecté") == 7
    page = social.get(check, {"start": "2025-03-03", "end": "2025-03-07"}).content.decode()
    assert "pas de contrat le 03/03/2025" in page
    assert "L5135-1" in page
    page = social.get(check, {"start": "2024-03-08", "end": "2024-03-04"}).content.decode()
    assert "se termine avant de commencer" in page
    assert "dès que les deux dates sont là" in social.get(check, {"start": "2024-03-04"}).content.decode()


def test_an_immersion_being_edited_does_not_count_against_itself(social, immersion, person, host):
    data = {"host": host.pk, "purpose": "discover", "start": "2024-03-04", "end": "2024-03-15"}
    check = at("check", person.pk)
    assert "dépassé" in social.get(check, data).content.decode()
    assert "dépassé" not in social.get(check, data | {"immersion": immersion.pk}).content.decode()


def test_the_whole_national_directory_is_not_a_list_of_hosts(social, person, host):
    make_partner(name="Inconnue", source="dora", source_id="1")
    page = social.get(at("create", person.pk)).content.decode()
    assert "Régie de quartier" in page
    assert "Inconnue" not in page


# Outcome and renewal


def test_a_missed_goal_offers_to_renew(social, immersion, person):
    url = at("outcome", immersion.pk)
    response = social.post(
        url,
        {"outcome": "missed", "end": "2024-03-08", "outcome_text": "Encore trop tôt.", "opened_version": 1},
    )
    page = social.get(response.url).content.decode()
    renew = f"{at('create', person.pk)}?renouvelle={immersion.pk}"
    assert renew in page
    form = social.get(renew).content.decode()
    assert 'value="2024-03-09"' in form
    data = typed(immersion.host, start="2024-03-11", end="2024-03-15")
    assert social.post(renew, data).status_code == HTTPStatus.FOUND
    assert Immersion.objects.get(renews=immersion).start == D(2024, 3, 11)
    assert renew not in social.get(response.url).content.decode()


def test_an_outcome_is_chosen_and_waits_for_the_start(social, immersion):
    url = at("outcome", immersion.pk)
    assert social.post(url, {"end": "2024-03-08", "opened_version": 1}).status_code == 422
    with time_machine.travel(D(2024, 3, 1)):
        client = signed_in_client(social.get("/").wsgi_request.user)
        data = {"outcome": "reached", "end": "2024-03-08", "opened_version": 1}
        assert "n’a pas commencé" in client.post(url, data).content.decode()


# Days


def day_fields(response) -> dict:
    form = response.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_days_are_proposed_and_recorded(social, immersion, person):
    url = at("days", immersion.pk)
    fields = day_fields(social.get(url))
    assert fields["heures-2024-03-04"] == "7"
    assert len(fields) == 10
    data = {name: "" if name.startswith("vu") else "7" for name in fields} | {"heures-2024-03-06": ""}
    response = social.post(url, data)
    assert response.url == immersion.get_absolute_url()
    assert TimeEntry.objects.filter(kind=TimeKind.IMMERSION).count() == 4
    assert "28\u00a0h sur 35\u00a0h prévues" in social.get(response.url).content.decode()


def test_other_entries_of_a_day_are_shown_and_replaced(social, immersion, person):
    make_time(person, MONDAY, 420)
    response = social.get(at("days", immersion.pk))
    page, fields = response.content.decode(), day_fields(response)
    assert "travail 7\u00a0h" in page
    assert "prendront la place de ce travail" in page
    assert (fields["heures-2024-03-04"], fields["vu-2024-03-04"]) == ("", "7")
    data = {"heures-2024-03-04": "7", "vu-2024-03-04": "7"}
    social.post(at("days", immersion.pk), data)
    assert [entry.kind for entry in TimeEntry.objects.all()] == [TimeKind.IMMERSION]


def test_a_day_changed_meanwhile_is_told(social, immersion, person):
    make_time(person, MONDAY, 420)
    response = social.post(at("days", immersion.pk), {"heures-2024-03-04": "7", "vu-2024-03-04": ""})
    assert response.status_code == 422
    assert "quelqu’un vient d’enregistrer autre chose" in response.content.decode()
    response = social.post(at("days", immersion.pk), {"heures-2024-03-04": "7", "vu-2024-03-04": "zzz"})
    assert "n’est plus à jour" in response.content.decode()
    response = social.post(at("days", immersion.pk), {"heures-2024-03-04": "beaucoup", "vu-2024-03-04": "7"})
    assert "Écrivez des heures et des minutes" in response.content.decode()


def test_a_closed_month_says_so_and_cannot_be_typed(social, immersion, supervisor):
    close_month(D(2024, 3, 1), D(2024, 3, 31), by=supervisor, today=D(2024, 4, 2))
    response = social.get(at("days", immersion.pk))
    assert day_fields(response) == {}
    assert "Le mois du 4 mars 2024 est clos : la direction peut le rouvrir." in response.content.decode()


def test_days_to_come_are_not_recorded(social):
    contract = make_running_contract()
    running = make_immersion(contract.beneficiary, start=today(), end=today() + 20 * DAY)
    response = social.get(at("days", running.pk))
    assert all(row.day <= today() for row in response.context["form"].rows)


@pytest.mark.parametrize("rows", [1, 3])
def test_days_cost_the_same_whatever_the_number(social, person, django_assert_num_queries, rows):
    immersion = make_immersion(person, start=MONDAY, end=MONDAY + (rows - 1) * DAY)
    for number in range(rows):
        make_time(person, MONDAY + number * DAY)
    social.get(at("days", immersion.pk))
    with django_assert_num_queries(11):
        social.get(at("days", immersion.pk))


# The list and its files


def test_the_list_filters(social, immersion, host):
    zoe = make_beneficiary(first_name="Zoé", last_name="Exemple Quetsche")
    other = make_immersion(zoe, purpose=ImmersionPurpose.RECRUIT, outcome="reached")
    running = make_immersion(make_running_contract().beneficiary, start=today(), end=today() + DAY)
    coming = make_immersion(make_running_contract().beneficiary, start=today() + DAY, end=today() + DAY)

    def found(**query) -> set[Immersion]:
        return {row.immersion for row in social.get(reverse(LIST), query).context["rows"]}

    assert found() == {immersion, other, running, coming}
    assert found(q="quetsche zoe") == {other}
    assert found(host=host.pk) == {immersion}
    assert found(purpose="recruit") == {other}
    assert found(year="2024") == {immersion, other}
    assert found(state="a-venir") == {coming}
    assert found(state="en-cours") == {running}
    assert found(state="bilan-a-faire") == {immersion}
    assert found(state="bilan-fait") == {other}
    assert found(state="zzz") == set()


def test_the_files_hold_what_the_list_shows_and_are_logged(social, immersion, person):
    make_time(person, MONDAY, 450, kind=TimeKind.IMMERSION)
    answer = social.get(at("export", "xlsx"), {"state": "bilan-a-faire"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    heads, values = [list(row) for row in sheet.iter_rows(min_row=7, values_only=True)]
    line = dict(zip(heads, values, strict=True))
    assert (line["Structure d’accueil"], line["Heures pointées"]) == ("Régie de quartier", 7.5)
    entry = LogEntry.objects.filter(additional_data__event=AuditEvent.EXPORT).get()
    assert entry.additional_data["filters"] == "Situation : bilan à faire"
    assert social.get(at("export", "csv"), {"q": "personne"}).status_code == HTTPStatus.FOUND
    assert social.get(at("export", "csv"), {"state": "zzz"}).url == reverse(LIST)
    assert social.get(at("export", "pdf")).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_the_number(social, django_assert_num_queries, rows):
    for _each in range(rows):
        make_immersion(make_contract().beneficiary)
    social.get(reverse(LIST))
    with django_assert_num_queries(13):
        social.get(reverse(LIST))


def test_figures_of_a_year(social_worker, instructor, person, host):
    """Two immersions of one person and one of another; those of other years count elsewhere."""
    make_immersion(person, host, outcome=ImmersionOutcome.REACHED)
    make_immersion(person, host, start=D(2024, 12, 30), end=D(2025, 1, 3), purpose=ImmersionPurpose.CONFIRM)
    make_immersion(make_contract().beneficiary, outcome=ImmersionOutcome.MISSED)
    make_immersion(person, start=D(2023, 3, 6), end=D(2023, 3, 10))
    make_time(person, MONDAY, 420, kind=TimeKind.IMMERSION)
    make_time(person, MONDAY + DAY, 180, kind=TimeKind.IMMERSION)
    make_time(person, D(2024, 6, 3), 420, kind=TimeKind.IMMERSION)
    figures = year_figures(social_worker, 2024)
    assert (figures.count, figures.people, figures.hosts) == (3, 2, 2)
    assert (figures.agreed_days, figures.recorded_days, figures.recorded_minutes) == (15, 2, 600)
    assert [count for _label, count in figures.purposes] == [2, 1, 0]
    assert [count for _label, count in figures.outcomes] == [1, 1, 0, 1]
    assert year_figures(instructor, 2024).count == 0
    assert year_figures(social_worker, 1999).agreed_days == 0


# The agreement


def test_the_agreement_holds_the_parties_and_is_logged(social, immersion, person):
    answer = social.get(at("agreement", immersion.pk))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for words in (
        str(person),
        "Régie de quartier",
        "Dominique Exemple",
        "Tailler les haies.",
        "35 h en 5 jours",
        "Cerfa 13912",
        "Document de travail",
        "Signatures",
    ):
        assert words in text.replace("\u00a0", " ")
    assert LogEntry.objects.filter(additional_data__event=AuditEvent.PRINT).count() == 1


# A person's page, the home page


def test_a_persons_page_shows_immersions_to_those_who_read_them(clients, immersion, person):
    pages = {role: client.get(person.get_absolute_url()) for role, client in clients.items()}
    shown = {
        role
        for role, page in pages.items()
        if page.status_code == 200 and "Régie de quartier" in page.content.decode()
    }
    assert shown == READERS
    assert "immersion : Jardinier, Régie de quartier" in pages[Role.SOCIAL_WORKER].content.decode()


def test_days_recorded_outside_any_immersion_stay_on_the_journey(social, immersion, person):
    make_time(person, MONDAY, kind=TimeKind.IMMERSION)
    make_time(person, D(2024, 6, 3), kind=TimeKind.IMMERSION)
    page = social.get(person.get_absolute_url()).content.decode()
    assert page.count("<title>immersion") == 2


def test_an_outcome_to_write_and_an_end_near_are_on_the_home_page(social_worker):
    person = make_running_contract().beneficiary
    make_immersion(person, start=today() - 9 * DAY, end=today() - DAY)
    make_immersion(person, start=today(), end=today() + 7 * DAY)
    make_immersion(person, start=today() + 8 * DAY, end=today() + 8 * DAY)
    make_immersion(person, start=today() - 20 * DAY, end=today() - 20 * DAY, outcome=ImmersionOutcome.REACHED)
    worker = WorkerHome(social_worker, today())
    assert [line.what for line in worker.late if line.immersion] == [
        f"immersion chez {line.immersion.host} : son bilan reste à faire"
        for line in worker.late
        if line.immersion
    ]
    assert [len([line for line in lines if line.immersion]) for lines in (worker.late, worker.week)] == [1, 1]
    assert "1 bilan d’immersion à faire" in worker.sentence
    assert Agenda(social_worker, today()).late_count() == len(worker.late)
    assert "son bilan reste à faire" in signed_in_client(social_worker).get("/").content.decode()
