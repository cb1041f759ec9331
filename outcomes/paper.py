"""The outcome report on paper: a snapshot printed as a PDF that carries its own data."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from confluences.formats import MONTHS
from confluences.models import Structure
from confluences.pdf import Attachment, render_pdf
from outcomes import statements
from outcomes.pictures import class_bar, gauge_of, year_bars
from outcomes.recount import recounted, undocumented_rows
from outcomes.snapshot import Snapshot, content_hash, rows_to_csv

ROWS_FILE = "lignes.csv"
FIGURES_FILE = "chiffres.json"


@dataclass(frozen=True)
class Heading:
    """Who sends the report to whom and when. Without a number it is a draft that nobody froze."""

    number: int | None
    dated: dt.date
    author: str
    recipient: str
    recipient_then: str
    changes: tuple[str, ...] = ()


def heading_of(
    snapshot: Snapshot, *, number: int | None, dated: dt.date, author: str, changes: tuple[str, ...] = ()
) -> Heading:
    """The heading, with the name the administration bears on the report's day, and bore on the cohort's last."""
    administration = Structure.current().reports_to
    if administration is None:
        return Heading(number, dated, author, "", "", changes)
    prefetch_related_objects([administration], "names")
    now = administration.name_on(dated)
    then = administration.name_on(dt.date.fromisoformat(snapshot["cohort"]["end"]))
    former = then.short_name if then and then != now else ""
    return Heading(number, dated, author, now.name if now else administration.label, former, changes)


def print_report(snapshot: Snapshot, heading: Heading) -> bytes:
    """The PDF, with the rows and the figures it can be recounted from attached."""
    sealed = content_hash(snapshot)
    cohort, figures = snapshot["cohort"], snapshot["figures"]
    result, compared = recounted(snapshot)
    context = {
        "cohort": cohort,
        "period": (dt.date.fromisoformat(cohort["start"]), dt.date.fromisoformat(cohort["end"])),
        "figures": figures,
        "heading": heading,
        "hash": sealed,
        "verdict": statements.verdict_line(cohort["code"], figures),
        "range": statements.range_line(figures),
        "margin": statements.margin_line(figures),
        "not_examined": statements.not_examined_line(figures),
        "rule_sets": [
            _rule_set_rows(data, result)
            for data, result in zip(snapshot["rule_sets"], figures["rule_sets"], strict=True)
        ],
        "tables": {key: [statements.line_cells(line) for line in figures[key]] for key in statements.TABLES},
        "years": [statements.year_cells(year) for year in figures["years"]],
        "undocumented": [
            row | {"month": _month(row["mois_de_sortie"])} for row in undocumented_rows(snapshot)
        ],
        "assumed": _assumed(snapshot),
        "gauge": gauge_of(result.main),
        "classes": class_bar(result.by_class),
        "years_chart": year_bars(compared, result.main.target),
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
                    {key: value for key, value in snapshot.items() if key != "rows"}
                    | {"content_hash": sealed},
                    ensure_ascii=False,
                    indent=1,
                ).encode(),
                description="Les chiffres du rapport et les règles qui les produisent",
            ),
        ],
    )


def _rule_set_rows(data: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    version = dt.date.fromisoformat(data["version"])
    return {
        **data,
        "version": version,
        "rows": [statements.target_cells(target) for target in result["targets"]],
    }


def _month(text: str) -> str:
    """« 2014-03 » as « mars 2014 »."""
    year, month = text.split("-")
    return f"{MONTHS[int(month) - 1]} {year}"


def _assumed(snapshot: Snapshot) -> int:
    code = snapshot["cohort"]["code"]
    return sum(row["cohorte"] == code and row["date_supposee"] == "oui" for row in snapshot["rows"])
