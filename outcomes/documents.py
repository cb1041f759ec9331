"""A cohort's files: PDF, spreadsheet and JSON, all from the same snapshot or result."""

import datetime as dt
import json

from confluences.exports import Column, Heading, Sheet, csv_file, xlsx
from outcomes.models import Cohort, OutcomeReport, RuleBook
from outcomes.paper import heading_of, print_report
from outcomes.reports import explained
from outcomes.snapshot import content_hash, take_snapshot
from outcomes.statements import statements

EXIT_COLUMNS = (
    Column("Référence", lambda row: row.exit.reference),
    Column("Dossier", lambda row: row.exit.beneficiary.file_number),
    Column("Nom", lambda row: row.exit.beneficiary.last_name),
    Column("Prénom", lambda row: row.exit.beneficiary.first_name),
    Column("Embauché le", lambda row: row.exit.hired_on),
    Column("Sorti le", lambda row: row.exit.left_on),
    Column("Date supposée", lambda row: row.exit.assumed),
    Column("Séjour (mois)", lambda row: row.exit.stay_months),
    Column("Chantier", lambda row: row.exit.worksite.name if row.exit.worksite else None),
    Column("Code du motif", lambda row: row.exit.reason.code if row.exit.reason else None),
    Column("Motif", lambda row: row.exit.reason.label if row.exit.reason else None),
    Column("Contrat suivant", lambda row: row.exit.get_new_contract_display() or None),
    Column("Employeur", lambda row: row.exit.employer or None),
    Column("Durée (mois)", lambda row: row.exit.length_months),
    Column("Durée (jours en plus)", lambda row: row.exit.length_days if row.exit.length else None),
    Column("Formation", lambda row: row.exit.training_title or None),
    Column("Preuve", lambda row: row.exit.get_evidence_display() or None),
    Column("Connue le", lambda row: row.exit.known_on),
    Column("Classe", lambda row: row.made.klass.label),
    Column("Résultat", lambda row: row.verdict.label),
    Column("Pourquoi", lambda row: row.made.why),
)
FIGURE_COLUMNS = (
    Column("Chiffre", lambda row: row.name),
    Column("Ce que le rapport en dit", lambda row: row.text),
)


def exits_file(cohort: Cohort, file_format: str, *, author: str, made_at: dt.datetime) -> tuple[bytes, int]:
    """The cohort's exits with names, for the house; with their number. A spreadsheet holds the figures too.

    Raises NothingToExport without exits, NoRuleInForce without rules.
    """
    book = RuleBook.load()
    exits = cohort.exits().select_related("beneficiary", "worksite", "reason").order_by("left_on", "pk")
    rows = list(explained(exits, book.in_force(cohort.end)[0], book))
    heading = Heading(str(cohort), author, f"du {cohort.start:%d/%m/%Y} au {cohort.end:%d/%m/%Y}", made_at)
    if file_format == "csv":
        return csv_file(EXIT_COLUMNS, rows, heading), len(rows)
    stated = statements(cohort.code, take_snapshot(cohort, book)["figures"])
    return xlsx(EXIT_COLUMNS, rows, heading, more=[Sheet("Chiffres", FIGURE_COLUMNS, stated)]), len(rows)


def json_text(cohort: Cohort) -> str:
    """The cohort, its rules and its figures, without rows: `examined`, `successes`, `undocumented` at the top."""
    snapshot = take_snapshot(cohort, RuleBook.load())
    content = {
        **snapshot["figures"],
        "cohort": snapshot["cohort"],
        "rules": snapshot["rule_sets"],
        "content_hash": content_hash(snapshot),
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def draft_pdf(cohort: Cohort, *, author: str, dated: dt.date) -> bytes:
    """The report as it would be frozen today, marked as a draft."""
    snapshot = take_snapshot(cohort, RuleBook.load())
    return print_report(snapshot, heading_of(snapshot, number=None, dated=dated, author=author))


def current_report(cohort: Cohort) -> OutcomeReport | None:
    """The latest frozen report, where it still says what the data say."""
    latest = cohort.reports.order_by("-number").first()
    if latest is None or latest.content_hash != content_hash(take_snapshot(cohort, RuleBook.load())):
        return None
    return latest
