"""Pages of programmes and enrolments."""

import datetime as dt
from http import HTTPStatus

import pytest
from django.urls import reverse

from confluences.enums import Role
from tests.beneficiaries.factories import make_beneficiary, make_running_contract, today
from tests.trainings.factories import attend, make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_worksite
from trainings.models import Enrolment, Programme

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def rows(*modules: tuple, prefix: str = "modules") -> dict[str, str]:
    """What the page sends of its modules: a name, hours, and what else is said of each."""
    data = {f"{prefix}-TOTAL_FORMS": len(modules), f"{prefix}-INITIAL_FORMS": 0}
    for number, (name, hours, *more) in enumerate(modules):
        said = {"name": name, "minutes": hours, **(more[0] if more else {})}
        data |= {f"{prefix}-{number}-{key}": value for key, value in said.items()}
    return data


def programme_data(*modules: tuple, **fields) -> dict[str, str]:
    typed = {"name": "Taille douce", "kind": "trade", "minutes": "7", "required_percent": "90"} | fields
    return typed | rows(*modules)


def edit_data(programme: Programme, *modules: tuple, **fields) -> dict[str, str]:
    return programme_data(
        *modules, **{"name": programme.name, "opened_version": str(programme.version)} | fields
    )


def standing(programme: Programme) -> list[tuple[str, int]]:
    return list(programme.modules.values_list("name", "minutes"))


# The list


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_the_same_number_of_queries(clients, number, django_assert_num_queries):
    for _each in range(number):
        enrolment = make_enrolment(beneficiary=make_running_contract().beneficiary)
        make_session(enrolment.programme, today() + 7 * DAY)
    with django_assert_num_queries(9):
        response = clients[Role.SUPERVISOR].get(reverse("trainings:programme-list"))
    assert response.status_code == HTTPStatus.OK


def test_list_counts_people_and_names_the_next_session(clients):
    Programme.objects.update(closed_on=today())
    enrolment = make_enrolment(make_programme(name="Tonte", is_example=True))
    make_enrolment(enrolment.programme, left_on=dt.date(2024, 2, 1))
    make_session(enrolment.programme, today() - DAY)
    make_session(enrolment.programme, today() + 9 * DAY)
    response = clients[Role.SOCIAL_WORKER].get(reverse("trainings:programme-list"))
    [group] = response.context["groups"]
    [line] = group.lines
    assert (group.kind.label, line.programme.name, line.people, line.next_day) == (
        "métier",
        "Tonte",
        1,
        today() + 9 * DAY,
    )
    assert "exemple à ajuster" in response.text


def test_an_instructor_counts_only_people_of_his_worksites(clients, instructor):
    programme = make_programme()
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    mine, other = make_enrolment(programme), make_enrolment(programme)
    make_assignment(mine.beneficiary, worksite)
    make_assignment(other.beneficiary)
    client = clients[Role.INSTRUCTOR]
    groups = client.get(reverse("trainings:programme-list")).context["groups"]
    assert [line.people for group in groups for line in group.lines if line.programme == programme] == [1]
    page = client.get(programme.get_absolute_url())
    assert (str(mine.beneficiary) in page.text, str(other.beneficiary) in page.text) == (True, False)


# One programme


@pytest.mark.parametrize("number", [1, 3])
def test_detail_asks_the_same_number_of_queries(clients, number, django_assert_num_queries):
    programme = make_programme(*[210] * number)
    for each in range(number):
        make_session(programme, today() - each * 7 * DAY)
        make_session(programme, today() + (1 + each) * DAY)
        make_enrolment(programme)
    with django_assert_num_queries(13):
        response = clients[Role.SUPERVISOR].get(programme.get_absolute_url())
    assert response.status_code == HTTPStatus.OK


def test_detail_flags_the_sessions_not_yet_filled(clients):
    programme = make_programme()
    filled, half = make_session(programme), make_session(programme, dt.date(2024, 3, 5))
    one, two = make_enrolment(programme), make_enrolment(programme)
    make_enrolment(programme, group="B", left_on=dt.date(2024, 1, 31))
    for session, enrolment in ((filled, one), (filled, two), (half, one)):
        attend(session, enrolment)
    response = clients[Role.SUPERVISOR].get(programme.get_absolute_url())
    assert [(line.session, line.recorded, line.expected) for line in response.context["past"]] == [
        (half, 1, 2),
        (filled, 2, 2),
    ]
    assert [line.session for line in response.context["unfilled"]] == [half]
    assert "Une séance attend sa feuille de présence." in response.text
    assert [each.group for each in response.context["former"]] == ["B"]


def test_modules_are_drawn_where_they_stand(clients):
    programme = make_programme(60, 180)
    make_session(programme, end=dt.time(10))
    lines = clients[Role.SUPERVISOR].get(programme.get_absolute_url()).context["modules"]
    assert [line.planned for line in lines] == [60, 0]
    assert '<rect x="25%" y="0" width="75%"' in lines[1].picture
    assert "3\u00a0h sur 4\u00a0h, sans séance pour l’instant." in lines[1].picture


# Written with all its modules


def test_a_programme_is_created_with_its_modules_in_their_ranks(clients):
    data = programme_data(
        ("Gestes", "3:30", {"position": "2"}), ("Sécurité", "210 min", {"position": "1"}), ("", "")
    )
    response = clients[Role.SUPERVISOR].post(reverse("trainings:programme-create"), data)
    programme = Programme.objects.get(name="Taille douce")
    assert response.url == programme.get_absolute_url()
    assert standing(programme) == [("Sécurité", 210), ("Gestes", 210)]


@pytest.mark.parametrize(
    ("hours", "fault"),
    [
        ("3", "Les modules font 6\u00a0h en tout et le programme dure 7\u00a0h : il manque 1\u00a0h."),
        (
            "4,5",
            "Les modules font 7\u00a0h\u00a030 en tout et le programme dure 7\u00a0h : 30\u00a0min de trop.",
        ),
    ],
)
def test_modules_that_do_not_add_up_come_back_filled(clients, hours, fault):
    data = programme_data(("Gestes", "3"), ("Sécurité", hours))
    response = clients[Role.SUPERVISOR].post(reverse("trainings:programme-create"), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    form = response.context["form"]
    assert form.non_field_errors() == [fault]
    assert [(row["name"].value(), row["minutes"].value()) for row in form.rows] == [
        ("Gestes", "3"),
        ("Sécurité", hours),
    ]
    assert not Programme.objects.filter(name="Taille douce").exists()


@pytest.mark.parametrize(
    ("modules", "faults"),
    [
        ([("Gestes", "")], ["Module 1, heures : Écrivez les heures de ce module."]),
        ([("", "7")], ["Module 1, nom du module : Donnez un nom à ce module."]),
        ([("Gestes", "sept")], ["Module 1, heures : Écrivez des heures, par exemple 24, 3:30 ou 3,5."]),
        ([("Gestes", "0")], ["Module 1, heures : Un module dure au moins une minute."]),
        (
            [("Gestes", "3"), ("gestes", "4")],
            ["Module 2, nom du module : Le module 1 porte déjà ce nom."],
        ),
        ([], ["Les modules font 0\u00a0min en tout et le programme dure 7\u00a0h : il manque 7\u00a0h."]),
    ],
)
def test_faults_of_the_rows(clients, modules, faults):
    response = clients[Role.SUPERVISOR].post(reverse("trainings:programme-create"), programme_data(*modules))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"].non_field_errors() == faults


def test_modules_are_changed_removed_and_added_at_once(clients):
    programme = make_programme(210, 210)
    first, second = programme.modules.all()
    data = edit_data(
        programme,
        ("Nouveau", "5", {"position": "1"}),
        ("Renommé", "2", {"pk": first.pk, "position": "2"}),
        (second.name, "3:30", {"pk": second.pk, "position": "3", "remove": "on"}),
    )
    response = clients[Role.SUPERVISOR].post(reverse("trainings:programme-edit", args=[programme.pk]), data)
    assert response.status_code == HTTPStatus.FOUND
    assert standing(programme) == [("Nouveau", 300), ("Renommé", 120)]
    assert programme.modules.get(name="Renommé").pk == first.pk


def test_a_module_that_was_taught_is_not_removed(clients):
    programme = make_programme(210, 210)
    make_session(programme)
    second = programme.modules.last()
    data = edit_data(programme, (second.name, "7", {"pk": second.pk}))
    response = clients[Role.SUPERVISOR].post(reverse("trainings:programme-edit", args=[programme.pk]), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "a déjà des séances" in response.text
    assert standing(programme) == [("Module 1", 210), ("Module 2", 210)]


def test_two_tabs_on_one_programme(clients):
    """Only the modules differ: both lists are shown, and saving again is a choice."""
    programme = make_programme(210, 210)
    page = reverse("trainings:programme-edit", args=[programme.pk])
    first, second = programme.modules.all()
    mine = edit_data(programme, ("A", "3:30", {"pk": first.pk}), ("B", "3:30", {"pk": second.pk}))
    theirs = edit_data(programme, ("C", "7", {"pk": first.pk}))
    assert clients[Role.ADMINISTRATOR].post(page, theirs).status_code == HTTPStatus.FOUND
    response = clients[Role.SUPERVISOR].post(page, mine)
    assert response.status_code == HTTPStatus.CONFLICT
    conflicts = {each.label: (each.theirs, each.yours) for each in response.context["form"].conflicts}
    assert conflicts == {"Modules": ("C : 7\u00a0h", "A : 3\u00a0h\u00a030\nB : 3\u00a0h\u00a030")}
    again = mine | {"opened_version": str(response.context["form"].data["opened_version"])}
    assert clients[Role.SUPERVISOR].post(page, again).status_code == HTTPStatus.FOUND
    assert standing(programme) == [("A", 210), ("B", 210)]


def test_more_rows_without_javascript_keep_what_was_typed(clients):
    data = programme_data(("Gestes", "trois"), name="", more="1")
    response = clients[Role.SUPERVISOR].post(reverse("trainings:programme-create"), data)
    form = response.context["form"]
    assert response.status_code == HTTPStatus.OK
    assert [(row["name"].value(), row["minutes"].value()) for row in form.rows] == [
        ("Gestes", "trois"),
        *[(None, None)] * 3,
    ]
    assert form["minutes"].value() == "7"
    assert "À corriger" not in response.text


def test_a_draft_brings_the_modules_back(clients, supervisor):
    page = reverse("trainings:programme-create")
    client = clients[Role.SUPERVISOR]
    saved = programme_data(("Gestes", "3")) | {
        "draft-page": page,
        "draft-title": "Nouveau programme",
        "draft-user": str(supervisor.pk),
        "draft-tab": "t",
        "draft-serial": "1",
    }
    assert client.post(reverse("draft-save"), saved).status_code == HTTPStatus.OK
    form = client.get(page).context["form"]
    assert [row["name"].value() for row in form.rows] == ["Gestes"]


@pytest.mark.parametrize("total", ["100000", "-1", "douze"])
def test_a_mistaken_number_of_rows_is_refused_without_a_crash(clients, total):
    data = programme_data(("Gestes", "7")) | {"modules-TOTAL_FORMS": total}
    response = clients[Role.SUPERVISOR].post(reverse("trainings:programme-create"), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_instructors_only_read_programmes(clients):
    programme = make_programme()
    client = clients[Role.INSTRUCTOR]
    assert client.get(programme.get_absolute_url()).status_code == HTTPStatus.OK
    for name in ("programme-edit", "session-create", "session-series", "enrolment-create"):
        page = reverse(f"trainings:{name}", args=[programme.pk])
        assert client.get(page).status_code == HTTPStatus.NOT_FOUND
        assert page not in client.get(programme.get_absolute_url()).text


# Enrolments


def test_several_people_are_enrolled_at_once(clients):
    programme = make_programme()
    people = [make_running_contract().beneficiary for _each in range(3)]
    already = make_enrolment(programme, make_running_contract().beneficiary)
    absent = make_beneficiary()
    page = reverse("trainings:enrolment-create", args=[programme.pk])
    client = clients[Role.SUPERVISOR]
    offered = set(client.get(page).context["form"].fields["people"].queryset)
    assert offered == set(people)
    data = {"people": [people[0].pk, people[2].pk], "group": "A", "enrolled_on": today().isoformat()}
    assert client.post(page, data).url == programme.get_absolute_url()
    assert set(programme.enrolments.values_list("beneficiary", "group")) == {
        (already.beneficiary.pk, ""),
        (people[0].pk, "A"),
        (people[2].pk, "A"),
    }
    refused = client.post(page, data | {"people": [absent.pk]})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.post(page, data | {"people": []}).context["form"].errors["people"] == [
        "Choisissez au moins une personne."
    ]


def test_an_enrolment_ends(clients):
    enrolment = make_enrolment(group="A")
    page = reverse("trainings:enrolment-edit", args=[enrolment.pk])
    data = {"group": "B", "enrolled_on": "2024-01-01", "left_on": "2024-06-30", "opened_version": "1"}
    client = clients[Role.SUPERVISOR]
    assert client.post(page, data).url == enrolment.programme.get_absolute_url()
    enrolment.refresh_from_db()
    assert (enrolment.group, enrolment.left_on) == ("B", dt.date(2024, 6, 30))
    assert client.post(page, data | {"group": "C"}).status_code == HTTPStatus.CONFLICT
    before = client.post(page, data | {"left_on": "2023-01-01", "opened_version": "2"})
    assert "La formation finit avant l’inscription." in before.text
    assert Enrolment.objects.get().group == "B"
