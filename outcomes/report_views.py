"""What leaves the house: spreadsheet, figures, draft and frozen reports. Each of them is logged."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from confluences import audit
from confluences.exports import FORMATS, NothingToExport, download
from outcomes import documents
from outcomes.actions import NothingChanged, freeze_report
from outcomes.forms import FreezeForm
from outcomes.models import Cohort, NoRuleInForce, RuleBook
from outcomes.paper import heading_of
from outcomes.permissions import get_cohort, get_report
from outcomes.snapshot import take_snapshot

PDF = "application/pdf"


def cohort_export(request: HttpRequest, code: str, file_format: str) -> HttpResponse:
    cohort = get_cohort(request.user, code)
    if file_format not in FORMATS:
        raise Http404
    try:
        content, rows = documents.exits_file(
            cohort, file_format, author=str(request.user), made_at=timezone.now()
        )
    except NothingToExport:
        return _refused(request, cohort, "Cette cohorte n’a aucune sortie : il n’y a rien à exporter.")
    except NoRuleInForce as problem:
        return _refused(request, cohort, str(problem))
    audit.log_export(cohort, file_format=file_format, rows=rows)
    return download(
        content, filename=f"sorties-{cohort.code}.{file_format}", content_type=FORMATS[file_format][1]
    )


def cohort_json(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_cohort(request.user, code)
    try:
        content = documents.json_text(cohort)
    except NoRuleInForce as problem:
        return _refused(request, cohort, str(problem))
    audit.log_export(cohort, file_format="json", rows=0)
    return download(content, filename=f"chiffres-{cohort.code}.json", content_type="application/json")


def cohort_draft(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_cohort(request.user, code)
    try:
        content = documents.draft_pdf(cohort, author=str(request.user), dated=timezone.localdate())
    except NoRuleInForce as problem:
        return _refused(request, cohort, str(problem))
    audit.log_print(cohort)
    return download(content, filename=f"projet-{cohort.code}.pdf", content_type=PDF)


def report_freeze(request: HttpRequest, code: str) -> HttpResponse:
    """Shows everything that will leave the house, then freezes it."""
    cohort = get_cohort(request.user, code)
    form = FreezeForm(request.POST or None, today=timezone.localdate())
    try:
        if request.method == "POST" and form.is_valid():
            return _freeze(request, cohort, form.cleaned_data["dated"])
        snapshot = take_snapshot(cohort, RuleBook.load())
    except NoRuleInForce as problem:
        return _refused(request, cohort, str(problem))
    except ValidationError as problem:
        return _refused(request, cohort, " ".join(problem.messages))
    heading = heading_of(snapshot, number=None, dated=timezone.localdate(), author=str(request.user))
    rows = [row for row in snapshot["rows"] if row["cohorte"] == cohort.code]
    context = {"cohort": cohort, "form": form, "heading": heading, "rows": rows}
    return render(request, "outcomes/report_freeze.html", context, status=422 if form.errors else 200)


def report_download(request: HttpRequest, code: str, number: int) -> HttpResponse:
    report = get_report(request.user, code, number)
    audit.log_print(report)
    filename = f"rapport-{report.cohort.code}-{report.number}.pdf"
    return download(bytes(report.pdf), filename=filename, content_type=PDF)


def _freeze(request: HttpRequest, cohort: Cohort, dated: dt.date) -> HttpResponse:
    try:
        report = freeze_report(cohort, by=request.user, dated=dated)
    except NothingChanged as unchanged:
        messages.info(request, str(unchanged))
        return redirect(cohort)
    messages.success(
        request, f"Le rapport n° {report.number} est figé. Vous pouvez le télécharger et l’envoyer."
    )
    return redirect(cohort)


def _refused(request: HttpRequest, cohort: Cohort, problem: str) -> HttpResponse:
    messages.error(request, problem)
    return redirect(cohort)
