"""Recording the days of an immersion."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from confluences.pages import posted
from partners.immersion_day_forms import DaysForm
from partners.immersion_day_reports import day_rows
from partners.permissions import can_record_days, get_immersion


def immersion_days(request, pk):
    """Shows the days until today, or writes those that were typed, all or nothing."""
    immersion = get_immersion(request.user, pk)
    if not can_record_days(request.user):
        raise Http404
    rows = day_rows(immersion, timezone.localdate())
    form = DaysForm(posted(request), immersion=immersion, rows=rows)
    if request.method == "POST":
        written = form.save_by(request.user)
        if written is not None:
            messages.success(request, _done(written))
            return redirect(immersion)
    context = {"immersion": immersion, "form": form}
    return render(request, "partners/immersion_days.html", context, status=form.status)


def _done(written: int) -> str:
    if not written:
        return "Rien n’a changé."
    return "Une journée est enregistrée." if written == 1 else f"{written} journées sont enregistrées."
