"""Funders: what each gave, its report for a period on the page, as PDF and as a spreadsheet; nobody named."""

import datetime as dt
import io
from decimal import Decimal
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from beneficiaries.support_enums import Theme
from confluences.actions import save_recorded
from confluences.enums import Role
from funding.enums import GrantStatus
from funding.funder_paper_reports import default_period, funder_report
from funding.funder_reports import funder_page, name_on
from funding.models import Funder, Grant
from outcomes.models import RuleBook
from outcomes.reports import result_of
from partners.models import Partner, PartnerName
from tests.beneficiaries.factories import make_contract, make_follow_up
from tests.funding.factories import (
    make_funder,
    make_grant,
    make_instalment,
    make_obligation,
    make_purchase,
    make_share,
)
from tests.outcomes.factories import make_2014

pytestmark = pytest.mark.django_db

D = dt.date
TODAY = D(2024, 6, 1)
YEAR = (D(2024, 1, 1), D(2024, 12, 31))
LIST = reverse("funding:funder-list")
CANARY = "Canari"


@pytest.fixture
def steering(clients):
    return clients[Role.SUPERVISOR]


def url(name: str, funder, *more) -> str:
    return reverse(f"funding:{name}", args=[funder.pk, *more])


def plain(words: str) -> str:
    return words.replace("\u202f", " ").replace("\u00a0", " ")


def page(response) -> str:
    return plain(response.content.decode())


def renamed() -> Funder:
    partner = save_recorded(Partner(name="Conseil départemental"), by=None)
    PartnerName.objects.create(partner=partner, name="Conseil général", valid_until=D(2015, 3, 31))
    return make_funder(name="Conseil départemental", partner=partner)


def test_who_opens_what(clients):
    funder = make_funder()
    addresses = [LIST, reverse("funding:funder-create")]
    addresses += [url(f"funder-{name}", funder) for name in ("detail", "edit", "report")]
    addresses += [url("funder-report-file", funder, kind) for kind in ("pdf", "xlsx")]
    for address in addresses:
        for role, client in clients.items():
            allowed = role in {Role.SUPERVISOR, Role.ADMINISTRATOR}
            assert client.get(address).status_code == (HTTPStatus.OK if allowed else HTTPStatus.NOT_FOUND)
    assert clients[Role.SUPERVISOR].get(url("funder-report-file", funder, "docx")).status_code == 404


def test_empty_pages_say_what_to_do(steering):
    assert "Aucun financeur pour l’instant" in page(steering.get(LIST))
    assert "Aucune subvention de ce financeur" in page(steering.get(url("funder-detail", make_funder())))


def test_a_name_follows_the_date():
    funder = renamed()
    assert [name_on(funder, day) for day in (D(2014, 6, 1), D(2015, 4, 1))] == [
        "Conseil général",
        "Conseil départemental",
    ]
    make_grant(funder, decided_on=D(2014, 6, 1))
    [row] = funder_page(funder, Grant.objects.all(), TODAY).grants
    assert row.name_then == "Conseil général"


def test_everything_given_due_and_reported_by_year():
    funder = make_funder()
    known = make_grant(funder, decided_on=D(2023, 5, 1))
    make_instalment(known, received=Decimal(4000), received_on=D(2024, 2, 1))
    make_obligation(known, due=D(2024, 5, 1), done_on=D(2024, 4, 1))
    make_obligation(known, title="Final", due=D(2024, 5, 1))
    make_grant(funder, awarded=None, decided_on=D(2023, 6, 1), eligible_start=None, eligible_end=None)
    make_grant(funder, awarded=None, eligible_start=None, eligible_end=None)
    make_grant()
    made = funder_page(funder, Grant.objects.all(), TODAY)
    assert [
        (year.label, plain(year.awarded.words), plain(year.received.words), year.rendered)
        for year in made.years
    ] == [
        ("2024", "0 €", "4 000 €", 1),
        ("2023", "au moins 10 000 € (1 montant inconnu)", "montant inconnu", 0),
        ("année inconnue", "montant inconnu", "montant inconnu", 0),
    ]
    assert plain(made.totals.due.words) == "au moins 6 000 € (2 montants inconnus)"
    [first] = [each for each in made.grants if each.row.grant == known]
    assert (first.rendered, first.to_render, first.row.is_late) == (1, 1, True)


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_whatever_the_number(steering, django_assert_num_queries, count):
    funder = renamed()
    for _number in range(count):
        grant = make_grant(funder)
        make_instalment(grant, received=Decimal(1), received_on=TODAY)
        make_obligation(grant)
        make_share(make_purchase(invoiced_on=D(2024, 5, 1)), grant)
        make_funder()
    steering.get(LIST)
    for address, queries in (
        (LIST, 8),
        (url("funder-detail", funder), 12),
        (url("funder-report", funder), 26),
    ):
        with django_assert_num_queries(queries):
            steering.get(address)


def test_a_funder_is_written(steering):
    response = steering.post(reverse("funding:funder-create"), {"name": "Ville", "kind": "town"})
    assert response.url == Funder.objects.get().get_absolute_url()
    again = steering.post(reverse("funding:funder-create"), {"name": "Ville", "kind": "town"})
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "name" in again.context["form"].errors


# The report


def filled() -> Funder:
    """A funder with a grant of 2024, two purchases, people, hours and exits."""
    funder = renamed()
    grant = make_grant(funder, title="Outillage", agreement_number="CONV-7")
    make_instalment(grant, received=Decimal(4000), received_on=D(2024, 3, 1))
    make_share(make_purchase(title="Tondeuse", invoiced_on=D(2024, 5, 2)), grant)
    make_share(make_purchase(title="Bottes"), grant, Decimal(300))
    make_share(make_purchase(title="Avant", invoiced_on=D(2023, 5, 2)), grant, Decimal(100))
    make_grant(funder, title="Sans période", eligible_start=None, eligible_end=None, awarded=None)
    make_grant(funder, title="Refusée", status=GrantStatus.REFUSED)
    make_grant(funder, title="Ancienne", eligible_start=D(2020, 1, 1), eligible_end=D(2020, 12, 31))
    contract = make_contract(start=D(2024, 1, 15), end=D(2024, 12, 31))
    person = contract.beneficiary
    person.last_name = CANARY
    person.save()
    contract.beneficiary.time_entries.create(day=D(2024, 2, 1), kind="work", minutes=390)
    contract.beneficiary.time_entries.create(day=D(2024, 2, 2), kind="training", minutes=210)
    contract.beneficiary.time_entries.create(
        day=D(2024, 2, 3), kind="paid_absence", reason="health", minutes=390
    )
    contract.beneficiary.time_entries.create(day=D(2025, 2, 1), kind="work", minutes=999)
    make_follow_up(contract.beneficiary, on=D(2024, 2, 5), minutes=45, said=CANARY, topics=[Theme.HEALTH])
    return funder


def report_of(funder: Funder, period=YEAR):
    return funder_report(funder, Grant.objects.all(), *period, TODAY)


def test_the_report_counts_the_period(db):
    report = report_of(filled())
    assert [(label, plain(total.words)) for label, total in report.money] == [
        ("Accordé", "10 000 €"),
        ("Reçu à ce jour", "4 000 €"),
        ("Reste à recevoir", "6 000 €"),
        ("Dépenses facturées dans la période", "500 €"),
        ("Achats prévus, pas encore facturés", "300 €"),
        ("Pas encore dépensé", "9 400 €"),
    ]
    assert [row.grant.title for row in report.rows] == ["Outillage"]
    assert [row.grant.title for row in report.without_period] == ["Sans période"]
    assert [(label, plain(value)) for label, value in report.activity.lines] == [
        ("Personnes employées", "1"),
        ("Heures de travail", "6 h 30"),
        ("Heures de formation", "3 h 30"),
        ("Heures d’immersion", "0 h"),
        ("Temps des entretiens de suivi", "45 min"),
    ]


def test_hours_that_nobody_recorded_are_not_nought():
    report = report_of(filled(), (D(2014, 1, 1), D(2014, 12, 31)))
    assert [value for _label, value in report.activity.lines] == ["0", *["non enregistré"] * 4]
    assert report.name == "Conseil général"


def test_exits_are_those_of_a_cohort_of_the_period():
    expected = result_of(make_2014(), RuleBook.load())
    exits = report_of(make_funder(), (D(2014, 1, 1), D(2014, 12, 31))).activity.exits
    main = exits["rule_sets"][0]["targets"][0]
    assert (exits["examined"], main["successes"]) == (expected.examined, expected.main.successes) == (9, 7)
    assert report_of(make_funder()).activity.exits["examined"] == 0
    assert set(exits) == {"rule_sets", "by_class", "not_examined", "examined"}


def test_the_page_says_what_leaves_the_house(steering):
    funder = filled()
    text = page(steering.get(url("funder-report", funder)))
    assert "Ce rapport sort de la maison." in text
    assert "Sans période connue" in text
    assert CANARY not in text
    assert f"{url('funder-report-file', funder, 'pdf')}?du=2024-01-01&amp;au=2024-12-31" in text


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_the_files_hold_the_same_figures_and_nobody(steering, kind):
    funder = filled()
    address = url("funder-report-file", funder, kind)
    response = steering.get(address, {"du": "2024-01-01", "au": "2024-12-31"})
    if kind == "pdf":
        pages = PdfReader(io.BytesIO(response.content)).pages
        words = " ".join(plain(" ".join(each.extract_text() for each in pages)).split())
        figures = [
            "Accordé 10 000 €",
            "Pas encore dépensé 9 400 €",
            "Heures de travail 6 h 30",
            "CONV-7",
            "Tondeuse",
        ]
    else:
        book = load_workbook(io.BytesIO(response.content))
        assert book.sheetnames == ["Données", "Subventions", "Versements", "Dépenses", "Sorties"]
        cells = [
            cell
            for sheet in book
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if cell is not None
        ]
        words = plain(" ".join(map(str, cells)))
        figures = [
            "Accordé 10000",
            "Pas encore dépensé 9400",
            "Heures de travail 6 h 30",
            "CONV-7",
            "Tondeuse",
        ]
    assert [figure for figure in figures if figure not in words] == []
    assert CANARY not in words
    assert "santé" not in words.lower()
    assert LogEntry.objects.latest("pk").additional_data["event"] == ("print" if kind == "pdf" else "export")


def test_a_period_that_cannot_be_is_refused(steering):
    funder = make_funder()
    for period, message in (
        ({"du": "2024-02-01", "au": "2024-01-31"}, "La période finit avant de commencer"),
        ({"du": "1900-01-01", "au": "2024-01-31"}, "La période dépasse dix ans"),
        ({"du": "hier", "au": ""}, "Saisissez une date valide"),
    ):
        response = steering.get(url("funder-report", funder), period)
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert message in page(response)
        assert (
            steering.get(url("funder-report-file", funder, "pdf"), period).status_code == HTTPStatus.NOT_FOUND
        )


def test_the_period_is_that_of_the_latest_grant_begun():
    make_grant(eligible_start=D(2022, 1, 1), eligible_end=D(2022, 12, 31))
    make_grant(eligible_start=D(2023, 1, 1), eligible_end=D(2023, 12, 31))
    make_grant(eligible_start=D(2025, 1, 1), eligible_end=D(2025, 12, 31))
    assert default_period(Grant.objects.all(), TODAY) == (D(2023, 1, 1), D(2023, 12, 31))
    assert default_period(Grant.objects.none(), TODAY) == YEAR
    # No file would be made of it.
    mistyped = make_grant(eligible_start=D(26, 1, 1), eligible_end=D(2026, 12, 31))
    assert default_period(Grant.objects.filter(pk=mistyped.pk), TODAY) == YEAR
