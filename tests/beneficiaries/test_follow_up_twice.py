"""A new follow-up sent twice, by a double tap or on a bad network, is written once; what differs is never lost."""

import datetime as dt

import pytest
from django.urls import reverse

from beneficiaries.models import Appointment, BarrierAssessment, ConfidentialNote, FollowUp, Step
from confluences.enums import Role
from tests.beneficiaries.factories import DAY, make_beneficiary, today
from tests.beneficiaries.test_follow_up_forms import new_form, typed
from tests.conftest import user_of
from tests.threads import at_once

WHOLE = {
    "topics": ["housing", "health"],
    "note": "Exemple de note.",
    "decisions": "Appeler.",
    "next_on": (today() + 10 * DAY).isoformat(),
    "next_at": "14:30",
    "next_kind": "midterm",
    "step_1_action": "Appeler le bailleur",
    "step_1_theme": "housing",
    "barrier_mobility": "3",
}


@pytest.fixture
def send(clients, social_worker):
    """Sends the form of one person, and returns where it leads."""
    url = reverse("beneficiaries:follow-up-create", args=[make_beneficiary().pk])
    whole = WHOLE | {"next_worker": social_worker.pk}
    return lambda **fields: clients[Role.SOCIAL_WORKER].post(url, typed(**whole | fields)).url


@pytest.mark.django_db
def test_the_same_form_sent_again_leads_to_what_it_wrote(send):
    assert send() == send() == FollowUp.objects.get().get_absolute_url()
    counted = [model.objects.count() for model in (ConfidentialNote, Appointment, Step, BarrierAssessment)]
    assert counted == [1, 1, 1, 1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"said": "Autre."},
        {"note": "Une note de plus."},
        {"topics": ["housing"]},
        {"step_2_action": "Écrire", "step_2_theme": "housing"},
        {"minutes": "46"},
    ],
)
def test_what_differs_is_another_follow_up(send, fields):
    assert send() != send(**fields)
    assert FollowUp.objects.count() == 2


@pytest.mark.django_db
def test_the_same_words_later_are_another_follow_up(send):
    send()
    first = FollowUp.objects.get()
    FollowUp.objects.update(created_at=first.created_at - dt.timedelta(minutes=6))
    send()
    assert FollowUp.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once():
    person, user = make_beneficiary(), user_of(Role.SOCIAL_WORKER)
    first, second = at_once(*[lambda: new_form(person, user).save_by(user)] * 2)
    assert first == second == FollowUp.objects.get()
