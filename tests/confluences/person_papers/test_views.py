"""The page that prepares the papers, what each of them leaves in the log, and how often they ask the database."""

from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from beneficiaries.models import Beneficiary, FollowUp
from beneficiaries.support_enums import (
    Criterion,
    DocumentKind,
    StepStatus,
    Theme,
)
from confluences.enums import AuditEvent, Role
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_barrier,
    make_beneficiary,
    make_contract,
    make_document,
    make_follow_up,
    make_pass,
    make_project,
    make_situation,
    make_step,
    today,
)
from tests.confluences.person_papers.reading import (
    NOTE,
    address,
    asked,
    everything,
    found_in,
    logged,
    text_of,
)
from tests.partners.factories import make_referral

pytestmark = pytest.mark.django_db

# Both


@pytest.mark.parametrize("kind", ["dossier", "takeaway"])
def test_paper_of_somebody_of_whom_nothing_is_known(social, kind):
    person = make_beneficiary(last_name="Exemple Vide")
    assert "Exemple Vide" in text_of(social.post(address(person), everything(kind)))


@pytest.mark.parametrize("kind", ["dossier", "takeaway"])
def test_paper_of_odd_texts(social, social_worker, kind):
    person = make_beneficiary()
    odd = "<b>gras</b> &amp; \u202e {{ person }} file:///etc/passwd <img src='http://example.org/a.png'>"
    make_follow_up(person, said=odd, decisions="x" * 5000, note=odd)
    make_step(person, action=odd, partner="y" * 150)
    make_appointment(social_worker, person, purpose=odd)
    assert "<b>gras</b> &amp;" in text_of(social.post(address(person), everything(kind)))


@pytest.mark.parametrize("kind", ["dossier", "takeaway"])
def test_paper_of_letters_beyond_the_font(social, kind):
    """pypdf does not read such a page back: that it is made is what counts."""
    person = make_beneficiary()
    make_step(person, action="🌳 arabe العربية, tamoul தமிழ், chinois 中文")
    assert social.post(address(person), asked(kind)).content.startswith(b"%PDF")


@pytest.mark.parametrize(("kind", "name"), [("dossier", "dossier"), ("takeaway", "a-emporter")])
def test_file_name_tells_no_name(social, person, kind, name):
    response = social.post(address(person), asked(kind))
    assert (response["Content-Disposition"], response["Cache-Control"]) == (
        f'attachment; filename="{name}-EX-99-{today():%Y-%m-%d}.pdf"',
        "no-store, private",
    )


def test_printing_is_logged_with_each_confidential_reading(social, person, social_worker):
    second = make_follow_up(person, by=social_worker, note="canarinote deux")
    situation = person.situations.get()
    social.post(address(person), everything("dossier"))
    first = FollowUp.objects.exclude(pk=second.pk).get()
    assert logged(AuditEvent.READ) == [
        f"Note confidentielle du suivi n° {first.pk}",
        f"Note confidentielle du suivi n° {second.pk}",
        f"Situation protégée, {situation}",
    ]
    assert logged(AuditEvent.PRINT) == [str(person)]
    assert found_in(str(LogEntry.objects.values_list("additional_data", "changes")), (NOTE,)) == []


@pytest.mark.parametrize("kind", ["dossier", "takeaway"])
def test_printing_without_a_box_is_one_line_of_the_log(social, person, kind):
    social.post(address(person), asked(kind))
    assert (logged(AuditEvent.READ), logged(AuditEvent.PRINT)) == ([], [str(person)])


@pytest.mark.parametrize("kind", ["dossier", "takeaway"])
@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_instructors_and_administrators_print_nothing(clients, person, role, kind):
    answers = [clients[role].get(address(person)), clients[role].post(address(person), everything(kind))]
    assert [answer.status_code for answer in answers] == [HTTPStatus.NOT_FOUND, HTTPStatus.NOT_FOUND]
    assert logged(AuditEvent.PRINT) == []


def test_unknown_person(social, person):
    assert social.get(reverse("person-papers", args=[person.pk + 1])).status_code == HTTPStatus.NOT_FOUND


# The page that prepares them


def contents(response, kind: str) -> dict[str, str]:
    return dict(response.context[f"{kind}_contents"])


def test_page_counts_what_will_leave(social, person):
    response = social.get(address(person))
    assert contents(response, "dossier") == {
        "Suivis": "1, soit 30\u00a0min",
        "Démarches": "2 (3 avec santé et justice)",
        "Orientations": "1 (2 avec santé et justice)",
        "Freins évalués": "1 (2 avec santé et justice)",
        "Étapes du projet": "1",
        "Rendez-vous à venir": "1",
        "Documents (leurs titres)": "0 (1 avec santé et justice)",
        "Situations à l’entrée": "1",
        "Situations protégées": "0 (1 avec santé et justice)",
        "Notes confidentielles": "0 (1 en cochant la case)",
    }
    assert contents(response, "takeaway") == {
        "Rendez-vous à venir": "1",
        "Démarches à faire": "1 (2 avec santé et justice)",
        "Démarches faites": "1",
        "Notes confidentielles": "aucune",
    }
    assert logged(AuditEvent.READ) + logged(AuditEvent.PRINT) == []


def test_page_tells_a_supervisor_nothing_of_what_is_not_his(supervising, person):
    response = supervising.get(address(person))
    assert contents(response, "dossier") == {
        "Suivis": "1, soit 30\u00a0min",
        "Démarches": "2",
        "Orientations": "1",
        "Freins évalués": "1",
        "Étapes du projet": "1",
        "Rendez-vous à venir": "1",
        "Documents (leurs titres)": "0",
        "Situations à l’entrée": "1",
    }
    assert [list(response.context[f"{kind}_form"].fields) for kind in ("dossier", "takeaway")] == [
        ["asked", "since", "until"],
        ["asked"],
    ]
    assert "santé" not in str(response.context["takeaway_contents"])


def test_page_of_somebody_of_whom_nothing_is_known(social):
    response = social.get(address(make_beneficiary()))
    assert set(contents(response, "dossier").values()) == {"0"}


def test_button_that_asks_for_no_paper(social, person):
    response = social.post(address(person), {})
    assert (response.status_code, logged(AuditEvent.PRINT)) == (HTTPStatus.UNPROCESSABLE_ENTITY, [])


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.SUPERVISOR])
def test_person_page_leads_to_it(clients, person, role):
    assert address(person) in clients[role].get(person.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_person_page_leads_to_it_those_only_who_may_print(clients, person, role):
    assert address(person) not in clients[role].get(person.get_absolute_url()).content.decode()


# Queries


def fill(person: Beneficiary, worker, times: int) -> None:
    for number in range(times):
        day = today() - (number + 1) * DAY
        make_follow_up(person, by=worker, on=day, topics=(Theme.HOUSING, Theme.HEALTH))
        make_barrier(person, assessed_on=day)
        make_project(person, decided_on=day)
        make_step(person, worker=worker)
        make_step(person, worker=worker, status=StepStatus.DONE, closed_on=today())
        make_referral(person, on=day)
        make_appointment(worker, person, on=today() + number * DAY + DAY)
        make_document(
            person,
            kind=DocumentKind.ELIGIBILITY,
            criterion=Criterion.RSA,
            issued_on=day,
        )
        make_contract(
            person, start=today() - (300 + 400 * number) * DAY, end=today() - (1 + 400 * number) * DAY
        )
        make_pass(person, start=today() - 1000 * number * DAY)
        make_situation(person, entered_on=today() - 400 * number * DAY)


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize(("kind", "queries"), [("dossier", 31), ("takeaway", 14)])
def test_papers_ask_the_database_a_constant_number_of_times(
    social, social_worker, django_assert_num_queries, times, kind, queries
):
    person = make_beneficiary(referent=social_worker)
    fill(person, social_worker, times)
    social.get(address(person))  # the session and the content types are known
    with django_assert_num_queries(queries):
        social.post(address(person), asked(kind))


@pytest.mark.parametrize("times", [1, 3])
def test_page_asks_the_database_a_constant_number_of_times(
    social, social_worker, django_assert_num_queries, times
):
    person = make_beneficiary(referent=social_worker)
    fill(person, social_worker, times)
    social.get(address(person))
    with django_assert_num_queries(28):
        social.get(address(person))
