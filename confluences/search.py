"""The search of every page: people, those who work here today first, then client jobs, partners, grants and their funders."""

from dataclasses import dataclass

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from beneficiaries.models import Beneficiary
from beneficiaries.permissions import visible_people
from beneficiaries.reports import PersonRow, for_rows, person_row
from beneficiaries.search_rules import MAX_CHARACTERS, read_search
from confluences.models import User
from confluences.text import search_key, search_words
from funding.models import Funder, Grant
from funding.permissions import can_read_funding
from partners.models import Partner
from worksites.models import JobOrder

SHOWN = 10
JOBS_SHOWN = 5
PARTNERS_SHOWN = 5
GRANTS_SHOWN = 5
# Read whole, for no database compares without accents: a dozen years of jobs, in a few milliseconds.
JOBS_SEARCHED = 300


@dataclass(frozen=True)
class Found:
    """The first people of a search, and how many there are in all."""

    rows: list[PersonRow]
    total: int

    @property
    def others(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class FoundJobs:
    """The first client jobs of a search, the open ones before the finished, and how many there are in all."""

    rows: list[JobOrder]
    total: int

    @property
    def others(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class FoundPartners:
    """The first partners of a search, those that no longer exist last, and how many there are in all."""

    rows: list[Partner]
    total: int

    @property
    def others(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class FoundGrants:
    """The first funders and grants of a search, and how many there are in all."""

    funders: list[Funder]
    rows: list[Grant]
    total: int

    @property
    def others(self) -> int:
        return self.total - len(self.rows) - len(self.funders)


def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:MAX_CHARACTERS]
    context = {
        "text": text,
        "means_something": bool(read_search(text)),
        "found": find(request.user, text),
        "jobs": find_jobs(request.user, text),
        "partners": find_partners(request.user, text),
        "grants": find_grants(request.user, text),
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


def find_jobs(user: User, text: str) -> FoundJobs:
    """The jobs this user may see whose works, client and place hold all the words of the text."""
    words = search_words(text)
    if not _says_enough(words):
        return FoundJobs([], 0)
    recent = JobOrder.objects.visible_to(user).select_related("worksite", "client")
    ordered = recent.order_by(F("finished_on").desc(nulls_first=True), "-start", "-pk")[:JOBS_SEARCHED]
    found = [job for job in ordered if _holds(job, words)]
    return FoundJobs(found[:JOBS_SHOWN], len(found))


def find_partners(user: User, text: str) -> FoundPartners:
    """The partners whose name, former names, town or SIRET hold all the words of the text."""
    if not _says_enough(search_words(text)):
        return FoundPartners([], 0)
    found = Partner.objects.visible_to(user).matching(text)
    ordered = found.order_by(F("closed_on").asc(nulls_first=True), "search_key", "pk")
    first = list(ordered[: PARTNERS_SHOWN + 1])
    total = len(first) if len(first) <= PARTNERS_SHOWN else found.count()
    return FoundPartners(first[:PARTNERS_SHOWN], total)


def find_grants(user: User, text: str) -> FoundGrants:
    """The funders and grants whose name, object or call hold all the words of the text, for those who read grants.

    All are read: an association has some dozens of each.
    """
    words = search_words(text)
    if not can_read_funding(user) or not _says_enough(words):
        return FoundGrants([], [], 0)
    funders = [each for each in Funder.objects.all() if _has(words, each.name)]
    grants = [
        each
        for each in Grant.objects.visible_to(user).select_related("funder")
        if _has(words, each.title, each.call, each.funder.name, each.agreement_number)
    ]
    return FoundGrants(funders[:GRANTS_SHOWN], grants[:GRANTS_SHOWN], len(funders) + len(grants))


def _says_enough(words: list[str]) -> bool:
    """Whether a text may mean a job, a partner or a grant: a lone letter is in every one of them."""
    return any(len(word) > 1 for word in words)


def _holds(job: JobOrder, words: list[str]) -> bool:
    return _has(words, job.title, job.client.name, job.place)


def _has(words: list[str], *texts: str) -> bool:
    key = search_key(*texts)
    return all(word in key for word in words)
