"""The morning's presence on the screen: each tap, what it refuses, two tabs, rights, and its cost."""

import datetime as dt
from http import HTTPStatus
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from beneficiaries.models import MonthClosing, TimeEntry
from beneficiaries.time_rules import write_cell
from confluences.actions import save_recorded
from confluences.enums import Role
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.conftest import signed_in_client
from tests.trainings.factories import attend, make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_job, make_worksite
from worksites.job_actions import share_work
from worksites.models import JobShare
from worksites.presence_reports import nearest_work_days, presence_day, usual_job

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2024, 3, 4)
NOW = dt.datetime(2024, 3, 4, 8, 0, tzinfo=ZoneInfo("Europe/Paris"))
D = dt.date


@pytest.fixture(autouse=True)
def _that_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def worksite(instructor):
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    return worksite


@pytest.fixture
def client(instructor):
    return signed_in_client(instructor)


def make_member(worksite, name="Amina", **contract):
    person = make_beneficiary(last_name="Exemple", first_name=name)
    make_contract(person, **{"work_days": "1234"} | contract)
    make_assignment(person, worksite)
    return person


def day_url(worksite, day=MONDAY):
    return f"{reverse('worksites:presence-day', args=[worksite.pk])}?jour={day.isoformat()}"


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def tap(client, worksite, person=None, *, day=MONDAY, seen="", htmx=True, **data):
    sent = {"jour": day.isoformat(), "seen": seen} | ({"person": person.pk} if person else {}) | data
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(reverse("worksites:presence-tap", args=[worksite.pk]), sent, headers=headers)


def cell_of(person) -> str:
    return write_cell(entry.part for entry in TimeEntry.objects.filter(beneficiary=person, start=None))


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


# Days


def test_only_announced_absences_are_recorded_ahead(client, worksite):
    person, tomorrow = make_member(worksite), D(2024, 3, 5)
    page = text_of(client.get(day_url(worksite, tomorrow)))
    assert "Absence annoncée…" in page
    assert "Tous présents" not in page
    for sent in (
        {"tap": "present"},
        {"tap": "late", "late": "15"},
        {"tap": "absent", "reason": "unjustified"},
    ):
        response = tap(client, worksite, person, day=tomorrow, **sent)
        assert "seule une absence annoncée s’enregistre d’avance" in text_of(response)
    tap(client, worksite, person, day=tomorrow, tap="absent", reason="leave")
    assert cell_of(person) == "CP6,5"
    tap(client, worksite, person, day=tomorrow, seen="CP6,5", tap="erase")
    assert cell_of(person) == ""


def test_a_day_without_hours_says_so_and_takes_typed_ones(client, worksite):
    person, friday = make_member(worksite), D(2024, 3, 1)
    page = text_of(client.get(day_url(worksite, friday)))
    assert "Rien n’est prévu ce jour-là : aucun contrat de l’équipe ne compte d’heures le vendredi." in page
    refused = tap(client, worksite, person, day=friday, tap="present")
    assert "Rien n’est prévu ce jour-là" in text_of(refused)
    assert "il n’y a pas d’absence à noter" in text_of(
        tap(client, worksite, person, day=friday, tap="absent", reason="health")
    )
    tap(client, worksite, person, day=friday, tap="hours", hours="4")
    assert cell_of(person) == "4"


def test_links_skip_the_days_on_which_nobody_works(worksite):
    make_member(worksite)
    assert nearest_work_days(worksite, MONDAY) == (D(2024, 2, 29), D(2024, 3, 5))
    assert nearest_work_days(worksite, D(2024, 3, 28)) == (D(2024, 3, 27), D(2024, 4, 1))
    assert nearest_work_days(worksite, D(2030, 1, 1)) == (D(2029, 12, 31), D(2030, 1, 2))
    assert nearest_work_days(make_worksite(), D.max) == (D(9999, 12, 30), D.max)


@pytest.mark.parametrize("day", ["zz", "2024-13-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_shows_today(client, worksite, day):
    response = client.get(reverse("worksites:presence-day", args=[worksite.pk]), {"jour": day})
    assert "voici aujourd’hui" in text_of(response)
    assert response.context["presence"].day == MONDAY
    assert tap(client, worksite, make_member(worksite), jour=day, tap="present").status_code == 404


def test_the_team_is_that_day_s(client, worksite):
    person = make_member(worksite)
    person.assignments.update(end=D(2024, 2, 29))
    make_contract(start=D(2024, 1, 1), end=D(2024, 12, 31))
    assert "Personne n’était attendu ici" in text_of(client.get(day_url(worksite)))
    assert str(person) in text_of(client.get(day_url(worksite, D(2024, 2, 29))))


def test_a_closed_month_is_read_only(client, worksite, supervisor):
    person = make_member(worksite)
    make_time(person, MONDAY, 390)
    save_recorded(MonthClosing(first_day=D(2024, 3, 1), last_day=D(2024, 3, 31)), by=supervisor)
    page = text_of(client.get(day_url(worksite)))
    assert "est clos : la direction peut le rouvrir. La présence se lit sans se modifier." in page
    assert "presence-taps" not in page
    response = tap(client, worksite, person, seen="6,5", tap="absent", reason="health")
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "est clos" in text_of(response)
    assert cell_of(person) == "6,5"


# Training


@pytest.fixture
def programme():
    return make_programme(210, 210, 240)


def test_sessions_reduce_what_is_planned(client, worksite, programme):
    person, other = make_member(worksite), make_member(worksite, "Bruno")
    make_enrolment(programme, person, group="A")
    make_enrolment(programme, other, group="B")
    make_session(programme, MONDAY, group="A")
    page = text_of(client.get(day_url(worksite))).replace("\u00a0", " ")
    assert "Formation 9 h à 12 h 30, à émarger" in page
    tap(client, worksite, person, tap="present")
    tap(client, worksite, other, tap="present")
    assert (cell_of(person), cell_of(other)) == ("3", "6,5")


def test_a_whole_day_of_training_leaves_nothing_to_tap(client, worksite, programme):
    person = make_member(worksite)
    enrolment = make_enrolment(programme, person)
    morning = make_session(programme, MONDAY)
    make_session(programme, MONDAY, start=dt.time(13, 30), end=dt.time(17))
    attend(morning, enrolment)
    page = text_of(client.get(day_url(worksite))).replace("\u00a0", " ")
    assert "Formation 9 h à 12 h 30, en formation, 3 h 30" in page
    assert "Formation 13 h 30 à 17 h, à émarger" in page
    assert "presence-taps" not in page
    [row] = presence_day(worksite, MONDAY, MONDAY).rows
    assert (row.planned, row.where, row.is_waiting) == (0, "training", False)


def test_an_enrolment_that_ended_expects_nobody(worksite, programme):
    enrolment = make_enrolment(programme, make_member(worksite))
    make_session(programme, MONDAY)
    enrolment.left_on = D(2024, 3, 3)
    save_recorded(enrolment, by=None)
    assert presence_day(worksite, MONDAY, MONDAY).rows[0].planned == 390


def test_the_day_in_a_sentence(client, worksite, programme):
    team = [make_member(worksite, name) for name in ("Amina", "Bruno", "Chloé", "Driss", "Élodie")]
    make_enrolment(programme, team[4])
    make_session(programme, MONDAY)
    make_session(programme, MONDAY, start=dt.time(13, 30), end=dt.time(17))
    for person in team[:2]:
        tap(client, worksite, person, tap="present")
    tap(client, worksite, team[2], tap="absent", reason="family")
    presence = presence_day(worksite, MONDAY, MONDAY)
    assert presence.sentence == "2 présents, 1 en formation, 1 absent, 1 à pointer"
    assert presence.counter == "3 sur 4 pointés"
    assert [row.person for row in presence.waiting] == [team[3]]


# Client jobs


def test_the_page_begins_with_the_job_of_the_last_recorded_day(client, instructor, worksite):
    person, older, latest = make_member(worksite), make_job(worksite), make_job(worksite)
    jobs = [older, latest]
    assert usual_job(worksite, jobs, MONDAY) is None
    for day, job in ((D(2024, 2, 28), older), (D(2024, 2, 29), latest)):
        share_work(make_time(person, day, 390), {job: 390})
    assert usual_job(worksite, jobs, MONDAY) == latest
    assert usual_job(worksite, jobs, D(2024, 2, 28)) == older
    page = text_of(client.get(day_url(worksite)))
    assert f'<option value="{latest.pk}" selected>' in page
    make_time(person, MONDAY, 390)  # recorded for no job
    assert usual_job(worksite, jobs, MONDAY) is None


def test_the_chosen_job_stays_chosen(client, worksite):
    make_member(worksite)
    job = make_job(worksite)
    page = text_of(client.get(f"{day_url(worksite)}&commande={job.pk}"))
    assert f'<input type="hidden" name="commande" value="{job.pk}">' in page


@pytest.mark.parametrize("job", ["999", "zz", ""])
def test_a_job_that_is_none_of_the_worksite_s_is_not_taken(client, worksite, job):
    person = make_member(worksite)
    make_job(worksite)
    tap(client, worksite, person, tap="present", commande=job)
    assert not JobShare.objects.exists()


@pytest.fixture
def worked(worksite):
    return make_time(make_member(worksite), MONDAY, 390)


def split(client, entry, **data):
    return client.post(reverse("worksites:presence-split", args=[entry.pk]), data)


def test_work_is_split_between_jobs(client, worksite, worked):
    one, other = make_job(worksite), make_job(worksite)
    response = split(client, worked, seen="390", **{f"job-{one.pk}": "4", f"job-{other.pk}": "2:30"})
    assert response.headers["Location"] == f"{day_url(worksite)}#personne-{worked.beneficiary_id}"
    assert {share.job: share.minutes for share in JobShare.objects.all()} == {one: 240, other: 150}


def test_shares_beyond_the_day_come_back_filled(client, worksite, worked):
    job = make_job(worksite)
    response = split(client, worked, seen="390", **{f"job-{job.pk}": "7"})
    page = text_of(response).replace("\u00a0", " ")
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Réparti : 7 h sur 6 h 30, 30 min de trop. Réduisez une part." in page
    assert 'value="7"' in page
    response = split(client, worked, seen="390", **{f"job-{job.pk}": "matin"})
    assert "par exemple 4 ou 4:30" in text_of(response)
    assert not JobShare.objects.exists()


def test_two_tabs_of_one_split(client, worksite, worked):
    job = make_job(worksite)
    share_work(worked, {job: 60})
    response = split(client, worked, seen="390", **{f"job-{job.pk}": "4"})
    assert response.status_code == HTTPStatus.CONFLICT
    assert f"1 h pour {job}" in text_of(response).replace("\u00a0", " ")
    assert 'value="4"' in text_of(response)
    assert JobShare.objects.get().minutes == 60
    assert split(client, worked, seen=f"390 {job.pk}=60", **{f"job-{job.pk}": "4"}).status_code == 302
    assert JobShare.objects.get().minutes == 240


def test_a_split_without_a_job_or_in_a_closed_month(client, worksite, worked, supervisor):
    url = reverse("worksites:presence-split", args=[worked.pk])
    assert "Aucune commande en cours ce jour-là" in text_of(client.get(url))
    job = make_job(worksite)
    save_recorded(MonthClosing(first_day=D(2024, 3, 1), last_day=D(2024, 3, 31)), by=supervisor)
    assert "est clos" in text_of(client.get(url))
    assert "est clos" in text_of(split(client, worked, seen="390", **{f"job-{job.pk}": "4"}))
    assert not JobShare.objects.exists()


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
    with django_assert_num_queries(17):
        client.get(day_url(worksite))


@pytest.mark.parametrize("people", [1, 3])
def test_a_tap_costs_the_same_whatever_the_team(client, worksite, django_assert_num_queries, people):
    team = [make_member(worksite, f"Prénom {'abc'[number]}") for number in range(people)]
    client.get(day_url(worksite))
    with django_assert_num_queries(40):
        tap(client, worksite, team[0], tap="present")
