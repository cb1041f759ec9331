"""Imports and exports of budgets and of their lines."""

from collections.abc import Hashable
from functools import cached_property

from django.core.exceptions import ValidationError

from beneficiaries.resources import Row
from confluences import cells
from confluences.cells import Amount, Date, Text, WholeNumber
from confluences.imports import Column, ImportResource
from confluences.text import search_key
from funding.grant_resources import funder_cell
from funding.models import Budget, BudgetLine, BudgetRow

OF_ASSOCIATION = Budget._meta.get_field("title").default


class AccountCell(cells.Row):
    """A row of the Cerfa, by its account or its whole name; written as its account alone."""

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
        return {known_by(budget.year, budget.title): budget for budget in rows}

    def identities(self, row: Row) -> list[Hashable]:
        year, title = self.value("year", row), self.value("title", row)
        return [known_by(year, title or OF_ASSOCIATION)] if year else []

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

    @cached_property
    def budgets(self) -> dict[Hashable, Budget]:
        return {known_by(budget.year, budget.title): budget for budget in Budget.objects.all()}

    @cached_property
    def existing(self) -> dict[Hashable, BudgetLine]:
        rows = BudgetLine.objects.select_related("budget", "row", "funder")
        return {(line.budget_id, line.row_id, search_key(line.label)): line for line in rows}

    def identities(self, row: Row) -> list[Hashable]:
        account = self.value("row", row)
        try:
            return [self._place(row)] if account else []
        except ValidationError:
            return []

    def find(self, row: Row) -> BudgetLine | None:
        return self.existing.get(self._place(row)) if self.value("row", row) else self._known(row)

    def init_instance(self, row: Row) -> BudgetLine:
        try:
            return BudgetLine(budget=self._budget(row))
        except ValidationError:
            return BudgetLine()

    def _known(self, row: Row) -> None:
        """Nothing is found without an account; that the budget is unknown is said all the same."""
        self._budget(row)

    def _place(self, row: Row) -> Hashable:
        label = self.value("label", row) or ""
        return self._budget(row).pk, self.value("row", row).pk, search_key(label)

    def _budget(self, row: Row) -> Budget:
        year, title = self.value("year", row), self.value("title", row) or OF_ASSOCIATION
        if not year:
            raise ValidationError({"budget": "Écrivez l’année du budget, par exemple 2026."})
        budget = self.budgets.get(known_by(year, title))
        if budget is None:
            raise ValidationError(
                {
                    "budget": f"Aucun budget « {title} » en {year}. Corrigez l’année ou le nom, ou créez d’abord le budget."
                }
            )
        return budget


def known_by(year: int, title: str) -> Hashable:
    return year, search_key(title)
