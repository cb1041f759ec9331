"""Client jobs on the screen: who sees which, the filters, the file, progress in place."""

import io
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.context_processors import PermWrapper
from django.template.loader import render_to_string
from django.urls import reverse
from openpyxl import load_workbook

from confluences.enums import Role
from confluences.models import Draft
from tests.beneficiaries.factories import DAY, make_running_contract, today
from tests.worksites.factories import make_assignment, make_job, make_work, make_worksite
from worksites.load_reports import worksite_jobs
from worksites.models import JobOrder

LIST = "worksites:job-list"
HTMX = {"hx-request": "true"}


@pytest.fixture
def own(instructor):
    worksite = make_worksite(name="Fresnes")
    worksite.instructors.add(instructor)
    return worksite


@pytest.fixture
def instructing(clients):
    return clients[Role.INSTRUCTOR]


def titles(response) -> list[str]:
    return [row.job.title for row in response.context["rows"]]


def typed(**fields) -> dict:
    return {"title": "Haies", "new_client": "Ville", "quoted_minutes": "230", "start": "2024-03-01"} | fields


# Rights


def test_each_role_sees_its_own_jobs(clients, own):
    make_job(own, title="À nous")
    make_job(title="Ailleurs")
    seen = {role: sorted(titles(client.get(reverse(LIST)))) for role, client in clients.items()}
    assert seen == {role: ["À nous"] if role == Role.INSTRUCTOR else ["Ailleurs", "À nous"] for role in Role}


@pytest.mark.parametrize("name", ["job-detail", "job-edit", "job-progress"])
def test_another_worksite_s_job_does_not_exist_for_an_instructor(instructing, own, name):
    other = make_job(hourly_cost="14.20")
    url = reverse(f"worksites:{name}", args=[other.pk])
    data = typed(progress="50", opened_version=1)
    assert instructing.get(url).status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
    for headers in ({}, HTMX):
        assert instructing.post(url, data, headers=headers).status_code == HTTPStatus.NOT_FOUND
    assert JobOrder.objects.get().version == 1


def test_an_instructor_creates_no_job_elsewhere(instructing, own):
    url = reverse("worksites:job-create", args=[make_worksite().pk])
    assert instructing.get(url).status_code == HTTPStatus.NOT_FOUND
    assert instructing.post(url, typed()).status_code == HTTPStatus.NOT_FOUND
    assert not JobOrder.objects.exists()


def test_another_worksite_is_no_filter_of_an_instructor(instructing, own):
    make_job(own)
    response = instructing.get(reverse(LIST), {"worksite": make_worksite(name="Ailleurs").pk})
    assert titles(response) == []
    assert "Ailleurs" not in response.content.decode()


@pytest.mark.parametrize(
    ("role", "writes"), [(Role.SOCIAL_WORKER, False), (Role.SUPERVISOR, True), (Role.ADMINISTRATOR, True)]
)
def test_social_workers_read_and_the_others_write(clients, own, role, writes):
    job = make_job(own)
    client = clients[role]
    page = client.get(job.get_absolute_url()).content.decode()
    edit = reverse("worksites:job-edit", args=[job.pk])
    assert (edit in page) == writes
    assert (client.get(edit).status_code == HTTPStatus.OK) == writes
    answer = client.post(
        reverse("worksites:job-progress", args=[job.pk]), {"progress": "50", "opened_version": 1}
    )
    assert answer.status_code == (HTTPStatus.FOUND if writes else HTTPStatus.NOT_FOUND)


# List


def test_the_list_begins_with_open_jobs(instructing, own):
    make_job(own, title="En cours")
    make_job(own, title="Finie", finished_on=today())
    assert titles(instructing.get(reverse(LIST))) == ["En cours"]
    assert titles(instructing.get(reverse(LIST), {"state": "terminees"})) == ["Finie"]
    assert titles(instructing.get(reverse(LIST), {"state": ""})) == ["En cours", "Finie"]


def test_jobs_of_one_worksite(clients, own):
    make_job(own, title="À Fresnes")
    other = make_worksite(name="Orly")
    make_job(other, title="À Orly")
    response = clients[Role.SUPERVISOR].get(reverse(LIST), {"worksite": other.pk})
    assert titles(response) == ["À Orly"]
    assert [load.worksite for load in response.context["loads"]] == [other]


def test_a_filter_that_nobody_offers_is_said(instructing, own):
    make_job(own)
    page = instructing.get(reverse(LIST), {"state": "rêvées"}).content.decode()
    assert "Commandes : Sélectionnez un choix valide" in page


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.SOCIAL_WORKER, "Les encadrants et la direction créent les commandes"),
        (Role.INSTRUCTOR, "Créez-en une depuis un chantier"),
    ],
)
def test_an_empty_list_says_what_to_do(clients, own, role, words):
    assert words in clients[role].get(reverse(LIST)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_whatever_the_number(instructing, own, django_assert_num_queries, count):
    for _number in range(count):
        person = make_running_contract().beneficiary
        make_assignment(person, own)
        make_work(make_job(own), today() - DAY, 420, person)
    with django_assert_num_queries(16):
        assert len(titles(instructing.get(reverse(LIST)))) == count


def test_pages_of_a_long_list(instructing, own):
    for number in range(21):
        make_job(own, title=f"Travaux {number:02d}")
    response = instructing.get(reverse(LIST), {"page": 2})
    assert titles(response) == ["Travaux 20"]


# File


def test_export_holds_the_rows_of_the_filters_and_is_logged(instructing, own):
    make_job(own, title="=Haies")
    make_job(own, title="Finie", finished_on=today())
    make_job(title="Ailleurs")
    url = reverse("worksites:job-export", args=["xlsx"])
    response = instructing.get(url, {"worksite": own.pk})
    cells = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(response.content)).active.rows]
    assert cells[3][:2] == ["Filtres", "Commandes : en cours ; Chantier : Fresnes"]
    assert [row[:2] for row in cells[6:]] == [["Chantier", "Travaux"], ["Fresnes", "'=Haies"]]
    entry = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    assert entry.additional_data == {
        "event": "export",
        "format": "xlsx",
        "rows": 1,
        "filters": "Commandes : en cours ; Chantier : Fresnes",
    }


def test_csv_reads_in_french(instructing, own):
    make_job(own, title="Haies", quoted_amount="4250.50")
    text = instructing.get(reverse("worksites:job-export", args=["csv"])).content.decode("utf-8-sig")
    assert "Fresnes;Haies;Mairie d’Exemple;;01/01/2024;;;100;0;100;0;;;;4250,5;;pas encore commencée" in text


def test_nothing_to_export_and_unknown_formats(instructing, own):
    response = instructing.get(
        reverse("worksites:job-export", args=["csv"]), {"state": "terminees"}, follow=True
    )
    assert "Rien à exporter" in response.content.decode()
    response = instructing.get(reverse("worksites:job-export", args=["csv"]), {"state": "x"}, follow=True)
    assert "Ce filtre n’est pas compris" in response.content.decode()
    assert instructing.get(reverse("worksites:job-export", args=["pdf"])).status_code == HTTPStatus.NOT_FOUND
    assert not LogEntry.objects.filter(action=LogEntry.Action.ACCESS).exists()


# A job


def test_a_job_is_created_from_its_worksite_and_edited(instructing, own):
    url = reverse("worksites:job-create", args=[own.pk])
    assert f'value="{today():%Y-%m-%d}"' in instructing.get(url).content.decode()
    refused = instructing.post(url, typed(quoted_minutes="beaucoup"))
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "beaucoup" in refused.content.decode()
    response = instructing.post(url, typed())
    job = JobOrder.objects.get()
    assert (response.url, job.worksite, job.quoted_minutes) == (job.get_absolute_url(), own, 13_800)
    edit = reverse("worksites:job-edit", args=[job.pk])
    assert 'value="230"' in instructing.get(edit).content.decode()
    instructing.post(edit, typed(quoted_minutes="1200", opened_version=1))
    job.refresh_from_db()
    assert job.quoted_minutes == 72_000


def test_what_is_typed_comes_back_as_a_draft(instructing, own):
    url = reverse("worksites:job-create", args=[own.pk])
    page = instructing.get(url).content.decode()
    assert "data-draft" in page
    instructing.post(reverse("draft-save"), typed(title="Brouillon de haies") | {"page": url})
    assert Draft.objects.exists() == ("Brouillon de haies" in instructing.get(url).content.decode())


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_whatever_the_hours(instructing, own, django_assert_num_queries, count):
    job = make_job(own, hourly_cost="14.20", quoted_amount="4250.50")
    for _number in range(count):
        person = make_running_contract().beneficiary
        make_assignment(person, own)
        make_work(job, today() - DAY, 420, person)
    with django_assert_num_queries(9):
        page = instructing.get(job.get_absolute_url()).content.decode()
    assert "4\u202f250,50\u00a0€" in page
    # Hours are the team's: no page of a job names who did them.
    assert str(person) not in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Le coût d’une heure n’est pas renseigné"),
        ({"hourly_cost": "14.20"}, "Coût final, si le devis tient"),
        ({"hourly_cost": "60", "quoted_amount": "100"}, "à perte"),
        ({"finished_on": today()}, "Terminée le"),
        ({"deadline": today() - DAY}, "passé hier"),
        ({"notes": "<b>Camion</b>"}, "&lt;b&gt;Camion&lt;/b&gt;"),
    ],
)
def test_a_page_says_what_is_known(instructing, own, fields, words):
    assert words in instructing.get(make_job(own, **fields).get_absolute_url()).content.decode()


def progress(client, job, value, version=1, **headers):
    url = reverse("worksites:job-progress", args=[job.pk])
    return client.post(url, {"progress": value, "opened_version": version}, headers=headers)


def test_progress_is_written_with_or_without_htmx(instructing, own):
    job = make_job(own)
    assert progress(instructing, job, "40").url == job.get_absolute_url()
    fragment = progress(instructing, job, "50", version=2, **HTMX)
    assert fragment.content.decode().lstrip().startswith('<div id="avancement"')
    assert 'name="opened_version" value="3"' in fragment.content.decode()
    job.refresh_from_db()
    assert job.progress == 50


def test_a_refused_progress_shows_the_whole_page_without_htmx(instructing, own):
    response = progress(instructing, make_job(own, progress=10), "140")
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = response.content.decode()
    assert "L’avancement va de 0 à 100 %." in page
    assert 'value="140"' in page
    assert "Heures faites" in page


def test_progress_is_never_overwritten_in_silence(instructing, own, supervisor):
    job = make_job(own)
    progress(instructing, job, "40")
    response = progress(instructing, job, "70", **HTMX)
    assert response.status_code == HTTPStatus.CONFLICT
    assert "a modifié cette fiche" in response.content.decode()
    job.refresh_from_db()
    assert job.progress == 40


def test_progress_is_not_read_by_get(instructing, own):
    url = reverse("worksites:job-progress", args=[make_job(own).pk])
    assert instructing.get(url).status_code == HTTPStatus.METHOD_NOT_ALLOWED


# The panel of a worksite's page


def panel(user, worksite) -> str:
    context = {"jobs": worksite_jobs(worksite, today()), "perms": PermWrapper(user)}
    return render_to_string("worksites/jobs_panel.html", context)


def test_panel_shows_open_jobs_their_picture_and_the_load(own, instructor):
    job = make_job(own, title="Haies", deadline=today() - DAY * 7)
    text = panel(instructor, own)
    assert f'href="{job.get_absolute_url()}"' in text
    assert "de retard" in text
    assert "chart-gantt" in text
    assert "il manque 100\u00a0h" in text
    assert reverse("worksites:job-create", args=[own.pk]) in text


def test_empty_panel_says_what_to_do(own, instructor, social_worker):
    assert "Nouvelle commande" in panel(instructor, own)
    assert "Les encadrants et la direction créent les commandes." in panel(social_worker, own)
    assert "Ni commande en cours, ni personne sous contrat" in panel(instructor, own)


def test_a_closed_worksite_has_no_load_in_the_list(clients):
    make_worksite(closed_on=today() - DAY)
    still_open = make_worksite()
    response = clients[Role.SUPERVISOR].get(reverse(LIST))
    assert [load.worksite for load in response.context["loads"]] == [still_open]
