"""The papers as they are printed: what stands on each, who is on it, and that no absence says why."""

import datetime as dt
import io
import json
import re
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.enums import AuditEvent, Role
from tests.beneficiaries.factories import make_contract, make_running_contract
from tests.trainings.factories import (
    attend,
    make_certificate,
    make_enrolment,
    make_programme,
    make_session,
    make_structure,
)
from tests.worksites.factories import make_assignment, make_worksite
from trainings.certificate_rules import digest_of, grouped
from trainings.enums import CertificateKind
from trainings.models import Certificate, Programme
from trainings.paper_reports import sheets, statement_of

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 3, 4)
AWAY = Part(TimeKind.UNPAID_ABSENCE, 210, AbsenceReason.HEALTH)
REASONS = [label.lower() for label in AbsenceReason.labels if label != "autre motif"]


def reader_of(response) -> PdfReader:
    assert (response.status_code, response["Content-Type"]) == (HTTPStatus.OK, "application/pdf")
    return PdfReader(io.BytesIO(response.content))


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def text_of(response) -> str:
    return words(" ".join(page.extract_text() for page in reader_of(response).pages))


def logged() -> list[str]:
    entries = LogEntry.objects.filter(additional_data__event=AuditEvent.PRINT).order_by("pk")
    return [entry.object_repr for entry in entries]


def own(instructor, beneficiary):
    """Puts somebody on the instructor's worksite."""
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    make_assignment(beneficiary, worksite)


@pytest.fixture
def supervising(clients):
    return clients[Role.SUPERVISOR]


@pytest.fixture
def session():
    make_structure(siret="12000101100010")
    return make_session(
        make_programme(1800, name="Espaces verts"), place="Atelier d’Arcueil", trainer="Nadia Exemple"
    )


# Attendance sheets


def test_sheet_before_and_after_attendance(supervising, session):
    programme = session.programme
    there, away = (make_enrolment(programme) for _ in range(2))
    gone = make_enrolment(programme, left_on=dt.date(2024, 3, 1))
    address = reverse("trainings:attendance-sheet", args=[session.pk])
    text = text_of(supervising.get(address))
    wanted = [
        "Association Exemple, 1 rue des Lilas, 94110 Arcueil",
        "SIRET 12000101100010",
        "Lundi 4 mars 2024, matin",
        "Espaces verts",
        "Module 1 (3 h 30)",
        "de 9 h à 12 h 30, soit 3 h 30",
        "Atelier d’Arcueil",
        "Nadia Exemple",
        str(there.beneficiary),
        str(away.beneficiary),
        "Signature",
    ]
    assert [each for each in wanted if each not in text] == []
    assert str(gone.beneficiary) not in text
    assert (text.count("Nom : "), "absent" in text, "Présence saisie" in text) == (3, False, False)
    attend(session, there, Part(TimeKind.TRAINING, 195))
    attend(session, away, AWAY)
    text = text_of(supervising.get(address))
    assert f"{there.beneficiary} 3 h 15" in text
    assert f"{away.beneficiary} absent" in text
    assert [reason for reason in REASONS if reason in text.lower()] == []
    assert logged() == [str(session), str(session)]


def test_sheet_is_tagged_and_french(supervising, session):
    reader = reader_of(supervising.get(reverse("trainings:attendance-sheet", args=[session.pk])))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("fr", True)


def test_sheet_expects_its_group_alone(social_worker, session):
    programme = session.programme
    session.group = "A"
    session.save()
    first, _second = make_enrolment(programme, group="A"), make_enrolment(programme, group="B")
    guest = make_enrolment(programme, group="B")
    attend(session, guest)
    [sheet] = sheets([session], social_worker)
    assert [line.name for line in sheet.lines] == [str(first.beneficiary), str(guest.beneficiary)]


def test_sheet_of_sixteen_people_is_one_page(supervising, session):
    for _ in range(16):
        attend(session, make_enrolment(session.programme))
    assert (
        len(reader_of(supervising.get(reverse("trainings:attendance-sheet", args=[session.pk]))).pages) == 1
    )


def test_instructor_prints_his_own_people_alone(clients, instructor, session):
    mine, other = (
        make_enrolment(session.programme, make_running_contract().beneficiary, enrolled_on=DAY)
        for _ in range(2)
    )
    for each in (mine, other):
        make_contract(each.beneficiary)
    own(instructor, mine.beneficiary)
    text = text_of(clients[Role.INSTRUCTOR].get(reverse("trainings:attendance-sheet", args=[session.pk])))
    assert (str(mine.beneficiary) in text, str(other.beneficiary) in text) == (True, False)
    assert "Les salariés de vos chantiers" in text


@pytest.mark.parametrize("people", [1, 3])
def test_sheets_of_a_period_cost_the_same_queries(social_worker, session, django_assert_num_queries, people):
    second = make_session(session.programme, dt.date(2024, 3, 5))
    for _ in range(people):
        attend(session, make_enrolment(session.programme))
    # Sessions, their modules and their names, enrolments, contracts, attendance; two for the user's rights.
    with django_assert_num_queries(8):
        assert [len(sheet.lines) for sheet in sheets([session, second][:people], social_worker)]


def test_sheets_of_a_period(supervising, session):
    programme = session.programme
    make_session(programme, DAY, start=dt.time(13, 30), end=dt.time(17))
    make_session(programme, dt.date(2024, 3, 11))
    make_session(make_programme(), DAY)
    address = reverse("trainings:attendance-sheets", args=[programme.pk])
    period = {"start": "2024-03-04", "end": "2024-03-08"}
    page = supervising.get(address, period)
    assert [row["title"] for row in page.context["rows"]] == [
        "lundi 4 mars 2024, matin",
        "lundi 4 mars 2024, après-midi",
    ]
    assert logged() == []
    reader = reader_of(supervising.get(address, period | {"pdf": "1"}))
    assert [re.search("matin|après-midi", page.extract_text())[0] for page in reader.pages] == [
        "matin",
        "après-midi",
    ]
    assert logged() == [str(programme)]


@pytest.mark.parametrize(
    ("period", "error"),
    [
        ({"start": "2024-03-04", "end": "2024-03-03"}, "finit avant de commencer"),
        ({"start": "2024-01-01", "end": "2024-12-31"}, "92 jours au plus"),
        ({"start": "zz", "end": "2024-12-31"}, "date"),
    ],
)
def test_period_that_cannot_be_printed(supervising, session, period, error):
    address = reverse("trainings:attendance-sheets", args=[session.programme_id])
    response = supervising.get(address, period | {"pdf": "1"})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert error in response.content.decode()


def test_period_without_a_session(supervising, session):
    address = reverse("trainings:attendance-sheets", args=[session.programme_id])
    response = supervising.get(address, {"start": "2024-04-01", "end": "2024-04-05", "pdf": "1"})
    assert "Rien à imprimer" in response.content.decode()


# Programme


def test_programme_paper(supervising):
    make_structure()
    programme = Programme.objects.get(name__startswith="Espaces verts")
    text = text_of(supervising.get(reverse("trainings:programme-paper", args=[programme.pk])))
    wanted = [
        "Exemple à ajuster",
        "230 h, en 13 modules",
        "RNCP37875, titre professionnel Ouvrier du paysage",
        "90 % de chaque module, soit 207 h au moins",
        "Entretenir un espace paysager",
        "Tondeuse, débroussailleuse, finitions, scarification.",
        "Sécurité, gestes et postures",
    ]
    assert [each for each in wanted if each not in text] == []
    assert logged() == [str(programme)]


# Statement


def test_statement_counts_hours_and_absences_without_reasons(supervising, session):
    enrolment = make_enrolment(session.programme)
    attend(session, enrolment)
    afternoon = make_session(session.programme, DAY, start=dt.time(13, 30), end=dt.time(17))
    attend(afternoon, enrolment, AWAY)
    text = text_of(supervising.get(reverse("trainings:statement-paper", args=[enrolment.pk])))
    wanted = [
        str(enrolment.beneficiary),
        "3 h 30 suivies sur 30 h, reste 26 h 30 ; 1 absence",
        "04/03/2024 9 h – 12 h 30 Module 1 3 h 30",
        "04/03/2024 13 h 30 – 17 h Module 1 absent",
    ]
    assert [each for each in wanted if each not in text] == []
    assert [reason for reason in REASONS if reason in text.lower()] == []
    assert logged() == [str(enrolment)]


def test_statement_on_a_day(session):
    enrolment = make_enrolment(session.programme)
    attend(session, enrolment)
    attend(make_session(session.programme, dt.date(2024, 3, 5)), enrolment)
    statement = statement_of(enrolment, DAY)
    assert (statement.done, len(statement.lines), statement.left) == (210, 1, 1590)


@pytest.mark.parametrize("count", [1, 3])
def test_statement_queries(session, django_assert_num_queries, count):
    enrolment = make_enrolment(session.programme)
    for number in range(count):
        attend(make_session(session.programme, DAY + dt.timedelta(days=number + 1)), enrolment)
    with django_assert_num_queries(5):
        assert len(statement_of(enrolment, dt.date(2024, 12, 31)).lines) == count


# Certificates


def test_certificate_of_realisation(supervising):
    make_structure(siret="12000101100010")
    certificate = make_certificate()
    person, programme = certificate.enrolment.beneficiary, certificate.enrolment.programme
    text = text_of(supervising.get(reverse("trainings:certificate-download", args=[certificate.pk])))
    wanted = [
        "Certificat de réalisation",
        "n° 1, du 30 juin 2024",
        "Dominique Exemple, directrice",
        "SIRET 12000101100010",
        f"{person.first_name} {person.last_name}",
        programme.name,
        "action de formation, métier",
        "Dates le 4 mars 2024",
        "3 h 30, pour un programme de 3 h 30",
        "je m’engage à conserver l’ensemble des pièces justificatives",
        "Fait à Arcueil, le 30 juin 2024",
        grouped(certificate.digest)[:30],
    ]
    assert [each for each in wanted if each not in text] == []
    assert certificate.digest in text.replace(" ", "")
    assert logged() == [str(certificate)]


def test_attestation_names_goals_duration_and_assessment(supervising):
    make_structure()
    enrolment = make_enrolment(make_programme(210, goals="Tailler une haie."))
    attend(make_session(enrolment.programme), enrolment)
    certificate = make_certificate(enrolment, CertificateKind.COMPLETION)
    text = text_of(supervising.get(reverse("trainings:certificate-download", args=[certificate.pk])))
    wanted = [
        "Attestation de fin de formation",
        "Tailler une haie.",
        "Aucune évaluation des acquis n’est enregistrée",
        "au moins 100 % de chaque module",
    ]
    assert [each for each in wanted if each not in text] == []
    assert "je m’engage" not in text


def test_paper_carries_its_facts_and_no_reason(supervising):
    make_structure()
    enrolment = make_enrolment(make_programme(210))
    attend(make_session(enrolment.programme), enrolment)
    attend(make_session(enrolment.programme, dt.date(2024, 3, 5)), enrolment, AWAY)
    certificate = make_certificate(enrolment)
    response = supervising.get(reverse("trainings:certificate-download", args=[certificate.pk]))
    [attached] = reader_of(response).attachments["certificat.json"]
    assert digest_of(json.loads(attached)) == certificate.digest
    assert [reason for reason in REASONS if reason in text_of(response).lower()] == []


def test_certificate_of_thirteen_modules_is_one_page(supervising):
    make_structure()
    programme = Programme.objects.get(name__startswith="Espaces verts")
    enrolment = make_enrolment(programme, left_on=DAY)
    attend(make_session(programme), enrolment)
    certificate = make_certificate(enrolment)
    pages = reader_of(supervising.get(reverse("trainings:certificate-download", args=[certificate.pk]))).pages
    assert len(pages) == 1


def test_later_renames_change_nothing_on_the_paper(supervising):
    certificate = make_certificate()
    address = reverse("trainings:certificate-download", args=[certificate.pk])
    before = text_of(supervising.get(address))
    enrolment = certificate.enrolment
    type(enrolment.beneficiary).objects.update(last_name="Rebaptisé", first_name="Autrement")
    enrolment.programme.modules.update(name="Autre module", minutes=1)
    Programme.objects.filter(pk=enrolment.programme_id).update(name="Autre nom", minutes=1)
    make_structure(name="Autre association", city="Paris", signatory_name="Autre Signataire")
    assert text_of(supervising.get(address)) == before
    assert Certificate.objects.get().digest == certificate.digest


# Who opens them


@pytest.mark.parametrize("name", ["statement-paper", "certificate-download", "certificate-detail"])
def test_papers_of_a_person_open_to_those_who_see_the_person(clients, instructor, name):
    make_structure()
    person = make_running_contract().beneficiary
    today = timezone.localdate()
    enrolment = make_enrolment(make_programme(210), person, enrolled_on=today)
    attend(make_session(enrolment.programme, today), enrolment)
    certificate = make_certificate(enrolment, today=today)
    pk = enrolment.pk if name == "statement-paper" else certificate.pk
    address = reverse(f"trainings:{name}", args=[pk])
    assert {role: client.get(address).status_code for role, client in clients.items()} == {
        Role.SOCIAL_WORKER: 200,
        Role.INSTRUCTOR: 404,
        Role.SUPERVISOR: 200,
        Role.ADMINISTRATOR: 200,
    }
    own(instructor, person)
    assert clients[Role.INSTRUCTOR].get(address).status_code == 200


def test_social_worker_prints_without_writing(clients, session):
    make_contract()
    social = clients[Role.SOCIAL_WORKER]
    assert social.get(reverse("trainings:attendance-sheet", args=[session.pk])).status_code == 200
    assert social.get(reverse("trainings:programme-paper", args=[session.programme_id])).status_code == 200
