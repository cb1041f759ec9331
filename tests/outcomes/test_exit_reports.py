"""What presence tells the form of an exit."""

import datetime as dt

import pytest
from django.urls import reverse

from beneficiaries.time_enums import AbsenceReason, TimeKind
from confluences.enums import Role
from outcomes.exit_reports import attended_minutes
from outcomes.models import Exit
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.outcomes.factories import make_exit

pytestmark = pytest.mark.django_db
D = dt.date
TODAY = D(2024, 12, 1)


@pytest.fixture
def person():
    """A stay of two contracts in 2024, after another one in 2022."""
    person = make_beneficiary()
    make_contract(person, start=D(2022, 1, 1), end=D(2022, 6, 30))
    make_contract(person, start=D(2024, 1, 1), end=D(2024, 6, 30))
    make_contract(person, start=D(2024, 7, 1), end=D(2024, 12, 31))
    return person


def form_of(clients, person) -> str:
    return clients[Role.SOCIAL_WORKER].get(reverse("outcomes:exit-create", args=[person.pk])).content.decode()


def test_attended_time_of_the_stay_alone(person):
    make_time(person, D(2022, 5, 2), 420)
    make_time(person, D(2024, 1, 2), 300)
    make_time(person, D(2024, 7, 2), 40, kind=TimeKind.TRAINING)
    make_time(person, D(2024, 7, 3), 20, kind=TimeKind.IMMERSION)
    make_time(person, D(2024, 7, 4), 400, kind=TimeKind.PAID_ABSENCE, reason=AbsenceReason.LEAVE)
    make_time(person, D(2024, 7, 5), 400, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.HEALTH)
    assert attended_minutes(Exit(beneficiary=person), TODAY) == 360
    assert attended_minutes(Exit(beneficiary=person), D(2023, 1, 1)) == 420
    assert attended_minutes(Exit(beneficiary=person), D(2021, 1, 1)) == 0
    first = make_exit("7", person, left_on=D(2022, 6, 30))
    assert attended_minutes(first, TODAY) == 420


def test_nobody_without_a_contract_has_attended():
    assert attended_minutes(Exit(beneficiary=make_beneficiary()), TODAY) == 0


@pytest.mark.parametrize(
    ("minutes", "said"), [(59, False), (60, True), (150, True)], ids=["59 min", "1 h", "2 h 30"]
)
def test_form_says_the_hours_counted(clients, person, minutes, said):
    make_time(person, D(2024, 1, 2), minutes)
    html = form_of(clients, person)
    assert ("Le pointage compte" in html) == said
    assert 'name="worked_an_hour" class="checkboxinput form-check-input"' in html
    if minutes == 150:
        assert "Le pointage compte 2\u00a0h\u00a030 de travail, de formation ou d’immersion" in html


def test_form_says_where_the_exit_contradicts_presence(clients, person):
    make_time(person, D(2024, 1, 2), 420)
    exit_ = make_exit("7", person, worked_an_hour=False)
    response = clients[Role.SOCIAL_WORKER].get(reverse("outcomes:exit-edit", args=[exit_.pk]))
    assert "La fiche dit le contraire" in response.content.decode()
    # What somebody decided stays until somebody changes it.
    assert response.context["form"]["worked_an_hour"].value() is False


def test_without_presence_nothing_changes(clients, person):
    form = clients[Role.SOCIAL_WORKER].get(reverse("outcomes:exit-create", args=[person.pk])).context["form"]
    assert (form["worked_an_hour"].help_text, form["worked_an_hour"].value()) == ("", True)
