"""Funders: the list, each one with all it gave, and the report for a period."""

from http import HTTPStatus

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from confluences import audit
from confluences.exports import XLSX, download
from confluences.navigation import Link
from confluences.pages import Place, edit_page, posted
from funding.funder_forms import FunderForm, PeriodForm
from funding.funder_paper_reports import (
    LEAVES_THE_HOUSE,
    default_period,
    filename_of,
    funder_report,
    periods_of,
    report_pdf,
    report_xlsx,
)
from funding.funder_reports import funder_page, funder_rows
from funding.grant_reports import period_words
from funding.models import Funder, Grant
from funding.permissions import get_funder

FUNDERS = Place("Financeurs", "funding:funder-list")
REPORTS = {"pdf": (report_pdf, "application/pdf"), "xlsx": (report_xlsx, XLSX)}


def funder_list(request):
    grants = Grant.objects.visible_to(request.user)
    rows = funder_rows(Funder.objects.all(), grants, timezone.localdate())
    return render(request, "funding/funder_list.html", {"rows": rows})


def funder_create(request):
    form = FunderForm(posted(request))
    return edit_page(
        request, form, title="Nouveau financeur", done="Le financeur est enregistré.", back=FUNDERS
    )


def funder_edit(request, pk):
    funder = get_funder(request.user, pk)
    form = FunderForm(posted(request), instance=funder)
    return edit_page(
        request, form, title="Modifier le financeur", done="Le financeur est enregistré.", back=funder
    )


def funder_detail(request, pk):
    funder = get_funder(request.user, pk)
    page = funder_page(funder, Grant.objects.visible_to(request.user), timezone.localdate())
    return render(request, "funding/funder_detail.html", {"page": page, "funder": page.funder})


def funder_report_page(request, pk):
    """The report as the screen shows it before it leaves the house; the period is in the address."""
    funder = get_funder(request.user, pk)
    grants = Grant.objects.visible_to(request.user).filter(funder=funder)
    form, period = _period(request, grants)
    context = {
        "funder": funder,
        "form": form,
        "links": _periods(funder, grants, period),
        "report": None,
        "leaves_the_house": LEAVES_THE_HOUSE,
    }
    if period is None:
        return render(request, "funding/funder_report.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    context["report"] = funder_report(funder, grants, *period, timezone.localdate())
    return render(request, "funding/funder_report.html", context)


def funder_report_file(request, pk, file_format):
    """The same report as a file; that it left is logged."""
    funder = get_funder(request.user, pk)
    if file_format not in REPORTS:
        raise Http404
    grants = Grant.objects.visible_to(request.user).filter(funder=funder)
    _form, period = _period(request, grants)
    if period is None:
        raise Http404
    write, content_type = REPORTS[file_format]
    report = funder_report(funder, grants, *period, timezone.localdate())
    content = write(report, author=str(request.user), made_at=timezone.now())
    if file_format == "pdf":
        audit.log_print(funder)
    else:
        audit.log_export(funder, file_format=file_format, rows=len(report.rows), filters=report.period)
    return download(content, filename=filename_of(report, file_format), content_type=content_type)


def _period(request, grants):
    """The form of the period, and what it says; None where that cannot be."""
    if "du" not in request.GET and "au" not in request.GET:
        start, end = default_period(grants, timezone.localdate())
        return PeriodForm(initial={"du": start, "au": end}), (start, end)
    form = PeriodForm(request.GET)
    return form, form.period if form.is_valid() else None


def _periods(funder: Funder, grants, chosen) -> list[Link]:
    """The periods of the funder's grants, as links to the report of each."""
    address = reverse("funding:funder-report", args=[funder.pk])
    return [
        Link(
            label=period_words(start, end),
            url=f"{address}?du={start:%Y-%m-%d}&au={end:%Y-%m-%d}",
            icon="",
            current=(start, end) == chosen,
        )
        for start, end in periods_of(grants)
    ]
