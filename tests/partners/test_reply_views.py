"""The private link: whom it names, that it is used once, that it dies, that nobody guesses it, that no log holds it."""

import datetime as dt
import logging
import re
from html import unescape
from http import HTTPStatus
from urllib.parse import unquote

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beneficiaries.support_enums import Theme
from confluences.actions import save_recorded
from confluences.enums import Role
from confluences.guesses import MAX_GUESSES, count_guess, has_guessed_too_often
from confluences.models import Structure
from partners.enums import Direction, ReferralStatus
from partners.models import Referral, ReplyLink
from partners.reply_actions import Answer, DeadLink, answer_by_link, create_link, open_link
from partners.reply_views import GUESSES
from tests.beneficiaries.factories import DAY, make_beneficiary, today
from tests.partners.factories import make_contact, make_partner, make_referral, make_service
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def address(token: str) -> str:
    return reverse("partners:reply", args=[token])


def make_link(**fields) -> tuple[Referral, str]:
    """Somebody sent to a partner today, and the secret of the link."""
    person = make_beneficiary(first_name="Camille", last_name="Exemple Acacia")
    referral = make_referral(person, **{"on": today(), "due": today() + 9 * DAY} | fields)
    return referral, create_link(referral, by=None)[1]


def answer(**fields) -> dict[str, str]:
    return {"answer": "accepted", "meeting_on": "", "words": ""} | fields


def as_it_stands(referral: Referral) -> tuple:
    referral.refresh_from_db()
    return referral.status, referral.reply, referral.meeting_on, referral.replied_on, referral.closed_on


# What it shows


def test_the_page_shows_initials_and_no_name(client):
    Structure.objects.create(name="Association Exemple")
    _referral, token = make_link(reason="Mme Acacia et CAMILLE cherchent un logement.")
    response = client.get(address(token))
    html = unescape(response.content.decode())
    assert response.status_code == HTTPStatus.OK
    for words in ("Association Exemple", "C. E.", "Logement", "Mme A. et C. cherchent un logement."):
        assert words in html
    assert [name for name in ("acacia", "camille") if name in html.lower()] == []
    assert "ceci" not in html


@pytest.mark.parametrize("theme", sorted(Theme.protected()))
def test_health_and_justice_are_not_said(client, theme):
    _referral, token = make_link(theme=theme, reason="Demande de rendez-vous.")
    html = client.get(address(token)).content.decode()
    facts = html[html.index("<dl") : html.index("</dl>")]
    assert (theme.label in facts.lower(), "Thème" in facts) == (False, False)


def test_no_cache_keeps_it_no_engine_lists_it_no_site_learns_it(client):
    _referral, token = make_link()
    for response in (client.get(address(token)), client.get(address("inconnu")), client.post(address(token))):
        assert response["Cache-Control"] == "no-store, private"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response.cookies == {}
    assert '<meta name="robots" content="noindex, nofollow">' in client.get(address(token)).content.decode()


# Answers


def test_accepting(client):
    referral, token = make_link()
    response = client.post(address(token), answer(words="Avec plaisir."))
    assert "Merci" in response.content.decode()
    assert as_it_stands(referral) == ("accepted", "Avec plaisir.", None, today(), None)
    assert list(referral.changes.values_list("status", "by", "words")) == [
        ("accepted", None, "Avec plaisir.")
    ]


def test_proposing_a_day(client):
    referral, token = make_link()
    day = today() + 6 * DAY
    client.post(address(token), answer(answer="proposed", meeting_on=f"{day}"))
    assert as_it_stands(referral) == ("proposed", "", day, today(), None)


def test_declining_closes_the_referral(client):
    referral, token = make_link()
    client.post(address(token), answer(answer="declined", words="Plus de place."))
    assert as_it_stands(referral) == ("declined", "Plus de place.", None, today(), today())


def test_a_service_that_moved_meanwhile_does_not_stop_the_answer(client):
    service = make_service()
    referral, token = make_link(partner=service.partner, service=service)
    service.partner = make_partner()
    save_recorded(service, by=None)
    assert client.post(address(token), answer()).status_code == HTTPStatus.OK
    assert as_it_stands(referral)[0] == ReferralStatus.ACCEPTED


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "answer"),
        (answer(answer="done"), "answer"),
        (answer(answer="declined"), "words"),
        (answer(answer="proposed"), "meeting_on"),
        (answer(answer="proposed", meeting_on="hier"), "meeting_on"),
        (answer(answer="proposed", meeting_on="2020-01-01"), "meeting_on"),
        (answer(answer="proposed", meeting_on="9999-12-31"), "meeting_on"),
        (answer(words="é🌳" * 100_000), "words"),
    ],
)
def test_a_wrong_answer_comes_back_and_uses_nothing_up(client, sent, field):
    referral, token = make_link()
    response = client.post(address(token), sent)
    assert (response.status_code, list(response.context["form"].errors)) == (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        [field],
    )
    if sent.get("words"):
        assert sent["words"][:50] in response.content.decode()
    assert as_it_stands(referral)[0] == ReferralStatus.SENT
    open_link(token)


def test_what_is_pasted_is_kept_without_what_nothing_can_show(client):
    referral, token = make_link()
    client.post(address(token), answer(words="  Mardi\r\nà 9\u00a0h\x00\x07 🌳 "))
    assert as_it_stands(referral)[1] == "Mardi\nà 9\u00a0h 🌳"


def test_a_thousand_characters_pass(client):
    referral, token = make_link()
    client.post(address(token), answer(words="\r\n".join(["é" * 499] * 2)))
    assert len(as_it_stands(referral)[1]) == 999


def test_it_works_without_cookies_nor_scripts(client):
    """As from a browser that says neither where it comes from nor who it is."""
    referral, token = make_link()
    strict = Client(enforce_csrf_checks=True, headers={"Origin": "null"})
    assert strict.post(address(token), answer(), secure=True).status_code == HTTPStatus.OK
    assert as_it_stands(referral)[0] == ReferralStatus.ACCEPTED


# Once, and not for ever


def test_looking_uses_nothing_up(client):
    referral, token = make_link()
    for look in (client.get, client.head, client.get):
        assert look(address(token)).status_code == HTTPStatus.OK
    assert client.put(address(token)).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    client.post(address(token), answer())
    assert as_it_stands(referral)[0] == ReferralStatus.ACCEPTED


def used(referral, token):
    answer_by_link(token, Answer(status=ReferralStatus.ACCEPTED))


def expired(referral, token):
    ReplyLink.objects.update(expires_at=timezone.now())


def replaced(referral, token):
    create_link(referral, by=None)


def closed(referral, token):
    Referral.objects.update(status="cancelled", closed_on=today())


@pytest.mark.parametrize("kill", [used, expired, replaced, closed])
def test_every_dead_link_answers_the_same(client, kill):
    referral, token = make_link()
    unknown = client.get(address("x" * 43)).content
    kill(referral, token)
    before = as_it_stands(referral)
    answers = [client.get(address(token)), client.post(address(token), answer(words="Trop tard."))]
    assert {(response.status_code, response.content) for response in answers} == {(404, unknown)}
    assert "Ce lien n’est plus valable" in unknown.decode()
    assert as_it_stands(referral) == before


def test_a_link_lives_thirty_days(client):
    make_link()
    [link] = ReplyLink.objects.all()
    assert (link.expires_at - link.created_at).days in {29, 30}
    assert link.is_open(link.created_at + dt.timedelta(days=29, hours=23))
    assert not link.is_open(link.created_at + dt.timedelta(days=30, minutes=1))


def test_only_the_hash_is_kept():
    _referral, token = make_link()
    assert token not in str(ReplyLink.objects.values().get())
    assert token not in str(list(LogEntry.objects.values()))
    assert ReplyLink.objects.get().token_hash not in str(list(LogEntry.objects.values_list("changes")))


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts():
    referral, token = make_link()
    words = ["Le premier.", "Le second."]
    answers = at_once(
        *[lambda w=w: answer_by_link(token, Answer(status=ReferralStatus.ACCEPTED, words=w)) for w in words]
    )
    assert sorted(type(each).__name__ for each in answers) == ["DeadLink", "Referral"]
    [change] = referral.changes.all()
    assert (change.words in words, change.words) == (True, as_it_stands(referral)[1])


@pytest.mark.django_db(transaction=True)
def test_of_two_links_made_at_once_one_opens():
    referral, _token = make_link()
    made = at_once(*[lambda: create_link(referral, by=None)] * 2)
    opened = [link for link in ReplyLink.objects.all() if link.is_open(timezone.now())]
    assert (len(made), len(opened)) == (2, 1)


# Guesses


def test_of_ten_thousand_guesses_few_are_looked_up(rf):
    """What the page asks before it looks anything up, ten thousand times."""
    request = rf.get(address("x"))
    looked_up = 0
    for _guess in range(10_000):
        if not has_guessed_too_often(request, GUESSES):
            looked_up += 1
            count_guess(request, GUESSES)
    assert looked_up == MAX_GUESSES


def test_guesses_are_stopped(client):
    _referral, token = make_link()
    answers = [client.get(address(f"{number:043d}")).status_code for number in range(60)]
    assert (answers.count(404), answers.count(429)) == (MAX_GUESSES, 60 - MAX_GUESSES)
    response = client.post(address(token), answer())
    assert (response.status_code, response["Retry-After"]) == (HTTPStatus.TOO_MANY_REQUESTS, "900")
    assert "Attendez 15 minutes" in response.content.decode()
    elsewhere = client.get(address(token), REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == HTTPStatus.OK


def test_posts_and_heads_are_guesses_too(client):
    for number in range(MAX_GUESSES // 2):
        client.post(address(f"a{number}"), answer())
        client.head(address(f"b{number}"))
    assert client.get(address("c")).status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_a_good_link_is_no_guess(client):
    _referral, token = make_link()
    codes = {client.get(address(token)).status_code for _each in range(MAX_GUESSES * 2)}
    assert codes == {HTTPStatus.OK}


# Logs


def test_no_log_record_holds_the_secret(client, caplog, monkeypatch):
    referral, token = make_link()
    caplog.set_level(logging.DEBUG)
    client.raise_request_exception = False
    client.get(address(token))
    client.put(address(token))
    client.post(address(token), {})
    monkeypatch.setattr("partners.reply_views.outside_facts", lambda referral: 1 / 0)
    assert client.get(address(token)).status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    client.post(address(token), answer())
    client.get(address(token))
    paths = [record.getMessage() for record in caplog.records if "reponse" in record.getMessage()]
    assert len(paths) >= 4
    assert set(re.findall(r"/reponse/([^/]*)", " ".join(paths))) == {"•••"}
    written = caplog.text + str([(record.msg, record.args) for record in caplog.records])
    assert token not in written
    assert token not in str(list(LogEntry.objects.values()))
    assert as_it_stands(referral)[0] == ReferralStatus.ACCEPTED


# Making and revoking


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


def create_url(referral) -> str:
    return reverse("partners:referral-link-create", args=[referral.pk])


def test_the_link_is_shown_once_with_a_message_that_names_nobody(social, settings):
    settings.SITE_URL = "https://confluences.example.org/"
    partner = make_partner(email="accueil@exemple.fr")
    person = make_beneficiary(first_name="Camille", last_name="Exemple Acacia")
    referral = make_referral(person, partner, on=today(), theme=Theme.HOUSING)
    response = social.post(create_url(referral))
    url, message, mailto = (response.context[name] for name in ("url", "message", "mailto"))
    assert url.startswith("https://confluences.example.org/partenaires/reponse/")
    assert open_link(url.split("/")[-2]).referral == referral
    assert url in response.content.decode()
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store, private", "no-referrer")
    assert mailto.startswith("mailto:accueil%40exemple.fr?subject=Demande%20de%20rendez-vous&body=Bonjour")
    for told in (message, unquote(mailto)):
        outside = told.replace(url, "").replace("accueil@exemple.fr", "")
        assert [w for w in ("Camille", "Acacia", "C. E.", "logement", "Exemple") if w in outside] == []
    shown = social.get(referral.get_absolute_url()).content.decode()
    assert (url.split("/")[-2] in shown, "Remplacer le lien" in shown) == (False, True)


def test_the_mail_goes_to_the_contact_where_there_is_one(social):
    partner = make_partner(email="accueil@exemple.fr")
    referral = make_referral(None, partner, contact=make_contact(partner, email="dominique@exemple.fr"))
    mailto = social.post(create_url(referral)).context["mailto"]
    assert mailto.startswith("mailto:dominique%40exemple.fr?")


def test_a_new_link_revokes_the_former(social, client):
    referral = make_referral(on=today())
    first, second = (social.post(create_url(referral)).context["url"] for _each in range(2))
    assert [client.get(url).status_code for url in (first, second)] == [404, 200]


def test_revoking(social, client):
    referral, token = make_link()
    social.post(reverse("partners:referral-link-revoke", args=[referral.pk]))
    assert client.get(address(token)).status_code == HTTPStatus.NOT_FOUND
    assert "révoqué aujourd’hui" in social.get(referral.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "fields", [{"direction": Direction.IN}, {"status": "done", "closed_on": dt.date(2024, 4, 1)}]
)
def test_some_referrals_have_no_link(social, fields):
    referral = make_referral(**fields)
    response = social.post(create_url(referral), follow=True)
    assert "n’attend pas de réponse par un lien" in response.content.decode()
    with pytest.raises(DeadLink):
        create_link(referral, by=None)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_only_social_workers_make_links(clients, role):
    referral = make_referral()
    assert clients[role].post(create_url(referral)).status_code == HTTPStatus.NOT_FOUND
    assert clients[Role.SOCIAL_WORKER].get(create_url(referral)).status_code == HTTPStatus.METHOD_NOT_ALLOWED
