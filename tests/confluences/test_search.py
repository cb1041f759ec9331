"""The search of every page: who finds whom, what is said of them, and whatever is typed."""

import datetime as dt
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from confluences.enums import Role
from confluences.search import GRANTS_SHOWN, JOBS_SHOWN, SHOWN
from tests.beneficiaries.factories import make_beneficiary, make_follow_up, make_running_contract
from tests.funding.factories import make_funder, make_grant
from tests.worksites.factories import make_assignment, make_job, make_worksite

HTMX = {"hx-request": "true"}


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


@pytest.fixture
def amina(db):
    """Somebody at work, on the worksite of Fresnes."""
    person = make_beneficiary(
        last_name="Benali", first_name="Amina", birth_date=dt.date(1990, 5, 1), phone="06 12 34 56 78"
    )
    make_running_contract(person)
    make_assignment(person, make_worksite(name="Fresnes"))
    return person


def answer(client, text: str, **headers):
    return client.get(reverse("search"), {"q": text}, headers=headers)


def found(response) -> list[str]:
    return [str(row.person) for row in response.context["found"].rows]


@pytest.mark.parametrize("text", ["amina benali", "1er mai 1990", "0612 benali"])
def test_person_is_shown_with_what_tells_namesakes_apart(social, amina, text):
    response = answer(social, text)
    page = response.content.decode()
    assert found(response) == ["Benali Amina"]
    assert "née le 1er mai 1990" in page
    assert '<span class="person-worksite">Fresnes</span>' in page
    assert "en contrat" in page
    assert f'href="{amina.get_absolute_url()}"' in page


def test_those_who_work_here_come_first_then_by_name(social, amina):
    for name in ("Benali Aaron", "Benali Bachir"):
        make_beneficiary(last_name=name, first_name="Camille")
    assert found(answer(social, "benali")) == [
        "Benali Amina",
        "Benali Aaron Camille",
        "Benali Bachir Camille",
    ]


def test_the_others_are_counted_and_one_click_away(social):
    for number in range(SHOWN + 2):
        make_beneficiary(last_name="Benali", birth_date=dt.date(1990, 1, 1 + number))
    response = answer(social, "benali a&c")
    assert len(found(response)) == SHOWN
    assert response.context["found"].total == SHOWN + 2
    assert "Et 2 autres" in response.content.decode()
    assert f'href="{reverse("beneficiary-list")}?q=benali%20a%26c"' in response.content.decode()


def test_exactly_as_many_as_are_shown_hides_nobody(social):
    for number in range(SHOWN):
        make_beneficiary(last_name="Benali", birth_date=dt.date(1990, 1, 1 + number))
    assert answer(social, "benali").context["found"].others == 0


@pytest.mark.parametrize(
    ("role", "finds", "follow_up", "create"),
    [
        (Role.SOCIAL_WORKER, ["Benali Amina", "Benali Zoé"], True, True),
        (Role.INSTRUCTOR, ["Benali Amina"], False, False),
        (Role.SUPERVISOR, ["Benali Amina", "Benali Zoé"], False, False),
        (Role.ADMINISTRATOR, ["Benali Amina", "Benali Zoé"], False, True),
    ],
)
def test_each_role_finds_its_own_people(clients, instructor, amina, role, finds, follow_up, create):
    amina.assignments.get().worksite.instructors.add(instructor)
    make_beneficiary(last_name="Benali", first_name="Zoé", phone="06 12 34 56 79")
    for text in ("benali", "061234567"):
        response = answer(clients[role], text)
        assert found(response) == finds
        page = response.content.decode()
        assert (reverse("beneficiaries:follow-up-create", args=[amina.pk]) in page) == follow_up
    page = answer(clients[role], "zzz").content.decode()
    assert ("Ouvrir un nouveau dossier" in page) == create
    assert ("parmi les personnes de vos chantiers" in page) == (role == Role.INSTRUCTOR)


def test_an_instructor_does_not_learn_how_many_others_there_are(clients, instructor, amina):
    amina.assignments.get().worksite.instructors.add(instructor)
    for number in range(SHOWN + 1):
        make_beneficiary(last_name="Benali", birth_date=dt.date(1990, 1, 1 + number))
    assert answer(clients[Role.INSTRUCTOR], "benali").context["found"].total == 1


def test_what_was_said_is_never_searched(social, amina):
    make_follow_up(amina, said="Canari", note="Rossignol")
    assert found(answer(social, "canari")) == found(answer(social, "rossignol")) == []


def test_nobody_found_says_what_to_try(social, amina):
    page = answer(social, "zzz").content.decode()
    assert "Personne ne correspond à « zzz »" in page
    assert "une date de naissance (12/05/1979, mai 1979 ou 1979)" in page


@pytest.mark.parametrize("text", ["", "  ", "???"])
def test_a_text_that_says_nothing_finds_nobody_and_says_what_to_try(social, amina, text):
    response = answer(social, text)
    assert found(response) == []
    assert "Essayez un bout du nom" in response.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "benali\x00",
        "z" * 3000,
        "a b " * 750,
        "1 " * 1500,
        "é🌳",
        "%",
        "_",
        "\\",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "99/99/9999",
        "31 février 1990",
        "0" * 90,
        "\u202e\U0001f3f3\ufe0f\u200d\U0001f308",
    ],
)
def test_whatever_is_typed_answers(social, amina, text):
    for headers in ({}, HTMX):
        response = answer(social, text, **headers)
        assert response.status_code == HTTPStatus.OK
        assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1 --"])
def test_no_character_means_any(social, amina, text):
    assert found(answer(social, text)) == []


def test_htmx_gets_the_list_alone_and_the_announcement(social, amina):
    fragment = answer(social, "benali", **HTMX).content.decode()
    assert fragment.lstrip().startswith('<div class="search-found">')
    assert '<span hx-swap-oob="innerHTML:#recherche-annonce">1 personne\n</span>' in fragment
    assert '<div class="search-found">' not in answer(social, "", **HTMX).content.decode()
    restored = answer(social, "benali", **HTMX, **{"hx-history-restore-request": "true"})
    assert restored.content.decode().startswith("<!doctype html>")


def test_searching_is_not_logged(social, amina):
    before = LogEntry.objects.count()
    answer(social, "benali")
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("count", [1, 3])
def test_search_costs_the_same_whatever_the_number(social, django_assert_num_queries, count):
    for _number in range(count):
        person = make_running_contract().beneficiary
        make_job(make_assignment(person).worksite, title="Exemple de travaux")
    with django_assert_num_queries(14):
        assert len(found(answer(social, "exemple"))) == count


def jobs_found(response) -> list[str]:
    return [job.title for job in response.context["jobs"].rows]


@pytest.mark.parametrize("text", ["haies", "HAÏES mairie", "quai carri", "taille ville"])
def test_a_job_is_found_by_its_works_its_client_and_its_place(social, text):
    job = make_job(
        make_worksite(name="Fresnes"),
        title="Taille des haies de la mairie",
        client="Ville d’Orly",
        place="Quai des Carrières",
    )
    make_job(title="Nettoyage")
    response = answer(social, text)
    assert jobs_found(response) == ["Taille des haies de la mairie"]
    page = response.content.decode()
    assert f'href="{job.get_absolute_url()}"' in page
    assert "commande · Ville d’Orly · Fresnes" in page
    assert "Personne ne correspond" not in page


def test_people_and_jobs_are_counted_together(social, amina):
    make_job(title="Jardin de la rue Benali")
    fragment = answer(social, "benali", **HTMX).content.decode()
    assert "1 personne, 1 commande" in fragment


def test_open_jobs_come_before_the_finished_ones_and_the_others_are_counted(social):
    make_job(title="Haies finies", finished_on=dt.date(2024, 6, 1))
    for number in range(JOBS_SHOWN):
        make_job(title=f"Haies {number}")
    response = answer(social, "haies")
    assert "Haies finies" not in jobs_found(response)
    assert response.context["jobs"].total == JOBS_SHOWN + 1
    assert "Et 1 autre commande" in response.content.decode()


def test_an_instructor_finds_the_jobs_of_own_worksites_alone(clients, instructor):
    own, other = make_worksite(), make_worksite()
    own.instructors.add(instructor)
    make_job(own, title="Haies du parc")
    make_job(other, title="Haies du stade")
    response = answer(clients[Role.INSTRUCTOR], "haies")
    assert (jobs_found(response), response.context["jobs"].total) == (["Haies du parc"], 1)


@pytest.mark.parametrize("text", ["h", "", "%", "06 12 34 56 78"])
def test_a_text_that_means_no_job_finds_none(social, text):
    make_job(title="Haies")
    assert jobs_found(answer(social, text)) == []


def test_box_stands_on_every_page_but_the_list(social):
    box = f'action="{reverse("search")}"'
    assert box in social.get(reverse("home")).content.decode()
    assert box not in social.get(reverse("beneficiary-list")).content.decode()
    assert 'value="a&quot;b"' in answer(social, 'a"b').content.decode()


@pytest.mark.parametrize("text", ["outillage", "FONDATION exemple", "conv-7"])
def test_a_grant_is_found_by_those_who_read_them(clients, text):
    funder = make_funder(name="Exemple de fondation")
    grant = make_grant(funder, title="Outillage des chantiers", agreement_number="CONV-7")
    for role, finds in ((Role.SUPERVISOR, True), (Role.ADMINISTRATOR, True), (Role.SOCIAL_WORKER, False)):
        response = answer(clients[role], text)
        assert response.context["grants"].rows == ([grant] if finds else [])
        assert (f'href="{grant.get_absolute_url()}"' in response.content.decode()) is finds
        assert ("Personne ne correspond" in response.content.decode()) is not finds


def test_a_funder_is_found_with_its_grants(clients):
    funder = make_funder(name="Agence de l’eau")
    for _number in range(GRANTS_SHOWN + 1):
        make_grant(funder)
    response = answer(clients[Role.SUPERVISOR], "agence eau")
    found_grants = response.context["grants"]
    assert (found_grants.funders, found_grants.total, found_grants.others) == ([funder], GRANTS_SHOWN + 2, 1)
    assert f"{GRANTS_SHOWN + 2} financements" in response.content.decode()
    assert answer(clients[Role.SUPERVISOR], "a").context["grants"].total == 0


@pytest.mark.parametrize("count", [1, 3])
def test_searching_grants_costs_the_same_whatever_the_number(clients, django_assert_num_queries, count):
    for _number in range(count):
        make_grant(title="Exemple de subvention")
    with django_assert_num_queries(11):
        assert len(answer(clients[Role.SUPERVISOR], "exemple").context["grants"].rows) == count
