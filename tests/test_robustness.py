"""Whatever is typed into an address or a form, no page answers with a crash."""

import pytest
from django.urls import reverse
from django.utils import timezone

from confluences import demo
from confluences.enums import Role
from tests.browser.test_pages import pages_of
from tests.conftest import signed_in_client, user_of
from worksites.models import Worksite

pytestmark = pytest.mark.django_db

NOVEL = "é🌳 " * 100_000
FAR = "9999-12-31"
TOO_LARGE = "9" * 20
MARK_OF_FORM = b'method="post"'  # signing out is one on every page
MARK_OF_DRAFT = b"data-draft-page="
QUERIES = [
    "?page=-1",
    "?page=zzz",
    "?q=%00",
    "?q=%F0%9F%8C%B3%27%22%3Cscript%3E",
    f"?q={'a' * 3000}",
    "?worksite=zzz&presence=zzz&actor=abc&event=zz&since=0001-01-01&until=zz",
    "?jour=zz&mois=zz&lundi=zz&annee=zz&du=zz&au=zz&personne=zz",
    f"?jour={FAR}&mois=9999-12&lundi={FAR}&annee={TOO_LARGE}&du={FAR}&au=0001-01-01",
    "?jour=0001-01-01&mois=0001-01&lundi=0001-01-01&annee=-1&du=0001-01-01&au=0001-01-01",
]
FORMS = [
    {},
    {
        "opened_version": "zz",
        "reason": "zz",
        "left_on": "zz",
        "start": FAR,
        "end": "0001-01-01",
        "dated": "zz",
    },
    {"worksite": TOO_LARGE, "entered_on": FAR, "birth_date": FAR, "opened_version": TOO_LARGE},
    {"reason": TOO_LARGE, "left_on": FAR, "length_months": TOO_LARGE, "length_days": "-5", "start": FAR},
    {"last_name": NOVEL, "first_name": "\x00", "label": NOVEL, "code": NOVEL, "number": NOVEL, "name": NOVEL},
    {
        "level": TOO_LARGE,
        "minutes": TOO_LARGE,
        "worker": TOO_LARGE,
        "assessed_on": "0001-01-01",
        "seen": NOVEL,
    },
    {"theme": "zz", "action": NOVEL, "opened_on": "0001-01-01", "due": FAR, "closed_on": FAR, "status": "zz"},
    {"stage": "zz", "job": NOVEL, "rome_code": NOVEL, "detail": NOVEL, "decided_on": "0001-01-01"},
    {"q": NOVEL, "kind": "zz", "programme": TOO_LARGE, "digest": NOVEL, "pdf": "1"},
    {"refresh": "1", "reason": TOO_LARGE, "left_on": "zz", "length_months": "zz", "employer": NOVEL},
]


def restored(client, user, address, data):
    """The page as it comes back with this in its draft."""
    client.post(reverse("draft-save"), data | {"draft-page": address, "draft-user": user.pk})
    answer = client.get(address)
    client.post(reverse("draft-discard"), {"page": address})
    return answer


@pytest.mark.parametrize("role", Role)
def test_no_page_crashes(role):
    demo.load(timezone.localdate())
    user = user_of(role)
    Worksite.objects.get(name="Fresnes").instructors.add(user)
    client = signed_in_client(user)
    client.raise_request_exception = False
    crashed = []
    for name, address in pages_of(role).items():
        answers = [client.get(address + query) for query in QUERIES]
        if not name.startswith(("account", "mfa", "usersessions")):  # the library's own forms
            shown = client.get(address).content
            # A page without a form of its own answers a post as it answers a get.
            answers += [
                client.post(address, data) for data in (FORMS if shown.count(MARK_OF_FORM) > 1 else FORMS[:1])
            ]
            if MARK_OF_DRAFT in shown:
                answers += [restored(client, user, address, data) for data in FORMS]
        crashed += [name for answer in answers if answer.status_code >= 500]
    assert crashed == []
