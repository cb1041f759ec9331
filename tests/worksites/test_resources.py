"""Imports of worksites and assignments."""

import datetime as dt

import pytest

from confluences.imports import Fault, import_file
from tests.beneficiaries.factories import make_beneficiary
from tests.confluences.test_imports import faults_of
from tests.worksites.factories import make_assignment, make_worksite
from worksites.models import Assignment, Worksite
from worksites.resources import AssignmentResource, WorksiteResource

pytestmark = pytest.mark.django_db


def test_worksite_is_known_by_its_name():
    make_worksite(name="Fresnes")
    text = "Nom;Ouvert le;Places\nFRESNES;08/12/2014;8\nChampigny;01/08/2013;\n"
    assert import_file(WorksiteResource, text.encode(), by=None) == 2
    assert list(Worksite.objects.values_list("name", "opened_on", "places")) == [
        ("Champigny", dt.date(2013, 8, 1), None),
        ("FRESNES", dt.date(2014, 12, 8), 8),
    ]


def test_assignment_names_its_worksite():
    person, worksite = make_beneficiary(), make_worksite(name="Fresnes")
    text = f"Numéro de dossier;Chantier;Affectation : début\n{person.file_number};fresnes;01/02/2024\n"
    assert import_file(AssignmentResource, text.encode(), by=None) == 1
    row = Assignment.objects.get()
    assert (row.beneficiary, row.worksite, row.start, row.end) == (
        person,
        worksite,
        dt.date(2024, 2, 1),
        None,
    )
    assert import_file(AssignmentResource, text.encode(), by=None) == 0


def test_assignment_faults():
    person = make_assignment(worksite=make_worksite(name="Fresnes")).beneficiary
    number = person.file_number
    text = (
        f"Numéro de dossier;Chantier;Affectation : début\n{number};Paris;01/02/2024\n{number};Fresnes;01/03/2024\n"
        f"{number};Fresnes;01/01/2000\n"
    )
    assert faults_of(text, AssignmentResource) == [
        Fault(2, "Chantier", "« Paris » n’est pas dans la liste. Valeurs acceptées : Fresnes."),
        Fault(
            3,
            "",
            "Cette personne est déjà affectée à un chantier pendant cette période. "
            "Indiquez d’abord la fin de l’autre affectation.",
        ),
        Fault(4, "Affectation : début", "Ce chantier n’est ouvert que depuis le 01/08/2013."),
    ]
