"""The morning's presence on the screen: each tap and what it refuses, two tabs, rights, and its cost."""

import datetime as dt
from http import HTTPStatus

import pytest
from django.urls import reverse

from beneficiaries.models import TimeEntry
from confluences.enums import Role
from tests.beneficiaries.factories import make_time
from tests.conftest import signed_in_client
from tests.trainings.factories import make_enrolment, make_session
from tests.worksites.factories import make_assignment, make_job, make_worksite
from tests.worksites.mornings import MONDAY, cell_of, day_url, make_member, split, tap, text_of
from worksites.job_actions import share_work
from worksites.models import JobShare

pytestmark = pytest.mark.django_db

D = dt.date


# Taps


@pytest.mark.parametrize(
    ("sent", "cell", "words"),
    [
        ({"tap": "present"}, "6,5", "Présent, 6 h 30"),
        ({"tap": "late", "late": "30"}, "6 R0,5", "En retard de 30 min, présent 6 h"),
        ({"tap": "late", "late": "1 h 10"}, "5h20 R1h10", "En retard de 1 h 10, présent 5 h 20"),
        ({"tap": "absent", "reason": "leave"}, "CP6,5", "Absent, congés"),
        ({"tap": "absent", "reason": "health"}, "S6,5", "Absent, santé"),
        ({"tap": "absent", "reason": "health", "pay": "paid_absence"}, "S+6,5", "Absent, santé (payé)"),
        (
            {"tap": "absent", "reason": "leave", "pay": "unpaid_absence"},
            "CP-6,5",
            "Absent, congés (non payé)",
        ),
        ({"tap": "training"}, "F6,5", "En formation, 6 h 30"),
        ({"tap": "immersion"}, "I6,5", "En immersion, 6 h 30"),
        ({"tap": "hours", "hours": "4:30"}, "4,5", "Présent, 4 h 30"),
        ({"tap": "hours", "hours": "2", "kind": "immersion"}, "I2", "En immersion, 2 h"),
        ({"tap": "hours", "hours": "4", "rest": "health"}, "4 S2,5", "Présent, 4 h · absent, santé, 2 h 30"),
    ],
)
def test_a_tap_is_recorded_and_said(client, worksite, sent, cell, words):
    person = make_member(worksite)
    response = tap(client, worksite, person, **sent)
    assert (response.status_code, cell_of(person)) == (HTTPStatus.OK, cell)
    assert words in text_of(response).replace("\u00a0", " ")
    assert "1 sur 1 pointé" in text_of(response)
    assert tap(client, worksite, person, seen=cell, tap="erase").status_code == HTTPStatus.OK
    assert cell_of(person) == ""


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "obligatoire"),
        ({"tap": "zz"}, "zz"),
        ({"tap": "late", "late": "7 h"}, "choisissez plutôt un motif d’absence"),
        ({"tap": "late", "late": "beaucoup"}, "Écrivez une durée en minutes"),
        ({"tap": "late"}, "Écrivez de combien de minutes"),
        ({"tap": "absent"}, "Choisissez le motif"),
        ({"tap": "absent", "reason": "flu"}, "flu"),
        ({"tap": "hours", "hours": "midi"}, "Écrivez des heures et des minutes"),
        ({"tap": "hours", "hours": "25"}, "Écrivez les heures de la journée"),
        ({"tap": "hours", "hours": "7", "rest": "health"}, "il ne reste pas d’absence"),
        ({"tap": "hours", "hours": "4", "kind": "paid_absence"}, "paid_absence"),
        ({"tap": "present", "seen": "zz"}, "Cette page a changé : rechargez-la"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_tap_that_makes_no_day_comes_back_in_the_row(client, worksite, sent, message, htmx):
    person = make_member(worksite)
    response = tap(client, worksite, person, htmx=htmx, **sent)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert message in text_of(response)
    assert f'id="personne-{person.pk}"' in text_of(response)
    for typed in (sent.get("late"), sent.get("hours")):
        assert typed is None or f'value="{typed}"' in text_of(response)
    assert cell_of(person) == ""


def test_without_javascript_the_page_comes_back_at_the_row(client, worksite):
    person, job = make_member(worksite), make_job(worksite)
    response = tap(client, worksite, person, tap="present", commande=job.pk, htmx=False)
    assert response.headers["Location"] == f"{day_url(worksite)}&commande={job.pk}#personne-{person.pk}"
    assert JobShare.objects.get().job == job
    page = text_of(client.get(response.headers["Location"]))
    assert "Présent, 6 h 30." in page.replace("\u00a0", " ")
    assert f"Pour {job}" in page


def test_two_tabs(client, worksite, supervisor):
    person = make_member(worksite)
    tap(signed_in_client(supervisor), worksite, person, tap="absent", reason="health")
    for htmx in (True, False):
        response = tap(client, worksite, person, tap="late", late="30", htmx=htmx)
        page = text_of(response).replace("\u00a0", " ")
        assert response.status_code == HTTPStatus.CONFLICT
        assert "a enregistré « Absent, santé » à 8 h 00, pendant que cette page était ouverte." in page
        assert "Vous vouliez : « En retard de 30 min, présent 6 h »." in page
        assert '<input type="hidden" name="late" value="30">' in page
        assert '<input type="hidden" name="seen" value="S6,5">' in page
    assert cell_of(person) == "S6,5"
    assert tap(client, worksite, person, seen="S6,5", tap="late", late="30").status_code == HTTPStatus.OK
    assert cell_of(person) == "6 R0,5"


def test_what_somebody_else_erased_is_said(client, worksite):
    person = make_member(worksite)
    response = tap(client, worksite, person, seen="6,5", tap="late", late="15")
    assert response.status_code == HTTPStatus.CONFLICT
    assert "vient d’être effacé" in text_of(response)


def test_a_tap_made_twice_is_recorded_once(client, worksite):
    person = make_member(worksite)
    for _each in range(2):
        assert tap(client, worksite, person, tap="present").status_code == HTTPStatus.OK
    assert TimeEntry.objects.get().minutes == 390


# The whole team


@pytest.mark.parametrize("htmx", [True, False])
def test_all_present_leaves_alone_what_is_recorded(client, worksite, htmx):
    team = [make_member(worksite, name) for name in ("Amina", "Bruno", "Chloé")]
    tap(client, worksite, team[0], tap="absent", reason="health")
    waiting = [person.pk for person in team]
    response = tap(client, worksite, tap="all-present", waiting=waiting, htmx=htmx)
    if not htmx:
        response = client.get(response.headers["Location"])
    assert [cell_of(person) for person in team] == ["S6,5", "6,5", "6,5"]
    assert "2 personnes enregistrées : présent." in text_of(response)
    assert f"laissé tel quel : {team[0]}." in text_of(response)
    assert "3 sur 3 pointés" in text_of(response)


def test_all_present_touches_only_those_the_sender_saw(client, worksite):
    seen, newcomer = make_member(worksite), make_member(worksite, "Bruno")
    tap(client, worksite, tap="all-present", waiting=[seen.pk])
    assert (cell_of(seen), cell_of(newcomer)) == ("6,5", "")


def test_a_public_holiday_is_one_tap_for_everybody(client, worksite):
    easter = D(2024, 4, 1)  # a Monday
    person, other = make_member(worksite), make_member(worksite, "Bruno", work_days="45")
    page = text_of(client.get(day_url(worksite, easter)))
    assert "Jour férié : lundi de Pâques" in page.replace("Lundi", "lundi")
    assert "Jour férié pour toute l’équipe" in page
    assert ">Présent<" not in page
    tap(client, worksite, day=easter, tap="all-holiday", waiting=[person.pk, other.pk])
    assert (cell_of(person), cell_of(other)) == ("JF6,5", "")


@pytest.mark.parametrize(
    ("day", "sent", "message"),
    [
        (MONDAY, "all-holiday", "Ce jour n’est pas férié."),
        (D(2024, 3, 5), "all-present", "la présence se pointe le jour même"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_what_the_whole_team_cannot_be(client, worksite, day, sent, message, htmx):
    person = make_member(worksite)
    response = tap(client, worksite, day=day, tap=sent, waiting=[person.pk], htmx=htmx)
    assert (response.status_code, cell_of(person)) == (HTTPStatus.UNPROCESSABLE_ENTITY, "")
    assert message in text_of(response)


# Rights


def test_a_social_worker_reads_without_a_button(clients, worksite, worked):
    reader = clients[Role.SOCIAL_WORKER]
    page = text_of(reader.get(day_url(worksite)))
    assert "Présent, 6 h 30" in page.replace("\u00a0", " ")
    assert "presence-taps" not in page
    assert tap(reader, worksite, worked.beneficiary, tap="erase").status_code == HTTPStatus.NOT_FOUND
    assert split(reader, worked).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_those_who_steer_record_everywhere(clients, worksite, role):
    person = make_member(worksite)
    assert tap(clients[role], worksite, person, tap="present").status_code == HTTPStatus.OK


def test_another_worksite_does_not_exist_for_an_instructor(client, worksite):
    other = make_worksite()
    person, own = make_member(other), make_member(worksite, "Bruno")
    entry = make_time(person, MONDAY, 390)
    assert client.get(day_url(other)).status_code == HTTPStatus.NOT_FOUND
    assert tap(client, other, person, tap="erase", seen="6,5").status_code == HTTPStatus.NOT_FOUND
    assert tap(client, worksite, person, tap="erase", seen="6,5").status_code == HTTPStatus.NOT_FOUND
    assert (
        client.get(reverse("worksites:presence-split", args=[entry.pk])).status_code == HTTPStatus.NOT_FOUND
    )
    assert split(client, entry).status_code == HTTPStatus.NOT_FOUND
    tap(client, worksite, tap="all-present", waiting=[person.pk, own.pk])
    assert (cell_of(person), cell_of(own)) == ("6,5", "6,5")
    person.assignments.update(end=MONDAY)
    make_assignment(person, worksite, start=D(2024, 3, 5))
    # Theirs since, but not that day.
    assert (
        client.get(reverse("worksites:presence-split", args=[entry.pk])).status_code == HTTPStatus.NOT_FOUND
    )


def test_a_tap_is_a_post(client, worksite):
    url = reverse("worksites:presence-tap", args=[worksite.pk])
    assert client.get(url).status_code == HTTPStatus.METHOD_NOT_ALLOWED


# Cost


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_costs_the_same_whatever_the_team(
    client, worksite, programme, django_assert_num_queries, people
):
    job = make_job(worksite)
    make_session(programme, MONDAY)
    for number in range(people):
        person = make_member(worksite, f"Prénom {'abc'[number]}")
        make_enrolment(programme, person)
        share_work(make_time(person, MONDAY, 180), {job: 180})
    client.get(day_url(worksite))
    with django_assert_num_queries(19):
        client.get(day_url(worksite))


@pytest.mark.parametrize("people", [1, 3])
def test_a_tap_costs_the_same_whatever_the_team(client, worksite, django_assert_num_queries, people):
    team = [make_member(worksite, f"Prénom {'abc'[number]}") for number in range(people)]
    client.get(day_url(worksite))
    with django_assert_num_queries(30):
        tap(client, worksite, team[0], tap="present")
