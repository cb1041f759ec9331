"""The register in the admin: to look at, to search, to export, never to write."""

import pytest
from auditlog.models import LogEntry

from confluences.actions import save_recorded
from confluences.enums import AuditEvent
from tests.confluences.test_admin import page
from tests.conftest import signed_in_client
from tests.trainings.factories import make_certificate

pytestmark = pytest.mark.django_db
NAME = "trainings_certificate"


def named(person, last_name):
    person.last_name = last_name
    return person


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


def test_nobody_writes(administrator_client):
    certificate = make_certificate()
    assert administrator_client.get(page(f"{NAME}_add")).status_code == 403
    address = page(f"{NAME}_change", certificate.pk)
    assert administrator_client.get(address).status_code == 200
    assert administrator_client.post(address, {"number": 7}).status_code == 403
    assert (
        administrator_client.post(page(f"{NAME}_delete", certificate.pk), {"post": "yes"}).status_code == 403
    )


def test_search(administrator_client):
    first, second = make_certificate(), make_certificate()
    save_recorded(named(first.enrolment.beneficiary, "Zéphyr"), by=None)

    def found(text):
        rows = administrator_client.get(page(f"{NAME}_changelist"), {"q": text}).context["cl"].result_list
        return [row.number for row in rows]

    assert found("") == [2, 1]
    assert found("zephyr") == [1]
    assert found(f"{second.digest[:4]} {second.digest[4:12]}".upper()) == [2]


@pytest.mark.parametrize("count", [1, 3])
def test_list_queries(administrator_client, django_assert_num_queries, count):
    for _ in range(count):
        make_certificate()
    with django_assert_num_queries(12):
        administrator_client.get(page(f"{NAME}_changelist"))


def test_export_is_logged(administrator_client):
    make_certificate()
    response = administrator_client.post(page(f"{NAME}_export"), {"format": "csv"})
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Numéro;Nature;Personne;Programme;Daté du;Délivré par;Empreinte"
    assert lines[1].startswith("1;certificat de réalisation;Exemple")
    assert LogEntry.objects.filter(additional_data__event=AuditEvent.EXPORT).count() == 1
