"""Writes of client jobs: the jobs themselves, and how a recorded day of work is shared between them."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from beneficiaries.models import MonthClosing, TimeEntry
from beneficiaries.models.time_entry import closed_sentence
from beneficiaries.time_actions import lock_people
from confluences.actions import save_recorded
from confluences.dates import add_months
from confluences.formats import duration, french_date
from confluences.models import User
from partners.actions import save_partner
from partners.models import Partner
from worksites.job_rules import FARTHEST_MONTHS
from worksites.models import JobOrder, JobShare
from worksites.models.site import Assignment


@transaction.atomic
def share_work(entry: TimeEntry, minutes: Mapping[JobOrder, int]) -> None:
    """Makes these minutes all that the entry gives to client jobs; a job without minutes gets none.

    Raises ValidationError: more than the entry, not work, another worksite's job, a job not open that day, a closed month.
    """
    lock_people([entry.beneficiary_id])
    jobs = lock_jobs(job.pk for job, part in minutes.items() if part)
    entry = TimeEntry.objects.get(pk=entry.pk)
    wanted = {jobs[job.pk]: part for job, part in minutes.items() if job.pk in jobs}
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


def lock_jobs(keys: Iterable[int]) -> dict[int, JobOrder]:
    """Holds these jobs until the transaction ends and returns them as they now stand.

    Always in the same order, and after the people: who finishes a job waits for hours that are being shared onto it, and
    hours for a job that is being finished.
    """
    jobs = (
        JobOrder.objects.select_for_update(of=("self",))
        .select_related("client")
        .filter(pk__in=set(keys))
        .order_by("pk")
    )
    return {job.pk: job for job in jobs}


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
    for job in wanted:
        if job.worksite_id != worksite:
            raise ValidationError(f"« {job} » n’est pas une commande du chantier où la personne travaillait.")
        if not job.is_open_on(entry.day):
            raise ValidationError(f"« {job} » n’était pas en cours ce jour-là.")


@transaction.atomic
def save_job(job: JobOrder, *, by: User | None, client: Partner | None = None) -> JobOrder:
    """Writes a job; its hours stay inside its dates and on its worksite. A `client` that is new is written first.

    Raises ValidationError, by field.
    """
    if client is not None:
        job.client = client if client.pk else save_partner(client, by=by)
    save_recorded(job, by=by)
    _refuse_dates(job)
    hours = JobShare.objects.filter(job=job).aggregate(first=Min("entry__day"), last=Max("entry__day"))
    if hours["first"] and hours["first"] < job.start:
        raise ValidationError({"start": f"Des heures y sont pointées dès le {french_date(hours['first'])}."})
    if hours["last"] and job.finished_on and hours["last"] > job.finished_on:
        raise ValidationError(
            {"finished_on": f"Des heures y sont pointées jusqu’au {french_date(hours['last'])}."}
        )
    others = JobShare.objects.filter(job=job).exclude(
        entry__in=TimeEntry.objects.on_worksites(beneficiary__assignments__worksite=job.worksite_id)
    )
    if others.exists():
        raise ValidationError(
            {
                "worksite": "L’équipe d’un autre chantier y a déjà des heures : créez plutôt une autre commande."
            }
        )
    return job


def _refuse_dates(job: JobOrder) -> None:
    if job.finished_on and job.finished_on > timezone.localdate():
        raise ValidationError({"finished_on": "Cette date n’est pas encore passée : vérifiez-la."})
    if job.deadline and job.deadline > add_months(job.start, FARTHEST_MONTHS):
        raise ValidationError(
            {"deadline": "Cette date est plus de dix ans après le début : vérifiez l’année."}
        )
