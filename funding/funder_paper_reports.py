"""The report to a funder for a period: one object that the page, the PDF and the spreadsheet all show."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet

from confluences.exports import Column, Heading, Sheet, xlsx
from confluences.formats import french_date, short_date
from confluences.pdf import render_pdf
from funding.activity_reports import Activity, activity_between
from funding.combination_offer_rules import Window
from funding.funder_reports import name_on, with_names
from funding.grant_reports import GrantRow, GrantTotals, grant_rows
from funding.grant_rules import is_too_long
from funding.models import Funder, Grant, Instalment, Obligation, PurchaseShare
from funding.money_rules import ZERO, Total, total_of

LEAVES_THE_HOUSE = (
    "Ce rapport sort de la maison. Il dit les montants de ce financeur, les achats qu’il paie, et des nombres de personnes, "
    "d’heures et de sorties. Il ne nomme personne, et rien n’y touche à la santé ni à la justice."
)


@dataclass(frozen=True)
class Expense:
    """What a grant paid of a purchase that was invoiced."""

    share: PurchaseShare

    @property
    def day(self) -> dt.date:
        invoiced = self.share.purchase.invoiced_on
        assert invoiced is not None
        return invoiced


@dataclass(frozen=True)
class FunderReport:
    """What a funder gave for a period, what it paid for, and what the worksites did meanwhile."""

    funder: Funder
    start: dt.date
    end: dt.date
    today: dt.date
    rows: Sequence[GrantRow]
    without_period: Sequence[GrantRow]
    instalments: Sequence[Instalment]
    obligations: Sequence[Obligation]
    expenses: Sequence[Expense]
    planned: Sequence[PurchaseShare]
    activity: Activity

    @property
    def name(self) -> str:
        """The funder's name on the last day of the period."""
        return name_on(self.funder, self.end)

    @property
    def title(self) -> str:
        return f"Rapport à {self.name}"

    @property
    def period(self) -> str:
        return f"du {french_date(self.start)} au {french_date(self.end)}"

    @cached_property
    def totals(self) -> GrantTotals:
        return GrantTotals(self.rows)

    @property
    def spent(self) -> Decimal:
        return sum((each.share.amount for each in self.expenses), ZERO)

    @property
    def to_spend(self) -> Total:
        """Of each grant, what no invoice has used yet; expenses before or after the period count too."""
        return total_of(self._unspent(row) for row in self.rows)

    @property
    def money(self) -> list[tuple[str, Total]]:
        return [
            ("Accordé", self.totals.awarded),
            ("Reçu à ce jour", self.totals.received),
            ("Reste à recevoir", self.totals.due),
            ("Dépenses facturées dans la période", total_of(each.share.amount for each in self.expenses)),
            ("Achats prévus, pas encore facturés", total_of(each.amount for each in self.planned)),
            ("Pas encore dépensé", self.to_spend),
        ]

    def _unspent(self, row: GrantRow) -> Decimal | None:
        awarded: Decimal | None = row.grant.awarded
        used = sum((each.amount for each in row.grant.shares.all() if each.purchase.invoiced_on), ZERO)
        return None if awarded is None else awarded - used


def funder_report(
    funder: Funder, grants: QuerySet[Grant], start: dt.date, end: dt.date, today: dt.date
) -> FunderReport:
    """The report on the grants decided for this funder whose expenses fall in the period."""
    [named] = with_names(Funder.objects.filter(pk=funder.pk))
    promised = grants.filter(funder=funder).prefetch_related("shares__purchase")
    rows = [row for row in grant_rows(promised, today) if row.is_promised]
    period = Window(start=start, end=end)
    inside = [row for row in rows if not row.grant.window.is_unknown and row.grant.window.crosses(period)]
    chosen = [row.grant.pk for row in inside]
    shares = [share for row in inside for share in row.grant.shares.all()]
    return FunderReport(
        funder=named,
        start=start,
        end=end,
        today=today,
        rows=inside,
        without_period=[row for row in rows if row.grant.window.is_unknown],
        instalments=list(Instalment.objects.filter(grant__in=chosen).select_related("grant")),
        obligations=list(Obligation.objects.filter(grant__in=chosen).select_related("grant")),
        expenses=sorted(
            (Expense(share) for share in shares if _is_within(share.purchase.invoiced_on, period)),
            key=lambda each: (each.day, each.share.pk),
        ),
        planned=[share for share in shares if share.purchase.invoiced_on is None],
        activity=activity_between(start, end, today),
    )


def default_period(grants: QuerySet[Grant], today: dt.date) -> tuple[dt.date, dt.date]:
    """The eligible period of the latest grant that has begun; without any, this year."""
    known = [period for period in periods_of(grants) if period[0] <= today]
    return known[0] if known else (dt.date(today.year, 1, 1), dt.date(today.year, 12, 31))


def periods_of(grants: QuerySet[Grant]) -> list[tuple[dt.date, dt.date]]:
    """The eligible periods of the grants decided, each once, the latest first; without those of a mistyped year."""
    rows = grants.promised().order_by().values_list("eligible_start", "eligible_end")  # type: ignore[attr-defined]
    known = {(start, end) for start, end in rows if start and end and not is_too_long(start, end)}
    return sorted(known, reverse=True)


def _is_within(day: dt.date | None, period: Window) -> bool:
    return day is not None and period.contains(day)


# Its files

FIGURES = (Column("Chiffre", lambda line: line[0]), Column("Valeur", lambda line: line[1]))
GRANTS = (
    Column("Objet", lambda row: row.grant.title),
    Column("État", lambda row: row.grant.get_status_display()),
    Column("Convention", lambda row: row.grant.agreement_number),
    Column("Dépenses", lambda row: row.period),
    Column("Accordé (€)", lambda row: row.grant.awarded),
    Column("Reçu (€)", lambda row: row.received),
    Column("Reste à recevoir (€)", lambda row: row.due),
)
INSTALMENTS = (
    Column("Subvention", lambda each: each.grant.title),
    Column("Nature", lambda each: each.get_kind_display()),
    Column("Attendu (€)", lambda each: each.expected),
    Column("Attendu le", lambda each: each.expected_on),
    Column("Reçu (€)", lambda each: each.received),
    Column("Reçu le", lambda each: each.received_on),
)
EXPENSES = (
    Column("Achat", lambda each: each.share.purchase.title),
    Column("Subvention", lambda each: each.share.grant.title),
    Column("Facturé le", lambda each: each.day),
    Column("Numéro de facture", lambda each: each.share.purchase.invoice_number),
    Column("Prix (€)", lambda each: each.share.purchase.price),
    Column("Part de la subvention (€)", lambda each: each.share.amount),
)
EXITS = (
    Column("Règle", lambda line: line[0]),
    Column("Ce qui est compté", lambda line: line[1][0]),
    Column("Nombre", lambda line: line[1][1]),
    Column("Taux", lambda line: line[1][2]),
    Column("Objectif", lambda line: line[1][3]),
    Column("Résultat", lambda line: line[1][4]),
    Column("Taux possibles", lambda line: line[1][5]),
)


def report_pdf(report: FunderReport, *, author: str, made_at: dt.datetime) -> bytes:
    context = {"report": report, "author": author, "made_at": made_at}
    return render_pdf("pdf/funder_report.html", context, title=report.title)


def report_xlsx(report: FunderReport, *, author: str, made_at: dt.datetime) -> bytes:
    """The same figures: a known amount is a number, an unknown one is said in words."""
    lines = [
        *((label, total.amount if total.is_known else total.words) for label, total in report.money),
        *report.activity.lines,
    ]
    heading = Heading(
        report.title, author, f"du {short_date(report.start)} au {short_date(report.end)}", made_at
    )
    sheets = [
        Sheet("Subventions", GRANTS, report.rows),
        Sheet("Versements", INSTALMENTS, report.instalments),
        Sheet("Dépenses", EXPENSES, report.expenses),
        Sheet("Sorties", EXITS, report.activity.verdicts),
    ]
    return xlsx(FIGURES, lines, heading, more=[sheet for sheet in sheets if sheet.rows])


def filename_of(report: FunderReport, file_format: str) -> str:
    return f"rapport-financeur-{report.start:%Y-%m-%d}-{report.end:%Y-%m-%d}.{file_format}"
