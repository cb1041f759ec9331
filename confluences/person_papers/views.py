"""What will leave the house, then the two papers."""

from http import HTTPStatus

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from beneficiaries.models import Beneficiary
from beneficiaries.permissions import get_beneficiary
from confluences import audit
from confluences.exports import download
from confluences.pdf import PaperError
from confluences.person_papers.contents import dossier_contents, takeaway_contents
from confluences.person_papers.dossier import TooLong, print_dossier
from confluences.person_papers.forms import DossierForm, PaperForm, TakeawayForm
from confluences.person_papers.selection import Choices, Selection
from confluences.person_papers.takeaway import print_takeaway

PDF = "application/pdf"


def person_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what each paper will hold; a button answers it as a file."""
    person = get_beneficiary(request.user, pk)
    dossier = _form(request, DossierForm, "dossier")
    takeaway = _form(request, TakeawayForm, "takeaway")
    try:
        if dossier.is_valid():
            return _dossier_file(request, person, dossier.choices)
        if takeaway.is_valid():
            return _takeaway_file(request, person, takeaway.choices)
    except (TooLong, PaperError) as problem:
        messages.error(request, str(problem))
    everything = _selection(request, person, Choices(notes=True, protected=True))
    plain = _selection(request, person, Choices())
    context = {
        "person": person,
        "person_name": str(person),
        "dossier_form": dossier,
        "takeaway_form": takeaway,
        "dossier_contents": dossier_contents(plain, everything),
        "takeaway_contents": takeaway_contents(plain, everything),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "person_papers.html", context, status=status)


def _form(request: HttpRequest, form_class: type[PaperForm], prefix: str) -> PaperForm:
    """The form of a paper; it holds what was sent only where that paper was asked for."""
    sent = request.POST if f"{prefix}-asked" in request.POST else None
    return form_class(sent, prefix=prefix, user=request.user)


def _selection(request: HttpRequest, person: Beneficiary, choices: Choices) -> Selection:
    return Selection(person=person, user=request.user, today=timezone.localdate(), choices=choices)


def _dossier_file(request: HttpRequest, person: Beneficiary, choices: Choices) -> HttpResponse:
    dossier = print_dossier(_selection(request, person, choices))
    with transaction.atomic():
        for row in dossier.confidential:
            audit.log_read(row)
        audit.log_print(person)
    return _file(dossier.pdf, "dossier", person)


def _takeaway_file(request: HttpRequest, person: Beneficiary, choices: Choices) -> HttpResponse:
    pdf = print_takeaway(_selection(request, person, choices))
    audit.log_print(person)
    return _file(pdf, "a-emporter", person)


def _file(pdf: bytes, kind: str, person: Beneficiary) -> HttpResponse:
    """A name that tells nobody whose paper it is."""
    today = timezone.localdate()
    return download(pdf, filename=f"{kind}-{person.file_number}-{today:%Y-%m-%d}.pdf", content_type=PDF)
