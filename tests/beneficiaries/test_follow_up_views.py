"""The pages of follow-ups and appointments: who opens them, what they show to whom, and what they leave in the log."""

from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from beneficiaries.models import Appointment, BarrierAssessment, ConfidentialNote, FollowUp, Step
from confluences.actions import save_recorded
from confluences.enums import Role
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_barrier,
    make_beneficiary,
    make_contract,
    make_follow_up,
    make_running_contract,
    make_step,
    today,
)
from tests.beneficiaries.test_follow_up_forms import another_social_worker, typed
from tests.beneficiaries.test_views import reads, said, sent_version
from tests.conftest import signed_in_client

HTMX = {"HTTP_HX_REQUEST": "true"}
NOTE = "Exemple de note gardée."


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


@pytest.fixture
def supervising(clients):
    return clients[Role.SUPERVISOR]


def page_of(name: str, pk: int | None = None) -> str:
    return reverse(f"beneficiaries:{name}", args=[pk] if pk else [])


def text_of(response) -> str:
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


# Typing


def test_a_follow_up_is_saved_and_read(social, social_worker):
    person = make_beneficiary()
    response = social.post(page_of("follow-up-create", person.pk), typed())
    saved = FollowUp.objects.get()
    assert (response.status_code, response.url) == (HTTPStatus.FOUND, saved.get_absolute_url())
    assert said(response) == ["Le suivi est enregistré."]
    assert (saved.beneficiary, saved.created_by, saved.minutes) == (person, social_worker, 45)


def test_a_mistake_comes_back_open_and_filled(social):
    person = make_beneficiary()
    response = social.post(
        page_of("follow-up-create", person.pk),
        typed(said="", note=NOTE, step_1_action="Appeler", decisions="Exemple de décision."),
    )
    page = response.content.decode()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Écrivez ce qui s’est dit, même en une phrase." in page
    assert NOTE in page
    assert "Exemple de décision." in page
    # The note and the steps hold something; the appointment and the freins do not.
    assert page.count('class="disclosure form-part') == 4
    assert page.count(" open>") == 2
    assert FollowUp.objects.count() == 0


def test_a_text_longer_than_a_browser_form_usually_is_comes_back_whole(social):
    person = make_beneficiary()
    text = "🌿" * 300_000
    response = social.post(page_of("follow-up-create", person.pk), typed(said=text))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert text in response.content.decode()


def test_a_planned_appointment_gives_its_kind_and_is_held(social, social_worker):
    person = make_beneficiary()
    planned = make_appointment(
        social_worker, person, on=today() - 20 * DAY, kind="midterm", medium="phone", purpose="Le logement."
    )
    url = f"{page_of('follow-up-create', person.pk)}?rendez-vous={planned.pk}"
    response = social.get(url)
    form = response.context["form"]
    assert (form["kind"].value(), form["medium"].value()) == ("midterm", "phone")
    assert "Le logement." in text_of(response)
    social.post(url, typed())
    assert Appointment.objects.get().held_as == FollowUp.objects.get()


@pytest.mark.parametrize("value", ["", "x", "²", "9" * 400, "999999"])
def test_an_appointment_that_is_none_changes_nothing(social, value):
    person = make_beneficiary()
    make_running_contract(person)
    response = social.get(page_of("follow-up-create", person.pk), {"rendez-vous": value})
    assert response.context["form"]["kind"].value() == "interview"


def test_somebody_elses_appointment_is_none(social, social_worker):
    other = make_appointment(social_worker, kind="midterm")
    response = social.get(page_of("follow-up-create", make_beneficiary().pk), {"rendez-vous": other.pk})
    assert response.context["form"].planned is None


@pytest.mark.parametrize(
    ("start", "end", "kind"), [(-10, 200, "interview"), (10, 200, "reception"), (-300, -10, "after_exit")]
)
def test_the_usual_kind_depends_on_where_the_person_stands(social, start, end, kind):
    person = make_beneficiary()
    make_contract(person, start=today() + start * DAY, end=today() + end * DAY)
    assert social.get(page_of("follow-up-create", person.pk)).context["form"]["kind"].value() == kind


def test_opening_the_note_to_correct_it_is_one_reading(social, social_worker):
    follow_up = make_follow_up(by=social_worker, note=NOTE)
    response = social.get(page_of("follow-up-edit", follow_up.pk))
    assert NOTE in text_of(response)
    [(who, what)] = reads()
    assert (who, NOTE in what) == (social_worker.email, False)
    data = typed(note=NOTE, opened_version=sent_version(response))
    assert social.post(page_of("follow-up-edit", follow_up.pk), data).status_code == HTTPStatus.FOUND
    assert len(reads()) == 1


def test_a_note_closed_by_a_colleague_is_said_and_not_shown(social):
    follow_up = make_follow_up(by=another_social_worker(), note=NOTE, author_only=True)
    for name in ("follow-up-edit", "follow-up-detail"):
        page = text_of(social.get(page_of(name, follow_up.pk)))
        assert "Une note est réservée à son auteur" in page
        assert NOTE not in page
    assert social.get(page_of("follow-up-note", follow_up.pk)).status_code == HTTPStatus.NOT_FOUND
    assert reads() == []


# Reading


def test_the_page_says_all_but_the_note(social, social_worker):
    person = make_beneficiary()
    follow_up = make_follow_up(
        person,
        by=social_worker,
        topics=("housing", "health"),
        note=NOTE,
        decisions="Exemple de décision.",
        participants="Mme Exemple, bailleur",
    )
    make_appointment(social_worker, person, set_by=follow_up, on=today() + DAY)
    make_appointment(social_worker, person, held_as=follow_up)
    make_step(person, follow_up=follow_up)
    make_barrier(person, follow_up=follow_up)
    response = social.get(follow_up.get_absolute_url())
    page = text_of(response)
    for words in (
        "Exemple de suivi.",
        "Exemple de décision.",
        "Mme Exemple, bailleur",
        "Appeler le bailleur",
        "Frein logement : fort",
        f"Créé par {social_worker}",
        "Lire la note confidentielle (lecture journalisée)",
        f"Ce suivi a tenu le rendez-vous du {today():%d/%m/%Y}",
    ):
        assert words in page
    assert response.context["parts"].topics == ["logement", "santé"]
    assert NOTE not in page
    assert reads() == []


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_reading_the_note_is_one_line_without_content(social, social_worker, headers):
    follow_up = make_follow_up(by=social_worker, note=NOTE)
    page = text_of(social.get(page_of("follow-up-note", follow_up.pk), **headers))
    assert NOTE in page
    assert ("<html" in page) == (not headers)
    assert reads() == [(social_worker.email, str(ConfidentialNote.objects.get()))]
    assert [entry for entry in LogEntry.objects.all() if NOTE in f"{entry.changes}{entry.object_repr}"] == []


def test_the_supervisor_reads_the_team_text_and_nothing_else(supervising, social_worker):
    person = make_beneficiary()
    follow_up = make_follow_up(person, by=social_worker, topics=("housing", "health", "justice"), note=NOTE)
    make_step(person, follow_up=follow_up, theme="health", action="Appeler le médecin")
    make_barrier(person, follow_up=follow_up, axis="justice")
    pages = [
        text_of(supervising.get(url))
        for url in (
            follow_up.get_absolute_url(),
            person.get_absolute_url(),
            page_of("follow-up-list", person.pk),
        )
    ]
    for page in (page.partition('id="contenu"')[2] for page in pages):
        assert "Exemple de suivi." in page
        assert "logement" in page
        for hidden in ("santé", "justice", "Appeler le médecin", "onfidentielle", "#lock", "réservée"):
            assert hidden not in page
    health = supervising.get(page_of("follow-up-list", person.pk), {"theme": "health"})
    assert (health.context["follow_ups"].theme, len(health.context["follow_ups"].rows)) == ("", 1)
    for name in ("follow-up-edit", "follow-up-delete", "follow-up-note"):
        assert supervising.get(page_of(name, follow_up.pk)).status_code == HTTPStatus.NOT_FOUND
    assert supervising.get(page_of("follow-up-create", person.pk)).status_code == HTTPStatus.NOT_FOUND
    assert reads() == []


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_the_others_see_no_trace(clients, social_worker, role):
    person = make_beneficiary()
    follow_up = make_follow_up(person, by=social_worker)
    assert clients[role].get(follow_up.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND
    if role == Role.ADMINISTRATOR:
        page = text_of(clients[role].get(person.get_absolute_url()))
        assert [words for words in ("Exemple de suivi.", "Rendez-vous", "Suivis") if words in page] == []


# Deleting


def test_deleting_takes_the_note_and_leaves_what_came_of_it(social, social_worker):
    person = make_beneficiary()
    follow_up = make_follow_up(person, by=social_worker, topics=("housing",), note=NOTE)
    step = make_step(person, follow_up=follow_up)
    barrier = make_barrier(person, follow_up=follow_up)
    given = make_appointment(social_worker, person, set_by=follow_up, on=today() + DAY)
    held = make_appointment(social_worker, person, held_as=follow_up)
    url = page_of("follow-up-delete", follow_up.pk)
    page = text_of(social.get(url))
    assert "la note confidentielle" in page
    assert "30\u00a0min d’accompagnement" in page
    assert FollowUp.objects.count() == 1
    response = social.post(url, {"opened_version": "1"})
    assert response.url == person.get_absolute_url()
    assert (FollowUp.objects.count(), ConfidentialNote.objects.count()) == (0, 0)
    assert (Step.objects.get(), BarrierAssessment.objects.get()) == (step, barrier)
    assert list(Appointment.objects.planned()) == [held, given]


@pytest.mark.parametrize("version", ["1", "", "x"])
def test_deleting_what_a_colleague_changed_asks_again(social, social_worker, version):
    follow_up = make_follow_up(by=social_worker)
    save_recorded(follow_up, by=social_worker)
    response = social.post(page_of("follow-up-delete", follow_up.pk), {"opened_version": version})
    assert response.url == follow_up.get_absolute_url()
    assert said(response) == [
        "Ce suivi a été modifié pendant que vous décidiez : relisez-le avant de le supprimer."
    ]
    assert FollowUp.objects.count() == 1


# Whom to follow


def named(first_name: str, days_ago: int | None = None, **contract):
    person = make_beneficiary(last_name="Exemple", first_name=first_name)
    if contract:
        make_contract(person, **contract)
    else:
        make_running_contract(person)
    if days_ago is not None:
        make_follow_up(person, on=today() - days_ago * DAY, kind="after_exit" if contract else "interview")
    return person


def names(rows) -> list[str]:
    return [each.row.person.first_name for each in rows]


def test_those_nobody_saw_come_first(social):
    named("Zoé", 3)
    named("Karim", 40)
    named("Lucie")
    named("Parti", start=today() - 300 * DAY, end=today() - 10 * DAY)
    response = social.get(page_of("follow-up-start"))
    found = response.context["found"]
    assert (names(found.present), names(found.others)) == (["Lucie", "Karim", "Zoé"], [])
    assert [each.days for each in found.present] == [None, 40, 3]
    assert "il y a 40 jours" in text_of(response)


def test_searching_answers_a_fragment_in_any_order_without_accents(social):
    named("Zoé")
    named("Karim")
    named("Zoélie", start=today() - 300 * DAY, end=today() - 10 * DAY)
    response = social.get(page_of("follow-up-start"), {"q": "zoe exemple"}, **HTMX)
    found = response.context["found"]
    assert (names(found.present), names(found.others)) == (["Zoé"], ["Zoélie"])
    assert "<html" not in text_of(response)


def test_enter_on_a_single_match_opens_its_form(social):
    zoe = named("Zoé")
    named("Karim")
    response = social.get(page_of("follow-up-start"), {"q": "zoe"})
    assert response.url == page_of("follow-up-create", zoe.pk)
    assert "Personne ne porte ce nom" in text_of(social.get(page_of("follow-up-start"), {"q": "wxyz"}))
    # A lone person is no choice as long as nobody is sought.
    assert social.get(page_of("follow-up-start"), {"q": " -,"}).status_code == HTTPStatus.OK


def test_the_way_to_a_follow_up_is_for_those_who_write_them(social, supervising):
    person = named("Zoé")
    start, form = page_of("follow-up-start"), page_of("follow-up-create", person.pk)
    assert f'href="{start}"' in text_of(social.get("/"))
    assert f'href="{form}"' in text_of(social.get(person.get_absolute_url()))
    assert f'href="{start}"' not in text_of(supervising.get("/"))
    assert f'href="{form}"' not in text_of(supervising.get(person.get_absolute_url()))


# What it costs


def everything(worker, number: int):
    """Somebody with that many follow-ups, each with its note, topics and what came of it."""
    person = make_beneficiary()
    make_running_contract(person)
    for index in range(number):
        follow_up = make_follow_up(
            person, by=worker, topics=("housing", "health"), note=NOTE, on=today() - index * DAY
        )
        make_appointment(worker, person, set_by=follow_up, on=today() + DAY)
        make_appointment(worker, person, held_as=follow_up)
        make_step(person, follow_up=follow_up, worker=worker)
        make_barrier(person, follow_up=follow_up, assessed_on=today() - index * DAY)
    return person


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("follow-up-list", 11), ("follow-up-create", 13)],
)
def test_pages_of_a_person_cost_the_same_whatever_the_number(
    social, social_worker, django_assert_num_queries, name, queries, number
):
    url = page_of(name, everything(social_worker, number).pk)
    with django_assert_num_queries(queries):
        social.get(url)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("follow-up-detail", 14), ("follow-up-edit", 11)])
def test_pages_of_a_follow_up_cost_the_same_whatever_came_of_it(
    social, social_worker, django_assert_num_queries, name, queries, number
):
    person = everything(social_worker, 1)
    follow_up = person.follow_ups.get()
    for _ in range(number - 1):
        make_step(person, follow_up=follow_up, worker=social_worker)
        make_appointment(social_worker, person, set_by=follow_up, on=today() + DAY)
    url = page_of(name, follow_up.pk)
    social.get(url)  # what a process reads once, the first page reads
    with django_assert_num_queries(queries):
        social.get(url)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("text", "queries"), [("", 8), ("exemple", 12)])
def test_the_start_page_costs_the_same_whatever_the_number(
    social, social_worker, django_assert_num_queries, number, text, queries
):
    for index in range(number):
        everything(social_worker, 1)
        named("Parti" + "ab"[index % 2] * index, start=today() - 300 * DAY, end=today() - 10 * DAY)
    with django_assert_num_queries(queries):
        social.get(page_of("follow-up-start"), {"q": text}, **HTMX)


def test_a_stranger_to_the_roles_sees_none_of_it(db, django_user_model, social_worker):
    follow_up = make_follow_up(by=social_worker, note=NOTE)
    client = signed_in_client(django_user_model.objects.create_user("sans-role@example.org", "x"))
    for name in ("follow-up-detail", "follow-up-edit", "follow-up-note", "follow-up-delete"):
        assert client.get(page_of(name, follow_up.pk)).status_code == HTTPStatus.NOT_FOUND
