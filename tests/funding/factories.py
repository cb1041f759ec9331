"""Funders, grants, purchases and budgets as tests need them: the least that is valid."""

import datetime as dt
from decimal import Decimal
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile

from confluences.actions import save_recorded
from funding.enums import ExpenseKind, FunderKind, GrantStatus, InstalmentKind, ObligationKind
from funding.models import (
    Budget,
    BudgetLine,
    BudgetRow,
    Funder,
    Grant,
    GrantDocument,
    Instalment,
    Obligation,
    Purchase,
    PurchaseShare,
)
from tests.beneficiaries.factories import PDF

_numbers = count(1)


def make_funder(**fields) -> Funder:
    fields = {"name": f"Financeur {next(_numbers)}", "kind": FunderKind.TOWN} | fields
    return save_recorded(Funder(**fields), by=None)


def make_grant(funder: Funder | None = None, **fields) -> Grant:
    """A grant of 10 000 € for equipment, awarded, its expenses within 2024."""
    fields = {
        "title": f"Subvention {next(_numbers)}",
        "status": GrantStatus.AWARDED,
        "awarded": Decimal(10000),
        "eligible_start": dt.date(2024, 1, 1),
        "eligible_end": dt.date(2024, 12, 31),
        "pays_for": ExpenseKind.EQUIPMENT,
    } | fields
    if fields["status"] not in GrantStatus.promised():
        fields["awarded"] = None
    return save_recorded(Grant(funder=funder or make_funder(), **fields), by=None)


def make_instalment(grant: Grant | None = None, **fields) -> Instalment:
    fields = {
        "kind": InstalmentKind.ADVANCE,
        "expected": Decimal(5000),
        "expected_on": dt.date(2024, 3, 1),
    } | fields
    return save_recorded(Instalment(grant=grant or make_grant(), **fields), by=None)


def make_obligation(grant: Grant | None = None, **fields) -> Obligation:
    fields = {"kind": ObligationKind.REPORT, "due": dt.date(2024, 6, 30)} | fields
    return save_recorded(Obligation(grant=grant or make_grant(), **fields), by=None)


def make_paper(grant: Grant | None = None, **fields) -> GrantDocument:
    """A paper of a grant, with its file."""
    fields = {
        "title": "Convention",
        "file": SimpleUploadedFile("c.pdf", PDF),
        "original_name": "c.pdf",
    } | fields
    return save_recorded(GrantDocument(grant=grant or make_grant(), **fields), by=None)


def make_purchase(**fields) -> Purchase:
    """A mower of 1 000 €, needed on 1 May 2024."""
    fields = {
        "title": f"Tondeuse {next(_numbers)}",
        "kind": ExpenseKind.EQUIPMENT,
        "price": Decimal(1000),
        "needed_on": dt.date(2024, 5, 1),
    } | fields
    return save_recorded(Purchase(**fields), by=None)


def make_share(
    purchase: Purchase | None = None, grant: Grant | None = None, amount: Decimal = Decimal(500)
) -> PurchaseShare:
    return save_recorded(
        PurchaseShare(purchase=purchase or make_purchase(), grant=grant or make_grant(), amount=amount),
        by=None,
    )


def make_budget(**fields) -> Budget:
    fields = {"year": 2024} | fields
    return save_recorded(Budget(**fields), by=None)


def make_line(budget: Budget | None = None, account: str = "604", **fields) -> BudgetLine:
    row = BudgetRow.objects.get(account=account)
    return save_recorded(BudgetLine(budget=budget or make_budget(), row=row, **fields), by=None)
