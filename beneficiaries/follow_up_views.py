"""Logging a follow-up, reading it, correcting it; whom to follow."""

from http import HTTPStatus

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from beneficiaries.enums import Presence
from beneficiaries.follow_up_forms import FollowUpForm
from beneficiaries.follow_up_reports import SHOWN, follow_up_panel, follow_up_parts, people_to_follow
from beneficiaries.models import Appointment, Beneficiary, FollowUp
from beneficiaries.permissions import get_beneficiary, get_follow_up, get_note
from beneficiaries.support_actions import delete_follow_up
from beneficiaries.support_enums import FollowUpKind
from confluences import audit
from confluences.actions import Conflict
from confluences.pages import edit_page, posted

FORM = "beneficiaries/follow_up_form.html"
# What people talk about before they enter, and after they left.
USUAL_KINDS = {
    Presence.UPCOMING: FollowUpKind.RECEPTION,
    Presence.NO_CONTRACT: FollowUpKind.RECEPTION,
    Presence.LEFT: FollowUpKind.AFTER_EXIT,
}


def follow_up_start(request):
    found = people_to_follow(request.user, timezone.localdate(), request.GET.get("q", ""))
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "beneficiaries/follow_up_people.html", {"found": found})
    if found.only_one:
        return redirect("beneficiaries:follow-up-create", found.only_one.pk)
    context = {"found": found, "text": request.GET.get("q", "")}
    return render(request, "beneficiaries/follow_up_start.html", context)


def follow_up_list(request, pk):
    person = get_beneficiary(request.user, pk)
    panel = follow_up_panel(
        person,
        request.user,
        timezone.localdate(),
        theme=request.GET.get("theme", ""),
        shown=_whole(request.GET.get("nombre"), SHOWN),
    )
    fragment = request.htmx and not request.htmx.history_restore_request
    template = "beneficiaries/follow_ups_panel.html" if fragment else "beneficiaries/follow_up_list.html"
    return render(request, template, {"person": person, "follow_ups": panel})


def follow_up_create(request, pk):
    person = get_beneficiary(request.user, pk)
    planned = _planned(request, person)
    form = FollowUpForm(
        posted(request),
        instance=FollowUp(beneficiary=person),
        initial=_usual(person, planned),
        user=request.user,
        planned=planned,
    )
    return edit_page(
        request, form, title="Nouveau suivi", done="Le suivi est enregistré.", back=person, template=FORM
    )


def follow_up_edit(request, pk):
    follow_up = get_follow_up(request.user, pk)
    form = FollowUpForm(posted(request), instance=follow_up, user=request.user)
    response = edit_page(
        request,
        form,
        title="Modifier le suivi",
        done="Le suivi est enregistré.",
        back=follow_up,
        template=FORM,
    )
    # Whatever shows the page shows the note: a first visit, a mistake, a conflict.
    if form.open_note is not None and response.status_code != HTTPStatus.FOUND:
        audit.log_read(form.open_note)
    return response


def follow_up_detail(request, pk):
    return _detail(request, get_follow_up(request.user, pk))


def follow_up_note(request, pk):
    note = get_note(request.user, pk)
    audit.log_read(note)
    if request.htmx and not request.htmx.history_restore_request:
        return render(
            request, "beneficiaries/follow_up_note.html", {"follow_up": note.follow_up, "note": note}
        )
    return _detail(request, note.follow_up, note)


def follow_up_delete(request, pk):
    follow_up = get_follow_up(request.user, pk)
    if request.method != "POST":
        parts = follow_up_parts(follow_up, request.user)
        context = {"follow_up": follow_up, "parts": parts}
        return render(request, "beneficiaries/follow_up_delete.html", context)
    person = follow_up.beneficiary
    try:
        delete_follow_up(follow_up, version=_whole(request.POST.get("opened_version"), 0))
    except Conflict:
        messages.error(
            request, "Ce suivi a été modifié pendant que vous décidiez : relisez-le avant de le supprimer."
        )
        return redirect(follow_up)
    messages.success(request, "Le suivi est supprimé. Ses démarches, ses freins et ses rendez-vous restent.")
    return redirect(person)


def _detail(request, follow_up, note=None):
    parts = follow_up_parts(follow_up, request.user)
    context = {"follow_up": follow_up, "parts": parts, "note": note}
    return render(request, "beneficiaries/follow_up_detail.html", context)


def _planned(request, person: Beneficiary) -> Appointment | None:
    """The planned appointment that the address names, where it is this person's."""
    pk = _whole(request.GET.get("rendez-vous"), 0)
    return Appointment.objects.visible_to(request.user).planned().filter(beneficiary=person, pk=pk).first()


def _usual(person: Beneficiary, planned: Appointment | None) -> dict[str, object]:
    """What the form says before anything is typed."""
    today = timezone.localdate()
    if planned is not None:
        return {"on": today, "kind": planned.kind, "medium": planned.medium}
    kind = USUAL_KINDS.get(person.presence_on(today), FollowUpKind.INTERVIEW)
    return {"on": today, "kind": kind}


def _whole(text: str | None, otherwise: int) -> int:
    """A number of an address; whatever is none is the other."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else otherwise
