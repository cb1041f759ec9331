"""Referrals: the list, each one with its history, how it goes on, its letter."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.shortcuts import redirect, render
from django.utils import timezone

from beneficiaries.models import Beneficiary, Step
from beneficiaries.permissions import get_beneficiary, visible_themes
from beneficiaries.support_enums import Theme
from confluences import audit
from confluences.exports import download
from confluences.list_pages import ListFile, export_list
from confluences.models import User
from confluences.pages import edit_page, posted
from confluences.pdf import render_pdf
from partners.enums import Direction, ReferralStatus
from partners.models import Partner, Referral, Service
from partners.permissions import get_referral
from partners.referral_actions import refer_at_once
from partners.referral_forms import ProgressForm, ReferralFilter, ReferralForm
from partners.referral_reports import (
    COLUMNS,
    facts,
    history,
    letter,
    letter_contents,
    link_state,
    outside_facts,
    referral_rows,
    visible_referrals,
)
from partners.referral_rules import LINK_DAYS

PER_PAGE = 50
DIGITS_OF_A_KEY = 18
REFERRALS_FILE = ListFile(
    title="Orientations",
    name="orientations",
    page="partners:referral-list",
    nothing="Rien à exporter : aucune orientation ne correspond à ces filtres. Élargissez-les.",
)


def referral_list(request):
    today = timezone.localdate()
    chosen = _filter(request, today)
    found = chosen.qs if chosen.is_valid() else chosen.queryset.none()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"filter": chosen, "page": page, "rows": referral_rows(page, today)}
    # A page that the browser restores from its history is asked for whole.
    fragment = request.htmx and not request.htmx.history_restore_request
    template = "partners/referral_results.html" if fragment else "partners/referral_list.html"
    return render(request, template, context)


def referral_export(request, file_format):
    today = timezone.localdate()
    return export_list(
        request,
        file_format,
        _filter(request, today),
        REFERRALS_FILE,
        columns=COLUMNS,
        rows=lambda referrals: referral_rows(referrals, today),
    )


def referral_create(request, pk):
    """A new referral; sent with « quick », it is made at once from a proposal, in neutral words."""
    person = get_beneficiary(request.user, pk)
    if request.method == "POST" and "quick" in request.POST:
        return _create_at_once(request, person)
    form = ReferralForm(
        posted(request),
        instance=Referral(beneficiary=person),
        initial=_asked(request, person),
        user=request.user,
    )
    return edit_page(
        request,
        form,
        title="Nouvelle orientation",
        done="L’orientation est enregistrée.",
        back=person,
        template="partners/referral_form.html",
    )


def referral_edit(request, pk):
    referral = get_referral(request.user, pk)
    form = ReferralForm(posted(request), instance=referral, user=request.user)
    return edit_page(
        request,
        form,
        title="Modifier l’orientation",
        done="L’orientation est enregistrée.",
        back=referral,
        template="partners/referral_form.html",
    )


def referral_close(request, pk):
    """How it goes on: an answer noted, a call, or its end."""
    referral = get_referral(request.user, pk)
    asked = request.GET.get("etat", "")
    initial = {"status": asked} if asked in ReferralStatus.values else {}
    form = ProgressForm(posted(request), instance=referral, initial=initial)
    return edit_page(
        request,
        form,
        title="Suite de l’orientation",
        done="La suite de l’orientation est enregistrée.",
        back=referral,
        template="partners/referral_close.html",
    )


def referral_detail(request, pk):
    referral = get_referral(request.user, pk)
    if referral.is_protected:
        audit.log_read(referral)
    now = timezone.now()
    [row] = referral_rows(visible_referrals(request.user).filter(pk=referral.pk), timezone.localdate())
    outgoing = referral.direction == Direction.OUT
    context = {
        "referral": referral,
        "row": row,
        "facts": facts(referral, request.user),
        "history": history(referral),
        "link": link_state(referral, now) if outgoing else None,
        "may_link": outgoing and referral.is_open and request.user.has_perm("partners.add_replylink"),
        "link_days": LINK_DAYS,
        "outside": outside_facts(referral),
        "letter": letter_contents(referral) if outgoing else None,
    }
    return render(request, "partners/referral_detail.html", context)


def referral_letter(request, pk):
    """The letter that the person carries to the partner, as PDF."""
    referral = get_referral(request.user, pk)
    if referral.direction != Direction.OUT:
        raise Http404
    content = render_pdf(
        "pdf/referral_letter.html", letter(referral, request.user), title="Lettre d’orientation"
    )
    audit.log_print(referral)
    name = f"orientation-{referral.beneficiary.file_number}-{referral.on:%Y-%m-%d}.pdf"
    return download(content, filename=name, content_type="application/pdf")


def _create_at_once(request: HttpRequest, person: Beneficiary):
    asked = _asked(request, person)
    if not {"partner", "theme"} <= set(asked):
        raise Http404
    referral, is_new = refer_at_once(
        person,
        asked["partner"],
        Theme(asked["theme"]),
        by=request.user,
        service=asked.get("service"),
        step=asked.get("step"),
    )
    if is_new:
        messages.success(
            request, "L’orientation est enregistrée, en mots neutres : complétez le motif s’il le faut."
        )
    else:
        messages.info(request, "Cette orientation est déjà en cours : la voici.")
    return redirect(referral)


def _asked(request: HttpRequest, person: Beneficiary) -> dict[str, object]:
    """What a proposal or a partner's page already says of the referral; what does not exist is left out."""
    sent = request.POST if "quick" in request.POST else request.GET
    user: User = request.user
    theme = sent.get("theme", "")
    asked: dict[str, object] = {}
    if theme in {each.value for each in visible_themes(user)}:
        asked["theme"] = theme
    if sent.get("direction") in Direction.values:
        asked["direction"] = sent["direction"]
    partner = _row(Partner.objects.visible_to(user), sent.get("partner", ""))
    if partner is not None:
        asked["partner"] = partner
        service = _row(Service.objects.filter(partner=partner), sent.get("service", ""))
        asked |= {"service": service} if service else {}
    step = _row(Step.objects.visible_to(user).filter(beneficiary=person, theme=theme), sent.get("step", ""))
    return asked | ({"step": step} if step else {})


def _row(rows, sent: str):
    """The row of a number in an address, or None."""
    if not (sent.isascii() and sent.isdigit() and len(sent) <= DIGITS_OF_A_KEY):
        return None
    return rows.filter(pk=int(sent)).first()


def _filter(request, today) -> ReferralFilter:
    """What this user may see, filtered as the address says: the same for the page and the spreadsheet."""
    return ReferralFilter(request.GET, visible_referrals(request.user), request=request, today=today)
