"""The register's pages: listing, issuing after having seen what is certified, verifying without telling too much."""

import datetime as dt
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from confluences.enums import AuditEvent, Role
from tests.beneficiaries.factories import make_beneficiary, make_running_contract
from tests.trainings.factories import attend, make_certificate, make_enrolment, make_programme, make_session
from tests.trainings.factories import make_structure as describe_structure
from tests.worksites.factories import make_assignment, make_worksite
from trainings.enums import CertificateKind
from trainings.models import Certificate, Enrolment

pytestmark = pytest.mark.django_db


def page(name: str, *args) -> str:
    return reverse(f"trainings:certificate-{name}", args=args)


def followed(*modules: int, **fields) -> Enrolment:
    """Somebody under contract today, at a session of the first module today."""
    today = timezone.localdate()
    programme = make_programme(*modules or (210,))
    person = make_running_contract(make_beneficiary(**fields)).beneficiary
    enrolment = make_enrolment(programme, person, enrolled_on=today - dt.timedelta(days=9))
    attend(make_session(programme, today), enrolment)
    return enrolment


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def exported() -> list[tuple[str, int]]:
    entries = LogEntry.objects.filter(additional_data__event=AuditEvent.EXPORT)
    return [(entry.additional_data["format"], entry.additional_data["rows"]) for entry in entries]


@pytest.fixture(autouse=True)
def _structure(db):
    describe_structure()


@pytest.fixture
def supervising(clients):
    return clients[Role.SUPERVISOR]


# The register


@pytest.mark.parametrize("count", [1, 3])
def test_register_queries(supervising, django_assert_num_queries, count):
    for _ in range(count):
        make_certificate(followed())
    with django_assert_num_queries(9):
        response = supervising.get(page("list"))
    assert [row.number for row in response.context["page"]] == list(range(count, 0, -1))


def test_register_is_filtered(supervising):
    first, second = followed(last_name="Zéphyr"), followed()
    make_certificate(first)
    make_certificate(second)
    make_certificate(first, CertificateKind.COMPLETION)

    def found(**filters):
        return [row.number for row in supervising.get(page("list"), filters).context["page"]]

    assert found() == [3, 2, 1]
    assert found(kind="completion") == [3]
    assert found(programme=second.programme_id) == [2]
    assert found(q="zephyr") == [3, 1]
    assert found(q="2") == [2]
    assert found(q="9" * 40) == []
    assert found(kind="zz") == []


def test_register_when_empty(supervising, clients):
    assert "Aucun papier délivré" in supervising.get(page("list")).content.decode()
    assert "La direction délivre" in clients[Role.SOCIAL_WORKER].get(page("list")).content.decode()


def test_export_holds_the_frozen_facts_and_is_logged(supervising):
    certificate = make_certificate(followed())
    type(certificate.enrolment.beneficiary).objects.update(last_name="Rebaptisé")
    text = supervising.get(page("export", "csv")).content.decode("utf-8-sig")
    last = text.strip().splitlines()[-1].split(";")
    assert last[:3] == ["1", "certificat de réalisation", certificate.facts["person"]["last_name"]]
    assert (last[5], last[-1]) == ("3,5", certificate.digest)
    assert exported() == [("csv", 1)]
    assert supervising.get(page("export", "xlsx")).status_code == HTTPStatus.OK


def test_nothing_to_export(supervising):
    response = supervising.get(page("export", "csv"))
    assert (response.status_code, exported()) == (HTTPStatus.FOUND, [])
    assert said(response) == ["Rien à exporter : aucun papier ne correspond. Élargissez les filtres."]
    assert supervising.get(page("export", "zz")).status_code == HTTPStatus.NOT_FOUND


# Issuing


def test_page_shows_what_will_be_certified_then_issues_it(supervising, supervisor):
    enrolment = followed()
    address = page("issue", enrolment.pk, "completion")
    shown = supervising.get(address)
    assert shown.context["prospect"].refusal is None
    assert not Certificate.objects.exists()
    response = supervising.post(address)
    certificate = Certificate.objects.get()
    assert response.url == certificate.get_absolute_url()
    assert (certificate.kind, certificate.issued_by, certificate.dated) == (
        "completion",
        supervisor,
        timezone.localdate(),
    )
    assert said(response)[-1].startswith("Délivré : attestation de fin de formation n° 1.")


@pytest.mark.parametrize("method", ["get", "post"])
def test_asked_again_it_leads_to_the_paper_that_exists(supervising, method):
    certificate = make_certificate(followed())
    response = getattr(supervising, method)(page("issue", certificate.enrolment_id, "realisation"))
    assert response.url == certificate.get_absolute_url()
    assert said(response)[-1].startswith("Déjà délivré : certificat de réalisation n° 1")
    assert Certificate.objects.count() == 1


def test_page_names_what_is_missing_and_refuses(supervising):
    enrolment = followed(210, 120)
    address = page("issue", enrolment.pk, "completion")
    text = supervising.get(address).content.decode()
    assert "Il manque 2\u00a0h de « Module 2 »." in text
    assert "Délivrer ce papier" not in text
    response = supervising.post(address)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Certificate.objects.exists()


def test_page_warns_of_sessions_without_attendance(supervising):
    enrolment = followed()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    make_session(enrolment.programme, yesterday)
    response = supervising.get(page("issue", enrolment.pk, "completion"))
    assert response.context["unrecorded"] == 1
    assert "1 séance sans présence saisie" in response.content.decode()


def test_unknown_kind_does_not_exist(supervising):
    assert supervising.get(page("issue", followed().pk, "diplome")).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("method", ["get", "post"])
def test_supervisors_and_administrators_alone_issue(clients, method):
    address = page("issue", followed().pk, "completion")
    answers = {role: getattr(client, method)(address).status_code for role, client in clients.items()}
    assert (answers[Role.SOCIAL_WORKER], answers[Role.INSTRUCTOR]) == (404, 404)
    assert set(answers.values()) <= {200, 302, 404}
    assert Certificate.objects.count() == (method == "post")


# One paper


def test_paper_says_whether_it_is_intact(supervising):
    certificate = make_certificate(followed())
    assert "contenu intact" in supervising.get(certificate.get_absolute_url()).content.decode()
    forged = Certificate.objects.create(
        number=9,
        kind="completion",
        enrolment=certificate.enrolment,
        facts=certificate.facts | {"minutes": 1},
        digest=certificate.digest,
    )
    assert "contenu altéré" in supervising.get(forged.get_absolute_url()).content.decode()


# Verifying


def verify(client, number, digest):
    return client.get(page("verify"), {"number": number, "digest": digest})


def test_authentic_paper(supervising):
    certificate = make_certificate(followed())
    for typed in (
        certificate.digest,
        certificate.digest[:8].upper(),
        f"{certificate.digest[:4]} {certificate.digest[4:8]}",
    ):
        response = verify(supervising, 1, typed)
        assert response.context["found"].certificate == certificate
        assert "Authentique." in response.content.decode()


def test_every_wrong_guess_gets_the_same_answer(clients, instructor):
    certificate = make_certificate(followed())
    mine = followed()
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    make_assignment(mine.beneficiary, worksite)
    make_certificate(mine)
    client = clients[Role.INSTRUCTOR]
    # Another's paper, a wrong digest, a number that nobody has: one answer.
    guesses = [(1, certificate.digest), (2, "0" * 64), (77, "0" * 64)]
    answers = [verify(client, number, digest) for number, digest in guesses]
    assert [answer.context["found"] for answer in answers] == [None] * 3
    texts = {
        answer.content.decode().partition('<form class="card"')[0].partition("alert-box")[2]
        for answer in answers
    }
    assert len(texts) == 1
    assert "Aucun certificat ne correspond" in texts.pop()
    assert verify(client, 2, Certificate.objects.get(number=2).digest).context["found"] is not None


@pytest.mark.parametrize(
    ("number", "digest"), [("1", "0123456"), ("zz", "0" * 64), ("-1", "0" * 64), ("1", "zz" * 8)]
)
def test_what_cannot_be_a_paper_is_explained(supervising, number, digest):
    response = verify(supervising, number, digest)
    assert (response.status_code, response.context["found"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, None)
    assert response.context["form"].errors


def test_numbers_beyond_the_database_are_nobodys(supervising):
    assert verify(supervising, "9" * 30, "0" * 64).context["found"] is None


def test_log_names_the_enrolments_of_several_papers(supervising):
    """Their names are read together, whatever the number of lines."""
    certificates = [make_certificate(followed()) for _ in range(3)]
    text = supervising.get(reverse("audit-log")).content.decode()
    assert [str(row.enrolment) for row in certificates if str(row.enrolment) not in text] == []
