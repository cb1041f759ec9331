"""An annex's ETP: the year, a month's people, and the monthly control sheet."""

import datetime as dt

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from confluences import audit
from confluences.exports import XLSX, NothingToExport, download
from worksites.control_reports import NOTICE, control_pdf, control_sheet, control_xlsx, formulas
from worksites.etp_headline_reports import headlines
from worksites.etp_reports import (
    AnnexReport,
    Roster,
    annex_reports,
    month_name,
    month_rows,
    sharing_hours,
    year_curve,
)
from worksites.etp_rules import MonthFigures
from worksites.models import FinancialAnnex
from worksites.permissions import get_annex

PDF = "application/pdf"


def annex_detail(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    annex = _annex(request, pk)
    [report] = annex_reports([annex], today)
    context = {"annex": annex, "report": report, "figures": report.figures, "fault": report.fault}
    if report.fault:
        return render(request, "worksites/annex_detail.html", context)
    roster = Roster(annex)
    month = _chosen_month(request, report)
    rows = month_rows(report, roster, today)
    context |= {
        "headlines": headlines(report.figures),
        "rows": rows,
        "sharing": sharing_hours(annex),
        "missing": [row for row in rows if row.missing],
        "curve": year_curve(report.figures),
        "sheet": control_sheet(report, month, roster) if month else None,
        "sheet_name": month_name(month.first) if month else "",
        "formulas": formulas(annex),
        "notice": NOTICE,
    }
    return render(request, "worksites/annex_detail.html", context)


def annex_control(request: HttpRequest, pk: int, year: int, month: int, file_format: str) -> HttpResponse:
    """The control sheet of a month as a file, logged."""
    annex = _annex(request, pk)
    if file_format not in ("pdf", "xlsx"):
        raise Http404
    [report] = annex_reports([annex], timezone.localdate())
    chosen = _month_of(report, f"{year:04d}-{month:02d}")
    if chosen is None:
        raise Http404
    sheet = control_sheet(report, chosen, Roster(annex))
    made = {"author": str(request.user), "made_at": timezone.now()}
    filename = f"controle-{annex.pk}-{chosen.first:%Y-%m}.{file_format}"
    if file_format == "pdf":
        content = control_pdf(sheet, **made)
        audit.log_print(annex)
        return download(content, filename=filename, content_type=PDF)
    try:
        content = control_xlsx(sheet, **made)
    except NothingToExport:
        messages.warning(
            request,
            f"Rien à exporter : personne n’était affecté aux chantiers de l’annexe en {month_name(chosen.first)}.",
        )
        return redirect("worksites:annex-detail", annex.pk)
    audit.log_export(annex, file_format=file_format, rows=len(sheet.lines), filters=month_name(chosen.first))
    return download(content, filename=filename, content_type=XLSX)


def _annex(request: HttpRequest, pk: int) -> FinancialAnnex:
    annex = get_annex(request.user, pk)
    prefetch_related_objects([annex], "worksites")
    return annex


def _chosen_month(request: HttpRequest, report: AnnexReport) -> MonthFigures | None:
    """The month that the address asks for, else the latest that has begun."""
    begun = [month for month in report.figures.months if month.has_begun]
    entered = [month for month in begun if month.is_entered]
    return _month_of(report, request.GET.get("mois", "")) or next(reversed(entered or begun), None)


def _month_of(report: AnnexReport, text: str) -> MonthFigures | None:
    """The annex's month of an address such as 2026-10."""
    try:
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return report.month(first)
