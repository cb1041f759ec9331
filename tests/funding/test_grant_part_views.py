"""The instalments, obligations and papers of a grant on the screen."""

import datetime as dt
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from confluences.enums import Role
from funding.models import GrantDocument, Instalment, Obligation
from tests.beneficiaries.factories import PDF, today
from tests.funding.factories import make_funder, make_grant, make_instalment, make_obligation, make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def steering(clients):
    return clients[Role.SUPERVISOR]


def url(name: str, row) -> str:
    return reverse(f"funding:{name}", args=[row.pk])


def plain(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


# Instalments and obligations


def test_an_instalment_is_received_in_one_click(steering):
    grant = make_grant()
    instalment = make_instalment(grant, expected=Decimal("5000.50"))
    page = plain(steering.get(grant.get_absolute_url()))
    assert 'name="received" value="5000.50"' in page
    address = url("instalment-receive", instalment)
    data = {"received": "5000.50", "received_on": f"{today():%Y-%m-%d}", "opened_version": "1"}
    assert steering.post(address, data).url == grant.get_absolute_url()
    instalment.refresh_from_db()
    assert (instalment.received, instalment.received_on) == (Decimal("5000.50"), today())


def test_more_than_was_awarded_is_refused_with_the_reason(steering):
    instalment = make_instalment()
    data = {"received": "10 000,01", "received_on": "2024-02-01", "opened_version": "1"}
    response = steering.post(url("instalment-receive", instalment), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "reçus sur 10" in response.context["form"].errors["received"][0]


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"received": "5"}, "received_on"), ({"received_on": "2024-02-01"}, "received"), ({"kind": ""}, "kind")],
)
def test_half_a_receipt_is_refused(steering, fields, field):
    response = steering.post(url("instalment-create", make_grant()), {"kind": "advance"} | fields)
    assert list(response.context["form"].errors) == [field]
    assert not Instalment.objects.exists()


def test_accounts_are_noted_in_one_click(steering):
    grant = make_grant(make_funder(kind="town"))
    page = plain(steering.get(grant.get_absolute_url()))
    assert 'name="due" value="2025-06-30"' in page
    steering.post(url("obligation-create", grant), {"kind": "accounts", "due": "2025-06-30"})
    obligation = Obligation.objects.get()
    assert (obligation.kind, obligation.due, obligation.grant) == ("accounts", dt.date(2025, 6, 30), grant)
    assert "Noter l’échéance" not in plain(steering.get(grant.get_absolute_url()))
    again = steering.post(url("obligation-create", grant), {"kind": "accounts", "due": "2025-06-30"})
    assert "Cette échéance est déjà notée" in plain(again)
    assert Obligation.objects.count() == 1


def test_an_obligation_is_met_in_one_click(steering):
    obligation = make_obligation()
    data = {"done_on": f"{today():%Y-%m-%d}", "opened_version": "1"}
    assert steering.post(url("obligation-done", obligation), data).url == obligation.grant.get_absolute_url()
    obligation.refresh_from_db()
    assert obligation.done_on == today()


@pytest.mark.parametrize(
    ("make", "name", "model"),
    [(make_instalment, "instalment-delete", Instalment), (make_obligation, "obligation-delete", Obligation)],
)
def test_a_part_is_deleted_once_asked(steering, make, name, model):
    row = make()
    assert "définitivement" in plain(steering.get(url(name, row)))
    assert model.objects.count() == 1
    assert steering.post(url(name, row)).url == row.grant.get_absolute_url()
    assert not model.objects.exists()


# Papers


def test_a_paper_is_added_read_and_deleted(steering, django_capture_on_commit_callbacks):
    grant = make_grant()
    file = SimpleUploadedFile("Convention.pdf", PDF)
    response = steering.post(url("document-create", grant), {"title": "Convention", "file": file})
    assert response.url == grant.get_absolute_url()
    document = GrantDocument.objects.get()
    assert document.original_name == "Convention.pdf"
    assert "Convention" not in document.file.name
    read = steering.get(url("document-download", document))
    assert b"".join(read.streaming_content).startswith(b"%PDF")
    assert read["Content-Disposition"] == 'attachment; filename="Convention.pdf"'
    assert LogEntry.objects.latest("pk").additional_data["event"] == "read"
    stored = document.file.path
    with django_capture_on_commit_callbacks(execute=True):
        steering.post(url("document-delete", document))
    assert not GrantDocument.objects.exists()
    assert not Path(stored).exists()


def test_a_file_that_is_none_is_refused(steering):
    grant = make_grant()
    wrong = SimpleUploadedFile("virus.pdf", b"MZ not a pdf")
    response = steering.post(url("document-create", grant), {"title": "Convention", "file": wrong})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "file" in response.context["form"].errors
    assert steering.post(url("document-create", grant), {"title": "x"}).context["form"].errors["file"]


def test_a_lost_file_says_what_to_do(steering):
    document = make_paper(file="subventions/perdu.pdf")
    response = steering.get(url("document-download", document))
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "ajoutez-la à nouveau" in plain(response)
