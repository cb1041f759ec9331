"""Drafts (brouillons): what somebody types in a form and has not saved yet, kept on the server and nowhere else.

A draft belongs to one account and one page's address. Several tabs or devices may hold that page: the one that knows the
latest draft goes on writing it, the others are told so.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.db import transaction
from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone

from confluences.access import PUBLIC, SIGNED_IN, right_of
from confluences.formats import moment
from confluences.models import Draft, User

# Nobody takes up again what was begun a season ago, and it may hold personal data.
KEPT_DAYS = 90
# Six times the longest text that a form accepts: what is too long to be saved is kept all the same.
MAX_CHARACTERS = 1_000_000
# The script's own fields, beside those of the form.
CONTROL = "draft-"
# Sent with the form itself by a page that knows that the draft is being written elsewhere.
ELSEWHERE = "draft-elsewhere"


class TooLong(Exception):
    """More than a draft may hold."""


class WrittenElsewhere(Exception):
    """Another tab or device has written this draft since; `draft` is what it wrote."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("The draft has been written from elsewhere.")
        self.draft = draft


@dataclass(frozen=True)
class Writer:
    """A page open in a tab: its own name, how many times it has written, and the draft it knows."""

    tab: str = ""
    serial: int = 0
    since: str = ""

    @classmethod
    def of(cls, posted: QueryDict) -> "Writer":
        serial = posted.get("draft-serial", "")
        return cls(
            tab=cleaned(posted.get("draft-tab", ""))[:50],
            serial=int(serial) if serial.isdecimal() and len(serial) < 10 else 0,
            since=posted.get("draft-since", ""),
        )


@dataclass(frozen=True)
class Drafting:
    """What a form's page needs in order to keep a draft: its address, its name in a list, the draft there is."""

    page: str
    title: str
    draft: Draft | None = None
    restored: bool = False
    outdated: bool = False  # the row has been saved since the draft was begun

    @property
    def since(self) -> str:
        return version_of(self.draft) if self.draft else ""

    @property
    def moment(self) -> str:
        return moment(self.draft.saved_at, timezone.now()) if self.draft else ""


@dataclass(frozen=True)
class Unfinished:
    """A draft in the list of what its author has not finished."""

    title: str
    url: str
    saved_at: dt.datetime

    @property
    def moment(self) -> str:
        return moment(self.saved_at, timezone.now())


def cleaned(text: str) -> str:
    """A text without what PostgreSQL's JSON refuses: the NUL character, and halves of a pair."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def kept(posted: QueryDict) -> dict[str, list[str]]:
    """What a draft keeps of what was typed: everything but secrets and the script's own fields."""
    return {
        cleaned(name): [cleaned(value) for value in values]
        for name, values in posted.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name and not name.startswith(CONTROL)
    }


def may_open(user: User, page: str) -> bool:
    """Whether an address is one of our pages that this account has the right to open."""
    if not page.startswith("/") or len(page) > Draft._meta.get_field("page").max_length:
        return False
    try:
        right = right_of(resolve(page).view_name or "")
    except Resolver404:
        return False
    return right not in (None, PUBLIC) and (right == SIGNED_IN or user.has_perm(right))


def page_of(user: User, page: str) -> str:
    """The address of a page that this account may open; 404 for any other."""
    if not may_open(user, page):
        raise Http404
    return page


def draft_of(user: User, page: str) -> Draft | None:
    return Draft.objects.filter(user=user, page=page).first()


@transaction.atomic
def save_draft(user: User, page: str, *, title: str, fields: dict[str, list[str]], writer: Writer) -> Draft:
    """Writes what was typed over what this page wrote before, and over nothing else.

    A page that arrives late with something older than it wrote already changes nothing.
    """
    if sum(len(name) + len(value) for name, values in fields.items() for value in values) > MAX_CHARACTERS:
        raise TooLong
    content = {"fields": fields, "tab": writer.tab, "serial": writer.serial}
    values = {"title": cleaned(title)[:200], "content": content}
    draft, is_new = Draft.objects.select_for_update().get_or_create(user=user, page=page, defaults=values)
    if is_new:
        return draft
    if draft.content["tab"] == writer.tab and draft.content["serial"] >= writer.serial:
        return draft
    if draft.content["fields"] == fields:
        # The same words again, from a page that is being left: whoever has read them has read the latest.
        Draft.objects.filter(pk=draft.pk).update(content=content)
        return draft
    if draft.content["tab"] != writer.tab and version_of(draft) != writer.since:
        raise WrittenElsewhere(draft)
    draft.title, draft.content = values["title"], content
    draft.save()
    return draft


def discard(user: User, page: str) -> None:
    Draft.objects.filter(user=user, page=page).delete()


def forget_old(now: dt.datetime) -> int:
    """Deletes the drafts that nobody has written in for KEPT_DAYS; returns how many."""
    return Draft.objects.filter(saved_at__lt=now - dt.timedelta(days=KEPT_DAYS)).delete()[0]


def drafts_of(user: User) -> list[Unfinished]:
    """What this account has begun and not finished, the latest first, on pages that it may still open."""
    drafts = Draft.objects.filter(user=user).order_by("-saved_at").only("title", "page", "saved_at")
    return [Unfinished(each.title, each.page, each.saved_at) for each in drafts if may_open(user, each.page)]


def version_of(draft: Draft) -> str:
    """What tells two states of a draft apart."""
    return draft.saved_at.astimezone(dt.UTC).isoformat()


def data_of(draft: Draft) -> QueryDict:
    """What was typed, as the form would have received it."""
    data = QueryDict(mutable=True)
    for name, values in draft.content["fields"].items():
        data.setlist(name, values)
    return data


def initial_of(form: forms.BaseForm, data: QueryDict) -> dict[str, object]:
    """What a form shows at first so that it looks as it was left: each field read as its widget reads what is sent.

    A box that was not ticked is sent as nothing: it comes back empty. A file is never kept.
    """
    found = {}
    for name, field in form.fields.items():
        key = form.add_prefix(name)
        if isinstance(field, forms.FileField) or field.widget.value_omitted_from_data(data, {}, key):
            continue
        found[name] = field.widget.value_from_datadict(data, {}, key)
    return found


def title_of(title: str, about: Iterable[str]) -> str:
    """A draft's name in a list: the page, whom and what it is about, each said once."""
    return ", ".join([title, *(name for name in about if name not in title)])
