"""Immersions in the admin: whose, where and when, never what they showed."""

import datetime as dt
import io

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from openpyxl import load_workbook

from confluences.actions import save_recorded
from partners.models import Immersion
from tests.beneficiaries.factories import make_contract
from tests.confluences.test_admin import posted
from tests.conftest import signed_in_client
from tests.partners.factories import make_immersion, make_partner

pytestmark = pytest.mark.django_db
CANARY = "canari"


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


@pytest.fixture
def immersion(db):
    told = {"tasks": CANARY, "outcome": "missed", "outcome_text": CANARY, "job": CANARY, "tutor": CANARY}
    return make_immersion(make_contract().beneficiary, make_partner(name="Régie"), **told)


def page(name: str, *args) -> str:
    return reverse(f"admin:partners_immersion_{name}", args=args)


def test_list_row_and_export_never_tell_what_it_showed(administrator_client, immersion):
    changes = administrator_client.get(page("changelist"))
    assert "Régie" in changes.content.decode()
    one = administrator_client.get(page("change", immersion.pk)).content.decode()
    data = {"format": "0", "resource": "", "export_items": str(immersion.pk)}
    export = administrator_client.post(page("export"), data)
    text = changes.content.decode() + one
    if export.content.startswith(b"PK"):
        sheet = load_workbook(io.BytesIO(export.content)).active
        text += str([[cell.value for cell in row] for row in sheet.iter_rows()])
    assert CANARY not in text


def test_the_log_never_tells_it_either(administrator_client, immersion):
    immersion.outcome_text = f"{CANARY} encore"
    save_recorded(immersion, by=None)
    immersion.delete()
    entries = LogEntry.objects.get_for_model(Immersion)
    assert entries.count() == 3
    assert CANARY not in str(list(entries.values()))
    for entry in entries:
        address = reverse("admin:auditlog_logentry_change", args=[entry.pk])
        assert CANARY not in administrator_client.get(address).content.decode()


def test_dates_are_corrected_within_the_law(administrator_client, immersion):
    address = page("change", immersion.pk)
    data = posted(administrator_client.get(address))
    refused = administrator_client.post(address, data | {"end": "30/06/2024"})
    assert "une convention dure un mois au plus" in refused.content.decode()
    assert administrator_client.post(address, data | {"end": "07/03/2024"}).status_code == 302
    assert Immersion.objects.get().end == dt.date(2024, 3, 7)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_the_number(administrator_client, django_assert_num_queries, rows):
    for _each in range(rows):
        make_immersion(make_contract().beneficiary)
    administrator_client.get(page("changelist"))
    with django_assert_num_queries(11):
        administrator_client.get(page("changelist"))
