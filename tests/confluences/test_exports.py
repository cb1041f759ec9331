"""Files of a table: what stands above it, true dates and numbers, and no formula that runs."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from confluences.exports import (
    FORMULA_STARTS,
    Column,
    Heading,
    NothingToExport,
    Sheet,
    csv_file,
    safe_cell,
    xlsx,
)

COLUMNS = (
    Column("Nom", lambda row: row[0]),
    Column("Le", lambda row: row[1]),
    Column("Montant", lambda row: row[2]),
    Column("Présent", lambda row: row[3]),
)
ROWS = [("=SOMME(A1)", dt.date(2014, 12, 31), Decimal("12.5"), True), ("Élodie 🌳", None, None, False)]
MADE_AT = dt.datetime(2026, 11, 23, 14, 32, tzinfo=timezone.get_default_timezone())
HEADING = Heading("Salariés", "Exemple Direction", "en contrat", MADE_AT)


def test_csv_says_who_when_which_and_how_many():
    assert csv_file(COLUMNS, ROWS, HEADING).decode("utf-8-sig").splitlines() == [
        "Tableau;Salariés",
        "Établi par;Exemple Direction",
        "Le;23/11/2026 à 14 h 32",
        "Filtres;en contrat",
        "Lignes;2",
        "",
        "Nom;Le;Montant;Présent",
        "'=SOMME(A1);31/12/2014;12,5;oui",
        "Élodie 🌳;;;non",
    ]


def test_csv_numbers_are_numbers_for_a_spreadsheet():
    rows = [("A", None, Decimal("11960.50"), None), ("B", None, Decimal(-2335), None)]
    lines = csv_file(COLUMNS, rows, HEADING).decode("utf-8-sig").splitlines()
    assert lines[-2:] == ["A;;11960,5;", "B;;-2335;"]


def test_csv_opens_in_a_french_spreadsheet():
    assert csv_file(COLUMNS, ROWS, HEADING).startswith(b"\xef\xbb\xbf")


def test_xlsx_holds_true_dates_and_numbers():
    sheet = load_workbook(io.BytesIO(xlsx(COLUMNS, ROWS, HEADING)))["Données"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[4][:2] == ("Lignes", "2")
    assert rows[6:] == [
        ("Nom", "Le", "Montant", "Présent"),
        ("'=SOMME(A1)", dt.datetime(2014, 12, 31), 12.5, "oui"),  # noqa: DTZ001  a spreadsheet knows no time zone
        ("Élodie 🌳", None, None, "non"),
    ]
    assert sheet["B8"].number_format == "DD/MM/YYYY"


def test_xlsx_may_hold_further_sheets():
    more = [Sheet("Chiffres", COLUMNS[:1], ROWS)]
    assert load_workbook(io.BytesIO(xlsx(COLUMNS, ROWS, HEADING, more=more))).sheetnames == [
        "Données",
        "Chiffres",
    ]


@pytest.mark.parametrize("write", [xlsx, csv_file])
def test_zero_rows_make_no_file(write):
    with pytest.raises(NothingToExport):
        write(COLUMNS, [], HEADING)


@given(st.text())
def test_no_text_is_ever_a_formula(text):
    assert not safe_cell(text).startswith(FORMULA_STARTS)


@given(st.text(min_size=1))
def test_any_text_fits_a_spreadsheet(text):
    xlsx(COLUMNS[:1], [(text,)], HEADING)


def test_no_filter_says_so():
    nothing = Heading("Salariés", "Exemple", "", MADE_AT)
    assert "Filtres;aucun" in csv_file(COLUMNS, ROWS, nothing).decode("utf-8-sig").splitlines()
