"""The papers of a training as files: attendance sheets, programme, statement. Each one printed enters the log."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from confluences import audit
from confluences.exports import download
from trainings.paper_forms import PeriodForm, this_week
from trainings.paper_reports import (
    attendance_sheets_pdf,
    programme_pdf,
    session_title,
    sessions_between,
    statement_pdf,
)
from trainings.permissions import get_enrolment, get_programme, get_session

PDF = "application/pdf"


def attendance_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_session(request.user, pk)
    pdf = attendance_sheets_pdf([session], request.user)
    audit.log_print(session)
    return download(pdf, filename=f"emargement-{session.day:%Y-%m-%d}-{session.pk}.pdf", content_type=PDF)


def attendance_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the sessions of a period, this week's at first; a button answers their sheets as one file."""
    programme = get_programme(request.user, pk)
    form = PeriodForm(request.GET if "start" in request.GET else this_week(timezone.localdate()))
    valid = form.is_valid()
    sessions = list(
        sessions_between(programme, form.cleaned_data["start"], form.cleaned_data["end"]) if valid else []
    )
    if "pdf" in request.GET and sessions:
        pdf = attendance_sheets_pdf(sessions, request.user)
        audit.log_print(programme)
        first = form.cleaned_data["start"]
        return download(pdf, filename=f"emargements-{first:%Y-%m-%d}-{programme.pk}.pdf", content_type=PDF)
    if "pdf" in request.GET and valid:
        messages.warning(
            request, "Rien à imprimer : aucune séance pendant cette période. Choisissez d’autres dates."
        )
    context = {
        "programme": programme,
        "form": form,
        "rows": [{"session": session, "title": session_title(session)} for session in sessions],
    }
    status = HTTPStatus.OK if valid else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "trainings/attendance_sheets.html", context, status=status)


def programme_paper(request: HttpRequest, pk: int) -> HttpResponse:
    programme = get_programme(request.user, pk)
    pdf = programme_pdf(programme, timezone.localdate())
    audit.log_print(programme)
    return download(pdf, filename=f"programme-{programme.pk}.pdf", content_type=PDF)


def statement_paper(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = get_enrolment(request.user, pk)
    today = timezone.localdate()
    pdf = statement_pdf(enrolment, today)
    audit.log_print(enrolment)
    number = enrolment.beneficiary.file_number
    return download(pdf, filename=f"releve-{number}-{today:%Y-%m-%d}.pdf", content_type=PDF)
