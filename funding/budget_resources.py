"""Imports and exports of budgets and of their lines."""

from collections.abc import Hashable
from functools import cached_property

from django.core.exceptions import ValidationError

from beneficiaries.resources import Row
from confluences import cells
from confluences.cells import Amount, Date, Text, WholeNumber
from confluences.imports import Column, ImportResource
from confluences.text import search_key
from funding.models import Budget, BudgetLine, BudgetRow, Funder

OF_ASSOCIATION = Budget._meta.get_field("title").default


def row_cell() -> cells.Row:
    """A row of the Cerfa, by its account, its label or both."""
    return cells.Row(BudgetRow.objects.all, lambda row: [row.account, str(row)])


def funder_cell() -> cells.Row:
    return cells.Row(Funder.objects.all, lambda funder: [funder.name])


class AccountCell(cells.Row):
    """The same, written as its account alone."""

    def __init__(self) -> None:
        super().__init__(BudgetRow.objects.all, lambda row: [row.account, str(row)])

    def render(self, value, obj=None, **kwargs):
        return value.account if value else ""


class BudgetResource(ImportResource):
    """Budgets, known by their year and their title. The grant of an action's budget is chosen on its page."""

    year = Column("year", "Année", WholeNumber(), required=True)
    title = Column("title", "Budget", Text(), default=OF_ASSOCIATION)
    adopted_on = Column("adopted_on", "Voté le", Date())
    indirect_rule = Column("indirect_rule", "Règle de répartition des charges indirectes", Text())
    notes = Column("notes", "Remarques", Text())

    class Meta(ImportResource.Meta):
        model = Budget
        name = "budgets"

    @cached_property
    def existing(self) -> dict[Hashable, Budget]:
        rows = Budget.objects.select_related("grant")
        return {(budget.year, search_key(budget.title)): budget for budget in rows}

    def identities(self, row: Row) -> list[Hashable]:
        year, title = self.value("year", row), self.value("title", row)
        return [(year, search_key(title or OF_ASSOCIATION))] if year else []

    def find(self, row: Row) -> Budget | None:
        return next((self.existing.get(identity) for identity in self.identities(row)), None)


class BudgetLineResource(ImportResource):
    """The lines of budgets, known by their budget, their account and their label."""

    year = Column("budget__year", "Année", WholeNumber(), required=True, readonly=True)
    title = Column("budget__title", "Budget", Text(), readonly=True)
    row = Column("row", "Compte", AccountCell(), required=True)
    label = Column("label", "Précision", Text())
    funder = Column("funder", "Financeur", funder_cell())
    planned = Column("planned", "Prévu (€)", Amount())
    done = Column("done", "Réalisé (€)", Amount())
    explanation = Column("explanation", "Explication de l’écart", Text())

    class Meta(ImportResource.Meta):
        model = BudgetLine
        name = "lignes-budget"
