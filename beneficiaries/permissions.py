"""Who may open what of a person's file. What one may not see does not exist: every helper answers 404."""

from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from beneficiaries.models import (
    Appointment,
    BarrierAssessment,
    Beneficiary,
    CareerProject,
    ConfidentialNote,
    Contract,
    Document,
    EntrySituation,
    FollowUp,
    Pass,
    Prolongation,
    ProtectedSituation,
    Step,
    Suspension,
)
from beneficiaries.support_enums import Theme
from confluences.enums import Role
from confluences.models import User


def can_read_situations(user: User) -> bool:
    """The situation at entry is for those who support or steer, not for the instructor on the site."""
    return user.has_perm("beneficiaries.view_entrysituation")


def can_read_protected(user: User) -> bool:
    """Health and justice: social workers alone."""
    return user.has_perm("beneficiaries.view_protectedsituation")


def can_read_follow_ups(user: User) -> bool:
    """What was said, freins, steps and the project: social workers and the supervisor."""
    return user.has_perm("beneficiaries.view_followup")


def visible_themes(user: User) -> list[Theme]:
    """The themes that this user may read about: all, or all but health and justice."""
    return [theme for theme in Theme if can_read_protected(user) or theme not in Theme.protected()]


def get_axis(user: User, value: str) -> Theme:
    """The axis of an address. One that does not exist and one that is not this user's to see answer the same."""
    axis = next((axis for axis in Theme.axes() if axis.value == value), None)
    if axis is None or axis not in visible_themes(user):
        raise Http404
    return axis


def visible_people(user: User) -> QuerySet[Beneficiary]:
    return Beneficiary.objects.visible_to(user, timezone.localdate())


def possible_referents(person: Beneficiary | None = None) -> QuerySet[User]:
    """The social workers who may follow somebody, and whoever follows this person already."""
    eligible = Q(
        pk__in=User.objects.filter(groups__name=Role.SOCIAL_WORKER.label, is_active=True).values("pk")
    )
    if person is not None:
        eligible |= Q(pk=person.referent_id)
    return User.objects.filter(eligible)


def get_beneficiary(user: User, pk: int) -> Beneficiary:
    return get_object_or_404(visible_people(user), pk=pk)


def get_situation(user: User, pk: int) -> EntrySituation:
    return _of_visible_person(EntrySituation, user, pk)


def get_protected(user: User, situation_pk: int) -> ProtectedSituation:
    """The protected part of a situation; a new one where nobody wrote it yet."""
    situation = get_situation(user, situation_pk)
    found = ProtectedSituation.objects.filter(situation=situation).first()
    protected = found or ProtectedSituation()
    protected.situation = situation
    return protected


def get_contract(user: User, pk: int) -> Contract:
    return _of_visible_person(Contract, user, pk)


def get_pass(user: User, pk: int) -> Pass:
    return _of_visible_person(Pass, user, pk)


def get_suspension(user: User, pk: int) -> Suspension:
    return _of_visible_person(Suspension, user, pk, "pass_iae__beneficiary")


def get_prolongation(user: User, pk: int) -> Prolongation:
    return _of_visible_person(Prolongation, user, pk, "pass_iae__beneficiary")


def get_follow_up(user: User, pk: int) -> FollowUp:
    return _visible_row(FollowUp, user, pk)


def readable_note(user: User, follow_up: FollowUp) -> ConfidentialNote | None:
    """The follow-up's confidential note, where there is one that this user may read."""
    return ConfidentialNote.objects.visible_to(user).filter(follow_up=follow_up).first()


def get_note(user: User, follow_up_pk: int) -> ConfidentialNote:
    """The note of a follow-up; whoever gets it has it logged as read."""
    follow_up = get_follow_up(user, follow_up_pk)
    notes = ConfidentialNote.objects.visible_to(user).select_related("created_by", "updated_by")
    note = get_object_or_404(notes, follow_up=follow_up)
    note.follow_up = follow_up
    return note


def get_appointment(user: User, pk: int) -> Appointment:
    return _visible_row(Appointment, user, pk)


def get_step(user: User, pk: int) -> Step:
    return _visible_row(Step, user, pk)


def get_barrier(user: User, pk: int) -> BarrierAssessment:
    return _visible_row(BarrierAssessment, user, pk)


def get_project(user: User, pk: int) -> CareerProject:
    return _visible_row(CareerProject, user, pk)


def get_document(user: User, pk: int) -> Document:
    return _visible_row(Document, user, pk)


def _visible_row(model: type[Model], user: User, pk: int) -> Model:
    """A row that says itself who may see it, of a person whom this user may see."""
    rows = model._default_manager.visible_to(user).select_related("beneficiary")
    return get_object_or_404(rows, pk=pk, beneficiary__in=visible_people(user))


def _of_visible_person(model: type[Model], user: User, pk: int, path: str = "beneficiary") -> Model:
    rows = model._default_manager.select_related(path)
    return get_object_or_404(rows, pk=pk, **{f"{path}__in": visible_people(user)})
