"""Sessions: planned one by one or in a series, and their attendance sheets."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from confluences.formats import duration, number
from confluences.pages import edit_page, posted
from trainings.attendance_actions import Freed
from trainings.attendance_forms import SheetForm
from trainings.attendance_reports import attendance_sheet
from trainings.models import Session
from trainings.permissions import can_record_attendance, get_programme, get_session
from trainings.session_actions import delete_session
from trainings.session_forms import SeriesForm, SessionForm


def session_create(request, pk):
    programme = get_programme(request.user, pk)
    form = SessionForm(
        posted(request), instance=Session(programme=programme), initial={"day": timezone.localdate()}
    )
    return _session_page(request, form, "Nouvelle séance", programme)


def session_edit(request, pk):
    session = get_session(request.user, pk)
    form = SessionForm(posted(request), instance=session)
    return _session_page(request, form, "Modifier la séance", session)


def _session_page(request, form: SessionForm, title: str, back: object):
    return edit_page(
        request,
        form,
        title=title,
        done="La séance est enregistrée.",
        back=back,
        template="trainings/session_form.html",
    )


def session_delete(request, pk):
    session = get_session(request.user, pk)
    problem = ""
    if request.method == "POST":
        programme = session.programme
        try:
            delete_session(session)
        except ValidationError as refusal:
            problem = " ".join(refusal.messages)
        else:
            messages.success(request, "La séance est supprimée.")
            return redirect(programme)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    context = {"session": session, "problem": problem}
    return render(request, "trainings/session_delete.html", context, status=status)


def session_series(request, pk):
    """The form, then the preview of what it plans; only what was previewed is saved."""
    programme = get_programme(request.user, pk)
    form = SeriesForm(posted(request), programme=programme, today=timezone.localdate())
    changed = False
    if request.method == "POST" and form.is_valid() and "confirm" in request.POST:
        changed = not form.was_seen
        sessions = None if changed else form.save_by(request.user)
        if sessions:
            total = duration(form.minutes)
            messages.success(request, f"{number(len(sessions))} séances sont prévues, {total} en tout.")
            return redirect(programme)
    context = {"programme": programme, "form": form, "changed": changed}
    return render(request, "trainings/session_series.html", context, status=form.status)


def session_detail(request, pk):
    """The attendance sheet: to fill in for those who may, to read for the others."""
    session = get_session(request.user, pk)
    may_record = can_record_attendance(request.user)
    if request.method == "POST" and not may_record:
        raise Http404
    today = timezone.localdate()
    is_ahead = session.day > today
    sheet = attendance_sheet(request.user, session)
    form = SheetForm(sheet, posted(request))
    if request.method == "POST" and "add" not in request.POST and form.save_by(request.user, today):
        messages.success(request, "La feuille de présence est enregistrée.")
        for effect in form.effects:
            say = messages.warning if isinstance(effect, Freed) else messages.info
            say(request, str(effect))
        return redirect(session)
    context = {
        "session": session,
        "sheet": sheet,
        "form": form,
        "modules": session.taught.select_related("module"),
        "may_record": may_record and not sheet.is_closed and not is_ahead,
        "is_ahead": is_ahead,
    }
    return render(request, "trainings/session_detail.html", context, status=form.status)
