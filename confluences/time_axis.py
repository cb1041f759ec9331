"""The axis of time that charts share: days in percent of the width, months under the rows, a line for today."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from django.utils.safestring import SafeString

from confluences.dates import add_months, day_after
from confluences.formats import SHORT_MONTHS
from confluences.svg import PALETTE, percentage, text, upright


class Scale:
    """Days as a share of the width; what lies outside the axis is cut at its edge."""

    def __init__(self, start: dt.date, end: dt.date) -> None:
        self.start, self.end = start, end
        self.days = (end - start).days + 1

    def of(self, day: dt.date) -> Fraction:
        inside = min(max(day, self.start), day_after(self.end))
        return Fraction(100 * (inside - self.start).days, self.days)

    def span(self, start: dt.date, end: dt.date | None) -> tuple[Fraction, Fraction]:
        """Where a period begins and how wide it is; without an end it runs on."""
        left = self.of(start)
        # A single day stays visible, the last one included.
        width = max(self.of(day_after(end or self.end)) - left, Fraction(1, 2))
        return min(left, 100 - width), width

    def shows(self, start: dt.date, end: dt.date | None) -> bool:
        return start <= self.end and (end is None or end >= self.start)


def month_axis(scale: Scale, lanes: Sequence[tuple[int, int]], bottom: int) -> list[SafeString]:
    """The months under the rows, and a fine line through each of them; it takes 36 pixels from `bottom` on."""
    parts: list[SafeString] = []
    ticks = _month_ticks(scale.start, scale.end)
    for tick in ticks:
        share = scale.of(tick)
        x = percentage(share)
        anchor = "start" if share < 8 else "end" if share > 92 else "middle"
        parts += [upright(x, *lane, stroke=PALETTE["line"], width=1) for lane in lanes]
        lines = [SHORT_MONTHS[tick.month - 1]]
        if tick == ticks[0] or tick.month == 1:
            lines.append(str(tick.year))
        for row, line in enumerate(lines):
            y = bottom + 15 + 16 * row
            parts.append(text(line, x=x, y=y, size=12, anchor=anchor, fill=PALETTE["muted"]))
    return parts


def _month_ticks(start: dt.date, end: dt.date) -> list[dt.date]:
    """At most six firsts of the month, on round months of the year."""
    first = start if start.day == 1 else add_months(start.replace(day=1), 1)
    months = [
        add_months(first, index)
        for index in range((end.year - first.year) * 12 + end.month - first.month + 1)
    ]
    for step in (1, 2, 3, 4, 6, 12, 24, 60, 120):
        ticks = [month for month in months if (month.year * 12 + month.month - 1) % step == 0]
        if len(ticks) <= 6:
            return ticks
    return ticks[:6]


def today_mark(share: Fraction, lanes: Sequence[tuple[int, int]]) -> list[SafeString]:
    """A dashed line through the rows, and its word in the first 22 pixels of the chart."""
    anchor = "start" if share < 15 else "end" if share > 85 else "middle"
    x = percentage(share)
    marks = [upright(x, *lane, stroke=PALETTE["ink"], width=2, dashes="3 2") for lane in lanes]
    return [*marks, text("aujourd’hui", x=x, y=13, size=13, weight=600, anchor=anchor)]
