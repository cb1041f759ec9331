"""Imports of people and contracts."""

import datetime as dt

import pytest

from beneficiaries.models import Beneficiary, Contract
from beneficiaries.resources import BeneficiaryResource, ContractResource
from confluences.imports import Fault, import_file
from tests.beneficiaries.factories import make_beneficiary, make_contract
from tests.confluences.test_imports import HEADINGS, faults_of
from tests.confluences.test_tables import workbook

pytestmark = pytest.mark.django_db


def make_dupont(**fields) -> Beneficiary:
    return make_beneficiary(**{"last_name": "Dupont", "first_name": "Jean"} | fields)


# People


def test_people_from_a_workbook():
    rows = workbook(
        ["Nom", "Prénom", "Sexe", "Date de naissance", "Code postal", "Téléphone"],
        ["Élan", "Zoé", "femme", dt.date(1979, 5, 12), 94110, "'+33 6 12 34 56 78"],
    )
    assert import_file(BeneficiaryResource, rows, by=None) == 1
    person = Beneficiary.objects.get()
    assert (person.last_name, person.birth_date, person.postcode, person.phone) == (
        "Élan",
        dt.date(1979, 5, 12),
        "94110",
        "+33 6 12 34 56 78",
    )
    assert person.file_number


def test_person_is_known_by_name_and_birth_and_keeps_the_file_number():
    person = make_dupont(file_number="A-12")
    text = f"Numéro de dossier;{HEADINGS};Ville\n;DUPONT;jean;femme;01/01/1990;Fresnes\n"
    assert import_file(BeneficiaryResource, text.encode(), by=None) == 1
    person.refresh_from_db()
    assert (person.file_number, person.last_name, person.city, person.version) == (
        "A-12",
        "DUPONT",
        "Fresnes",
        2,
    )


def test_person_is_known_by_file_number():
    person = make_dupont(file_number="A-12")
    text = f"Numéro de dossier;{HEADINGS}\na-12;Durand;Jean;femme;02/01/1990\n"
    assert import_file(BeneficiaryResource, text.encode(), by=None) == 1
    person.refresh_from_db()
    assert (person.last_name, person.birth_date) == ("Durand", dt.date(1990, 1, 2))


def test_absent_column_changes_nothing_and_empty_cell_empties():
    person = make_dupont(city="Arcueil", phone="06 00 00 00 00")
    import_file(BeneficiaryResource, f"{HEADINGS};Ville\nDupont;Jean;femme;01/01/1990;\n".encode(), by=None)
    person.refresh_from_db()
    assert (person.city, person.phone) == ("", "06 00 00 00 00")


@pytest.mark.parametrize("line", [";Jean;Dupont;femme;01/01/1990", "B-1;Dupont;Jean;femme;01/01/1990"])
def test_namesake_born_the_same_day_is_a_fault(line):
    make_dupont(file_number="A-12")
    assert faults_of(f"Numéro de dossier;{HEADINGS}\n{line}\n") == [
        Fault(
            2,
            "Numéro de dossier",
            "Cette personne a déjà le dossier A-12, au nom de Dupont Jean. Écrivez ce numéro, ou corrigez le nom.",
        )
    ]


REFERENT = "Référent (adresse électronique)"


def test_referent_is_known_by_address(social_worker):
    text = f"{HEADINGS};{REFERENT}\nDupont;Jean;homme;01/01/1990;Social-Worker@example.org\n"
    assert import_file(BeneficiaryResource, text.encode(), by=None) == 1
    assert Beneficiary.objects.get().referent == social_worker
    emptied = text.replace("Social-Worker@example.org", "")
    assert import_file(BeneficiaryResource, emptied.encode(), by=None) == 1
    assert Beneficiary.objects.get().referent is None


@pytest.mark.parametrize("address", ["inconnu@example.org", "supervisor@example.org"])
def test_referent_who_is_no_social_worker_is_a_fault(social_worker, supervisor, address):
    text = f"{HEADINGS};{REFERENT}\nDupont;Jean;homme;01/01/1990;{address}\n"
    assert faults_of(text) == [
        Fault(
            2,
            REFERENT,
            f"Aucun travailleur social n’a l’adresse « {address} ». Corrigez-la, videz la case, "
            "ou ouvrez d’abord son compte.",
        )
    ]


def test_referent_whose_account_is_closed_comes_back_from_an_export(social_worker):
    person = make_dupont(referent=social_worker)
    social_worker.is_active = False
    social_worker.save()
    text = f"{HEADINGS};{REFERENT}\nDupont;Jean;femme;01/01/1990;{social_worker.email}\n"
    assert import_file(BeneficiaryResource, text.encode(), by=None) == 0
    person.refresh_from_db()
    assert person.referent == social_worker


def test_person_twice_in_the_file():
    assert faults_of(f"{HEADINGS}\nDupont;Jean;femme;01/01/1990\nJEAN;Dupont;femme;01/01/1990\n") == [
        Fault(3, "", "Cette ligne répète la ligne 2. Gardez-en une seule.")
    ]


# Contracts

CONTRACT_HEADINGS = "Nom;Prénom;Date de naissance;Contrat : début;Contrat : fin prévue"


def contract_faults(text: str) -> list[Fault]:
    return faults_of(text, ContractResource)


def test_contracts_that_continue_each_other():
    person = make_dupont()
    text = f"{CONTRACT_HEADINGS}\ndupont;JEAN;01/01/1990;01/01/2024;30/06/2024\nDupont;Jean;01/01/1990;01/07/2024;31/12/2024\n"
    assert import_file(ContractResource, text.encode(), by=None) == 2
    assert [(row.beneficiary, row.start, row.weekly_minutes) for row in Contract.objects.all()] == [
        (person, dt.date(2024, 1, 1), 1560),
        (person, dt.date(2024, 7, 1), 1560),
    ]
    assert import_file(ContractResource, text.encode(), by=None) == 0


def test_contract_is_known_by_its_first_day():
    contract = make_contract(make_dupont())
    text = (
        f"{CONTRACT_HEADINGS};Contrat : rompu le\nDupont;Jean;01/01/1990;01/01/2024;31/12/2024;30/09/2024\n"
    )
    assert import_file(ContractResource, text.encode(), by=None) == 1
    contract.refresh_from_db()
    assert (contract.ended_early_on, contract.version) == (dt.date(2024, 9, 30), 2)


@pytest.mark.parametrize(
    "days", ["lun mar mer jeu", "du lundi au jeudi", "1234", "4, 3, 2, 1", "LUNDI-JEUDI"]
)
def test_contract_days_are_read_as_people_write_them(days):
    make_dupont()
    text = f"{CONTRACT_HEADINGS};Contrat : jours travaillés\nDupont;Jean;01/01/1990;01/01/2024;31/12/2024;{days}\n"
    assert import_file(ContractResource, text.encode(), by=None) == 1
    contract = Contract.objects.get()
    assert contract.work_days == "1234"
    assert ContractResource().fields["work_days"].export(contract) == "lun mar mer jeu"


def test_contract_without_days_works_from_monday_to_friday():
    make_dupont()
    text = f"{CONTRACT_HEADINGS};Contrat : jours travaillés\nDupont;Jean;01/01/1990;01/01/2024;31/12/2024;\n"
    assert import_file(ContractResource, text.encode(), by=None) == 1
    assert Contract.objects.get().work_days == "12345"


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (
            "lun mar xyz",
            "« xyz » n’est pas un jour de la semaine. Écrivez par exemple « lun mar mer jeu », ou 1234 (1 = lundi).",
        ),
        (
            "vendredi au mardi",
            "« vendredi au mardi » ne se suivent pas dans la semaine. Écrivez chaque jour, par exemple « lun mar dim ».",
        ),
        (
            "8",
            "« 8 » n’est pas un jour de la semaine. Écrivez par exemple « lun mar mer jeu », ou 1234 (1 = lundi).",
        ),
    ],
)
def test_contract_days_that_are_none(days, message):
    make_dupont()
    text = f"{CONTRACT_HEADINGS};Contrat : jours travaillés\nDupont;Jean;01/01/1990;01/01/2024;31/12/2024;{days}\n"
    assert contract_faults(text) == [Fault(2, "Contrat : jours travaillés", message)]


def test_contract_faults_are_the_rules_own_sentences():
    make_contract(make_dupont())
    text = (
        f"{CONTRACT_HEADINGS}\nDupont;Jean;01/01/1990;01/06/2024;31/10/2024\nDupont;Jean;01/01/1990;01/06/2026;31/07/2026\n"
        "Dupont;Jean;01/01/1990;01/08/2027;\n"
    )
    assert contract_faults(text) == [
        Fault(
            2,
            "",
            "Ce contrat en chevauche un autre de la même personne. Corrigez les dates, ou indiquez quand l’autre "
            "contrat a été rompu.",
        ),
        Fault(
            3,
            "Contrat : fin prévue",
            "Un CDDI dure au moins 4 mois (article L5132-15-1). Corrigez les dates, ou choisissez la dérogation "
            "pour aménagement de peine.",
        ),
        Fault(4, "", "Un CDDI a une date de fin."),
    ]
    assert Contract.objects.count() == 1


def test_contracts_of_one_file_that_overlap():
    make_dupont()
    text = f"{CONTRACT_HEADINGS}\nDupont;Jean;01/01/1990;01/01/2024;30/06/2024\nDupont;Jean;01/01/1990;01/06/2024;31/12/2024\n"
    assert [(fault.row, fault.column) for fault in contract_faults(text)] == [(3, "")]
    assert Contract.objects.count() == 0


def test_same_contract_twice_in_the_file():
    make_dupont()
    line = "Dupont;Jean;01/01/1990;01/01/2024;30/06/2024\n"
    assert contract_faults(f"{CONTRACT_HEADINGS}\n{line}{line}") == [
        Fault(3, "", "Cette ligne répète la ligne 2. Gardez-en une seule.")
    ]


def test_unknown_person_and_the_other_faults_of_the_row():
    assert contract_faults(f"{CONTRACT_HEADINGS}\nDupont;Jean;01/01/1990;demain;30/06/2024\n") == [
        Fault(
            2,
            "Numéro de dossier",
            "Aucun dossier au nom de Dupont Jean, né(e) le 01/01/1990. Corrigez, ou importez d’abord les personnes.",
        ),
        Fault(
            2, "Contrat : début", "« demain » n’est pas une date. Écrivez JJ/MM/AAAA, par exemple 31/12/2014."
        ),
    ]


def test_unknown_file_number():
    assert contract_faults(
        "Numéro de dossier;Contrat : début;Contrat : fin prévue\nX9;01/01/2024;30/06/2024\n"
    ) == [
        Fault(
            2,
            "Numéro de dossier",
            "Aucun dossier ne porte le numéro X9. Corrigez-le, ou importez d’abord les personnes.",
        )
    ]


def test_file_number_of_somebody_else():
    make_dupont(file_number="A-12")
    text = f"Numéro de dossier;{CONTRACT_HEADINGS}\nA-12;Martin;Luc;02/01/1991;01/01/2024;30/06/2024\n"
    assert contract_faults(text) == [
        Fault(
            2,
            "Numéro de dossier",
            "Le dossier A-12 est celui de Dupont Jean, né(e) le 01/01/1990. "
            "Corrigez le numéro, ou le nom et la date de naissance.",
        )
    ]


def test_name_that_two_people_bear_in_another_order():
    make_dupont(file_number="A-1")
    make_beneficiary(last_name="Jean", first_name="Dupont", file_number="A-2")
    text = f"{CONTRACT_HEADINGS}\nDupont;Jean;01/01/1990;01/01/2024;30/06/2024\n"
    assert contract_faults(text) == [
        Fault(
            2,
            "Numéro de dossier",
            "Plusieurs dossiers au nom de Dupont Jean, né(e) le 01/01/1990 : A-1 et A-2. Indiquez le numéro de dossier.",
        )
    ]


def test_nobody_said():
    assert contract_faults(f"{CONTRACT_HEADINGS}\nDupont;Jean;;01/01/2024;30/06/2024\n") == [
        Fault(
            2,
            "Numéro de dossier",
            "Dites de qui il s’agit : le numéro de dossier, ou le nom, le prénom et la date de naissance.",
        )
    ]
