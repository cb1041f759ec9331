"""What the tests of cash share: a today, a balance on the eve of its month, an annex and a budget."""

import datetime as dt
from decimal import Decimal

from confluences.actions import save_recorded
from funding.models import Budget, CashBalance
from tests.funding.factories import make_budget, make_line
from tests.worksites.factories import make_annex
from worksites.models import FinancialAnnex

TODAY = dt.date(2026, 11, 30)


def make_balance(day: dt.date = dt.date(2026, 10, 31), amount: str | int = 1000) -> CashBalance:
    return save_recorded(CashBalance(day=day, amount=Decimal(amount)), by=None)


def make_aid(**fields) -> FinancialAnnex:
    """An annex of 2026 that brings 2 000 € a month."""
    fields = {
        "start": dt.date(2026, 1, 1),
        "end": dt.date(2026, 12, 31),
        "agreed_etp": Decimal(2),
        "aid_per_etp": Decimal(12000),
    } | fields
    return make_annex(**fields)


def make_plan(year: int = 2026, **fields) -> Budget:
    """A budget of 12 000 € of charges and 1 200 € of sales; what no bank sees of it, and a grant, lie around."""
    budget = make_budget(year=year, **fields)
    for account, planned in {
        "641": 12000,
        "68": 500,
        "864": 700,
        "70": 1200,
        "74-3": 5000,
        "789": 300,
        "RES": 50,
        "870": 700,
    }.items():
        make_line(budget, account, planned=Decimal(planned))
    return budget
