"""Who may open what of a person's file. What one may not see does not exist: every helper answers 404."""

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from beneficiaries.models import (
    Beneficiary,
    Contract,
    EntrySituation,
    Pass,
    Prolongation,
    ProtectedSituation,
    Suspension,
)
from confluences.models import User


def can_read_situations(user: User) -> bool:
    """The situation at entry is for those who support or steer, not for the instructor on the site."""
    return user.has_perm("beneficiaries.view_entrysituation")


def can_read_protected(user: User) -> bool:
    """Health and justice: social workers alone."""
    return user.has_perm("beneficiaries.view_protectedsituation")


def visible_people(user: User) -> QuerySet[Beneficiary]:
    return Beneficiary.objects.visible_to(user, timezone.localdate())


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


def _of_visible_person(model: type[Model], user: User, pk: int, path: str = "beneficiary") -> Model:
    rows = model._default_manager.select_related(path)
    return get_object_or_404(rows, pk=pk, **{f"{path}__in": visible_people(user)})
