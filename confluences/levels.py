"""Two moments on one scale, row by row, as SVG: the same in a page and in a PDF.

As in confluences.charts nothing is scaled: places are in percent of the width, text keeps its size in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.safestring import SafeString

from confluences.svg import PALETTE, percentage, svg, tag, text, upright

# The first and the last level stand this far from the edges, in percent: a circle is never cut.
MARGIN = 5
# A phone shows 38 characters in the widest font we name; longer words go to a line of their own.
ROOM = 36
KEY_WIDTH = 112  # of « ○ à l’entrée », in pixels


@dataclass(frozen=True, kw_only=True)
class Change:
    """One row: where it stood and where it stands, from 1 to the highest level; None where nobody knows."""

    label: str
    before: int | None
    now: int | None
    words: str

    @property
    def drawn(self) -> bool:
        return self.before is not None or self.now is not None

    @property
    def worse(self) -> bool:
        return self.before is not None and self.now is not None and self.now > self.before


def levels(
    changes: Sequence[Change], *, scale: Sequence[str], before: str, now: str, label: str
) -> SafeString:
    """Rows over one scale that worsens to the right: a ring for `before`, a full circle for `now`, a line between.

    A row without any level is words alone.
    """
    for change in changes:
        if not {change.before, change.now} <= {None, *range(1, len(scale) + 1)}:
            raise ValueError(f"« {change.label} » sort de l’échelle.")
    parts = _key(before, now)
    y = 28
    if any(change.drawn for change in changes):
        parts += _scale(scale, y + 12)
        y += 24
    for change in changes:
        drawn, y = _row(change, len(scale), y)
        parts += drawn
    description = " ; ".join(_spoken(change) for change in changes) or "Rien à montrer"
    return svg(parts, kind="levels", label=label, description=f"{description}.", height=y)


def _key(before: str, now: str) -> list[SafeString]:
    return [
        _ring("8", 10, radius=6),
        text(before, x=20, y=14, size=13, fill=PALETTE["muted"]),
        _disc(str(KEY_WIDTH + 8), 10, PALETTE["act"]),
        text(now, x=KEY_WIDTH + 20, y=14, size=13, fill=PALETTE["muted"]),
    ]


def _scale(scale: Sequence[str], y: int) -> list[SafeString]:
    """The names of the levels. Those at both ends begin and end with the chart."""
    last = len(scale)
    parts = []
    for level, name in enumerate(scale, start=1):
        anchor = {1: "start", last: "end"}.get(level, "middle")
        x = {1: "0%", last: "100%"}.get(level, percentage(_place(level, last)))
        parts.append(text(name, x=x, y=y, size=12, anchor=anchor, fill=PALETTE["muted"]))
    return parts


def _row(change: Change, last: int, y: int) -> tuple[list[SafeString], int]:
    parts = [text(change.label, x=0, y=y + 16, size=14, weight=600)]
    if len(change.label) + len(change.words) > ROOM:
        y += 18
        parts.append(text(change.words, x=0, y=y + 16, size=13))
    else:
        parts.append(text(change.words, x="100%", y=y + 16, size=13, anchor="end"))
    if not change.drawn:
        return parts, y + 28
    return parts + _track(change, last, y + 32), y + 50


def _track(change: Change, last: int, y: int) -> list[SafeString]:
    places = [percentage(_place(level, last)) for level in range(1, last + 1)]
    parts = [_line(places[0], places[-1], y, PALETTE["line"], width=2)]
    parts += [upright(place, y - 4, y + 4, stroke=PALETTE["line"], width=2) for place in places]
    colour = PALETTE["late"] if change.worse else PALETTE["act"]
    if change.before and change.now and change.before != change.now:
        parts.append(_line(places[change.before - 1], places[change.now - 1], y, colour, width=3))
    if change.before:
        # Around a full circle the ring is wider, so that both are seen.
        parts.append(_ring(places[change.before - 1], y, radius=9 if change.before == change.now else 6))
    if change.now:
        parts.append(_disc(places[change.now - 1], y, colour))
    return parts


def _place(level: int, last: int) -> Fraction:
    return MARGIN + Fraction((100 - 2 * MARGIN) * (level - 1), last - 1)


def _line(start: str, end: str, y: int, colour: str, *, width: int) -> SafeString:
    return tag("line", x1=start, x2=end, y1=str(y), y2=str(y), stroke=colour, stroke_width=str(width))


def _ring(x: str, y: int, *, radius: int) -> SafeString:
    return tag(
        "circle",
        cx=x,
        cy=str(y),
        r=str(radius),
        fill=PALETTE["card"],
        stroke=PALETTE["ink"],
        stroke_width="2",
    )


def _disc(x: str, y: int, colour: str) -> SafeString:
    return tag("circle", cx=x, cy=str(y), r="6", fill=colour)


def _spoken(change: Change) -> str:
    """An arrow is for the eye."""
    return f"{change.label} : {change.words.replace(' → ', ' puis ')}"
