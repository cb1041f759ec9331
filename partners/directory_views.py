"""The directory on the screen: its list and file, a partner's own page, and the forms of what it holds."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from beneficiaries.support_forms import VersionForm
from confluences.actions import Conflict
from confluences.list_pages import ListFile, export_list
from confluences.pages import Place, edit_page, posted
from partners.actions import delete_part
from partners.directory_forms import ContactForm, PartnerFilter, PartnerForm, ServiceForm, Standing
from partners.directory_reports import columns_for, partner_page, partner_rows, with_themes
from partners.models import Contact, Partner, Service
from partners.permissions import get_contact, get_partner, get_service

PER_PAGE = 50
DIRECTORY = Place("Partenaires", "partners:list")
CHANGED_MEANWHILE = "Quelqu’un vient de modifier cette fiche : relisez-la avant de la supprimer."
DIRECTORY_FILE = ListFile(
    title="Partenaires",
    name="partenaires",
    page="partners:list",
    nothing="Rien à exporter : aucun partenaire ne correspond à ces filtres. Élargissez-les.",
)


def partner_list(request):
    today = timezone.localdate()
    chosen = _filter(request, today)
    found = chosen.qs if chosen.is_valid() else chosen.queryset.none()
    page = Paginator(with_themes(found), PER_PAGE).get_page(request.GET.get("page"))
    context = {"filter": chosen, "page": page, "rows": partner_rows(page, request.user, today)}
    # A page that the browser restores from its history is asked for whole.
    fragment = request.htmx and not request.htmx.history_restore_request
    return render(
        request, "partners/partner_results.html" if fragment else "partners/partner_list.html", context
    )


def partner_export(request, file_format):
    today = timezone.localdate()
    return export_list(
        request,
        file_format,
        _filter(request, today),
        DIRECTORY_FILE,
        columns=columns_for(request.user),
        rows=lambda partners: partner_rows(with_themes(partners), request.user, today),
    )


def partner_detail(request, pk):
    partner = get_partner(request.user, pk)
    page = partner_page(partner, request.user, timezone.localdate())
    return render(request, "partners/partner_detail.html", {"partner": partner, "page": page})


def partner_create(request):
    form = PartnerForm(posted(request), today=timezone.localdate())
    return edit_page(
        request,
        form,
        title="Nouveau partenaire",
        done="Le partenaire est enregistré.",
        back=DIRECTORY,
        template="partners/partner_form.html",
    )


def partner_edit(request, pk):
    partner = get_partner(request.user, pk)
    form = PartnerForm(posted(request), instance=partner, today=timezone.localdate())
    return edit_page(
        request,
        form,
        title="Modifier le partenaire",
        done="Le partenaire est enregistré.",
        back=partner,
        template="partners/partner_form.html",
    )


def contact_create(request, pk):
    partner = get_partner(request.user, pk)
    form = ContactForm(posted(request), instance=Contact(partner=partner))
    return edit_page(request, form, title="Nouveau contact", done="Le contact est enregistré.", back=partner)


def contact_edit(request, pk):
    contact = get_contact(request.user, pk)
    form = ContactForm(posted(request), instance=contact)
    return edit_page(
        request,
        form,
        title="Modifier le contact",
        done="Le contact est enregistré.",
        back=contact.partner,
        template="partners/contact_form.html",
    )


def contact_delete(request, pk):
    contact = get_contact(request.user, pk)
    context = {
        "title": "Supprimer le contact",
        "advice": "Quelqu’un qui a changé de poste se garde : donnez plutôt la date depuis laquelle il n’y est plus.",
        "keep_url": reverse("partners:contact-edit", args=[pk]),
    }
    return _delete_part(request, contact, context, done="Le contact est supprimé.")


def service_create(request, pk):
    partner = get_partner(request.user, pk)
    form = ServiceForm(posted(request), instance=Service(partner=partner))
    return edit_page(request, form, title="Nouveau service", done="Le service est enregistré.", back=partner)


def service_edit(request, pk):
    service = get_service(request.user, pk)
    form = ServiceForm(posted(request), instance=service)
    return edit_page(
        request,
        form,
        title="Modifier le service",
        done="Le service est enregistré.",
        back=service.partner,
        template="partners/service_form.html",
    )


def service_delete(request, pk):
    service = get_service(request.user, pk)
    context = {
        "title": "Supprimer le service",
        "advice": "Les orientations vers ce service restent, sans son nom.",
        "keep_url": reverse("partners:service-edit", args=[pk]),
    }
    return _delete_part(request, service, context, done="Le service est supprimé.")


def _delete_part(request: HttpRequest, part: Contact | Service, context: dict, *, done: str) -> HttpResponse:
    """Asks whether to remove a contact or a service, and does it."""
    problem = ""
    if request.method == "POST":
        part.version = VersionForm(request.POST).version
        try:
            delete_part(part)
        except Conflict as conflict:
            part.version, problem = conflict.current.version, CHANGED_MEANWHILE
        else:
            messages.success(request, done)
            return redirect(part.partner)
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return render(
        request, "partners/part_delete.html", context | {"part": part, "problem": problem}, status=status
    )


def _filter(request, today) -> PartnerFilter:
    """What this user may see, filtered as the address says; the partners still there where it says nothing."""
    data = request.GET.copy()
    data.setdefault("standing", Standing.ACTIVE)
    return PartnerFilter(data, Partner.objects.visible_to(request.user), request=request, today=today)
