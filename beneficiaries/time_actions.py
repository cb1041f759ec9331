"""Writes of presence: whole days of people at once, all or nothing, never over what somebody else has just recorded."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from beneficiaries.models import Beneficiary, Contract, MonthClosing, TimeEntry
from beneficiaries.models.time_entry import closed_sentence, contract_sentence
from beneficiaries.time_enums import TimeKind
from beneficiaries.time_rules import DAY_MINUTES, Part
from confluences.actions import save_recorded
from confluences.formats import duration, french_date
from confluences.integrity import refusals_in_french
from confluences.models import User


@dataclass(frozen=True, kw_only=True)
class DayChange:
    """What a person's day becomes, training sessions apart; `seen` is what it was when its writer looked at it.

    Without `seen`, the last one to write is right.
    """

    person: Beneficiary
    day: dt.date
    parts: Sequence[Part]
    seen: Sequence[Part] | None = None


@dataclass(frozen=True)
class DayFault:
    """Why one day of one person cannot be written, in French."""

    person: Beneficiary
    day: dt.date
    message: str
    is_conflict: bool = False

    def __str__(self) -> str:
        return f"{self.person}, {french_date(self.day)} : {self.message}"


class DayFaults(ValidationError):
    """Why nothing of several days was written: every fault, in the order of what was asked."""

    def __init__(self, faults: Sequence[DayFault]) -> None:
        super().__init__([str(fault) for fault in faults])
        self.faults = list(faults)

    @property
    def is_conflict(self) -> bool:
        return any(fault.is_conflict for fault in self.faults)


Key = tuple[int, dt.date]


@transaction.atomic
def record_days(changes: Iterable[DayChange], *, by: User | None) -> list[TimeEntry]:
    """Makes each change's parts all that its person did that day outside training sessions; returns what was written.

    Writes everything or nothing. Raises DayFaults: no contract that day, closed month, more than 24 hours, hours already
    shared between client jobs, or a day that changed since its writer saw it.
    """
    changes = list(changes)
    lock_people(change.person.pk for change in changes)
    standing = _entries_of(changes)
    rules = _Rules({change.person.pk for change in changes}, [change.day for change in changes])
    faults = [fault for change in changes if (fault := _fault(change, standing, rules))]
    if faults:
        raise DayFaults(faults)
    written = []
    for change in changes:
        try:
            written += _write(change, standing[change.person.pk, change.day], by)
        except ValidationError as error:
            raise DayFaults([DayFault(change.person, change.day, " ".join(error.messages))]) from error
    return written


def lock_people(keys: Iterable[int]) -> None:
    """Holds these people until the transaction ends, always in the same order, so that two writers never block each other."""
    list(Beneficiary.objects.select_for_update().filter(pk__in=set(keys)).order_by("pk").values_list("pk"))


class _Rules:
    """The contracts and closings that decide whether days can be written, read once."""

    def __init__(self, people: Iterable[int], days: Sequence[dt.date]) -> None:
        self.contracts: dict[int, list[Contract]] = defaultdict(list)
        self.closings: list[MonthClosing] = []
        if not days:
            return
        for contract in Contract.objects.filter(beneficiary__in=people, start__lte=max(days)):
            self.contracts[contract.beneficiary_id].append(contract)
        self.closings = list(
            MonthClosing.objects.in_force().filter(first_day__lte=max(days), last_day__gte=min(days))
        )

    def has_contract(self, person: int, day: dt.date) -> bool:
        return any(contract.period.contains(day) for contract in self.contracts[person])

    def is_closed(self, day: dt.date) -> bool:
        return any(closing.first_day <= day <= closing.last_day for closing in self.closings)


def _entries_of(changes: Sequence[DayChange]) -> dict[Key, list[TimeEntry]]:
    found: dict[Key, list[TimeEntry]] = defaultdict(list)
    people = {change.person.pk: change.person for change in changes}
    entries = TimeEntry.objects.filter(beneficiary__in=people, day__in={change.day for change in changes})
    for entry in entries.prefetch_related("shares"):
        entry.beneficiary = people[entry.beneficiary_id]
        found[entry.beneficiary_id, entry.day].append(entry)
    return found


def _fault(change: DayChange, standing: dict[Key, list[TimeEntry]], rules: _Rules) -> DayFault | None:
    def fault(message: str, *, is_conflict: bool = False) -> DayFault:
        return DayFault(change.person, change.day, message, is_conflict)

    entries = standing[change.person.pk, change.day]
    now = sorted(entry.part for entry in entries if entry.start is None)
    if rules.is_closed(change.day):
        return fault(closed_sentence(change.day))
    if not rules.has_contract(change.person.pk, change.day):
        return fault("pas de contrat ce jour-là.")
    if change.seen is not None and sorted(change.seen) != now and sorted(change.parts) != now:
        return fault("quelqu’un vient d’enregistrer autre chose, relisez.", is_conflict=True)
    in_sessions = sum(entry.minutes for entry in entries if entry.start is not None)
    if in_sessions + sum(part.minutes for part in change.parts) > DAY_MINUTES:
        return fault("la journée dépasse 24 heures.")
    return None


def _write(change: DayChange, entries: list[TimeEntry], by: User | None) -> list[TimeEntry]:
    kept = {entry.part.key: entry for entry in entries if entry.start is None}
    wanted = {part.key: part for part in change.parts}
    for key in kept.keys() - wanted.keys():
        kept.pop(key).delete()
    written = []
    # What shrinks goes first: the day never passes through more than 24 hours.
    for part in sorted(change.parts, key=lambda part: part.minutes - _minutes(kept.get(part.key))):
        entry = kept.get(part.key) or TimeEntry(
            beneficiary=change.person, day=change.day, kind=part.kind, reason=part.reason
        )
        if entry.minutes != part.minutes:
            former, entry.minutes = entry.minutes, part.minutes
            if entry.pk:
                _follow_shares(entry, former)
            written.append(_save_checked(entry, by))
    return written


def _save_checked(entry: TimeEntry, by: User | None) -> TimeEntry:
    """Writes an entry whose contract, month and 24 hours were checked for all days at once.

    Each row's own validation would ask the database for them again, ten times a row. Its constraints hold as ever, and the
    lock on the person keeps the version from moving.
    """
    entry.clean_fields(exclude=["beneficiary", "created_by", "updated_by"])
    if bool(entry.reason) != (entry.kind in TimeKind.absences()):
        raise ValidationError("Une absence a un motif ; une présence n’en a pas.")
    if entry.pk:
        entry.version += 1
    else:
        entry.created_by = by
    entry.updated_by = by
    with refusals_in_french():
        entry.save()
    return entry


def _minutes(entry: TimeEntry | None) -> int:
    return entry.minutes if entry else 0


def set_minutes(entry: TimeEntry, minutes: int, *, by: User | None) -> TimeEntry:
    """Writes an entry's minutes; the part of a client job that was the whole entry stays the whole.

    Raises ValidationError where the entry's shares would exceed it. The caller holds the person's lock.
    """
    former, entry.minutes = entry.minutes, minutes
    is_new = entry.pk is None
    if not is_new:
        _follow_shares(entry, former)
    return save_recorded(entry, by=by)


def _follow_shares(entry: TimeEntry, former: int) -> None:
    """`shares` is the worksites app's link to us: a name, not an import."""
    shares = list(entry.shares.all())
    shared = sum(share.minutes for share in shares)
    if len(shares) == 1 and shared == former:
        shares[0].minutes = entry.minutes
        shares[0].save()
    elif shared > entry.minutes:
        raise ValidationError(
            f"{duration(shared)} de travail sont réparties entre des commandes : réduisez d’abord leur part."
        )


@transaction.atomic
def save_entry(entry: TimeEntry, *, by: User | None) -> TimeEntry:
    """Writes one entry as the administration and imports do, under its person's lock.

    Raises ValidationError where it is a session's, whose attendance grid writes it, or where it breaks a rule.
    """
    lock_people([entry.beneficiary_id])
    _refuse_session(entry)
    former = TimeEntry.objects.filter(pk=entry.pk).first() if entry.pk else None
    if former is not None:
        _refuse_closed(former.day)
        _refuse_moved_shares(former, entry)
        _follow_shares(entry, former.minutes)
    return save_recorded(entry, by=by)


class EntryBatch:
    """Many entries of an import, each checked as save_entry does, with what decides read once for all of them.

    The people are held until the transaction of the caller ends; what it knows of them is read after that.
    """

    def __init__(self, people: Iterable[int], days: Sequence[dt.date]) -> None:
        people = set(people)
        lock_people(people)
        self.rules = _Rules(people, days)
        self.recorded: dict[Key, int] = defaultdict(int)
        entries = TimeEntry.objects.filter(beneficiary__in=people, day__in=set(days))
        for person, day, minutes in entries.values_list("beneficiary", "day", "minutes"):
            self.recorded[person, day] += minutes

    def save(self, entry: TimeEntry, *, former: int, by: User | None) -> TimeEntry:
        """Writes an entry that is new, or whose minutes alone change from `former`. Raises ValidationError."""
        _refuse_session(entry)
        if not self.rules.has_contract(entry.beneficiary_id, entry.day):
            raise ValidationError({"day": contract_sentence(entry.day)})
        if self.rules.is_closed(entry.day):
            raise ValidationError({"day": closed_sentence(entry.day)})
        key = entry.beneficiary_id, entry.day
        total = self.recorded[key] - former + entry.minutes
        if total > DAY_MINUTES:
            raise ValidationError(
                {"minutes": "Avec ce pointage, la journée de cette personne dépasse 24 heures."}
            )
        if entry.pk:
            _follow_shares(entry, former)
        _save_checked(entry, by)
        self.recorded[key] = total
        return entry


@transaction.atomic
def delete_entry(entry: TimeEntry) -> None:
    """Removes an entry with its shares of client jobs. Raises ValidationError on a session's or in a closed month."""
    lock_people([entry.beneficiary_id])
    _refuse_session(entry)
    _refuse_closed(entry.day)
    entry.delete()


def _refuse_session(entry: TimeEntry) -> None:
    if entry.start is not None:
        raise ValidationError(
            "Ce pointage vient d’une séance de formation : corrigez-le sur la feuille de présence de la séance."
        )


def _refuse_closed(day: dt.date) -> None:
    if MonthClosing.objects.is_closed(day):
        raise ValidationError(closed_sentence(day))


def _refuse_moved_shares(former: TimeEntry, entry: TimeEntry) -> None:
    moved = (former.beneficiary_id, former.day, former.kind) != (entry.beneficiary_id, entry.day, entry.kind)
    if moved and former.shares.exists():
        raise ValidationError("Ces heures sont réparties entre des commandes : retirez d’abord leur part.")


# Training sessions


@transaction.atomic
def record_session_part(
    person: Beneficiary, day: dt.date, start: dt.time, part: Part, *, by: User | None
) -> TimeEntry:
    """Writes the entry of one training session: there for some minutes, or away for a reason.

    The session's minutes take the place of what the worksite recorded for the same time: first of training without a
    session, then of work beyond what was planned. Raises ValidationError outside a contract, in a closed month, beyond
    24 hours.
    """
    lock_people([person.pk])
    entry = TimeEntry.objects.filter(beneficiary=person, day=day, start=start).first()
    former = entry.minutes if entry else 0
    _make_room(person, day, part.minutes - former, by)
    entry = entry or TimeEntry(beneficiary=person, day=day, start=start)
    entry.kind, entry.reason, entry.minutes = part.kind, part.reason, part.minutes
    return save_recorded(entry, by=by)


@transaction.atomic
def remove_session_part(entry: TimeEntry) -> None:
    """Removes a session's entry; its attendance goes first."""
    lock_people([entry.beneficiary_id])
    _refuse_closed(entry.day)
    entry.delete()


def _make_room(person: Beneficiary, day: dt.date, added: int, by: User | None) -> None:
    if added <= 0:
        return
    typed = {entry.kind: entry for entry in TimeEntry.objects.filter(beneficiary=person, day=day, start=None)}
    training = typed.get(TimeKind.TRAINING)
    if training is not None:
        taken = min(training.minutes, added)
        _reduce(training, taken, by)
        added -= taken
    work = typed.get(TimeKind.WORK)
    if work is None or not added:
        return
    contract = Contract.objects.running(day).filter(beneficiary=person).first()
    planned = contract.planned_minutes(day) if contract else 0
    recorded = TimeEntry.objects.filter(beneficiary=person, day=day).aggregate(total=Sum("minutes"))["total"]
    beyond = recorded + added - planned
    if beyond > 0:
        _reduce(work, min(work.minutes, added, beyond), by)


def _reduce(entry: TimeEntry, minutes: int, by: User | None) -> None:
    if minutes == entry.minutes:
        _refuse_closed(entry.day)
        entry.delete()
    else:
        set_minutes(entry, entry.minutes - minutes, by=by)


# Closing


@transaction.atomic
def close_month(first: dt.date, last: dt.date, *, by: User, today: dt.date) -> MonthClosing:
    """Makes a month's presence read-only for everybody. Raises ValidationError before the month's end, or where it is closed."""
    if last > today:
        raise ValidationError(f"Ce mois finit le {french_date(last)} : il pourra être clos ce jour-là.")
    # Whoever is recording holds a person: the closing waits for it.
    list(Beneficiary.objects.select_for_update().order_by("pk").values_list("pk"))
    return save_recorded(MonthClosing(first_day=first, last_day=last), by=by)


@transaction.atomic
def reopen_month(closing: MonthClosing, *, reason: str, by: User) -> MonthClosing:
    """Lets a closed month be written again. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError({"reopening_reason": "Dites pourquoi le mois est rouvert."})
    closing.reopening_reason, closing.reopened_at, closing.reopened_by = reason.strip(), timezone.now(), by
    return save_recorded(closing, by=by)
