"""The matrix of a programme and its files, and one person in one programme."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from confluences import audit
from confluences.exports import FORMATS, Heading, NothingToExport, download
from trainings.certificate_reports import paper_states
from trainings.enums import Finish
from trainings.hours_reports import goals_of
from trainings.matrix_forms import PRESENT, MatrixFilter
from trainings.matrix_reports import (
    attendance_of,
    matrix_columns,
    matrix_of,
    session_lines,
    standings,
)
from trainings.models import Enrolment, Programme
from trainings.permissions import get_enrolment, get_programme


def matrix(request: HttpRequest, pk: int) -> HttpResponse:
    programme = get_programme(request.user, pk)
    today = timezone.localdate()
    chosen = _chosen(request, programme)
    found = matrix_of(programme, chosen.qs if chosen.is_valid() else Enrolment.objects.none(), today)
    context = {
        "programme": programme,
        "filter": chosen,
        "matrix": found,
        "done": found.count(Finish.DONE),
        "in_time": found.count(Finish.IN_TIME),
        "to_catch_up": found.count(*Finish.to_catch_up()),
        "today": today,
    }
    return render(request, "trainings/matrix.html", context)


def matrix_export(request: HttpRequest, pk: int, file_format: str) -> HttpResponse:
    if file_format not in FORMATS:
        raise Http404
    programme = get_programme(request.user, pk)
    today = timezone.localdate()
    chosen = _chosen(request, programme)
    page = f"{reverse('trainings:matrix', args=[pk])}?{request.GET.urlencode()}"
    if not chosen.is_valid():
        messages.error(request, "Ce filtre n’est pas compris : corrigez-le, puis exportez à nouveau.")
        return redirect(page)
    rows = matrix_of(programme, chosen.qs, today).rows
    heading = Heading(f"Matrice : {programme}", str(request.user), chosen.in_words, timezone.now())
    write, content_type = FORMATS[file_format]
    try:
        content = write(matrix_columns(programme), rows, heading)
    except NothingToExport:
        messages.warning(
            request,
            "Rien à exporter : personne ne correspond à ces filtres. Choisissez toutes les inscriptions.",
        )
        return redirect(page)
    audit.log_export(programme, file_format=file_format, rows=len(rows), filters=chosen.in_words)
    filename = f"matrice-{slugify(programme.name)}-{today:%Y-%m-%d}.{file_format}"
    return download(content, filename=filename, content_type=content_type)


def enrolment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = get_enrolment(request.user, pk)
    today = timezone.localdate()
    [standing] = standings(Enrolment.objects.filter(pk=enrolment.pk), today)
    goals = goals_of(standing.enrolment.programme)
    context = {
        "row": standing,
        "enrolment": standing.enrolment,
        "past": attendance_of(enrolment, request.user),
        "upcoming": session_lines(goals, standing.upcoming),
        "unfilled": session_lines(goals, standing.unfilled),
        "papers": paper_states(standing.enrolment, today),
        "today": today,
    }
    return render(request, "trainings/enrolment_detail.html", context)


def _chosen(request: HttpRequest, programme: Programme) -> MatrixFilter:
    """The enrolments this user may see, filtered as the address says; at first those of people who are here."""
    rows = Enrolment.objects.visible_to(request.user).filter(programme=programme)
    asked = request.GET or QueryDict(f"presence={PRESENT}")
    return MatrixFilter(asked, queryset=rows, today=timezone.localdate())
