"""A paper in a real Chromium, on a phone: added with its file, looked at, downloaded, read by nobody else."""

import base64
import re

import pytest
from auditlog.models import LogEntry
from playwright.sync_api import Page, expect

from beneficiaries.models import Document
from confluences.enums import Role
from tests.beneficiaries.factories import PDF, make_contract, make_document
from tests.browser.conftest import axe, fits, screenshot

pytestmark = pytest.mark.django_db(transaction=True)

# A picture of one pixel, whole, which a browser can draw.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def person():
    return make_contract().beneficiary


def no_sideways(page: Page) -> None:
    fits(page)


@pytest.mark.parametrize("width", [360, 1280])
def test_picture_is_added_looked_at_and_downloaded(signed_in, person, width, tmp_path):
    page = signed_in(Role.SOCIAL_WORKER, width)
    page.goto(person.get_absolute_url())
    screenshot(page, f"documents-{width}-person-empty")
    page.get_by_role("link", name="Ajouter un document").first.click()
    expect(page.get_by_label("Critère d’éligibilité")).to_be_hidden()
    page.get_by_label("Nature").select_option("eligibility")
    page.get_by_label("Critère d’éligibilité").select_option("aah")
    expect(page.get_by_label("Lu par")).to_have_value("social")
    page.get_by_label("Établi le").fill("2026-11-01")
    axe(page)
    screenshot(page, f"documents-{width}-form")

    page.get_by_label("Fichier").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": b"MZ" + bytes(64)}
    )
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("n’est pas de ceux acceptés")
    axe(page)
    screenshot(page, f"documents-{width}-refused")

    page.get_by_label("Fichier").set_input_files(
        {"name": "Carte d’Élan.png", "mimeType": "image/png", "buffer": PNG}
    )
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bénéficiaire de l’AAH")
    expect(page.get_by_text("travailleurs sociaux seulement").first).to_be_visible()
    picture = page.locator("img.document-picture")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") == 1
    axe(page)
    no_sideways(page)
    screenshot(page, f"documents-{width}-detail")

    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert download.value.suggested_filename == "Carte d’Élan.png"
    download.value.save_as(tmp_path / "carte.png")
    assert (tmp_path / "carte.png").read_bytes() == PNG
    document = Document.objects.get()
    reads = LogEntry.objects.get_for_object(document).filter(additional_data__event="read")
    assert reads.count() == 2

    page.goto(person.get_absolute_url())
    expect(page.locator("#documents").get_by_role("link", name="Bénéficiaire de l’AAH")).to_be_visible()
    axe(page)
    screenshot(page, f"documents-{width}-person")


def test_pdf_opens_in_a_tab_of_its_own(signed_in, person):
    document = make_document(person, content=PDF, original_name="cv.pdf")
    page = signed_in(Role.SUPERVISOR, 360)
    page.goto(document.get_absolute_url())
    link = page.get_by_role("link", name="Ouvrir dans un nouvel onglet")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
    response = page.request.get(link.get_attribute("href"))
    assert (response.status, response.headers["content-type"], response.body()) == (
        200,
        "application/pdf",
        PDF,
    )
    axe(page)
    screenshot(page, "documents-360-pdf")


def test_paper_is_removed_after_a_question(signed_in, person):
    document = make_document(person, title="CV de juin")
    page = signed_in(Role.SOCIAL_WORKER, 360)
    page.goto(document.get_absolute_url())
    page.get_by_role("link", name="Supprimer").click()
    expect(page.get_by_role("button", name="Supprimer définitivement")).to_be_visible()
    axe(page)
    no_sideways(page)
    screenshot(page, "documents-360-delete")
    page.get_by_role("button", name="Supprimer définitivement").click()
    expect(page).to_have_url(re.compile(rf"{person.get_absolute_url()}$"))
    expect(page.get_by_text("Le document est supprimé, et son fichier avec lui.")).to_be_visible()
    assert Document.objects.count() == 0


def test_lost_file_is_explained(signed_in, person):
    document = make_document(person, original_name="cv.pdf")
    document.file.storage.delete(document.file.name)
    page = signed_in(Role.SOCIAL_WORKER, 360)
    page.goto(f"{document.get_absolute_url()}apercu/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fichier introuvable")
    axe(page)
    no_sideways(page)
    screenshot(page, "documents-360-lost")
