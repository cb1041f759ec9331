"""Imports of annexes and national amounts."""

import datetime as dt
from decimal import Decimal

import pytest

from confluences.imports import Fault, import_file
from tests.confluences.test_imports import faults_of
from tests.worksites.factories import make_annex, make_worksite
from worksites.etp_resources import AidRateResource, AnnexResource
from worksites.models import AidRate, FinancialAnnex

pytestmark = pytest.mark.django_db
ANNEX = "Numéro;Nature;Début;Fin;Heures pour un ETP"


def imported(text: str, resource=AnnexResource) -> int:
    return import_file(resource, text.encode(), by=None)


def test_annex_with_its_worksites():
    first, second = make_worksite(name="Champigny"), make_worksite(name="Fresnes")
    text = (
        f"{ANNEX};Chantiers;ETP conventionnés;Mois de régularisation\n"
        "A1;aci;01/01/2026;31/12/2026;1820;fresnes / Champigny;10,5;5 10\n"
    )
    assert (imported(text), imported(text)) == (1, 0)
    annex = FinancialAnnex.objects.get()
    assert list(annex.worksites.all()) == [first, second]
    assert (annex.agreed_etp, annex.regularised_in, annex.aid_per_etp) == (Decimal("10.5"), [5, 10], None)
    assert imported(text.replace("fresnes / ", "")) == 1
    assert list(FinancialAnnex.objects.get().worksites.all()) == [first]


def test_absent_column_leaves_the_worksites():
    annex = make_annex(number="A1")
    annex.worksites.add(make_worksite())
    assert imported(f"{ANNEX}\nA1;ei;01/01/2024;31/12/2024;1505\n") == 1
    annex.refresh_from_db()
    assert (annex.kind, annex.hours_per_etp, annex.worksites.count()) == ("ei", 1505, 1)


def test_annex_faults():
    make_worksite(name="Fresnes")
    text = (
        f"{ANNEX};Chantiers;Mois de régularisation\n"
        "A1;aci;01/01/2026;31/12/2026;1820;Paris;\n"
        "A2;aci;01/01/2026;31/12/2026;1820;;13\n"
        "A3;aci;01/01/2026;31/12/2036;1820;;\n"
        "a3;aci;01/01/2026;31/12/2026;0;;\n"
        "A4;aci;01/01/2026;31/12/2026;0;;\n"
    )
    assert faults_of(text, AnnexResource) == [
        Fault(2, "Chantiers", "« Paris » n’est pas dans la liste. Valeurs acceptées : Fresnes."),
        Fault(
            3,
            "Mois de régularisation",
            "Écrivez des numéros de mois séparés par une espace, par exemple 5 8 11.",
        ),
        Fault(4, "", "L’annexe dure plus de trois ans : corrigez son début ou sa fin."),
        Fault(5, "", "Cette ligne répète la ligne 4. Gardez-en une seule."),
        Fault(6, "", "L’annexe donne 0 heure pour un ETP : écrivez 1 820 pour un ACI, 1 505 pour une EI."),
    ]


def test_amount_is_known_by_its_kind_and_day():
    text = (
        "Nature;À partir du;Aide annuelle par ETP;Source\naci;01/11/2024;24000;arrêté\nei;01/11/2024;11000;\n"
    )
    assert (imported(text, AidRateResource), imported(text, AidRateResource)) == (2, 0)
    found = AidRate.objects.filter(valid_from=dt.date(2024, 11, 1)).order_by("kind")
    assert [(rate.kind, rate.amount, rate.source) for rate in found] == [
        ("aci", Decimal(24000), "arrêté"),
        ("ei", Decimal(11000), ""),
    ]
    text = "Nature;À partir du;Aide annuelle par ETP\nei;01/01/2025;-1\nei;01/01/2025;2\n"
    assert [fault.column for fault in faults_of(text, AidRateResource)] == ["Aide annuelle par ETP", ""]
