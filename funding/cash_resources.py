"""Imports and exports of cash balances."""

import datetime as dt
from collections.abc import Hashable
from functools import cached_property

from beneficiaries.resources import Row
from confluences.cells import Amount, Date
from confluences.imports import Column, ImportResource
from funding.models import CashBalance


class BalanceResource(ImportResource):
    """Balances of the bank, each known by its day."""

    day = Column("day", "Jour", Date(), required=True)
    amount = Column("amount", "Solde (€)", Amount(), required=True)

    class Meta(ImportResource.Meta):
        model = CashBalance
        name = "soldes"

    @cached_property
    def existing(self) -> dict[dt.date, CashBalance]:
        return {balance.day: balance for balance in CashBalance.objects.all()}

    def identities(self, row: Row) -> list[Hashable]:
        day = self.value("day", row)
        return [day] if day else []

    def find(self, row: Row) -> CashBalance | None:
        return self.existing.get(self.value("day", row))
