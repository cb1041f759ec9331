"""Rules of the forecast, on plain values: when somebody finishes against the contract's end, and what would catch up."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from beneficiaries.rules import Period
from confluences.formats import duration, french_date, number
from trainings.enums import Finish
from trainings.matrix_rules import (
    Goal,
    Lack,
    Meeting,
    Minutes,
    is_done,
    lacks,
    missing_after,
    named,
    quoted,
    reached_on,
    total,
    without,
)

NAMED = 3  # parts of a sentence that says what lacks


@dataclass(frozen=True)
class CatchUp:
    """A session of another group that would give somebody minutes still lacking.

    `covers` are the minutes it would give, module by module, each with all that lacked of the module.
    """

    meeting: Meeting
    covers: tuple[tuple[Lack, int], ...]

    @property
    def minutes(self) -> int:
        return sum(minutes for _lack, minutes in self.covers)

    @property
    def reason(self) -> str:
        """Why the session is proposed."""
        parts = [
            f"{duration(minutes)} de {quoted(lack.name)} sur {duration(lack.minutes)} qui manquent"
            for lack, minutes in self.covers
        ]
        return f"Groupe {self.meeting.group} : {', '.join(parts)}."


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """When somebody finishes a programme, against the end of the contract, and what to do where that is too late.

    `day` is the day all that is required is reached; `last_day` the contract's, None where it has no end or there is
    none. `left` is what lacks after every planned session, `lacking` after those inside the contract; `to_plan` what of
    it no proposed session gives.
    """

    state: Finish
    day: dt.date | None = None
    last_day: dt.date | None = None
    stopped_by_contract: bool = False
    left: tuple[Lack, ...] = ()
    lacking: tuple[Lack, ...] = ()
    proposals: tuple[CatchUp, ...] = ()
    to_plan: tuple[Lack, ...] = ()

    @property
    def sentence(self) -> str:
        return SENTENCES[self.state](self)

    @property
    def gap(self) -> int:
        """The minutes that no session gives before the contract ends."""
        return sum(lack.minutes for lack in self.lacking)


def forecast(
    goals: Sequence[Goal],
    gained: Sequence[tuple[dt.date, Minutes]],
    own: Sequence[Meeting],
    others: Sequence[Meeting],
    busy: Sequence[Meeting],
    *,
    stay: Period | None,
    left_on: dt.date | None,
    today: dt.date,
) -> Forecast:
    """Where somebody stands. Days and sessions come in order.

    `gained` is what each past day gave; `own` the sessions to come where the person is expected, `others` those of
    further groups, `busy` every session, of any programme, at whose hours the person is taken.

    3 h 30 lack, the group's next session is after the contract, the other group's is not: it is proposed.

    >>> goals = [Goal(1, "Taille", 420, 420)]
    >>> def morning(key, day, group):
    ...     return Meeting(key, day, dt.time(9), dt.time(12, 30), group, {1: 210})
    >>> own, other = morning(1, dt.date(2026, 4, 7), "A"), morning(2, dt.date(2026, 3, 24), "B")
    >>> found = forecast(
    ...     goals, [(dt.date(2026, 3, 2), {1: 210})], [own], [other], [own],
    ...     stay=Period(dt.date(2025, 4, 1), dt.date(2026, 3, 31)), left_on=None, today=dt.date(2026, 3, 9),
    ... )
    >>> found.state.value, found.day, [proposal.meeting.key for proposal in found.proposals]
    ('late', datetime.date(2026, 4, 7), [2])
    """
    done = total(given for _day, given in gained)
    last_day = stay.last if stay else None
    if is_done(goals, done):
        return Forecast(state=Finish.DONE, day=reached_on(goals, {}, gained), last_day=last_day)
    gone = stay is None or (last_day is not None and last_day < today)
    if stay is None or gone or (left_on is not None and left_on < today):
        return _stopped(lacks(goals, done, ()), last_day, left_on, today)
    own = [meeting for meeting in own if meeting.day >= stay.first]
    day = reached_on(goals, done, ((meeting.day, meeting.gives) for meeting in own))
    if day is not None and (last_day is None or day <= last_day):
        return Forecast(state=Finish.IN_TIME, day=day, last_day=last_day)
    missing = missing_after(goals, done, (meeting for meeting in own if stay.contains(meeting.day)))
    near = [meeting for meeting in others if stay.contains(meeting.day)]
    proposals, rest = catch_up(goals, missing, near, busy)
    return Forecast(
        state=Finish.NOT_PLANNED if day is None else Finish.LATE,
        day=day,
        last_day=last_day,
        left=lacks(goals, done, own),
        lacking=named(goals, missing),
        proposals=proposals,
        to_plan=named(goals, rest),
    )


def _stopped(
    left: tuple[Lack, ...], last_day: dt.date | None, left_on: dt.date | None, today: dt.date
) -> Forecast:
    """Somebody who left the training, or whose contract is over."""
    by_contract = left_on is None or left_on >= today
    return Forecast(
        state=Finish.STOPPED,
        day=last_day if by_contract else left_on,
        last_day=last_day,
        stopped_by_contract=by_contract,
        left=left,
    )


def catch_up(
    goals: Sequence[Goal], missing: Minutes, offers: Iterable[Meeting], busy: Sequence[Meeting]
) -> tuple[tuple[CatchUp, ...], dict[int, int]]:
    """The sessions that would give what is missing, best first, and what then still is.

    The best gives most of what is missing; of two that give the same, the earlier. Each counts what the better ones left,
    and none overlaps another or what the person already attends.

    >>> goals = [Goal(1, "Taille", 420, 420)]
    >>> short = Meeting(1, dt.date(2026, 3, 2), dt.time(9), dt.time(10), "B", {1: 60})
    >>> long = Meeting(2, dt.date(2026, 3, 9), dt.time(9), dt.time(12, 30), "B", {1: 210})
    >>> proposals, rest = catch_up(goals, {1: 240}, [short, long], [])
    >>> [(proposal.meeting.key, proposal.minutes) for proposal in proposals], rest
    ([(2, 210), (1, 30)], {})
    """
    at_first = dict(missing)
    free = [offer for offer in offers if not any(offer.overlaps(meeting) for meeting in busy)]
    proposals: list[CatchUp] = []
    rest = dict(missing)
    while best := _best(free, rest):
        given = _useful(best, rest)
        proposals.append(_proposed(goals, best, given, at_first))
        rest = without(rest, given)
        free = [offer for offer in free if not offer.overlaps(best)]
    return tuple(proposals), rest


def _useful(meeting: Meeting, missing: Minutes) -> dict[int, int]:
    useful = {key: min(minutes, missing.get(key, 0)) for key, minutes in meeting.gives.items()}
    return {key: minutes for key, minutes in useful.items() if minutes}


def _best(offers: Sequence[Meeting], missing: Minutes) -> Meeting | None:
    useful = [offer for offer in offers if _useful(offer, missing)]
    return min(
        useful,
        key=lambda offer: (-sum(_useful(offer, missing).values()), offer.day, offer.start, offer.key),
        default=None,
    )


def _proposed(goals: Sequence[Goal], meeting: Meeting, given: Minutes, missing: Minutes) -> CatchUp:
    covers = [(Lack(goal.name, missing[goal.key]), given[goal.key]) for goal in goals if goal.key in given]
    return CatchUp(meeting, tuple(covers))


def listed(lacking: Sequence[Lack]) -> str:
    """What lacks, as a sentence goes on with it: the largest parts by name, the rest as a sum.

    >>> listed([Lack("Tonte", 90), Lack("Taille", 720)]).replace(chr(160), " ")
    '12 h de « Taille » et 1 h 30 de « Tonte »'
    >>> listed([Lack(name, 60) for name in "ABCDE"]).replace(chr(160), " ")
    '1 h de « A », 1 h de « B » et 3 h de 3 autres modules'
    """
    largest = sorted(lacking, key=lambda lack: -lack.minutes)
    shown = largest if len(largest) <= NAMED else largest[: NAMED - 1]
    words = [lack.in_words for lack in shown]
    others = largest[len(shown) :]
    if others:
        words.append(f"{duration(sum(lack.minutes for lack in others))} de {len(others)} autres modules")
    return " et ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _done_sentence(found: Forecast) -> str:
    return f"Achevée le {french_date(found.day)}."


def _in_time_sentence(found: Forecast) -> str:
    assert found.day is not None
    if found.last_day is None:
        return f"Finit le {french_date(found.day)}, le contrat n’a pas de terme."
    days = (found.last_day - found.day).days
    ahead = {0: "le dernier jour", 1: "la veille de la fin"}.get(days, f"{number(days)} jours avant la fin")
    return f"Finit le {french_date(found.day)}, {ahead} du contrat."


def _late_sentence(found: Forecast) -> str:
    return (
        f"Finit le {french_date(found.day)}, après la fin du contrat le {french_date(found.last_day)} : "
        f"il manquera {listed(found.lacking)}."
    )


def _not_planned_sentence(found: Forecast) -> str:
    if not found.left:
        return "Le programme n’a pas encore de module."
    if found.lacking != found.left:
        return f"À la fin du contrat, le {french_date(found.last_day)}, il manquera {listed(found.lacking)}."
    return f"Les séances prévues laissent {listed(found.left)}."


def _stopped_sentence(found: Forecast) -> str:
    lacking = f" : il manque {listed(found.left)}" if found.left else ""
    if not found.stopped_by_contract:
        return f"Arrêtée le {french_date(found.day)}{lacking}."
    if found.day is None:
        return f"Aucun contrat{lacking}."
    return f"Le contrat a fini le {french_date(found.day)}{lacking}."


SENTENCES = {
    Finish.DONE: _done_sentence,
    Finish.IN_TIME: _in_time_sentence,
    Finish.LATE: _late_sentence,
    Finish.NOT_PLANNED: _not_planned_sentence,
    Finish.STOPPED: _stopped_sentence,
}
