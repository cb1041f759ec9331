"""The morning's presence by day: holidays, training, days ahead, closed months; and the client jobs it is for."""

import datetime as dt
from http import HTTPStatus

import pytest
from django.urls import reverse

from beneficiaries.models import MonthClosing
from confluences.actions import save_recorded
from tests.beneficiaries.factories import make_contract, make_time
from tests.trainings.factories import attend, make_enrolment, make_session
from tests.worksites.factories import make_job, make_worksite
from tests.worksites.mornings import MONDAY, cell_of, day_url, make_member, split, tap, text_of
from worksites.job_actions import share_work
from worksites.models import JobShare
from worksites.presence_reports import nearest_work_days, presence_day, usual_job

pytestmark = pytest.mark.django_db

D = dt.date


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
