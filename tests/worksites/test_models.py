"""Worksites, assignments and annexes: what the rows refuse, and what the querysets find."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from tests.worksites.factories import make_annex, make_assignment, make_job, make_worksite
from worksites.models import Assignment, JobOrder, Worksite

D = dt.date

pytestmark = pytest.mark.django_db


def refusal(make, **fields) -> str:
    with pytest.raises(ValidationError) as refused:
        make(**fields)
    return " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"closed_on": D(2013, 7, 31)}, "Le chantier ferme avant d’ouvrir."),
        ({"name": "Pris"}, "Un chantier porte déjà ce nom."),
        ({"places": -1}, "supérieure ou égale à 0"),
    ],
)
def test_worksite_refuses(fields, message):
    make_worksite(name="Pris")
    assert message in refusal(make_worksite, **fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"end": D(2023, 12, 31)}, "L’affectation finit avant de commencer."),
        ({"start": D(2013, 7, 31)}, "Ce chantier n’est ouvert que depuis le 01/08/2013."),
    ],
)
def test_assignment_refuses(fields, message):
    assert message in refusal(make_assignment, **fields)


@pytest.mark.parametrize("end", [None, D(2024, 7, 1)])
def test_assignment_ends_with_its_worksite(end):
    worksite = make_worksite(closed_on=D(2024, 6, 30))
    assert "Ce chantier a fermé le 30/06/2024" in refusal(make_assignment, worksite=worksite, end=end)


def test_one_worksite_a_day():
    person = make_assignment(end=D(2024, 6, 30)).beneficiary
    message = refusal(make_assignment, beneficiary=person, start=D(2024, 6, 30))
    assert message.startswith("Cette personne est déjà affectée à un chantier pendant cette période.")
    assert make_assignment(person, start=D(2024, 7, 1)).pk


@pytest.mark.parametrize(
    ("day", "current"),
    [(D(2023, 12, 31), False), (D(2024, 1, 1), True), (D(2024, 6, 30), True), (D(2024, 7, 1), False)],
)
def test_current_says_the_same_of_a_row_and_of_the_table(day, current):
    assignment = make_assignment(end=D(2024, 6, 30))
    assert assignment.is_current(day) == current
    assert Assignment.objects.current(day).exists() == current


def test_annex_ends_after_its_start():
    assert refusal(make_annex, end=D(2023, 12, 31)) == "L’annexe finit avant de commencer."


def test_words_and_addresses():
    worksite = make_worksite(name="Fresnes")
    assignment = make_assignment(worksite=worksite)
    annex = make_annex(number="ACI-1")
    assert (str(worksite), str(assignment), str(annex)) == (
        "Fresnes",
        "Fresnes depuis le 01/01/2024",
        "Annexe ACI-1",
    )
    assert worksite.get_absolute_url() == f"/chantiers/{worksite.pk}/"
    assert assignment.get_absolute_url() == assignment.beneficiary.get_absolute_url()
    assert annex.get_absolute_url() == f"/chantiers/annexes/{annex.pk}/etp/"


def test_visible_worksites(users, django_user_model):
    own, other = make_worksite(name="A"), make_worksite(name="B")
    social_worker, instructor, supervisor, administrator = users.values()
    own.instructors.add(instructor)
    for user in (social_worker, supervisor, administrator):
        assert list(Worksite.objects.visible_to(user)) == [own, other]
    assert list(Worksite.objects.visible_to(instructor)) == [own]
    assert (
        list(Worksite.objects.visible_to(django_user_model.objects.create_user("x@example.org", "x"))) == []
    )


@pytest.mark.parametrize(
    ("day", "is_open"),
    [(D(2024, 2, 29), False), (D(2024, 3, 1), True), (D(2024, 3, 29), True), (D(2024, 3, 30), False)],
)
def test_a_job_is_open_from_its_start_to_its_end(day, is_open):
    job = make_job(start=D(2024, 3, 1), finished_on=D(2024, 3, 29))
    assert (JobOrder.objects.open_on(day).exists(), job.is_open_on(day)) == (is_open, is_open)
    unfinished = make_job(start=D(2024, 3, 1))
    assert unfinished.is_open_on(day) == JobOrder.objects.open_on(day).filter(pk=unfinished.pk).exists()


@pytest.mark.parametrize(
    ("closed_on", "is_open"), [(None, True), (D(2024, 3, 1), True), (D(2024, 2, 29), False)]
)
def test_a_worksite_is_open_until_its_last_day(closed_on, is_open):
    worksite = make_worksite(closed_on=closed_on)
    day = D(2024, 3, 1)
    assert (Worksite.objects.open_on(day).exists(), worksite.is_open_on(day)) == (is_open, is_open)
