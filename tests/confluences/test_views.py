"""The pages that join the apps: the list of people and its spreadsheet, a person's page, the audit log."""

import datetime as dt
import io
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from openpyxl import load_workbook

from beneficiaries.time_enums import AbsenceReason, TimeKind
from confluences.actions import save_recorded
from confluences.enums import AuditEvent, Role
from confluences.formats import french_date
from outcomes.models import Exit
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_barrier,
    make_beneficiary,
    make_contract,
    make_document,
    make_follow_up,
    make_pass,
    make_project,
    make_running_contract,
    make_situation,
    make_step,
    make_time,
    today,
)
from tests.conftest import user_of
from tests.partners.factories import make_immersion, make_partner, make_referral
from tests.trainings.factories import attend, make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_worksite


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# The list


def rows_of(response) -> list[str]:
    return [str(row) for row in response.context["page"]]


@pytest.fixture
def people(db):
    """One person per state, with the worksite of the first."""
    names = ("Arrive", "Encontrat", "Parti", "Sans")
    arrives, works, left, _without = (
        make_beneficiary(last_name=name, first_name="Camille") for name in names
    )
    make_contract(arrives, start=today() + 10 * DAY, end=today() + 200 * DAY)
    make_running_contract(works, days_left=89)
    make_contract(left)
    make_assignment(works, make_worksite(name="Fresnes"))
    return names


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Arrive Camille", "Encontrat Camille", "Parti Camille", "Sans Camille"]),
        ("q=camille+ENCONTR%C3%81T", ["Encontrat Camille"]),
        ("presence=upcoming", ["Arrive Camille"]),
        ("presence=present", ["Encontrat Camille"]),
        ("presence=left", ["Parti Camille"]),
        ("presence=no_contract", ["Sans Camille"]),
        ("ending=on", ["Encontrat Camille"]),
        ("ending=on&presence=left", []),
        ("page=99", ["Arrive Camille", "Encontrat Camille", "Parti Camille", "Sans Camille"]),
    ],
)
def test_list_finds(social, people, query, found):
    response = social.get(f"{reverse('beneficiary-list')}?{query}")
    assert rows_of(response) == found


def test_list_filters_by_worksite(social, people):
    worksite = make_assignment().worksite
    other = make_worksite()
    url = reverse("beneficiary-list")
    assert len(rows_of(social.get(url, {"worksite": worksite.pk}))) == 1
    assert rows_of(social.get(url, {"worksite": other.pk})) == []


def test_list_filters_by_referent(social, social_worker):
    followed = make_beneficiary(referent=social_worker)
    alone = make_beneficiary()
    url = reverse("beneficiary-list")
    assert rows_of(social.get(url, {"referent": social_worker.pk})) == [str(followed)]
    assert rows_of(social.get(url, {"referent": "aucun"})) == [str(alone)]


def test_filter_by_referent_is_said_in_words(social, social_worker):
    make_beneficiary(referent=social_worker)
    for chosen, words in ((social_worker.pk, str(social_worker)), ("aucun", "personne pour l’instant")):
        filters = social.get(reverse("beneficiary-list"), {"referent": chosen}).context["filter"]
        assert filters.in_words == f"Suivi par : {words}"


def test_list_of_a_text_that_says_nothing_is_empty(social, people):
    assert rows_of(social.get(reverse("beneficiary-list"), {"q": "???"})) == []


@pytest.mark.parametrize("query", ["q=" + "a" * 101, "presence=ailleurs", "worksite=abc", "worksite=999999"])
def test_wrong_filter_says_so_and_exports_nothing(social, people, query):
    response = social.get(f"{reverse('beneficiary-list')}?{query}")
    assert rows_of(response) == []
    assert 'class="alert-box alert-late" role="alert"' in response.content.decode()
    export = social.get(f"{reverse('beneficiary-export', args=['xlsx'])}?{query}")
    assert said(export) == ["Ce filtre n’est pas compris : corrigez-le, puis exportez à nouveau."]


def test_list_refreshes_alone_for_htmx(social, people):
    url = reverse("beneficiary-list")
    fragment = social.get(url, {"q": "parti"}, headers={"hx-request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<section id="resultats"')
    assert "Parti Camille" in fragment
    restored = social.get(
        url, headers={"hx-request": "true", "hx-history-restore-request": "true"}
    ).content.decode()
    assert restored.startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.SOCIAL_WORKER, "Ouvrir un dossier"),
        (Role.INSTRUCTOR, "Personne sur vos chantiers aujourd’hui"),
        (Role.SUPERVISOR, "Les travailleurs sociaux ouvrent les dossiers"),
    ],
)
def test_empty_list_says_what_to_do(clients, role, words):
    assert words in clients[role].get(reverse("beneficiary-list")).content.decode()


def test_no_match_says_what_to_do(social, people):
    assert "Voir tout le monde" in social.get(reverse("beneficiary-list"), {"q": "zzz"}).content.decode()


def test_instructor_lists_and_opens_only_own_people(clients, instructor):
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    own = make_assignment(worksite=worksite).beneficiary
    other = make_assignment().beneficiary
    client = clients[Role.INSTRUCTOR]
    assert rows_of(client.get(reverse("beneficiary-list"))) == [str(own)]
    assert client.get(own.get_absolute_url()).status_code == HTTPStatus.OK
    assert client.get(other.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("people", [1, 3])
def test_list_costs_the_same_whatever_the_number(social, django_assert_num_queries, people):
    for _each in range(people):
        somebody()
    with django_assert_num_queries(14):
        social.get(reverse("beneficiary-list"))


def somebody():
    """Somebody of whom every panel has something to show."""
    person = make_running_contract().beneficiary
    make_contract(person)
    make_pass(person)
    make_situation(person)
    make_assignment(person)
    save_recorded(Exit(beneficiary=person, left_on=dt.date(2024, 12, 31)), by=None)
    return person


# The spreadsheet


def test_export_is_the_filtered_list_and_says_so(social, people):
    response = social.get(
        reverse("beneficiary-export", args=["xlsx"]), {"q": "camille", "presence": "present"}
    )
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    headings = dict(row[:2] for row in rows[:5])
    assert (headings["Établi par"], headings["Lignes"]) == ("Exemple Travailleur social", "1")
    assert headings["Filtres"] == "Recherche : camille ; Situation : en contrat"
    assert rows[6] == [
        "Dossier",
        "Nom",
        "Prénom",
        "Chantier",
        "Situation",
        "Fin de contrat",
        "Fin du PASS IAE",
        "Référent",
    ]
    [cells] = rows[7:]
    assert cells[1:5] == ["Encontrat", "Camille", "Fresnes", "en contrat"]
    assert cells[5].date() == today() + 89 * DAY
    entry = LogEntry.objects.get(additional_data__event=AuditEvent.EXPORT)
    assert (entry.actor.email, entry.additional_data["rows"]) == ("social-worker@example.org", 1)
    assert entry.additional_data["filters"] == headings["Filtres"]


def test_export_of_nobody_makes_no_file(social, people):
    response = social.get(reverse("beneficiary-export", args=["xlsx"]), {"q": "zzz"})
    assert response.url == f"{reverse('beneficiary-list')}?q=zzz"
    assert said(response) == [
        "Rien à exporter : aucune personne ne correspond à ces filtres. Élargissez-les."
    ]
    assert not LogEntry.objects.filter(additional_data__event=AuditEvent.EXPORT).exists()


def test_instructor_exports_only_own_people(clients, instructor):
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    own = make_assignment(worksite=worksite).beneficiary
    make_assignment()
    content = clients[Role.INSTRUCTOR].get(reverse("beneficiary-export", args=["xlsx"])).content
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=8, values_only=True))
    assert [row[1] for row in rows] == [own.last_name]


@pytest.mark.parametrize("people", [1, 3])
def test_export_costs_the_same_whatever_the_number(social, django_assert_num_queries, people):
    for _each in range(people):
        somebody()
    with django_assert_num_queries(10):
        social.get(reverse("beneficiary-export", args=["xlsx"]))


# A person

PANELS = ("Parcours", "Contrats", "PASS IAE", "Identité", "Chantiers", "Situation à l’entrée", "Sortie")
BUTTONS = {
    "beneficiaries:beneficiary-edit": "identité",
    "beneficiaries:contract-create": "contrat",
    "beneficiaries:pass-create": "PASS",
    "beneficiaries:situation-create": "situation",
    "worksites:assignment-create": "affectation",
    "outcomes:exit-create": "sortie",
}


@pytest.mark.parametrize(
    ("role", "panels", "buttons", "protected"),
    [
        (Role.SOCIAL_WORKER, PANELS, set(BUTTONS.values()), True),
        (Role.INSTRUCTOR, PANELS[:5], set(), False),
        (Role.SUPERVISOR, PANELS, {"affectation", "sortie"}, False),
        (Role.ADMINISTRATOR, PANELS, set(BUTTONS.values()), False),
    ],
)
def test_person_shows_what_the_role_may_see_and_do(clients, instructor, role, panels, buttons, protected):
    person = make_running_contract().beneficiary
    situation = make_situation(person, no_housing=True)
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    make_assignment(person, worksite)
    page = clients[role].get(person.get_absolute_url()).content.decode()
    assert tuple(panel for panel in PANELS if f'class="card-title">{panel}</h2>' in page) == panels
    assert {
        word for name, word in BUTTONS.items() if f'href="{reverse(name, args=[person.pk])}"' in page
    } == buttons
    assert (reverse("beneficiaries:protected-edit", args=[situation.pk]) in page) == protected
    assert ("Sans hébergement" in page) == ("Situation à l’entrée" in panels)


def test_reading_a_person_shows_nothing_protected_and_logs_nothing(social):
    person = make_situation().beneficiary
    before = LogEntry.objects.count()
    page = social.get(person.get_absolute_url()).content.decode()
    assert LogEntry.objects.count() == before
    assert not any(word in page for word in ("RQTH", "AAH", "détention"))


def test_new_person_says_what_comes_next(social):
    page = social.get(make_beneficiary().get_absolute_url()).content.decode()
    for words in (
        "Pas encore de parcours",
        "Aucun contrat",
        "Aucun PASS IAE",
        "Aucun chantier",
        "Situation à l’entrée inconnue",
    ):
        assert words in page


def test_exit_stands_on_the_journey_and_in_its_panel(social):
    page = social.get(somebody().get_absolute_url()).content.decode()
    assert "situation pas encore connue, 31 décembre 2024" in page
    assert "31 décembre 2024" in page


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.SUPERVISOR])
@pytest.mark.parametrize("rows", [1, 3])
def test_person_costs_the_same_whatever_the_path(clients, role, django_assert_num_queries, rows):
    person = somebody()
    for year in range(2018, 2018 + rows - 1):
        make_contract(person, start=dt.date(year, 1, 1), end=dt.date(year, 6, 30))
        make_situation(person, entered_on=dt.date(year, 1, 1))
        make_assignment(person, start=dt.date(year, 1, 1), end=dt.date(year, 6, 30))
        save_recorded(Exit(beneficiary=person, left_on=dt.date(year, 6, 30)), by=None)
        make_barrier(person, assessed_on=dt.date(year, 1, 1))
        make_step(person)
        make_project(person, decided_on=dt.date(year, 1, 1))
    worker = user_of(Role.SOCIAL_WORKER)
    for _ in range(rows):
        make_follow_up(person, by=worker, topics=("housing", "budget"), note="x", on=dt.date(2024, 6, 1))
        make_appointment(worker, person)
        make_document(person)
        make_referral(person, make_partner())
    for week in range(rows):
        programme, day = make_programme(), dt.date(2024, 3, 4) + 7 * week * DAY
        attend(make_session(programme, day), make_enrolment(programme, person))
        make_time(person, dt.date(2024, 5, 6) + 7 * week * DAY, kind=TimeKind.IMMERSION)
        make_immersion(
            person, start=dt.date(2024, 6, 3) + 7 * week * DAY, end=dt.date(2024, 6, 7) + 7 * week * DAY
        )
    make_time(person, today())
    with django_assert_num_queries(49):
        clients[role].get(person.get_absolute_url())


def test_person_shows_trainings_with_hours_and_end(social):
    person = make_running_contract().beneficiary
    programme = make_programme(420, name="Espaces verts")
    enrolment = make_enrolment(programme, person, enrolled_on=today() - 60 * DAY)
    attend(make_session(programme, today() - 20 * DAY), enrolment)
    last = make_session(programme, today() + 20 * DAY)
    make_time(person, today() - 30 * DAY, kind=TimeKind.IMMERSION)
    page = social.get(person.get_absolute_url()).content.decode()
    assert f"Finit le {french_date(last.day)}, 180 jours avant la fin du contrat." in page
    assert "<strong>3\u00a0h\u00a030 sur 7\u00a0h</strong>" in page
    assert f'href="{enrolment.get_absolute_url()}"' in page
    start, end = (french_date(day) for day in (today() - 60 * DAY, last.day))
    assert f"Formations : 3\u00a0h\u00a030 sur 7\u00a0h, Espaces verts du {start} au {end}" in page
    day = french_date(today() - 30 * DAY)
    assert f"Immersions : immersion du {day} au {day}" in page


def test_person_without_training_says_so(social):
    assert "Aucune formation" in social.get(make_beneficiary().get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", Role)
def test_person_shows_the_month_of_presence(clients, instructor, role):
    person = make_running_contract().beneficiary
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    make_assignment(person, worksite)
    make_time(person, today(), 390)
    make_time(person, today(), 30, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.LATE)
    page = clients[role].get(person.get_absolute_url()).content.decode()
    assert "<strong>6\u00a0h\u00a030</strong> saisies sur" in page
    assert "<dt>Absence : retard</dt><dd>30\u00a0min</dd>" in page


# The audit log


@pytest.mark.parametrize("people", [1, 3])
def test_audit_log_costs_the_same_whatever_the_number(clients, django_assert_num_queries, people):
    LogEntry.objects.all().delete()
    for _each in range(people):
        somebody()
    with django_assert_num_queries(19):
        clients[Role.SUPERVISOR].get(reverse("audit-log"))


def test_wrong_filter_of_the_audit_log_says_so(clients):
    response = clients[Role.SUPERVISOR].get(reverse("audit-log"), {"since": "hier"})
    assert response.context["lines"] == []
    assert "Un filtre n’est pas compris" in response.content.decode()


def test_audit_log_without_match_says_what_to_do(clients):
    page = clients[Role.SUPERVISOR].get(reverse("audit-log"), {"q": "zzz"}).content.decode()
    assert "Rien ne correspond à ces filtres." in page


def test_stale_form_is_refused_in_french(client, db):
    client.handler.enforce_csrf_checks = True
    response = client.post(reverse("account_login"), {"login": "x", "password": "x"})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert 'lang="fr"' in response.content.decode()
