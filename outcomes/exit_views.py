"""Recording, completing and proving an exit."""

import datetime as dt

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from beneficiaries.models import Beneficiary
from confluences import audit, drafts
from confluences.pages import edit_page, posted
from confluences.uploads import content_type
from outcomes.forms import ExitForm
from outcomes.models import Exit, ExitReason
from outcomes.permissions import get_exit


def exit_create(request: HttpRequest, beneficiary: int) -> HttpResponse:
    today = timezone.localdate()
    person = get_object_or_404(Beneficiary.objects.visible_to(request.user, today), pk=beneficiary)
    return _edit(request, Exit(beneficiary=person), today)


def exit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_exit(request.user, pk), timezone.localdate())


def exit_evidence(request: HttpRequest, pk: int) -> FileResponse:
    """The paper that proves an exit, as an attachment; each reading is logged."""
    exit_ = get_exit(request.user, pk)
    if not exit_.evidence_file:
        raise Http404
    audit.log_read(exit_)
    file = exit_.evidence_file.open("rb")
    return FileResponse(
        file, as_attachment=True, content_type=content_type(file) or "application/octet-stream"
    )


def _edit(request: HttpRequest, exit_: Exit, today: dt.date) -> HttpResponse:
    typed = posted(request)
    reason = _chosen_reason(_typed_before(request) if typed is None else typed, exit_)
    if typed is not None and "refresh" in typed:
        # Only the questions change: what was typed is shown again, nothing is judged yet.
        form = ExitForm(instance=exit_, reason=reason, today=today, initial=typed.dict())
        context = {"form": form, "title": f"Sortie de {exit_.beneficiary}", "back": exit_.beneficiary}
        return render(
            request, "outcomes/exit_form.html", context | {"back_url": exit_.beneficiary.get_absolute_url()}
        )
    form = ExitForm(typed, request.FILES or None, instance=exit_, reason=reason, today=today)
    return _page(request, form, exit_)


def _typed_before(request: HttpRequest) -> QueryDict | None:
    draft = drafts.draft_of(request.user, request.path)
    return drafts.data_of(draft) if draft else None


def _chosen_reason(typed, exit_: Exit) -> ExitReason | None:
    if typed is None:
        return exit_.reason
    chosen = typed.get("reason", "")
    return ExitReason.objects.filter(pk=chosen).first() if chosen.isdecimal() else None


def _page(request: HttpRequest, form: ExitForm, exit_: Exit) -> HttpResponse:
    person = exit_.beneficiary
    return edit_page(
        request,
        form,
        title=f"Sortie de {person}",
        done=f"La sortie de {person} est enregistrée.",
        back=person,
        template="outcomes/exit_form.html",
    )
