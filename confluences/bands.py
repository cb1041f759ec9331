"""Periods side by side on one axis of time, as SVG, with marks on their days and the window that several share.

As in confluences.charts nothing is scaled: days are in percent of the width, text keeps its size in pixels.
"""

import datetime as dt
import textwrap
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from confluences.formats import french_date
from confluences.svg import PALETTE, bar, box, patterns, percentage, svg, tag, text, upright
from confluences.time_axis import Scale, month_axis, today_mark

TOP = 26  # under the word « aujourd’hui »
BAND_HEIGHT = 16
LONGEST = 38  # characters of a label: a phone shows no more
DIAMOND = "M0 -8 L8 0 L0 8 L-8 0 Z"


@dataclass(frozen=True)
class Mark:
    """Something on a day of a band, with a letter that a table beside the picture explains."""

    day: dt.date
    label: str


@dataclass(frozen=True, kw_only=True)
class Band:
    """A row: a period, open at an end that is not known, in the look of its kind (confluences.svg), and days on it."""

    label: str
    words: str
    kind: str
    start: dt.date | None = None
    end: dt.date | None = None
    marks: Sequence[Mark] = ()
    is_period: bool = True


@dataclass(frozen=True)
class Highlight:
    """Days that the first `rows` bands have in common, in the words that the picture shows."""

    start: dt.date | None
    end: dt.date | None
    words: str
    rows: int


def bands(
    rows: Sequence[Band],
    *,
    start: dt.date,
    end: dt.date,
    today: dt.date,
    highlight: Highlight | None = None,
    label: str,
) -> SafeString:
    """One band for each row, in its own look and said in words; the highlight lies under the first ones."""
    if end <= start:
        raise ValueError("La frise finit avant de commencer.")
    key = f"b{zlib.crc32(repr((label, rows)).encode()):08x}"
    scale = Scale(start, end)
    drawn: list[SafeString] = []
    lanes: list[tuple[int, int]] = []
    top = TOP + (20 if highlight else 0)
    y = top
    for row in rows:
        drawn += _words(row, y + 15)
        y += 40
        drawn += _band(row, key, scale, y)
        lanes.append((y - 3, y + BAND_HEIGHT + 3))
        y += BAND_HEIGHT + 12
    parts = [patterns({row.kind for row in rows}, key)]
    if highlight and scale.shows(highlight.start or start, highlight.end):
        parts += _highlight(highlight, scale, lanes[: highlight.rows])
    parts += month_axis(scale, lanes, y - 6)
    parts += drawn
    if start <= today <= end and rows:
        parts += [
            upright(percentage(scale.of(today)), *lane, stroke=PALETTE["card"], width=5) for lane in lanes
        ]
        parts += today_mark(scale.of(today), lanes)
    spoken = " ; ".join(_spoken(row) for row in rows) or "Rien à montrer"
    common = f" {highlight.words}." if highlight else ""
    description = f"Du {french_date(start)} au {french_date(end)}. {spoken}.{common}"
    return svg(parts, kind="bands", label=label, description=description, height=y + 34)


def sample(kind: str, label: str) -> SafeString:
    """A small band in the look of a kind, for the key beside the picture."""
    key = f"k{zlib.crc32(repr((kind, label)).encode()):08x}"
    drawn = box(kind, key, x="0.5", y=1, width="27", height=12)
    return svg(
        [patterns({kind}, key), drawn], kind="sample", label=label, description="", height=14, width=28
    )


def _words(row: Band, y: int) -> list[SafeString]:
    return [
        text(textwrap.shorten(row.label, LONGEST, placeholder=" …"), x=0, y=y, size=14, weight=600),
        text(
            textwrap.shorten(row.words, LONGEST + 4, placeholder=" …"),
            x=0,
            y=y + 18,
            size=13,
            fill=PALETTE["muted"],
        ),
    ]


def _band(row: Band, key: str, scale: Scale, y: int) -> list[SafeString]:
    parts = [bar(0, 100, y=y + BAND_HEIGHT // 2, height=1, fill=PALETTE["line"])]
    first = row.start or scale.start
    if row.is_period and scale.shows(first, row.end):
        left, width = scale.span(first, row.end)
        place = {"x": percentage(left), "width": percentage(width)}
        parts.append(box(row.kind, key, y=y, height=BAND_HEIGHT, **place))
    parts += [_mark(mark, scale, y) for mark in row.marks if scale.start <= mark.day <= scale.end]
    return parts


def _mark(mark: Mark, scale: Scale, y: int) -> SafeString:
    title = tag("title", f"{mark.label}, {french_date(mark.day)}")
    shape = tag("path", title, d=DIAMOND, fill=PALETTE["card"], stroke=PALETTE["ink"], stroke_width="2")
    # A drawing inside the drawing: its origin is placed in percent, its shape is in pixels.
    return tag(
        "svg", shape, x=percentage(scale.of(mark.day)), y=str(y + BAND_HEIGHT // 2), overflow="visible"
    )


def _highlight(highlight: Highlight, scale: Scale, lanes: Sequence[tuple[int, int]]) -> list[SafeString]:
    """A ground under the lanes with a line at each end, and its words above them."""
    if not lanes:
        return []
    left, width = scale.span(highlight.start or scale.start, highlight.end)
    top, bottom = lanes[0][0] - 42, lanes[-1][1] + 4
    anchor = "start" if left < 50 else "end"
    at = percentage(left if anchor == "start" else left + width)
    return [
        bar(left, width, y=top, height=bottom - top, fill=PALETTE["act-soft"]),
        upright(percentage(left), top, bottom, stroke=PALETTE["act"], width=1.5),
        upright(percentage(left + width), top, bottom, stroke=PALETTE["act"], width=1.5),
        text(highlight.words, x=at, y=top - 6, size=13, weight=600, anchor=anchor, fill=PALETTE["act"]),
    ]


def _spoken(row: Band) -> str:
    said = [row.words]
    if row.is_period:
        since = f"du {french_date(row.start)}" if row.start else "sans début connu"
        until = f"au {french_date(row.end)}" if row.end else "sans fin connue"
        said.insert(0, f"{since} {until}")
    said += [f"{mark.label} le {french_date(mark.day)}" for mark in row.marks]
    return f"{row.label} : {', '.join(part for part in said if part)}"
