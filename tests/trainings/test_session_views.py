"""Sessions planned one by one and in series, by their pages."""

import datetime as dt
from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from confluences.enums import Role
from tests.threads import at_once
from tests.trainings.factories import attend, make_enrolment, make_programme, make_session
from trainings.models import Programme, Session
from trainings.session_actions import minutes_left, plan_session, plan_sessions
from trainings.session_rules import HalfDay, plan_series

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 3, 4)


def session_data(*modules, **fields) -> dict[str, str]:
    """What the page sends: the modules ticked, with their minutes where some are written."""
    typed = {"day": "2024-03-04", "start": "09:00", "end": "12:30", "place": "Serre", "trainer": "Nadia"}
    for module, hours in modules:
        typed |= {f"module_{module.pk}": "on", f"minutes_{module.pk}": hours}
    return typed | fields


def taught(session: Session) -> list[tuple[str, int]]:
    return list(session.taught.values_list("module__name", "minutes"))


# One session


def test_one_module_takes_the_whole_session(clients):
    programme = make_programme()
    page = reverse("trainings:session-create", args=[programme.pk])
    response = clients[Role.SUPERVISOR].post(page, session_data((programme.modules.first(), "")))
    session = Session.objects.get()
    assert response.url == session.get_absolute_url()
    assert taught(session) == [("Module 1", 210)]
    assert (session.place, session.trainer) == ("Serre", "Nadia")


def test_minutes_without_a_tick_count_and_one_module_takes_the_rest(clients):
    programme = make_programme()
    first, second = programme.modules.all()
    data = session_data((second, ""), **{f"minutes_{first.pk}": "1:15"})
    clients[Role.SUPERVISOR].post(reverse("trainings:session-create", args=[programme.pk]), data)
    assert taught(Session.objects.get()) == [("Module 1", 75), ("Module 2", 135)]


@pytest.mark.parametrize(
    ("hours", "fields", "message"),
    [
        (None, {}, "Choisissez au moins un module : la séance compte dans ses heures."),
        (
            "3",
            {},
            "Les modules font 3\u00a0h en tout et la séance dure 3\u00a0h\u00a030 : il manque 30\u00a0min.",
        ),
        ("", {"end": "08:00"}, "La séance finit avant de commencer."),
        ("", {"end": "15:00"}, "Une séance est une demi-journée, de 5 heures au plus : faites-en deux."),
    ],
)
def test_a_session_that_cannot_be(clients, hours, fields, message):
    programme = make_programme()
    modules = [] if hours is None else [(programme.modules.first(), hours)]
    page = reverse("trainings:session-create", args=[programme.pk])
    response = clients[Role.SUPERVISOR].post(page, session_data(*modules, **fields))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert message in [error for errors in response.context["form"].errors.values() for error in errors]
    assert response.context["form"]["place"].value() == "Serre"
    assert not Session.objects.exists()


def test_a_new_session_begins_as_the_last_one(clients):
    programme = make_programme()
    make_session(programme, start=dt.time(14), end=dt.time(17), place="Serre", trainer="Nadia")
    response = clients[Role.SUPERVISOR].get(reverse("trainings:session-create", args=[programme.pk]))
    form = response.context["form"]
    assert {name: form[name].value() for name in ("start", "end", "place", "trainer")} == {
        "start": dt.time(14),
        "end": dt.time(17),
        "place": "Serre",
        "trainer": "Nadia",
    }
    assert '<option value="Nadia">' in response.text
    assert [(module.name, left) for module, left, *_fields in form.lines] == [
        ("Module 1", 30),
        ("Module 2", 210),
    ]


@pytest.mark.parametrize(("mine", "refused"), [("A", True), ("", True), ("B", False)])
def test_a_group_is_at_one_session_at_a_time(clients, mine, refused):
    programme = make_programme()
    make_session(programme, group="A")
    data = session_data((programme.modules.first(), ""), start="12:00", end="14:00", group=mine)
    page = reverse("trainings:session-create", args=[programme.pk])
    response = clients[Role.SUPERVISOR].post(page, data)
    assert response.status_code == (HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.FOUND)
    if refused:
        assert response.context["form"].errors == {
            "day": ["4 mars 2024 : ce groupe a déjà une séance de 9\u00a0h à 12\u00a0h\u00a030."]
        }


def test_two_tabs_on_one_session(clients):
    session = make_session()
    first, second = session.programme.modules.all()
    page = reverse("trainings:session-edit", args=[session.pk])
    form = clients[Role.SUPERVISOR].get(page).context["form"]
    assert form[f"minutes_{first.pk}"].value() == "3:30"
    theirs = session_data((second, ""), opened_version="1")
    assert clients[Role.ADMINISTRATOR].post(page, theirs).status_code == HTTPStatus.FOUND
    response = clients[Role.SUPERVISOR].post(page, session_data((first, "3:30"), opened_version="1"))
    assert response.status_code == HTTPStatus.CONFLICT
    assert [(each.label, each.theirs, each.yours) for each in response.context["form"].conflicts] == [
        ("Module 1", "non", "oui"),
        ("Durée : Module 1", "", "3:30"),
        ("Module 2", "oui", "non"),
        ("Durée : Module 2", "3:30", ""),
    ]
    assert taught(session) == [("Module 2", 210)]


def test_a_session_whose_presence_is_recorded_keeps_its_time(clients):
    session = make_session()
    attend(session, make_enrolment(session.programme))
    client = clients[Role.SUPERVISOR]
    data = session_data((session.programme.modules.first(), ""), end="12:00", opened_version="1")
    response = client.post(reverse("trainings:session-edit", args=[session.pk]), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "La présence à cette séance est déjà saisie" in response.text
    response = client.post(reverse("trainings:session-delete", args=[session.pk]))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "elle ne se supprime plus" in response.text


def test_a_session_is_deleted(clients):
    session = make_session()
    page = reverse("trainings:session-delete", args=[session.pk])
    client = clients[Role.SUPERVISOR]
    assert client.get(page).status_code == HTTPStatus.OK
    assert client.post(page).url == session.programme.get_absolute_url()
    assert not Session.objects.exists()
    assert client.post(page).status_code == HTTPStatus.NOT_FOUND


# A series


def series_data(**fields) -> dict[str, object]:
    """Mondays and Thursdays in the morning, from Monday 13 May 2024 on; the 20th is Whit Monday."""
    return {
        "first": "2024-05-13",
        "mornings": ["1", "4"],
        "morning_start": "09:00",
        "morning_end": "12:30",
        "afternoon_start": "13:30",
        "afternoon_end": "17:00",
        "place": "Serre",
    } | fields


def series_page(programme: Programme) -> str:
    return reverse("trainings:session-series", args=[programme.pk])


def planned_days(response) -> list[str]:
    return [f"{each.day:%d/%m}" for each in response.context["form"].planned]


def test_a_series_is_previewed_then_saved_whole(clients):
    programme = make_programme(300, 330)
    client = clients[Role.SUPERVISOR]
    preview = client.post(series_page(programme), series_data(closed_1="2024-05-28"))
    assert planned_days(preview) == ["13/05", "16/05", "23/05"]
    assert not Session.objects.exists()
    assert "jeudi 23 mai 2024" in preview.text
    seen = preview.context["form"].digest
    done = client.post(series_page(programme), series_data(closed_1="2024-05-28", seen=seen, confirm="1"))
    assert done.url == programme.get_absolute_url()
    assert [(f"{each.day:%d/%m}", taught(each)) for each in Session.objects.all()] == [
        ("13/05", [("Module 1", 210)]),
        ("16/05", [("Module 1", 90), ("Module 2", 120)]),
        ("23/05", [("Module 2", 210)]),
    ]
    assert set(minutes_left(programme, "").values()) == {0}
    again = client.post(series_page(programme), series_data())
    assert again.context["form"].non_field_errors() == [
        "Toutes les heures des modules sont déjà prévues : il ne reste rien à planifier."
    ]


def test_only_what_was_previewed_is_saved(clients):
    programme = make_programme(210, 210)
    client = clients[Role.SUPERVISOR]
    seen = client.post(series_page(programme), series_data()).context["form"].digest
    make_session(programme)  # somebody plans meanwhile
    response = client.post(series_page(programme), series_data(seen=seen, confirm="1"))
    assert response.context["changed"]
    assert Session.objects.count() == 1
    assert planned_days(response) == ["13/05"]


def test_a_clash_names_its_day_and_saves_nothing(clients):
    programme = make_programme(210, 210, 210)
    make_session(programme, dt.date(2024, 5, 16), start=dt.time(12), end=dt.time(13))
    client = clients[Role.SUPERVISOR]
    seen = client.post(series_page(programme), series_data()).context["form"].digest
    response = client.post(series_page(programme), series_data(seen=seen, confirm="1"))
    assert response.context["form"].non_field_errors() == [
        "16 mai 2024 : ce groupe a déjà une séance de 12\u00a0h à 13\u00a0h."
    ]
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"mornings": []}, "Choisissez au moins une demi-journée de la semaine."),
        ({"morning_end": "08:00"}, "Une demi-journée finit avant de commencer."),
        (
            {"morning_end": "15:00"},
            "Une séance est une demi-journée, de 5 heures au plus : corrigez les heures.",
        ),
        ({"first": "3024-01-01"}, "Cette date est dans plus d’un an : vérifiez l’année."),
        ({"count": "0"}, "Assurez-vous que cette valeur est supérieure ou égale à 1."),
    ],
)
def test_a_series_that_cannot_be(clients, fields, message):
    response = clients[Role.SUPERVISOR].post(series_page(make_programme()), series_data(**fields))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [each for errors in response.context["form"].errors.values() for each in errors] == [message]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_plan_the_same_programme_plan_it_once():
    programme = make_programme(210, 210)
    planned = plan_series(DAY, [HalfDay(1, dt.time(9), dt.time(12, 30))], minutes_left(programme, ""))

    def plan():
        plan_sessions(planned, programme=programme, group="", place="", trainer="", by=None)

    results = at_once(plan, plan)
    assert [type(each) for each in results if each is not None] == [ValidationError]
    assert Session.objects.count() == 2


def test_a_session_keeps_its_own_time_when_it_is_saved_again():
    session = make_session()
    session.place = "Serre"
    assert plan_session(session, {session.programme.modules.first(): 210}, by=None).place == "Serre"
