"""The network of partners over a period, on a page that prints well and as files."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from confluences import audit
from confluences.exports import FORMATS, Heading, NothingToExport, download
from confluences.formats import short_date
from partners.models import Referral
from partners.network_forms import period_form
from partners.network_reports import COLUMNS, Period, network_of


def network(request):
    today = timezone.localdate()
    form = period_form(request.GET, today)
    valid = form.is_valid()
    found = network_of(request.user, form.period, today) if valid else None
    status = HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "partners/network.html", {"form": form, "network": found}, status=status)


def network_export(request, file_format):
    if file_format not in FORMATS:
        raise Http404
    today = timezone.localdate()
    form = period_form(request.GET, today)
    if not form.is_valid():
        messages.error(request, "Cette période n’est pas comprise : corrigez-la, puis exportez à nouveau.")
        return redirect("partners:network")
    period = form.period
    cells = network_of(request.user, period, today).cells
    words = f"orientations {_words(period)}"
    heading = Heading("Réseau des partenaires", str(request.user), words, timezone.now())
    try:
        write, content_type = FORMATS[file_format]
        content = write(COLUMNS, cells, heading)
    except NothingToExport:
        messages.warning(
            request, "Rien à exporter : aucune orientation pendant cette période. Élargissez-la."
        )
        return redirect(f"{reverse('partners:network')}?{request.GET.urlencode()}")
    audit.log_list_export(Referral, file_format=file_format, rows=len(cells), filters=words)
    return download(content, filename=f"reseau-{today:%Y-%m-%d}.{file_format}", content_type=content_type)


def _words(period: Period) -> str:
    return f"du {short_date(period.first)} au {short_date(period.last)}"
