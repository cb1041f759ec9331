"""What the audit log writes: every change, every read of something confidential, never a confidential value."""

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry

from beneficiaries.models import Beneficiary, ProtectedSituation
from confluences import audit
from confluences.actions import save_recorded
from confluences.enums import AuditEvent
from tests.beneficiaries.factories import make_beneficiary, make_situation

pytestmark = pytest.mark.django_db


def last() -> LogEntry:
    return LogEntry.objects.order_by("-pk").first()


def test_change_is_logged_with_who_before_and_after(social_worker):
    person = make_beneficiary(city="Arcueil")
    with set_actor(social_worker):
        person.city = "Fresnes"
        save_recorded(person, by=social_worker)
    entry = last()
    assert (entry.actor, entry.action, entry.changes) == (
        social_worker,
        LogEntry.Action.UPDATE,
        {"city": ["Arcueil", "Fresnes"]},
    )


def test_confidential_values_never_enter_the_log():
    row = save_recorded(
        ProtectedSituation(situation=make_situation(), rqth=True, released_prisoner=False), by=None
    )
    row.rqth = None
    save_recorded(row, by=None)
    for entry in LogEntry.objects.get_for_object(row):
        kept = {
            name: values
            for name, values in entry.changes.items()
            if name in ProtectedSituation.CONFIDENTIAL_FIELDS
        }
        assert kept
        assert {value for values in kept.values() for value in values} <= {"•••"}
        assert entry.serialized_data is None


def test_passwords_never_enter_the_log(django_user_model):
    user = django_user_model.objects.create_user("x@example.org", "un mot de passe secret")
    entries = LogEntry.objects.get_for_object(user)
    assert entries
    assert [entry for entry in entries if "password" in entry.changes] == []


@pytest.mark.parametrize(
    ("log", "details"),
    [
        (audit.log_read, {"event": "read"}),
        (audit.log_print, {"event": "print"}),
        (
            lambda row: audit.log_export(row, file_format="xlsx", rows=3, filters="2014"),
            {"event": "export", "format": "xlsx", "rows": 3, "filters": "2014"},
        ),
    ],
)
def test_events_that_change_nothing(log, details):
    person = make_beneficiary()
    log(person)
    entry = last()
    assert (entry.object_id, entry.action, entry.changes) == (person.pk, LogEntry.Action.ACCESS, {})
    assert entry.additional_data == details


def test_list_export():
    audit.log_list_export(Beneficiary, file_format="xlsx", rows=16, filters="Situation : en contrat")
    entry = last()
    assert entry.object_repr == "salariés en insertion"
    assert entry.additional_data == {
        "event": AuditEvent.EXPORT,
        "format": "xlsx",
        "rows": 16,
        "filters": "Situation : en contrat",
    }


def test_hidden_shows_nothing():
    assert audit.hidden("oui") == "•••"
