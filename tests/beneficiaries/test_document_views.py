"""The papers of a person's file on the pages: who reads them, how a file leaves, what each reading leaves in the log."""

import datetime as dt
import io
import tracemalloc
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from beneficiaries.document_reports import DocumentRow, document_facts, document_rows, expiry
from beneficiaries.models import Document
from beneficiaries.reports import Status
from confluences.enums import Role
from tests.beneficiaries.factories import DAY, PDF, make_beneficiary, make_document, today
from tests.confluences.test_uploads import PNG

pytestmark = pytest.mark.django_db
READERS = [Role.SOCIAL_WORKER, Role.SUPERVISOR]
SOCIAL = {"kind": "eligibility", "criterion": "aah", "confidentiality": "social"}
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


def page(name: str, row) -> str:
    return reverse(f"beneficiaries:document-{name}", args=[row.pk])


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def proof(**fields) -> Document:
    return make_document(issued_on=today(), **SOCIAL | fields)


# Who


@pytest.mark.parametrize("role", Role)
def test_papers_of_the_team(clients, role):
    document = make_document()
    expected = HTTPStatus.OK if role in READERS else HTTPStatus.NOT_FOUND
    for name in ("detail", "preview", "download"):
        assert clients[role].get(page(name, document)).status_code == expected, name


@pytest.mark.parametrize("role", Role)
def test_papers_for_social_workers(clients, role):
    document = proof()
    expected = HTTPStatus.OK if role == Role.SOCIAL_WORKER else HTTPStatus.NOT_FOUND
    for name in ("detail", "preview", "download", "edit", "delete"):
        assert clients[role].get(page(name, document)).status_code == expected, name


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_social_workers_alone_write(clients, role):
    document = make_document()
    addresses = [page("create", document.beneficiary), page("edit", document), page("delete", document)]
    for address in addresses:
        assert clients[role].post(address).status_code == HTTPStatus.NOT_FOUND
    assert Document.objects.get() == document


def test_panel_shows_each_reader_what_he_or_she_may_open(users):
    person = make_beneficiary()
    team, social = make_document(person), proof(beneficiary=person)
    make_document()
    found = {
        role: [row.document for row in document_rows(user, person, today())] for role, user in users.items()
    }
    assert found == {
        Role.SOCIAL_WORKER: [social, team],
        Role.SUPERVISOR: [team],
        Role.INSTRUCTOR: [],
        Role.ADMINISTRATOR: [],
    }


# Adding


def add(client, person, content: bytes = PDF, name: str = "cv.pdf", **typed):
    data = {"kind": "cv", "confidentiality": "team", "file": SimpleUploadedFile(name, content)} | typed
    return client.post(page("create", person), data, follow=True)


def test_paper_is_added(social, social_worker):
    person = make_beneficiary()
    response = add(social, person, PNG, "C:\\Scans\\Carte.png", title="Carte d’identité", kind="identity")
    document = Document.objects.get()
    assert response.redirect_chain == [(page("detail", document), HTTPStatus.FOUND)]
    assert [str(message) for message in response.context["messages"]] == ["Le document est enregistré."]
    assert (document.beneficiary, document.created_by, document.original_name) == (
        person,
        social_worker,
        "Carte.png",
    )


def test_protected_proof_says_who_reads_it(social):
    response = add(
        social, make_beneficiary(), kind="eligibility", criterion="detention", issued_on=f"{today():%Y-%m-%d}"
    )
    assert [str(message) for message in response.context["messages"]] == [
        "Le document est enregistré.",
        "Ce critère touche à la santé ou à la justice : le document est lu par les travailleurs sociaux seulement.",
    ]
    assert Document.objects.get().confidentiality == "social"


def test_refused_form_comes_back_filled(social):
    response = add(social, make_beneficiary(), b"MZ", "cv.pdf", title="CV de juin")
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"]["title"].value() == "CV de juin"
    assert Document.objects.count() == 0
    assert not default_storage.exists("documents")


class LongUpload(io.RawIOBase):
    """A form with a file of that many bytes, made as it is read."""

    START = (
        b'--frontier\r\nContent-Disposition: form-data; name="kind"\r\n\r\ncv\r\n'
        b'--frontier\r\nContent-Disposition: form-data; name="confidentiality"\r\n\r\nteam\r\n'
        b'--frontier\r\nContent-Disposition: form-data; name="file"; filename="cv.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF-1.4\n"
    )
    END = b"\r\n--frontier--\r\n"

    def __init__(self, size: int) -> None:
        self.parts = [self.START, size, self.END]
        self.length = len(self.START) + size + len(self.END)

    def read(self, wanted: int = -1) -> bytes:
        if not self.parts:
            return b""
        part = self.parts.pop(0)
        if isinstance(part, int):
            taken = bytes(min(wanted, part))
            rest = part - len(taken)
        else:
            taken, rest = part[:wanted], part[wanted:]
        if rest:
            self.parts.insert(0, rest)
        return taken


def test_huge_file_never_stands_in_memory(social, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    person = make_beneficiary()
    social.get(page("create", person))  # what is loaded once
    upload = LongUpload(200 * MEGABYTE)
    tracemalloc.start()
    response = social.request(
        **{
            "REQUEST_METHOD": "POST",
            "PATH_INFO": page("create", person),
            "CONTENT_TYPE": "multipart/form-data; boundary=frontier",
            "CONTENT_LENGTH": str(upload.length),
            "wsgi.input": upload,
        }
    )
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert response.context["form"].errors == {
        "file": ["Ce fichier dépasse 10 Mo. Réduisez-le, ou scannez-le avec moins de détail."]
    }
    assert peak < 20 * MEGABYTE
    assert list(tmp_path.glob("*.upload*")) == []
    assert Document.objects.count() == 0


# Reading


def test_detail_says_what_it_is(social, social_worker):
    document = make_document(
        kind="eligibility", criterion="rsa", issued_on=dt.date(2026, 1, 31), original_name="caf.pdf"
    )
    Document.objects.update(
        created_by=social_worker, created_at=dt.datetime(2026, 2, 1, 23, 30, tzinfo=dt.UTC)
    )
    document.refresh_from_db()
    assert document_facts(DocumentRow(document, today())) == [
        ("Nature", "justificatif d’éligibilité"),
        ("Critère", "bénéficiaire du RSA"),
        ("Établi le", "31 janvier 2026"),
        ("Valable jusqu’au", ""),
        ("Accepté pour une embauche jusqu’au", "30 avril 2026"),
        ("Lu par", "travailleurs sociaux et direction"),
        ("Ajouté", "le 2 février 2026 par Exemple Travailleur social"),
        ("Nom du fichier", "caf.pdf"),
    ]
    text = social.get(page("detail", document)).content.decode()
    assert "Exemple Travailleur social" in text
    assert "caf.pdf" in text


def test_file_leaves_as_an_attachment(social):
    document = make_document(original_name='Élan "cv".png')
    response = social.get(page("download", document))
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C3%89lan%20%22cv%22.pdf"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store, private"
    assert response["Content-Length"] == str(len(PDF))
    assert body(response) == PDF


def test_file_is_shown_under_a_policy_of_its_own(social):
    document = make_document(content=PNG, original_name="carte\r\nX-Evil: 1.png")
    response = social.get(page("preview", document))
    assert response["Content-Disposition"] == 'inline; filename="carteX-Evil: 1.png"'
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cache-Control"] == "no-store, private"
    assert sorted(response["Content-Security-Policy"].split("; ")) == [
        "base-uri 'none'",
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    assert body(response) == PNG


def test_picture_is_shown_on_its_page_and_a_pdf_is_not(social):
    picture, paper = make_document(content=PNG), make_document()
    assert (
        f'<img class="document-picture" src="{page("preview", picture)}"'
        in social.get(page("detail", picture)).content.decode()
    )
    assert "<img" not in social.get(page("detail", paper)).content.decode()


@pytest.mark.parametrize("name", ["preview", "download"])
def test_each_reading_is_one_line_without_content(clients, users, name):
    document = make_document(title="Titre confidentiel")
    LogEntry.objects.all().delete()
    for role in READERS:
        body(clients[role].get(page(name, document)))
    entries = LogEntry.objects.order_by("pk")
    assert [(entry.actor, entry.object_repr, entry.changes, entry.additional_data) for entry in entries] == [
        (users[role], f"Document n° {document.pk}", {}, {"event": "read"}) for role in READERS
    ]


def test_page_of_a_paper_is_no_reading(social):
    document = make_document()
    LogEntry.objects.all().delete()
    social.get(page("detail", document))
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "status"), [("preview", 404), ("download", 404), ("detail", 200), ("delete", 200)]
)
def test_lost_file_says_what_to_do(social, name, status):
    document = make_document(original_name="caf.pdf")
    default_storage.delete(document.file.name)
    LogEntry.objects.all().delete()
    response = social.get(page(name, document))
    assert response.status_code == status
    text = response.content.decode()
    if name != "delete":
        assert "n’est plus dans le stockage." in text
        assert "reprendre d’une sauvegarde" in text
    assert "css/base.css" in text
    assert LogEntry.objects.count() == 0


# Correcting and removing


def test_facts_are_corrected_back_on_its_page(social):
    document = make_document()
    data = {"kind": "cv", "title": "CV de juin", "confidentiality": "team", "opened_version": "1"}
    assert social.post(page("edit", document), data).url == page("detail", document)
    document.refresh_from_db()
    assert (document.title, document.version) == ("CV de juin", 2)


def test_file_is_not_asked_when_correcting(social):
    assert "file" not in social.get(page("edit", make_document())).context["form"].fields


def test_removing_is_confirmed_and_takes_the_file(social, django_capture_on_commit_callbacks):
    document = make_document(title="CV de juin")
    stored = document.file.name
    assert "CV de juin" in social.get(page("delete", document)).content.decode()
    assert Document.objects.get() == document
    with django_capture_on_commit_callbacks(execute=True):
        response = social.post(page("delete", document))
    assert response.url == document.beneficiary.get_absolute_url()
    assert Document.objects.count() == 0
    assert not default_storage.exists(stored)


# The panel


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (-1, Status("expiré", "late")),
        (0, Status("expire aujourd’hui", "soon")),
        (1, Status("expire demain", "soon")),
        (12, Status("expire dans 12\u00a0jours", "soon")),
        (60, Status("expire dans 60\u00a0jours", "soon")),
        (61, None),
    ],
)
def test_expiry(days, state):
    assert expiry(today() + days * DAY, today()) == state


def test_paper_without_term_never_expires():
    assert expiry(None, today()) is None


def test_panel_on_the_page_of_the_person(clients):
    person = make_beneficiary()
    proof(beneficiary=person, expires_on=today() + 12 * DAY)
    make_document(person, title="CV de juin", expires_on=dt.date(2024, 1, 1))
    address = person.get_absolute_url()
    social = clients[Role.SOCIAL_WORKER].get(address).content.decode()
    assert [words in social for words in ("Bénéficiaire de l’AAH", "expire dans 12\u00a0jours")] == [
        True,
        True,
    ]
    assert "expiré" in social
    assert page("create", person) in social
    supervisor = clients[Role.SUPERVISOR].get(address).content.decode()
    assert "CV de juin" in supervisor
    assert "AAH" not in supervisor
    assert page("create", person) not in supervisor
    for role in (Role.INSTRUCTOR, Role.ADMINISTRATOR):
        assert 'id="documents"' not in clients[role].get(address).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_panel_is_one_query(social_worker, django_assert_num_queries, count):
    person = make_beneficiary()
    for _number in range(count):
        make_document(person)
    social_worker.has_perm("beneficiaries.view_document")
    with django_assert_num_queries(1):
        assert len(document_rows(social_worker, person, today())) == count


@pytest.mark.parametrize("content", [PDF, PNG])
def test_detail_queries(social, django_assert_num_queries, content):
    document = make_document(content=content)
    with django_assert_num_queries(7):
        social.get(page("detail", document))
