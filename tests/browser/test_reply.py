"""From a frein to a partner's answer, played in Chromium: one click, a private link, an answer without signing in."""

import re

import pytest
from playwright.sync_api import expect

from beneficiaries.support_enums import BarrierLevel, Theme
from confluences.enums import Role
from partners.enums import PartnerKind, ReferralStatus
from partners.models import Referral
from partners.reply_actions import create_link
from tests.beneficiaries.factories import DAY, make_barrier, make_beneficiary, today
from tests.browser.conftest import axe, screenshot
from tests.conftest import user_of
from tests.partners.factories import make_partner, make_referral

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(django_db_serialized_rollback, transactional_db):
    person = make_beneficiary(
        last_name="Exemple Acacia", first_name="Moussa", city="Fresnes", postcode="94260"
    )
    make_barrier(person, axis=Theme.HOUSING, level=BarrierLevel.HIGH)
    make_partner(name="Bailleur social", kind=PartnerKind.HOUSING, city="Fresnes", postcode="94260")
    return person


def test_a_partner_answers_without_signing_in(person, signed_in, open_page, live_server):
    worker = signed_in(Role.SOCIAL_WORKER)
    worker.goto(person.get_absolute_url())
    worker.get_by_role("link", name="Trouver un partenaire : logement").click()
    expect(worker.get_by_text("Fresnes, où la personne habite")).to_be_visible()
    worker.get_by_role("button", name="Orienter vers Bailleur social, Logement").click()
    expect(worker.get_by_text("L’orientation est enregistrée")).to_be_visible()
    worker.get_by_role("button", name="Créer le lien").click()
    link = worker.get_by_label(re.compile("À donner au partenaire")).input_value()

    partner = open_page(360, java_script_enabled=False)
    partner.goto(link)
    expect(partner.get_by_role("heading", name="Demande de rendez-vous")).to_be_visible()
    expect(partner.get_by_text("M. E.")).to_be_visible()
    shown = partner.content().lower()
    assert [name for name in ("acacia", "moussa") if name in shown] == []
    partner.get_by_label("Je propose une date de rendez-vous").check()
    partner.get_by_role("button", name="Envoyer ma réponse").click()
    expect(partner.get_by_role("link", name=re.compile("Date du rendez-vous"))).to_be_visible()
    day = today() + 6 * DAY
    partner.get_by_label("Date du rendez-vous").fill(f"{day}")
    partner.get_by_label("Quelques mots").fill("À 9 h, avec les papiers 🌳")
    partner.get_by_role("button", name="Envoyer ma réponse").click()
    expect(partner.get_by_role("heading", name="Merci, votre réponse est enregistrée")).to_be_visible()
    partner.goto(link)
    expect(partner.get_by_role("heading", name="Ce lien n’est plus valable")).to_be_visible()

    worker.goto(Referral.objects.get().get_absolute_url())
    expect(worker.get_by_text("À 9 h, avec les papiers 🌳").first).to_be_visible()
    expect(worker.get_by_text("Bailleur social, par le lien privé")).to_be_visible()
    referral = Referral.objects.get()
    assert (referral.status, referral.meeting_on) == (ReferralStatus.PROPOSED, day)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_partners_page_is_accessible_and_stays_closed_to_other_sites(
    person, open_page, live_server, width
):
    referral = make_referral(person, on=today(), due=today() + 9 * DAY)
    _link, token = create_link(referral, by=user_of(Role.SOCIAL_WORKER))
    page = open_page(width)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.headers.get("referer", "")))
    response = page.goto(f"{live_server.url}/partenaires/reponse/{token}/")
    assert response.headers["referrer-policy"] == "no-referrer"
    axe(page)
    screenshot(page, f"reply-{width}")
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.get_by_text("Choisissez une des trois réponses.").first).to_be_visible()
    axe(page)
    page.get_by_label("J’accepte").check()
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.get_by_role("heading", name="Merci, votre réponse est enregistrée")).to_be_visible()
    axe(page)
    screenshot(page, f"reply-thanks-{width}")
    assert [referer for referer in sent if token in referer] == []
