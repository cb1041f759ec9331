"""Works side by side on one axis of time, as SVG: what was planned, how much is done, when each will end.

As in confluences.charts nothing is scaled: days are in percent of the width, text keeps its size in pixels.
"""

import datetime as dt
import textwrap
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.safestring import SafeString

from confluences.dates import add_days
from confluences.formats import french_date, percent
from confluences.svg import PALETTE, bar, box, patterns, percentage, svg, tag, text, upright
from confluences.time_axis import Scale, month_axis, today_mark

TOP = 26  # under the word « aujourd’hui »
TRACK_HEIGHT = 16
LONGEST = 36  # characters of a label: a phone shows no more
KEY_LINE = 22
DIAMOND = "M0 -8 L8 0 L0 8 L-8 0 Z"
ARROW = "M-12 -8 L0 0 L-12 8 Z"  # what lies beyond the axis


@dataclass(frozen=True, kw_only=True)
class Work:
    """One row: planned from `start` to `end`, `done` of it, and the day it will end as things go.

    Without an end the bar is hatched, up to the day it will end. `words` say how it stands.
    """

    label: str
    start: dt.date
    end: dt.date | None
    done: Fraction
    expected: dt.date | None
    words: str
    late: bool = False

    @property
    def last(self) -> dt.date | None:
        return self.end or self.expected


@dataclass(frozen=True, kw_only=True)
class Key:
    """What the key calls the three marks."""

    planned: str
    done: str
    expected: str


def gantt(
    works: Sequence[Work], *, start: dt.date, end: dt.date, today: dt.date, key: Key, label: str
) -> SafeString:
    """A row for each work: its bar, filled as far as it is done, and a diamond on the day it will end.

    The diamond is red where that is late; an arrow at the edge stands for a day beyond the axis.
    """
    if end <= start:
        raise ValueError("Le planning finit avant de commencer.")
    mark = f"g{zlib.crc32(repr((label, works)).encode()):08x}"
    scale = Scale(start, end)
    rows: list[SafeString] = []
    lanes: list[tuple[int, int]] = []
    y = TOP
    for work in works:
        y += 18
        rows += _words(work, y - 5)
        y += 18
        rows += _track(work, mark, scale, y)
        lanes.append((y - 3, y + TRACK_HEIGHT + 3))
        y += TRACK_HEIGHT + 12
    parts = [patterns({"hatched"}, mark), *month_axis(scale, lanes, y - 6), *rows]
    if start <= today <= end and works:
        # Over the bars, on a ground of its own: a dark line on a dark bar would be lost.
        place = percentage(scale.of(today))
        parts += [upright(place, *lane, stroke=PALETTE["card"], width=5) for lane in lanes]
        parts += today_mark(scale.of(today), lanes)
    drawn_key, height = _key(key, y + 34)
    description = " ; ".join(_spoken(work, key) for work in works) or "Rien à montrer"
    description = f"Du {french_date(start)} au {french_date(end)}. {description}."
    return svg([*parts, *drawn_key], kind="gantt", label=label, description=description, height=height)


def _words(work: Work, y: int) -> list[SafeString]:
    return [
        text(textwrap.shorten(work.label, LONGEST, placeholder=" …"), x=0, y=y, size=14, weight=600),
        text(work.words, x=0, y=y + 17, size=13, fill=PALETTE["late"] if work.late else PALETTE["muted"]),
    ]


def _track(work: Work, mark: str, scale: Scale, y: int) -> list[SafeString]:
    y += 2
    parts = [bar(0, 100, y=y + TRACK_HEIGHT // 2, height=1, fill=PALETTE["line"])]
    if scale.shows(work.start, work.last):
        left, width = scale.span(work.start, work.last)
        place = {"x": percentage(left), "width": percentage(width)}
        parts.append(box("soft" if work.end else "hatched", mark, y=y, height=TRACK_HEIGHT, **place))
        parts += _filled(work, scale, y)
    if work.expected is not None:
        parts.append(_expected(work.expected, scale, y + TRACK_HEIGHT // 2, late=work.late))
    return parts


def _filled(work: Work, scale: Scale, y: int) -> list[SafeString]:
    """The part that is done, of the whole bar: what lies before the axis is done first."""
    last = work.last or scale.end
    days = int(((last - work.start).days + 1) * min(work.done, Fraction(1)))
    until = add_days(work.start, days - 1)
    if days <= 0 or until < scale.start:
        return []
    left, width = scale.span(work.start, until)
    return [bar(left, width, y=y + 4, height=TRACK_HEIGHT - 8, fill=PALETTE["act"])]


def _expected(day: dt.date, scale: Scale, y: int, *, late: bool) -> SafeString:
    colour = PALETTE["late"] if late else PALETTE["ink"]
    beyond = day > scale.end
    # A drawing inside the drawing: its origin is placed in percent, its shape is in pixels.
    shape = tag(
        "path",
        d=ARROW if beyond else DIAMOND,
        fill=colour if late else PALETTE["card"],
        stroke=colour,
        stroke_width="2",
    )
    return tag("svg", shape, x=percentage(scale.of(day)), y=str(y), overflow="visible")


def _key(key: Key, y: int) -> tuple[list[SafeString], int]:
    middle = y + 7
    shape = tag("path", d=DIAMOND, fill=PALETTE["card"], stroke=PALETTE["ink"], stroke_width="2")
    parts = [
        tag(
            "rect",
            x="1",
            y=str(y),
            width="18",
            height="14",
            fill=PALETTE["act-soft"],
            stroke=PALETTE["act"],
            stroke_width="1",
        ),
        tag("rect", x="1", y=str(y + KEY_LINE + 3), width="18", height="8", fill=PALETTE["act"]),
        tag("svg", shape, x="10", y=str(middle + 2 * KEY_LINE), overflow="visible"),
    ]
    for number, words in enumerate((key.planned, key.done, key.expected)):
        parts.append(text(words, x=28, y=middle + number * KEY_LINE + 5, size=13, fill=PALETTE["muted"]))
    return parts, y + 3 * KEY_LINE


def _spoken(work: Work, key: Key) -> str:
    planned = f"{key.planned} du {french_date(work.start)}"
    planned += f" au {french_date(work.end)}" if work.end else ", sans date de fin"
    said = [planned, f"{percent(work.done)} {key.done}"]
    if work.expected is not None:
        said.append(f"{key.expected} le {french_date(work.expected)}")
    return f"{work.label} : {', '.join([*said, work.words])}"
