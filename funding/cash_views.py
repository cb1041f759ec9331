"""Cash: the curve of twelve months, its figures as a file, and the balances typed from the bank."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from confluences import audit
from confluences.exports import FORMATS, Heading, Sheet, download
from confluences.formats import french_date
from confluences.pages import Place, edit_page, posted
from funding.cash_forms import BalanceForm
from funding.cash_page_reports import (
    COLUMNS,
    MOVEMENT_COLUMNS,
    assumptions,
    drawn,
    sentence,
    warnings,
)
from funding.cash_reports import cash_forecast
from funding.models import CashBalance
from funding.permissions import get_balance

CASH = Place("Trésorerie", "funding:cash")
BALANCES_SHOWN = 12


def cash(request: HttpRequest) -> HttpResponse:
    forecast = cash_forecast(timezone.localdate())
    context = {
        "forecast": forecast,
        "curve": drawn(forecast.curve),
        "sentences": [sentence(line) for line in forecast.curve.lines],
        "warnings": list(warnings(forecast)),
        "assumptions": assumptions(forecast),
        "balances": CashBalance.objects.all()[:BALANCES_SHOWN],
    }
    return render(request, "funding/cash.html", context)


def cash_export(request: HttpRequest, file_format: str) -> HttpResponse:
    """The table as a file; the spreadsheet has the movements behind it."""
    if file_format not in FORMATS:
        raise Http404
    today = timezone.localdate()
    forecast = cash_forecast(today)
    if forecast.is_empty:
        messages.warning(request, "Rien à exporter : saisissez d’abord le solde de la banque.")
        return redirect("funding:cash")
    rows = forecast.curve.rows
    start = f"solde du {french_date(forecast.balance.day)}" if forecast.balance else "sans solde de départ"
    heading = Heading("Trésorerie sur douze mois", str(request.user), start, timezone.now())
    write, content_type = FORMATS[file_format]
    movements = sorted(forecast.curve.movements, key=lambda each: (each.month, each.day or each.month))
    more = {"more": [Sheet("Mouvements", MOVEMENT_COLUMNS, movements)]} if movements else {}
    content = write(COLUMNS, rows, heading, **(more if file_format == "xlsx" else {}))
    audit.log_list_export(CashBalance, file_format=file_format, rows=len(rows), filters=start)
    return download(content, filename=f"tresorerie-{today:%Y-%m-%d}.{file_format}", content_type=content_type)


def balance_create(request: HttpRequest) -> HttpResponse:
    form = BalanceForm(posted(request), initial={"day": timezone.localdate()})
    return edit_page(request, form, title="Nouveau solde", done="Le solde est enregistré.", back=CASH)


def balance_edit(request: HttpRequest, pk: int) -> HttpResponse:
    form = BalanceForm(posted(request), instance=get_balance(request.user, pk))
    return edit_page(request, form, title="Modifier le solde", done="Le solde est enregistré.", back=CASH)
