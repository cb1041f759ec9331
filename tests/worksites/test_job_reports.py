"""Client jobs counted by the database: their hours, their weeks, the load that they make."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from beneficiaries.time_actions import record_session_part
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.measures import Measure
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.trainings.factories import make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_job, make_work, make_worksite
from worksites.job_actions import share_work
from worksites.job_reports import COLUMNS, hours_by_week, job_page, job_picture, job_row, job_rows, span_words
from worksites.load_reports import loads, worksite_jobs
from worksites.models import JobOrder

D = dt.date
TODAY = D(2024, 6, 26)  # a Wednesday; the pace counts from 5 June

pytestmark = pytest.mark.django_db


def worker(worksite, **contract):
    """Somebody of 35 hours a week, assigned since January."""
    person = make_contract(**{"weekly_minutes": 35 * 60} | contract).beneficiary
    make_assignment(person, worksite)
    return person


@pytest.fixture
def worksite():
    return make_worksite(name="Fresnes")


def rows(today=TODAY):
    return job_rows(JobOrder.objects.order_by("title"), today)


# Hours


def test_hours_left_recounted_by_hand_in_sql(worksite):
    """One job of 100 h: 7 h in May, 7 h and 3 h 30 in June by two people, another 3 h 30 of that day elsewhere."""
    job, other = make_job(worksite, title="A"), make_job(worksite, title="B", quoted_minutes=600)
    first, second = worker(worksite), worker(worksite)
    make_work(job, D(2024, 5, 2), 420, first)
    make_work(job, D(2024, 6, 24), 420, first)
    share_work(make_time(second, D(2024, 6, 24), 420), {job: 210, other: 210})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.title, o.quoted_minutes - SUM(s.minutes), "
            "       SUM(CASE WHEN e.day >= '2024-06-05' AND e.day < '2024-06-26' THEN s.minutes ELSE 0 END) "
            "FROM worksites_joborder o JOIN worksites_jobshare s ON s.job_id = o.id "
            "JOIN beneficiaries_timeentry e ON e.id = s.entry_id GROUP BY o.id, o.title, o.quoted_minutes ORDER BY o.title"
        )
        recounted = cursor.fetchall()
    assert recounted == [("A", 4950, 630), ("B", 390, 210)]
    assert [(row.job.title, row.figures.left, row.figures.facts.recent) for row in rows()] == recounted


def test_hours_of_today_are_done_and_make_no_pace_yet(worksite):
    job = make_job(worksite)
    make_work(job, TODAY, 420, worker(worksite))
    [row] = rows()
    assert (row.figures.done, row.figures.pace) == (420, None)


@pytest.mark.parametrize("count", [1, 3])
def test_rows_cost_one_query_whatever_their_number(worksite, django_assert_num_queries, count):
    person = worker(worksite)
    for number in range(count):
        make_work(make_job(worksite), D(2024, 6, 10 + number), 420, person)
    with django_assert_num_queries(1):
        found = rows()
        assert [(row.job.worksite.name, row.status.label) for row in found] == [
            ("Fresnes", "sans échéance")
        ] * count


@pytest.mark.parametrize(
    ("fields", "hours", "label", "kind"),
    [
        ({"start": D(2024, 7, 1)}, 0, "commence le 01/07/2024", "info"),
        ({}, 0, "pas encore commencée", "info"),
        ({"deadline": D(2024, 6, 21)}, 0, "3 jours de retard", "late"),
        ({"finished_on": D(2024, 6, 24)}, 0, "terminée", "neutral"),
        ({"finished_on": D(2024, 6, 24), "deadline": D(2024, 6, 24)}, 0, "terminée à temps", "ok"),
        (
            {"finished_on": D(2024, 6, 25), "deadline": D(2024, 6, 24)},
            0,
            "terminée, 1 jour de retard",
            "neutral",
        ),
        ({"quoted_minutes": 840}, 7, "sans échéance", "neutral"),
        ({"quoted_minutes": 420}, 7, "heures du devis faites", "soon"),
        # 7 h in 15 days: 7 h more take 15 working days, to 17 July.
        ({"quoted_minutes": 840, "deadline": D(2024, 7, 17)}, 7, "juste à temps", "soon"),
        ({"quoted_minutes": 840, "deadline": D(2024, 7, 18)}, 7, "1 jour d’avance", "ok"),
        ({"quoted_minutes": 840, "deadline": D(2024, 7, 15)}, 7, "2 jours de retard", "late"),
        ({"quoted_minutes": 600_000}, 7, "ne finira pas à ce rythme", "late"),
    ],
)
def test_status(worksite, fields, hours, label, kind):
    job = make_job(worksite, **fields)
    if hours:
        make_work(job, D(2024, 6, 20), hours * 60, worker(worksite))
    [row] = rows()
    assert (row.status.label, row.status.kind) == (label, kind)


def test_a_job_left_alone_says_so(worksite):
    make_work(make_job(worksite), D(2024, 5, 2), 420, worker(worksite))
    [row] = rows()
    assert (row.status.label, row.figures.end) == ("aucune heure depuis 3 semaines", None)


def test_overrun_and_progress_are_said_apart(worksite):
    job = make_job(worksite, quoted_minutes=300, progress=50)
    make_work(job, D(2024, 6, 20), 420, worker(worksite))
    [row] = rows()
    assert row.overrun.label == "2\u00a0h au-delà du devis"
    assert row.warning == (
        "À 50\u00a0% d’avancement, les 7\u00a0h faites en annoncent 14\u00a0h en tout ; le devis en compte 5\u00a0h."
    )


def test_exported_cells(worksite):
    job = make_job(
        worksite,
        title="Haies",
        place="Parc",
        quoted_minutes=630,
        deadline=D(2024, 7, 1),
        progress=40,
        quoted_amount=Decimal("300.00"),
        hourly_cost=Decimal("14.20"),
    )
    make_work(job, D(2024, 6, 20), 420, worker(worksite))
    assert [column.value(job_row(job, TODAY)) for column in COLUMNS] == [
        "Fresnes",
        "Haies",
        "Mairie d’Exemple",
        "Parc",
        D(2024, 1, 1),
        D(2024, 7, 1),
        None,
        Decimal("10.50"),
        Decimal("7.00"),
        Decimal("3.50"),
        Decimal("0.00"),
        D(2024, 7, 8),
        5,
        40,
        Decimal("300.00"),
        Decimal("99.40"),
        "5 jours de retard",
    ]


# Weeks


def test_hours_by_week_name_no_one_and_leave_no_week_out(worksite):
    job = make_job(worksite, start=D(2024, 6, 5))
    for person in (worker(worksite), worker(worksite)):
        make_work(job, D(2024, 6, 6), 210, person)
        make_work(job, D(2024, 6, 26), 60, person)
    assert hours_by_week(job, TODAY) == [
        Measure(label="du 3 au 7 juin", value=420, words="7\u00a0h"),
        Measure(label="du 10 au 14 juin", value=0, words="aucune heure"),
        Measure(label="du 17 au 21 juin", value=0, words="aucune heure"),
        Measure(label="du 24 au 28 juin", value=120, words="2\u00a0h"),
    ]


def test_hours_by_week_stop_where_the_job_did_and_go_back_a_quarter(worksite):
    job = make_job(worksite, finished_on=D(2024, 5, 31))
    weeks = hours_by_week(job, TODAY)
    assert (len(weeks), weeks[0].label, weeks[-1].label) == (12, "du 11 au 15 mars", "du 27 au 31 mai")


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (D(2026, 12, 7), D(2026, 12, 11), "du 7 au 11 décembre"),
        (D(2026, 12, 28), D(2027, 1, 1), "du 28 décembre au 1er janvier"),
        (D(2026, 12, 11), D(2026, 12, 11), "le 11 décembre"),
    ],
)
def test_span_words(first, last, words):
    assert span_words(first, last) == words


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_two_queries(worksite, django_assert_num_queries, count):
    job = make_job(worksite)
    for number in range(count):
        make_work(job, D(2024, 6, 3 + number), 420, worker(worksite))
    with django_assert_num_queries(2):
        page = job_page(job, TODAY)
        assert "svg" in page.picture
        assert page.facts[2] == ("Chantier", "Fresnes")


@pytest.mark.parametrize("start", [D(1900, 1, 1), D(2024, 6, 26), D(2025, 3, 1)])
@pytest.mark.parametrize("deadline", [None, D(2025, 3, 1), D(9999, 12, 31)])
def test_a_picture_shows_what_is_near_whatever_the_dates(worksite, start, deadline):
    make_job(worksite, start=start, deadline=deadline)
    assert "svg" in job_picture(rows(), TODAY, "Commandes")


def test_an_empty_picture_says_so():
    assert "Rien à montrer" in job_picture([], TODAY, "Commandes")


# Load


def hours_of(load):
    return [(week.asked, week.present) for week in load.weeks]


def load_of(worksite, today=TODAY):
    return worksite_jobs(worksite, today).load


def test_people_present_until_their_contracts_end_without_holidays(worksite):
    """One person whose contract ends on 5 July, one without a known end: 14 July 2024 is a Sunday, 15 August a Thursday."""
    worker(worksite, start=D(2024, 1, 8), end=D(2024, 7, 5))
    worker(worksite)
    assert [present for _asked, present in hours_of(load_of(worksite))] == [42, 70, 35, 35, 35, 35, 35, 28]


def test_people_assigned_elsewhere_or_out_of_contract_are_not_there(worksite):
    make_assignment(make_beneficiary(), worksite)
    worker(make_worksite())
    gone = make_contract(weekly_minutes=35 * 60).beneficiary
    make_assignment(gone, worksite, end=D(2024, 6, 27))
    assert hours_of(load_of(worksite))[:2] == [(0, 14), (0, 0)]


def test_training_takes_people_away(worksite):
    """3 h 30 on Monday 1 July for those of the programme, and on Tuesday for group B alone; one left in May."""
    person = worker(worksite)
    programme = make_programme()
    make_enrolment(programme, person, group="A")
    make_enrolment(programme, worker(worksite), left_on=D(2024, 5, 31))
    make_session(programme, D(2024, 7, 1))
    make_session(programme, D(2024, 7, 2), group="B")
    assert [present for _asked, present in hours_of(load_of(worksite))][:2] == [42, 67]


def test_leave_already_recorded_takes_people_away(worksite):
    """Two days of leave from Monday 1 July, and an immersion on Wednesday; work typed ahead takes nobody away."""
    person = worker(worksite)
    make_time(person, D(2024, 7, 1), 420, kind=TimeKind.PAID_ABSENCE, reason=AbsenceReason.LEAVE)
    make_time(person, D(2024, 7, 2), 420, kind=TimeKind.PAID_ABSENCE, reason=AbsenceReason.LEAVE)
    make_time(person, D(2024, 7, 3), 210, kind=TimeKind.IMMERSION)
    make_time(person, D(2024, 7, 4), 420)
    assert [present for _asked, present in hours_of(load_of(worksite))][:2] == [21, 18]


def test_attendance_of_a_coming_session_is_not_taken_away_twice(worksite):
    person = worker(worksite)
    programme = make_programme()
    make_enrolment(programme, person)
    session = make_session(programme, D(2024, 7, 1))
    record_session_part(person, session.day, session.start, Part(TimeKind.TRAINING, 210), by=None)
    assert [present for _asked, present in hours_of(load_of(worksite))][:2] == [21, 32]


def test_a_closed_worksite_has_no_load(worksite):
    job = make_job(worksite, deadline=D(2024, 7, 5))
    worksite.closed_on = D(2024, 6, 25)
    panel = worksite_jobs(worksite, TODAY)
    assert ([row.job for row in panel.rows], panel.load) == ([job], None)
    assert worksite.name in panel.picture


def test_weeks_without_enough_people_are_named(worksite):
    """120 h from Wednesday 26 June to Friday 5 July, 8 working days: 45 h, then 75 h; one person has 21 h, then 35 h."""
    worker(worksite)
    make_job(worksite, quoted_minutes=7200, deadline=D(2024, 7, 5))
    load = load_of(worksite)
    assert [week.sentence for week in load.overloaded] == [
        "du 26 au 28 juin : 45\u00a0h à faire, 21\u00a0h présentes, il manque 24\u00a0h",
        "du 1er au 5 juillet : 75\u00a0h à faire, 35\u00a0h présentes, il manque 40\u00a0h",
    ]
    assert "75\u00a0h à faire, 35\u00a0h présentes" in load.picture


def test_a_week_is_named_to_its_saturday_where_somebody_works_then(worksite):
    worker(worksite, work_days="123456")
    assert load_of(worksite).weeks[0].sentence == "du 26 au 29 juin : 0\u00a0h à faire, 23\u00a0h présentes"


def test_jobs_that_nobody_can_place_are_told(worksite):
    job = make_job(worksite)
    make_job(worksite, finished_on=D(2024, 6, 1))
    load = load_of(worksite)
    assert [row.job for row in load.unplaced] == [job]
    assert load.is_empty


@pytest.mark.parametrize("count", [1, 3])
def test_loads_cost_the_same_whatever_the_number(django_assert_num_queries, count):
    programme = make_programme()
    make_session(programme, D(2024, 7, 1))
    worksites = [make_worksite() for _number in range(count)]
    for worksite in worksites:
        make_enrolment(programme, worker(worksite))
        make_job(worksite, deadline=D(2024, 7, 5))
    found = rows()
    with django_assert_num_queries(5):
        assert [hours_of(load)[1] for load in loads(worksites, found, TODAY)] == [(63, 32)] * count


def test_the_panel_of_a_worksite_shows_its_open_jobs_alone(worksite, django_assert_num_queries):
    job = make_job(worksite, deadline=D(2024, 7, 5))
    make_job(worksite, finished_on=D(2024, 6, 1))
    make_job()
    with django_assert_num_queries(3):
        panel = worksite_jobs(worksite, TODAY)
    assert [row.job for row in panel.rows] == [job]
    assert panel.all_url == f"/chantiers/commandes/?state=&worksite={worksite.pk}"
    assert job.title in panel.picture
