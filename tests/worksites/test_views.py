"""Worksites on the screen."""

from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone

from confluences.enums import Role
from tests.beneficiaries.factories import make_running_contract
from tests.worksites.factories import make_annex, make_assignment, make_equipment, make_worksite
from worksites.models import Assignment, FinancialAnnex, Worksite


@pytest.fixture
def supervising(clients):
    return clients[Role.SUPERVISOR]


def team_member(worksite):
    return make_assignment(make_running_contract().beneficiary, worksite).beneficiary


def test_unknown_places_stay_unknown(supervising):
    worksite = make_worksite()
    team_member(worksite)
    page = supervising.get(worksite.get_absolute_url()).content.decode()
    assert "<strong>1</strong> place prise" in page
    assert 'nombre de places : <span class="missing">non renseigné</span>' in page


def test_worksite_shows_its_team_and_annexes(supervising):
    worksite = make_worksite(places=8)
    person = team_member(worksite)
    make_annex(number="ACI-2026").worksites.add(worksite)
    page = supervising.get(worksite.get_absolute_url()).content.decode()
    assert person.get_absolute_url() in page
    assert "ACI-2026" in page


def test_instructor_opens_own_worksite_without_annexes(clients, instructor):
    own, other = make_worksite(), make_worksite()
    own.instructors.add(instructor)
    make_annex(number="ACI-2026").worksites.add(own)
    client = clients[Role.INSTRUCTOR]
    response = client.get(own.get_absolute_url())
    assert response.status_code == HTTPStatus.OK
    assert "ACI-2026" not in response.content.decode()
    assert client.get(other.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND
    listed = client.get(reverse("worksites:worksite-list"))
    assert [site.worksite for site in listed.context["sites"]] == [own]
    assert "ACI-2026" not in listed.content.decode()


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.SOCIAL_WORKER, "La direction crée les chantiers."),
        (Role.INSTRUCTOR, "Demandez à la direction de vous rattacher à votre chantier."),
        (Role.SUPERVISOR, "Créer un chantier"),
    ],
)
def test_empty_list_says_what_to_do(clients, role, words):
    assert words in clients[role].get(reverse("worksites:worksite-list")).content.decode()


def test_create_and_edit_worksite(supervising):
    data = {"name": "Fresnes", "opened_on": "2014-12-08", "places": "8"}
    response = supervising.post(reverse("worksites:worksite-create"), data)
    worksite = Worksite.objects.get()
    assert response.url == worksite.get_absolute_url()
    edit = reverse("worksites:worksite-edit", args=[worksite.pk])
    assert supervising.get(edit).status_code == HTTPStatus.OK
    refused = supervising.post(edit, data | {"name": "", "opened_version": 1})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert ">Fresnes</a>" in refused.content.decode()
    supervising.post(edit, data | {"places": "", "opened_version": 1})
    assert Worksite.objects.get().places is None


def test_create_and_edit_annex(supervising):
    data = {
        "number": "A1",
        "kind": "aci",
        "start": "2026-01-01",
        "end": "2026-12-31",
        "hours_per_etp": "1820",
    }
    response = supervising.post(reverse("worksites:annex-create"), data)
    annex = FinancialAnnex.objects.get()
    assert response.url == reverse("worksites:annex-detail", args=[annex.pk])
    assert supervising.get(reverse("worksites:annex-edit", args=[annex.pk])).status_code == HTTPStatus.OK


def test_assign_a_person(clients):
    person = make_running_contract().beneficiary
    worksite = make_worksite()
    url = reverse("worksites:assignment-create", args=[person.pk])
    response = clients[Role.SOCIAL_WORKER].post(
        url, {"worksite": worksite.pk, "start": "2024-01-01", "end": ""}
    )
    assert response.url == person.get_absolute_url()
    assert Assignment.objects.get().worksite == worksite


@pytest.mark.parametrize(
    "name", ["worksite-detail", "worksite-edit", "assignment-create", "assignment-edit", "annex-edit"]
)
def test_unknown_rows_are_not_found(supervising, name):
    assert supervising.get(reverse(f"worksites:{name}", args=[999_999])).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("people", [1, 3])
def test_list_costs_the_same_whatever_the_number(supervising, django_assert_num_queries, people):
    for _each in range(people):
        worksite = make_worksite()
        team_member(worksite)
        make_annex()
        make_equipment(worksite, state="worn")
    with django_assert_num_queries(20):
        supervising.get(reverse("worksites:worksite-list"))


@pytest.mark.parametrize("people", [1, 3])
def test_worksite_costs_the_same_whatever_the_team(supervising, django_assert_num_queries, people):
    worksite = make_worksite(places=8)
    for _each in range(people):
        team_member(worksite)
        make_annex().worksites.add(worksite)
        make_equipment(worksite, state="worn")
    with django_assert_num_queries(33):
        supervising.get(worksite.get_absolute_url())


# Opening a third worksite is data entry, nothing else.


def test_third_worksite_is_found_everywhere(clients, instructor, supervising):
    make_worksite(name="Champigny")
    make_worksite(name="Fresnes")
    day = timezone.localdate().isoformat()
    data = {"name": "Villejuif", "opened_on": day, "places": "6", "instructors": [instructor.pk]}
    supervising.post(reverse("worksites:worksite-create"), data)
    third = Worksite.objects.get(name="Villejuif")
    social = clients[Role.SOCIAL_WORKER]
    people = [make_running_contract().beneficiary for _each in range(2)]
    for person in people:
        url = reverse("worksites:assignment-create", args=[person.pk])
        social.post(url, {"worksite": third.pk, "start": day, "end": ""})

    sites = supervising.get(reverse("worksites:worksite-list")).context["sites"]
    assert [(site.worksite.name, site.team.taken, site.team.free) for site in sites] == [
        ("Champigny", 0, None),
        ("Fresnes", 0, None),
        ("Villejuif", 2, 4),
    ]
    page = supervising.get(third.get_absolute_url())
    assert {row.person for row in page.context["site"].team.members} == set(people)
    listed = social.get(reverse("beneficiary-list"), {"worksite": third.pk})
    assert set(listed.context["page"]) == set(people)
    mine = clients[Role.INSTRUCTOR]
    assert list(mine.get(reverse("home")).context["worksites"]) == [third]
    assert mine.get(third.get_absolute_url()).status_code == HTTPStatus.OK
    sheet = mine.get(reverse("worksites:week-sheet", args=[third.pk]))
    assert sheet["Content-Type"] == "application/pdf"
    forms = [
        (supervising, reverse("outcomes:cohort-create"), "worksites"),
        (supervising, reverse("worksites:annex-create"), "worksites"),
        (mine, reverse("worksites:equipment-create"), "worksite"),
        (social, reverse("worksites:assignment-create", args=[people[0].pk]), "worksite"),
    ]
    for client, address, field in forms:
        assert third in client.get(address).context["form"].fields[field].queryset, address
    choices = supervising.get(reverse("worksites:equipment-list")).context["filter"].form.fields["worksite"]
    assert third in choices.queryset
