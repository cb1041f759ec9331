"""Writes of immersions, under a lock on the person: two people who save at once never break a limit together."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from beneficiaries.models import TimeEntry
from beneficiaries.time_actions import DayChange, DayFault, DayFaults, lock_people, record_days
from beneficiaries.time_enums import TimeKind
from beneficiaries.time_rules import Part
from confluences.actions import save_recorded
from confluences.formats import duration, french_date
from confluences.models import User
from partners.immersion_reports import can_renew, employments_of, hours_of, limits_of
from partners.immersion_rules import Employment, absence_fault, with_immersion
from partners.models import Immersion

# What the law limits: a row that changes nothing of it is not judged again.
LIMITED = ("host_id", "purpose", "start", "end", "renews_id")


@transaction.atomic
def save_immersion(immersion: Immersion, *, by: User | None) -> Immersion:
    """Writes an immersion that keeps to the law. Raises ValidationError by field, Conflict."""
    lock_people([immersion.beneficiary_id])
    former = Immersion.objects.filter(pk=immersion.pk).first() if immersion.pk else None
    if former is None or any(getattr(former, name) != getattr(immersion, name) for name in LIMITED):
        _refuse_beyond(immersion)
    if former is not None:
        _refuse_stray_hours(former, immersion)
        _keep_renewal(immersion)
    return save_recorded(immersion, by=by)


@transaction.atomic
def close_immersion(immersion: Immersion, *, by: User | None) -> Immersion:
    """Writes what an immersion showed; one that was broken off may end earlier. Raises ValidationError by field, Conflict."""
    lock_people([immersion.beneficiary_id])
    former = Immersion.objects.get(pk=immersion.pk)
    if immersion.end > former.end:
        raise ValidationError(
            {"end": "Le bilan ne prolonge pas une immersion : modifiez ses dates, ou renouvelez-la."}
        )
    _refuse_stray_hours(former, immersion)
    _keep_renewal(immersion)
    return save_recorded(immersion, by=by)


def _keep_renewal(immersion: Immersion) -> None:
    """What renews it must still be able to."""
    renewal = Immersion.objects.filter(renews=immersion.pk).first()
    if renewal is not None and not can_renew(renewal, immersion):
        raise ValidationError(
            f"Cette immersion est renouvelée à partir du {french_date(renewal.start)} : elle garde sa structure d’accueil, "
            "son objet et son bilan, et finit avant. Modifiez d’abord le renouvellement."
        )


def _refuse_beyond(immersion: Immersion) -> None:
    if not (immersion.start and immersion.end) or immersion.end < immersion.start:
        return  # the row's own validation says so
    broken: dict[str, list[str]] = {}
    for limit in limits_of(immersion):
        if not limit.kept:
            broken.setdefault(limit.field, []).append(f"{limit.words} ({limit.source})")
    if broken:
        raise ValidationError(broken)


def _refuse_stray_hours(former: Immersion, immersion: Immersion) -> None:
    """Hours recorded there stay inside the immersion's dates."""
    stray = hours_of(former).exclude(day__range=(immersion.start, immersion.end)).order_by("day")
    days = [entry.day for entry in stray]
    if not days:
        return
    field = "start" if days[0] < immersion.start else "end"
    raise ValidationError(
        {field: f"Des heures d’immersion sont pointées le {french_date(days[0])} : retirez-les d’abord."}
    )


# Days


@dataclass(frozen=True)
class ImmersionDay:
    """One day somebody typed: the minutes spent there, and the day as it was seen, training sessions apart."""

    day: dt.date
    minutes: int
    seen: Sequence[Part]


@transaction.atomic
def record_immersion_days(
    immersion: Immersion, days: Sequence[ImmersionDay], *, by: User | None
) -> list[TimeEntry]:
    """Writes the minutes of each day as immersion, in place of work recorded that day; all or nothing.

    Raises DayFaults, which says of each day why not: closed month, work already shared between client jobs, an absence,
    or a day that somebody else has just changed.
    """
    lock_people([immersion.beneficiary_id])
    person = immersion.beneficiary
    faults = [DayFault(person, day, words) for day, words in _day_faults(immersion, days)]
    if faults:
        raise DayFaults(faults)
    return record_days(
        [
            DayChange(
                person=person, day=each.day, parts=with_immersion(each.seen, each.minutes), seen=each.seen
            )
            for each in days
        ],
        by=by,
    )


def _day_faults(immersion: Immersion, days: Sequence[ImmersionDay]) -> list[tuple[dt.date, str]]:
    recorded = TimeEntry.objects.filter(
        beneficiary=immersion.beneficiary_id, day__in=[each.day for each in days]
    ).prefetch_related("shares")
    entries: dict[dt.date, list[TimeEntry]] = {}
    for entry in recorded:
        entries.setdefault(entry.day, []).append(entry)
    contracts = employments_of(immersion.beneficiary_id)
    faults = []
    for each in days:
        words = _day_fault(immersion, each, entries.get(each.day, []), contracts)
        if words:
            faults.append((each.day, words))
    return faults


def _day_fault(
    immersion: Immersion, each: ImmersionDay, entries: Sequence[TimeEntry], contracts: Sequence[Employment]
) -> str:
    if not immersion.start <= each.day <= immersion.end:
        return "ce jour n’est pas dans l’immersion."
    shared = sum(share.minutes for entry in entries for share in entry.shares.all())
    work_left = sum(
        part.minutes for part in with_immersion(each.seen, each.minutes) if part.kind == TimeKind.WORK
    )
    if shared > work_left:
        return (
            f"{duration(shared)} de travail sont réparties entre des commandes ce jour-là : "
            "corrigez d’abord ce partage sur la feuille de présence."
        )
    in_sessions = sum(entry.minutes for entry in entries if entry.start is not None)
    planned = sum(contract.planned_minutes(each.day) for contract in contracts)
    return absence_fault(each.seen, each.minutes, in_sessions, max(planned, immersion.day_minutes))
