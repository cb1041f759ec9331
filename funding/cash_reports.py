"""The cash of the twelve months to come, as the tables tell it: what comes in, what goes out, what cannot be placed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.db.models import F, Q, QuerySet, Sum

from confluences.dates import add_months, day_after
from confluences.working_days import month_of
from funding.budget_rules import GRANTS_PREFIX
from funding.cash_enums import Aside, Source
from funding.cash_rules import (
    CashCurve,
    Movement,
    cash_months,
    month_for,
    part_left,
    twelfth,
    year_known,
)
from funding.certainty_rules import Certainty
from funding.enums import BudgetSide, ExpenseKind, FunderKind, GrantStatus
from funding.models import Budget, CashBalance, Instalment, Purchase
from funding.money_rules import ZERO, to_cents, total_of_known
from worksites.aid_reports import MonthlyAid, monthly_aid
from worksites.models import FinancialAnnex

# An annex that ended longer ago says nothing of the months to come.
AID_REMEMBERED_MONTHS = 12
# Accounts that the books hold and no bank sees: depreciation, reversals, transfers, own resources.
NOT_PAID = ("68", "78", "79", "RES")


@dataclass(frozen=True)
class LeftOut:
    """An amount that is expected and is not in the curve, with the reason."""

    label: str
    url: str
    amount: Decimal | None
    reason: Aside


@dataclass(frozen=True)
class Plan:
    """A budget, and what the bank is to see of it in its year: charges, and income other than grants."""

    budget: Budget
    charges: Decimal
    income: Decimal


@dataclass(frozen=True)
class CashForecast:
    """Where the cash starts, what moves it in twelve months, and what it was drawn from."""

    balance: CashBalance | None
    curve: CashCurve
    left_out: Sequence[LeftOut]
    budgets: dict[int, Budget]  # by the year that each stands for

    @property
    def is_outdated(self) -> bool:
        """Whether days lie between the balance and the first month, whose charges nobody counts."""
        return self.balance is not None and day_after(self.balance.day) < self.curve.months[0]

    @property
    def is_empty(self) -> bool:
        return self.balance is None and not self.curve.movements

    @cached_property
    def dated(self) -> list[Movement]:
        """The movements that have a day of their own, in order."""
        found = [each for each in self.curve.movements if each.day is not None]
        return sorted(found, key=lambda each: (each.month, each.day, each.goes_out, each.label))


def cash_forecast(today: dt.date) -> CashForecast:
    """Twelve months from the running one, in a few queries whatever there is."""
    balance = CashBalance.objects.filter(day__lte=today).first()
    gathering = _Gathering(today, balance.day if balance else None)
    gathering.add_aid()
    gathering.add_budgets()
    gathering.add_instalments()
    gathering.add_purchases()
    curve = CashCurve(balance.amount if balance else ZERO, gathering.movements, gathering.months)
    return CashForecast(balance, curve, gathering.left_out, gathering.budgets)


@dataclass
class _Gathering:
    """The movements of the months ahead, while they are read one table after the other."""

    today: dt.date
    since: dt.date | None  # the balance's day: what moved after it counts
    movements: list[Movement] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    budgets: dict[int, Budget] = field(default_factory=dict)

    @cached_property
    def months(self) -> list[dt.date]:
        return cash_months(self.today)

    def add_aid(self) -> None:
        """Certain where an annex covers the month; where none does, likely and as in the last month covered."""
        by_month: dict[dt.date, list[MonthlyAid]] = defaultdict(list)
        for aid in monthly_aid(self._annexes()):
            by_month[aid.month].append(aid)
        unknown: set[FinancialAnnex] = set()
        for month in self.months:
            covered = [each for each in by_month if each <= month]
            aids = by_month[max(covered)] if covered else []
            unknown |= {aid.annex for aid in aids if aid.amount is None}
            level = Certainty.CERTAIN if month in covered else Certainty.LIKELY
            self._spread(month, total_of_known(aid.amount for aid in aids).amount, Source.AID, level)
        for annex in sorted(unknown, key=str):
            self._leave_out(f"Aide au poste : {annex}", annex.get_absolute_url(), None, Aside.NO_AMOUNT)

    def _annexes(self) -> QuerySet[FinancialAnnex]:
        remembered = add_months(self.months[0], -AID_REMEMBERED_MONTHS)
        return FinancialAnnex.objects.filter(end__gte=remembered, start__lte=month_of(self.months[-1])[1])

    def add_budgets(self) -> None:
        """A twelfth of what the budget of the year plans: charges, and income other than grants."""
        known = association_plans()
        for month in self.months:
            year = year_known(month.year, known)
            if year is None:
                return
            plan = known[year]
            self.budgets[month.year] = plan.budget
            self._spread(month, -twelfth(plan.charges, month), Source.CHARGES, Certainty.CERTAIN)
            self._spread(month, twelfth(plan.income, month), Source.INCOME, Certainty.LIKELY)

    def add_instalments(self) -> None:
        """What grants are still to bring, and what they have brought since the balance."""
        rows = (
            Instalment.objects.filter(self._moves("received_on"))
            .select_related("grant__funder")
            .order_by("pk")
        )
        aided = {each.month for each in self.movements if each.source == Source.AID}
        for row in rows:
            grant, received = row.grant, row.received_on is not None
            level = grant.certainty
            amount = row.received if received else row.expected
            if self._is_aid(row, aided):
                self._leave_out(str(row), row.get_absolute_url(), amount, Aside.IN_AID)
            elif received:
                self._add(row, amount, Source.INSTALMENT, done_on=row.received_on)
            elif grant.status == GrantStatus.SETTLED:
                self._leave_out(str(row), row.get_absolute_url(), amount, Aside.SETTLED)
            elif level is not None:
                self._add(row, amount, Source.INSTALMENT, level, expected_on=row.expected_on)

    def _is_aid(self, row: Instalment, aided: set[dt.date]) -> bool:
        """Whether the agency pays with it what the annexes already bring that month."""
        day = row.received_on or row.expected_on
        if row.grant.funder.kind != FunderKind.PAYING_AGENCY or day is None:
            return False
        return month_for(day, self.months) in aided

    def add_purchases(self) -> None:
        """What is bought and not paid yet, and what was paid since the balance."""
        for row in Purchase.objects.filter(self._moves("paid_on")).order_by("pk"):
            if self._is_charge(row):
                self._leave_out(str(row), row.get_absolute_url(), -row.price, Aside.IN_CHARGES)
            else:
                self._add(row, -row.price, Source.PURCHASE, expected_on=row.expense_day, done_on=row.paid_on)

    def _is_charge(self, row: Purchase) -> bool:
        """Whether the charges of that month's budget hold it already."""
        day = row.paid_on or row.expense_day
        month = month_for(day, self.months) if day else None
        return row.kind in ExpenseKind.charges() and month is not None and month.year in self.budgets

    def _moves(self, paid: str) -> Q:
        """The rows still to be paid, and those paid after the balance."""
        if self.since is None:
            return Q(**{paid: None})
        return Q(**{paid: None}) | Q(**{f"{paid}__gt": self.since, f"{paid}__lte": self.today})

    def _spread(self, month: dt.date, amount: Decimal, source: Source, level: Certainty) -> None:
        left = to_cents(Fraction(amount) * part_left(month, self.since))
        if left:
            self.movements.append(Movement(month=month, amount=left, source=source, certainty=level))

    def _add(
        self,
        row: Instalment | Purchase,
        amount: Decimal | None,
        source: Source,
        level: Certainty = Certainty.CERTAIN,
        *,
        expected_on: dt.date | None = None,
        done_on: dt.date | None = None,
    ) -> None:
        """What has its own day; without one, without amount or too far ahead, it is told apart."""
        label, url, day = str(row), row.get_absolute_url(), done_on or expected_on
        month = month_for(day, self.months) if day else None
        if amount is None:
            self._leave_out(label, url, None, Aside.NO_AMOUNT)
        elif day is None or month is None:
            self._leave_out(label, url, amount, Aside.NO_DAY if day is None else Aside.LATER)
        elif amount:
            self.movements.append(
                Movement(
                    month=month,
                    amount=amount,
                    source=source,
                    certainty=level,
                    day=day,
                    label=label,
                    url=url,
                    is_done=done_on is not None,
                    is_late=done_on is None and day < self.today,
                )
            )

    def _leave_out(self, label: str, url: str, amount: Decimal | None, reason: Aside) -> None:
        self.left_out.append(LeftOut(label, url, amount, reason))


def association_plans() -> dict[int, Plan]:
    """By year, the association's budget that plans charges; of two in a year, the one adopted last."""
    paid = Q(lines__row__is_voluntary=False)
    for account in NOT_PAID:
        paid &= ~Q(lines__row__account__startswith=account)
    # The grants of a budget come in as their instalments.
    income = paid & Q(lines__row__side=BudgetSide.INCOME) & ~Q(lines__row__account__startswith=GRANTS_PREFIX)
    budgets = Budget.objects.filter(grant=None).annotate(
        charges=Sum("lines__planned", filter=paid & Q(lines__row__side=BudgetSide.EXPENSES)),
        income=Sum("lines__planned", filter=income, default=ZERO),
    )
    planned = budgets.exclude(charges=None).order_by(F("adopted_on").asc(nulls_first=True), "pk")
    return {budget.year: Plan(budget, budget.charges, budget.income) for budget in planned}
