"""Drafts on the server: whose they are, what they keep, when they come back and when they go."""

import datetime as dt
import re
from http import HTTPStatus
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beneficiaries.models import Beneficiary, FollowUp
from confluences import drafts, formats
from confluences.enums import Role
from confluences.models import Draft, User
from tests.beneficiaries.factories import (
    make_beneficiary,
    make_follow_up,
    make_running_contract,
    make_situation,
)
from tests.conftest import PASSWORD, user_of
from tests.threads import at_once

PARIS = ZoneInfo("Europe/Paris")
TEXT = "Élodie a dit : « ça va mieux » 🌳👩🏽‍🌾\r\n\r\nDeuxième ligne, œuvre."


def follow_up_page(person: Beneficiary | None = None) -> str:
    return reverse("beneficiaries:follow-up-create", args=[(person or make_beneficiary()).pk])


def typed(user: User, page: str, **fields) -> dict:
    """What the script sends."""
    controls = {"draft-page": page, "draft-user": user.pk, "draft-title": "Nouveau suivi, Exemple Amina"}
    return controls | {"draft-tab": "a", "draft-serial": 1, "draft-since": ""} | fields


def controls(**values) -> dict:
    return {f"draft-{name}": value for name, value in values.items()}


def save(client: Client, user: User, page: str, **fields):
    return client.post(reverse("draft-save"), typed(user, page, **fields))


def initial(client: Client, page: str) -> dict:
    """What each field of the page's form shows."""
    response = client.get(page)
    assert response.status_code == HTTPStatus.OK
    return {bound.name: bound.value() for bound in response.context["form"]}


FOLLOW_UP = {"on": "2026-01-05", "kind": "interview", "minutes": "30", "medium": "office", "said": "Bien."}


@pytest.fixture
def social(clients) -> Client:
    return clients[Role.SOCIAL_WORKER]


# What is kept


def test_a_draft_holds_what_was_typed_to_the_letter(social, social_worker):
    page = follow_up_page()
    answer = save(
        social, social_worker, page, said=TEXT, topics=["housing", "health"], csrfmiddlewaretoken="x"
    )
    draft = Draft.objects.get()
    assert answer.json() == {"since": drafts.version_of(draft), "hour": formats.hour(draft.saved_at)}
    assert (draft.user, draft.page, draft.title) == (social_worker, page, "Nouveau suivi, Exemple Amina")
    assert draft.content == {
        "fields": {"said": [TEXT], "topics": ["housing", "health"]},
        "tab": "a",
        "serial": 1,
    }


def test_secrets_are_not_kept(social, social_worker):
    save(social, social_worker, reverse("account_change_password"), oldpassword="secret", password1="secret")
    assert Draft.objects.get().content["fields"] == {}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b", "ab"),
        ("🌳" * 3, "🌳🌳🌳"),
        ("\ud83c seule", "? seule"),
        ("\t\u0007\u2028\ufffe", "\t\u0007\u2028\ufffe"),
    ],
)
def test_characters_that_a_database_refuses(social_worker, text, kept):
    page = follow_up_page()
    fields = {"said": [drafts.cleaned(text)]}
    drafts.save_draft(social_worker, page, title=text, fields=fields, writer=drafts.Writer())
    draft = Draft.objects.get()
    assert (draft.content["fields"]["said"], draft.title) == ([kept], kept)


def test_300_000_characters_with_emoji_are_kept(social, social_worker):
    page, text = follow_up_page(), "é🌳 " * 100_000
    assert save(social, social_worker, page, said=text).status_code == HTTPStatus.OK
    assert initial(social, page)["said"] == text


def test_more_than_a_draft_holds_is_refused_in_french(social, social_worker):
    answer = save(social, social_worker, follow_up_page(), said="é" * (drafts.MAX_CHARACTERS + 1))
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert answer.json() == {
        "state": "refused",
        "message": "Ce texte est trop long pour un brouillon (1\u202f000\u202f000 caractères au plus). Copiez-le ailleurs "
        "avant de quitter cette page, puis raccourcissez-le.",
    }
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {
            "draft-serial": "9" * 30,
            "draft-tab": "\x00" * 999,
            "draft-since": "zz",
            "draft-title": "\x00é" * 999,
        },
        {"draft-serial": "-1", "on": "\x00", "minutes": "zz", "topics": ["zz", "\x00"]},
    ],
)
def test_nonsense_is_kept_and_comes_back(social, social_worker, fields):
    page = follow_up_page()
    assert save(social, social_worker, page, **fields).status_code == HTTPStatus.OK
    assert social.get(page).status_code == HTTPStatus.OK


# Whose it is


def test_a_draft_never_surfaces_on_another_person_page_or_account(
    clients, social, social_worker, django_user_model
):
    amina, karim = make_beneficiary(), make_beneficiary()
    save(social, social_worker, follow_up_page(amina), said=TEXT)
    colleague = django_user_model.objects.create_user("collegue@example.org", PASSWORD)
    colleague.groups.set(social_worker.groups.all())
    other = Client()
    other.force_login(colleague)
    assert initial(social, follow_up_page(amina))["said"] == TEXT
    assert not initial(social, follow_up_page(karim))["said"]
    assert not initial(other, follow_up_page(amina))["said"]
    assert drafts.drafts_of(colleague) == []


def test_a_text_typed_as_another_account_is_refused(social, social_worker, supervisor):
    answer = save(social, supervisor, follow_up_page(), said=TEXT)
    assert (answer.status_code, answer.json()) == (HTTPStatus.CONFLICT, {"state": "account"})
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "page",
    ["", "zz", "/rien/", "//example.org/", "/salaries/\x00/", "/compte/login/", "/" + "a" * 300, "/journal/"],
)
def test_pages_that_are_not_ours_or_not_theirs_are_not_found(social, social_worker, page):
    assert save(social, social_worker, page, said=TEXT).status_code == HTTPStatus.NOT_FOUND
    assert social.post(reverse("draft-discard"), {"page": page}).status_code == HTTPStatus.NOT_FOUND
    assert not Draft.objects.exists()


def test_who_may_not_write_follow_ups_drafts_none(clients, instructor):
    answer = save(clients[Role.INSTRUCTOR], instructor, follow_up_page(), said=TEXT)
    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", ["draft-save", "draft-discard", "draft-session"])
def test_only_what_writes_is_posted(social, name):
    wrong = social.post if name == "draft-session" else social.get
    assert wrong(reverse(name)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_dead_session_is_led_to_the_login(client, social_worker):
    page = follow_up_page()
    answer = save(client, social_worker, page, said=TEXT)
    assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, "/compte/login/?next=/brouillons/")
    assert not Draft.objects.exists()


def test_the_session_says_who_and_gives_a_token_that_is_accepted(social_worker):
    client = Client(enforce_csrf_checks=True)
    client.force_login(social_worker)
    session = client.get(reverse("draft-session"))
    assert session.json()["user"] == str(social_worker.pk)
    assert session.headers["Cache-Control"] == "no-store, private"
    page, address = follow_up_page(), reverse("draft-save")
    assert client.post(address, typed(social_worker, page)).status_code == HTTPStatus.FORBIDDEN
    token = {"x-csrftoken": session.json()["token"]}
    assert client.post(address, typed(social_worker, page), headers=token).status_code == HTTPStatus.OK


# Several writers


def test_an_older_text_of_a_tab_never_covers_a_newer_one(social, social_worker):
    page = follow_up_page()
    save(social, social_worker, page, said="nouveau", **controls(serial=2))
    assert save(social, social_worker, page, said="ancien", **controls(serial=1)).status_code == HTTPStatus.OK
    assert initial(social, page)["said"] == "nouveau"


def test_the_same_words_sent_again_by_a_page_that_is_left_change_nothing(social, social_worker):
    page = follow_up_page()
    seen = save(social, social_worker, page, said="au bureau").json()
    assert save(social, social_worker, page, said="au bureau", **controls(serial=3)).json() == seen
    save(social, social_worker, page, said="plus ancien", **controls(serial=2))
    after_reload = controls(tab="b", since=seen["since"])
    assert save(social, social_worker, page, said="la suite", **after_reload).status_code == HTTPStatus.OK
    assert initial(social, page)["said"] == "la suite"


def test_another_tab_takes_over_only_what_it_has_seen(social, social_worker):
    page = follow_up_page()
    save(social, social_worker, page, said="au bureau")
    answer = save(social, social_worker, page, said="au téléphone", **controls(tab="b"))
    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.json()["state"] == "elsewhere"
    seen = answer.json()["since"]
    assert initial(social, page)["said"] == "au bureau"
    save(social, social_worker, page, said="au téléphone", **controls(tab="b", since=seen))
    assert initial(social, page)["said"] == "au téléphone"
    late = save(social, social_worker, page, said="au bureau, encore", **controls(serial=5))
    assert late.status_code == HTTPStatus.CONFLICT
    assert initial(social, page)["said"] == "au téléphone"


def test_a_page_whose_draft_is_written_elsewhere_leaves_it(social, social_worker):
    page = follow_up_page()
    save(social, social_worker, page, said="au téléphone")
    social.post(page, FOLLOW_UP | {drafts.ELSEWHERE: "1"})
    assert (FollowUp.objects.get().said, initial(social, page)["said"]) == ("Bien.", "au téléphone")


@pytest.mark.django_db(transaction=True)
def test_two_first_saves_at_once_make_one_draft():
    user = user_of(Role.SOCIAL_WORKER)
    page = follow_up_page()

    def writing(serial: int):
        fields = {"said": [str(serial)]}
        return lambda: drafts.save_draft(
            user, page, title="", fields=fields, writer=drafts.Writer("a", serial)
        )

    outcomes = at_once(writing(1), writing(2))
    assert [type(outcome) for outcome in outcomes] == [Draft, Draft]
    assert Draft.objects.get().content["fields"] == {"said": ["2"]}


# Lists and words


def test_drafts_of_an_account_the_latest_first_on_pages_that_still_open(social_worker):
    pages = [follow_up_page(), follow_up_page(), "/chantiers/annexes/nouvelle/", "/ancienne/page/"]
    for number, page in enumerate(pages):
        Draft.objects.create(user=social_worker, page=page, title=f"Brouillon {number}", content={})
    social_worker = User.objects.get(pk=social_worker.pk)
    assert [(each.title, each.url) for each in drafts.drafts_of(social_worker)] == [
        ("Brouillon 1", pages[1]),
        ("Brouillon 0", pages[0]),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_listing_drafts_asks_three_queries(social_worker, number, django_assert_num_queries):
    for _ in range(number):
        Draft.objects.create(user=social_worker, page=follow_up_page(), title="Brouillon", content={})
    social_worker = User.objects.get(pk=social_worker.pk)
    with django_assert_num_queries(3):  # the drafts, the account's rights, its groups' rights
        assert len(drafts.drafts_of(social_worker)) == number


def test_saving_asks_few_queries(social, social_worker, django_assert_num_queries):
    page = follow_up_page()
    for number, queries in enumerate(
        (10, 8, 8)
    ):  # a first save looks twice for a draft made at the same instant
        with django_assert_num_queries(queries):
            save(social, social_worker, page, said=TEXT, **controls(serial=number + 1))


def test_the_session_asks_two_queries(social, django_assert_num_queries):
    with django_assert_num_queries(2):
        social.get(reverse("draft-session"))


def test_a_draft_is_named_after_its_page_and_person(social):
    amina = make_beneficiary(last_name="Exemple", first_name="Amina")
    made = make_follow_up(make_running_contract(amina).beneficiary)
    exiting = reverse("outcomes:exit-create", args=[amina.pk])
    names = {
        follow_up_page(amina): f"Nouveau suivi, {amina}",
        reverse("beneficiaries:beneficiary-create"): "Nouveau dossier",
        reverse(
            "beneficiaries:situation-edit", args=[make_situation(amina).pk]
        ): f"Situation à l’entrée, {amina}",
        exiting: f"Sortie de {amina}",
        reverse("beneficiaries:follow-up-edit", args=[made.pk]): f"Modifier le suivi, {amina}",
    }
    shown = {page: social.get(page).context["drafting"].title for page in names}
    assert {page: title[: len(names[page])] for page, title in shown.items()} == names


def test_nothing_of_ours_stores_anything_in_the_browser():
    storage = re.compile(
        r"localStorage|sessionStorage|indexedDB|\bcaches\b|serviceWorker|document\.cookie", re.IGNORECASE
    )
    scripts = (Path(settings.BASE_DIR) / "static" / "js").glob("*.js")
    assert [path.name for path in scripts if storage.search(path.read_text())] == []
    assert storage.search("window.localStorage.setItem('a', 'b')")


# Old ones


@pytest.mark.django_db
def test_purge_forgets_what_nobody_took_up_again(social_worker, capsys):
    for days in (0, 89, 91, 400):
        draft = Draft.objects.create(user=social_worker, page=f"/{days}/", title="x", content={})
        Draft.objects.filter(pk=draft.pk).update(saved_at=timezone.now() - dt.timedelta(days=days))
    call_command("purge")
    assert capsys.readouterr().out == "2 brouillons de plus de 90 jours effacés.\n"
    assert set(Draft.objects.values_list("page", flat=True)) == {"/0/", "/89/"}
    call_command("purge")
    assert capsys.readouterr().out == "0 brouillon de plus de 90 jours effacé.\n"
