"""What comes due about people: who is told what, in which order, at what cost, and recounted by hand."""

import datetime as dt

import pytest
from django.db import connection

from beneficiaries.deadline_enums import DeadlineKind
from beneficiaries.deadline_reports import deadlines
from beneficiaries.enums import Presence
from beneficiaries.models import Beneficiary, FollowUp
from beneficiaries.support_enums import Confidentiality, FollowUpKind
from confluences import demo
from confluences.dates import add_months
from confluences.enums import Role
from tests.beneficiaries.factories import (
    DAY,
    make_beneficiary,
    make_contract,
    make_document,
    make_follow_up,
    make_pass,
    make_running_contract,
    today,
)
from tests.conftest import user_of

pytestmark = pytest.mark.django_db


def due_to(user, people=None) -> list[tuple[str, str, int]]:
    """Who, what and in how many days."""
    people = Beneficiary.objects.all() if people is None else people
    return [
        (each.person.last_name, each.kind.value, (each.day - today()).days)
        for each in deadlines(user, people, today(), 30)
    ]


def supported(**fields) -> Beneficiary:
    """Somebody present of whom nothing is due: diagnosed at entry, seen today."""
    person = make_beneficiary(**fields)
    contract = make_running_contract(person)
    make_follow_up(person, on=contract.start, kind=FollowUpKind.DIAGNOSIS)
    make_follow_up(person)
    return person


def test_nothing_is_due_about_somebody_supported(social_worker):
    supported()
    assert due_to(social_worker) == []


def test_everything_at_once_late_first_then_by_day(social_worker):
    person = make_beneficiary(last_name="Exemple")
    contract = make_contract(person, start=add_months(today(), -23), end=today() + 20 * DAY)
    make_pass(person, start=today() - 730 * DAY)
    make_document(person, kind="identity", expires_on=today() + 3 * DAY)
    entry = (contract.start - today()).days
    limit = (add_months(contract.start, 24) - DAY - today()).days
    closes = (add_months(today() - DAY, 6) - today()).days
    assert due_to(social_worker) == [
        ("Exemple", "diagnosis", entry + 30),
        ("Exemple", "pass_end", -1),
        ("Exemple", "silence", entry),
        ("Exemple", "paper", 3),
        ("Exemple", "contract_end", 20),
        ("Exemple", "cddi_limit", limit),
        ("Exemple", "prolongation", closes),
    ]


def test_those_who_left_and_those_who_never_came_have_nothing_due(social_worker):
    left = make_contract(start=dt.date(2024, 1, 1), end=dt.date(2024, 12, 31)).beneficiary
    make_pass(left)
    make_document(left, kind="identity", expires_on=today() - DAY)
    make_document(kind="identity", expires_on=today() - DAY)
    assert due_to(social_worker) == []


def test_a_proof_ages_before_the_first_contract_only(social_worker):
    candidate, hired = make_beneficiary(last_name="Candidat"), supported(last_name="Embauché")
    for person in (candidate, hired):
        make_document(
            person, kind="eligibility", criterion="rsa", issued_on=add_months(today(), -3) - 2 * DAY
        )
    [(name, kind, days)] = due_to(social_worker)
    assert (name, kind, days < 0) == ("Candidat", "proof", True)


def test_only_the_latest_paper_of_a_kind_counts(social_worker):
    person = supported()
    make_document(person, kind="residence", expires_on=today() - 9 * DAY)
    make_document(person, kind="residence", expires_on=today() + 900 * DAY)
    assert due_to(social_worker) == []


def test_a_follow_up_before_the_entry_is_no_diagnosis_of_the_stay(social_worker):
    person = make_beneficiary(last_name="Retour")
    make_contract(person)
    make_follow_up(person, on=dt.date(2024, 1, 5), kind=FollowUpKind.DIAGNOSIS)
    contract = make_running_contract(person)
    make_follow_up(person)
    assert due_to(social_worker) == [("Retour", "diagnosis", (contract.start - today()).days + 30)]


def test_a_person_of_somebody_else_is_left_out(social_worker):
    make_running_contract()
    assert due_to(social_worker, Beneficiary.objects.filter(referent=social_worker)) == []


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.SOCIAL_WORKER, {"contract_end", "diagnosis", "silence", "paper", "paper_social"}),
        (Role.SUPERVISOR, {"contract_end", "diagnosis", "silence", "paper"}),
        (Role.INSTRUCTOR, {"contract_end"}),
        (Role.ADMINISTRATOR, {"contract_end"}),
    ],
)
def test_each_role_is_told_what_it_may_know(role, kinds):
    person = make_running_contract(days_left=20).beneficiary
    make_document(person, kind="identity", expires_on=today())
    make_document(person, kind="residence", expires_on=today(), confidentiality=Confidentiality.SOCIAL)
    found = {
        "paper_social" if "titre de séjour" in each.words else each.kind.value
        for each in deadlines(user_of(role), Beneficiary.objects.all(), today(), 30)
    }
    assert found == kinds


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize(("role", "queries"), [(Role.SOCIAL_WORKER, 5), (Role.INSTRUCTOR, 3)])
def test_deadlines_cost_the_same_whatever_the_number(django_assert_num_queries, role, queries, people):
    user = user_of(role)
    for _each in range(people):
        person = make_running_contract(days_left=20).beneficiary
        make_pass(person)
        make_document(person, kind="identity", expires_on=today())
        make_follow_up(person, on=today() - 40 * DAY)
    assert user.has_perm("beneficiaries.view_beneficiary")  # reads the permissions
    with django_assert_num_queries(queries):
        found = deadlines(user, Beneficiary.objects.all(), today(), 30)
    assert len({each.person for each in found}) == people


def by_hand(sql: str, *values) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [number for (number,) in cursor.fetchall()]


RUNNING = 'c.start <= %s AND COALESCE(c.ended_early_on, c."end") >= %s'


def silent_by_hand() -> list[str]:
    """Present without a pause for 30 days, and no follow-up since. No stay of the demonstration has a shorter pause."""
    month_ago = today() - 30 * DAY
    return by_hand(
        f"""SELECT b.file_number FROM beneficiaries_beneficiary b
            JOIN beneficiaries_contract c ON c.beneficiary_id = b.id AND {RUNNING}
            WHERE NOT EXISTS (SELECT 1 FROM beneficiaries_followup f WHERE f.beneficiary_id = b.id AND f."on" > %s)
            AND EXISTS (SELECT 1 FROM beneficiaries_contract e WHERE e.beneficiary_id = b.id AND e.start <= %s
                        AND COALESCE(e.ended_early_on, e."end") >= %s)""",
        today(),
        today(),
        month_ago,
        month_ago,
        month_ago,
    )


def ending_by_hand() -> list[str]:
    return by_hand(
        f"""SELECT b.file_number FROM beneficiaries_beneficiary b
            JOIN beneficiaries_contract c ON c.beneficiary_id = b.id AND {RUNNING}
            WHERE COALESCE(c.ended_early_on, c."end") <= %s AND NOT EXISTS (
              SELECT 1 FROM beneficiaries_contract n WHERE n.beneficiary_id = b.id AND n.start > %s)""",
        today(),
        today(),
        today() + 90 * DAY,
        today(),
    )


def file_numbers(user, kind: DeadlineKind) -> list[str]:
    found = deadlines(user, Beneficiary.objects.all(), today(), 30)
    return sorted(each.person.file_number for each in found if each.kind == kind)


def test_contract_ends_of_the_demonstration_recounted_in_sql():
    demo.load(today())
    found = file_numbers(user_of(Role.SOCIAL_WORKER), DeadlineKind.CONTRACT_END)
    assert found == sorted(ending_by_hand())
    assert len(found) == 8


def test_silent_people_of_the_demonstration_recounted_in_sql():
    demo.load(today())
    social_worker = user_of(Role.SOCIAL_WORKER)
    assert file_numbers(social_worker, DeadlineKind.SILENCE) == sorted(silent_by_hand())
    # Again with a talk on each of the days around the limit.
    FollowUp.objects.all().delete()
    present = list(Beneficiary.objects.present(today()))
    for number, person in enumerate(present):
        on = today() - (24 + number) * DAY
        if person.presence_on(on) == Presence.PRESENT:
            make_follow_up(person, on=on)
    found = file_numbers(social_worker, DeadlineKind.SILENCE)
    assert found == sorted(silent_by_hand())
    assert 0 < len(found) < len(present)
