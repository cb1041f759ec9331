"""An annex's ETP page, its control sheet as files, and who may open them."""

import datetime as dt
import io
from decimal import Decimal
from http import HTTPStatus

import pypdf
import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from openpyxl import load_workbook

from confluences.enums import AuditEvent, Role
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.worksites.factories import make_annex, make_assignment, make_worksite
from worksites.models import FinancialAnnex

pytestmark = pytest.mark.django_db
D = dt.date
READERS = [Role.SOCIAL_WORKER, Role.SUPERVISOR, Role.ADMINISTRATOR]


@pytest.fixture
def annex() -> FinancialAnnex:
    """Ana's 20 h 30 of January 2024, on the worksite of an annex of two ETP."""
    worksite = make_worksite(name="Fresnes")
    annex = make_annex(number="ACI-94", agreed_etp=Decimal(2))
    annex.worksites.add(worksite)
    add_person(worksite, last_name="Ana")
    return annex


def add_person(worksite, **fields):
    person = make_contract(make_beneficiary(**fields)).beneficiary
    make_assignment(person, worksite)
    make_time(person, D(2024, 1, 2), 1230)
    return person


def page_of(annex) -> str:
    return reverse("worksites:annex-detail", args=[annex.pk])


def control_of(annex, file_format: str, year=2024, month=1) -> str:
    return reverse("worksites:annex-control", args=[annex.pk, year, month, file_format])


@pytest.mark.parametrize("role", READERS)
def test_page_opens_to_those_who_read_annexes(clients, annex, role):
    response = clients[role].get(page_of(annex))
    assert response.status_code == HTTPStatus.OK
    html = response.content.decode()
    assert "sur 2 conventionnés" in html
    assert ("Modifier l’annexe" in html) == (role != Role.SOCIAL_WORKER)


def test_an_instructor_finds_nothing(clients, instructor, annex):
    annex.worksites.get().instructors.add(instructor)
    for address in (page_of(annex), control_of(annex, "pdf"), control_of(annex, "xlsx")):
        assert clients[Role.INSTRUCTOR].get(address).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("year", "month", "file_format"),
    [
        (2024, 13, "pdf"),
        (2024, 0, "pdf"),
        (2023, 12, "xlsx"),
        (0, 1, "pdf"),
        (99999, 1, "pdf"),
        (2024, 1, "csv"),
    ],
)
def test_a_month_or_a_file_that_does_not_exist(clients, annex, year, month, file_format):
    address = f"/chantiers/annexes/{annex.pk}/controle/{year}-{month}.{file_format}"
    assert clients[Role.SUPERVISOR].get(address).status_code == HTTPStatus.NOT_FOUND


def test_unknown_annex(clients):
    address = reverse("worksites:annex-detail", args=[999_999])
    assert clients[Role.SUPERVISOR].get(address).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "janvier 2024"),  # the latest entered month
        ("?mois=2024-03", "mars 2024"),
        ("?mois=2023-01", "janvier 2024"),
        ("?mois=hier", "janvier 2024"),
        ("?mois=9999-99", "janvier 2024"),
    ],
)
def test_the_month_of_the_people(clients, annex, query, shown):
    response = clients[Role.SUPERVISOR].get(page_of(annex) + query)
    assert response.context["sheet_name"] == shown


def test_page_says_what_is_missing(clients):
    annex = make_annex(kind="ei")
    html = clients[Role.SUPERVISOR].get(page_of(annex)).content.decode()
    for words in (
        "Aucun chantier n’est rattaché à cette annexe",
        "Les ETP conventionnés ne sont pas saisis",
        "L’aide par ETP n’est pas connue</strong> pour 12 mois",
        "Rattachez ses chantiers",
    ):
        assert words in html
    html = clients[Role.SOCIAL_WORKER].get(page_of(annex)).content.decode()
    assert "La direction complète l’annexe." in html


def test_page_warns_of_days_without_presence(clients, annex):
    html = clients[Role.SUPERVISOR].get(page_of(annex)).content.decode()
    # January 2024 has 22 working days, of which one is recorded, and a public holiday, which is paid too.
    assert "22 personnes-jours sans pointage en janvier 2024" in html


def test_page_warns_of_hours_counted_twice(clients, annex):
    other = make_annex(number="ACI-95", start=D(2024, 12, 31), end=D(2025, 12, 30))
    words = "Les mêmes heures comptent aussi pour"
    client = clients[Role.SUPERVISOR]
    assert words not in client.get(page_of(annex)).content.decode()
    other.worksites.set(annex.worksites.all())
    html = client.get(page_of(annex)).content.decode()
    assert (html.count(words), page_of(other) in html) == (1, True)
    FinancialAnnex.objects.filter(pk=other.pk).update(start=D(2025, 1, 1))
    assert words not in client.get(page_of(annex)).content.decode()


def test_page_of_a_coming_annex(clients):
    annex = make_annex(start=D(2100, 1, 1), end=D(2100, 12, 31))
    response = clients[Role.SUPERVISOR].get(page_of(annex))
    assert "L’annexe n’a pas commencé" in response.content.decode()


def test_page_of_an_annex_that_cannot_be_counted(clients, annex):
    FinancialAnnex.objects.update(hours_per_etp=0)
    html = clients[Role.SUPERVISOR].get(page_of(annex)).content.decode()
    assert "L’annexe donne 0 heure pour un ETP" in html
    assert clients[Role.SUPERVISOR].get(control_of(annex, "pdf")).status_code == HTTPStatus.NOT_FOUND


def test_regularisation_says_what_the_hours_justify(clients, annex):
    html = clients[Role.SUPERVISOR].get(page_of(annex)).content.decode()
    # Five months of 2 × 23 458 / 12 due; 21 h used: 21 / 1820 × 23 458.
    assert "19\u202f548,33\u00a0€ prévus, 270,67\u00a0€ consommés" in html
    assert "les heures justifient 19\u202f277,66\u00a0€ de moins que prévu" in html


def test_the_control_sheet_as_a_spreadsheet(clients, supervisor, annex):
    response = clients[Role.SUPERVISOR].get(control_of(annex, "xlsx"))
    assert response["Content-Disposition"] == f'attachment; filename="controle-{annex.pk}-2024-01.xlsx"'
    book = load_workbook(io.BytesIO(response.content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:2] == ("Tableau", "Contrôle mensuel (document de travail), Annexe ACI-94")
    assert rows[1][:2] == ("Établi par", str(supervisor))
    person = annex.worksites.get().assignments.get().beneficiary
    assert rows[-2:] == [
        (
            "Annexe",
            "Année",
            "Mois",
            "Dossier",
            "Nom",
            "Prénom",
            "Contrat",
            "Heures (entières)",
            "Heures (exactes)",
            "ETP annuels",
            "ETP mensuels",
            "Fin réelle du contrat",
        ),
        (
            "ACI-94",
            2024,
            1,
            person.file_number,
            "Ana",
            "Camille",
            "CDDI du 01/01/2024 au 31/12/2024",
            21,
            20.5,
            0.011538,
            0.138462,
            None,
        ),
    ]
    said = dict(row[:2] for row in book.worksheets[1].iter_rows(values_only=True))
    assert said["Total des heures (entières)"] == 21
    assert said["Aide prévue du mois (€)"] == 3909.67
    assert said["Aide consommée du mois (€)"] == 270.67
    assert said["Document"] == "Document de travail : les saisies dans l’extranet de l’ASP font foi."
    assert said["ETP annuels"] == "heures ÷ 1\u202f820."


def test_the_control_sheet_on_paper(clients, supervisor, annex):
    response = clients[Role.SUPERVISOR].get(control_of(annex, "pdf"))
    assert response["Content-Type"] == "application/pdf"
    text = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages).split()
    )
    for words in (
        "Contrôle mensuel, janvier 2024",
        "les saisies dans l’extranet de l’ASP font foi",
        "Ana Camille",
        f"établi par {supervisor}",
        "moyenne des ETP mensuels des mois saisis",
        "Le motif de sortie n’est pas repris ici",
    ):
        assert words in text


def test_files_are_logged(clients, annex):
    LogEntry.objects.all().delete()
    clients[Role.SUPERVISOR].get(control_of(annex, "pdf"))
    clients[Role.SUPERVISOR].get(control_of(annex, "xlsx"))
    logged = LogEntry.objects.get_for_object(annex).order_by("pk")
    assert [entry.additional_data for entry in logged] == [
        {"event": AuditEvent.PRINT},
        {"event": AuditEvent.EXPORT, "format": "xlsx", "rows": 1, "filters": "janvier 2024"},
    ]


def test_a_month_without_anybody(clients):
    annex = make_annex()
    client = clients[Role.SUPERVISOR]
    response = client.get(control_of(annex, "xlsx"), follow=True)
    assert "Rien à exporter" in response.content.decode()
    assert client.get(control_of(annex, "pdf")).status_code == HTTPStatus.OK


@pytest.mark.parametrize("people", [1, 3])
def test_page_costs_the_same_whatever_the_number(clients, django_assert_num_queries, people):
    worksite = make_worksite()
    annex = make_annex(agreed_etp=Decimal(2))
    annex.worksites.add(worksite)
    for _number in range(people):
        add_person(worksite)
    client = clients[Role.SUPERVISOR]
    client.get(page_of(annex))
    with django_assert_num_queries(16):
        client.get(page_of(annex))
    with django_assert_num_queries(13):
        client.get(control_of(annex, "pdf"))
