from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse

from tests.conftest import signed_in_client

TO_LOOSEN = "ne correspond à ces filtres. Élargissez-les."
# Each list that is exported, by its page: its files, and what is said where it is empty.
LISTS = {
    "beneficiary-list": ("beneficiary-export", f"aucune personne {TO_LOOSEN}"),
    "worksites:job-list": ("worksites:job-export", f"aucune commande {TO_LOOSEN}"),
    "worksites:equipment-list": ("worksites:equipment-export", f"aucun matériel {TO_LOOSEN}"),
    "trainings:certificate-list": (
        "trainings:certificate-export",
        "aucun papier ne correspond. Élargissez les filtres.",
    ),
    "partners:list": ("partners:export", f"aucun partenaire {TO_LOOSEN}"),
    "partners:referral-list": ("partners:referral-export", f"aucune orientation {TO_LOOSEN}"),
    "partners:immersion-list": ("partners:immersion-export", f"aucune immersion {TO_LOOSEN}"),
    "funding:grant-list": ("funding:grant-export", f"aucune subvention {TO_LOOSEN}"),
    "funding:purchase-list": ("funding:purchase-export", f"aucun achat {TO_LOOSEN}"),
}


@pytest.mark.parametrize(
    ("page", "export", "nothing"), [(page, export, nothing) for page, (export, nothing) in LISTS.items()]
)
def test_an_empty_list_is_no_file_and_leads_back_with_the_search(supervisor, page, export, nothing):
    client = signed_in_client(supervisor)
    response = client.get(reverse(export, args=["csv"]), {"page": 2})
    assert (response.status_code, response.url) == (HTTPStatus.FOUND, f"{reverse(page)}?page=2")
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        f"Rien à exporter : {nothing}"
    ]
    assert client.get(reverse(export, args=["pdf"])).status_code == HTTPStatus.NOT_FOUND
    assert not LogEntry.objects.filter(action=LogEntry.Action.ACCESS).exists()
