"""What may be typed about freins, steps and the project, and what comes back with which words."""

import pytest

from beneficiaries.models import BarrierAssessment, CareerProject, Step
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, ProjectStage, StepStatus, Theme
from beneficiaries.support_forms import BarrierForm, ProjectForm, StepForm, active_social_workers
from confluences.enums import Role
from confluences.models import User
from confluences.rights import grant
from tests.beneficiaries.factories import DAY, make_barrier, make_beneficiary, make_project, make_step, today

pytestmark = pytest.mark.django_db
NOVEL = "é🌳x" * 100_000

BARRIER = {"level": "3", "status": "identified", "effect": "Exemple", "assessed_on": ""}
STEP = {"theme": "housing", "action": "Appeler le bailleur", "side": "internal", "status": "open"}
PROJECT = {"stage": "explored", "job": "Jardinier", "rome_code": "A1203"}


def barrier_form(data: dict, person=None, latest=None, **kwargs) -> BarrierForm:
    instance = BarrierAssessment(beneficiary=person or make_beneficiary(), axis=Theme.HOUSING)
    return BarrierForm(
        {"assessed_on": today().isoformat()} | data, instance=instance, latest=latest, **kwargs
    )


def step_form(user, **data) -> StepForm:
    data = STEP | {"opened_on": today().isoformat()} | data
    return StepForm(data, instance=Step(beneficiary=make_beneficiary()), user=user)


def project_form(user, **data) -> ProjectForm:
    data = PROJECT | {"decided_on": today().isoformat()} | data
    return ProjectForm(data, instance=CareerProject(beneficiary=make_beneficiary()), user=user)


def errors(form) -> dict[str, list[str]]:
    form.is_valid()
    return {name: list(messages) for name, messages in form.errors.items()}


# Freins


def test_every_level_stands_on_the_form_with_its_meaning():
    assert [label for _value, label in BarrierForm(instance=BarrierAssessment(beneficiary=make_beneficiary())).fields["level"].choices] == [
        "0 · non évalué : on n’en a pas encore parlé",
        "1 · pas un frein : ne gêne ni le travail ni la recherche d’emploi",
        "2 · faible : gêne parfois, la personne s’en arrange",
        "3 · moyen : gêne souvent, il faut agir pendant le parcours",
        "4 · fort : empêche de travailler ou de chercher, à traiter d’abord",
    ]  # fmt: skip


def test_an_assessment_begins_as_the_axis_stands():
    person = make_beneficiary()
    latest = make_barrier(person, status=BarrierStatus.REFERRED, effect="Exemple", assessed_on=today() - DAY)
    form = BarrierForm(instance=BarrierAssessment(beneficiary=person, axis=Theme.HOUSING), latest=latest)
    names = ("level", "status", "effect", "assessed_on", "seen")
    assert [form[name].value() for name in names] == [4, "referred", "Exemple", today(), None]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"level": ""}, {"level": ["Ce champ est obligatoire."]}),
        (
            {"status": "lifted"},
            {
                "level": [
                    "Un frein levé ne gêne plus : choisissez « faible » ou « pas un frein », ou un autre état."
                ]
            },
        ),
        (
            {"assessed_on": "9999-12-31"},
            {"assessed_on": ["Cette date n’est pas encore passée : vérifiez-la."]},
        ),
        (
            {"assessed_on": "0206-01-01"},
            {"assessed_on": ["Cette date est avant la naissance de la personne : vérifiez l’année."]},
        ),
        (
            {"effect": "x" * 251},
            {"effect": ["Assurez-vous que cette valeur comporte au plus 250 caractères (actuellement 251)."]},
        ),
    ],
)
def test_assessments_refused(data, found):
    form = barrier_form(BARRIER | {"assessed_on": today().isoformat()} | data)
    assert errors(form) == found
    assert form["effect"].value() == data.get("effect", "Exemple")


def test_a_second_assessment_of_a_day_corrects_it_for_whoever_saw_the_first(social_worker):
    person = make_beneficiary()
    first = make_barrier(person)
    opened = BarrierForm(instance=BarrierAssessment(beneficiary=person, axis=Theme.HOUSING), latest=first)
    typed = {"level": "2", "status": "in_progress", "seen": opened["seen"].value()}
    assert barrier_form(typed, person, first).save_by(social_worker) == first
    assert BarrierAssessment.objects.get().level == BarrierLevel.LOW


def test_a_colleagues_assessment_of_the_same_day_is_shown_not_written_over(social_worker, supervisor):
    person = make_beneficiary()
    first = make_barrier(person, effect="Exemple A")
    typed = {"level": "2", "status": "identified", "effect": "Exemple B", "seen": ""}
    form = barrier_form(typed, person, first)
    assert (form.save_by(social_worker), form.status) == (None, 409)
    assert [(each.label, each.theirs, each.yours) for each in form.conflicts] == [
        ("Niveau", "fort", "faible"),
        ("Effet sur le travail", "Exemple A", "Exemple B"),
    ]
    assert BarrierAssessment.objects.get().effect == "Exemple A"
    again = barrier_form(typed | {"seen": form["seen"].value()}, person, first)
    assert again.save_by(social_worker) == first
    assert BarrierAssessment.objects.get().effect == "Exemple B"


# Steps


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"theme": "", "action": ""}, {"theme": ["Ce champ est obligatoire."], "action": ["Ce champ est obligatoire."]}),
        (
            {"due": "2000-01-01"},
            {"due": ["L’échéance est avant l’ouverture de la démarche : vérifiez les deux dates."]},
        ),
        (
            {"status": "done"},
            {"closed_on": ["Indiquez le jour où la démarche a été faite ou abandonnée."]},
        ),
        (
            {"status": "done", "closed_on": "2000-01-01"},
            {"closed_on": ["La démarche se termine avant d’être ouverte : vérifiez les deux dates."]},
        ),
        (
            {"status": "done", "closed_on": "9999-12-31"},
            {"closed_on": ["Cette date n’est pas encore passée : vérifiez-la."]},
        ),
        (
            {"minutes": "2000"},
            {"minutes": ["Un temps passé est en minutes : au plus 600, dix heures."]},
        ),
        ({"minutes": "-5"}, {"minutes": ["Assurez-vous que cette valeur est supérieure ou égale à 0."]}),
        (
            {"result": NOVEL},
            {
                "result": [
                    "Ce texte compte 300\u202f000 caractères, la limite est de 50\u202f000 : rien n’est perdu, "
                    "raccourcissez-le, ou joignez-le comme document."
                ]
            },
        ),
        ({"opened_on": "9999-12-31"}, {"opened_on": ["Cette date n’est pas encore passée : vérifiez-la."]}),
    ],
)  # fmt: skip
def test_steps_refused(social_worker, data, found):
    form = step_form(social_worker, **data)
    assert errors(form) == found
    assert all(form[name].value() == value for name, value in data.items())


def test_an_open_step_has_no_closing_day(social_worker):
    form = step_form(social_worker, closed_on=today().isoformat())
    assert errors(form) == {
        "closed_on": ["Une démarche à faire n’a pas de date de fin : effacez-la, ou choisissez « faite »."]
    }


def test_a_step_is_mine_by_default_and_may_be_the_persons(social_worker):
    form = StepForm(instance=Step(beneficiary=make_beneficiary()), user=social_worker)
    assert form["worker"].value() == social_worker.pk
    saved = step_form(social_worker, worker="").save_by(social_worker)
    assert (saved.worker, saved.minutes) == (None, 0)


def test_workers_are_the_active_social_workers_and_whoever_has_the_step(social_worker, supervisor):
    former = User.objects.create_user("partie@example.org", "x", is_active=False)
    grant(former, Role.SOCIAL_WORKER)
    assert list(active_social_workers(also=None)) == [social_worker]
    step = make_step(worker=former)
    assert set(StepForm(instance=step, user=social_worker).fields["worker"].queryset) == {
        social_worker,
        former,
    }


def test_a_done_step_is_saved_with_its_result(social_worker):
    data = {"status": "done", "closed_on": today().isoformat(), "minutes": "45", "result": "Fait 🌳\x01"}
    saved = step_form(social_worker, **data).save_by(social_worker)
    assert (saved.status, saved.closed_on, saved.minutes, saved.result) == (
        StepStatus.DONE,
        today(),
        45,
        "Fait 🌳",
    )


# Project


def test_a_rome_code_in_small_letters_is_accepted(social_worker):
    assert project_form(social_worker, rome_code=" a1203 ").save_by(social_worker).rome_code == "A1203"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (
            {"rome_code": "Z1203"},
            {"rome_code": ["Un code ROME est une lettre de A à N et quatre chiffres, par exemple A1203."]},
        ),
        (
            {"stage": "validated", "job": ""},
            {"job": ["À cette étape le projet vise un métier : indiquez lequel."]},
        ),
        ({"decided_on": "9999-12-31"}, {"decided_on": ["Cette date n’est pas encore passée : vérifiez-la."]}),
    ],
)
def test_projects_refused(social_worker, data, found):
    form = project_form(social_worker, **data)
    assert errors(form) == found
    assert all(form[name].value() == value for name, value in data.items())


def test_jobs_already_typed_are_suggested(social_worker):
    make_project(stage=ProjectStage.VALIDATED, job="Cuisinier")
    make_project(stage=ProjectStage.VALIDATED, job="Jardinier", rome_code="A1203")
    form = project_form(social_worker)
    assert form.jobs == [("Cuisinier", ""), ("Jardinier", "A1203")]
    assert form.codes == [("Jardinier", "A1203")]
