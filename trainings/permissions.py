"""Who may open what of trainings. What one may not see does not exist: every helper answers 404."""

from django.shortcuts import get_object_or_404

from confluences.models import User
from trainings.models import Certificate, Enrolment, Programme, Session


def can_record_attendance(user: User) -> bool:
    """Social workers read attendance sheets; who runs the ground fills them in."""
    return user.has_perm("trainings.add_attendance")


def get_programme(user: User, pk: int) -> Programme:
    return get_object_or_404(Programme.objects.visible_to(user), pk=pk)


def get_session(user: User, pk: int) -> Session:
    return get_object_or_404(Session.objects.visible_to(user).select_related("programme"), pk=pk)


def get_enrolment(user: User, pk: int) -> Enrolment:
    rows = Enrolment.objects.visible_to(user).select_related("programme", "beneficiary")
    return get_object_or_404(rows, pk=pk)


def get_certificate(user: User, pk: int) -> Certificate:
    rows = Certificate.objects.visible_to(user).select_related(
        "enrolment__programme", "enrolment__beneficiary"
    )
    return get_object_or_404(rows, pk=pk)
