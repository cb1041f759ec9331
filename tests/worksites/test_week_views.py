"""The weekly sheet as PDF: read back, page by page."""

import datetime as dt
import io
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from pypdf import PdfReader

from beneficiaries.time_enums import AbsenceReason, TimeKind
from confluences.enums import Role
from tests.beneficiaries.factories import DAY, make_beneficiary, make_contract, make_time, today
from tests.trainings.factories import make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_equipment, make_job, make_worksite
from worksites.job_actions import share_work
from worksites.week_reports import JobLine, monday_of, week_sheet

pytestmark = pytest.mark.django_db

MONDAY = monday_of(today())
FIRST = MONDAY - dt.timedelta(days=60)
HEALTH_WORDS = ("santé", "health", "maladie", "médical", "frein", "famille", "justif")


def url_of(worksite, monday: dt.date | str = MONDAY):
    return f"{reverse('worksites:week-sheet', args=[worksite.pk])}?lundi={monday}"


def read(response) -> list[str]:
    assert response["Content-Type"] == "application/pdf"
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(response.content)).pages]


def worker(worksite, **fields):
    contract = make_contract(make_beneficiary(**fields), start=FIRST, end=FIRST + dt.timedelta(days=300))
    make_assignment(contract.beneficiary, worksite, start=FIRST)
    return contract.beneficiary


def full_worksite(people: int, sessions: tuple[int, ...] = (1, 4)):
    """A worksite with that many people, in a week where much happens."""
    worksite = make_worksite(name="Fresnes", places=people)
    programme = make_programme(name="Ouvrier du paysage, 230 heures")
    for number in range(people):
        letters = "abcdefghij"[number % 10] * (number // 10 + 1)
        person = worker(worksite, last_name="Exemple Composé", first_name=f"Amina {letters}")
        make_enrolment(programme, person, enrolled_on=FIRST)
        if number % 5 == 0:
            day = MONDAY + dt.timedelta(days=3)
            make_time(person, day, 312, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.HEALTH)
    for offset in sessions:
        day = MONDAY + dt.timedelta(days=offset)
        make_session(programme, day, place="Salle Aristide-Briand, Arcueil")
        if len(sessions) > 2:
            make_session(programme, day, start=dt.time(13, 30), end=dt.time(17))
    for number in range(7):
        title = f"Taille des haies et nettoyage du parc n° {number}"
        make_job(worksite, title=title, start=FIRST, deadline=MONDAY + dt.timedelta(days=30))
    for _each in range(7):
        make_equipment(worksite, next_inspection=MONDAY + dt.timedelta(days=9))
    return worksite


def sheet_of(clients, worksite) -> list[str]:
    return read(clients[Role.SUPERVISOR].get(url_of(worksite)))


def no_health(words: str) -> bool:
    return not any(word in words.casefold() for word in HEALTH_WORDS)


@pytest.mark.parametrize(("people", "pages"), [(1, 1), (8, 1), (12, 1), (16, 2), (40, 3)])
def test_sheet_has_everybody_and_its_heads_on_each_page(clients, people, pages):
    texts = sheet_of(clients, full_worksite(people))
    assert len(texts) == pages
    words = " ".join(texts)
    assert words.count("Exemple Composé Amina") == people
    assert words.count("absent") == -(-people // 5)
    with_rows = [text for text in texts if "Exemple Composé" in text]
    assert [text.count("Salarié Lundi") for text in with_rows] == [1] * len(with_rows)
    assert "Et 2 autres, à voir dans l’application." in texts[-1]
    assert f"page {pages} sur {pages}" in texts[-1]
    assert no_health(words)


def test_twelve_people_in_training_all_week_stay_on_one_page(clients):
    assert len(sheet_of(clients, full_worksite(12, sessions=(0, 1, 2, 3, 4)))) == 1


def cell_words(clients, worksite, name: str) -> str:
    [text] = sheet_of(clients, worksite)
    return text.partition(name)[2].partition("Cochez")[0].strip()


def test_sheet_says_what_is_known_and_never_why(clients):
    worksite = make_worksite(name="Fresnes")
    person = worker(worksite, last_name="Exemple", first_name="Amina")
    make_time(person, MONDAY, 312, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.HEALTH)
    make_time(person, MONDAY + DAY, 60, kind=TimeKind.PAID_ABSENCE, reason=AbsenceReason.FAMILY)
    make_time(person, MONDAY + 2 * DAY, 312, kind=TimeKind.IMMERSION)
    programme = make_programme(name="Taille")
    make_enrolment(programme, person, enrolled_on=FIRST)
    make_session(programme, MONDAY + 3 * DAY, place="Salle Briand")
    [text] = sheet_of(clients, worksite)
    assert cell_words(clients, worksite, "Exemple Amina") == (
        "absent 5 h 12 absent 1 h 5 h 12 immersion 5 h 12 formation 9 h – 12 h 30 5 h 12 26 h"
    )
    thursday = MONDAY + 3 * DAY
    assert f"Jeudi {thursday.day}, 9 h – 12 h 30 : Taille, Salle Briand." in text
    assert no_health(text)


def test_sheet_of_a_week_with_a_holiday(clients):
    worksite = make_worksite(name="Fresnes")
    monday = monday_of(dt.date(today().year, 12, 25))
    contract = make_contract(start=monday - 30 * DAY, end=monday + 200 * DAY)
    make_assignment(contract.beneficiary, worksite, start=monday - 30 * DAY)
    text = " ".join(read(clients[Role.SUPERVISOR].get(url_of(worksite, monday))))
    assert ("férié : Noël" in text) == (dt.date(today().year, 12, 25).isoweekday() <= 5)


def test_sheet_has_whoever_begins_or_moves_within_the_week(clients, instructor):
    worksite = make_worksite(name="Fresnes")
    worksite.instructors.add(instructor)
    monday = MONDAY + 7 * DAY
    beginner = make_contract(
        make_beneficiary(last_name="Bientôt"), start=monday + DAY, end=monday + 200 * DAY
    )
    make_assignment(beginner.beneficiary, worksite, start=monday + DAY)
    mover = worker(worksite, last_name="Partante")
    mover.assignments.update(end=monday)
    make_assignment(mover, make_worksite(), start=monday + DAY)
    gone = worker(worksite, last_name="Ancienne")
    gone.assignments.update(end=monday - DAY)
    [text] = read(clients[Role.INSTRUCTOR].get(url_of(worksite, monday)))
    assert "Bientôt Camille hors contrat 5 h 12 5 h 12 5 h 12 5 h 12 20 h 48" in text
    assert (
        "Partante Camille 5 h 12 autre chantier autre chantier autre chantier autre chantier 5 h 12" in text
    )
    assert "Ancienne" not in text


def test_sheet_of_an_empty_worksite(clients):
    [text] = sheet_of(clients, make_worksite(name="Fresnes"))
    assert "Personne n’est affecté à ce chantier cette semaine-là." in text
    assert "Aucune commande en cours." in text


def test_sheet_tells_jobs_and_equipment_of_this_worksite_alone(clients):
    worksite = make_worksite(name="Fresnes")
    person = worker(worksite, last_name="Exemple", first_name="Amina")
    job = make_job(worksite, title="Haies", client="Mairie", quoted_minutes=600, start=FIRST)
    share_work(make_time(person, MONDAY - 7 * DAY, 300), {job: 300})
    make_job(worksite, title="Finie", start=FIRST, finished_on=MONDAY - DAY)
    make_job(title="Ailleurs", start=FIRST)
    make_equipment(worksite, label="MAT-1", next_inspection=MONDAY - DAY)
    make_equipment(label="MAT-2", next_inspection=MONDAY - DAY)
    [text] = sheet_of(clients, worksite)
    assert "Haies (Mairie) : reste 5 h." in text
    assert f"MAT-1 Tondeuse : contrôle en retard, prévu le {MONDAY - DAY:%d/%m/%Y}." in text
    assert [word for word in ("Finie", "Ailleurs", "MAT-2") if word in text] == []


@pytest.mark.parametrize(
    ("left", "words"),
    [(90, "reste 1 h 30"), (0, "heures du devis atteintes"), (-60, "1 h de plus que le devis")],
)
def test_job_line(left, words):
    assert JobLine(make_job(), left).words == words.replace(" h", "\u00a0h").replace("h 30", "h\u00a030")


def test_instructor_prints_own_worksites_alone_and_it_is_logged(clients, instructor):
    own, other = make_worksite(), make_worksite()
    own.instructors.add(instructor)
    client = clients[Role.INSTRUCTOR]
    assert client.get(url_of(other)).status_code == HTTPStatus.NOT_FOUND
    assert client.get(url_of(own)).status_code == HTTPStatus.OK
    entry = LogEntry.objects.filter(additional_data__event="print").get()
    assert (entry.object_repr, entry.actor) == (str(own), instructor)


@pytest.mark.parametrize("week", ["", "2026-11-23"])
def test_any_day_means_its_week(clients, week):
    worksite = make_worksite(name="Fresnes")
    response = clients[Role.SUPERVISOR].get(url_of(worksite, week or today()))
    monday = monday_of(today()) if not week else dt.date(2026, 11, 23)
    assert response["Content-Disposition"] == f'attachment; filename="semaine-fresnes-{monday}.pdf"'


@pytest.mark.parametrize("week", ["demain", "2026-13-01", "0001-01-01", "9999-12-31", "23/11/2026"])
def test_bad_weeks_are_said_and_print_nothing(clients, week):
    worksite = make_worksite()
    response = clients[Role.SUPERVISOR].get(url_of(worksite, week))
    assert response.url == worksite.get_absolute_url()
    assert len(list(get_messages(response.wsgi_request))) == 1
    assert not LogEntry.objects.filter(additional_data__event="print").exists()


@pytest.mark.parametrize("people", [1, 3])
def test_sheet_costs_the_same(supervisor, django_assert_num_queries, people):
    worksite = full_worksite(people)
    with django_assert_num_queries(12):
        assert len(week_sheet(supervisor, worksite, MONDAY).rows) == people
