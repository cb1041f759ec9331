"""Rules of sessions, on plain values: how a session's minutes fall on its modules, and how a series is planned."""

import datetime as dt
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from confluences.dates import day_after
from confluences.formats import duration
from confluences.working_days import public_holiday
from trainings.rules import sum_fault

Key = TypeVar("Key", bound=Hashable)

MAX_SESSIONS = 150  # of one series: 230 hours make 66 half-days
MAX_DAYS = 2 * 366  # looked at from the first day on


class UnclearShares(ValueError):
    """Modules that do not make the session; the message says in French what is missing or too much."""


class NoSeries(ValueError):
    """A series that cannot be planned; the message says why in French."""


@dataclass(frozen=True)
class HalfDay:
    """A weekday (ISO number) and the times between which it has a session."""

    weekday: int
    start: dt.time
    end: dt.time

    @property
    def minutes(self) -> int:
        return minutes_between(self.start, self.end)


@dataclass(frozen=True)
class PlannedSession(Generic[Key]):
    """A session to be: its day and times, and the minutes it gives to each module."""

    day: dt.date
    start: dt.time
    end: dt.time
    taught: tuple[tuple[Key, int], ...]

    @property
    def minutes(self) -> int:
        return minutes_between(self.start, self.end)


def minutes_between(start: dt.time, end: dt.time) -> int:
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def share_out(total: int, chosen: Mapping[Key, int | None]) -> dict[Key, int]:
    """The minutes of each chosen module; the one that has none takes what the others leave.

    >>> share_out(210, {"Tonte": None})
    {'Tonte': 210}
    >>> share_out(210, {"Tonte": 60, "Taille": None})
    {'Tonte': 60, 'Taille': 150}

    Raises UnclearShares.
    """
    if not chosen:
        raise UnclearShares("Choisissez au moins un module : la séance compte dans ses heures.")
    open_ones = [key for key, minutes in chosen.items() if minutes is None]
    if len(open_ones) > 1:
        raise UnclearShares(
            "Écrivez la durée de chaque module choisi ; un seul peut rester vide, il prend le reste de la séance."
        )
    shares = {key: minutes for key, minutes in chosen.items() if minutes is not None}
    if open_ones:
        rest = total - sum(shares.values())
        if rest <= 0:
            raise UnclearShares(
                f"Les autres modules prennent déjà {duration(sum(shares.values()))} et la séance dure {duration(total)} : "
                "il ne reste rien pour le module sans durée."
            )
        return {key: shares.get(key, rest) for key in chosen}
    fault = sum_fault(total, list(shares.values()), "la séance dure")
    if fault:
        raise UnclearShares(fault)
    return shares


def week_of(day: dt.date) -> tuple[int, int]:
    """The ISO year and week of a day: what two days of one week share."""
    return day.isocalendar()[:2]


def plan_series(
    first: dt.date,
    half_days: Sequence[HalfDay],
    left: Mapping[Key, int],
    *,
    closed_weeks: Collection[tuple[int, int]] = (),
    at_most: int | None = None,
) -> list[PlannedSession[Key]]:
    """Sessions from the first day on, in the half-days of each week, until no module has minutes left or `at_most` is reached.

    Modules are filled in their order: a session may finish one and begin the next, and the last one ends when nothing is
    left. No session falls on a public holiday or in a closed week.

    >>> morning = HalfDay(1, dt.time(9), dt.time(12))
    >>> [(each.day.day, each.taught) for each in plan_series(dt.date(2026, 5, 18), [morning], {"a": 240, "b": 60})]
    [(18, (('a', 180),)), (1, (('a', 60), ('b', 60)))]

    Raises NoSeries. (25 May 2026 is a holiday; the second session ends at 11.)
    """
    refuse_overlaps(half_days)
    remaining = {key: minutes for key, minutes in left.items() if minutes > 0}
    if not remaining:
        raise NoSeries("Toutes les heures des modules sont déjà prévues : il ne reste rien à planifier.")
    planned: list[PlannedSession[Key]] = []
    for day, half_day in _free_half_days(first, half_days, closed_weeks):
        if not remaining or len(planned) == at_most:
            return planned
        if len(planned) == MAX_SESSIONS:
            break
        planned.append(_fill(day, half_day, remaining))
    if not remaining or len(planned) == at_most:
        return planned
    raise NoSeries(
        f"Au bout de {len(planned)} séances, il reste {duration(sum(remaining.values()))} à planifier : "
        "ajoutez des demi-journées, ou limitez le nombre de séances."
    )


def refuse_overlaps(half_days: Sequence[HalfDay]) -> None:
    """Raises NoSeries for half-days that are none, or that overlap."""
    if not half_days:
        raise NoSeries("Choisissez au moins une demi-journée de la semaine.")
    if any(half_day.minutes <= 0 for half_day in half_days):
        raise NoSeries("Une demi-journée finit avant de commencer.")
    ordered = sorted(half_days, key=lambda each: (each.weekday, each.start))
    for one, following in pairwise(ordered):
        if one.weekday == following.weekday and following.start < one.end:
            raise NoSeries("Le matin et l’après-midi se chevauchent : corrigez leurs heures.")


def _free_half_days(
    first: dt.date, half_days: Sequence[HalfDay], closed_weeks: Collection[tuple[int, int]]
) -> Iterator[tuple[dt.date, HalfDay]]:
    ordered = sorted(half_days, key=lambda each: each.start)
    day = first
    for _number in range(MAX_DAYS):
        if public_holiday(day) is None and week_of(day) not in closed_weeks:
            for half_day in ordered:
                if half_day.weekday == day.isoweekday():
                    yield day, half_day
        if day == dt.date.max:
            return
        day = day_after(day)


def _fill(day: dt.date, half_day: HalfDay, remaining: dict[Key, int]) -> PlannedSession[Key]:
    """A session that takes what it can from what remains, first module first."""
    room, taught = half_day.minutes, []
    for key in list(remaining):
        taken = min(room, remaining[key])
        taught.append((key, taken))
        room -= taken
        remaining[key] -= taken
        if not remaining[key]:
            del remaining[key]
        if not room:
            break
    end = dt.datetime.combine(day, half_day.end) - dt.timedelta(minutes=room)
    return PlannedSession(day, half_day.start, end.time(), tuple(taught))
