"""Grants: the list with its totals, each grant with its history and what is to do, the moves of its status."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from confluences.list_pages import ListFile, export_list
from confluences.models import User
from confluences.navigation import Link
from confluences.pages import Place, edit_page, posted
from funding.enums import GrantStatus
from funding.grant_forms import GrantFilter, GrantForm, MoveForm
from funding.grant_reports import (
    COLUMNS,
    GrantTotals,
    grant_page,
    grant_rows,
    late_obligations,
    shared_purchases,
    tiles,
)
from funding.grant_rules import MOVES, moves_back
from funding.models import Funder, Grant
from funding.permissions import get_grant

PER_PAGE = 50
GRANTS = Place("Financements", "funding:grant-list")
VERBS = {
    GrantStatus.ASKED: "Déposée",
    GrantStatus.AWARDED: "Accordée",
    GrantStatus.REFUSED: "Refusée",
    GrantStatus.SETTLED: "Soldée",
}
GRANTS_FILE = ListFile(
    title="Subventions",
    name="subventions",
    page="funding:grant-list",
    nothing="Rien à exporter : aucune subvention ne correspond à ces filtres. Élargissez-les.",
)


def grant_list(request):
    today = timezone.localdate()
    chosen = _filter(request)
    found = chosen.qs if chosen.is_valid() else chosen.queryset.none()
    # Read whole, for the totals are of all that the filters keep: an association has some dozens of them.
    rows = grant_rows(found, today)
    context = {
        "filter": chosen,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "tiles": tiles(GrantTotals(rows)),
        "late": late_obligations(found, today),
    }
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "funding/grant_results.html", context)
    return render(request, "funding/grant_list.html", context)


def grant_export(request, file_format):
    today = timezone.localdate()
    return export_list(
        request,
        file_format,
        _filter(request),
        GRANTS_FILE,
        columns=COLUMNS,
        rows=lambda grants: grant_rows(grants, today),
    )


def grant_detail(request, pk):
    grant = get_grant(request.user, pk)
    today = timezone.localdate()
    context = {
        "page": grant_page(grant, today),
        "documents": grant.documents.select_related("created_by"),
        "moves": _moves(request.user, grant),
        "today": today,
    }
    return render(request, "funding/grant_detail.html", context)


def grant_create(request):
    initial = {"status": GrantStatus.TO_ASK}
    asked = request.GET.get("financeur", "")
    if asked.isascii() and asked.isdigit():
        initial["funder"] = Funder.objects.filter(pk=int(asked[:18])).first()
    form = GrantForm(posted(request), initial=initial)
    return edit_page(
        request,
        form,
        title="Nouvelle subvention",
        done="La subvention est enregistrée.",
        back=GRANTS,
        template="funding/grant_form.html",
    )


def grant_edit(request, pk):
    grant = get_grant(request.user, pk)
    form = GrantForm(posted(request), instance=grant)
    return edit_page(
        request, form, title="Modifier la subvention", done="La subvention est enregistrée.", back=grant
    )


def grant_move(request, pk, status):
    """A grant goes on, or back: its page shows which purchases count on it before a refusal."""
    grant = get_grant(request.user, pk)
    before = GrantStatus(grant.status)
    if status not in GrantStatus.values or GrantStatus(status) not in MOVES[before]:
        messages.warning(request, "Cette subvention a changé d’état : voici où elle en est.")
        return redirect(grant)
    status = GrantStatus(status)
    form = MoveForm(posted(request), instance=grant, status=status)
    shares = list(grant.shares.select_related("purchase"))
    response = edit_page(
        request,
        form,
        title=_move_label(before, status),
        done=f"La subvention est maintenant « {status.label} ».",
        back=grant,
        template="funding/grant_move.html" if shares and status == GrantStatus.REFUSED else "edit.html",
    )
    if shares and status == GrantStatus.REFUSED and response.status_code == 302:
        messages.warning(
            request,
            f"Des achats comptaient sur elle : {shared_purchases(shares)}. Trouvez-leur un autre financement.",
        )
    return response


def _moves(user: User, grant: Grant) -> list[Link]:
    """Where the grant may go from here, as links."""
    if not user.has_perm("funding.change_grant"):
        return []
    before = GrantStatus(grant.status)
    return [
        Link(
            label=_move_label(before, status),
            url=reverse("funding:grant-move", args=[grant.pk, status.value]),
            icon="left" if moves_back(before, status) else "check",
            current=not moves_back(before, status),
        )
        for status in MOVES[before]
    ]


def _move_label(before: GrantStatus, status: GrantStatus) -> str:
    return f"Revenir à « {status.label} »" if moves_back(before, status) else VERBS[status]


def _filter(request) -> GrantFilter:
    return GrantFilter(request.GET, Grant.objects.visible_to(request.user), request=request)
