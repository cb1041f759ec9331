"""What the script of drafts asks for: keep this, erase this, who am I."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from confluences import drafts
from confluences.formats import hour, number


@require_POST
def draft_save(request: HttpRequest) -> JsonResponse:
    """Keeps what is typed; a text never lands among the drafts of an account other than the one that typed it."""
    posted = request.POST
    if posted.get("draft-user") != str(request.user.pk):
        return _refused(HTTPStatus.CONFLICT, "account")
    page = drafts.page_of(request.user, posted.get("draft-page", ""))
    try:
        draft = drafts.save_draft(
            request.user,
            page,
            title=posted.get("draft-title", ""),
            fields=drafts.kept(posted),
            writer=drafts.Writer.of(posted),
        )
    except drafts.TooLong:
        limit = number(drafts.MAX_CHARACTERS)
        return _refused(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "refused",
            message=f"Ce texte est trop long pour un brouillon ({limit} caractères au plus). Copiez-le ailleurs avant de "
            "quitter cette page, puis raccourcissez-le.",
        )
    except drafts.WrittenElsewhere as other:
        return _refused(HTTPStatus.CONFLICT, "elsewhere", **_described(other.draft))
    return JsonResponse(_described(draft))


@require_POST
def draft_discard(request: HttpRequest) -> HttpResponse:
    """Erases a draft and opens its page anew."""
    page = drafts.page_of(request.user, request.POST.get("page", ""))
    drafts.discard(request.user, page)
    return redirect(page)


@require_GET
def draft_session(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and a token that this session accepts: signing in again changes it, and the page cannot read it
    from its cookie."""
    return JsonResponse({"user": str(request.user.pk), "token": get_token(request)})


def _described(draft: drafts.Draft) -> dict[str, str]:
    return {"since": drafts.version_of(draft), "hour": hour(draft.saved_at)}


def _refused(status: HTTPStatus, state: str, **details: str) -> JsonResponse:
    return JsonResponse({"state": state, **details}, status=status)
