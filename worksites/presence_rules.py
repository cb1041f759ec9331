"""Rules of the morning's presence, on plain values: what one tap makes of somebody's day, and how a day is said in words."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import DAY_MINUTES, Part
from confluences.formats import duration
from trainings.rules import spread

LATE_MINUTES = (15, 30, 45, 60)


# Nobody announces these.
UNFORESEEN = (AbsenceReason.LATE, AbsenceReason.UNJUSTIFIED)


class Refused(ValueError):
    """A tap that makes no day; its text says in French why and what to do."""


def absence_reasons(*, ahead: bool) -> list[AbsenceReason]:
    """The reasons of a day's absence: being late and public holidays have their own taps."""
    unlisted = {AbsenceReason.LATE, AbsenceReason.HOLIDAY, *(UNFORESEEN if ahead else ())}
    return [reason for reason in AbsenceReason if reason not in unlisted]


def late_parts(planned: int, late: int) -> list[Part]:
    """Work of what is left of the day, and an unpaid absence of the minutes that somebody came late."""
    if late <= 0:
        raise Refused("Écrivez de combien de minutes la personne est en retard, par exemple 20.")
    if late >= planned:
        raise Refused(
            f"Un retard de {duration(late)} couvre toute la journée prévue ({duration(planned)}) : "
            "choisissez plutôt un motif d’absence."
        )
    return [
        Part(TimeKind.WORK, planned - late),
        Part(TimeKind.UNPAID_ABSENCE, late, AbsenceReason.LATE),
    ]


def absence_part(minutes: int, reason: AbsenceReason, pay: TimeKind | None) -> Part:
    """An absence, paid as such absences mostly are unless `pay` says otherwise."""
    return Part(pay or reason.usual_kind, minutes, reason)


def hours_parts(
    planned: int, minutes: int, kind: TimeKind, rest: AbsenceReason | None, pay: TimeKind | None = None
) -> list[Part]:
    """Hours that somebody typed; what is left of the planned day is an absence where a reason is given.

    >>> [(part.kind.value, part.minutes) for part in hours_parts(390, 240, TimeKind.WORK, AbsenceReason.HEALTH)]
    [('work', 240), ('unpaid_absence', 150)]
    """
    if not 0 < minutes <= DAY_MINUTES:
        raise Refused("Écrivez les heures de la journée, par exemple 4 ou 4:30.")
    if rest is None:
        return [Part(kind, minutes)]
    if minutes >= planned:
        raise Refused(
            f"{duration(planned)} étaient prévues et vous écrivez {duration(minutes)} : il ne reste pas d’absence. "
            "Videz « le reste de la journée »."
        )
    return [Part(kind, minutes), absence_part(planned - minutes, rest, pay)]


def covered_minutes(times: Iterable[tuple[dt.time, dt.time]]) -> int:
    """The minutes that sessions take of a day, those at the same time once.

    >>> covered_minutes([(dt.time(9), dt.time(12)), (dt.time(11), dt.time(12, 30)), (dt.time(14), dt.time(15))])
    270
    """
    covered, until = 0, 0
    for start, end in sorted((_minute(start), _minute(end)) for start, end in times):
        covered += max(end - max(start, until), 0)
        until = max(until, end)
    return covered


def is_unrecorded(left: int, *, recorded: bool) -> bool:
    """Whether a day of the worksite is missing: `left` are the minutes usual that day, public holiday or not, but for
    those of training sessions, which have their own sheet; `recorded`: the worksite has recorded something.
    """
    return left > 0 and not recorded


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def day_in_words(parts: Sequence[Part]) -> str:
    """What is recorded of a day, as one says it.

    >>> parts = [Part(TimeKind.WORK, 360), Part(TimeKind.UNPAID_ABSENCE, 30, AbsenceReason.LATE)]
    >>> " ".join(day_in_words(parts).split())
    'En retard de 30 min, présent 6 h'
    """
    if not parts:
        return ""
    parts = sorted(parts, key=lambda part: bool(part.reason))  # there first, then away
    late = _late(parts)
    if late is not None:
        others = [part for part in parts if part != late]
        words = [f"en retard de {duration(late.minutes)}", *(_part_in_words(part, " ") for part in others)]
    elif len(parts) == 1 and parts[0].reason:
        words = [_absence_in_words(parts[0])]
    else:
        words = [_part_in_words(part, ", ") for part in parts]
    return _capital((" · " if late is None else ", ").join(words))


def _late(parts: Sequence[Part]) -> Part | None:
    return next((part for part in parts if part.reason == AbsenceReason.LATE), None)


def _part_in_words(part: Part, comma: str) -> str:
    if part.reason:
        return f"{_absence_in_words(part)}, {duration(part.minutes)}"
    words = {
        TimeKind.WORK: "présent",
        TimeKind.TRAINING: "en formation",
        TimeKind.IMMERSION: "en immersion",
    }
    return f"{words[TimeKind(part.kind)]}{comma}{duration(part.minutes)}"


def _absence_in_words(part: Part) -> str:
    """The pay is said where it is not the usual one."""
    reason = AbsenceReason(part.reason)
    if reason == AbsenceReason.HOLIDAY:
        return str(reason.label)  # nobody is reproached with it
    pay = "" if part.kind == reason.usual_kind else f" ({_pay(part.kind)})"
    return f"absent, {reason.label}{pay}"


def _pay(kind: str) -> str:
    return "payé" if kind == TimeKind.PAID_ABSENCE else "non payé"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def day_look(parts: Sequence[Part]) -> str:
    """The kind of chip of a recorded day: what is as planned, what happens, what somebody may have to look into."""
    if any(part.reason == AbsenceReason.UNJUSTIFIED for part in parts):
        return "late"
    if any(part.reason == AbsenceReason.LATE for part in parts):
        return "soon"
    return "info" if any(part.reason for part in parts) else "ok"


def new_shares(former: int, shares: Mapping[int, int], minutes: int) -> dict[int, int]:
    """The shares of client jobs once the work they are part of becomes `minutes`, in place of `former`.

    Shares of the whole stay the whole, in the same proportions, and so do shares that would exceed it; others stay as
    they were typed.

    >>> new_shares(390, {1: 260, 2: 130}, 360)
    {1: 240, 2: 120}
    >>> new_shares(390, {1: 120}, 360)
    {1: 120}
    """
    total = sum(shares.values())
    if total and (total == former or total > minutes):
        return spread(minutes, shares)
    return dict(shares)
