"""The demonstration's cash: one invented balance, from which the curve starts."""

import datetime as dt
from decimal import Decimal

from confluences.actions import save_recorded
from confluences.models import User
from funding.models import CashBalance

INVENTED_BALANCE = Decimal("20000.00")  # round, so that nobody takes it for the association's own


def add_cash(today: dt.date, supervisor: User) -> None:
    """The balance of the first of the month."""
    save_recorded(CashBalance(day=today.replace(day=1), amount=INVENTED_BALANCE), by=supervisor)
