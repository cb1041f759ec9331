"""The weekly sheet as PDF: read back, page by page."""

import datetime as dt
import io
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.messages import get_messages
from django.urls import reverse
from pypdf import PdfReader

from beneficiaries.time_enums import AbsenceReason, TimeKind
from confluences.enums import Role
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time, today
from tests.trainings.factories import make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_equipment, make_job, make_worksite
from worksites.week_reports import monday_of

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
