"""The search of every page: the people somebody means, those who work here today first."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from beneficiaries.models import Beneficiary
from beneficiaries.permissions import visible_people
from beneficiaries.reports import PersonRow, for_rows, person_row
from beneficiaries.search_rules import MAX_CHARACTERS, read_search
from confluences.models import User

SHOWN = 10


@dataclass(frozen=True)
class Found:
    """The first people of a search, and how many there are in all."""

    rows: list[PersonRow]
    total: int

    @property
    def others(self) -> int:
        return self.total - len(self.rows)


def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:MAX_CHARACTERS]
    context = {
        "text": text,
        "means_something": bool(read_search(text)),
        "found": find(request.user, text),
    }
    fragment = request.htmx and not request.htmx.history_restore_request
    return render(request, "search_fragment.html" if fragment else "search.html", context)


def find(user: User, text: str) -> Found:
    """Whom the text means among those the user may see."""
    today = timezone.localdate()
    people = visible_people(user).matching(text)
    # Identifiers first: the index of the search holds all that the order needs, and only those shown are read.
    first = list(people.present_first(today).values_list("pk", flat=True)[:SHOWN])
    total = len(first) if len(first) < SHOWN else people.count()
    read = {person.pk: person for person in for_rows(Beneficiary.objects.filter(pk__in=first))}
    return Found([person_row(read[pk], today) for pk in first], total)
