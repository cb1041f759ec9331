"""Lines over months, as SVG: the same in a page and in a PDF.

As in confluences.charts nothing is scaled: places are in percent of the width, text keeps its size in pixels.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil

from django.utils.safestring import SafeString

from confluences.formats import MONTHS, SHORT_MONTHS, Number, number
from confluences.svg import PALETTE, figure, percentage, svg, tag, text

PLOT_HEIGHT = 180
LEGEND_LINE = 20
# Colour, width and dashes of each kind: told apart without colour too.
LOOKS = {
    "goal": (PALETTE["muted"], 1.5, "none"),
    "done": (PALETTE["act"], 3.0, "none"),
    "forecast": (PALETTE["act"], 2.0, "2 4"),
    "certain": (PALETTE["act"], 3.0, "none"),
    "likely": (PALETTE["info"], 2.5, "9 5"),
    "asked": (PALETTE["muted"], 2.0, "2 4"),
}
# What the circle at the end of a line is filled with; a goal has none.
ENDS = {
    "done": PALETTE["act"],
    "forecast": PALETTE["card"],
    "certain": PALETTE["act"],
    "likely": PALETTE["card"],
    "asked": PALETTE["card"],
}
STEPS = (
    Fraction(1, 100),
    Fraction(1, 20),
    Fraction(1, 10),
    Fraction(1, 4),
    Fraction(1, 2),
    *map(Fraction, (1, 2, 5)),
)
MOST_LABELS = 6  # on the axis of a phone


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A line through points: how many months have passed, and the value then.

    Kinds: goal, done, forecast (dotted); certain, likely (dashed), asked (dotted).
    """

    label: str
    points: Sequence[tuple[int, Number]]
    kind: str


def curves(lines: Sequence[Curve], *, months: Sequence[dt.date], label: str) -> SafeString:
    """Lines over months that follow one another; a point at n stands at the end of the n-th.

    The legend says where each line ends.
    """
    drawn = [line for line in lines if line.points]
    values = [Fraction(value) for line in drawn for _place, value in line.points]
    legend = LEGEND_LINE * len(drawn)
    scale = _Scale(
        len(months), min(values, default=Fraction(0)), max(values, default=Fraction(0)), legend + 16
    )
    parts = _legend(drawn) + _grid(scale)
    for line in drawn:
        parts += _line(line, scale)
    parts += _values(scale) + _axis(months, scale)
    spoken = " ; ".join(_spoken(line, months) for line in drawn) or "Rien à montrer"
    return svg(parts, kind="curves", label=label, description=f"{spoken}.", height=legend + PLOT_HEIGHT + 42)


class _Scale:
    """Months as a share of the width, values as pixels from the top. Nought is always there."""

    def __init__(self, months: int, lowest: Fraction, highest: Fraction, y: int) -> None:
        self.months, self.y = max(months, 1), y
        highest, depth = max(highest, Fraction(0)), max(-lowest, Fraction(0))
        self.step = _step(highest + depth or Fraction(1))
        self.below = ceil(depth / self.step)
        self.above = ceil(highest / self.step) or (0 if self.below else 1)

    @property
    def lines(self) -> list[Fraction]:
        """The values that have a line of their own."""
        return [index * self.step for index in range(-self.below, self.above + 1)]

    def across(self, place: Fraction | int) -> str:
        # A circle at either end is never cut.
        return percentage(1 + Fraction(98 * place, self.months))

    def down(self, value: Number) -> float:
        height = self.above + self.below
        return self.y + PLOT_HEIGHT * (self.above - float(Fraction(value) / self.step)) / height


def _step(highest: Fraction) -> Fraction:
    """A round distance that leaves at most five lines."""
    power = Fraction(1)
    while True:
        for step in STEPS:
            if highest <= 5 * step * power:
                return step * power
        power *= 10


def _legend(lines: Sequence[Curve]) -> list[SafeString]:
    parts = []
    for row, line in enumerate(lines):
        middle = str(LEGEND_LINE * row + 10)
        words = f"{line.label} : {number(line.points[-1][1])}"
        parts.append(_segment(line.kind, "0", middle, "24", middle))
        parts.append(text(words, x=32, y=LEGEND_LINE * row + 15, size=14))
    return parts


def _grid(scale: _Scale) -> list[SafeString]:
    parts = []
    for value in scale.lines:
        y = figure(scale.down(value))
        stroke = PALETTE["muted" if scale.below and not value else "line"]
        parts.append(tag("line", x1="0%", x2="100%", y1=y, y2=y, stroke=stroke, stroke_width="1"))
    return parts


def _values(scale: _Scale) -> list[SafeString]:
    """Each grid line's value stands on it at the left, on a ground of its own where a curve passes."""
    parts = []
    for value in scale.lines:
        if value or scale.below:
            y, words = scale.down(value) - 3, number(value)
            ground = {"x": "0", "y": figure(y - 11), "width": str(7 * len(words)), "height": "13"}
            parts.append(tag("rect", **ground, fill=PALETTE["card"], fill_opacity="0.85"))
            parts.append(text(words, x=0, y=y, size=12, fill=PALETTE["muted"]))
    return parts


def _line(line: Curve, scale: _Scale) -> list[SafeString]:
    places = [(scale.across(place), figure(scale.down(value))) for place, value in line.points]
    parts = [_segment(line.kind, *first, *second) for first, second in pairwise(places)]
    if line.kind not in ENDS:
        return parts
    x, y = places[-1]
    colour = LOOKS[line.kind][0]
    return [*parts, tag("circle", cx=x, cy=y, r="4", fill=ENDS[line.kind], stroke=colour, stroke_width="2")]


def _segment(kind: str, x1: str, y1: str, x2: str, y2: str) -> SafeString:
    colour, width, dashes = LOOKS[kind]
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return tag("line", **ends, stroke=colour, stroke_width=figure(width), stroke_dasharray=dashes)


def _axis(months: Sequence[dt.date], scale: _Scale) -> list[SafeString]:
    """The names of the months, as many as a phone holds, each in the middle of its own."""
    every = ceil(len(months) / MOST_LABELS)
    one_year = len({month.year for month in months}) == 1
    y = scale.y + PLOT_HEIGHT + 18
    parts = []
    for index in range(0, len(months), every or 1):
        month = months[index]
        name = SHORT_MONTHS[month.month - 1] + ("" if one_year else f" {month:%y}")
        x = scale.across(index + Fraction(1, 2))
        parts.append(text(name, x=x, y=y, size=12, anchor="middle", fill=PALETTE["muted"]))
    return parts


def _spoken(line: Curve, months: Sequence[dt.date]) -> str:
    values = [
        f"{number(value)} fin {MONTHS[months[place - 1].month - 1]} {months[place - 1].year}"
        for place, value in line.points
        if place
    ]
    return f"{line.label} : {', '.join(values)}"
