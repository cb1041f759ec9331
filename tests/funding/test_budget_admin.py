"""Budgets in the admin, and their imports."""

from decimal import Decimal

import pytest

from confluences.admin_imports import EXAMPLES
from confluences.imports import Fault, import_file
from funding.budget_resources import BudgetLineResource, BudgetResource
from funding.models import Budget, BudgetLine, BudgetRow
from tests.confluences.test_admin import page, posted
from tests.confluences.test_imports import faults_of
from tests.conftest import signed_in_client
from tests.funding.factories import make_budget, make_funder, make_line

pytestmark = pytest.mark.django_db
HEADINGS = "Année;Budget;Compte;Précision;Financeur;Prévu (€);Réalisé (€)"


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("funding_budget_changelist", 9), ("funding_budgetline_changelist", 10)]
)
def test_list_queries(administrator_client, django_assert_num_queries, name, queries, count):
    for year in range(2024, 2024 - count, -1):
        make_line(make_budget(year=year), planned=Decimal(5))
    with django_assert_num_queries(queries):
        assert len(administrator_client.get(page(name)).context["cl"].result_list) == count


def test_lines_are_corrected_with_their_budget(administrator_client):
    line = make_line(planned=Decimal(5))
    address = page("funding_budget_change", line.budget.pk)
    data = posted(administrator_client.get(address)) | {"lines-0-planned": "12.50", "notes": "Revu."}
    assert administrator_client.post(address, data).status_code == 302
    line.refresh_from_db()
    assert (line.planned, line.version) == (Decimal("12.50"), 2)
    assert Budget.objects.get().notes == "Revu."


def test_a_row_in_use_stays(administrator_client):
    used, free = make_line().row, BudgetRow.objects.get(account="79")
    for row in (used, free):
        administrator_client.post(page("funding_budgetrow_delete", row.pk), {"post": "yes"})
    assert BudgetRow.objects.filter(pk=used.pk).exists()
    assert not BudgetRow.objects.filter(pk=free.pk).exists()


def test_a_label_of_the_cerfa_can_be_corrected(administrator_client):
    row = BudgetRow.objects.get(account="604")
    address = page("funding_budgetrow_change", row.pk)
    data = posted(administrator_client.get(address)) | {"label": "Sous-traitance"}
    assert administrator_client.post(address, data).status_code == 302
    row.refresh_from_db()
    assert row.label == "Sous-traitance"


# Imports


def test_lines_are_imported_once_and_updated_after(administrator):
    budget, funder = make_budget(), make_funder(name="Exemple-Ville")
    text = f"{HEADINGS}\n2024;budget de l’association;601;;;12 500,50;\n2024;;74-5;Ville;exemple-ville;8 000 €;0\n"
    assert import_file(BudgetLineResource, text.encode(), by=administrator) == 2
    assert import_file(BudgetLineResource, text.encode(), by=administrator) == 0
    assert list(budget.lines.values_list("row__account", "label", "funder", "planned", "done")) == [
        ("601", "", None, Decimal("12500.50"), None),
        ("74-5", "Ville", funder.pk, 8000, 0),
    ]
    changed = text.replace("12 500,50", "13 000")
    assert import_file(BudgetLineResource, changed.encode(), by=administrator) == 1
    assert BudgetLine.objects.get(row__account="601").planned == 13000


def test_every_fault_is_listed_and_nothing_is_saved():
    make_budget()
    text = (
        f"{HEADINGS}\n2024;;601;;;-5;\n2023;;601;;;5;\n2024;;999;;;5;\n2024;;604;;;douze;\n;;604;x;;5;\n"
        "2024;;601;;;5;\n2024;;606;;Inconnu;1234567890123;\n"
    )
    faults = faults_of(text, BudgetLineResource)
    assert [(fault.row, fault.column) for fault in faults] == [
        (2, "Prévu (€)"),
        (3, "Année"),
        (4, "Compte"),
        (5, "Prévu (€)"),
        (6, "Année"),
        (7, ""),
        (8, "Financeur"),
        (8, "Prévu (€)"),
    ]
    assert Fault(2, "Prévu (€)", "Un montant n’est pas négatif.") in faults
    assert not BudgetLine.objects.exists()


def test_what_is_exported_imports_again(administrator_client, administrator):
    make_line(make_budget(notes="=1+1"), "601", planned=Decimal("5.50"), explanation="Été")
    for name, resource in [("budget", BudgetResource), ("budgetline", BudgetLineResource)]:
        content = administrator_client.post(page(f"funding_{name}_export"), {"format": "csv"}).content
        table = content.decode("utf-8-sig").split("\r\n\r\n", 1)[-1]
        assert import_file(resource, table.encode(), by=administrator) == 0


def test_example_files_import_in_order_and_twice(administrator):
    def imported():
        return [
            import_file(each, EXAMPLES / f"{each._meta.name}.csv", by=administrator)
            for each in (BudgetResource, BudgetLineResource)
        ]

    assert (imported(), imported()) == ([1, 3], [0, 0])
