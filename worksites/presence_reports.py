"""A day's presence of a worksite's team: what is planned of each, what is recorded, who is missing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Max, Prefetch, Q, Sum

from beneficiaries.models import Beneficiary, Contract, MonthClosing, TimeEntry
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part, write_cell
from confluences.dates import add_days
from confluences.formats import clock, duration
from confluences.models import User
from confluences.working_days import public_holiday
from trainings.models import Session
from worksites.models import Assignment, JobOrder, JobShare, Worksite
from worksites.plan_reports import expected_sessions, training_minutes
from worksites.presence_rules import day_in_words, day_look, is_unrecorded

NEARBY_DAYS = 31  # how far the links to the day before and after look for one on which somebody works


@dataclass(frozen=True)
class SessionLine:
    """A training session that expects somebody that day, with what its attendance sheet says."""

    session: Session
    entry: TimeEntry | None
    is_ahead: bool

    @property
    def sentence(self) -> str:
        times = f"Formation {clock(self.session.start)} à {clock(self.session.end)}"
        if self.entry:
            words = day_in_words([self.entry.part])
            return f"{times}, {words[:1].lower()}{words[1:]}"
        return f"{times}, à venir" if self.is_ahead else f"{times}, à émarger"


@dataclass(frozen=True)
class PresenceRow:
    """One person's day on the worksite."""

    person: Beneficiary
    contract: Contract
    day: dt.date
    entries: Sequence[TimeEntry]
    sessions: Sequence[SessionLine]
    in_training: int  # minutes that training takes of the day

    @property
    def planned(self) -> int:
        """What one tap on « Présent » records; none on a public holiday."""
        return max(self.contract.planned_minutes(self.day) - self.in_training, 0)

    @property
    def usual(self) -> int:
        """What has to be recorded of this day, public holiday or not."""
        return max(self.contract.usual_minutes(self.day) - self.in_training, 0)

    @cached_property
    def parts(self) -> list[Part]:
        return sorted(entry.part for entry in self.entries)

    @property
    def is_as_planned(self) -> bool:
        """Recorded as one tap on « Présent » does."""
        return self.parts == [Part(TimeKind.WORK, self.planned)]

    @property
    def seen(self) -> str:
        return write_cell(self.parts)

    @property
    def words(self) -> str:
        return day_in_words(self.parts)

    @property
    def look(self) -> str:
        return day_look(self.parts)

    @property
    def work(self) -> TimeEntry | None:
        return next((entry for entry in self.entries if entry.kind == TimeKind.WORK), None)

    @property
    def shares(self) -> list[str]:
        """What of the work went into which job: « 6 h pour Taille de haies (Mairie) »."""
        shares = self.work.shares.all() if self.work else ()
        whole = [share for share in shares if self.work and share.minutes == self.work.minutes]
        if whole:
            return [f"Pour {whole[0].job}"]
        return [f"{duration(share.minutes)} pour {share.job}" for share in shares]

    @property
    def is_waiting(self) -> bool:
        return is_unrecorded(self.usual, recorded=bool(self.entries))

    @property
    def counts(self) -> bool:
        """Whether the worksite has something to record of this person, or has recorded it."""
        return bool(self.entries) or self.usual > 0

    @property
    def trains_all_day(self) -> bool:
        """Nothing to tap: the attendance sheet of the session says it all."""
        return not self.counts and self.in_training > 0

    @property
    def where(self) -> str:
        """The word under which this day is counted."""
        if self.is_waiting:
            return "waiting"
        attended = [part.kind for part in self.parts if not part.reason]
        if self.parts and not attended:
            is_holiday = all(part.reason == AbsenceReason.HOLIDAY for part in self.parts)
            return "holiday" if is_holiday else "absent"
        if TimeKind.WORK in attended:
            return "present"
        if TimeKind.IMMERSION in attended:
            return "immersion"
        return "training" if attended or self.trains_all_day else "off"


@dataclass(frozen=True)
class PresenceDay:
    """A day of a worksite's team: those assigned there and under contract that day."""

    worksite: Worksite
    day: dt.date
    today: dt.date
    rows: Sequence[PresenceRow]
    is_closed: bool

    @property
    def holiday(self) -> str | None:
        return public_holiday(self.day)

    @property
    def is_ahead(self) -> bool:
        return self.day > self.today

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def waiting(self) -> list[PresenceRow]:
        return [row for row in self.rows if row.is_waiting]

    @property
    def total(self) -> int:
        return sum(row.counts for row in self.rows)

    @property
    def recorded(self) -> int:
        return self.total - len(self.waiting)

    @property
    def is_day_off(self) -> bool:
        """Nobody has hours that day, neither on the worksite nor in training."""
        return not any(row.usual or row.in_training for row in self.rows)

    @property
    def counter(self) -> str:
        return f"{self.recorded} sur {self.total} {_plural(self.total, 'pointé')}"

    @property
    def sentence(self) -> str:
        """« 6 présents, 1 absent, 1 à pointer »."""
        count = {word: sum(row.where == word for row in self.rows) for word in WORDS}
        said = [
            f"{count[word]} {_plural(count[word], label) if agrees else label}"
            for word, (label, agrees) in WORDS.items()
            if count[word]
        ]
        return ", ".join(said)


WORDS = {
    "present": ("présent", True),
    "training": ("en formation", False),
    "immersion": ("en immersion", False),
    "absent": ("absent", True),
    "holiday": ("en jour férié", False),
    "waiting": ("à pointer", False),
}


def _plural(count: int, word: str) -> str:
    return word if count < 2 else f"{word}s"  # French plurals begin at two


def presence_day(worksite: Worksite, day: dt.date, today: dt.date) -> PresenceDay:
    return presence_days([worksite], day, today)[0]


def presence_days(worksites: Iterable[Worksite], day: dt.date, today: dt.date) -> list[PresenceDay]:
    """The day of each worksite's team, in a constant number of queries."""
    worksites = list(worksites)
    closed = MonthClosing.objects.is_closed(day)
    current = Assignment.objects.current(day).filter(worksite__in=worksites).select_related("beneficiary")
    people = {each.beneficiary_id: each for each in current.order_by("beneficiary")}
    facts = _Facts(people, day, is_ahead=day > today)
    rows: dict[int, list[PresenceRow]] = defaultdict(list)
    for assignment in people.values():
        row = facts.row(assignment.beneficiary)
        if row:
            rows[assignment.worksite_id].append(row)
    return [PresenceDay(worksite, day, today, rows[worksite.pk], closed) for worksite in worksites]


class _Facts:
    """All that the rows of a day are made of, read once for everybody."""

    def __init__(self, people: Iterable[int], day: dt.date, *, is_ahead: bool) -> None:
        people = list(people)
        self.day, self.is_ahead = day, is_ahead
        contracts = Contract.objects.running(day).filter(beneficiary__in=people)
        self.contracts = {contract.beneficiary_id: contract for contract in contracts}
        self.entries: dict[int, list[TimeEntry]] = defaultdict(list)
        entries = TimeEntry.objects.filter(beneficiary__in=people, day=day).order_by("pk")
        shares = JobShare.objects.select_related("job__client")
        for entry in entries.select_related("attendance__session").prefetch_related(
            Prefetch("shares", shares)
        ):
            self.entries[entry.beneficiary_id].append(entry)
        self.sessions = expected_sessions(people, day, day)

    def row(self, person: Beneficiary) -> PresenceRow | None:
        contract = self.contracts.get(person.pk)
        if contract is None:
            return None
        entries = self.entries[person.pk]
        attended = {entry.start: entry for entry in entries if entry.start is not None}
        sessions = self.sessions[person.pk, self.day]
        lines = [SessionLine(each, attended.get(each.start), self.is_ahead) for each in sessions]
        return PresenceRow(
            person,
            contract,
            self.day,
            [entry for entry in entries if entry.start is None],
            lines,
            training_minutes(sessions, entries),
        )


# Days and jobs


def nearest_work_days(worksite: Worksite, day: dt.date) -> tuple[dt.date, dt.date]:
    """The days before and after on which somebody of the team has hours, public holidays included.

    Without any within a month, the calendar's own.
    """
    first, last = add_days(day, -NEARBY_DAYS), add_days(day, NEARBY_DAYS)
    ongoing = Q(end=None) | Q(end__gte=first)
    assignments = list(Assignment.objects.filter(ongoing, worksite=worksite, start__lte=last))
    contracts: dict[int, list[Contract]] = defaultdict(list)
    people = {each.beneficiary_id for each in assignments}
    for contract in Contract.objects.filter(beneficiary__in=people, start__lte=last):
        contracts[contract.beneficiary_id].append(contract)

    def is_worked(date: dt.date) -> bool:
        return any(
            assignment.is_current(date)
            and any(contract.usual_minutes(date) for contract in contracts[assignment.beneficiary_id])
            for assignment in assignments
        )

    def nearest(step: int) -> dt.date:
        days = (add_days(day, step * offset) for offset in range(1, NEARBY_DAYS + 1))
        return next(filter(is_worked, days), add_days(day, step))

    return nearest(-1), nearest(1)


def open_jobs(user: User, worksite: Worksite, day: dt.date) -> list[JobOrder]:
    jobs = JobOrder.objects.visible_to(user).select_related("client")
    return list(jobs.open_on(day).filter(worksite=worksite))


def usual_job(worksite: Worksite, jobs: Sequence[JobOrder], day: dt.date) -> JobOrder | None:
    """The job that took most of the team's work on its last day recorded, this one included, if it is among these."""
    if not jobs:
        return None
    work = TimeEntry.objects.filter(kind=TimeKind.WORK, day__lte=day)
    team = work.on_worksites(beneficiary__assignments__worksite=worksite)
    latest = team.aggregate(latest=Max("day"))["latest"]
    if latest is None:
        return None
    shares = JobShare.objects.filter(entry__day=latest, job__in=jobs).values("job")
    most = shares.annotate(total=Sum("minutes")).order_by("-total", "job").first()
    return next((job for job in jobs if most and job.pk == most["job"]), None)
