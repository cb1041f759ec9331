"""Who may open which worksite. What one may not see does not exist: every helper answers 404."""

from django.shortcuts import get_object_or_404

from beneficiaries.models import MonthClosing, TimeEntry
from beneficiaries.permissions import visible_people
from beneficiaries.time_enums import TimeKind
from confluences.models import User
from worksites.models import Assignment, Equipment, FinancialAnnex, JobOrder, Worksite


def can_read_annexes(user: User) -> bool:
    """What the State pays is not the instructor's business."""
    return user.has_perm("worksites.view_financialannex")


def get_closing(pk: int) -> MonthClosing:
    """A month that is closed; whoever may reopen one may reopen all."""
    return get_object_or_404(MonthClosing.objects.in_force(), pk=pk)


def get_worksite(user: User, pk: int) -> Worksite:
    return get_object_or_404(Worksite.objects.visible_to(user), pk=pk)


def get_assignment(user: User, pk: int) -> Assignment:
    rows = Assignment.objects.select_related("beneficiary", "worksite")
    return get_object_or_404(rows, pk=pk, beneficiary__in=visible_people(user))


def get_annex(user: User, pk: int) -> FinancialAnnex:
    rows = FinancialAnnex.objects.all() if can_read_annexes(user) else FinancialAnnex.objects.none()
    return get_object_or_404(rows, pk=pk)


def get_job(user: User, pk: int) -> JobOrder:
    return get_object_or_404(JobOrder.objects.visible_to(user).select_related("worksite", "client"), pk=pk)


def get_equipment(user: User, pk: int) -> Equipment:
    rows = Equipment.objects.visible_to(user).select_related("worksite", "holder")
    return get_object_or_404(rows, pk=pk)


def can_record_presence(user: User) -> bool:
    """Social workers read the presence; whoever runs a worksite, or all of them, records it."""
    return user.has_perm("beneficiaries.change_timeentry")


def get_worked_day(user: User, pk: int) -> tuple[TimeEntry, Worksite]:
    """Somebody's work on a day, with the worksite it was done on."""
    rows = TimeEntry.objects.visible_to(user).outside_sessions().select_related("beneficiary")
    entry = get_object_or_404(rows, pk=pk, kind=TimeKind.WORK)
    assignments = Assignment.objects.current(entry.day).select_related("worksite")
    assignment = get_object_or_404(
        assignments, beneficiary=entry.beneficiary_id, worksite__in=Worksite.objects.visible_to(user)
    )
    return entry, assignment.worksite
