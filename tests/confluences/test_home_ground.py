"""An instructor's home page: today's presence first, of his or her own worksites."""

import pytest
from django.urls import reverse

from tests.beneficiaries.factories import DAY, make_beneficiary, make_contract, make_time, today
from tests.conftest import signed_in_client
from tests.worksites.factories import make_assignment, make_worksite

pytestmark = pytest.mark.django_db


def page(user) -> str:
    return signed_in_client(user).get(reverse("home")).content.decode()


def make_morning(instructor, people: int, worksites: int = 1):
    """Worksites whose team works every day; the first of each team is recorded."""
    found = []
    for number in range(worksites):
        worksite = make_worksite(name=f"Chantier {'ABC'[number]}")
        worksite.instructors.add(instructor)
        for each in range(people):
            person = make_beneficiary(last_name=f"Exemple {'abc'[number]}{'abc'[each]}")
            make_contract(person, start=today(), end=today() + 364 * DAY, work_days="1234567")
            make_assignment(person, worksite)
            if each == 0:
                make_time(person, today(), 200)
        found.append(worksite)
    return found


def test_instructor_first_sees_who_is_missing(instructor):
    [worksite] = make_morning(instructor, 3)
    text = page(instructor)
    assert text.index("Pointés aujourd’hui") < text.index("Contrats qui finissent")
    assert "1 sur 3" in text
    assert "À pointer : Exemple ab Camille, Exemple ac Camille." in text
    assert "1 présent, 2 à pointer" in text
    assert reverse("worksites:presence-day", args=[worksite.pk]) in text


def test_instructor_sees_own_open_worksites_only(instructor):
    worksite, closed, _other = (
        make_worksite(name="À moi"),
        make_worksite(name="Fermé"),
        make_worksite(name="Autre"),
    )
    closed.closed_on = today() - DAY
    closed.save()
    for each in (worksite, closed):
        each.instructors.add(instructor)
    mornings = signed_in_client(instructor).get(reverse("home")).context["mornings"]
    assert [morning.worksite for morning in mornings] == [worksite]
    assert "Rien n’est prévu aujourd’hui sur ce chantier" in page(instructor)


def test_others_have_no_morning_to_record(social_worker, supervisor, administrator):
    for user in (social_worker, supervisor, administrator):
        assert signed_in_client(user).get(reverse("home")).context["mornings"] is None


@pytest.mark.parametrize(("people", "worksites"), [(1, 1), (3, 1), (1, 3), (3, 3)])
def test_instructor_home_costs_the_same_whatever_the_number(
    instructor, django_assert_num_queries, people, worksites
):
    make_morning(instructor, people, worksites)
    client = signed_in_client(instructor)
    client.get(reverse("home"))
    with django_assert_num_queries(16):
        client.get(reverse("home"))
