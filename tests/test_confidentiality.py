"""A canary word in every confidential field: each other role walks through all that it can open, and never meets it.

Links are followed from page to page, files are opened, searches are made. Whoever may read the word must meet it on the
same walk, so that the test can fail.
"""

import io
import re
import zipfile
from collections import Counter, deque
from contextlib import nullcontext
from html.parser import HTMLParser
from http import HTTPStatus
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from auditlog.models import LogEntry
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from pypdf import PdfReader
from zeal import zeal_ignore

from beneficiaries.models import Beneficiary, ProtectedSituation
from beneficiaries.support_enums import BarrierLevel, Criterion, DocumentKind, FollowUpKind, StepStatus, Theme
from confluences import demo
from confluences.actions import save_recorded
from confluences.enums import Role
from confluences.models import Draft, User
from partners.models import ReferralChange
from partners.reply_actions import create_link
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_barrier,
    make_document,
    make_follow_up,
    make_project,
    make_step,
    today,
)
from tests.conftest import signed_in_client, user_of
from tests.partners.factories import make_referral
from worksites.models import Worksite

pytestmark = pytest.mark.django_db

SECRET = "canarisecret"  # for social workers alone
PRIVATE = "canariprive"  # for its author alone
TEAM = "canariequipe"  # for social workers and the supervisor
# What ends the walk, or is a procedure of the account's own.
LEFT_OUT = ("/compte/", "/admin/logout/", "/admin/jsi18n/", "/static/")
# The history of a line of the log is the log.
ENDLESS = re.compile(r"^/admin/auditlog/logentry/\d+/history/$")
# The admin's lists combine their filters without end: each list is walked as it first stands.
PLAIN_ONLY = ("/admin/",)
# Of days, months, sessions and tools there is no end, and none holds the words: of each such page the walk opens a few.
REPEATED = (
    "worksites:",
    "trainings:",
    "partners:",
    "funding:",
    "admin:worksites",
    "admin:trainings",
    "admin:partners",
    "admin:funding",
    "admin:beneficiaries_timeentry",
)
FEW = 12


class Links(HTMLParser):
    """Where a page leads by GET."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        names = ["href", "src", "hx-get"]
        if tag == "form" and attributes.get("method", "get").lower() == "get":
            names.append("action")
        self.found += [attributes[name] for name in names if attributes.get(name)]


def words_of(response) -> str:
    """All that a response says, whatever its kind of file."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if content.startswith(b"%PDF") and b"/Pages" in content:
        reader = PdfReader(io.BytesIO(content))
        attached = b" ".join(each for files in reader.attachments.values() for each in files)
        return " ".join(page.extract_text() for page in reader.pages) + attached.decode(errors="replace")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return " ".join(book.read(name).decode(errors="replace") for name in book.namelist())
    return f"{response.headers} {content.decode(errors='replace')}" if kind else ""


def next_addresses(base: str, text: str) -> list[str]:
    addresses = []
    for link in Links(text).found:
        address = urldefrag(urljoin(base, link)).url
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or parts.path.startswith(LEFT_OUT) or ENDLESS.match(parts.path):
            continue
        addresses.append(parts.path if parts.path.startswith(PLAIN_ONLY) else address)
    return addresses


def met(client: Client, *words: str) -> dict[str, list[str]]:
    """For each word the pages and files, of all that this account can reach, where it was met."""
    waiting = deque(start for word in words for start in searches(word))
    seen: set[str] = set()
    opened_of: Counter[str] = Counter()
    found: dict[str, list[str]] = {word: [] for word in words}
    while waiting:
        address = waiting.popleft()
        page = page_of(address)
        if address in seen or (page.startswith(REPEATED) and opened_of[page] >= FEW):
            continue
        seen.add(address)
        opened_of[page] += 1
        response, text = opened(client, address)
        for word in words:
            # A search repeats what it was asked.
            if word in text and f"q={word}" not in address:
                found[word].append(address)
        if response.status_code in {HTTPStatus.FOUND, HTTPStatus.MOVED_PERMANENTLY}:
            waiting.append(urldefrag(urljoin(address, response.url)).url)
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            waiting.extend(next_addresses(address, text))
    return found


def page_of(address: str) -> str:
    """The name of the page at an address; empty where there is none."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def opened(client: Client, address: str) -> tuple[HttpResponse, str]:
    # The library's confirmation of a deletion asks each row that would go for its name.
    with zeal_ignore() if address.endswith("/delete/") else nullcontext():
        response = client.get(address)
    assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, address
    return response, words_of(response)


def searches(word: str) -> list[str]:
    """Where a walk starts: the home page, and the word looked for wherever something can be."""
    names = ("search", "beneficiary-list", "audit-log")
    return ["/", *(f"{reverse(name)}?q={word}" for name in names)]


@pytest.fixture
def secrets(db) -> Beneficiary:
    """The demonstration, and somebody on the instructor's worksite whose file holds the three words everywhere."""
    demo.load(timezone.localdate())  # into an empty database: accounts come after it
    author, instructor = user_of(Role.SOCIAL_WORKER), user_of(Role.INSTRUCTOR)
    Worksite.objects.get(name="Fresnes").instructors.add(instructor)
    person = Beneficiary.objects.visible_to(instructor, today()).first()
    follow_up = make_follow_up(
        person,
        by=author,
        said=TEAM,
        decisions=TEAM,
        participants=TEAM,
        note=SECRET,
        topics=(Theme.HEALTH, Theme.HOUSING),
    )
    make_follow_up(person, by=author, said=TEAM, note=PRIVATE, author_only=True, kind=FollowUpKind.MIDTERM)
    make_appointment(author, person, purpose=TEAM, on=today() + DAY)
    for theme, word in ((Theme.HOUSING, TEAM), (Theme.HEALTH, SECRET), (Theme.JUSTICE, SECRET)):
        late = {"due": today() - DAY, "opened_on": today() - 9 * DAY}
        done = {"status": StepStatus.DONE, "closed_on": today(), "result": word}
        make_step(person, theme=theme, action=word, need=word, partner=word, **late)
        make_step(person, theme=theme, action=word, need=word, partner=word, **done)
        make_barrier(
            person, axis=theme, effect=word, level=BarrierLevel.HIGH, follow_up=follow_up, assessed_on=today()
        )
    for theme, word in ((Theme.HOUSING, TEAM), (Theme.HEALTH, SECRET), (Theme.JUSTICE, SECRET)):
        late = make_referral(person, reason=word, theme=theme, on=today() - 9 * DAY, due=today() - DAY)
        over = {"status": "done", "closed_on": today(), "reply": word, "result_text": word}
        make_referral(person, late.partner, reason=word, theme=theme, **over)
        ReferralChange.objects.create(referral=late, status="sent", by=author, words=word)
        create_link(late, by=author)
    make_project(person, job=TEAM, detail=TEAM)
    make_document(person, title=TEAM, original_name=f"{TEAM}.pdf", expires_on=today() + 9 * DAY)
    make_document(
        person,
        title=SECRET,
        original_name=f"{SECRET}.pdf",
        kind=DocumentKind.ELIGIBILITY,
        criterion=Criterion.AAH,
        issued_on=today(),
        confidentiality="social",
        expires_on=today() + 9 * DAY,
    )
    situation = person.situations.first()
    ProtectedSituation.objects.filter(situation=situation).delete()
    save_recorded(ProtectedSituation(situation=situation, rqth=True), by=author)
    Draft.objects.create(
        user=author,
        page=reverse("beneficiaries:follow-up-create", args=[person.pk]),
        title=f"Nouveau suivi {PRIVATE}",
        content={"fields": {"said": [PRIVATE]}, "tab": "", "serial": 0},
    )
    return person


def test_the_author_meets_the_three_words(secrets, social_worker):
    pages = met(signed_in_client(social_worker), SECRET, PRIVATE, TEAM)
    assert [bool(pages[word]) for word in (SECRET, PRIVATE, TEAM)] == [True, True, True]
    written = str(
        list(LogEntry.objects.values_list("object_repr", "changes", "additional_data", "changes_text"))
    )
    assert [
        word for word in pages if word in written
    ] == []  # readings are logged too, never with their content


def test_a_colleague_meets_what_is_not_private(secrets, social_worker):
    colleague = User.objects.create_user("collegue@example.org", "x")
    colleague.groups.set(social_worker.groups.all())
    pages = met(signed_in_client(colleague), SECRET, PRIVATE)
    assert (bool(pages[SECRET]), pages[PRIVATE]) == (True, [])


def test_the_supervisor_meets_what_the_team_reads_and_no_more(secrets, supervisor):
    pages = met(signed_in_client(supervisor), SECRET, PRIVATE, TEAM)
    assert (pages[SECRET], pages[PRIVATE], bool(pages[TEAM])) == ([], [], True)


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_the_others_meet_none_of_it(secrets, role):
    pages = met(signed_in_client(user_of(role)), SECRET, PRIVATE, TEAM)
    assert pages == {SECRET: [], PRIVATE: [], TEAM: []}
