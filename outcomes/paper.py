"""The outcome report on paper: a snapshot printed as a PDF that carries its own data."""

import datetime as dt
import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from confluences.charts import Segment, Year, gauge, stacked_bar, years
from confluences.formats import MONTHS
from confluences.models import Structure
from confluences.pdf import Attachment, render_pdf
from outcomes import statements
from outcomes.enums import ExitClass
from outcomes.recount import undocumented_rows
from outcomes.snapshot import Snapshot, content_hash, rows_to_csv

ROWS_FILE = "lignes.csv"
FIGURES_FILE = "chiffres.json"
CHART_KINDS = {
    ExitClass.DURABLE: "durable",
    ExitClass.TRANSITION: "transition",
    ExitClass.POSITIVE: "positive",
    ExitClass.OTHER: "other",
}


@dataclass(frozen=True)
class Heading:
    """Who sends the report to whom and when. Without a number it is a draft that nobody froze."""

    number: int | None
    dated: dt.date
    author: str
    recipient: str
    recipient_then: str
    changes: tuple[str, ...] = ()


def heading_of(snapshot: Snapshot, *, number: int | None, dated: dt.date, author: str, changes: tuple[str, ...] = ()) -> Heading:
    """The heading, with the name the administration bears on the report's day, and bore on the cohort's last."""
    administration = Structure.current().reports_to
    if administration is None:
        return Heading(number, dated, author, "", "", changes)
    now = administration.name_on(dated)
    then = administration.name_on(dt.date.fromisoformat(snapshot["cohort"]["end"]))
    former = then.short_name if then and then != now else ""
    return Heading(number, dated, author, now.name if now else administration.label, former, changes)


def print_report(snapshot: Snapshot, heading: Heading) -> bytes:
    """The PDF, with the rows and the figures it can be recounted from attached."""
    sealed = content_hash(snapshot)
    cohort, figures = snapshot["cohort"], snapshot["figures"]
    context = {
        "cohort": cohort,
        "period": (dt.date.fromisoformat(cohort["start"]), dt.date.fromisoformat(cohort["end"])),
        "figures": figures,
        "heading": heading,
        "hash": sealed,
        "verdict": statements.verdict_line(cohort["code"], figures),
        "range": statements.range_line(figures),
        "not_examined": statements.not_examined_line(figures),
        "rule_sets": [_rule_set_rows(data, result) for data, result in zip(snapshot["rule_sets"], figures["rule_sets"], strict=True)],
        "tables": {key: [statements.line_cells(line) for line in figures[key]] for key in statements.TABLES},
        "years": [statements.year_cells(year) for year in figures["years"]],
        "undocumented": [row | {"month": _month(row["mois_de_sortie"])} for row in undocumented_rows(snapshot)],
        "assumed": _assumed(snapshot),
        **_pictures(figures),
    }
    return render_pdf(
        "pdf/outcome_report.html",
        context,
        title=f"Rapport sur les sorties, {cohort['label']}",
        attachments=[
            Attachment(
                name=ROWS_FILE,
                content=rows_to_csv(snapshot["rows"]).encode(),
                description="Les sorties, sans noms : chaque chiffre du rapport se recompte à partir de ces lignes",
            ),
            Attachment(
                name=FIGURES_FILE,
                content=json.dumps(
                    {key: value for key, value in snapshot.items() if key != "rows"} | {"content_hash": sealed},
                    ensure_ascii=False,
                    indent=1,
                ).encode(),
                description="Les chiffres du rapport et les règles qui les produisent",
            ),
        ],
    )


def _rule_set_rows(data: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    version = dt.date.fromisoformat(data["version"])
    return {**data, "version": version, "rows": [statements.target_cells(target) for target in result["targets"]]}


def _month(text: str) -> str:
    """« 2014-03 » as « mars 2014 »."""
    year, month = text.split("-")
    return f"{MONTHS[int(month) - 1]} {year}"


def _assumed(snapshot: Snapshot) -> int:
    code = snapshot["cohort"]["code"]
    return sum(row["cohorte"] == code and row["date_supposee"] == "oui" for row in snapshot["rows"])


def _pictures(figures: dict[str, Any]) -> dict[str, Any]:
    """The gauge, the classes and the years, as the cohort's page shows them."""
    numerator, denominator = (int(part) for part in figures["target"].split("/"))
    examined, successes, undocumented = figures["examined"], figures["successes"], figures["undocumented"]
    return {
        "gauge": gauge(
            done=successes,
            total=examined,
            target_numerator=numerator,
            target_denominator=denominator,
            lowest=Fraction(successes, examined) if examined else None,
            highest=Fraction(successes + undocumented, examined) if examined else None,
            label="Sorties dynamiques sur sorties examinées",
        ),
        "classes": stacked_bar(
            [
                Segment(label=line["label"], value=line["examined"], kind=CHART_KINDS.get(line["key"], "undetermined"))
                for line in figures["by_class"]
            ],
            label="Sorties examinées par classe",
        ),
        "years_chart": years(
            [Year(label=year["label"], successes=year["successes"], examined=year["examined"]) for year in figures["years"]],
            target_numerator=numerator,
            target_denominator=denominator,
            label="Évolution",
        ),
    }
