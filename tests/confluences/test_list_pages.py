import re
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.urls import reverse

from confluences.gallery import ExampleForm
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


@pytest.mark.parametrize(
    ("total", "found"), [(1, "1 personne"), (2, "2 personnes"), (1234, "1\u202f234 personnes")]
)
def test_the_head_counts_and_its_files_keep_the_search(total, found):
    request = RequestFactory().get("/", {"q": "zoé", "page": 2})
    source = "{% results_head total=total noun='personne' export='beneficiary-export' %}"
    markup = Template(source).render(RequestContext(request, {"total": total}))
    assert re.sub("<[^>]+>", "", re.search('<p role="status">(.+)</p>', markup)[1]) == found
    assert re.findall('<a href="([^"]+)"', markup) == [
        f"{reverse('beneficiary-export', args=[file_format])}?q=zo%C3%A9" for file_format in ("xlsx", "csv")
    ]


def test_filter_errors_name_their_fields():
    form = ExampleForm({"name": "Exemple", "on": "hier", "kind": "autre", "place": "bureau"})
    markup = Template("{% filter_errors form=form %}").render(Context({"form": form}))
    assert 'role="alert"' in markup
    assert re.findall("<p>([^<]+)</p>", markup) == [
        "Date : Écrivez la date ainsi\u00a0: 22/11/2026.",
        "Type : Sélectionnez un choix valide. autre n’en fait pas partie.",
    ]
