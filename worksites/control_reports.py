"""The monthly control sheet of an annex, to hold against the State's extranet line by line: on the page, as PDF and as XLSX."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from beneficiaries.models import Beneficiary, Contract
from confluences.dates import day_before
from confluences.exports import Column, Heading, Sheet, xlsx
from confluences.formats import number, short_date
from confluences.pdf import render_pdf
from worksites.etp_headline_reports import headlines
from worksites.etp_reports import AnnexReport, Roster, month_name, share_a_day, year_curve
from worksites.etp_rules import MonthFigures, whole_hours
from worksites.models import FinancialAnnex

NOTICE = "Document de travail : les saisies dans l’extranet de l’ASP font foi."
WITHOUT_EXITS = "Le motif de sortie n’est pas repris ici : une sortie s’enregistre et se prouve sur le dossier de la personne."


@dataclass(frozen=True)
class ControlLine:
    """One person's month, as the State's monthly individual state holds it."""

    month: MonthFigures
    annex: FinancialAnnex
    person: Beneficiary
    contracts: tuple[Contract, ...]
    minutes: int
    ended_on: dt.date | None  # where the last contract of the month ended in it, and none continues it

    @property
    def hours(self) -> int:
        return whole_hours(self.minutes)

    @property
    def etp_annual(self) -> Decimal:
        return self._alone.etp_annual

    @property
    def etp_monthly(self) -> Decimal:
        return self._alone.etp_monthly

    @property
    def contract_words(self) -> str:
        return " ; ".join(
            f"{contract.get_kind_display()} du {short_date(contract.start)} "
            + (f"au {short_date(contract.last_day_of)}" if contract.last_day_of else "sans terme")
            for contract in self.contracts
        )

    @property
    def _alone(self) -> MonthFigures:
        """The same month with this person's hours only."""
        return replace(self.month, hours=self.hours)


@dataclass(frozen=True)
class ControlSheet:
    """The persons of one month of an annex: the page's table, the PDF and the spreadsheet."""

    report: AnnexReport
    month: MonthFigures
    lines: Sequence[ControlLine]

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)


def control_sheet(report: AnnexReport, month: MonthFigures, roster: Roster) -> ControlSheet:
    """A line for each person who was there or has hours; the hours add up to the month's."""
    minutes = report.minutes.get(month.first, {})
    people = roster.people(month.first)
    # Hours without a contract: one was shortened after they were recorded. They count, so they are shown.
    unknown = set(minutes) - {person.pk for person in people}
    if unknown:
        people += list(Beneficiary.objects.filter(pk__in=unknown).order_by("last_name", "first_name"))
    lines = [
        _control_line(report, month, person, roster.contracts[person.pk], minutes.get(person.pk, 0))
        for person in people
    ]
    return ControlSheet(report, month, lines)


def _control_line(
    report: AnnexReport, month: MonthFigures, person: Beneficiary, contracts: list[Contract], minutes: int
) -> ControlLine:
    period = month.first, month.last
    of_month = tuple(
        contract for contract in contracts if share_a_day(period, (contract.start, contract.last_day_of))
    )
    last_day = of_month[-1].last_day_of if of_month else None
    goes_on = any(day_before(contract.start) == last_day for contract in contracts)
    ended = last_day if last_day and last_day <= month.last and not goes_on else None
    return ControlLine(month, report.annex, person, of_month, minutes, ended)


def formulas(annex: FinancialAnnex) -> list[tuple[str, str]]:
    """Each figure's name, and how it is counted, in words."""
    hours = number(annex.hours_per_etp)
    return [
        (
            "Heures",
            "heures payées (travail, formation, immersion, absences payées) des personnes affectées ce jour-là à un chantier "
            "de l’annexe, dans sa période ; par personne et par mois, arrondies à l’heure la plus proche, la demie vers le haut.",
        ),
        ("ETP annuels", f"heures ÷ {hours}."),
        ("ETP mensuels", f"heures ÷ {hours} × 12."),
        (
            "ETP annuels conventionnés",
            "ETP conventionnés × mois de l’annexe ÷ 12 ; un mois entamé compte entier.",
        ),
        ("Aide prévue d’un mois", "ETP conventionnés × aide annuelle par ETP ÷ 12."),
        ("Aide consommée", "ETP annuels × aide annuelle par ETP."),
        ("Taux de réalisation", "moyenne des ETP mensuels des mois saisis ÷ ETP conventionnés."),
        ("Mois saisi", "mois terminé avec au moins une heure payée, ou mois clos."),
        (
            "Atterrissage",
            "moyenne des mois saisis × mois de l’annexe : un mois à venir ou sans heures y compte pour cette moyenne.",
        ),
    ]


COLUMNS = (
    Column("Annexe", lambda line: line.annex.number),
    Column("Année", lambda line: line.month.first.year),
    Column("Mois", lambda line: line.month.first.month),
    Column("Dossier", lambda line: line.person.file_number),
    Column("Nom", lambda line: line.person.last_name),
    Column("Prénom", lambda line: line.person.first_name),
    Column("Contrat", lambda line: line.contract_words or None),
    Column("Heures (entières)", lambda line: line.hours),
    Column("Heures (exactes)", lambda line: exact_hours(line.minutes)),
    Column("ETP annuels", lambda line: round(line.etp_annual, 6)),
    Column("ETP mensuels", lambda line: round(line.etp_monthly, 6)),
    Column("Fin réelle du contrat", lambda line: line.ended_on),
)


def control_pdf(sheet: ControlSheet, *, author: str, made_at: dt.datetime) -> bytes:
    annex = sheet.report.annex
    context = {
        "sheet": sheet,
        "annex": annex,
        "headlines": headlines(sheet.report.figures),
        "curve": year_curve(sheet.report.figures),
        "formulas": formulas(annex),
        "notices": [NOTICE, WITHOUT_EXITS],
        "author": author,
        "made_at": made_at,
        "month_name": month_name(sheet.month.first),
    }
    title = f"Contrôle mensuel, {month_name(sheet.month.first)}"
    return render_pdf("pdf/control_sheet.html", context, title=title)


def control_xlsx(sheet: ControlSheet, *, author: str, made_at: dt.datetime) -> bytes:
    """The lines, their totals and the definitions. Raises NothingToExport without lines."""
    title = f"Contrôle mensuel (document de travail), {sheet.report.annex}"
    heading = Heading(title, author, month_name(sheet.month.first), made_at)
    said = [("Document", NOTICE), *totals(sheet), *formulas(sheet.report.annex), ("Sorties", WITHOUT_EXITS)]
    words = (
        Column("Ce qui est compté", lambda each: each[0]),
        Column("Valeur ou règle", lambda each: each[1]),
    )
    return xlsx(COLUMNS, sheet.lines, heading, more=[Sheet("Totaux et règles", words, said)])


def totals(sheet: ControlSheet) -> list[tuple[str, object]]:
    """What the month comes to. An amount that nobody knows is left empty."""
    month = sheet.month
    return [
        ("Total des heures (entières)", month.hours),
        ("Total des heures (exactes)", exact_hours(sheet.minutes)),
        ("Total des ETP annuels", round(month.etp_annual, 6)),
        ("Total des ETP mensuels", round(month.etp_monthly, 6)),
        ("Aide annuelle par ETP (€)", month.unit),
        ("Aide prévue du mois (€)", cents(month.due)),
        ("Aide consommée du mois (€)", cents(month.used)),
    ]


def exact_hours(minutes: int) -> Decimal:
    return round(Decimal(minutes) / 60, 4)


def cents(amount: Decimal | None) -> Decimal | None:
    """Rounded half up, as on the screen."""
    return None if amount is None else amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
