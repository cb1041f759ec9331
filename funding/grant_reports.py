"""What the pages and the spreadsheet say of grants: their money, their history, what is due."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import DecimalField, Min, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from beneficiaries.reports import Status
from confluences.exports import Column
from confluences.formats import euros, french_date, number, short_date
from funding.enums import FunderKind, GrantStatus, ObligationKind
from funding.grant_rules import (
    GrantFacts,
    ToDo,
    grant_due,
    grant_received,
    grant_rest,
    to_do,
)
from funding.models import Grant, Instalment, Obligation, PurchaseShare
from funding.money_rules import ZERO, Total, total_of

STATUS_LOOKS = {
    GrantStatus.TO_ASK: "neutral",
    GrantStatus.ASKED: "info",
    GrantStatus.AWARDED: "ok",
    GrantStatus.REFUSED: "late",
    GrantStatus.SETTLED: "neutral",
}
UNKNOWN_PERIOD = "période inconnue"
EUROS = DecimalField(max_digits=14, decimal_places=2)


def with_money(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Annotates `placed`, what purchases take of each grant, and `came`, what was received, None without any."""
    return grants.annotate(
        placed=Coalesce(
            Subquery(_sum(PurchaseShare, "amount"), output_field=EUROS), Value(ZERO), output_field=EUROS
        ),
        came=Subquery(_sum(Instalment, "received"), output_field=EUROS),
    )


def _sum(model: type[PurchaseShare | Instalment], field: str) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = model._default_manager.filter(grant=OuterRef("pk")).order_by()
    totals: QuerySet[Any, Any] = rows.values("grant").annotate(total=Sum(field)).values("total")
    return totals


def with_next_due(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Annotates `next_due`, the day of the first obligation not yet rendered."""
    waiting = Obligation.objects.waiting().filter(grant=OuterRef("pk")).order_by()
    return grants.annotate(next_due=Subquery(waiting.values("grant").annotate(day=Min("due")).values("day")))


def period_words(start: dt.date | None, end: dt.date | None) -> str:
    """A period of which an end may be unknown.

    >>> period_words(dt.date(2024, 1, 1), dt.date(2024, 12, 31)), period_words(None, dt.date(2024, 12, 31))
    ('01/01/2024 – 31/12/2024', 'jusqu’au 31/12/2024')
    """
    if start and end:
        return f"{short_date(start)} – {short_date(end)}"
    if start:
        return f"à partir du {short_date(start)}"
    return f"jusqu’au {short_date(end)}" if end else UNKNOWN_PERIOD


@dataclass(frozen=True)
class GrantRow:
    """A grant with its money on a day. The grant comes from `with_money`."""

    grant: Any
    today: dt.date

    @property
    def status(self) -> GrantStatus:
        return GrantStatus(self.grant.status)

    @property
    def state(self) -> Status:
        return Status(self.status.label, STATUS_LOOKS[self.status])

    @property
    def placed(self) -> Decimal:
        placed: Decimal = self.grant.placed
        return placed

    @property
    def rest(self) -> Decimal | None:
        return grant_rest(self.grant.awarded, self.placed)

    @property
    def received(self) -> Decimal | None:
        return grant_received(self.status, self.grant.awarded, self.grant.came)

    @property
    def due(self) -> Decimal | None:
        return grant_due(self.status, self.grant.awarded, self.grant.came)

    @property
    def period(self) -> str:
        return period_words(self.grant.eligible_start, self.grant.eligible_end)

    @property
    def is_promised(self) -> bool:
        return self.status in GrantStatus.promised()

    @property
    def is_late(self) -> bool:
        """Whether something owed to the funder is late; the grant then comes from `with_next_due` too."""
        return self.grant.next_due is not None and self.grant.next_due < self.today


def grant_rows(grants: QuerySet[Grant], today: dt.date) -> list[GrantRow]:
    """The grants with their money and what is next due, in one query."""
    rows = with_next_due(with_money(grants)).select_related("funder")
    return [GrantRow(grant, today) for grant in rows]


COLUMNS = (
    Column("Financeur", lambda row: str(row.grant.funder)),
    Column("Objet", lambda row: row.grant.title),
    Column("Appel à projets", lambda row: row.grant.call),
    Column("État", lambda row: row.grant.get_status_display()),
    Column("Montant demandé (€)", lambda row: row.grant.asked),
    Column("Montant accordé (€)", lambda row: row.grant.awarded),
    Column("Reçu (€)", lambda row: row.received),
    Column("Reste à recevoir (€)", lambda row: row.due),
    Column("Placé dans des achats (€)", lambda row: row.placed),
    Column("Reste à placer (€)", lambda row: row.rest if row.is_promised else None),
    Column("Dépenses à partir du", lambda row: row.grant.eligible_start),
    Column("Dépenses jusqu’au", lambda row: row.grant.eligible_end),
    Column("Peut payer", lambda row: ", ".join(row.grant.expense_labels)),
    Column("Part du coût permise (%)", lambda row: row.grant.max_share),
    Column("Déposée le", lambda row: row.grant.asked_on),
    Column("Décidée le", lambda row: row.grant.decided_on),
    Column("Soldée le", lambda row: row.grant.settled_on),
    Column("Numéro de convention", lambda row: row.grant.agreement_number),
    Column("Prochaine échéance", lambda row: row.grant.next_due),
)


# Totals


@dataclass(frozen=True)
class GrantTotals:
    """The money of several grants: asked and not answered, awarded, received, still owed."""

    rows: Sequence[GrantRow]

    @cached_property
    def asked(self) -> Total:
        return total_of(row.grant.asked for row in self.rows if row.status == GrantStatus.ASKED)

    @cached_property
    def awarded(self) -> Total:
        return total_of(row.grant.awarded for row in self._promised)

    @cached_property
    def received(self) -> Total:
        return total_of(row.received for row in self._promised)

    @cached_property
    def due(self) -> Total:
        return total_of(row.due for row in self._promised)

    @property
    def _promised(self) -> list[GrantRow]:
        return [row for row in self.rows if row.is_promised]


@dataclass(frozen=True)
class Tile:
    """A total as a figure of the page: what it lacks stands under it."""

    label: str
    total: Total


def tiles(totals: GrantTotals) -> list[Tile]:
    return [
        Tile("Demandé, sans réponse", totals.asked),
        Tile("Accordé", totals.awarded),
        Tile("Reçu", totals.received),
        Tile("Reste à recevoir", totals.due),
    ]


def late_obligations(grants: QuerySet[Grant], today: dt.date) -> int:
    return Obligation.objects.waiting().filter(grant__in=grants, due__lt=today).count()


def years_of(grants: QuerySet[Grant]) -> list[int]:
    """The years in which these grants pay, the latest first."""
    periods = grants.order_by().values_list("eligible_start", "eligible_end")
    years = {day.year for period in periods for day in period if day}
    return list(range(max(years), min(years) - 1, -1)) if years else []


# One grant


@dataclass(frozen=True)
class Stage:
    """One step of a grant's history: done on a day, expected, or still to come."""

    label: str
    day: dt.date | None
    note: str
    passed: bool
    current: bool


@dataclass(frozen=True)
class Figure:
    """An amount of a grant as its page shows it."""

    label: str
    value: str
    hint: str = ""


def known_or_not(amount: Decimal | None) -> str:
    return "inconnu" if amount is None else euros(amount)


@dataclass(frozen=True)
class GrantPage:
    """All that the page of a grant shows."""

    row: GrantRow
    instalments: Sequence[Instalment]
    obligations: Sequence[Obligation]
    shares: Sequence[PurchaseShare]

    @property
    def grant(self) -> Any:
        return self.row.grant

    @cached_property
    def to_do(self) -> list[ToDo]:
        return to_do(self._facts(), self.row.today)

    @property
    def expected(self) -> Total:
        return total_of(each.expected for each in self.instalments)

    @cached_property
    def stages(self) -> list[Stage]:
        return stages_of(self.grant)

    @property
    def figures(self) -> list[Figure]:
        """The money of the grant; of one that is not decided, what was asked."""
        row, asked = self.row, known_or_not(self.grant.asked)
        placed = euros(row.placed)
        if not row.is_promised:
            return [Figure("Demandé", asked), Figure("Placé dans des achats", placed)]
        return [
            Figure("Accordé", known_or_not(self.grant.awarded), f"demandé : {asked}"),
            Figure("Reçu", known_or_not(row.received), f"reste à recevoir : {known_or_not(row.due)}"),
            Figure("Placé dans des achats", placed, f"reste à placer : {known_or_not(row.rest)}"),
        ]

    @property
    def facts(self) -> list[tuple[str, str]]:
        grant = self.grant
        return [
            ("Peut payer", ", ".join(grant.expense_labels) or "on ne sait pas encore"),
            ("Précisions", grant.pays_for_details),
            ("Dépenses", self.row.period),
            ("Part du coût", f"{number(grant.max_share)} % au plus" if grant.max_share else "jusqu’à 100 %"),
            (
                "Ne se cumule pas avec",
                ", ".join(str(each) for each in grant.not_with.all()) or "rien de noté",
            ),
            ("Appel à projets", grant.call),
            ("Convention", grant.agreement_number),
            ("Convention signée le", french_date(grant.agreement_signed_on)),
            ("Remarques", grant.notes),
        ]

    def _facts(self) -> GrantFacts:
        grant = self.grant
        accounts = [each.due for each in self.obligations if each.kind == ObligationKind.ACCOUNTS]
        return GrantFacts(
            kind=FunderKind(grant.funder.kind),
            status=self.row.status,
            awarded=grant.awarded,
            period=(grant.eligible_start, grant.eligible_end),
            ask_before=grant.ask_before,
            asked_on=grant.asked_on,
            answer_expected_on=grant.answer_expected_on,
            decided_on=grant.decided_on,
            settled_on=grant.settled_on,
            signed_on=grant.agreement_signed_on,
            pays_for_known=bool(grant.pays_for),
            instalments=[
                each.expected if each.received is None else each.received for each in self.instalments
            ],
            received_on=[each.received_on for each in self.instalments if each.received_on],
            accounts=accounts,
            shares=len(self.shares),
        )


def grant_page(grant: Grant, today: dt.date) -> GrantPage:
    counted = with_next_due(with_money(Grant.objects.filter(pk=grant.pk)))
    [found] = counted.select_related("funder__partner").prefetch_related("not_with__funder")
    return GrantPage(
        row=GrantRow(found, today),
        instalments=list(found.instalments.all()),
        obligations=list(found.obligations.all()),
        shares=list(found.shares.select_related("purchase")),
    )


def stages_of(grant: Grant) -> list[Stage]:
    """The history of a grant, from the request to the balance; a refused one stops at the refusal."""
    status = GrantStatus(grant.status)
    refused = status == GrantStatus.REFUSED
    planned: list[tuple[str, dt.date | None, str, set[GrantStatus]]] = [
        ("à demander", None, _before("avant le", grant.ask_before), {GrantStatus.TO_ASK}),
        (
            "déposée",
            grant.asked_on,
            _before("réponse attendue le", grant.answer_expected_on),
            {GrantStatus.ASKED},
        ),
        (
            "refusée" if refused else "accordée",
            grant.decided_on,
            "",
            {GrantStatus.AWARDED, GrantStatus.REFUSED},
        ),
    ]
    if not refused:
        planned.append(("soldée", grant.settled_on, "", {GrantStatus.SETTLED}))
    place = next(index for index, stage in enumerate(planned) if status in stage[3])
    return [
        Stage(label, day, note if index >= place else "", passed=index < place, current=index == place)
        for index, (label, day, note, _statuses) in enumerate(planned)
    ]


def _before(words: str, day: dt.date | None) -> str:
    return f"{words} {short_date(day)}" if day else ""


def shared_purchases(shares: Iterable[PurchaseShare]) -> str:
    """The purchases that count on a grant, by name."""
    return ", ".join(f"« {share.purchase} »" for share in shares)
