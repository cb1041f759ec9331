"""The demonstration's budgets: 300 000 € on both sides, invented in its details and saying so."""

import datetime as dt

import pytest

from confluences.demo.budgets import add_budgets
from funding.budget_reports import budget_sheets
from funding.models import Budget, BudgetLine

pytestmark = pytest.mark.django_db

REAL_FUNDERS = [
    "DIRECCTE",
    "94",
    "Île-de-France",
    "Champigny",
    "Actif",
    "Agence de l’eau",
    "Truffaut",
    "FAPE",
]


@pytest.mark.parametrize("today", [dt.date(2026, 1, 1), dt.date(2026, 7, 15), dt.date(2026, 12, 31)])
def test_the_year_totals_300_000(supervisor, today):
    add_budgets(today, supervisor)
    now, before = budget_sheets(list(Budget.objects.select_related("grant__funder")), today)
    assert (now.budget.year, before.budget.year) == (2026, 2025)
    for sheet, total in [(now, 300_000), (before, 280_000)]:
        assert sheet.expenses.figures.planned.exact == sheet.income.figures.planned.exact == total
        assert sheet.planned_balance.label == "équilibré"
        assert {status.label for _name, status in sheet.voluntary_balances} == {"les deux côtés sont égaux"}
        assert sheet.budget.notes.startswith("La répartition est inventée pour l’exemple.")
        assert sheet.unexplained == []
    assert before.done_balance.label == "excédent de 2\u202f030,00\xa0€"
    assert [row.row.account for row in before.gaps if row.is_significant] == ["606", "615", "74-10"]


def test_no_real_funder_is_given_an_amount(supervisor):
    add_budgets(dt.date(2026, 7, 15), supervisor)
    said = " ".join(BudgetLine.objects.values_list("label", flat=True))
    assert [name for name in REAL_FUNDERS if name in said] == []
    assert not BudgetLine.objects.exclude(funder=None).exists()
