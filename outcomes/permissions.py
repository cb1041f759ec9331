"""Who may see and do what with exits and reports; what one may not see answers 404."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from confluences.models import User
from outcomes.models import Cohort, Exit, OutcomeReport


def visible_exits(user: User) -> QuerySet[Exit]:
    """All exits for those who follow them, none for instructors."""
    return Exit.objects.all() if user.has_perm("outcomes.view_exit") else Exit.objects.none()


def get_exit(user: User, pk: int) -> Exit:
    exits = visible_exits(user).select_related(
        "beneficiary", "reason__if_shorter", "reason__if_longer", "worksite"
    )
    return get_object_or_404(exits, pk=pk)


def get_cohort(user: User, code: str) -> Cohort:
    cohorts = Cohort.objects.all() if user.has_perm("outcomes.view_cohort") else Cohort.objects.none()
    return get_object_or_404(cohorts.prefetch_related("worksites"), code=code)


def get_report(user: User, code: str, number: int) -> OutcomeReport:
    return get_object_or_404(get_cohort(user, code).reports.select_related("cohort"), number=number)


def sees_protected_counts(user: User) -> bool:
    """Health and justice are for social workers; the others see such counts from 5 people on."""
    return user.has_perm("beneficiaries.view_protectedsituation")
