"""Immersions: their list, one of them, its limits while it is typed, its outcome, its agreement on paper."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from beneficiaries.permissions import get_beneficiary
from confluences import audit
from confluences.exports import download
from confluences.list_pages import ListFile, export_list
from confluences.pages import edit_page, posted
from partners.immersion_agreement_reports import agreement_pdf, file_name
from partners.immersion_forms import ImmersionFilter, ImmersionForm, LimitsForm, OutcomeForm
from partners.immersion_reports import COLUMNS, immersion_page, immersion_rows, limits_of, year_figures
from partners.models import Immersion, Partner
from partners.permissions import can_record_days, get_immersion

IMMERSIONS_PER_PAGE = 50
SAVED = "L’immersion est enregistrée."
IMMERSIONS_FILE = ListFile(
    title="Immersions",
    name="immersions",
    page="partners:immersion-list",
    nothing="Rien à exporter : aucune immersion ne correspond à ces filtres. Élargissez-les.",
)


def immersion_list(request):
    today = timezone.localdate()
    chosen = _filter(request, today)
    found = chosen.qs if chosen.is_valid() else chosen.queryset.none()
    page = Paginator(found, IMMERSIONS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page": page,
        "rows": immersion_rows(found.filter(pk__in=[row.pk for row in page]), today),
        "figures": year_figures(request.user, chosen.chosen_year),
    }
    return render(request, "partners/immersion_list.html", context)


def immersion_export(request, file_format):
    today = timezone.localdate()
    return export_list(
        request,
        file_format,
        _filter(request, today),
        IMMERSIONS_FILE,
        columns=COLUMNS,
        rows=lambda immersions: immersion_rows(immersions, today),
    )


def immersion_create(request, pk):
    person = get_beneficiary(request.user, pk)
    renews = _row(
        Immersion.objects.visible_to(request.user).filter(beneficiary=person), request, "renouvelle"
    )
    host = _row(Partner.objects.visible_to(request.user), request, "partner")
    form = ImmersionForm(
        posted(request),
        instance=Immersion(beneficiary=person, renews=renews),
        initial={"host": host} if host else {},
    )
    title = "Renouveler une immersion" if renews else "Nouvelle immersion"
    return _form_page(request, form, title, back=renews or person)


def immersion_edit(request, pk):
    immersion = get_immersion(request.user, pk)
    form = ImmersionForm(posted(request), instance=immersion)
    return _form_page(request, form, "Modifier l’immersion", back=immersion)


def immersion_check(request, pk):
    """The limits of what is being typed, as a fragment of the form's page; a read, also where something is broken."""
    person = get_beneficiary(request.user, pk)
    rows = Immersion.objects.visible_to(request.user).filter(beneficiary=person)
    edited = _row(rows, request, "immersion")
    form = LimitsForm(request.GET)
    context = {"limits": None, "problem": ""}
    if form.is_valid():
        typed = Immersion(
            pk=edited.pk if edited else None,
            beneficiary=person,
            renews=edited.renews if edited else _row(rows, request, "renouvelle"),
            host=form.cleaned_data["host"],
            purpose=form.cleaned_data["purpose"],
            start=form.cleaned_data["start"],
            end=form.cleaned_data["end"],
        )
        try:
            context["limits"] = limits_of(typed)
        except ValidationError as refusal:
            context["problem"] = " ".join(refusal.messages)
    elif request.GET.get("start") and request.GET.get("end"):
        context["problem"] = " ".join(error for errors in form.errors.values() for error in errors)
    return render(request, "partners/immersion_limits.html", context)


def immersion_detail(request, pk):
    immersion = get_immersion(request.user, pk)
    context = {
        "immersion": immersion,
        "page": immersion_page(immersion, timezone.localdate()),
        "has_begun": immersion.start <= timezone.localdate(),
        "may_record": can_record_days(request.user),
    }
    return render(request, "partners/immersion_detail.html", context)


def immersion_outcome(request, pk):
    immersion = get_immersion(request.user, pk)
    form = OutcomeForm(posted(request), instance=immersion)
    return edit_page(
        request, form, title="Bilan de l’immersion", done="Le bilan est enregistré.", back=immersion
    )


def immersion_agreement(request, pk):
    immersion = get_immersion(request.user, pk)
    pdf = agreement_pdf(immersion, timezone.localdate())
    audit.log_print(immersion)
    return download(pdf, filename=file_name(immersion), content_type="application/pdf")


def _filter(request, today) -> ImmersionFilter:
    rows = Immersion.objects.visible_to(request.user)
    return ImmersionFilter(request.GET, rows, request=request, today=today)


def _form_page(request, form: ImmersionForm, title: str, back: object):
    return edit_page(
        request, form, title=title, done=SAVED, back=back, template="partners/immersion_form.html"
    )


def _row(rows, request, name: str):
    """The row that the address names, where it is one of these; anything else names none."""
    asked = request.GET.get(name, "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        return None
    return rows.filter(pk=int(asked)).first()
