"""The page that edits one row: the same everywhere, from the empty form to the conflict."""

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from confluences import drafts
from confluences.forms import RecordedForm
from confluences.models import Recorded


@dataclass(frozen=True)
class Place:
    """A page without a row of its own, such as a list, as the way back from a form."""

    label: str
    url_name: str

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse(self.url_name)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even where it is empty; None on a first visit."""
    return request.POST if request.method == "POST" else None


def edit_page(
    request: HttpRequest,
    form: RecordedForm,
    *,
    title: str,
    done: str,
    back: object,
    template: str = "edit.html",
) -> HttpResponse:
    """Shows a form, or saves it and returns to the row's own page, saying `done`.

    `back` is what the page belongs to: it stands above the title, and « Annuler » leads there. What is typed and not
    saved comes back on the next visit, and is erased in the transaction that saves it.
    """
    # Read before the form writes into the row, which may be `back` itself.
    context = {"form": form, "title": title, "back": str(back), "back_url": back.get_absolute_url()}
    name = drafts.title_of(title, _belongs_to(back))
    if request.method == "POST":
        row = _saved(request, form)
        if row is not None:
            messages.success(request, done)
            return redirect(row)
    context["drafting"] = _drafting(request, form, name)
    return render(request, template, context, status=form.status)


def _belongs_to(back: object) -> list[str]:
    """Whom and what a page is about; a place such as a list is nobody."""
    if isinstance(back, Place):
        return []
    person = getattr(back, "beneficiary", None)
    return [str(each) for each in (person, back) if each is not None]


@transaction.atomic
def _saved(request: HttpRequest, form: RecordedForm) -> Recorded | None:
    row = form.save_by(request.user)
    if row is not None and drafts.ELSEWHERE not in request.POST:
        drafts.discard(request.user, request.path)
    return row


def _drafting(request: HttpRequest, form: RecordedForm, title: str) -> drafts.Drafting:
    """The page's draft; a form that nobody has sent yet shows it."""
    draft = drafts.draft_of(request.user, request.path)
    if draft is None or form.is_bound:
        return drafts.Drafting(request.path, title, draft)
    form.restore(drafts.data_of(draft))
    outdated = str(form.initial["opened_version"]) != str(form.instance.version)
    return drafts.Drafting(request.path, title, draft, restored=True, outdated=outdated)
