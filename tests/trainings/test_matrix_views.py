"""The matrix, one person in it, and the training centre, as each role sees them."""

import datetime as dt
import io
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from openpyxl import load_workbook

from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.enums import AuditEvent, Role
from tests.beneficiaries.factories import DAY, make_running_contract, today
from tests.conftest import user_of
from tests.trainings.factories import attend, make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_worksite
from trainings.models import Enrolment, Programme

SICK = Part(TimeKind.UNPAID_ABSENCE, 210, AbsenceReason.HEALTH)


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


@pytest.fixture
def programme(db) -> Programme:
    return make_programme(420, 210, name="Espaces verts")


def learner(programme: Programme, *, days_left: int = 200, **fields) -> Enrolment:
    """Somebody under contract today, enrolled two months ago."""
    person = make_running_contract(days_left=days_left).beneficiary
    make_assignment(person)
    return make_enrolment(programme, person, enrolled_on=today() - 60 * DAY, **fields)


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def matrix_url(programme: Programme) -> str:
    return reverse("trainings:matrix", args=[programme.pk])


def sheet_of(response) -> list[list]:
    sheet = load_workbook(io.BytesIO(response.content)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


# The matrix


def test_matrix_says_hours_and_end_of_each(social, programme):
    enrolment = learner(programme)
    attend(make_session(programme, today() - 20 * DAY), enrolment)
    first, second = programme.modules.all()
    make_session(programme, today() + 10 * DAY, first)
    last = make_session(programme, today() + 20 * DAY, second)
    response = social.get(matrix_url(programme))
    [row] = response.context["matrix"].rows
    assert (row.done, row.planned, row.left) == (210, 420, 420)
    assert row.finish_on == last.day
    page = response.content.decode()
    assert "3\u00a0h\u00a030 / 7\u00a0h" in page
    assert "dans les temps" in page
    assert f"{last.day:%d/%m/%Y}" in page


def test_matrix_without_anybody_says_what_comes_next(social, programme):
    page = social.get(matrix_url(programme)).content.decode()
    assert "Personne ici avec ces filtres" in page
    page = social.get(matrix_url(programme), {"presence": ""}).content.decode()
    assert "Personne n’est encore inscrit" in page


def test_matrix_shows_present_people_first_and_others_on_demand(social, programme):
    here = learner(programme)
    gone = make_enrolment(programme)
    rows = social.get(matrix_url(programme)).context["matrix"].rows
    assert [row.enrolment for row in rows] == [here]
    rows = social.get(matrix_url(programme), {"presence": ""}).context["matrix"].rows
    assert {row.enrolment for row in rows} == {here, gone}


def test_matrix_filters_by_group(social, programme):
    morning = learner(programme, group="Matin")
    learner(programme, group="Soir")
    rows = social.get(matrix_url(programme), {"group": "Matin"}).context["matrix"].rows
    assert [row.enrolment for row in rows] == [morning]


def test_matrix_refuses_an_unknown_group_in_words(social, programme):
    learner(programme, group="Matin")
    url = matrix_url(programme)
    assert "Ce filtre n’est pas compris" in social.get(url, {"group": "Nuit"}).content.decode()
    export = social.get(reverse("trainings:matrix-export", args=[programme.pk, "xlsx"]), {"group": "Nuit"})
    assert said(export) == ["Ce filtre n’est pas compris : corrigez-le, puis exportez à nouveau."]


@pytest.mark.parametrize("rows", [1, 3])
def test_matrix_costs_the_same_whatever_the_number(social, django_assert_num_queries, programme, rows):
    first, second = programme.modules.all()
    for index in range(rows):
        enrolment = learner(programme, group="A")
        attend(make_session(programme, today() - (20 + index) * DAY, group="A"), enrolment)
        make_session(programme, today() + (10 + index) * DAY, second, group="A")
        make_session(programme, today() + (30 + index) * DAY, first, group="B")
    with django_assert_num_queries(19):
        social.get(matrix_url(programme))


# Its files


def test_export_holds_hours_as_numbers_and_is_logged(social, programme):
    enrolment = learner(programme, group="A")
    attend(make_session(programme, today() - 20 * DAY), enrolment)
    response = social.get(reverse("trainings:matrix-export", args=[programme.pk, "xlsx"]), {"group": "A"})
    table = sheet_of(response)
    headings = dict(row[:2] for row in table[:5])
    assert (headings["Tableau"], headings["Lignes"]) == ("Matrice : Espaces verts", "1")
    assert headings["Filtres"] == "Groupe : A"
    cells = dict(zip(table[6], table[7], strict=True))
    person = enrolment.beneficiary
    assert (cells["Nom"], cells["Prénom"], cells["Groupe"]) == (person.last_name, person.first_name, "A")
    assert (cells["Heures faites"], cells["Heures restantes"], cells["Heures prévues"]) == (3.5, 7, 0)
    assert (cells["Module 1 (7\u00a0h)"], cells["Module 2 (3\u00a0h\u00a030)"]) == (3.5, 0)
    assert cells["Finit le"] is None
    assert cells["État"] == "séances à prévoir"
    entry = LogEntry.objects.get(additional_data__event=AuditEvent.EXPORT)
    assert (entry.object_pk, entry.additional_data["rows"]) == (str(programme.pk), 1)


def test_export_as_csv_opens_in_a_french_spreadsheet(social, programme):
    enrolment = learner(programme)
    attend(make_session(programme, today() - 20 * DAY), enrolment)
    response = social.get(reverse("trainings:matrix-export", args=[programme.pk, "csv"]))
    last = response.content.decode("utf-8-sig").splitlines()[-1]
    assert last.split(";")[4:7] == ["3,5", "7", "0"]


def test_export_of_nobody_makes_no_file(social, programme):
    response = social.get(reverse("trainings:matrix-export", args=[programme.pk, "xlsx"]), {"presence": ""})
    assert response.url == f"{matrix_url(programme)}?presence="
    assert said(response) == [
        "Rien à exporter : personne ne correspond à ces filtres. Choisissez toutes les inscriptions."
    ]
    assert not LogEntry.objects.filter(additional_data__event=AuditEvent.EXPORT).exists()


def test_export_in_another_format_does_not_exist(social, programme):
    url = reverse("trainings:matrix-export", args=[programme.pk, "pdf"])
    assert social.get(url).status_code == HTTPStatus.NOT_FOUND


# One person


def test_enrolment_shows_absences_sessions_and_what_would_catch_up(social, programme):
    first, second = programme.modules.all()
    enrolment = learner(programme, days_left=30, group="A")
    attend(make_session(programme, today() - 20 * DAY, first), enrolment)
    attend(make_session(programme, today() - 13 * DAY, first), enrolment, SICK)
    make_session(programme, today() - 6 * DAY, first, group="A")
    make_session(programme, today() + 7 * DAY, first, group="A")
    other = make_session(programme, today() + 14 * DAY, second, group="B")
    response = social.get(enrolment.get_absolute_url())
    row = response.context["row"]
    assert [proposal.meeting.key for proposal in row.forecast.proposals] == [other.pk]
    assert row.forecast.to_plan == ()
    page = response.content.decode()
    assert "Groupe B : 3\u00a0h\u00a030 de «\u00a0Module 2\u00a0» sur 3\u00a0h\u00a030 qui manquent." in page
    assert "santé" in page
    assert "Présence à saisir" in page


def test_enrolment_without_any_session_says_how_many_half_days_to_plan(social, programme):
    enrolment = learner(programme)
    page = social.get(enrolment.get_absolute_url()).content.decode()
    assert "À prévoir : aucune séance d’un autre groupe ne convient" in page
    assert "Module 1 : 2 demi-journées (7\u00a0h)" in page
    assert "Aucune présence saisie" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_enrolment_costs_the_same_whatever_the_number(social, django_assert_num_queries, programme, rows):
    first, second = programme.modules.all()
    enrolment = learner(programme, group="A")
    for index in range(rows):
        attend(make_session(programme, today() - (20 + index) * DAY, group="A"), enrolment, SICK)
        make_session(programme, today() - (10 + index) * DAY, second, group="A")
        make_session(programme, today() + (10 + index) * DAY, second, group="A")
        make_session(programme, today() + (30 + index) * DAY, first, group="B")
    with django_assert_num_queries(21):
        social.get(enrolment.get_absolute_url())


# Rights


def test_instructor_sees_only_people_of_own_worksites(clients, instructor, programme):
    own, other = learner(programme), learner(programme)
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    own.beneficiary.assignments.update(worksite=worksite)
    client = clients[Role.INSTRUCTOR]
    assert [row.enrolment for row in client.get(matrix_url(programme)).context["matrix"].rows] == [own]
    assert client.get(own.get_absolute_url()).status_code == HTTPStatus.OK
    assert client.get(other.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND
    table = sheet_of(client.get(reverse("trainings:matrix-export", args=[programme.pk, "xlsx"])))
    assert [row[0] for row in table[7:]] == [own.beneficiary.last_name]


def test_unknown_programme_and_enrolment_do_not_exist(social, db):
    for name in ("trainings:matrix", "trainings:enrolment-detail"):
        assert social.get(reverse(name, args=[999999])).status_code == HTTPStatus.NOT_FOUND


# The training centre

CENTRE = "trainings:centre"


def test_centre_counts_only_own_people_for_an_instructor(clients, instructor, programme):
    session = make_session(programme, today() - 20 * DAY)
    own, other = learner(programme), learner(programme)
    for enrolment in (own, other):
        attend(session, enrolment)
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    own.beneficiary.assignments.update(worksite=worksite)
    url = f"{reverse(CENTRE)}?annee={session.day.year}"
    [row] = clients[Role.INSTRUCTOR].get(url).context["centre"].rows
    assert (row.people, row.followed, row.sessions) == (1, 210, 1)
    [row] = clients[Role.SUPERVISOR].get(url).context["centre"].rows
    assert (row.people, row.followed, row.sessions) == (2, 420, 1)
    assert "seules les personnes de vos chantiers" in clients[Role.INSTRUCTOR].get(url).content.decode()


@pytest.mark.parametrize("year", ["hier", "1999", "20260", "²⁰²⁶", "-2026"])
def test_centre_of_no_year_does_not_exist(social, year):
    assert social.get(reverse(CENTRE), {"annee": year}).status_code == HTTPStatus.NOT_FOUND


def test_centre_of_an_empty_year_says_so(social):
    assert (
        "Aucune formation cette année-là" in social.get(reverse(CENTRE), {"annee": "2001"}).content.decode()
    )
    export = social.get(reverse("trainings:centre-export", args=["xlsx"]), {"annee": "2001"})
    assert said(export) == ["Rien à exporter : aucune formation en 2001. Choisissez une autre année."]


def test_centre_export_is_the_table_of_the_report_and_is_logged(social):
    programme = make_programme(name="Espaces verts", goals="Tailler une haie")
    attend(make_session(programme), make_enrolment(programme))
    table = sheet_of(social.get(reverse("trainings:centre-export", args=["xlsx"]), {"annee": "2024"}))
    cells = dict(zip(table[6], table[7], strict=True))
    days = (cells.pop("Premier jour").date(), cells.pop("Dernier jour").date())
    assert days == (dt.date(2024, 3, 4), dt.date(2024, 3, 4))
    assert cells == {
        "Action": "Espaces verts",
        "Nature": "métier",
        "Objectifs": "Tailler une haie",
        "Jours": 1,
        "Séances": 1,
        "Heures de séance": 3.5,
        "Personnes": 1,
        "Heures suivies (toutes personnes)": 3.5,
        "Heures d’absence": 0,
        "Formations terminées": 1,
        "dont complètes": 0,
        "Séances à remplir": 0,
    }
    entry = LogEntry.objects.get(additional_data__event=AuditEvent.EXPORT)
    assert (entry.additional_data["rows"], entry.additional_data["filters"]) == (1, "Année : 2024")


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.INSTRUCTOR])
def test_centre_costs_the_same_whatever_the_number(clients, django_assert_num_queries, role, rows):
    worksite = make_worksite()
    worksite.instructors.add(user_of(Role.INSTRUCTOR))
    for index in range(rows):
        programme = make_programme()
        for place in range(rows):
            enrolment = learner(programme)
            enrolment.beneficiary.assignments.update(worksite=worksite)
            start = dt.time(8, 10 * place)
            attend(make_session(programme, today() - (20 + index) * DAY, start=start), enrolment)
        make_session(programme, today() - 3 * DAY, group="")
    year = (today() - 20 * DAY).year
    with django_assert_num_queries(18):
        clients[role].get(reverse(CENTRE), {"annee": year})
