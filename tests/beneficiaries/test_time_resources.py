"""Imports of presence: known by day, kind and reason, all or nothing, sessions and closed months left alone, fast."""

import datetime as dt

import pytest

from beneficiaries.models import TimeEntry
from beneficiaries.time_actions import close_month, record_session_part
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_resources import TimeEntryResource
from beneficiaries.time_rules import Part
from confluences.enums import Role
from confluences.imports import Fault, import_file
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.confluences.test_imports import faults_of
from tests.conftest import user_of
from tests.worksites.factories import make_assignment, make_job, make_worksite
from worksites.job_actions import share_work

pytestmark = pytest.mark.django_db

D = dt.date
HEADINGS = "Numéro de dossier;Pointage : jour;Pointage : nature;Pointage : motif d’absence;Pointage : minutes"


def rows_of(*lines: str) -> str:
    return "\n".join([HEADINGS, *lines, ""])


@pytest.fixture
def person(db):
    return make_contract(weekly_minutes=35 * 60).beneficiary


@pytest.fixture
def number(person):
    return person.file_number


def written():
    return [
        (entry.day, entry.kind, entry.reason, entry.minutes, entry.version)
        for entry in TimeEntry.objects.order_by("day", "pk")
    ]


def test_a_day_is_imported_and_again_changes_nothing(person, number, administrator):
    text = rows_of(
        f"{number};04/03/2024;travail;;390",
        f"{number};04/03/2024;absence non payée;retard;30",
        f"{number};05/03/2024;;;420",
    )
    assert import_file(TimeEntryResource, text.encode(), by=administrator) == 3
    assert import_file(TimeEntryResource, text.encode(), by=administrator) == 0
    assert written() == [
        (D(2024, 3, 4), "work", "", 390, 1),
        (D(2024, 3, 4), "unpaid_absence", "late", 30, 1),
        (D(2024, 3, 5), "work", "", 420, 1),
    ]
    assert TimeEntry.objects.first().created_by == administrator


def test_minutes_are_corrected_and_the_job_that_had_them_all_follows(person, number):
    entry = make_time(person, D(2024, 3, 4))
    worksite = make_worksite()
    make_assignment(person, worksite)
    job = make_job(worksite)
    share_work(entry, {job: 420})
    assert import_file(TimeEntryResource, rows_of(f"{number};04/03/2024;work;;400").encode(), by=None) == 1
    assert written() == [(D(2024, 3, 4), "work", "", 400, 2)]
    assert job.shares.get().minutes == 400


def test_every_fault_is_told_and_nothing_is_saved(person, number):
    make_time(person, D(2024, 3, 4), 1000)
    close_month(D(2024, 1, 1), D(2024, 1, 31), by=user_of(Role.SUPERVISOR), today=D(2024, 3, 1))
    text = rows_of(
        f"{number};04/03/2024;formation;;441",
        f"{number};05/03/2024;travail;;420",
        f"{number};02/01/2025;travail;;420",
        f"{number};08/01/2024;travail;;420",
        f"{number};06/03/2024;absence payée;;420",
        f"{number};07/03/2024;travail;;0",
        f"{number};05/03/2024;travail;;410",
        f"{number};08/03/2024;travaille;;410",
        "D00000;08/03/2024;travail;;410",
    )
    assert faults_of(text, TimeEntryResource) == [
        Fault(2, "Pointage : minutes", "Avec ce pointage, la journée de cette personne dépasse 24 heures."),
        Fault(4, "Pointage : jour", "Cette personne n’a pas de contrat le 2 janvier 2025."),
        Fault(5, "Pointage : jour", "Le mois du 8 janvier 2024 est clos : la direction peut le rouvrir."),
        Fault(6, "", "Une absence a un motif ; une présence n’en a pas."),
        Fault(7, "Pointage : minutes", "Assurez-vous que cette valeur est supérieure ou égale à 1."),
        Fault(8, "", "Cette ligne répète la ligne 3. Gardez-en une seule."),
        Fault(
            9,
            "Pointage : nature",
            "« travaille » n’est pas accepté. Valeurs acceptées : travail, formation, immersion, absence payée, "
            "absence non payée.",
        ),
        Fault(
            10,
            "Numéro de dossier",
            "Aucun dossier ne porte le numéro D00000. Corrigez-le, ou importez d’abord les personnes.",
        ),
    ]
    assert written() == [(D(2024, 3, 4), "work", "", 1000, 1)]


def test_hours_of_jobs_are_not_taken_away(person, number):
    entry = make_time(person, D(2024, 3, 4))
    worksite = make_worksite()
    make_assignment(person, worksite)
    share_work(entry, {make_job(worksite): 200, make_job(worksite): 200})
    [fault] = faults_of(rows_of(f"{number};04/03/2024;travail;;300"), TimeEntryResource)
    assert "réparties entre des commandes" in fault.message


def test_a_session_comes_in_unchanged_or_not_at_all(person, number):
    record_session_part(person, D(2024, 3, 4), dt.time(9), Part(TimeKind.TRAINING, 210), by=None)
    headings = f"{HEADINGS};Pointage : heure de la séance"
    line = f"{number};04/03/2024;formation;;210;09:00"
    assert import_file(TimeEntryResource, f"{headings}\n{line}\n".encode(), by=None) == 0
    changed, elsewhere, unread = (
        line.replace("210", "200"),
        line.replace("09:00", "14h00"),
        line.replace("09:00", "midi"),
    )
    assert [
        fault.message
        for fault in faults_of(f"{headings}\n{changed}\n{elsewhere}\n{unread}\n", TimeEntryResource)
    ] == [
        "Ce pointage vient d’une séance de formation : corrigez-le sur la feuille de présence de la séance.",
        "Aucune séance pointée à cette heure. Pointez les séances sur leur feuille de présence, et laissez cette case vide.",
        "« midi » n’est pas une heure. Écrivez par exemple 09:00.",
    ]
    assert TimeEntry.objects.count() == 1


def test_what_is_exported_is_what_the_import_reads(person):
    make_time(person, D(2024, 3, 4), 30, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.LATE)
    entry = record_session_part(person, D(2024, 3, 4), dt.time(9), Part(TimeKind.TRAINING, 210), by=None)
    cells = [column.export(entry) for column in TimeEntryResource().get_import_fields()]
    assert cells[4:] == [D(2024, 3, 4), "formation", "", 210, "09:00"]


@pytest.mark.parametrize("days", [1, 5])
def test_each_row_costs_its_own_writing_alone(django_assert_num_queries, days):
    """Four queries a row: the row, its line of the log, and the two ends of the savepoint that every import has."""
    people = [make_contract().beneficiary for _each in range(2)]
    lines = [
        f"{person.file_number};{day:02d}/03/2024;travail;;300"
        for person in people
        for day in range(4, 4 + days)
    ]
    content = rows_of(*lines).encode()
    with django_assert_num_queries(12 + 4 * len(lines)):
        assert import_file(TimeEntryResource, content, by=None) == len(lines)


def test_somebody_without_a_contract(db):
    stranger = make_beneficiary()
    [fault] = faults_of(rows_of(f"{stranger.file_number};04/03/2024;travail;;300"), TimeEntryResource)
    assert fault == Fault(2, "Pointage : jour", "Cette personne n’a pas de contrat le 4 mars 2024.")
