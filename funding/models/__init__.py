"""What pays: funders, their grants, what they expect, purchases and who pays for them, budgets, cash."""

from funding.models.budget import Budget, BudgetLine, BudgetRow
from funding.models.cash import CashBalance
from funding.models.grant import Funder, Grant, GrantDocument, Instalment, Obligation
from funding.models.purchase import Purchase, PurchaseShare

__all__ = [
    "Budget",
    "BudgetLine",
    "BudgetRow",
    "CashBalance",
    "Funder",
    "Grant",
    "GrantDocument",
    "Instalment",
    "Obligation",
    "Purchase",
    "PurchaseShare",
]
