"""Imports of programmes, enrolments, sessions and attendance."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings

from beneficiaries.resources import BeneficiaryResource, ContractResource
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.admin_imports import EXAMPLES
from confluences.imports import import_file
from confluences.text import search_key
from tests.confluences.test_imports import faults_of
from tests.trainings.factories import THERE, attend, make_enrolment, make_programme, make_session
from trainings.models import Attendance, Enrolment, Programme, Session
from trainings.resources import EnrolmentResource, ProgrammeResource
from trainings.session_resources import AttendanceResource, SessionResource

RESOURCES = [ProgrammeResource, EnrolmentResource, SessionResource, AttendanceResource]
PROGRAMME = "Programme;Programme : durée (minutes);Module;Module : durée (minutes)\n"
SESSION = "Programme;Jour;Début;Fin;Modules\n"
ATTENDANCE = "Numéro de dossier;Programme;Jour;Début;Minutes;Absence : motif;Absence payée\n"


def told(text: str, resource) -> list[str]:
    return [str(fault) for fault in faults_of(text, resource)]


# Examples and documentation


@pytest.mark.django_db
def test_example_files_import_in_the_documented_order_and_twice():
    for resource in (BeneficiaryResource, ContractResource):
        import_file(resource, EXAMPLES / f"{resource._meta.name}.csv", by=None)
    counts = [
        [import_file(each, EXAMPLES / f"{each._meta.name}.csv", by=None) for each in RESOURCES]
        for _time in "12"
    ]
    assert counts == [[2, 1, 2, 2], [0, 0, 0, 0]]
    assert [each.entry.part for each in Attendance.objects.select_related("entry")] == [
        THERE,
        Part(TimeKind.PAID_ABSENCE, 210, AbsenceReason.PAPERS),
    ]


@pytest.mark.parametrize("resource", RESOURCES)
def test_columns_are_in_the_example_and_documented(resource):
    heading_line = (EXAMPLES / f"{resource._meta.name}.csv").read_text(encoding="utf-8").splitlines()[0]
    columns = resource().get_import_fields()
    assert heading_line.split(";") == [column.column_name for column in columns]
    text = Path(settings.BASE_DIR, "docs", "imports.md").read_text(encoding="utf-8")
    sections = {search_key(part.partition("\n")[0]): part for part in text.split("\n## ")}
    described = re.findall(r"^\| ([^|]+?) \|", sections[resource._meta.name], re.MULTILINE)
    assert described[2:] == [
        f"{column.column_name}{' (obligatoire)' if column.required else ''}"
        for column in columns
        if not column.readonly
    ]


# Programmes


@pytest.mark.django_db
def test_modules_that_do_not_add_up_refuse_the_whole_file():
    text = f"{PROGRAMME}Juste;60;A;60\nFaux;420;A;210\nFaux;420;B;180\n"
    assert told(text, ProgrammeResource) == [
        "Ligne 3 : « Faux » : Les modules font 6\u00a0h\u00a030 en tout et le programme dure 7\u00a0h : "
        "il manque 30\u00a0min."
    ]
    assert not Programme.objects.filter(name__in=["Juste", "Faux"]).exists()


@pytest.mark.django_db
def test_modules_that_the_file_leaves_out_still_count():
    programme = make_programme(210, 210, name="Tonte")
    assert import_file(ProgrammeResource, f"{PROGRAMME}tonte;480;module 1;270\n".encode(), by=None) == 1
    programme.refresh_from_db()
    assert (programme.minutes, list(programme.modules.values_list("minutes", flat=True))) == (480, [270, 210])
    assert told(f"{PROGRAMME}Tonte;270;Module 1;270\n", ProgrammeResource) == [
        "Ligne 2 : « Tonte » : Les modules font 8\u00a0h en tout et le programme dure 4\u00a0h\u00a030 : "
        "3\u00a0h\u00a030 de trop. Le programme garde 1 module(s) que le fichier n’a pas."
    ]


@pytest.mark.django_db
def test_lines_of_one_programme_agree():
    text = f"{PROGRAMME}Tonte;420;A;210\nTonte;400;B;210\n"
    assert told(text, ProgrammeResource) == [
        "Ligne 3, colonne « Programme » : Cette ligne ne dit pas la même chose du programme que la ligne 2 : accordez-les."
    ]
    assert told(f"{PROGRAMME};420;A;deux\n", ProgrammeResource) == [
        "Ligne 2, colonne « Programme » : Cette case est vide et doit être remplie.",
        "Ligne 2, colonne « Module : durée (minutes) » : « deux » n’est pas un nombre entier. Écrivez par exemple 6.",
    ]


# Sessions


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            "Tonte;04/03/2024;9h;12h30;Module 9",
            "colonne « Modules » : « Module 9 » n’est pas un module de « Tonte ».",
        ),
        (
            "Tonte;04/03/2024;9h;12h30;Module 1 = 60",
            "colonne « Modules » : Les modules font 1\u00a0h en tout et la séance dure 3\u00a0h\u00a030 : "
            "il manque 2\u00a0h\u00a030.",
        ),
        ("Tonte;04/03/2024;12h30;9h;Module 1", "colonne « Fin » : La séance finit avant de commencer."),
        (
            "Tonte;04/03/2024;neuf;12h30;Module 1",
            "colonne « Début » : « neuf » n’est pas une heure. Écrivez par exemple 9:00.",
        ),
        (
            "Tonte;05/03/2024;10:00;12:00;Module 1",
            "colonne « Jour » : 5 mars 2024 : ce groupe a déjà une séance de 9\u00a0h à 12\u00a0h\u00a030.",
        ),
    ],
)
def test_a_session_that_cannot_be_imported(line, fault):
    make_session(make_programme(210, 210, name="Tonte"), dt.date(2024, 3, 5))
    assert told(f"{SESSION}{line}\n", SessionResource) == [f"Ligne 2, {fault}"]
    assert Session.objects.count() == 1


@pytest.mark.django_db
def test_a_session_is_known_by_its_time():
    session = make_session(make_programme(210, 210, name="Tonte"))
    line = 'Tonte;04/03/2024;9:00;12:30;"Module 1 = 60 ; Module 2 = 150"'
    assert import_file(SessionResource, f"{SESSION}{line}\n".encode(), by=None) == 1
    assert list(session.taught.values_list("minutes", flat=True)) == [60, 150]


# Attendance


@pytest.fixture
def enrolment(db) -> Enrolment:
    enrolment = make_enrolment(make_programme(210, 210, name="Tonte"))
    make_session(enrolment.programme)
    return enrolment


def attendance_line(
    enrolment: Enrolment, rest: str = "90;;", *, day: str = "04/03/2024", start: str = "9:00"
) -> str:
    return f"{ATTENDANCE}{enrolment.beneficiary.file_number};Tonte;{day};{start};{rest}\n"


def test_paper_sheets_are_imported_once(enrolment):
    assert import_file(AttendanceResource, attendance_line(enrolment).encode(), by=None) == 1
    assert import_file(AttendanceResource, attendance_line(enrolment).encode(), by=None) == 0
    away = attendance_line(enrolment, ";santé;oui").encode()
    assert import_file(AttendanceResource, away, by=None) == 1
    assert Attendance.objects.get().entry.part == Part(TimeKind.PAID_ABSENCE, 210, AbsenceReason.HEALTH)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"rest": ";;"}, "colonne « Minutes » : Écrivez les minutes suivies, ou le motif de l’absence."),
        ({"rest": "300;;"}, "colonne « Minutes » : La séance compte 210 minutes : écrivez de 1 à ce nombre."),
        (
            {"start": "14:00"},
            "colonne « Jour » : Aucune séance ne l’attend ce jour-là à 14\u00a0h : importez d’abord les séances.",
        ),
        (
            {"day": "hier"},
            "colonne « Jour » : « hier » n’est pas une date. Écrivez JJ/MM/AAAA, par exemple 31/12/2014.",
        ),
    ],
)
def test_a_line_of_a_paper_sheet_that_cannot_be_imported(enrolment, line, fault):
    assert told(attendance_line(enrolment, **line), AttendanceResource) == [f"Ligne 2, {fault}"]
    assert not Attendance.objects.exists()


def test_a_paper_sheet_of_somebody_not_enrolled_or_gone(enrolment):
    stranger = make_enrolment()
    assert told(attendance_line(stranger), AttendanceResource) == [
        f"Ligne 2, colonne « Programme » : {stranger.beneficiary} n’y est pas inscrit : importez d’abord les inscriptions."
    ]
    enrolment.beneficiary.contracts.update(ended_early_on=dt.date(2024, 2, 1))
    assert told(attendance_line(enrolment), AttendanceResource) == [
        "Ligne 2 : Cette personne n’a pas de contrat le 4 mars 2024."
    ]


def test_the_same_line_twice(enrolment):
    line = attendance_line(enrolment)
    assert told(line + line.splitlines()[1], AttendanceResource) == [
        "Ligne 3 : Cette ligne répète la ligne 2. Gardez-en une seule."
    ]


def test_what_is_recorded_on_the_page_imports_as_unchanged(enrolment):
    attend(Session.objects.get(), enrolment, Part(TimeKind.TRAINING, 90))
    assert import_file(AttendanceResource, attendance_line(enrolment).encode(), by=None) == 0
