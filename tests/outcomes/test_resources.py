"""Imports of exits."""

import datetime as dt

import pytest

from confluences.imports import Fault, import_file
from outcomes.models import Exit, ExitReason
from outcomes.resources import ExitResource
from tests.beneficiaries.factories import make_beneficiary, make_contract
from tests.confluences.test_imports import faults_of
from tests.confluences.test_tables import workbook
from tests.worksites.factories import make_assignment

pytestmark = pytest.mark.django_db

HEADINGS = "Numéro de dossier;Sorti le;Motif de sortie;Contrat suivant;Employeur;Durée prévue : mois"


@pytest.fixture
def number() -> str:
    """The file number of somebody who worked in 2024."""
    return make_contract(make_beneficiary(file_number="A-1")).beneficiary.file_number


def exit_faults(text: str) -> list[Fault]:
    return faults_of(text, ExitResource)


def test_contract_and_entry_are_found_by_themselves(number):
    text = f"{HEADINGS}\n{number};31/12/2024;9;CDD;Exemple;8\n"
    assert import_file(ExitResource, text.encode(), by=None) == 1
    row = Exit.objects.get()
    assert (row.reason.code, row.hired_on, row.contract.start, row.length_months, row.worked_an_hour) == (
        "9",
        dt.date(2024, 1, 1),
        dt.date(2024, 1, 1),
        8,
        True,
    )


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("3", "3"),
        ("5", "5"),
        ("9/10", "9/10"),
        ("en cdi non aidé par un autre employeur", "3"),
        ("7 · Au chômage", "7"),
        ("", None),
    ],
)
def test_reason_by_code_or_label(number, written, code):
    text = f"Numéro de dossier;Sorti le;Motif de sortie\n{number};31/12/2024;{written}\n"
    import_file(ExitResource, text.encode(), by=None)
    row = Exit.objects.get()
    assert (row.reason and row.reason.code) == code


def test_reason_as_a_number_of_the_spreadsheet(number):
    rows = workbook(["Numéro de dossier", "Sorti le", "Motif de sortie"], [number, dt.date(2024, 12, 31), 3])
    import_file(ExitResource, rows, by=None)
    assert Exit.objects.get().reason.code == "3"


def test_reason_that_the_spreadsheet_changed_into_a_date(number):
    rows = workbook(
        ["Numéro de dossier", "Sorti le", "Motif de sortie"],
        [number, dt.date(2024, 12, 31), dt.date(2026, 10, 9)],
    )
    assert faults_of(rows, ExitResource) == [
        Fault(
            2,
            "Motif de sortie",
            "Le tableur a changé ce texte en date. Mettez la colonne au format Texte et retapez la case.",
        )
    ]


def test_waiting_reason_settles_and_imports_twice_without_a_change(number):
    text = f"{HEADINGS}\n{number};31/12/2024;9/10;CDD;;4\n"
    assert [import_file(ExitResource, text.encode(), by=None) for _time in range(2)] == [1, 0]
    row = Exit.objects.get()
    assert (row.reason.code, row.version) == ("10", 1)


def test_empty_worksite_is_that_of_the_assignment(number):
    person = make_beneficiary()
    make_contract(person)
    worksite = make_assignment(person).worksite
    text = f"Numéro de dossier;Sorti le;Chantier\n{person.file_number};31/12/2024;\n"
    assert [import_file(ExitResource, text.encode(), by=None) for _time in range(2)] == [1, 0]
    assert Exit.objects.get().worksite == worksite


def test_exit_is_completed_later(number):
    import_file(ExitResource, f"{HEADINGS}\n{number};31/12/2024;9/10;CDD;;\n".encode(), by=None)
    assert import_file(ExitResource, f"{HEADINGS}\n{number};31/12/2024;9/10;CDD;;8\n".encode(), by=None) == 1
    row = Exit.objects.get(beneficiary__file_number=number)
    assert (row.reason.code, row.length_months, row.version) == ("9", 8, 2)


def test_exits_outside_the_stay(number):
    make_beneficiary(file_number="A-2")
    text = f"Numéro de dossier;Sorti le\n{number};31/12/2023\n{number};01/02/2025\nA-2;31/12/2024\n"
    assert exit_faults(text) == [
        Fault(2, "Sorti le", "La sortie est antérieure à l’entrée du 01/01/2024."),
        Fault(
            3,
            "Sorti le",
            "À cette date la personne n’est sous aucun contrat. Corrigez la date, ou le contrat.",
        ),
        Fault(4, "Sorti le", "Cette personne n’a aucun contrat. Saisissez d’abord son contrat."),
    ]
    assert Exit.objects.count() == 0


def test_second_exit_of_a_stay(number):
    text = f"Numéro de dossier;Sorti le\n{number};30/11/2024\n{number};31/12/2024\n"
    assert [(fault.row, fault.message) for fault in exit_faults(text)] == [
        (3, "Ce contrat a déjà une sortie."),
        (3, "Ce séjour a déjà une sortie : modifiez-la au lieu d’en créer une seconde."),
    ]
    assert Exit.objects.count() == 0


def test_unknown_reason_lists_the_codes(number):
    [fault] = exit_faults(f"Numéro de dossier;Sorti le;Motif de sortie\n{number};31/12/2024;99\n")
    codes = ", ".join(ExitReason.objects.values_list("code", flat=True))
    assert fault == Fault(
        2, "Motif de sortie", f"« 99 » n’est pas dans la liste. Valeurs acceptées : {codes}."
    )


def test_length_against_the_reason(number):
    assert exit_faults(f"{HEADINGS}\n{number};31/12/2024;9;CDD;;5\n") == [
        Fault(
            2,
            "Durée prévue : mois",
            "Ce motif dit 6 mois et plus ; la durée saisie est de 5 mois. Corrigez la durée ou le motif.",
        )
    ]


def test_what_the_reason_does_not_ask_is_a_fault(number):
    message = "Le motif de sortie ne demande pas ce renseignement. Videz cette case, ou corrigez le motif."
    assert exit_faults(f"{HEADINGS}\n{number};31/12/2024;8;CDD;Exemple;\n") == [
        Fault(2, "Contrat suivant", message),
        Fault(2, "Employeur", message),
    ]
