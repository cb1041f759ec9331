"""Freins, steps and the project on a person's page: in place, without JavaScript, by role, and two at once."""

from http import HTTPStatus

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from beneficiaries.models import BarrierAssessment, CareerProject, Step
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, ProjectStage, StepStatus, Theme
from confluences.actions import save_recorded
from confluences.enums import Role
from tests.beneficiaries.factories import (
    DAY,
    make_barrier,
    make_beneficiary,
    make_project,
    make_step,
    today,
)
from tests.beneficiaries.test_views import sent_version

IN_PLACE = {"HTTP_HX_REQUEST": "true"}
NAMES = [
    "barrier-list",
    "barrier-assess",
    "barrier-edit",
    "step-list",
    "step-create",
    "step-edit",
    "step-close",
    "step-reopen",
    "step-delete",
    "project-create",
    "project-edit",
]


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


def url(name: str, *arguments) -> str:
    return reverse(f"beneficiaries:{name}", args=arguments)


def page_of(response) -> str:
    return response.content.decode()


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def is_panel(response) -> bool:
    """A fragment, not a page."""
    return "<html" not in page_of(response)


# Who opens what


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_find_nothing(clients, role, method):
    person = make_beneficiary()
    rows = {
        "barrier-edit": make_barrier(person),
        "step": make_step(person),
        "project-edit": make_project(person),
    }
    for name in NAMES:
        row = rows.get(name) or (rows["step"] if name in NAMES[5:9] else person)
        arguments = [row.pk, "housing"] if name == "barrier-assess" else [row.pk]
        response = getattr(clients[role], method)(url(name, *arguments), **IN_PLACE)
        assert (name, response.status_code) == (name, HTTPStatus.NOT_FOUND)


def test_the_administrators_page_of_a_person_tells_nothing_of_it(clients):
    person = make_beneficiary()
    make_barrier(person)
    page = page_of(clients[Role.ADMINISTRATOR].get(person.get_absolute_url()))
    assert not any(word in page for word in ("Freins", "Démarches", "Projet professionnel", "logement"))


def test_the_supervisor_reads_but_writes_nothing(clients):
    person = make_beneficiary()
    step, barrier, project = make_step(person), make_barrier(person), make_project(person)
    client = clients[Role.SUPERVISOR]
    page = page_of(client.get(person.get_absolute_url()))
    assert all(word in page for word in ("Appeler le bailleur", "Freins, de l’entrée", "à définir"))
    assert not any(word in page for word in ("Évaluer", "Fait<", "Faire avancer", "Santé", "Justice"))
    for name, arguments in [
        ("barrier-assess", [person.pk, "housing"]),
        ("barrier-edit", [barrier.pk]),
        ("step-close", [step.pk]),
        ("step-edit", [step.pk]),
        ("project-edit", [project.pk]),
    ]:
        assert client.post(url(name, *arguments)).status_code == HTTPStatus.NOT_FOUND
    for name in ("barrier-list", "step-list"):
        assert client.get(url(name, person.pk)).status_code == HTTPStatus.OK


def test_health_and_justice_are_in_no_panel_of_the_supervisor(clients):
    person = make_beneficiary()
    make_barrier(person, axis=Theme.HEALTH, effect="canari")
    make_step(person, theme=Theme.JUSTICE, action="canari")
    client = clients[Role.SUPERVISOR]
    for address in (person.get_absolute_url(), url("barrier-list", person.pk), url("step-list", person.pk)):
        page = page_of(client.get(address)).lower()
        assert not any(word in page for word in ("canari", "santé", "justice"))


@pytest.mark.parametrize("axis", ["career", "zz", "HOUSING"])
def test_an_axis_that_does_not_exist_is_not_found(social, axis):
    person = make_beneficiary()
    assert social.get(url("barrier-assess", person.pk, axis)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", [name for name in NAMES if name != "barrier-assess"])
def test_unknown_rows_are_not_found(social, name):
    for pk in (999_999, 10**30):
        assert social.post(url(name, pk)).status_code == HTTPStatus.NOT_FOUND


# Freins


def test_a_frein_is_assessed_in_place(social, social_worker):
    person = make_beneficiary()
    address = url("barrier-assess", person.pk, "health")
    opened = social.get(address, **IN_PLACE)
    assert is_panel(opened)
    assert "Santé : lu par les travailleurs sociaux seulement." in page_of(opened)
    assert "Jamais un diagnostic, jamais un délit." in page_of(opened)
    data = {"level": "4", "status": "identified", "effect": "Exemple", "assessed_on": today().isoformat()}
    response = social.post(address, data, **IN_PLACE)
    assert (response.status_code, is_panel(response)) == (HTTPStatus.OK, True)
    assert "Santé : l’évaluation est enregistrée." in page_of(response)
    assert "Santé : fort" in page_of(response)
    found = BarrierAssessment.objects.get()
    assert (found.axis, found.level, found.created_by) == (Theme.HEALTH, BarrierLevel.HIGH, social_worker)


def test_a_wrong_assessment_comes_back_filled_in_its_place(social):
    person = make_beneficiary()
    data = {"level": "", "status": "identified", "effect": "Exemple", "assessed_on": today().isoformat()}
    response = social.post(url("barrier-assess", person.pk, "housing"), data, **IN_PLACE)
    assert (response.status_code, is_panel(response)) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    assert 'value="Exemple"' in page_of(response)


def test_two_people_who_assess_one_axis_on_one_day_see_both(social, supervisor):
    person = make_beneficiary()
    make_barrier(person, effect="Exemple A")
    data = {"level": "2", "status": "identified", "effect": "Exemple B", "assessed_on": today().isoformat()}
    response = social.post(url("barrier-assess", person.pk, "housing"), data, **IN_PLACE)
    assert response.status_code == HTTPStatus.CONFLICT
    assert all(text in page_of(response) for text in ("Exemple A", "Exemple B"))
    assert BarrierAssessment.objects.get().effect == "Exemple A"


def test_without_javascript_an_assessment_is_a_page(social):
    person = make_beneficiary()
    address = url("barrier-assess", person.pk, "housing")
    opened = page_of(social.get(address))
    assert "Lu par les travailleurs sociaux et la direction. Jamais un diagnostic" in opened
    data = {"level": "1", "status": "identified", "assessed_on": today().isoformat()}
    response = social.post(address, data)
    assert response.url == f"{person.get_absolute_url()}#freins"
    assert said(response) == ["Logement : l’évaluation est enregistrée."]


def test_an_assessment_is_corrected(social):
    barrier = make_barrier()
    address = url("barrier-edit", barrier.pk)
    data = {"level": "3", "status": "in_progress", "assessed_on": (today() - DAY).isoformat()}
    social.post(address, data | {"opened_version": sent_version(social.get(address))})
    found = BarrierAssessment.objects.get()
    assert (found.level, found.status, found.assessed_on) == (3, BarrierStatus.IN_PROGRESS, today() - DAY)


def test_the_history_says_who_said_what_and_when(social, social_worker):
    person = make_beneficiary()
    for days, level in ((40, BarrierLevel.HIGH), (0, BarrierLevel.LOW)):
        row = BarrierAssessment(
            beneficiary=person, axis=Theme.HOUSING, level=level, assessed_on=today() - days * DAY
        )
        save_recorded(row, by=social_worker)
    page = " ".join(page_of(social.get(url("barrier-list", person.pk))).split())
    assert f"{today() - 40 * DAY:%d/%m/%Y} : <strong>fort</strong>, identifié" in page
    assert f"par {social_worker}" in page
    assert "fort → faible" in page


def test_a_new_person_is_told_how_to_begin_and_what_levels_mean(social):
    page = page_of(social.get(make_beneficiary().get_absolute_url()))
    assert "Aucun frein évalué" in page
    assert "Aucune démarche" in page
    assert "Projet pas encore posé" in page
    assert "empêche de travailler ou de chercher, à traiter d’abord" in page
    assert "plus le niveau monte, plus cela gêne" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_panel_of_freins_costs_the_same_whatever_the_history(social, django_assert_num_queries, rows):
    person = make_beneficiary()
    for days in range(rows):
        make_barrier(person, assessed_on=today() - days * DAY)
    with django_assert_num_queries(7):
        social.get(url("barrier-list", person.pk), **IN_PLACE)


# Steps


def close(client, step, version=None, name="step-close", **extra):
    return client.post(url(name, step.pk), {"opened_version": version or step.version}, **extra)


def test_one_tap_finishes_a_step_and_one_reopens_it(social, social_worker):
    step = make_step()
    response = close(social, step, **IN_PLACE)
    assert (response.status_code, is_panel(response)) == (HTTPStatus.OK, True)
    assert "« Appeler le bailleur » est faite." in page_of(response)
    step.refresh_from_db()
    assert (step.status, step.closed_on, step.updated_by) == (StepStatus.DONE, today(), social_worker)
    response = close(social, step, name="step-reopen", **IN_PLACE)
    assert "est de nouveau à faire." in page_of(response)
    step.refresh_from_db()
    assert (step.status, step.closed_on) == (StepStatus.OPEN, None)


def test_without_javascript_the_tap_leads_back_to_the_person(social):
    step = make_step()
    response = close(social, step)
    assert response.url == f"{step.beneficiary.get_absolute_url()}#demarches"
    assert said(response) == ["« Appeler le bailleur » est faite."]


@pytest.mark.parametrize("extra", [IN_PLACE, {}], ids=["in place", "page"])
def test_two_people_who_close_one_step(social, supervisor, extra):
    step = make_step()
    opened = step.version
    step.status, step.closed_on, step.result = StepStatus.DROPPED, today(), "Exemple de résultat"
    save_recorded(step, by=supervisor)
    response = close(social, step, version=opened, **extra)
    assert (response.status_code, is_panel(response)) == (HTTPStatus.CONFLICT, bool(extra))
    page = page_of(response)
    assert f"{supervisor} a modifié « Appeler le bailleur » à" in page
    assert "Exemple de résultat" in page
    found = Step.objects.get()
    assert (found.status, found.version) == (StepStatus.DROPPED, step.version)


@pytest.mark.parametrize("version", ["", "zz", "9" * 5000])
def test_a_tap_without_its_version_changes_nothing(social, version):
    step = make_step()
    response = social.post(url("step-close", step.pk), {"opened_version": version}, **IN_PLACE)
    assert response.status_code == HTTPStatus.CONFLICT
    assert Step.objects.get().status == StepStatus.OPEN


def test_a_step_that_opens_tomorrow_is_not_done_today(social):
    step = make_step(opened_on=today() + DAY)
    response = close(social, step, **IN_PLACE)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "La démarche se termine avant d’être ouverte" in page_of(response)


def test_a_tap_is_a_post(social):
    assert social.get(url("step-close", make_step().pk)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_step_is_created_then_changed(social, social_worker):
    person = make_beneficiary()
    opened = social.get(url("step-create", person.pk))
    assert opened.context["form"]["worker"].value() == social_worker.pk
    data = {
        "theme": "mobility",
        "action": "S’inscrire au code",
        "worker": social_worker.pk,
        "side": "external",
        "partner": "Auto-école Exemple",
        "opened_on": today().isoformat(),
        "due": (today() + DAY).isoformat(),
        "status": "open",
    }
    assert social.post(url("step-create", person.pk), data).url == f"{person.get_absolute_url()}#demarches"
    step = Step.objects.get()
    assert (step.worker, step.partner, step.created_by) == (
        social_worker,
        "Auto-école Exemple",
        social_worker,
    )
    address = url("step-edit", step.pk)
    changed = data | {"minutes": "20", "opened_version": sent_version(social.get(address))}
    social.post(address, changed)
    assert Step.objects.get().minutes == 20


def test_a_wrong_step_comes_back_filled(social):
    person = make_beneficiary()
    data = {"theme": "housing", "action": "Exemple", "minutes": "2000", "opened_on": today().isoformat()}
    response = social.post(url("step-create", person.pk), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="Exemple"' in page_of(response)
    assert 'value="2000"' in page_of(response)


def test_a_step_is_deleted_after_a_question(social):
    step = make_step()
    assert "Supprimer définitivement" in page_of(social.get(url("step-delete", step.pk)))
    assert Step.objects.count() == 1
    response = social.post(url("step-delete", step.pk), {"opened_version": step.version})
    assert (response.url, said(response)) == (step.get_absolute_url(), ["La démarche est supprimée."])
    assert Step.objects.count() == 0


def test_a_step_changed_meanwhile_is_not_deleted(social, supervisor):
    step = make_step()
    opened = step.version
    save_recorded(step, by=supervisor)
    response = social.post(url("step-delete", step.pk), {"opened_version": opened})
    assert response.status_code == HTTPStatus.CONFLICT
    assert "Rien n’a été écrit" in page_of(response)
    assert Step.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_panel_of_steps_costs_the_same_whatever_their_number(
    social, social_worker, django_assert_num_queries, rows
):
    person = make_beneficiary()
    for _each in range(rows):
        make_step(person, worker=social_worker)
        make_step(person, worker=social_worker, status=StepStatus.DONE, closed_on=today())
    with django_assert_num_queries(6):
        social.get(url("step-list", person.pk), **IN_PLACE)


# Professional project


def test_the_project_moves_on(social):
    person = make_beneficiary()
    make_project(person, decided_on=today() - DAY, job="Jardinier", stage=ProjectStage.EXPLORED)
    opened = social.get(url("project-create", person.pk))
    assert opened.context["form"]["job"].value() == "Jardinier"
    assert '<option value="Jardinier">' in page_of(opened)
    data = {"stage": "validated", "job": "Jardinier", "rome_code": "a1203", "decided_on": today().isoformat()}
    response = social.post(url("project-create", person.pk), data)
    assert response.url == f"{person.get_absolute_url()}#projet"
    assert [(row.stage, row.rome_code) for row in CareerProject.objects.all()] == [
        ("explored", ""),
        ("validated", "A1203"),
    ]
    page = " ".join(page_of(social.get(person.get_absolute_url())).split())
    assert page.count('aria-current="step"') == 1
    assert "ROME A1203" in page


def test_a_second_change_on_one_day_edits_that_day(social):
    project = make_project()
    response = social.get(url("project-create", project.beneficiary_id))
    assert response.url == url("project-edit", project.pk)
    page = social.get(response.url)
    data = {"stage": "explored", "decided_on": today().isoformat(), "opened_version": sent_version(page)}
    social.post(response.url, data)
    assert [row.stage for row in CareerProject.objects.all()] == ["explored"]


def test_a_day_that_already_has_a_stage_is_not_written_over(social):
    project = make_project()
    data = {"stage": "explored", "decided_on": today().isoformat()}
    response = social.post(url("project-create", project.beneficiary_id), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Le projet a déjà changé ce jour-là" in page_of(response)
    assert CareerProject.objects.get().stage == ProjectStage.TO_DEFINE


# The journey


def test_freins_stand_on_the_journey_and_only_for_those_who_read_them(clients):
    person = make_beneficiary()
    make_barrier(person)
    make_barrier(person, axis=Theme.HEALTH)
    social, supervisor, administrator = (
        page_of(clients[role].get(person.get_absolute_url()))
        for role in (Role.SOCIAL_WORKER, Role.SUPERVISOR, Role.ADMINISTRATOR)
    )
    assert ("logement : fort" in social, "santé : fort" in social) == (True, True)
    assert ("logement : fort" in supervisor, "santé : fort" in supervisor) == (True, False)
    assert "logement : fort" not in administrator
