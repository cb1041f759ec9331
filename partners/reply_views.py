"""The private link: made and revoked by a social worker, answered by a partner who has no account."""

from http import HTTPStatus
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from confluences.guesses import WAIT_SECONDS, count_guess, has_guessed_too_often
from partners.models import Referral
from partners.permissions import get_referral
from partners.referral_reports import neutral_message, outside_facts
from partners.reply_actions import DeadLink, answer_by_link, create_link, open_link, revoke_link
from partners.reply_forms import ReplyForm

GUESSES = "reply"
SUBJECT = "Demande de rendez-vous"


@require_POST
def referral_link_create(request, pk):
    """The link is shown on this answer alone: its secret is kept nowhere."""
    referral = get_referral(request.user, pk)
    try:
        link, token = create_link(referral, by=request.user)
    except DeadLink:
        messages.error(request, "Cette orientation n’attend pas de réponse par un lien.")
        return redirect(referral)
    url = _public_url(request, token)
    message = neutral_message(url)
    context = {
        "referral": referral,
        "link": link,
        "url": url,
        "message": message,
        "mailto": f"mailto:{quote(_address(referral))}?{urlencode({'subject': SUBJECT, 'body': message}, quote_via=quote)}",
    }
    return _sealed(render(request, "partners/reply_link.html", context))


@require_POST
def referral_link_revoke(request, pk):
    referral = get_referral(request.user, pk)
    revoke_link(referral)
    messages.success(request, "Le lien n’ouvre plus rien.")
    return redirect(referral)


# No session and no cookie stand behind this page: the secret of its address is all the right there is, and a forged form
# would need it. Sending no address at all as the referrer makes browsers hide the origin too, which the check would refuse.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request, token):
    """What a partner sees. Looking never uses the link up: mail scanners follow it before anybody does."""
    if has_guessed_too_often(request, GUESSES):
        return _too_many(request)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    try:
        link = open_link(token)
        if request.method == "POST" and form.is_valid():
            answer_by_link(token, form.typed)
            return _sealed(render(request, "partners/reply_thanks.html", {"answer": form.typed}))
    except DeadLink:
        count_guess(request, GUESSES)
        return _sealed(render(request, "partners/reply_dead.html", status=HTTPStatus.NOT_FOUND))
    context = {"form": form, "facts": outside_facts(link.referral)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _sealed(render(request, "partners/reply.html", context, status=status))


def _public_url(request: HttpRequest, token: str) -> str:
    path = reverse("partners:reply", args=[token])
    return f"{settings.SITE_URL.rstrip('/')}{path}" if settings.SITE_URL else request.build_absolute_uri(path)


def _address(referral: Referral) -> str:
    """Where the partner is written to: the contact, the service, else the house."""
    chosen = (referral.contact, referral.service, referral.partner)
    return next((each.email for each in chosen if each and each.email), "")


def _too_many(request: HttpRequest) -> HttpResponse:
    response = render(
        request, "429.html", {"minutes": WAIT_SECONDS // 60}, status=HTTPStatus.TOO_MANY_REQUESTS
    )
    response.headers["Retry-After"] = str(WAIT_SECONDS)
    return _sealed(response)


def _sealed(response: HttpResponse) -> HttpResponse:
    """No cache keeps it, no search engine lists it, no other site learns its address."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
