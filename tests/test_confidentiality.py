"""A canary word in every confidential field: each other role walks through all that it can open, and never meets it.

Links are followed from page to page, files are opened, searches are made. Whoever may read the word must meet it on the
same walk, so that the test can fail.
"""

import io
import zipfile
from collections import deque
from contextlib import nullcontext
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from zeal import zeal_ignore

from beneficiaries.models import Beneficiary, ProtectedSituation
from beneficiaries.support_enums import BarrierLevel, Criterion, DocumentKind, FollowUpKind, StepStatus, Theme
from confluences import demo
from confluences.actions import save_recorded
from confluences.enums import Role
from confluences.models import Draft, User
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
from worksites.models import Worksite

pytestmark = pytest.mark.django_db

SECRET = "canarisecret"  # for social workers alone
PRIVATE = "canariprive"  # for its author alone
TEAM = "canariequipe"  # for social workers and the supervisor
MOST_PAGES = 3000
# What ends the walk, or is a procedure of the account's own.
LEFT_OUT = ("/compte/", "/admin/logout/", "/admin/jsi18n/", "/static/")
# The admin's lists combine their filters without end: each list is walked as it first stands.
PLAIN_ONLY = ("/admin/",)


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
        if parts.scheme or parts.netloc or parts.path.startswith(LEFT_OUT):
            continue
        addresses.append(parts.path if parts.path.startswith(PLAIN_ONLY) else address)
    return addresses


def walk(client: Client, starts: list[str]) -> dict[str, str]:
    """Every page and file that leads on from these, with its words."""
    said: dict[str, str] = {}
    waiting = deque(starts)
    while waiting:
        address = waiting.popleft()
        if address in said:
            continue
        # The library's confirmation of a deletion asks each row that would go for its name.
        with zeal_ignore() if address.endswith("/delete/") else nullcontext():
            response = client.get(address)
        said[address] = words_of(response)
        assert response.status_code < 500, address
        assert len(said) <= MOST_PAGES, f"the walk does not end: {address}"
        if response.status_code in {301, 302}:
            waiting.append(urldefrag(urljoin(address, response.url)).url)
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            waiting.extend(next_addresses(address, said[address]))
    return said


def searches(word: str) -> list[str]:
    queries = (f"{reverse('beneficiary-list')}?q={word}", f"{reverse('audit-log')}?q={word}")
    return ["/", *queries]


def met(client: Client, *words: str) -> list[str]:
    """The pages where one of the words was met; an address that was asked with the word repeats it."""
    starts = [start for word in words for start in searches(word)]
    pages = walk(client, starts)
    return sorted(
        address
        for address, text in pages.items()
        if any(word in text and f"q={word}" not in address for word in words)
    )


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
        content={"said": [PRIVATE]},
    )
    return person


def test_the_author_meets_the_three_words(secrets, social_worker):
    client = signed_in_client(social_worker)
    assert [bool(met(client, word)) for word in (SECRET, PRIVATE, TEAM)] == [True, True, True]


def test_a_colleague_meets_what_is_not_private(secrets, social_worker):
    colleague = User.objects.create_user("collegue@example.org", "x")
    colleague.groups.set(social_worker.groups.all())
    client = signed_in_client(colleague)
    assert bool(met(client, SECRET))
    assert met(client, PRIVATE) == []


def test_the_supervisor_meets_what_the_team_reads_and_no_more(secrets, supervisor):
    client = signed_in_client(supervisor)
    assert bool(met(client, TEAM))
    assert met(client, SECRET, PRIVATE) == []


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_the_others_meet_none_of_it(secrets, role):
    assert met(signed_in_client(user_of(role)), SECRET, PRIVATE, TEAM) == []


def test_the_audit_log_holds_none_of_it(secrets, social_worker):
    met(signed_in_client(social_worker), SECRET)  # readings are logged too
    entries = LogEntry.objects.values_list("object_repr", "changes", "additional_data", "changes_text")
    written = str(list(entries))
    assert [word for word in (SECRET, PRIVATE, TEAM) if word in written] == []
