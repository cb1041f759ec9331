"""Rules of presence, on plain values: the minutes planned on a day, and how a day is written in a cell of the month grid."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from beneficiaries.time_enums import AbsenceReason, TimeKind
from confluences.working_days import public_holiday

DAY_MINUTES = 24 * 60
WEEKDAYS = "12345"  # Monday to Friday, as ISO numbers them

# What a cell says, in the letters that payrolls use. A letter alone stands for all that was planned that day.
KIND_CODES = {TimeKind.WORK: "", TimeKind.TRAINING: "F", TimeKind.IMMERSION: "I"}
REASON_CODES = {
    AbsenceReason.LEAVE: "CP",
    AbsenceReason.HOLIDAY: "JF",
    AbsenceReason.HEALTH: "S",
    AbsenceReason.FAMILY: "FA",
    AbsenceReason.PAPERS: "AD",
    AbsenceReason.TRANSPORT: "TR",
    AbsenceReason.LATE: "R",
    AbsenceReason.UNJUSTIFIED: "AI",
    AbsenceReason.OTHER: "AU",
}
# After a reason's code, where its pay is not the usual one.
PAY_MARKS = {TimeKind.PAID_ABSENCE: "+", TimeKind.UNPAID_ABSENCE: "-"}
_KINDS = {code: kind for kind, code in KIND_CODES.items()}
_REASONS = {code: reason for reason, code in REASON_CODES.items()}
_PART = re.compile(
    r"(?P<code>[A-Z]*)(?P<mark>[+-]?)(?:(?P<hours>\d{1,2})(?:[H:](?P<minutes>[0-5]\d)?|[.,](?P<decimals>\d{1,2}))?)?"
)


@dataclass(frozen=True, order=True)
class Part:
    """Minutes of somebody's day that were for one thing; `reason` is empty unless it is an absence."""

    kind: TimeKind
    minutes: int
    reason: AbsenceReason | str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes two parts of a day the same one: a day has one of each."""
        return self.kind, self.reason


class UnreadableCell(ValueError):
    """A cell that says nothing we know; its text says in French why."""


def planned_minutes(weekly_minutes: int, work_days: str, day: dt.date) -> int:
    """The minutes that a contract plans on a day: the week's, spread evenly over its days, none on a public holiday.

    `work_days` holds the ISO numbers of the weekdays. Minutes that do not divide fall on the first days, so that a week
    without holiday is exactly the contract's.

    >>> [planned_minutes(26 * 60, "1234", dt.date(2026, 5, day)) for day in range(18, 25)]
    [390, 390, 390, 390, 0, 0, 0]
    >>> planned_minutes(26 * 60, "1234", dt.date(2026, 5, 14))  # Ascension
    0
    """
    return 0 if public_holiday(day) else usual_minutes(weekly_minutes, work_days, day)


def usual_minutes(weekly_minutes: int, work_days: str, day: dt.date) -> int:
    """The minutes of that weekday, holiday or not: what a public holiday is paid."""
    place = work_days.find(str(day.isoweekday()))
    if place < 0:
        return 0
    minutes, rest = divmod(weekly_minutes, len(work_days))
    return minutes + (place < rest)


def read_cell(text: str, planned: int) -> list[Part]:
    """The parts of a day that a cell says; `planned` are the minutes that a code without hours stands for.

    >>> [(part.kind.value, part.minutes) for part in read_cell("3,5 F3h30", 420)]
    [('work', 210), ('training', 210)]
    >>> [(part.kind.value, part.reason.value, part.minutes) for part in read_cell("CP", 390)]
    [('paid_absence', 'leave', 390)]

    Raises UnreadableCell.
    """
    words = text.upper().replace("\u202f", "").replace("\u00a0", "").split()
    parts = [_read_part(word, planned) for word in words]
    parts = [part for part in parts if part.minutes]
    if len({part.key for part in parts}) < len(parts):
        raise UnreadableCell(f"« {text.strip()} » dit deux fois la même chose : additionnez les heures.")
    if sum(part.minutes for part in parts) > DAY_MINUTES:
        raise UnreadableCell(f"« {text.strip()} » dépasse 24 heures.")
    return sorted(parts, key=_order)


def write_cell(parts: Iterable[Part]) -> str:
    """The cell that read_cell reads as these parts.

    >>> write_cell([Part(TimeKind.WORK, 390), Part(TimeKind.UNPAID_ABSENCE, 30, AbsenceReason.LATE)])
    '6,5 R0,5'
    """
    return " ".join(_write_part(part) for part in sorted(parts, key=_order))


def _order(part: Part) -> tuple[int, str]:
    return list(TimeKind).index(TimeKind(part.kind)), part.reason


def _read_part(word: str, planned: int) -> Part:
    found = _PART.fullmatch(word)
    if not found:
        raise UnreadableCell(_misread(word))
    code, mark = found["code"], found["mark"]
    minutes = planned if found["hours"] is None else _minutes(found)
    if code in _KINDS and not mark:
        return Part(_KINDS[code], minutes)
    if code not in _REASONS:
        raise UnreadableCell(_misread(word))
    if minutes == 0 and found["hours"] is None:
        raise UnreadableCell(
            f"« {word} » : rien n’est prévu ce jour-là, ajoutez les heures, par exemple {code}7."
        )
    reason = _REASONS[code]
    kind = next((kind for kind, sign in PAY_MARKS.items() if sign == mark), reason.usual_kind)
    return Part(kind, minutes, reason)


def _minutes(found: re.Match[str]) -> int:
    hours = int(found["hours"]) * 60
    if found["decimals"]:
        hundredths = int(found["decimals"].ljust(2, "0"))
        return hours + round(hundredths * 60 / 100)
    return hours + int(found["minutes"] or 0)


def _write_part(part: Part) -> str:
    hours = _write_hours(part.minutes)
    if part.kind in KIND_CODES:
        return f"{KIND_CODES[TimeKind(part.kind)]}{hours}"
    reason = AbsenceReason(part.reason)
    mark = "" if part.kind == reason.usual_kind else PAY_MARKS[TimeKind(part.kind)]
    return f"{REASON_CODES[reason]}{mark}{hours}"


def _write_hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if rest == 0:
        return str(hours)
    if rest % 15 == 0:
        return f"{hours},{'25' if rest == 15 else '5' if rest == 30 else '75'}"
    return f"{hours}h{rest:02d}"


def _misread(word: str) -> str:
    known: Sequence[str] = ("F", "I", *REASON_CODES.values())
    return f"« {word.lower()} » n’est ni des heures (7, 7,5 ou 7h30) ni un code ({', '.join(known)})."
