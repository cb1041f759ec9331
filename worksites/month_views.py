"""The month grid of a worksite, and the closing of months, which is for all worksites at once."""

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from beneficiaries.models import TimeEntry
from beneficiaries.time_actions import close_month
from confluences.dates import day_after
from confluences.pages import edit_page, posted
from worksites.models import Worksite
from worksites.month_forms import MonthForm, ReopeningForm
from worksites.month_reports import closing_of, closings_of, month_grid, month_grids
from worksites.month_rules import Month, legend, read_month
from worksites.permissions import can_record_presence, get_closing, get_worksite


@dataclass(frozen=True)
class ClosingPage:
    """The page that closes a month, as the way back."""

    month: Month

    def __str__(self) -> str:
        return f"Clôture {self.month.of_month}"

    def get_absolute_url(self) -> str:
        return _address(reverse("worksites:month-close"), self.month)


def presence_month(request, pk):
    worksite = get_worksite(request.user, pk)
    month, today = _month(request), timezone.localdate()
    can_write = can_record_presence(request.user)
    if request.method == "POST" and not can_write:
        raise Http404
    entries = TimeEntry.objects.visible_to(request.user)
    form = MonthForm(partial(month_grid, worksite, month, entries, today), posted(request))
    if request.method == "POST":
        written = form.save_by(request.user)
        if written is not None:
            messages.success(request, _said(form, written))
            return redirect(_address(request.path, month))
    context = {
        "form": form,
        "grid": form.grid,
        "month": month,
        "worksite": worksite,
        "is_editable": can_write and form.grid.closing is None,
        "legend": legend(),
    }
    return render(request, "worksites/presence_month.html", context, status=form.status)


def month_close(request):
    month, today = _month(request), timezone.localdate()
    if request.method == "POST":
        try:
            close_month(month.first, month.last, by=request.user, today=today)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"{capfirst(str(month))} est clos pour tous les chantiers.")
        return redirect(_address(request.path, month))
    worksites = Worksite.objects.visible_to(request.user)
    grids = month_grids(worksites, month, TimeEntry.objects.visible_to(request.user), today)
    grids = [grid for grid in grids if grid.lines]
    # Days to come are not missing yet; on its last day a month may be closed, that day included.
    until = day_after(month.last) if month.last <= today else today
    missing = [grid.missing(until) for grid in grids]
    context = {
        "month": month,
        "title": f"Clôture {month.of_month}",
        "grids": list(zip(grids, missing, strict=True)),
        "people_days": sum(len(days) for each in missing for _person, days in each),
        "closing": closing_of(month),
        "closings": closings_of(month),
        "can_close": month.last <= today,
        "address": _address(request.path, month),
        "close_label": f"Clore {month}",
        "close_anyway": f"Clore {month} quand même",
    }
    return render(request, "worksites/month_close.html", context)


def month_reopen(request, pk):
    closing = get_closing(pk)
    month = Month(closing.first_day)
    return edit_page(
        request,
        ReopeningForm(posted(request), instance=closing),
        title=f"Rouvrir {month}",
        done=f"{capfirst(str(month))} est rouvert : la présence peut être corrigée.",
        back=ClosingPage(month),
    )


def _month(request) -> Month:
    month = read_month(request.GET.get("mois", ""), timezone.localdate())
    if month is None:
        raise Http404
    return month


def _address(path: str, month: Month) -> str:
    return f"{path}?mois={month.code}"


def _said(form: MonthForm, written: int) -> str:
    if not written:
        return "Rien n’a changé : tout était déjà enregistré ainsi."
    days = "1 jour enregistré" if written == 1 else f"{written} jours enregistrés"
    people = "1 personne" if form.people_written == 1 else f"{form.people_written} personnes"
    return f"{capfirst(str(form.grid.month))} : {days} pour {people}."
