"""The twelve months of a year side by side, as SVG: hours followed, and above them, hatched, the hours missed."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.safestring import SafeString

from confluences.formats import MONTHS, duration, number
from confluences.svg import PALETTE, bar, box, patterns, percentage, svg, tag, text

TOP, FLOOR = 22, 142  # the highest column stands between both, in pixels
WIDTH = Fraction(100, 12)


@dataclass(frozen=True, kw_only=True)
class Month:
    """Minutes of a month: those somebody was there, and those missed."""

    done: int
    missed: int


def month_chart(months: Sequence[Month], *, label: str, done: str, missed: str) -> SafeString:
    """January to December; `done` and `missed` name the two parts. Each column bears its hours done."""
    if len(months) != len(MONTHS):
        raise ValueError("Une année compte douze mois.")
    highest = max(month.done + month.missed for month in months)
    key = f"m{zlib.crc32(repr((label, months)).encode()):08x}"
    parts = [patterns({"hatched"}, key), bar(0, 100, y=FLOOR, height=1, fill=PALETTE["muted"])]
    for place, month in enumerate(months):
        parts += _column(month, place, highest, key)
        middle = percentage(WIDTH * place + WIDTH / 2)
        initial = MONTHS[place][0].upper()
        parts.append(text(initial, x=middle, y=FLOOR + 16, size=12, anchor="middle", fill=PALETTE["muted"]))
    parts += _legend(done, missed, key)
    spoken = [
        f"{name} : {duration(month.done)} {done}"
        + (f", {duration(month.missed)} {missed}" if month.missed else "")
        for name, month in zip(MONTHS, months, strict=True)
        if month.done or month.missed
    ]
    description = f"{' ; '.join(spoken) or 'Rien à montrer'}."
    return svg(parts, kind="months", label=label, description=description, height=FLOOR + 64)


def _column(month: Month, place: int, highest: int, key: str) -> list[SafeString]:
    if not month.done and not month.missed:
        return []
    left, width = WIDTH * place + 1, WIDTH - 2
    done = _pixels(month.done, highest)
    missed = _pixels(month.missed, highest)
    where = {"x": percentage(left), "width": percentage(width)}
    parts = [bar(left, width, y=FLOOR - done, height=done, fill=PALETTE["act"])] if done else []
    if missed:
        parts.append(box("hatched", key, y=FLOOR - done - missed, height=missed, **where))
    hours = number(Fraction(month.done, 60), places=0)
    middle = percentage(left + width / 2)
    return [*parts, text(hours, x=middle, y=FLOOR - done - missed - 5, size=11, weight=600, anchor="middle")]


def _pixels(minutes: int, highest: int) -> int:
    """What there is stays visible."""
    return max((FLOOR - TOP) * minutes // highest, 2) if minutes else 0


def _legend(done: str, missed: str, key: str) -> list[SafeString]:
    """One line each, so that none runs into the other on a phone."""
    y = FLOOR + 28
    return [
        tag("rect", x="0", y=str(y), width="14", height="12", fill=PALETTE["act"]),
        text(done, x=22, y=y + 11, size=13),
        box("hatched", key, x="0.5", y=y + 20, width="14", height=12),
        text(missed, x=22, y=y + 31, size=13),
    ]
