"""What a funder's page says: everything it gave, what is due, what was reported, per grant and per year."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet

from confluences.formats import short_date
from funding.enums import GrantStatus
from funding.grant_reports import GrantRow, GrantTotals, grant_rows
from funding.models import Funder, Grant, Instalment, Obligation
from funding.money_rules import Total, total_of

UNKNOWN_YEAR = "année inconnue"


def with_names(funders: QuerySet[Funder]) -> QuerySet[Funder]:
    """Loads what `name_on` needs."""
    return funders.select_related("partner").prefetch_related("partner__former_names")


def name_on(funder: Funder, day: dt.date) -> str:
    """The name that a funder bore on a day, as its page in the directory tells; its own name where it has no page."""
    if funder.partner is None or funder.partner.name_on(day) == funder.partner.name:
        return funder.name
    return funder.partner.name_on(day)


@dataclass(frozen=True)
class FunderRow:
    """A funder of the list, with its grants."""

    funder: Funder
    totals: GrantTotals

    @property
    def count(self) -> int:
        return len(self.totals.rows)


def funder_rows(funders: QuerySet[Funder], grants: QuerySet[Grant], today: dt.date) -> list[FunderRow]:
    """All funders with their money, in a constant number of queries."""
    by_funder: dict[int, list[GrantRow]] = {}
    for row in grant_rows(grants, today):
        by_funder.setdefault(row.grant.funder_id, []).append(row)
    return [FunderRow(funder, GrantTotals(by_funder.get(funder.pk, []))) for funder in funders]


@dataclass(frozen=True)
class FunderGrant:
    """A grant on its funder's page: its money, and how many papers are rendered and still to render."""

    row: GrantRow
    name_then: str
    rendered: int
    to_render: int


@dataclass(frozen=True)
class FunderYear:
    """A year with a funder: what was decided, what came, how many papers were rendered."""

    label: str
    awarded: Total
    received: Total
    rendered: int


@dataclass(frozen=True)
class FunderPage:
    """All that the page of a funder shows."""

    funder: Funder
    grants: Sequence[FunderGrant]
    instalments: Sequence[Instalment]
    obligations: Sequence[Obligation]
    today: dt.date

    @cached_property
    def totals(self) -> GrantTotals:
        return GrantTotals([each.row for each in self.grants])

    @property
    def former_names(self) -> list[str]:
        """The names it bore, each until its day."""
        if self.funder.partner is None:
            return []
        names = self.funder.partner.former_names.all()
        return [f"{each.name} (jusqu’au {short_date(each.valid_until)})" for each in names]

    @cached_property
    def years(self) -> list[FunderYear]:
        """By year, the latest first; a grant counts in the year of its decision, else in that of its first expenses."""
        years = {_year_of(each.row.grant) for each in self.grants if each.row.is_promised}
        years |= {each.received_on.year for each in self.instalments if each.received_on}
        years |= {each.done_on.year for each in self.obligations if each.done_on}
        known = sorted((year for year in years if year is not None), reverse=True)
        return [self._year(year) for year in [*known, *({None} & years)]]

    def _year(self, year: int | None) -> FunderYear:
        decided = [
            each.row for each in self.grants if each.row.is_promised and _year_of(each.row.grant) == year
        ]
        came = [
            each.received
            for each in self.instalments
            if each.received_on and each.received_on.year == year and each.received is not None
        ]
        # Of a grant whose money nobody knows, what came in its year is not known either.
        unknown = [None for row in decided if row.received is None]
        return FunderYear(
            label=UNKNOWN_YEAR if year is None else str(year),
            awarded=total_of(row.grant.awarded for row in decided),
            received=total_of([*came, *unknown]),
            rendered=sum(1 for each in self.obligations if each.done_on and each.done_on.year == year),
        )


def _year_of(grant: Any) -> int | None:
    day: dt.date | None = grant.decided_on or grant.eligible_start
    return day.year if day else None


def funder_page(funder: Funder, grants: QuerySet[Grant], today: dt.date) -> FunderPage:
    [named] = with_names(Funder.objects.filter(pk=funder.pk))
    rows = grant_rows(grants.filter(funder=funder), today)
    obligations = list(Obligation.objects.filter(grant__funder=funder).select_related("grant"))
    return FunderPage(
        funder=named,
        grants=[_funder_grant(named, row, obligations) for row in rows],
        instalments=list(Instalment.objects.filter(grant__funder=funder)),
        obligations=obligations,
        today=today,
    )


def _funder_grant(funder: Funder, row: GrantRow, obligations: Sequence[Obligation]) -> FunderGrant:
    own = [each for each in obligations if each.grant_id == row.grant.pk]
    rendered = sum(1 for each in own if each.done_on)
    to_render = 0 if row.status == GrantStatus.REFUSED else len(own) - rendered
    day = row.grant.decided_on or row.grant.eligible_end
    then = name_on(funder, day) if day else funder.name
    return FunderGrant(row, "" if then == funder.name else then, rendered, to_render)


def grant_counts(funders: QuerySet[Funder]) -> QuerySet[Funder]:
    """Annotates `grant_count`, for the admin's list."""
    return funders.annotate(grant_count=Count("grants"))
