"""What the admin, its search and the log must never tell of social support: a canary in every text."""

import json

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.contrib import admin
from django.urls import reverse

from beneficiaries.models import (
    Appointment,
    BarrierAssessment,
    Beneficiary,
    CareerProject,
    ConfidentialNote,
    Document,
    FollowUp,
    FollowUpTopic,
    ProtectedSituation,
    Step,
)
from beneficiaries.support_enums import Criterion, Theme
from confluences import audit
from confluences.admin_base import OTHER_ROWS
from confluences.enums import Role
from confluences.models import Draft
from tests.beneficiaries.canary import CANARY, CONTENT, HIDDEN, SUPPORT, found, make_canary, told, url
from tests.beneficiaries.factories import make_follow_up, make_situation, today
from tests.confluences.test_admin import page
from tests.conftest import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


@pytest.fixture
def person(social_worker) -> Beneficiary:
    return make_canary(social_worker)


# Nothing of the content


@pytest.mark.parametrize("model", [*SUPPORT, Draft])
def test_pages_tell_nothing_of_the_content(administrator_client, person, model):
    row = model.objects.get()
    addresses = [
        url(model, "changelist"),
        f"{url(model, 'changelist')}?q=Zo%C3%A9",
        url(model, "change", row.pk),
        url(model, "delete", row.pk),
        *([url(model, "export")] if model in SUPPORT else []),
    ]
    for address in addresses:
        assert told(administrator_client.get(address), CONTENT + HIDDEN) == [], address
    assert told(administrator_client.get(url(model, "history", row.pk), follow=True)) == []
    chosen = {"action": "delete_selected", "_selected_action": [row.pk]}
    assert told(administrator_client.post(url(model, "changelist"), chosen), CONTENT + HIDDEN) == []


def test_deleting_the_person_tells_nothing_of_the_content(administrator_client, person):
    text = administrator_client.get(url(Beneficiary, "delete", person.pk)).content.decode().lower()
    assert [word for word in CONTENT + HIDDEN if word.lower() in text] == []
    assert "rendez-vous du" in text  # the rest of what goes with the person is listed
    chosen = {"action": "delete_selected", "_selected_action": [person.pk]}
    assert told(administrator_client.post(url(Beneficiary, "changelist"), chosen), CONTENT + HIDDEN) == []


def test_deleting_the_author_of_a_note_does_not_say_that_there_is_one(administrator_client, social_worker):
    follow_up = make_follow_up(note="Note", by=social_worker)
    FollowUp.objects.filter(pk=follow_up.pk).update(created_by=None, updated_by=None)
    response = administrator_client.get(page("confluences_user_delete", social_worker.pk))
    assert response.context["protected"] == [OTHER_ROWS]
    assert told(response, HIDDEN) == []


REFUSED_LOOKUPS = [
    (FollowUp, "said__icontains"),
    (FollowUp, "said__startswith"),
    (FollowUp, "decisions__icontains"),
    (FollowUp, "participants"),
    (FollowUp, "confidential_note__isnull"),
    (FollowUp, "confidential_note__text__icontains"),
    (FollowUp, "topics__theme"),
    (FollowUp, "topics"),
    (Appointment, "purpose__icontains"),
    (Step, "theme"),
    (Step, "action__icontains"),
    (BarrierAssessment, "axis"),
    (BarrierAssessment, "level__gte"),
    (CareerProject, "stage"),
    (CareerProject, "job__icontains"),
    (Document, "kind"),
    (Document, "criterion"),
    (Document, "title__icontains"),
    (Document, "original_name__icontains"),
    (Document, "confidentiality"),
    (Document, "expires_on"),
    (Draft, "content__icontains"),
    (Draft, "title__icontains"),
    (Draft, "page__icontains"),
]


@pytest.mark.parametrize(("model", "lookup"), REFUSED_LOOKUPS)
def test_a_filter_typed_into_the_address_reads_nothing(administrator_client, model, lookup):
    for kind in ("changelist", "export")[: 1 if model is Draft else 2]:
        assert administrator_client.get(url(model, kind), {lookup: "1"}).status_code == 400


@pytest.mark.parametrize(
    ("name", "lookup"),
    [
        ("entrysituation", "protected__isnull"),
        ("beneficiary", "situations__protected__isnull"),
        ("beneficiary", "follow_ups__said__icontains"),
        ("beneficiary", "barriers__axis"),
    ],
)
def test_nor_does_one_on_the_pages_of_a_person(administrator_client, name, lookup):
    response = administrator_client.get(page(f"beneficiaries_{name}_changelist"), {lookup: "1"})
    assert response.status_code == 400


def test_filters_of_the_list_work(administrator_client, person):
    make_follow_up(kind="reception", minutes=5)
    follow_up = person.follow_ups.get()
    chosen = {
        "kind__exact": "interview",
        "on__year": today().year,
        "created_by__id__exact": follow_up.created_by_id,
    }
    assert found(administrator_client.get(url(FollowUp, "changelist"), chosen)) == [follow_up]


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Appointment, "held_as"),
        (Appointment, "set_by"),
        (ConfidentialNote, "follow_up"),
        (FollowUpTopic, "follow_up"),
        (Step, "follow_up"),
        (FollowUp, "confidential_note"),
        (FollowUp, "topics"),
    ],
)
def test_proposals_while_typing_tell_nothing(administrator_client, person, model, field):
    query = {
        "term": "",
        "app_label": "beneficiaries",
        "model_name": model._meta.model_name,
        "field_name": field,
    }
    response = administrator_client.get(page("autocomplete"), query)
    text = json.dumps(response.json(), ensure_ascii=False) if response.status_code == 200 else ""
    assert response.status_code in (200, 403)
    assert [word for word in CONTENT + HIDDEN if word in text] == []


@pytest.mark.parametrize("model", [ConfidentialNote, FollowUpTopic])
def test_notes_and_themes_are_not_there(model):
    assert not admin.site.is_registered(model)


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.SUPERVISOR, Role.INSTRUCTOR])
def test_administrators_alone_open_these_pages(clients, person, role):
    for model in (*SUPPORT, Draft):
        row = model.objects.get()
        for address in (url(model, "changelist"), url(model, "change", row.pk), url(model, "delete", row.pk)):
            assert clients[role].get(address).status_code == 404


@pytest.mark.parametrize("model", [*SUPPORT, Draft])
def test_nothing_is_added_here(administrator_client, model):
    assert administrator_client.get(url(model, "add")).status_code == 403


def test_deleting_an_entry_does_not_say_that_health_was_recorded(administrator_client):
    protected = ProtectedSituation.objects.create(situation=make_situation(), rqth=True)
    address = page("beneficiaries_entrysituation_delete", protected.situation_id)
    assert told(administrator_client.get(address), ["protégée", "Protégée"]) == []


# The log


def rewritten(person, by) -> None:
    """Changes, reads and removes all that the person's support says."""
    with set_actor(by):
        for model in SUPPORT:
            row = model.objects.get(beneficiary=person)
            audit.log_read(row)
            for name in model.CONFIDENTIAL_FIELDS:
                field = model._meta.get_field(name)
                if not field.choices and name not in {"file", "rome_code"}:
                    setattr(row, name, f"Autre {CANARY}")
            row.save()
        note = ConfidentialNote.objects.get(follow_up__beneficiary=person)
        audit.log_read(note)
        note.text = f"Autre {CANARY}"
        note.save()
        BarrierAssessment.objects.get().delete()
        Document.objects.get().delete()


def test_log_holds_nothing_of_the_content(person, social_worker):
    rewritten(person, social_worker)
    about = LogEntry.objects.filter(content_type__app_label="beneficiaries")
    kinds = {entry.content_type.model for entry in about.select_related("content_type")}
    assert kinds >= {model._meta.model_name for model in (*SUPPORT, ConfidentialNote, FollowUpTopic)}
    for entry in LogEntry.objects.all():
        kept = json.dumps(
            [
                entry.object_repr,
                entry.changes,
                entry.changes_text,
                entry.additional_data,
                entry.serialized_data,
            ],
            ensure_ascii=False,
        )
        assert [word for word in CONTENT if word in kept] == [], kept
        codes = {value for values in (entry.changes or {}).values() for value in values}
        assert codes & {*Theme.values, *Criterion.values, "eligibility", "referred"} == set(), kept


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_journal_shows_nothing_of_the_content(clients, person, social_worker, role):
    rewritten(person, social_worker)
    for query in ({}, {"q": "zoe"}, {"event": "read"}):
        response = clients[role].get(reverse("audit-log"), query)
        assert response.context["page"].paginator.count
        assert told(response) == []


def test_log_in_the_admin_shows_nothing_of_the_content(administrator_client, person, social_worker):
    rewritten(person, social_worker)
    assert told(administrator_client.get(page("auditlog_logentry_changelist"))) == []
    for entry in LogEntry.objects.filter(content_type__model__in=[each._meta.model_name for each in SUPPORT]):
        response = administrator_client.get(page("auditlog_logentry_change", entry.pk))
        assert told(response) == []
        assert "Contenu protégé : le journal dit qui et quand, pas quoi." in response.content.decode()
