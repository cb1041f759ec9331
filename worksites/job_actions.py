"""Writes of client jobs: how a recorded day of work is shared between them."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from beneficiaries.models import MonthClosing, TimeEntry
from beneficiaries.models.time_entry import closed_sentence
from beneficiaries.time_actions import lock_people
from confluences.formats import duration
from worksites.models import JobOrder, JobShare
from worksites.models.site import Assignment


@transaction.atomic
def share_work(entry: TimeEntry, minutes: Mapping[JobOrder, int]) -> None:
    """Makes these minutes all that the entry gives to client jobs; a job without minutes gets none.

    Raises ValidationError: more than the entry, not work, another worksite's job, a job not open that day, a closed month.
    """
    lock_people([entry.beneficiary_id])
    entry = TimeEntry.objects.get(pk=entry.pk)
    wanted = {job: part for job, part in minutes.items() if part}
    _refuse(entry, wanted)
    standing = {share.job_id: share for share in entry.shares.all()}
    for job, part in wanted.items():
        share = standing.pop(job.pk, None) or JobShare(entry=entry, job=job)
        if share.minutes != part:
            share.minutes = part
            share.full_clean()
            share.save()
    for share in standing.values():
        share.delete()


def _refuse(entry: TimeEntry, wanted: Mapping[JobOrder, int]) -> None:
    if MonthClosing.objects.is_closed(entry.day):
        raise ValidationError(closed_sentence(entry.day))
    if sum(wanted.values()) > entry.minutes:
        raise ValidationError(
            f"Les parts font {duration(sum(wanted.values()))} et la personne a travaillé {duration(entry.minutes)} : "
            "réduisez une part."
        )
    worksite = (
        Assignment.objects.current(entry.day)
        .filter(beneficiary=entry.beneficiary_id)
        .values_list("worksite_id", flat=True)
        .first()
    )
    open_jobs = set(JobOrder.objects.open_on(entry.day).values_list("pk", flat=True))
    for job in wanted:
        if job.worksite_id != worksite:
            raise ValidationError(f"« {job} » n’est pas une commande du chantier où la personne travaillait.")
        if job.pk not in open_jobs:
            raise ValidationError(f"« {job} » n’était pas en cours ce jour-là.")
