"""What the pages of programmes show: who follows them, which sessions come, and which were not filled in."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Min, Q
from django.utils.safestring import SafeString

from confluences.formats import duration
from confluences.models import User
from confluences.svg import PALETTE, bar, percentage, svg, upright
from trainings.enums import TrainingKind
from trainings.models import Attendance, Enrolment, Module, Programme, Session, SessionModule

PICTURE_HEIGHT = 16


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme in the list: how many people follow it, among those the reader may see, and its next session."""

    programme: Programme
    people: int
    next_day: dt.date | None


@dataclass(frozen=True)
class KindGroup:
    """The programmes of one kind."""

    kind: TrainingKind
    lines: Sequence[ProgrammeLine]


@dataclass(frozen=True)
class ModuleLine:
    """A module with the minutes that sessions give it, and its place in the bar of the whole programme."""

    module: Module
    planned: int
    picture: SafeString


@dataclass(frozen=True)
class ProgrammeSession:
    """A session with the people it expects and those recorded, among those the reader may see."""

    session: Session
    expected: int
    recorded: int
    is_past: bool

    @property
    def is_unfilled(self) -> bool:
        return self.is_past and self.recorded < self.expected


def programmes_by_kind(user: User, today: dt.date) -> list[KindGroup]:
    """The running programmes, by kind, for the list."""
    programmes = list(Programme.objects.visible_to(user).running())
    enrolled = Enrolment.objects.visible_to(user).active(today)
    people = dict(enrolled.values_list("programme").annotate(Count("pk")).order_by())
    sessions = Session.objects.visible_to(user).filter(day__gte=today)
    next_days = dict(sessions.values_list("programme").annotate(Min("day")).order_by())
    lines: dict[str, list[ProgrammeLine]] = defaultdict(list)
    for programme in programmes:
        line = ProgrammeLine(programme, people.get(programme.pk, 0), next_days.get(programme.pk))
        lines[programme.kind].append(line)
    return [KindGroup(kind, lines[kind]) for kind in TrainingKind if lines[kind]]


def module_lines(programme: Programme) -> list[ModuleLine]:
    """The modules in order, each drawn where it stands in the programme: together they are the whole bar.

    The part that sessions already give is dark: what the best served group gets.
    """
    taught = SessionModule.objects.filter(session__programme=programme)
    planned: Counter[int] = Counter()
    for group_minutes in _minutes_by_group(taught).values():
        planned |= group_minutes
    lines, before = [], 0
    for module in programme.modules.all():
        given = min(planned[module.pk], module.minutes)
        lines.append(ModuleLine(module, planned[module.pk], _picture(programme, module, before, given)))
        before += module.minutes
    return lines


def _minutes_by_group(taught: Iterable[SessionModule]) -> dict[str, Counter[int]]:
    """The minutes that people of each group get, module by module: a session without a group is for everybody."""
    by_group: dict[str, Counter[int]] = defaultdict(Counter)
    for group, module, minutes in taught.values_list("session__group", "module", "minutes"):  # type: ignore[attr-defined]
        by_group[group][module] += minutes
    for_all = by_group.pop("", Counter())
    return {group: minutes + for_all for group, minutes in by_group.items()} or {"": for_all}


def _picture(programme: Programme, module: Module, before: int, planned: int) -> SafeString:
    left = Fraction(100 * before, programme.minutes)
    parts = [
        bar(0, 100, y=0, height=PICTURE_HEIGHT, fill=PALETTE["line"]),
        bar(left, _share(module.minutes, programme), y=0, height=PICTURE_HEIGHT, fill=PALETTE["transition"]),
        bar(left, _share(planned, programme), y=0, height=PICTURE_HEIGHT, fill=PALETTE["act"]),
        upright(percentage(left), 0, PICTURE_HEIGHT, stroke=PALETTE["card"], width=1),
    ]
    whole = f"{duration(module.minutes)} sur {duration(programme.minutes)}"
    done = f"dont {duration(planned)} en séances" if planned else "sans séance pour l’instant"
    return svg(
        parts,
        kind="module",
        label=f"Place de « {module.name} » dans le programme",
        description=f"{whole}, {done}.",
        height=PICTURE_HEIGHT,
    )


def _share(minutes: int, programme: Programme) -> Fraction:
    return Fraction(100 * minutes, programme.minutes)


def programme_people(user: User, programme: Programme) -> list[Enrolment]:
    rows = Enrolment.objects.visible_to(user).filter(programme=programme)
    return list(rows.select_related("beneficiary").prefetch_related("beneficiary__contracts"))


def programme_sessions(
    user: User, programme: Programme, people: Sequence[Enrolment], now: dt.datetime
) -> list[ProgrammeSession]:
    """The programme's sessions in order, with who is expected and who was recorded."""
    sessions = Session.objects.visible_to(user).filter(programme=programme)
    recorded: dict[int, set[int]] = defaultdict(set)
    attendances = Attendance.objects.filter(session__programme=programme, enrolment__in=people)
    for session, enrolment in attendances.values_list("session", "enrolment"):
        recorded[session].add(enrolment)
    lines = []
    for session in sessions:
        expected = {each.pk for each in people if session.expects(each)} | recorded[session.pk]
        lines.append(
            ProgrammeSession(session, len(expected), len(recorded[session.pk]), session.is_past(now))
        )
    return lines


def known_groups(programme: Programme) -> list[str]:
    """The groups that enrolments or sessions of a programme name already."""
    named = ~Q(group="")
    enrolled = programme.enrolments.filter(named).order_by().values_list("group", flat=True)
    planned = programme.sessions.filter(named).order_by().values_list("group", flat=True)
    return sorted({*enrolled, *planned})
