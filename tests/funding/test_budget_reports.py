"""A budget's sheet: figures counted again from the rows, the aid from the ETP, what is said of both, and the papers."""

import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from openpyxl import load_workbook
from pypdf import PdfReader

from funding.budget_actions import take_grants
from funding.budget_paper_reports import account_pdf, budget_xlsx, forecast_pdf
from funding.budget_reports import budget_sheet, budget_sheets
from funding.enums import FunderKind, GrantStatus
from funding.models import Budget
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.funding.factories import make_budget, make_funder, make_grant, make_line
from tests.worksites.factories import make_annex, make_assignment, make_worksite
from worksites.etp_reports import annex_reports

pytestmark = pytest.mark.django_db
D = Decimal
AFTER = dt.date(2025, 6, 1)
DURING = dt.date(2024, 6, 1)
MADE = {"author": "Exemple", "made_at": dt.datetime(2025, 6, 1, 10, tzinfo=dt.UTC)}


def row_of(sheet, account: str):
    return next(row for side in sheet.sides for row in side.rows if row.row.account == account)


def words_of(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def written() -> Budget:
    budget = make_budget()
    make_line(budget, "601", planned=D("12500.50"), done=D("14000"))
    make_line(budget, "616", planned=D(4000), done=D(4800), explanation="Un véhicule de plus.")
    make_line(budget, "641", planned=D(80000), done=D(79000))
    make_line(budget, "70", planned=D("86500.50"), done=D("88000"))
    make_line(budget, "74-5", label="Exemple-Ville", planned=D(6000), done=D(5800))
    make_line(budget, "74-5", label="Exemple-Bourg", planned=D(4000), done=D(4000))
    make_line(budget, "864", planned=D(3000), done=D(3000))
    make_line(budget, "870", planned=D(2800), done=D(3000))
    return budget


def counted(budget, side: str, column: str, *, voluntary: bool):
    """The same total, by SQL alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT SUM(l.{column}) FROM funding_budgetline l JOIN funding_budgetrow r ON r.id = l.row_id"
            " WHERE l.budget_id = %s AND r.side = %s AND r.is_voluntary = %s",
            [budget.pk, side, voluntary],
        )
        return D(str(cursor.fetchone()[0])).quantize(D("0.01"))


def test_totals_are_those_that_sql_counts():
    budget = written()
    sheet = budget_sheet(budget, AFTER)
    for side, voluntary in [
        (sheet.expenses, False),
        (sheet.income, False),
        (sheet.voluntary_expenses, True),
        (sheet.voluntary_income, True),
    ]:
        assert side.figures.planned.exact == counted(budget, side.side, "planned", voluntary=voluntary)
        assert side.figures.done.exact == counted(budget, side.side, "done", voluntary=voluntary)
        parts = sum((heading.figures.planned.amount for heading in side.headings), D(0))
        assert parts == side.figures.planned.amount
    assert [part.figures.planned.amount for part in sheet.grand_totals] == [D("99500.50"), D("99300.50")]


def test_what_the_balance_says():
    sheet = budget_sheet(written(), AFTER)
    assert sheet.planned_balance.label == "équilibré"
    assert sheet.done_balance.label == "équilibré"
    lacking = make_budget(year=2023)
    make_line(lacking, "601", planned=D(3000))
    make_line(lacking, "70", planned=D(1800))
    assert budget_sheet(lacking, AFTER).planned_balance.label == "il manque 1\u202f200,00\xa0€ de produits"
    make_line(lacking, "604")
    assert (
        budget_sheet(lacking, AFTER).planned_balance.label == "on ne sait pas encore : un montant est inconnu"
    )
    assert budget_sheet(make_budget(year=2022), AFTER).planned_balance.label == "rien n’est encore saisi"


def test_voluntary_contributions_are_apart_and_equal_on_both_sides():
    sheet = budget_sheet(written(), AFTER)
    assert [(name, status.label) for name, status in sheet.voluntary_balances] == [
        ("Prévu", "il manque 200,00\xa0€ au compte 87"),
        ("Réalisé", "les deux côtés sont égaux"),
    ]


def test_an_unknown_amount_makes_a_total_a_least():
    budget = make_budget()
    make_line(budget, "601", planned=D(1000))
    make_line(budget, "604", label="devis attendu")
    heading = budget_sheet(budget, DURING).expenses.used_headings[0]
    assert (heading.name, heading.cells.planned, heading.cells.done) == (
        "60 Achats",
        "au moins 1\u202f000",
        "inconnu",
    )
    assert heading.cells.share == ""


def test_cents_show_in_the_whole_column_that_has_some():
    cells = row_of(budget_sheet(written(), AFTER), "641").cells
    assert (cells.planned, cells.done, cells.gap, cells.rate) == (
        "80\u202f000,00",
        "79\u202f000",
        "−1\u202f000,00",
        "98,8\xa0%",
    )


def test_gaps_and_their_explanation():
    sheet = budget_sheet(written(), AFTER)
    assert [row.row.account for row in sheet.gaps] == ["601", "616", "641", "70", "74-5", "870"]
    assert [row.row.account for row in sheet.unexplained] == ["601"]
    insurance = row_of(sheet, "616")
    assert (insurance.cells.gap, insurance.cells.gap_percent) == ("+800,00", "+20\xa0%")
    assert (insurance.is_significant, insurance.explanation) == (True, "Un véhicule de plus.")


# The aid


def annex_with_hours(**fields):
    worksite = make_worksite()
    annex = make_annex(**{"agreed_etp": D(2), "aid_per_etp": D(24000), "hours_per_etp": 1680} | fields)
    annex.worksites.add(worksite)
    person = make_contract(make_beneficiary()).beneficiary
    make_assignment(person, worksite)
    for month in (1, 2):
        make_time(person, dt.date(2024, month, 2), 7 * 60)
    return annex


def test_the_aid_is_what_the_etp_say():
    annex = annex_with_hours()
    row = row_of(budget_sheet(make_budget(), DURING), "74-8")
    [report] = annex_reports([annex], DURING)
    assert row.figures.planned.exact == report.figures.total_due == 48000
    assert row.figures.done.exact == report.figures.used == 200
    assert (row.planned_source, row.done_source) == ("d’après les ETP", "d’après les ETP")
    assert (row.aid.annexes, row.aid.words) == ((annex,), "2 mois saisis sur 12")


def test_the_aid_of_a_year_leaves_the_months_of_the_others():
    annex_with_hours(start=dt.date(2023, 7, 1), end=dt.date(2024, 1, 31))
    row = row_of(budget_sheet(make_budget(), DURING), "74-8")
    assert (row.figures.planned.exact, row.figures.done.exact) == (4000, 100)
    before = row_of(budget_sheet(make_budget(year=2023), DURING), "74-8")
    assert (before.figures.planned.exact, before.cells.done) == (24000, "inconnu")


def test_an_amount_typed_overrides_the_etp_and_the_page_says_so():
    annex_with_hours()
    budget = make_budget()
    make_line(budget, "74-8", planned=D(50000))
    row = row_of(budget_sheet(budget, DURING), "74-8")
    assert (row.figures.planned.exact, row.figures.done.exact) == (50000, 200)
    assert row.planned_source == "saisi ; d’après les ETP : 48\u202f000\xa0€"
    assert row.done_source == "d’après les ETP"


def test_the_budget_of_a_grant_takes_no_aid():
    annex_with_hours()
    sheet = budget_sheet(make_budget(grant=make_grant()), DURING)
    assert sheet.aid is None
    assert row_of(sheet, "74-8").figures.is_empty


def test_an_annex_without_posts_leaves_the_aid_unknown():
    annex_with_hours(agreed_etp=None)
    assert row_of(budget_sheet(make_budget(), DURING), "74-8").cells.planned == "inconnu"


@pytest.mark.parametrize("count", [1, 3])
def test_sheets_take_the_same_queries_whatever_their_number(django_assert_num_queries, count):
    annex_with_hours()
    for year in range(2024, 2024 - count, -1):
        budget = make_budget(year=year)
        for number in range(count):
            make_line(budget, "604", label=str(number), planned=D(1))
    budgets = list(Budget.objects.select_related("grant__funder"))
    with django_assert_num_queries(6):
        assert len(budget_sheets(budgets, DURING)) == count


# The grant that is asked for


def test_the_sentence_of_the_form():
    grant = make_grant(status=GrantStatus.ASKED, asked=D(10000))
    budget = make_budget(grant=grant)
    make_line(budget, "70", planned=D(70000))
    make_line(budget, "870", planned=D(5000))
    sheet = budget_sheet(budget, DURING)
    assert sheet.asked_sentence.startswith(
        "La subvention sollicitée de 10\u202f000\xa0€ représente 14,3\xa0% du total des produits"
    )
    make_line(budget, "756")
    assert budget_sheet(budget, DURING).asked_sentence == ""
    assert budget_sheet(make_budget(year=2023), DURING).asked_sentence == ""


# Papers


def test_the_forecast_holds_every_row_on_one_page():
    budget = written()
    pdf = forecast_pdf(budget_sheet(budget, AFTER), **MADE)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    text = words_of(pdf)
    for words in (
        "Budget prévisionnel 2024",
        "601 Achats matières et fournitures 12 500,50",
        "Charges fixes de fonctionnement",
        "Total des charges 96 500,50 Total des produits 96 500,50",
        "Exemple-Bourg : 4 000,00 ; Exemple-Ville : 6 000,00",
        "Total général des charges 99 500,50 Total général des produits 99 300,50",
        "ce n’est pas le formulaire",
    ):
        assert words in text
    assert PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_account_explains_gaps():
    text = words_of(account_pdf(budget_sheet(written(), AFTER), **MADE))
    for words in (
        "616 Assurance 4 000,00 4 800 120 %",
        "Un véhicule de plus.",
        "à expliquer",
        "Règle de répartition des charges indirectes Non renseignée.",
        "Prévu : il manque 200,00 € au compte 87.",
        "Cerfa n° 15059*02",
    ):
        assert words in text


def test_the_spreadsheet_holds_numbers_and_runs_nothing():
    budget = written()
    make_line(budget, "758", label="=1+1", planned=D(10))
    content, rows = budget_xlsx(budget_sheet(budget, AFTER), **MADE)
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Données", "Lignes saisies", "Synthèse"]
    table = [
        line for line in book["Données"].iter_rows(values_only=True) if line[1] in {"titre", "poste", "total"}
    ]
    assert len(table) == rows
    [insurance] = [line for line in table if line[2] == "616"]
    assert insurance[4:10] == (4000, 4800, 120, 800, 20, pytest.approx(4.15))
    assert insurance[11:13] == ("oui", "Un véhicule de plus.")
    assert "'=1+1" in [line[3] for line in book["Lignes saisies"].iter_rows(values_only=True)]
    totals = {line[3]: line[4] for line in table if line[1] == "total"}
    assert totals["Total des charges"] == D("96500.50")


# Grants taken over


def test_grants_awarded_for_the_year_are_planned_on_the_row_of_their_funder():
    town, region = make_funder(name="Exemple-Ville"), make_funder(name="Région", kind=FunderKind.REGION)
    make_grant(town, awarded=D(4000))
    make_grant(town, awarded=D(1000))
    make_grant(region, awarded=D(9000))
    make_grant(region, title="Sur deux ans", eligible_end=dt.date(2025, 6, 30))
    make_grant(title="Refusée", status=GrantStatus.REFUSED)
    make_grant(make_funder(name="ASP", kind=FunderKind.PAYING_AGENCY))
    budget = make_budget()
    make_line(budget, "74-2", label="Région", planned=D(8000))
    taken = take_grants(budget, by=None)
    assert (taken.filled, taken.kept) == (["Exemple-Ville"], ["Région"])
    assert (taken.fed, taken.left) == (["ASP"], ["Sur deux ans (Région)"])
    assert list(budget.lines.values_list("row__account", "label", "planned", "funder")) == [
        ("74-2", "Région", 8000, None),
        ("74-5", "Exemple-Ville", 5000, town.pk),
    ]
    assert take_grants(budget, by=None).filled == []


def test_shares_are_of_what_was_planned():
    row = row_of(budget_sheet(written(), AFTER), "74-5")
    assert row.share == Fraction(10000) / Fraction("96500.5")
    assert [(line.label, cells.planned) for line, cells in row.details] == [
        ("Exemple-Bourg", "4\u202f000,00"),
        ("Exemple-Ville", "6\u202f000,00"),
    ]
