"""Presence in the admin: lists at one cost, filters, what is only read, deletions that are refused, history."""

import datetime as dt
from http import HTTPStatus

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from beneficiaries.models import MonthClosing, TimeEntry
from beneficiaries.time_actions import close_month, record_session_part, reopen_month
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.enums import Role
from tests.beneficiaries.factories import make_contract, make_time
from tests.conftest import user_of
from tests.worksites.factories import make_assignment, make_worksite

pytestmark = pytest.mark.django_db

D = dt.date
LIST = "admin:beneficiaries_timeentry_changelist"


@pytest.fixture
def admin_client(clients):
    return clients[Role.ADMINISTRATOR]


@pytest.fixture
def person(db):
    return make_contract().beneficiary


def change(entry):
    return reverse("admin:beneficiaries_timeentry_change", args=[entry.pk])


def listed(client, **query):
    return list(client.get(reverse(LIST), query).context["cl"].result_list)


def close_march():
    return close_month(D(2024, 3, 1), D(2024, 3, 31), by=user_of(Role.SUPERVISOR), today=D(2024, 4, 1))


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_whatever_the_number(admin_client, django_assert_num_queries, count):
    for _each in range(count):
        make_time(make_contract().beneficiary, D(2024, 3, 4))
    admin_client.get(reverse(LIST))
    with django_assert_num_queries(11):
        assert len(listed(admin_client)) == count


def test_filters_and_search(admin_client, person):
    worksite, other = make_worksite(), make_worksite()
    make_assignment(person, worksite, end=D(2024, 3, 4))
    make_assignment(person, other, start=D(2024, 3, 5))
    here, there = make_time(person, D(2024, 3, 4)), make_time(person, D(2024, 3, 5))
    late = make_time(person, D(2024, 4, 2), 30, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.LATE)
    stranger = make_time(make_contract().beneficiary, D(2024, 3, 4))
    assert listed(admin_client, chantier=worksite.pk) == [here]
    assert listed(admin_client, chantier=other.pk) == [late, there]
    assert len(listed(admin_client, chantier="x")) == 4
    assert listed(admin_client, day__year=2024, day__month=4) == [late]
    assert listed(admin_client, reason__exact="late") == [late]
    assert listed(admin_client, q=f"{stranger.beneficiary.last_name}") == [stranger]


def test_an_entry_is_corrected_and_deleted_through_the_actions(admin_client, administrator, person):
    entry = make_time(person, D(2024, 3, 4))
    data = {"beneficiary": person.pk, "day": "2024-03-04", "kind": "work", "reason": "", "minutes": "300"}
    assert admin_client.post(change(entry), data | {"opened_version": 1}).status_code == HTTPStatus.FOUND
    entry.refresh_from_db()
    assert (entry.minutes, entry.updated_by, entry.version) == (300, administrator, 2)
    refused = admin_client.post(change(entry), data | {"opened_version": 2, "reason": "late"})
    assert "Une absence a un motif ; une présence n’en a pas." in refused.content.decode()
    admin_client.post(reverse("admin:beneficiaries_timeentry_delete", args=[entry.pk]), {"post": "yes"})
    assert not TimeEntry.objects.exists()


def test_sessions_and_closed_months_are_only_read(admin_client, person):
    session = record_session_part(person, D(2024, 4, 2), dt.time(9), Part(TimeKind.TRAINING, 210), by=None)
    closed, free = make_time(person, D(2024, 3, 4)), make_time(person, D(2024, 4, 3))
    close_march()
    for entry in (session, closed):
        page = admin_client.get(change(entry)).content.decode()
        assert 'name="minutes"' not in page
        assert admin_client.post(change(entry), {"minutes": 1}).status_code == HTTPStatus.FORBIDDEN
        delete = reverse("admin:beneficiaries_timeentry_delete", args=[entry.pk])
        assert admin_client.post(delete, {"post": "yes"}).status_code == HTTPStatus.FORBIDDEN
    assert 'name="minutes"' in admin_client.get(change(free)).content.decode()
    chosen = {"action": "delete_selected", "_selected_action": [closed.pk, free.pk], "post": "yes"}
    admin_client.post(reverse(LIST), chosen)
    assert TimeEntry.objects.count() == 3
    admin_client.post(reverse(LIST), chosen | {"_selected_action": [free.pk]})
    assert set(TimeEntry.objects.all()) == {session, closed}


def test_assignments_that_hold_hours_of_a_closed_month_are_not_deleted(admin_client, person):
    assignment, other = make_assignment(person), make_assignment()
    make_time(person, D(2024, 3, 4))
    close_march()
    chosen = {"action": "delete_selected", "_selected_action": [assignment.pk, other.pk], "post": "yes"}
    response = admin_client.post(reverse("admin:worksites_assignment_changelist"), chosen)
    assert response.status_code == HTTPStatus.FOUND
    [message] = [str(each) for each in get_messages(response.wsgi_request)]
    assert "heures d’un mois clos (le 4 mars 2024)" in message
    assert person.assignments.count() + other.beneficiary.assignments.count() == 2


def test_closings_are_a_history(admin_client, supervisor):
    reopen_month(close_march(), reason="Un arrêt reçu en retard", by=supervisor)
    close_march()
    page = admin_client.get(reverse("admin:beneficiaries_monthclosing_changelist"))
    assert page.context["cl"].result_count == 2
    assert "Un arrêt reçu en retard" in page.content.decode()
    closing = MonthClosing.objects.in_force().get()
    row = reverse("admin:beneficiaries_monthclosing_change", args=[closing.pk])
    assert f"{reverse('worksites:month-close')}?mois=2024-03" == closing.get_absolute_url()
    assert admin_client.get(row).status_code == HTTPStatus.OK
    assert admin_client.post(row, {"reopening_reason": "x"}).status_code == HTTPStatus.FORBIDDEN
    assert (
        admin_client.get(reverse("admin:beneficiaries_monthclosing_add")).status_code == HTTPStatus.FORBIDDEN
    )
