"""The training centre's year, and its file."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from confluences import audit
from confluences.exports import FORMATS, Heading, NothingToExport, download
from trainings.centre_reports import COLUMNS, centre_year, years_of
from trainings.models import Programme


def centre(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    year = _year(request, today)
    context = {
        "centre": centre_year(request.user, year, today),
        "years": sorted({*years_of(request.user, today), year}, reverse=True),
        "year": year,
        "today": today,
        "sees_everybody": request.user.has_perm("beneficiaries.view_entrysituation"),
    }
    return render(request, "trainings/centre.html", context)


def centre_export(request: HttpRequest, file_format: str) -> HttpResponse:
    if file_format not in FORMATS:
        raise Http404
    today = timezone.localdate()
    year = _year(request, today)
    filters = f"Année : {year}"
    rows = centre_year(request.user, year, today).rows
    heading = Heading("Formations de l’année", str(request.user), filters, timezone.now())
    write, content_type = FORMATS[file_format]
    try:
        content = write(COLUMNS, rows, heading)
    except NothingToExport:
        messages.warning(
            request, f"Rien à exporter : aucune formation en {year}. Choisissez une autre année."
        )
        return redirect(f"{reverse('trainings:centre')}?annee={year}")
    audit.log_list_export(Programme, file_format=file_format, rows=len(rows), filters=filters)
    return download(content, filename=f"formations-{year}.{file_format}", content_type=content_type)


def _year(request: HttpRequest, today: dt.date) -> int:
    """The year of the address; this one where it says none. What is no year does not exist."""
    asked = request.GET.get("annee", "")
    if not asked:
        return today.year
    if not (asked.isascii() and asked.isdigit() and 2000 <= int(asked[:5]) <= today.year + 5):
        raise Http404
    return int(asked)
