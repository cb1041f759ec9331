"""Amounts row by row, as SVG: each one a bar, over what there is for it where that is known.

As in confluences.charts nothing is scaled: bars are in percent of the width, text keeps its size in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.safestring import SafeString

from confluences.svg import PALETTE, bar, percentage, svg, text, upright

# A phone shows 38 characters in the widest font we name; longer words go to a line of their own.
ROOM = 36


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One row: an amount, what there is for it (None where it stands alone), and both in words.

    More than there is for it is a fault, unless `more_is_better`, as for income beside what was planned.
    """

    label: str
    value: Fraction | int
    words: str
    room: Fraction | int | None = None
    more_is_better: bool = False

    @property
    def over(self) -> bool:
        return self.room is not None and self.value > self.room and not self.more_is_better


def measures(rows: Sequence[Measure], *, label: str) -> SafeString:
    """Bars on one scale; a tick is what there is for it, and what goes beyond the tick is red."""
    most = max((max(row.value, row.room or 0) for row in rows), default=0)
    parts: list[SafeString] = []
    y = 0
    for row in rows:
        drawn, y = _row(row, most, y)
        parts += drawn
    description = " ; ".join(f"{row.label} : {row.words}" for row in rows) or "Rien à montrer"
    return svg(parts, kind="measures", label=label, description=f"{description}.", height=max(y, 1))


def _row(row: Measure, most: Fraction | int, y: int) -> tuple[list[SafeString], int]:
    colour = PALETTE["late"] if row.over else PALETTE["ink"]
    parts = [text(row.label, x=0, y=y + 14, size=14, weight=600)]
    if len(row.label) + len(row.words) > ROOM:
        y += 18
        parts.append(text(row.words, x=0, y=y + 14, size=13, fill=colour))
    else:
        parts.append(text(row.words, x="100%", y=y + 14, size=13, anchor="end", fill=colour))
    parts.append(bar(0, 100, y=y + 22, height=12, fill=PALETTE["line"]))
    parts += _bars(row, most, y + 22)
    return parts, y + 46


def _bars(row: Measure, most: Fraction | int, y: int) -> list[SafeString]:
    if not most:
        return []
    inside = min(row.value, row.room) if row.over and row.room is not None else row.value
    width = Fraction(100 * inside) / Fraction(most)
    parts = [bar(0, width, y=y, height=12, fill=PALETTE["act"])] if width else []
    if row.over:
        beyond = Fraction(100 * (row.value - inside)) / Fraction(most)
        parts.append(bar(width, beyond, y=y, height=12, fill=PALETTE["late"]))
    if row.room is not None:
        place = percentage(Fraction(100 * row.room) / Fraction(most))
        parts.append(upright(place, y - 3, y + 15, stroke=PALETTE["ink"], width=2))
    return parts
