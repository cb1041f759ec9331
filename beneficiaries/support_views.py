"""Freins, steps and the professional project: three panels of a person's page that refresh in place.

Every address also answers without JavaScript, as a page of its own.
"""

import datetime as dt
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from beneficiaries.barrier_reports import AxisState, axis_states, barrier_picture, level_meanings
from beneficiaries.models import BarrierAssessment, Beneficiary, CareerProject, Step
from beneficiaries.permissions import (
    can_read_follow_ups,
    get_axis,
    get_barrier,
    get_beneficiary,
    get_project,
    get_step,
)
from beneficiaries.project_reports import project_panel
from beneficiaries.step_reports import step_panel
from beneficiaries.support_actions import close_step, delete_step, reopen_step
from beneficiaries.support_enums import StepStatus, Theme
from beneficiaries.support_forms import DIRECTION, BarrierForm, ProjectForm, StepForm, VersionForm, readers
from confluences.actions import Conflict
from confluences.models import User
from confluences.pages import edit_page, posted

BARRIERS = "beneficiaries/barriers_panel.html"
STEPS = "beneficiaries/steps_panel.html"
# What a panel says of the last tap; a page that was just opened has none.
NOTHING_DONE = {
    "barrier_form": None,
    "barrier_done": "",
    "step_done": "",
    "step_problem": "",
    "step_changed": None,
}


def panels(user: User, person: Beneficiary, states: list[AxisState], today: dt.date) -> dict[str, object]:
    """What the three panels of a person's page show; nothing where this user may not read follow-ups."""
    if not can_read_follow_ups(user):
        return {"may_read_follow_ups": False}
    return {
        "may_read_follow_ups": True,
        "steps": step_panel(user, person, today),
        "project": project_panel(user, person),
        **_barriers(states),
        **NOTHING_DONE,
    }


# Freins


def barrier_list(request, pk):
    return _barrier_panel(request, get_beneficiary(request.user, pk))


def barrier_assess(request, pk, axis):
    person, axis = get_beneficiary(request.user, pk), get_axis(request.user, axis)
    rows = BarrierAssessment.objects.visible_to(request.user).filter(beneficiary=person, axis=axis)
    instance = BarrierAssessment(beneficiary=person, axis=axis)
    form = BarrierForm(posted(request), instance=instance, latest=rows.order_by("assessed_on", "pk").last())
    done = f"{capfirst(axis.label)} : l’évaluation est enregistrée."
    if not request.htmx:
        return _barrier_page(request, form, title=f"Évaluer un frein : {axis.label}", done=done)
    saved = request.method == "POST" and form.save_by(request.user) is not None
    return _barrier_panel(request, person, form=None if saved else form, done=done if saved else "")


def barrier_edit(request, pk):
    assessment = get_barrier(request.user, pk)
    form = BarrierForm(posted(request), instance=assessment)
    title = f"Corriger une évaluation : {Theme(assessment.axis).label}"
    return _barrier_page(request, form, title=title, done="L’évaluation est corrigée.")


def _barrier_page(request, form, *, title, done):
    form.readers = readers(request.user, form.axis)
    return edit_page(
        request,
        form,
        title=title,
        done=done,
        back=form.instance.beneficiary,
        template="beneficiaries/barrier_form.html",
    )


def _barrier_panel(request, person, *, form=None, done=""):
    if form is not None:
        form.readers = readers(request.user, form.axis)
    states = axis_states(request.user, person, timezone.localdate())
    context = {"person": person, "barrier_form": form, "barrier_done": done, **_barriers(states)}
    return _panel(request, BARRIERS, context, status=form.status if form else HTTPStatus.OK)


def _barriers(states: list[AxisState]) -> dict[str, object]:
    return {
        "assessed": [state for state in states if state.latest],
        "unassessed": [state for state in states if not state.latest],
        "picture": barrier_picture(states),
        "direction": DIRECTION,
        "meanings": [(f"{value} · {label}", meaning) for value, label, meaning in level_meanings()],
    }


# Steps


def step_list(request, pk):
    return _step_panel(request, get_beneficiary(request.user, pk))


def step_create(request, pk):
    person = get_beneficiary(request.user, pk)
    form = StepForm(posted(request), instance=Step(beneficiary=person), user=request.user)
    return edit_page(
        request, form, title="Nouvelle démarche", done="La démarche est enregistrée.", back=person
    )


def step_edit(request, pk):
    step = get_step(request.user, pk)
    form = StepForm(posted(request), instance=step, user=request.user)
    return edit_page(
        request,
        form,
        title="Modifier la démarche",
        done="La démarche est enregistrée.",
        back=step.beneficiary,
        template="beneficiaries/step_form.html",
    )


@require_POST
def step_close(request, pk):
    def close(step):
        close_step(step, status=StepStatus.DONE, on=timezone.localdate(), by=request.user)

    return _change_step(request, pk, close, done="est faite.")


@require_POST
def step_reopen(request, pk):
    def reopen(step):
        reopen_step(step, by=request.user)

    return _change_step(request, pk, reopen, done="est de nouveau à faire.")


def step_delete(request, pk):
    step = get_step(request.user, pk)
    problem = ""
    if request.method == "POST":
        step.version = VersionForm(request.POST).version
        try:
            delete_step(step)
        except Conflict as conflict:
            step, problem = conflict.current, _changed_meanwhile(conflict)
        else:
            messages.success(request, "La démarche est supprimée.")
            return redirect(step)
    context = {"step": step, "problem": problem}
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return render(request, "beneficiaries/step_delete.html", context, status=status)


def _change_step(request, pk, change, *, done):
    """One tap on a step: the panel comes back with what was done, or with the reason why not."""
    step = get_step(request.user, pk)
    step.version = VersionForm(request.POST).version
    try:
        change(step)
    except Conflict as conflict:
        problem = _changed_meanwhile(conflict)
        return _step_panel(request, step.beneficiary, problem=problem, status=HTTPStatus.CONFLICT)
    except ValidationError as error:
        problem = " ".join(error.messages)
        return _step_panel(request, step.beneficiary, problem=problem, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    sentence = f"« {step.action} » {done}"
    if not request.htmx:
        messages.success(request, sentence)
        return redirect(step)
    return _step_panel(request, step.beneficiary, done=sentence, changed=step)


def _changed_meanwhile(conflict: Conflict) -> str:
    current = conflict.current
    moment = timezone.localtime(current.updated_at)
    who = current.updated_by or "Quelqu’un"
    return (
        f"{who} a modifié « {current.action} » à {moment:%H h %M}, après l’ouverture de cette page. Rien n’a été écrit "
        "par-dessus : la voici telle qu’elle est maintenant ; recommencez s’il le faut."
    )


def _step_panel(request, person, *, done="", problem="", changed=None, status=HTTPStatus.OK):
    context = {
        "person": person,
        "steps": step_panel(request.user, person, timezone.localdate()),
        "step_done": done,
        "step_problem": problem,
        "step_changed": changed,
    }
    return _panel(request, STEPS, context, status=status)


# Professional project


def project_create(request, pk):
    """The next stage begins as the last one; a second change on one day corrects that day's."""
    person = get_beneficiary(request.user, pk)
    today = timezone.localdate()
    latest = project_panel(request.user, person).latest
    if latest is not None and latest.decided_on == today and request.method == "GET":
        return redirect("beneficiaries:project-edit", latest.pk)
    initial = {"decided_on": today}
    if latest is not None:
        initial |= {"stage": latest.stage, "job": latest.job, "rome_code": latest.rome_code}
        initial |= {"detail": latest.detail}
    form = ProjectForm(
        posted(request), instance=CareerProject(beneficiary=person), initial=initial, user=request.user
    )
    title = "Faire avancer le projet" if latest else "Projet professionnel"
    return _project_page(request, form, title)


def project_edit(request, pk):
    project = get_project(request.user, pk)
    form = ProjectForm(posted(request), instance=project, user=request.user)
    return _project_page(request, form, f"Projet professionnel, étape du {project.decided_on:%d/%m/%Y}")


def _project_page(request, form, title):
    return edit_page(
        request,
        form,
        title=title,
        done="Le projet professionnel est enregistré.",
        back=form.instance.beneficiary,
        template="beneficiaries/project_form.html",
    )


def _panel(request, template, context, *, status):
    """A panel alone where htmx refreshes it, else within a page."""
    if request.htmx:
        return render(request, template, context, status=status)
    return render(request, "beneficiaries/panel_page.html", context | {"panel": template}, status=status)
