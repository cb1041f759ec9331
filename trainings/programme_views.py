"""Programmes, their modules, and who follows them."""

from django.shortcuts import render
from django.utils import timezone

from confluences.pages import Place, edit_page, posted
from trainings.models import Enrolment, Programme
from trainings.permissions import get_enrolment, get_programme
from trainings.programme_forms import BLANK_ROWS, EnrolmentForm, EnrolPeopleForm, ProgrammeForm
from trainings.programme_reports import module_lines, programme_people, programme_sessions, programmes_by_kind

PROGRAMMES = Place("Formations", "trainings:programme-list")
PROGRAMME_FORM = "trainings/programme_form.html"


def programme_list(request):
    context = {"groups": programmes_by_kind(request.user, timezone.localdate())}
    return render(request, "trainings/programme_list.html", context)


def programme_detail(request, pk):
    programme = get_programme(request.user, pk)
    now = timezone.localtime()
    people = programme_people(request.user, programme)
    sessions = programme_sessions(request.user, programme, people, now)
    past = [line for line in reversed(sessions) if line.is_past]
    context = {
        "programme": programme,
        "modules": module_lines(programme),
        "people": [each for each in people if each.is_active(now.date()) or each.enrolled_on > now.date()],
        "former": [each for each in people if each.left_on and each.left_on < now.date()],
        "coming": [line for line in sessions if not line.is_past],
        "past": past,
        "unfilled": [line for line in past if line.is_unfilled],
        "filled": [line for line in past if not line.is_unfilled],
    }
    return render(request, "trainings/programme_detail.html", context)


def programme_create(request):
    return _programme_page(request, Programme(), "Nouveau programme", PROGRAMMES)


def programme_edit(request, pk):
    programme = get_programme(request.user, pk)
    return _programme_page(request, programme, "Modifier le programme", programme)


def _programme_page(request, programme: Programme, title: str, back: object):
    form = ProgrammeForm(posted(request), instance=programme)
    if "more" in request.POST:
        # Without JavaScript the page comes back as it was typed, with more rows; nothing is checked yet.
        form = ProgrammeForm(instance=programme)
        form.restore(request.POST, more=BLANK_ROWS)
    return edit_page(
        request, form, title=title, done="Le programme est enregistré.", back=back, template=PROGRAMME_FORM
    )


def enrolment_create(request, pk):
    programme = get_programme(request.user, pk)
    form = EnrolPeopleForm(posted(request), instance=Enrolment(programme=programme), user=request.user)
    return edit_page(
        request,
        form,
        title="Inscrire des personnes",
        done="Les inscriptions sont enregistrées.",
        back=programme,
    )


def enrolment_edit(request, pk):
    enrolment = get_enrolment(request.user, pk)
    form = EnrolmentForm(posted(request), instance=enrolment)
    return edit_page(
        request,
        form,
        title=f"Inscription de {enrolment.beneficiary}",
        done="L’inscription est enregistrée.",
        back=enrolment.programme,
    )
