"""The demonstration's budgets: this year's, of 300 000 € as the association's public sheet says, and last year's, closed.

How either is shared between rows is invented, and both say so. No line names a real funder.
"""

import datetime as dt
from decimal import Decimal

from confluences.actions import save_recorded
from confluences.demo.files import rows
from confluences.models import User
from funding.models import Budget, BudgetLine, BudgetRow

NOTES = "La répartition est inventée pour l’exemple."
MONTHS_A_YEAR = 12


def add_budgets(today: dt.date, by: User) -> None:
    """What is done by the month stands at the last month that is over."""
    lines = rows("budget.csv", today)
    now = _add_budget(today.year, f"{NOTES} Le total de 300 000 € est celui de l’association.", by)
    before = _add_budget(today.year - 1, NOTES, by)
    by_account = {row.account: row for row in BudgetRow.objects.all()}
    for line in lines:
        place = {"row": by_account[line["compte"]], "label": line["precision"]}
        said = BudgetLine(
            budget=before,
            planned=_amount(line["prevu_avant"]),
            done=_amount(line["realise_avant"]),
            explanation=line["explication_avant"],
            **place,
        )
        save_recorded(said, by=by)
        said = BudgetLine(
            budget=now,
            planned=_amount(line["prevu"]),
            done=_to_date(_amount(line["realise"]), line["rythme"], today),
            explanation=line["explication"],
            **place,
        )
        save_recorded(said, by=by)


def _add_budget(year: int, notes: str, by: User) -> Budget:
    budget = Budget(year=year, adopted_on=dt.date(year - 1, 12, 15), notes=notes)
    return save_recorded(budget, by=by)


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _to_date(amount: Decimal | None, pace: str, today: dt.date) -> Decimal | None:
    if amount is None or pace != "mois":
        return amount
    return (amount * (today.month - 1) / MONTHS_A_YEAR).quantize(Decimal(1))
