"""Writes of the morning's presence: people's days together with the client job that their work is for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from beneficiaries.models import Beneficiary, TimeEntry
from beneficiaries.models.time_entry import TimeEntryQuerySet
from beneficiaries.time_actions import DayChange, lock_people, record_days
from beneficiaries.time_enums import TimeKind
from confluences.models import User
from worksites.job_actions import lock_jobs, share_work
from worksites.models import JobOrder
from worksites.presence_rules import new_shares


@dataclass(frozen=True)
class _Standing:
    """The work that was recorded before, and what of it went into client jobs."""

    entry: TimeEntry
    minutes: int
    shares: dict[JobOrder, int]

    @property
    def is_split(self) -> bool:
        """Shares that somebody typed, and not the whole day for one job, which follows by itself."""
        return bool(self.shares) and list(self.shares.values()) != [self.minutes]

    def shares_of(self, minutes: int) -> dict[JobOrder, int]:
        by_key = new_shares(self.minutes, {job.pk: part for job, part in self.shares.items()}, minutes)
        return {job: by_key[job.pk] for job in self.shares if job.pk in by_key}


@transaction.atomic
def record_presence(changes: Iterable[DayChange], *, job: JobOrder | None, by: User | None) -> None:
    """Records people's days as record_days does, and gives all of their work to a job where one is chosen.

    Work that was split between jobs stays split, in the same proportions. Raises ValidationError.
    """
    changes = list(changes)
    lock_people(change.person.pk for change in changes)
    standing = _standing(changes)
    # All at once: taken one person after the other, two teams could wait for each other's jobs.
    held = {each.pk for former in standing.values() for each in former.shares}
    lock_jobs(held | ({job.pk} if job else set()))
    for change in changes:
        former, minutes = standing.get(change.person.pk), _work(change)
        # Shares never exceed the work, not even between two writes.
        if former and former.is_split and 0 < minutes < former.minutes:
            share_work(former.entry, former.shares_of(minutes))
    record_days(changes, by=by)
    _share(changes, standing, job)


@transaction.atomic
def record_rest(
    changes: Iterable[DayChange], *, job: JobOrder | None, by: User | None
) -> tuple[list[Beneficiary], list[Beneficiary]]:
    """Records, of these people, those of whom nothing is recorded that day; returns them, then those left alone.

    Whoever was recorded meanwhile, perhaps by somebody else, keeps what stands.
    """
    changes = list(changes)
    lock_people(change.person.pk for change in changes)
    days = {change.day for change in changes}
    entries = TimeEntry.objects.outside_sessions().filter(day__in=days)
    known = set(
        entries.filter(beneficiary__in=[change.person.pk for change in changes]).values_list(
            "beneficiary_id", flat=True
        )
    )
    record_presence([change for change in changes if change.person.pk not in known], job=job, by=by)
    recorded = [change.person for change in changes if change.person.pk not in known]
    return recorded, [change.person for change in changes if change.person.pk in known]


def _work(change: DayChange) -> int:
    return sum(part.minutes for part in change.parts if part.kind == TimeKind.WORK)


def _standing(changes: Sequence[DayChange]) -> dict[int, _Standing]:
    entries = _work_entries(changes).prefetch_related("shares__job__worksite", "shares__job__client")
    return {
        entry.beneficiary_id: _Standing(
            entry, entry.minutes, {share.job: share.minutes for share in entry.shares.all()}
        )
        for entry in entries
    }


def _work_entries(changes: Sequence[DayChange]) -> TimeEntryQuerySet:
    return TimeEntry.objects.outside_sessions().filter(
        beneficiary__in=[change.person.pk for change in changes],
        day__in={change.day for change in changes},
        kind=TimeKind.WORK,
    )


def _share(changes: Sequence[DayChange], standing: dict[int, _Standing], job: JobOrder | None) -> None:
    for entry in list(_work_entries(changes)):
        former = standing.get(entry.beneficiary_id)
        if former and former.is_split:
            share_work(entry, former.shares_of(entry.minutes))
        elif job:
            share_work(entry, {job: entry.minutes})
