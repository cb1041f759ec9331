"""Logging a follow-up, reading it, correcting it."""

from django.shortcuts import render
from django.utils import timezone

from beneficiaries.follow_up_forms import FollowUpForm
from beneficiaries.models import FollowUp
from beneficiaries.permissions import get_beneficiary, get_follow_up, readable_note
from confluences import audit
from confluences.pages import edit_page, posted


def follow_up_create(request, pk):
    person = get_beneficiary(request.user, pk)
    form = FollowUpForm(
        posted(request),
        instance=FollowUp(beneficiary=person),
        initial={"on": timezone.localdate()},
        user=request.user,
    )
    return edit_page(request, form, title="Nouveau suivi", done="Le suivi est enregistré.", back=person)


def follow_up_edit(request, pk):
    follow_up = get_follow_up(request.user, pk)
    form = FollowUpForm(posted(request), instance=follow_up, user=request.user)
    return edit_page(
        request, form, title="Modifier le suivi", done="Le suivi est enregistré.", back=follow_up.beneficiary
    )


def follow_up_detail(request, pk):
    follow_up = get_follow_up(request.user, pk)
    note = readable_note(request.user, follow_up)
    if note is not None:
        audit.log_read(note)
    return render(request, "beneficiaries/follow_up_detail.html", {"follow_up": follow_up, "note": note})
