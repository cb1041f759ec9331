"""Writes of social support: a follow-up and all that is typed with it, in one transaction."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from beneficiaries.models import (
    Appointment,
    BarrierAssessment,
    Beneficiary,
    CareerProject,
    ConfidentialNote,
    FollowUp,
    FollowUpTopic,
    Step,
)
from beneficiaries.support_enums import AppointmentOutcome, StepStatus, Theme
from confluences.actions import Conflict, save_recorded
from confluences.dates import add_days
from confluences.models import User

# A form that leaves twice, by a double tap or on a bad network, arrives twice within this time.
RESENT_WITHIN = dt.timedelta(minutes=5)
SAME_WORDS = ("beneficiary", "on", "kind", "minutes", "medium", "participants", "said", "decisions")
# A talk held a few days late is still the one that was planned.
DAYS_AN_APPOINTMENT_MOVES = 7


@dataclass(frozen=True, kw_only=True)
class NoteText:
    """A confidential note as typed; an empty text removes the note."""

    text: str
    author_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """What a follow-up sets going: unsaved rows of the same person."""

    appointment: Appointment | None = None
    steps: Sequence[Step] = ()
    barriers: Sequence[BarrierAssessment] = field(default=())


@transaction.atomic
def record_follow_up(
    follow_up: FollowUp,
    *,
    by: User,
    topics: Iterable[str],
    note: NoteText | None,
    outcomes: Outcomes,
    planned: Appointment | None = None,
) -> FollowUp:
    """Writes a new follow-up as save_follow_up does, once: the same form sent again leads to what it wrote before."""
    Beneficiary.objects.select_for_update().get(pk=follow_up.beneficiary_id)
    topics = set(topics)
    typed = {name: getattr(follow_up, name) for name in SAME_WORDS}
    since = timezone.now() - RESENT_WITHIN
    formers: Iterable[FollowUp] = FollowUp.objects.filter(**typed, created_by=by, created_at__gte=since)
    for former in formers:
        if _written_with(former) == _typed_with(topics, note, outcomes):
            return former
    return save_follow_up(follow_up, by=by, topics=topics, note=note, outcomes=outcomes, planned=planned)


def _typed_with(topics: set[str], note: NoteText | None, outcomes: Outcomes) -> tuple[object, ...]:
    """All that a form says beside the words of the follow-up itself."""
    return (
        topics,
        note.text.strip() if note else "",
        outcomes.appointment and (outcomes.appointment.on, outcomes.appointment.at),
        sorted(step.action for step in outcomes.steps),
        sorted((assessment.axis, assessment.level) for assessment in outcomes.barriers),
    )


def _written_with(follow_up: FollowUp) -> tuple[object, ...]:
    note = ConfidentialNote.objects.filter(follow_up=follow_up).first()
    topics = set(follow_up.topics.values_list("theme", flat=True))
    outcomes = Outcomes(
        appointment=follow_up.appointments_set.first(),
        steps=list(follow_up.steps.all()),
        barriers=list(follow_up.barriers.all()),
    )
    return _typed_with(topics, NoteText(text=note.text) if note else None, outcomes)


@transaction.atomic
def save_follow_up(
    follow_up: FollowUp,
    *,
    by: User | None,
    topics: Iterable[str],
    note: NoteText | None = None,
    outcomes: Outcomes | None = None,
    planned: Appointment | None = None,
) -> FollowUp:
    """Writes a follow-up with its topics, its confidential note and what comes of it.

    `follow_up.version` guards the whole: whoever changes the note changes the follow-up's version too. `topics` are
    those the writer may see; `note` is None where the writer may not read the one there is. A new follow-up holds the
    appointment it was opened from, `planned`, else the one that was planned for its day, or for the last days before.
    """
    Beneficiary.objects.select_for_update().get(pk=follow_up.beneficiary_id)
    is_new = follow_up.pk is None
    save_recorded(follow_up, by=by)
    _set_topics(follow_up, set(topics), by)
    if note is not None:
        _set_note(follow_up, note, by)
    if is_new:
        _hold_appointment(follow_up, planned, by)
    _save_outcomes(follow_up, outcomes or Outcomes(), by)
    return follow_up


@transaction.atomic
def assess_barrier(
    assessment: BarrierAssessment, *, by: User | None, seen: str | None = None
) -> BarrierAssessment:
    """Writes an assessment; a second one of the same axis on the same day corrects the first.

    `seen` is the stamp of that day's assessment when its writer began, empty where there was none: raises Conflict
    where it is another by now. Without it the last one to write is right.
    """
    Beneficiary.objects.select_for_update().get(pk=assessment.beneficiary_id)
    if assessment.pk is None:
        same = BarrierAssessment.objects.filter(
            beneficiary=assessment.beneficiary_id, axis=assessment.axis, assessed_on=assessment.assessed_on
        ).first()
        if same is not None:
            if seen is not None and seen != stamp(same):
                raise Conflict(same)
            same.level, same.status = assessment.level, assessment.status
            same.effect = assessment.effect or same.effect
            same.follow_up = assessment.follow_up or same.follow_up
            assessment = same
    return save_recorded(assessment, by=by)


@transaction.atomic
def save_project(project: CareerProject, *, by: User | None) -> CareerProject:
    """Writes a stage of somebody's project."""
    return save_recorded(project, by=by)


@transaction.atomic
def close_step(step: Step, *, status: StepStatus, on: dt.date, by: User | None) -> Step:
    """Says that a step is done or dropped; raises Conflict where somebody changed it meanwhile."""
    step.status, step.closed_on = status, on
    return save_recorded(step, by=by)


@transaction.atomic
def reopen_step(step: Step, *, by: User | None) -> Step:
    """Says that a step is not finished after all; raises Conflict where somebody changed it meanwhile."""
    step.status, step.closed_on = StepStatus.OPEN, None
    return save_recorded(step, by=by)


@transaction.atomic
def delete_step(step: Step) -> None:
    """Removes a step that was opened by mistake; raises Conflict where somebody changed it meanwhile."""
    current = Step.objects.select_for_update().get(pk=step.pk)
    if current.version != step.version:
        raise Conflict(current)
    current.delete()


@transaction.atomic
def delete_follow_up(follow_up: FollowUp, *, version: int) -> None:
    """Removes a follow-up with its topics and its note; the steps, freins and appointments that came of it stay.

    `version` is the one that was confirmed; raises Conflict where the follow-up has changed since.
    """
    Beneficiary.objects.select_for_update().get(pk=follow_up.beneficiary_id)
    current = FollowUp.objects.select_for_update().filter(pk=follow_up.pk).first()
    if current is None:  # somebody else was faster
        return
    if current.version != version:
        raise Conflict(current)
    current.delete()


@transaction.atomic
def close_appointment(
    appointment: Appointment, *, outcome: AppointmentOutcome, by: User | None
) -> Appointment:
    """Says that a planned talk did not take place."""
    appointment.outcome = outcome
    return save_recorded(appointment, by=by)


def stamp(assessment: BarrierAssessment | None) -> str:
    """Which assessment somebody saw, and in which version; empty for none."""
    return f"{assessment.pk}-{assessment.version}" if assessment else ""


def _set_topics(follow_up: FollowUp, wanted: set[str], by: User | None) -> None:
    """The topics that the writer may see become those wanted; the others stay."""
    rows = FollowUpTopic.objects.all() if by is None else FollowUpTopic.objects.visible_to(by)
    visible = rows.filter(follow_up=follow_up)
    for topic in visible.exclude(theme__in=wanted):
        topic.delete()
    known = set(visible.values_list("theme", flat=True))
    for theme in Theme:
        if theme in wanted - known:
            FollowUpTopic.objects.create(follow_up=follow_up, theme=theme)


def _set_note(follow_up: FollowUp, typed: NoteText, by: User | None) -> None:
    note = ConfidentialNote.objects.filter(follow_up=follow_up).first()
    if not typed.text.strip():
        if note is not None:
            note.delete()
        return
    note = note or ConfidentialNote(follow_up=follow_up)
    note.text, note.author_only = typed.text, typed.author_only
    save_recorded(note, by=by)


def _hold_appointment(follow_up: FollowUp, planned: Appointment | None, by: User | None) -> None:
    due = Appointment.objects.planned().filter(beneficiary=follow_up.beneficiary_id)
    if planned is not None:
        due = due.filter(pk=planned.pk)
    else:
        first = add_days(follow_up.on, -DAYS_AN_APPOINTMENT_MOVES)
        due = due.filter(on__range=(first, follow_up.on))
    appointment = due.select_for_update().order_by("-on", "-at").first()
    if appointment is not None:
        appointment.held_as = follow_up
        save_recorded(appointment, by=by)


def _save_outcomes(follow_up: FollowUp, outcomes: Outcomes, by: User | None) -> None:
    if outcomes.appointment is not None:
        outcomes.appointment.set_by = follow_up
        save_recorded(outcomes.appointment, by=by)
    for step in outcomes.steps:
        step.follow_up = follow_up
        save_recorded(step, by=by)
    for assessment in outcomes.barriers:
        assessment.follow_up = follow_up
        assess_barrier(assessment, by=by)
