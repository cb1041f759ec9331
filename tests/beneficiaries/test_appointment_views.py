"""The pages of appointments: given, moved, missed, cancelled, planned again."""

from http import HTTPStatus

import pytest

from beneficiaries.models import Appointment
from confluences.enums import Role
from tests.beneficiaries.factories import DAY, make_appointment, make_beneficiary, make_follow_up, today
from tests.beneficiaries.test_follow_up_views import page_of, text_of
from tests.beneficiaries.test_views import said


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


def test_an_appointment_is_given_and_moved(social, social_worker):
    person = make_beneficiary()
    data = {
        "on": (today() + DAY).isoformat(),
        "at": "09:30",
        "worker": social_worker.pk,
        "kind": "interview",
        "medium": "office",
        "purpose": "Exemple d’objet.",
    }
    response = social.post(page_of("appointment-create", person.pk), data)
    appointment = Appointment.objects.get()
    assert response.url == f"{person.get_absolute_url()}#rendez-vous"
    assert "Exemple d’objet." in text_of(social.get(person.get_absolute_url()))
    later = data | {"on": (today() + 2 * DAY).isoformat(), "opened_version": "1"}
    social.post(page_of("appointment-edit", appointment.pk), later)
    assert Appointment.objects.get().on == today() + 2 * DAY


@pytest.mark.parametrize(
    ("outcome", "words"), [("missed", "la personne n’est pas venue"), ("cancelled", "annulé")]
)
def test_an_appointment_that_did_not_take_place(social, social_worker, outcome, words):
    appointment = make_appointment(social_worker)
    url = page_of("appointment-close", appointment.pk)
    response = social.post(url, {"outcome": outcome}, HTTP_REFERER="http://testserver/")
    assert (response.url, Appointment.objects.get().outcome) == ("/", outcome)
    edit = page_of("appointment-edit", appointment.pk)
    assert said(response) == [
        f"Rendez-vous du {today():%d/%m/%Y} avec {appointment.beneficiary} : {words}. "
        f'<a href="{edit}">Corriger</a>'
    ]
    again = social.post(url, {"outcome": outcome}, HTTP_REFERER="http://ailleurs.example/x")
    assert again.url == f"{appointment.beneficiary.get_absolute_url()}#rendez-vous"


def test_an_appointment_that_was_held_is_neither_missed_nor_cancelled(social, social_worker):
    person = make_beneficiary()
    held = make_appointment(social_worker, person, held_as=make_follow_up(person))
    response = social.post(page_of("appointment-close", held.pk), {"outcome": "missed"})
    assert said(response) == [
        "Un rendez-vous qui a donné un suivi a été tenu : il n’est ni manqué ni annulé."
    ]
    assert Appointment.objects.get().outcome == ""


def test_closing_is_a_post_with_a_known_outcome(social, social_worker):
    url = page_of("appointment-close", make_appointment(social_worker).pk)
    assert social.get(url).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert social.post(url, {"outcome": "x"}).status_code == HTTPStatus.NOT_FOUND
    assert Appointment.objects.get().outcome == ""


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_the_others_give_and_close_none(clients, social_worker, role):
    appointment = make_appointment(social_worker)
    for name, pk in (
        ("appointment-create", appointment.beneficiary_id),
        ("appointment-edit", appointment.pk),
        ("appointment-close", appointment.pk),
    ):
        assert (
            clients[role].post(page_of(name, pk), {"outcome": "missed"}).status_code == HTTPStatus.NOT_FOUND
        )
    assert Appointment.objects.get().outcome == ""


def test_a_person_whom_one_sees_lists_what_became_of_each(clients, social_worker):
    person = make_beneficiary()
    held = make_follow_up(person, on=today() - 9 * DAY)
    make_appointment(social_worker, person, on=today() - 10 * DAY, held_as=held)
    make_appointment(social_worker, person, on=today() - 3 * DAY)
    make_appointment(social_worker, person, on=today() - 5 * DAY, outcome="missed")
    make_appointment(social_worker, person, on=today() + 3 * DAY)
    for role in (Role.SOCIAL_WORKER, Role.SUPERVISOR):
        response = clients[role].get(person.get_absolute_url())
        rows = response.context["appointments"]
        assert [row.status.label for row in rows] == ["à confirmer", "prévu", "pas venu", "tenu"]
        assert [row.is_due for row in rows] == [True, False, False, False]
        assert ("Pas venu" in text_of(response)) == (role == Role.SOCIAL_WORKER)
