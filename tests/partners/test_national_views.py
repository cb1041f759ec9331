"""The page of the import: who may, what it refuses, the preview, and the confirmation of that very file."""

import os
from http import HTTPStatus

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from confluences.enums import Role
from confluences.models import User
from confluences.rights import grant
from partners import national_forms, national_views
from partners.models import Partner, Service
from tests.conftest import signed_in_client
from tests.partners.national import ADDICTION, csv_bytes, service, structure

pytestmark = pytest.mark.django_db

PAGE, CONFIRM = "partners:national-import", "partners:national-confirm"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def client(administrator):
    return signed_in_client(administrator)


def send(client, content: bytes, **data):
    file = SimpleUploadedFile("structures.csv", content)
    return client.post(reverse(PAGE), {"file": file} | data)


def confirm(client, ticket: str):
    return client.post(reverse(CONFIRM), {"ticket": ticket}, follow=True)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_the_page_is_the_administrators(clients, role):
    answers = [
        clients[role].get(reverse(PAGE)),
        send(clients[role], csv_bytes(structure(1))),
        confirm(clients[role], "x"),
    ]
    assert [answer.status_code for answer in answers] == [HTTPStatus.NOT_FOUND] * 3


def test_a_structure_removed_since_the_preview_stops_the_import(client):
    confirm(client, send(client, csv_bytes(structure(1))).context["ticket"])
    ticket = send(client, csv_bytes(service(1, 1))).context["ticket"]
    Partner.objects.get().delete()
    assert "vient d’être supprimée : rien n’est importé." in text(confirm(client, ticket))
    assert Service.objects.count() == 0


def test_preview_then_confirmation(client, administrator):
    answer = send(
        client,
        csv_bytes(structure(1), structure(2, code_postal="75001")),
        services=SimpleUploadedFile("services.csv", csv_bytes(service(1, 1), service(2, 2))),
        departement="94",
    )
    assert answer.status_code == HTTPStatus.OK
    assert answer.context["summary"] == [
        "Structures : 1 à créer, 1 hors du filtre.",
        "Services : 1 à créer, 1 hors du filtre.",
    ]
    assert Partner.objects.count() == 0
    done = confirm(client, answer.context["ticket"])
    assert "L’annuaire est importé. Structures : 1 créée, 1 hors du filtre. Services : 1 créé" in text(done)
    assert Partner.objects.get().created_by == administrator
    assert Service.objects.get().partner == Partner.objects.get()


def test_a_preview_is_confirmed_once(client):
    ticket = send(client, csv_bytes(structure(1))).context["ticket"]
    confirm(client, ticket)
    Partner.objects.all().delete()
    assert "n’attend plus d’être confirmé" in text(confirm(client, ticket))
    assert Partner.objects.count() == 0


def test_a_file_that_changes_nothing_asks_for_no_confirmation(client):
    confirm(client, send(client, csv_bytes(structure(1))).context["ticket"])
    answer = send(client, csv_bytes(structure(1)))
    assert (answer.context["ticket"], "Ce fichier ne change rien" in text(answer)) == ("", True)


def test_a_refused_file_lists_its_faults(client):
    answer = send(client, csv_bytes(*[structure(number, siret="1") for number in range(1, 251)]))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Rien n’a été importé : 250 fautes dans structures.csv." in text(answer)
    assert "Les 200 premières sur 250." in text(answer)
    listed = client.get(reverse("partners:national-notes", args=[answer.context["notes_ticket"]]))
    assert listed["Content-Disposition"] == 'attachment; filename="remarques.csv"'
    lines = listed.content.decode("utf-8-sig").splitlines()
    assert (len(lines), lines[0], lines[250].split(";")[:4]) == (
        251,
        "Gravité;Fichier;Ligne;Colonne;Ce qu’il faut savoir",
        ["faute", "structures.csv", "ligne 251", "siret"],
    )


def test_warnings_do_not_stop_an_import(client):
    answer = send(client, csv_bytes(structure(1, adresse="néant")))
    assert (answer.status_code, bool(answer.context["ticket"])) == (HTTPStatus.OK, True)
    assert "« néant » ne dit rien" in text(answer)


def test_what_stood_and_what_comes_are_side_by_side(client):
    confirm(client, send(client, csv_bytes(structure(1))).context["ticket"])
    answer = send(client, csv_bytes(structure(1, commune="Gentilly")))
    assert "commune : <del>Arcueil</del> <ins>Gentilly</ins>" in text(answer)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"file": ""}, "Choisissez un fichier."),
        ({"departement": "96"}, "Un département s’écrit 94"),
        ({"theme": "x"}, "x"),
    ],
)
def test_a_form_that_is_wrong_comes_back(client, data, words):
    file = SimpleUploadedFile("structures.csv", csv_bytes(structure(1)))
    answer = client.post(reverse(PAGE), {"file": file, "theme": ADDICTION, "departement": "94"} | data)
    assert (answer.status_code, words in text(answer)) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    assert 'name="departement" value="9' in text(answer)


def test_a_file_too_large_is_not_read(client, monkeypatch):
    limits = national_forms.PAGE_LIMITS.__class__(size=10, rows=10, advice="Découpez.")
    monkeypatch.setattr(national_forms, "PAGE_LIMITS", limits)
    answer = send(client, csv_bytes(structure(1)))
    assert (answer.status_code, "Découpez." in text(answer)) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)


def another_administrator() -> User:
    user = User.objects.create_user("autre@example.org", "une phrase de passe")
    grant(user, Role.ADMINISTRATOR)
    return user


def test_somebody_elses_preview_does_not_exist(client):
    answer = send(client, csv_bytes(structure(1, adresse="néant")))
    other = signed_in_client(another_administrator())
    assert confirm(other, answer.context["ticket"]).status_code == HTTPStatus.NOT_FOUND
    notes = reverse("partners:national-notes", args=[answer.context["notes_ticket"]])
    assert [each.get(notes).status_code for each in (client, other)] == [HTTPStatus.OK, HTTPStatus.NOT_FOUND]
    assert Partner.objects.count() == 0


@pytest.mark.parametrize("ticket", ["", "x", "a:b:c"])
def test_an_invented_ticket_does_not_exist(client, ticket):
    assert confirm(client, ticket).status_code == HTTPStatus.NOT_FOUND


def test_a_preview_that_waited_too_long_is_over(client, monkeypatch):
    ticket = send(client, csv_bytes(structure(1))).context["ticket"]
    monkeypatch.setattr(national_views, "WAITING_HOURS", -1)
    assert "n’attend plus d’être confirmé" in text(confirm(client, ticket))
    assert Partner.objects.count() == 0


def test_a_file_changed_since_its_preview_is_not_imported(client):
    ticket = send(client, csv_bytes(structure(1))).context["ticket"]
    (stored,) = [name for name in default_storage.listdir("imports")[1] if name.startswith("national")]
    with default_storage.open(f"imports/{stored}", "ab") as file:
        file.write(b"\n")
    assert "n’attend plus d’être confirmé" in text(confirm(client, ticket))


def test_files_that_nobody_confirmed_are_removed(client, tmp_path):
    ticket = send(client, csv_bytes(structure(1))).context["ticket"]
    (waiting,) = (tmp_path / "imports").glob("national*")
    os.utime(waiting, (0, 0))
    send(client, csv_bytes(structure(2)))
    assert len(list((tmp_path / "imports").glob("national*"))) == 1
    assert "n’attend plus d’être confirmé" in text(confirm(client, ticket))


def test_progress_is_told_while_it_lasts(client, administrator):
    assert client.get(reverse("partners:national-progress")).content == b""
    national_views._teller(administrator)(2_000, "structures lues")
    assert client.get(reverse("partners:national-progress")).content.decode() == "2\u202f000 structures lues…"
    send(client, csv_bytes(structure(1)))
    assert client.get(reverse("partners:national-progress")).content == b""


def test_queries_do_not_grow_with_the_rows(client, django_assert_num_queries):
    send(client, csv_bytes(structure(1)))
    for rows in (1, 3):
        with django_assert_num_queries(10):
            send(client, csv_bytes(*map(structure, range(rows))))
