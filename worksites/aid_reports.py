"""The State's aid that annexes bring, month by month, whatever the hours: what one may expect to be paid."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from worksites.etp_reports import aid_rates
from worksites.etp_rules import aid_due, annex_months, terms_fault, unit_aid
from worksites.models import FinancialAnnex


@dataclass(frozen=True)
class MonthlyAid:
    """The aid of one month of an annex; None where its ETP or its amount per ETP are unknown."""

    annex: FinancialAnnex
    month: dt.date
    amount: Decimal | None


def monthly_aid(annexes: Iterable[FinancialAnnex]) -> list[MonthlyAid]:
    """A twelfth of the year's aid for each month of each annex; nothing of an annex that cannot be counted."""
    rates = aid_rates()
    return [
        MonthlyAid(annex, month, _amount(annex, month, rates[annex.kind]))
        for annex in annexes
        if not terms_fault(annex.start, annex.end, annex.hours_per_etp)
        for month in annex_months(annex.start, annex.end)
    ]


def _amount(annex: FinancialAnnex, month: dt.date, rates: dict[dt.date, Decimal]) -> Decimal | None:
    unit = unit_aid(annex.aid_per_etp, rates, month)
    if annex.agreed_etp is None or unit is None:
        return None
    return aid_due(annex.agreed_etp, unit)
