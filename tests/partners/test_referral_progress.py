"""One referral on the screen: how it goes on, its end and the frein, its letter, the person's page."""

import io
from http import HTTPStatus

import pytest
from django.urls import reverse
from pypdf import PdfReader

from beneficiaries.models import BarrierAssessment
from beneficiaries.support_enums import Theme
from confluences.actions import save_recorded
from confluences.enums import AuditEvent, Role
from confluences.formats import short_date
from partners.models import PartnerName
from partners.referral_actions import save_referral
from tests.beneficiaries.factories import DAY, make_barrier, make_beneficiary, make_step, today
from tests.partners.factories import make_partner, make_referral, make_service
from tests.partners.test_referral_views import LIST, logged, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


# How it goes on


def test_noting_an_answer_by_phone(social, social_worker):
    referral = make_referral(on=today() - 3 * DAY)
    sent = {
        "opened_version": 1,
        "status": "proposed",
        "replied_on": f"{today()}",
        "meeting_on": f"{today() + 4 * DAY}",
        "reply": "À 9 h",
        "words": "Appel de l’accueil",
    }
    assert social.post(url("close", referral), sent).status_code == HTTPStatus.FOUND
    assert list(referral.changes.values_list("status", "by", "words")) == [
        ("proposed", social_worker.pk, "Appel de l’accueil")
    ]
    html = social.get(referral.get_absolute_url()).content.decode()
    assert f"date proposée : {short_date(today() + 4 * DAY)}" in html
    assert "Appel de l’accueil" in html


def test_ending_with_a_lifted_frein(social):
    person = make_beneficiary()
    make_barrier(person, assessed_on=today() - 9 * DAY)
    referral = make_referral(person)
    form = social.get(f"{url('close', referral)}?etat=done").context["form"]
    assert (form["status"].value(), form["closed_on"].value()) == ("done", today())
    sent = {
        "opened_version": 1,
        "status": "done",
        "closed_on": f"{today()}",
        "result": "obtained",
        "effect": "lifted",
        "level": "1",
    }
    assert social.post(url("close", referral), sent).status_code == HTTPStatus.FOUND
    latest = BarrierAssessment.objects.get(assessed_on=today())
    assert (latest.level, latest.status) == (1, "lifted")
    assert "obtenu, frein levé" in social.get(LIST).content.decode()


def test_a_theme_that_is_no_frein_asks_for_no_level(social):
    form = social.get(url("close", make_referral(theme=Theme.CAREER))).context["form"]
    assert "level" not in form.fields


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"status": "done"}, "closed_on"),
        ({"status": "accepted", "closed_on": f"{today()}"}, "closed_on"),
        ({"status": "done", "closed_on": "2024-02-01"}, "closed_on"),
        ({"status": "done", "closed_on": f"{today() + DAY}"}, "closed_on"),
        ({"status": "accepted", "result": "obtained"}, "result"),
        ({"status": "proposed"}, "meeting_on"),
        ({"status": "accepted", "replied_on": "2024-02-01"}, "replied_on"),
        ({"status": "done", "closed_on": f"{today()}", "effect": "lifted", "level": "4"}, "level"),
        ({"status": "done", "closed_on": f"{today()}", "level": "2"}, "level"),
        ({"status": "zz"}, "status"),
        ({"status": "sent", "words": "é" * 251}, "words"),
    ],
)
def test_a_wrong_suite_comes_back(social, sent, field):
    response = social.post(url("close", make_referral()), {"opened_version": 1} | sent)
    assert (response.status_code, list(response.context["form"].errors)) == (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        [field],
    )


def test_one_that_is_over_is_reopened_first(social):
    referral = make_referral(status="done", closed_on=today())
    response = social.post(url("close", referral), {"opened_version": 1, "status": "accepted"})
    assert response.context["form"].errors["status"] == [
        "Cette orientation est terminée : rouvrez-la d’abord, avec l’état « envoyée »."
    ]
    assert social.post(url("close", referral), {"opened_version": 1, "status": "sent"}).status_code == 302


def test_it_goes_on_after_its_step_changed_theme_and_its_service_moved(social):
    person = make_beneficiary()
    service = make_service()
    step = make_step(person)
    referral = make_referral(person, service.partner, service=service, step=step)
    step.theme, service.partner = Theme.BUDGET, make_partner()
    save_recorded(step, by=None)
    save_recorded(service, by=None)
    response = social.post(url("close", referral), {"opened_version": 1, "status": "accepted"})
    referral.refresh_from_db()
    assert (response.status_code, referral.status) == (HTTPStatus.FOUND, "accepted")
    assert (referral.step, referral.service) == (step, service)


# One referral


def test_a_step_about_health_is_not_shown_to_the_supervisor(clients):
    person = make_beneficiary()
    step = make_step(person, theme=Theme.HOUSING, action="Chercher un bailleur")
    referral = make_referral(person, step=step)
    supervising = clients[Role.SUPERVISOR]
    assert "Chercher un bailleur" in supervising.get(referral.get_absolute_url()).content.decode()
    type(step).objects.update(theme=Theme.HEALTH)  # a step whose theme changed since
    assert "Chercher un bailleur" not in supervising.get(referral.get_absolute_url()).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_detail_costs_the_same(social, social_worker, django_assert_num_queries, count):
    referral = make_referral()
    for number in range(count):
        save_referral(referral, by=social_worker, words=f"Relance {number}")
    social.get(referral.get_absolute_url())
    with django_assert_num_queries(11):
        social.get(referral.get_absolute_url())


def words_of(response) -> str:
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_letter_names_the_person_and_the_partner_of_its_day(social):
    partner = make_partner(name="France Travail", address="1 rue Exemple", postcode="94260", city="Fresnes")
    PartnerName.objects.create(partner=partner, name="Pôle emploi", valid_until="2023-12-31")
    person = make_beneficiary(first_name="Camille", last_name="Exemple Acacia")
    referral = make_referral(person, partner, on="2023-12-01", due="2023-12-20", reason="Un projet.")
    shown = social.get(referral.get_absolute_url()).content.decode()
    assert "son nom en entier, Exemple Acacia Camille" in shown
    response = social.get(url("letter", referral))
    text = words_of(response)
    for words in ("Pôle emploi", "94260 Fresnes", "Camille Exemple Acacia", "Un projet.", "20 décembre 2023"):
        assert words in text
    assert ("France Travail" in text, "logement" in text, "signature et cachet" in text) == (
        False,
        True,
        True,
    )
    assert response["Content-Disposition"].endswith('2023-12-01.pdf"')
    assert "Acacia" not in response["Content-Disposition"]
    assert logged(AuditEvent.PRINT) == 1


def test_a_letter_about_health_does_not_say_so(social):
    referral = make_referral(theme=Theme.HEALTH, reason="Demande de rendez-vous.")
    assert "santé" not in words_of(social.get(url("letter", referral))).lower()


def test_the_person_page_shows_and_draws_referrals(clients):
    person = make_beneficiary()
    make_referral(person, make_partner(name="Bailleur"), on=today() - 3 * DAY, due=today() - DAY)
    html = clients[Role.SOCIAL_WORKER].get(person.get_absolute_url()).content.decode()
    assert "Vers Bailleur" in html
    assert "logement vers Bailleur : réponse attendue depuis 1 jour" in html
    assert f'href="{reverse("partners:find", args=[person.pk])}"' in html
    for role in (Role.INSTRUCTOR, Role.ADMINISTRATOR):
        assert "Bailleur" not in clients[role].get(person.get_absolute_url()).content.decode()
