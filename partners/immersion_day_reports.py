"""The days of an immersion as its page shows them: what presence holds of each, and whether it can be recorded."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from beneficiaries.models import MonthClosing, TimeEntry
from beneficiaries.models.time_entry import closed_sentence
from beneficiaries.time_enums import TimeKind
from beneficiaries.time_rules import Part
from confluences.formats import duration
from partners.immersion_reports import working_days
from partners.models import Immersion


@dataclass(frozen=True)
class DayRow:
    """One day: its parts outside training sessions, the minutes of sessions, those shared between client jobs.

    `closed` says why the day cannot change any more; it is empty where it can.
    """

    day: dt.date
    agreed: int
    parts: Sequence[Part]
    in_sessions: int
    shared: int
    closed: str

    @property
    def recorded(self) -> int:
        return sum(part.minutes for part in self.parts if part.kind == TimeKind.IMMERSION)

    @property
    def others(self) -> list[Part]:
        return [part for part in self.parts if part.kind != TimeKind.IMMERSION]

    @property
    def proposed(self) -> int | None:
        """What the day's field begins with: what is recorded, else the agreed day where nothing else is recorded."""
        if self.recorded:
            return self.recorded
        if self.others or self.closed:
            return None
        return max(self.agreed - self.in_sessions, 0) or None

    @property
    def words(self) -> str:
        """What else the day holds, and what becomes of it."""
        said = [_part_words(part) for part in self.others]
        if self.in_sessions:
            said.append(f"séance de formation {duration(self.in_sessions)}")
        return ", ".join(said)

    @property
    def advice(self) -> str:
        if self.closed:
            return self.closed
        if self.shared:
            return (
                f"{duration(self.shared)} de ce travail sont réparties entre des commandes : corrigez d’abord ce partage "
                "sur la feuille de présence."
            )
        if any(part.kind == TimeKind.WORK for part in self.others):
            return "Les heures d’immersion prendront la place de ce travail."
        if self.others:
            return "Si la personne était en immersion, retirez d’abord l’absence sur la feuille de présence."
        return ""


def day_rows(immersion: Immersion, today: dt.date) -> list[DayRow]:
    """The working days of the immersion until today, and any other day of it that presence holds as immersion."""
    last = min(immersion.end, today)
    recorded = TimeEntry.objects.filter(
        beneficiary=immersion.beneficiary_id, day__range=(immersion.start, last)
    ).prefetch_related("shares")
    entries: dict[dt.date, list[TimeEntry]] = {}
    for entry in recorded:
        entries.setdefault(entry.day, []).append(entry)
    closings = list(
        MonthClosing.objects.in_force().filter(first_day__lte=last, last_day__gte=immersion.start)
    )
    agreed = [day for day in working_days(immersion) if day <= last]
    unforeseen = {day for day, found in entries.items() if any(_is_immersion(entry) for entry in found)}
    return [
        _row(day, immersion.day_minutes if day in agreed else 0, entries.get(day, []), closings)
        for day in sorted({*agreed, *unforeseen})
    ]


def _row(day: dt.date, agreed: int, entries: Sequence[TimeEntry], closings: Sequence[MonthClosing]) -> DayRow:
    is_closed = any(closing.first_day <= day <= closing.last_day for closing in closings)
    return DayRow(
        day=day,
        agreed=agreed,
        parts=sorted(entry.part for entry in entries if entry.start is None),
        in_sessions=sum(entry.minutes for entry in entries if entry.start is not None),
        shared=sum(share.minutes for entry in entries for share in entry.shares.all()),
        closed=closed_sentence(day) if is_closed else "",
    )


def _is_immersion(entry: TimeEntry) -> bool:
    return entry.kind == TimeKind.IMMERSION


def _part_words(part: Part) -> str:
    # The reason of an absence is not this page's to tell.
    kind = "absence" if part.kind in TimeKind.absences() else TimeKind(part.kind).label
    return f"{kind} {duration(part.minutes)}"
