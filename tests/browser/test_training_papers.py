"""From what is missing to the paper and back: a certificate issued, downloaded and verified, on a desk and on a phone."""

import datetime as dt
import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from confluences.enums import Role
from tests.beneficiaries.factories import make_running_contract
from tests.browser.conftest import axe, fits, screenshot
from tests.trainings.factories import attend, make_enrolment, make_programme, make_session, make_structure
from trainings.models import Certificate, Enrolment, Programme

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = pytest.mark.parametrize("width", [1280, 360])


@pytest.fixture
def enrolment() -> Enrolment:
    """Somebody who followed one of two half-days, the second of which nobody recorded."""
    make_structure()
    today = timezone.localdate()
    programme = make_programme(210, 210, name="Tonte et entretien des gazons")
    enrolment = make_enrolment(
        programme, make_running_contract().beneficiary, enrolled_on=today - dt.timedelta(days=7)
    )
    attend(make_session(programme, today, place="Atelier d’Arcueil", trainer="Nadia Exemple"), enrolment)
    second = programme.modules.last()
    make_session(programme, today - dt.timedelta(days=1), second)
    return enrolment


def looked_at(page, name: str) -> None:
    fits(page)
    axe(page)
    screenshot(page, name)


@WIDTHS
def test_from_what_is_missing_to_a_verified_paper(enrolment, signed_in, width):
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(reverse("trainings:certificate-issue", args=[enrolment.pk, "realisation"]))
    assert "Pas encore possible." in page.inner_text("main")
    assert page.get_by_role("button", name="Délivrer ce papier").count() == 0
    looked_at(page, f"papiers-{width}-manque")
    Enrolment.objects.filter(pk=enrolment.pk).update(left_on=timezone.localdate())
    page.reload()
    looked_at(page, f"papiers-{width}-a-delivrer")
    page.get_by_role("button", name="Délivrer ce papier").click()
    page.wait_for_url("**/certificats/*/")
    assert page.get_by_role("heading", level=1).inner_text() == "Certificat de réalisation n° 1"
    looked_at(page, f"papiers-{width}-certificat")
    with page.expect_download() as download:
        page.locator(".page-actions").get_by_role("link", name="Télécharger").click()
    pages = PdfReader(io.BytesIO(download.value.path().read_bytes())).pages
    printed = re.sub(r"\s+", "", "".join(each.extract_text() for each in pages))
    digest = Certificate.objects.get().digest
    assert digest in printed
    page.goto(reverse("trainings:certificate-verify"))
    looked_at(page, f"papiers-{width}-verifier")
    page.locator("#id_number").fill("1")
    page.locator("#id_digest").fill(f"{digest[:4]} {digest[4:8]}")
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_text("Authentique.").wait_for()
    looked_at(page, f"papiers-{width}-authentique")
    page.locator("#id_digest").fill("0" * 64)
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_text("Aucun certificat ne correspond").wait_for()
    looked_at(page, f"papiers-{width}-inconnu")
    page.goto(reverse("trainings:certificate-list"))
    looked_at(page, f"papiers-{width}-registre")


@WIDTHS
def test_sheets_of_a_period_by_keyboard(enrolment, signed_in, width):
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(
        reverse("trainings:attendance-sheets", args=[Programme.objects.get(name__startswith="Tonte").pk])
    )
    first, last = (timezone.localdate() - dt.timedelta(days=days) for days in (1, 0))
    page.locator("#id_start").fill(first.isoformat())
    page.locator("#id_end").fill(last.isoformat())
    page.get_by_role("button", name="Voir les séances").press("Enter")
    page.get_by_role("button", name="Télécharger 2 feuilles").wait_for()
    looked_at(page, f"papiers-{width}-emargements")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger 2 feuilles").press("Enter")
    assert len(PdfReader(io.BytesIO(download.value.path().read_bytes())).pages) == 2


def test_pages_without_anything(signed_in):
    page = signed_in(Role.SOCIAL_WORKER, 360)
    page.goto(reverse("trainings:certificate-list"))
    looked_at(page, "papiers-360-registre-vide")
    page.goto(reverse("trainings:attendance-sheets", args=[Programme.objects.first().pk]))
    looked_at(page, "papiers-360-emargements-vides")
