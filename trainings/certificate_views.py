"""The register of certificates: the list, one paper, issuing it, its file, and verifying a paper that somebody brings."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from confluences import audit
from confluences.exports import download
from confluences.list_pages import ListFile, export_list
from trainings.certificate_actions import issue_certificate
from trainings.certificate_reports import (
    REGISTER_COLUMNS,
    certificate_context,
    certificate_pdf,
    is_intact,
    paper_states,
    prospect_of,
    register_of,
    unrecorded_sessions,
    verified,
)
from trainings.enums import CertificateKind
from trainings.models import Certificate
from trainings.paper_forms import CertificateFilter, VerifyForm
from trainings.permissions import get_certificate, get_enrolment

CERTIFICATES_PER_PAGE = 50
# Enough to see which sheets wait; the rest is a number.
SESSIONS_NAMED = 5
REGISTER_FILE = ListFile(
    title="Registre des certificats",
    name="certificats",
    page="trainings:certificate-list",
    nothing="Rien à exporter : aucun papier ne correspond. Élargissez les filtres.",
)


def certificate_list(request: HttpRequest) -> HttpResponse:
    chosen = _filter(request)
    rows = chosen.qs if chosen.is_valid() else chosen.queryset.none()
    page = Paginator(rows, CERTIFICATES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "trainings/certificate_list.html", {"filter": chosen, "page": page})


def certificate_export(request: HttpRequest, file_format: str) -> HttpResponse:
    return export_list(
        request, file_format, _filter(request), REGISTER_FILE, columns=REGISTER_COLUMNS, rows=list
    )


def certificate_detail(request: HttpRequest, pk: int) -> HttpResponse:
    certificate = get_certificate(request.user, pk)
    enrolment = certificate.enrolment
    context = {
        "certificate": certificate,
        "enrolment": enrolment,
        "is_intact": is_intact(certificate),
        "papers": paper_states(enrolment, timezone.localdate()),
        **certificate_context(certificate),
    }
    # The rail's association is today's, the paper's is the one of its day.
    context["organisation"] = context.pop("structure")
    return render(request, "trainings/certificate_detail.html", context)


def certificate_issue(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Shows what will be certified or what is missing; the button issues the paper."""
    enrolment = get_enrolment(request.user, pk)
    if kind not in CertificateKind.values:
        raise Http404
    today, wanted = timezone.localdate(), CertificateKind(kind)
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            certificate, is_new = issue_certificate(enrolment, wanted, by=request.user, today=today)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            return _issued(request, certificate, is_new=is_new)
    standing = enrolment.certificates.filter(kind=wanted).first()
    if standing is not None:
        return _issued(request, standing, is_new=False)
    sessions = unrecorded_sessions(enrolment, today)
    context = {
        "prospect": prospect_of(enrolment, wanted, today),
        "enrolment": enrolment,
        "label": wanted.label,
        "unrecorded": len(sessions),
        "unrecorded_sessions": sessions[:SESSIONS_NAMED],
    }
    return render(request, "trainings/certificate_issue.html", context, status=status)


def certificate_download(request: HttpRequest, pk: int) -> HttpResponse:
    certificate = get_certificate(request.user, pk)
    pdf = certificate_pdf(certificate)
    audit.log_print(certificate)
    return download(
        pdf, filename=f"{certificate.kind}-{certificate.number}.pdf", content_type="application/pdf"
    )


def certificate_verify(request: HttpRequest) -> HttpResponse:
    """Says whether a paper is one of ours; every way of not being so gets the same answer."""
    form = VerifyForm(request.GET or None)
    found, asked = None, form.is_bound and form.is_valid()
    if asked:
        data = form.cleaned_data
        found = verified(register_of(request.user), data["number"], data["digest"])
    context = {"form": form, "asked": asked, "found": found}
    if found is not None:
        context |= {"facts": found.certificate.facts, "dated": found.certificate.dated}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "trainings/certificate_verify.html", context, status=status)


def _filter(request: HttpRequest) -> CertificateFilter:
    return CertificateFilter(request.GET, register_of(request.user), request=request)


def _issued(request: HttpRequest, certificate: Certificate, *, is_new: bool) -> HttpResponse:
    if is_new:
        messages.success(request, f"Délivré : {certificate}. Imprimez-le, faites-le signer, remettez-le.")
    else:
        messages.info(
            request, f"Déjà délivré : {certificate}, daté du {certificate.dated:%d/%m/%Y}. Le voici."
        )
    return redirect(certificate)
