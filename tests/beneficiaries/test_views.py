"""The pages that write a person's file: who opens them, what they save, and what comes back."""

import re
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse

from beneficiaries.actions import save_contract
from beneficiaries.models import Beneficiary, Contract, Pass, ProtectedSituation
from confluences.actions import save_recorded
from confluences.enums import AuditEvent, Role
from tests.beneficiaries.factories import (
    DAY,
    make_beneficiary,
    make_contract,
    make_pass,
    make_situation,
    today,
)
from tests.beneficiaries.test_forms import CONTRACT, IDENTITY
from tests.worksites.factories import make_assignment


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def sent_version(response) -> str:
    """The version that a browser sends back with this page's form: it is on the page, once."""
    [version] = re.findall(
        r'<input type="hidden" name="opened_version" value="(\d+)"', response.content.decode()
    )
    return version


def reads() -> list[tuple[str, str]]:
    entries = LogEntry.objects.filter(additional_data__event=AuditEvent.READ).select_related("actor")
    return [(str(entry.actor.email), entry.object_repr) for entry in entries]


def test_create_person(social):
    response = social.post(reverse("beneficiaries:beneficiary-create"), IDENTITY)
    person = Beneficiary.objects.get()
    assert (response.status_code, response.url) == (HTTPStatus.FOUND, person.get_absolute_url())
    assert said(response) == [
        "Le dossier est ouvert. Saisissez maintenant le contrat et la situation à l’entrée."
    ]


def test_possible_double_shows_the_other_file(social):
    known = make_beneficiary(last_name="Ben Ali", first_name="Amina", birth_date="1990-05-01")
    response = social.post(reverse("beneficiaries:beneficiary-create"), IDENTITY)
    page = response.content.decode()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'<a href="{known.get_absolute_url()}">Ben Ali Amina</a>' in page
    assert "même date de naissance, nom proche" in page
    assert 'name="distinct"' in page
    assert 'value="Benali"' in page


def test_wrong_contract_comes_back_filled(social):
    person = make_beneficiary()
    url = reverse("beneficiaries:contract-create", args=[person.pk])
    response = social.post(url, CONTRACT | {"end": "2023-12-31", "occupation": "paysagiste"})
    page = response.content.decode()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Le contrat finit avant de commencer." in page
    assert 'value="paysagiste"' in page
    assert Contract.objects.count() == 0


def test_two_edits_of_one_contract_show_both_and_lose_nothing(social, administrator):
    contract = make_contract()
    url = reverse("beneficiaries:contract-edit", args=[contract.pk])
    opened = sent_version(social.get(url))
    contract.occupation = "jardinière"
    save_contract(contract, by=administrator)
    typed = CONTRACT | {"occupation": "paysagiste", "opened_version": opened}
    response = social.post(url, typed)
    page = response.content.decode()
    assert response.status_code == HTTPStatus.CONFLICT
    assert "Exemple Administrateur a modifié cette fiche à" in page
    assert [(each.label, each.theirs, each.yours) for each in response.context["form"].conflicts] == [
        ("Emploi", "jardinière", "paysagiste"),
        ("Durée hebdomadaire", "26\u00a0h", "26\u00a0h\u00a030"),
        ("Jours travaillés", "du lundi au vendredi", "du lundi au jeudi"),
    ]
    assert "jardinière" in page
    assert 'value="paysagiste"' in page
    again = typed | {"opened_version": sent_version(response)}
    assert social.post(url, again).status_code == HTTPStatus.FOUND
    assert Contract.objects.get().occupation == "paysagiste"


def test_suspension_and_prolongation_move_the_end(social):
    pass_iae = make_pass(start=today() - 100 * DAY)
    day = today().isoformat()
    data = {"reason": "contract_suspended", "start": day, "end": day}
    social.post(reverse("beneficiaries:suspension-create", args=[pass_iae.pk]), data)
    assert Pass.objects.get().end == pass_iae.end + DAY
    suspension = pass_iae.suspensions.get()
    social.post(
        reverse("beneficiaries:suspension-edit", args=[suspension.pk]),
        data | {"end": (today() + DAY).isoformat(), "opened_version": 1},
    )
    assert Pass.objects.get().end == pass_iae.end + 2 * DAY


def test_prolongation_form_proposes_the_day_after_the_end(social):
    pass_iae = make_pass()
    response = social.get(reverse("beneficiaries:prolongation-create", args=[pass_iae.pk]))
    assert response.context["form"]["start"].value() == pass_iae.end + DAY


def test_prolongation_is_corrected(social):
    pass_iae = make_pass(start=today() - 700 * DAY)
    data = {
        "reason": "complete_training",
        "requested_on": today().isoformat(),
        "start": (pass_iae.end + DAY).isoformat(),
        "end": (pass_iae.end + 30 * DAY).isoformat(),
    }
    social.post(reverse("beneficiaries:prolongation-create", args=[pass_iae.pk]), data)
    url = reverse("beneficiaries:prolongation-edit", args=[pass_iae.prolongations.get().pk])
    corrected = data | {
        "end": (pass_iae.end + 10 * DAY).isoformat(),
        "opened_version": sent_version(social.get(url)),
    }
    assert social.post(url, corrected).url == pass_iae.get_absolute_url()
    assert Pass.objects.get().end == pass_iae.end + 10 * DAY


def test_reading_the_protected_situation_is_logged_once_and_writing_hides_its_values(social):
    situation = make_situation()
    url = reverse("beneficiaries:protected-edit", args=[situation.pk])
    assert social.get(url).status_code == HTTPStatus.OK
    assert reads() == [("social-worker@example.org", str(situation))]
    social.post(url, {"rqth": "true", "aah": "unknown", "released_prisoner": "false"})
    protected = ProtectedSituation.objects.get()
    assert (protected.rqth, protected.aah, protected.released_prisoner) == (True, None, False)
    social.get(url)
    assert len(reads()) == 2
    changes = LogEntry.objects.get_for_object(protected).get(action=LogEntry.Action.CREATE).changes
    assert {name: changes[name] for name in ("rqth", "released_prisoner")} == {
        "rqth": ["•••", "•••"],
        "released_prisoner": ["•••", "•••"],
    }


def test_a_conflict_that_shows_protected_values_is_a_reading_too(social, social_worker):
    protected = save_recorded(ProtectedSituation(situation=make_situation(), rqth=True), by=None)
    save_recorded(protected, by=social_worker)
    url = reverse("beneficiaries:protected-edit", args=[protected.situation_id])
    response = social.post(url, {"rqth": "false", "opened_version": "1"})
    assert (response.status_code, len(reads())) == (HTTPStatus.CONFLICT, 1)


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_protected_situation_does_not_exist_for_others(clients, role):
    situation = make_situation()
    response = clients[role].get(reverse("beneficiaries:protected-edit", args=[situation.pk]))
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert reads() == []


@pytest.mark.parametrize(
    "name",
    [
        "beneficiary-detail",
        "beneficiaries:beneficiary-edit",
        "beneficiaries:situation-create",
        "beneficiaries:situation-edit",
        "beneficiaries:protected-edit",
        "beneficiaries:contract-create",
        "beneficiaries:contract-edit",
        "beneficiaries:pass-create",
        "beneficiaries:pass-edit",
        "beneficiaries:suspension-create",
        "beneficiaries:suspension-edit",
        "beneficiaries:prolongation-create",
        "beneficiaries:prolongation-edit",
    ],
)
@pytest.mark.parametrize("pk", [999_999, 10**30])
def test_unknown_rows_are_not_found(social, name, pk):
    assert social.get(reverse(name, args=[pk])).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("beneficiaries:beneficiary-edit", make_beneficiary),
        ("beneficiaries:situation-create", make_beneficiary),
        ("beneficiaries:situation-edit", make_situation),
        ("beneficiaries:protected-edit", make_situation),
        ("beneficiaries:contract-create", lambda: make_contract().beneficiary),
        ("beneficiaries:contract-edit", make_contract),
        ("beneficiaries:pass-create", make_beneficiary),
        ("beneficiaries:pass-edit", make_pass),
        ("beneficiaries:suspension-create", make_pass),
        ("beneficiaries:prolongation-create", make_pass),
        ("worksites:assignment-create", make_beneficiary),
        ("worksites:assignment-edit", make_assignment),
    ],
)
def test_forms_open_and_refuse_an_empty_one(social, name, make):
    url = reverse(name, args=[make().pk])
    assert sent_version(social.get(url)) == "1"
    if name != "beneficiaries:protected-edit":
        empty = social.post(url, {})
        assert empty.status_code in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.FOUND}
