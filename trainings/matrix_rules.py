"""Rules of the matrix, on plain values: what is done of each module, what is missing, and the day it no longer is.

Minutes are those of modules, by the module's key. What a session gives to a module beyond the module is not counted.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from beneficiaries.rules import Period, stays
from confluences.formats import HARD_SPACE, duration, hours_and_minutes, number
from trainings.rules import ModuleHours

HALF_DAY = 210  # minutes of the usual session, 3 h 30

Minutes = Mapping[int, int]


def quoted(name: str) -> str:
    """A module's name between marks that never stand alone at a line's end."""
    return f"«{HARD_SPACE}{name}{HARD_SPACE}»"


@dataclass(frozen=True)
class Goal:
    """A module of a programme, and the minutes of it that the attestation asks for."""

    key: int
    name: str
    minutes: int
    required: int


@dataclass(frozen=True)
class Meeting:
    """A session as the calendar sees it, with the minutes it gives to each module."""

    key: int
    day: dt.date
    start: dt.time
    end: dt.time
    group: str
    gives: Minutes

    @property
    def minutes(self) -> int:
        return sum(self.gives.values())

    def overlaps(self, other: "Meeting") -> bool:
        return self.day == other.day and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class ModuleStanding(ModuleHours):
    """One module for one person: what is done, and what the sessions to come will give."""

    planned: int = 0

    @property
    def counted(self) -> int:
        """The minutes done that count towards the programme: never more than the module."""
        return min(self.done, self.minutes)

    @property
    def extra(self) -> int:
        """Minutes followed beyond the module."""
        return self.done - self.counted

    @property
    def to_come(self) -> int:
        """The planned minutes that will count."""
        return min(self.planned, self.left)

    @property
    def in_words(self) -> str:
        return f"{hours_and_minutes(self.counted)} / {hours_and_minutes(self.minutes)}"


@dataclass(frozen=True)
class Lack:
    """The minutes of a module that nothing planned will give."""

    name: str
    minutes: int

    @property
    def half_days(self) -> int:
        """The half-days that it takes.

        >>> [Lack("Taille", minutes).half_days for minutes in (210, 211, 720)]
        [1, 2, 4]
        """
        return -(-self.minutes // HALF_DAY)

    @property
    def in_words(self) -> str:
        return f"{duration(self.minutes)} de {quoted(self.name)}"

    @property
    def half_days_in_words(self) -> str:
        return f"{number(self.half_days)} demi-journée{'s' if self.half_days > 1 else ''}"


def reached_on(
    goals: Sequence[Goal], done: Minutes, gains: Iterable[tuple[dt.date, Minutes]]
) -> dt.date | None:
    """The day on which every module reaches what is required, walking through gains in order of their days.

    None where they never do, and where nothing was missing before the first of them.

    Two modules of 7 h, all of it required; 3 h 30 are done of the first. The missing 3 h 30 come on the 9th, the second
    module is complete on the 16th.

    >>> mowing, pruning = Goal(1, "Tonte", 420, 420), Goal(2, "Taille", 420, 420)
    >>> gains = [(dt.date(2026, 3, 9), {1: 210, 2: 210}), (dt.date(2026, 3, 16), {2: 210}), (dt.date(2026, 3, 23), {2: 210})]
    >>> reached_on([mowing, pruning], {1: 210}, gains)
    datetime.date(2026, 3, 16)
    >>> reached_on([mowing, pruning], {1: 210}, gains[:1]) is None
    True
    """
    missing = missing_of(goals, done)
    for day, given in gains:
        if not missing:
            return None
        missing = without(missing, given)
        if not missing:
            return day
    return None


def is_done(goals: Sequence[Goal], done: Minutes) -> bool:
    """Whether all that is required is there; a programme without modules asks for something still unknown."""
    return bool(goals) and not missing_of(goals, done)


def lacks(goals: Sequence[Goal], done: Minutes, meetings: Iterable[Meeting]) -> tuple[Lack, ...]:
    """What is still missing of each module after these sessions.

    >>> monday = Meeting(1, dt.date(2026, 3, 9), dt.time(9), dt.time(12, 30), "", {1: 210})
    >>> lacks([Goal(1, "Taille", 1440, 1440)], {1: 510}, [monday])
    (Lack(name='Taille', minutes=720),)
    """
    return named(goals, missing_after(goals, done, meetings))


def current_stay(periods: list[Period], today: dt.date) -> Period | None:
    """The contracts that count: those that follow each other around today, else those to come, else the last ones.

    >>> spring = Period(dt.date(2026, 3, 1), dt.date(2026, 6, 30))
    >>> summer = Period(dt.date(2026, 7, 1), dt.date(2026, 8, 31))
    >>> current_stay([summer, spring], dt.date(2026, 3, 9)).last
    datetime.date(2026, 8, 31)
    """
    chains = [Period(stay[0].first, stay[-1].last) for stay in stays(periods)]
    ahead = [chain for chain in chains if chain.last is None or chain.last >= today]
    return next(iter(ahead or chains[-1:]), None)


def total(gains: Iterable[Minutes]) -> dict[int, int]:
    """All the minutes by module.

    >>> total([{1: 210}, {1: 90, 2: 120}])
    {1: 300, 2: 120}
    """
    found: dict[int, int] = {}
    for given in gains:
        for key, minutes in given.items():
            found[key] = found.get(key, 0) + minutes
    return found


def missing_of(goals: Sequence[Goal], done: Minutes) -> dict[int, int]:
    missing = {goal.key: goal.required - done.get(goal.key, 0) for goal in goals}
    return {key: minutes for key, minutes in missing.items() if minutes > 0}


def missing_after(goals: Sequence[Goal], done: Minutes, meetings: Iterable[Meeting]) -> dict[int, int]:
    return missing_of(goals, total([done, *(meeting.gives for meeting in meetings)]))


def without(missing: Minutes, given: Minutes) -> dict[int, int]:
    left = {key: minutes - given.get(key, 0) for key, minutes in missing.items()}
    return {key: minutes for key, minutes in left.items() if minutes > 0}


def named(goals: Sequence[Goal], missing: Minutes) -> tuple[Lack, ...]:
    return tuple(Lack(goal.name, missing[goal.key]) for goal in goals if goal.key in missing)
