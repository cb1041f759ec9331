"""A form's page and its draft: how it comes back, what a conflict shows, when it goes."""

from http import HTTPStatus

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from beneficiaries.models import FollowUp
from beneficiaries.support_enums import Theme
from confluences import drafts, formats
from confluences.enums import Role
from confluences.models import Draft
from outcomes.models import ExitReason
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_follow_up
from tests.confluences.test_drafts import FOLLOW_UP, TEXT, controls, follow_up_page, initial, save
from tests.worksites.factories import make_worksite


@pytest.fixture
def social(clients) -> Client:
    return clients[Role.SOCIAL_WORKER]


# When it comes back


def test_a_draft_comes_back_after_logout_on_any_device(social, social_worker):
    person = make_beneficiary()
    page = follow_up_page(person)
    save(
        social, social_worker, page, said=TEXT, on="2026-01-05", kind="phone", minutes="zz", topics=["health"]
    )
    social.logout()
    again = Client()
    again.force_login(social_worker)
    shown = initial(again, page)
    assert {name: shown[name] for name in ("said", "on", "minutes", "topics", "author_only")} == {
        "said": TEXT,
        "on": "2026-01-05",
        "minutes": "zz",
        "topics": ["health"],
        "author_only": False,
    }
    html = again.get(page).content.decode()
    assert f"Brouillon de {formats.hour(Draft.objects.get().saved_at)}." in html
    assert "La fiche a changé depuis" not in html


def test_a_page_without_a_draft_says_nothing_of_one(social):
    page = follow_up_page()
    html = social.get(page).content.decode()
    assert "Effacer le brouillon" not in html
    assert (f'data-draft-page="{page}"' in html, 'data-draft-since=""' in html) == (True, True)


def test_boxes_and_several_choices_come_back_as_they_were(clients, supervisor, instructor):
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    page, client = reverse("worksites:worksite-edit", args=[worksite.pk]), clients[Role.SUPERVISOR]
    assert initial(client, page)["instructors"] == [instructor.pk]
    save(client, supervisor, page, name="Arcueil", opened_version="1")
    assert initial(client, page)["instructors"] == []
    save(client, supervisor, page, instructors=[instructor.pk, "zz"], **controls(serial=2))
    assert initial(client, page)["instructors"] == [str(instructor.pk), "zz"]


def test_the_reason_of_a_drafted_exit_asks_its_questions(social, social_worker):
    person = make_contract().beneficiary
    page = reverse("outcomes:exit-create", args=[person.pk])
    reason = ExitReason.objects.get(code="9")
    save(social, social_worker, page, reason=reason.pk, employer="Paysages du Sud", left_on="2024-12-31")
    shown = initial(social, page)
    assert (shown["reason"], shown["employer"]) == (str(reason.pk), "Paysages du Sud")


def test_a_draft_of_a_row_that_changed_meanwhile_ends_in_a_conflict(social, social_worker):
    made = make_follow_up(said="Avant.", topics=[Theme.HOUSING])
    page = reverse("beneficiaries:follow-up-edit", args=[made.pk])
    data = {"on": made.on, "kind": made.kind, "minutes": 45, "medium": made.medium}
    save(social, social_worker, page, **data, said=TEXT, opened_version="1")
    colleague = data | {
        "said": "La collègue.",
        "topics": ["mobility"],
        "note": "Sa note.",
        "opened_version": "1",
    }
    assert social.post(page, colleague | {drafts.ELSEWHERE: "1"}).status_code == HTTPStatus.FOUND
    response = social.get(page)
    assert "La fiche a changé depuis" in response.content.decode()
    sent = {bound.name: bound.value() for bound in response.context["form"]} | {"note": "Ma note."}
    answer = social.post(page, sent)
    assert answer.status_code == HTTPStatus.CONFLICT
    shown = {each.label: (each.theirs, each.yours) for each in answer.context["form"].conflicts}
    said = TEXT.replace("\r\n", "\n")
    assert {label: shown[label] for label in ("Ce qui s’est dit", "Thèmes", "Note confidentielle")} == {
        "Ce qui s’est dit": ("La collègue.", said),
        "Thèmes": (Theme.MOBILITY.label, ""),
        "Note confidentielle": ("Sa note.", "Ma note."),
    }
    assert FollowUp.objects.get().said == "La collègue."
    assert Draft.objects.count() == 1


def test_a_conflict_without_a_visible_difference_is_a_conflict(social):
    made = make_follow_up()
    page = reverse("beneficiaries:follow-up-edit", args=[made.pk])
    same = {"on": made.on, "kind": made.kind, "minutes": 30, "medium": made.medium, "said": made.said}
    assert social.post(page, same | {"opened_version": "1"}).status_code == HTTPStatus.FOUND
    answer = social.post(page, same | {"opened_version": "1"})
    assert (answer.status_code, answer.context["form"].conflicts) == (HTTPStatus.CONFLICT, [])
    [message] = answer.context["form"].non_field_errors()
    assert message.endswith("identiques. Enregistrez à nouveau pour garder la vôtre.")


# When it goes


def test_saving_erases_the_draft_of_this_page_alone(social, social_worker):
    amina, karim = make_beneficiary(), make_beneficiary()
    for person in (amina, karim):
        save(social, social_worker, follow_up_page(person), said=TEXT)
    assert social.post(follow_up_page(amina), FOLLOW_UP).status_code == HTTPStatus.FOUND
    assert list(Draft.objects.values_list("page", flat=True)) == [follow_up_page(karim)]


def test_a_form_to_correct_keeps_its_draft(social, social_worker):
    page = follow_up_page()
    save(social, social_worker, page, said=TEXT)
    answer = social.post(page, FOLLOW_UP | {"minutes": "0"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Draft.objects.count() == 1
    assert "Effacer le brouillon" not in answer.content.decode()


def test_the_draft_goes_with_the_save_or_not_at_all(social, social_worker):
    page = follow_up_page()
    save(social, social_worker, page, said=TEXT)

    def failing(execute, sql, params, many, context):
        if sql.startswith("DELETE") and "confluences_draft" in sql:
            raise DatabaseError("the power went")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(failing), pytest.raises(DatabaseError):
        social.post(page, FOLLOW_UP)
    assert (FollowUp.objects.count(), Draft.objects.count()) == (0, 1)
    social.post(page, FOLLOW_UP)
    assert (FollowUp.objects.count(), Draft.objects.count()) == (1, 0)


def test_discarding_erases_one_draft_and_opens_the_page_anew(social, social_worker):
    amina, karim = follow_up_page(), follow_up_page()
    for page in (amina, karim):
        save(social, social_worker, page, said=TEXT)
    answer = social.post(reverse("draft-discard"), {"page": amina})
    assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, amina)
    assert not initial(social, amina)["said"]
    assert initial(social, karim)["said"] == TEXT
