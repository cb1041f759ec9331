"""A budget's sheet as pictures, as the two papers made for the Cerfa, and as a spreadsheet."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest

from django.utils.safestring import SafeString
from django.utils.text import Truncator

from confluences.exports import Column, Heading, Sheet, xlsx
from confluences.formats import euros, french_date, number, percent
from confluences.measures import Measure, measures
from confluences.pdf import render_pdf
from funding.budget_parts_reports import Places, SheetHeading, SheetPart, SheetRow, SheetSide
from funding.budget_reports import BudgetSheet
from funding.budget_rules import SIGNIFICANT_EUROS, SIGNIFICANT_SHARE, Figures
from funding.enums import BudgetSide
from funding.models import BudgetLine
from funding.money_rules import to_cents

LABEL_ROOM = 32  # characters of a bold name on a phone
FORECAST_NOTICE = (
    "Établi pour remplir la page « budget » du formulaire Cerfa n° 12156*06 ; ce n’est pas le formulaire."
)
ACCOUNT_NOTICE = "Établi pour remplir le compte rendu financier, formulaire Cerfa n° 15059*02 ; ce n’est pas le formulaire."


def significant_words() -> str:
    """What gap is explained, and who says so."""
    return (
        f"Un écart d’au moins {percent(SIGNIFICANT_SHARE)} du montant prévu et d’au moins {euros(SIGNIFICANT_EUROS)} est "
        "expliqué. Le formulaire ne fixe pas de seuil : celui-ci est celui de l’association."
    )


def facts(sheet: BudgetSheet) -> list[tuple[str, str]]:
    """What the page says of a budget, by name."""
    budget = sheet.budget
    return [
        ("Période", sheet.period_words),
        ("Pour", str(budget.grant) if budget.grant else "toute l’association"),
        ("Voté le", french_date(budget.adopted_on)),
        ("Règle de répartition des charges indirectes", budget.indirect_rule),
        ("Remarques", budget.notes),
    ]


# Pictures


def picture(side: SheetSide, label: str) -> SafeString:
    """Planned against done, heading by heading: a bar for what was done, a tick for what was planned."""
    shown = [heading for heading in side.used_headings if heading.figures.planned.known]
    return measures([_measure(heading, side.side) for heading in shown], label=label)


def _measure(heading: SheetHeading, side: BudgetSide) -> Measure:
    planned, done = heading.figures.planned, heading.figures.done
    done_words = "réalisé inconnu"
    if done.known:
        done_words = f"{'au moins ' * bool(done.unknown)}{euros(done.amount)}"
    return Measure(
        label=Truncator(heading.name).chars(LABEL_ROOM),
        value=Fraction(done.amount),
        room=Fraction(planned.amount),
        words=f"{done_words} sur {'au moins ' * bool(planned.unknown)}{euros(planned.amount)}",
        more_is_better=side == BudgetSide.INCOME,
    )


# Papers


@dataclass(frozen=True)
class PaperLine:
    """One line of a side on paper. Kinds: heading, row, total, blank."""

    kind: str
    name: str
    part: SheetPart
    detail: str = ""


BLANK = PaperLine("blank", "", SheetPart(Figures(), Figures(), Places(), is_over=False))
# The two sides of a budget, a line of each beside one another.
Pairs = list[tuple[PaperLine, PaperLine]]


def paper_lines(side: SheetSide) -> Iterator[PaperLine]:
    """A side in the order of the Cerfa, every row, used or not."""
    for heading in side.headings:
        row = heading.only_row
        if row is not None:
            yield PaperLine("heading", row.name, row, row.planned_parts)
            continue
        yield PaperLine("heading", heading.name, heading)
        for each in heading.rows:
            yield PaperLine("row", each.name, each, each.planned_parts)


def paper_pairs(expenses: SheetSide, income: SheetSide) -> Pairs:
    return list(zip_longest(paper_lines(expenses), paper_lines(income), fillvalue=BLANK))


@dataclass(frozen=True)
class Results:
    """What a side lacks to meet the other, as the Cerfa writes it under the totals."""

    planned: str
    done: str


def surplus(sheet: BudgetSheet) -> Results:
    """On the side of the expenses: what the income exceeds them by."""
    result, places = sheet.result, sheet.places
    return Results(_above(result.planned.exact, places.planned), _above(result.done.exact, places.done))


def shortage(sheet: BudgetSheet) -> Results:
    """On the side of the income: what is missing."""
    result, places = sheet.result, sheet.places
    return Results(
        _above(_opposite(result.planned.exact), places.planned),
        _above(_opposite(result.done.exact), places.done),
    )


def _opposite(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def _above(amount: Decimal | None, places: int) -> str:
    return number(amount, places) if amount is not None and amount > 0 else ""


def forecast_pdf(sheet: BudgetSheet, *, author: str, made_at: dt.datetime) -> bytes:
    """The budget prévisionnel: both sides, every row of the Cerfa 12156."""
    title = f"Budget prévisionnel {sheet.budget.year}"
    return render_pdf(
        "pdf/budget_forecast.html", _context(sheet, author, made_at, FORECAST_NOTICE), title=title
    )


def account_pdf(sheet: BudgetSheet, *, author: str, made_at: dt.datetime) -> bytes:
    """The compte rendu financier: planned, done and « % », the gaps and the annex of the Cerfa 15059."""
    title = f"Compte rendu financier {sheet.budget.year}"
    context = _context(sheet, author, made_at, ACCOUNT_NOTICE) | {"significant_words": significant_words()}
    return render_pdf("pdf/budget_account.html", context, title=title)


def _context(sheet: BudgetSheet, author: str, made_at: dt.datetime, notice: str) -> dict[str, object]:
    expenses, income = sheet.grand_totals
    return {
        "sheet": sheet,
        "budget": sheet.budget,
        "main": paper_pairs(sheet.expenses, sheet.income),
        "voluntary": paper_pairs(sheet.voluntary_expenses, sheet.voluntary_income),
        "surplus": surplus(sheet),
        "shortage": shortage(sheet),
        "all_expenses": expenses,
        "all_income": income,
        "author": author,
        "made_at": made_at,
        "notice": notice,
    }


# The spreadsheet


@dataclass(frozen=True)
class SheetLine:
    """A line of the spreadsheet: a heading, a row of the Cerfa or a total, in the order of the form."""

    side: str
    level: str
    name: str
    part: SheetPart
    row: SheetRow | None = None


def _in_percent(value: Fraction | None) -> Decimal | None:
    return None if value is None else to_cents(value * 100)


COLUMNS = (
    Column("Côté", lambda line: line.side),
    Column("Niveau", lambda line: line.level),
    Column("Compte", lambda line: line.row.account or None if line.row else None),
    Column("Poste", lambda line: line.row.row.label if line.row else line.name),
    Column("Prévision (€)", lambda line: line.part.figures.planned.least),
    Column("Réalisation (€)", lambda line: line.part.figures.done.least),
    Column("Réalisation ÷ prévision (%)", lambda line: _in_percent(line.part.figures.rate)),
    Column("Écart (€)", lambda line: line.part.figures.gap),
    Column("Écart (%)", lambda line: _in_percent(line.part.figures.gap_ratio)),
    Column("Part du total prévu (%)", lambda line: _in_percent(line.part.share)),
    Column("Montants inconnus", lambda line: _unknown(line.part) or None),
    Column("Écart à expliquer", lambda line: line.part.is_significant if line.row else None),
    Column("Explication", lambda line: line.row.explanation if line.row else None),
    Column("Source", lambda line: _sources(line.row) if line.row else None),
)
LINE_COLUMNS = (
    Column("Côté", lambda line: line.row.get_side_display()),
    Column("Compte", lambda line: line.row.account),
    Column("Poste", lambda line: line.row.label),
    Column("Précision", lambda line: line.label),
    Column("Prévu (€)", lambda line: line.planned),
    Column("Réalisé (€)", lambda line: line.done),
    Column("Explication de l’écart", lambda line: line.explanation),
)
WORD_COLUMNS = (
    Column("Ce qui est dit", lambda each: each[0]),
    Column("Valeur", lambda each: each[1]),
)


def budget_xlsx(sheet: BudgetSheet, *, author: str, made_at: dt.datetime) -> tuple[bytes, int]:
    """The whole Cerfa in its order, then the lines as they were typed, then what they come to; and how many rows."""
    lines = list(sheet_lines(sheet))
    heading = Heading(str(sheet.budget), author, sheet.period_words, made_at)
    typed: list[BudgetLine] = [line for side in sheet.sides for row in side.rows for line in row.lines]
    more = [Sheet("Synthèse", WORD_COLUMNS, summary(sheet))]
    if typed:
        more.insert(0, Sheet("Lignes saisies", LINE_COLUMNS, typed))
    return xlsx(COLUMNS, lines, heading, more=more), len(lines)


def sheet_lines(sheet: BudgetSheet) -> Iterator[SheetLine]:
    expenses, income = BudgetSide.EXPENSES.label, BudgetSide.INCOME.label
    yield from _side_lines(sheet.expenses, f"Total des {expenses}")
    yield from _side_lines(sheet.income, f"Total des {income}")
    yield from _side_lines(sheet.voluntary_expenses, "Total de l’emploi des contributions volontaires")
    yield from _side_lines(sheet.voluntary_income, "Total des contributions volontaires")
    for name, whole in zip((expenses, income), sheet.grand_totals, strict=True):
        yield SheetLine(name, "total", "Total général", whole)


def _side_lines(side: SheetSide, total: str) -> Iterator[SheetLine]:
    name = side.side.label
    for heading in side.headings:
        yield SheetLine(name, "titre", heading.name, heading)
        for row in heading.rows:
            yield SheetLine(name, "poste", row.name, row, row)
    yield SheetLine(name, "total", total, side)


def summary(sheet: BudgetSheet) -> list[tuple[str, object]]:
    said: list[tuple[str, object]] = [
        ("Période", sheet.period_words),
        ("Équilibre prévu", sheet.planned_balance.label),
        ("Équilibre réalisé", sheet.done_balance.label),
        *(
            (f"Contributions volontaires, {name.lower()}", each.label)
            for name, each in sheet.voluntary_balances
        ),
        ("Écarts", significant_words()),
        ("Montant inconnu", "Une case vide. Un total dont un montant est inconnu est un minimum."),
    ]
    sentences = [("Subvention", words) for words in (sheet.asked_sentence, sheet.awarded_sentence) if words]
    return said + sentences


def _unknown(part: SheetPart) -> int:
    return part.figures.planned.unknown + part.figures.done.unknown


def _sources(row: SheetRow) -> str:
    found = [("prévision", row.planned_source), ("réalisation", row.done_source)]
    return " ; ".join(f"{name} {words}" for name, words in found if words)
