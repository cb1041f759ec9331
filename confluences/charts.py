"""Charts as SVG, the same in a page and in a PDF.

Except for the gauge nothing is scaled: bars are placed in percent of the width and text keeps its size in pixels, so
a chart stays legible on a 360-pixel phone and fills a wide page.
"""

import datetime as dt
import textwrap
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi, sin

from django.utils.safestring import SafeString

from confluences.formats import NOT_APPLICABLE, french_date, number, percent
from confluences.svg import (
    PALETTE,
    SERIF,
    bar,
    box,
    figure,
    patterns,
    percentage,
    stroke,
    svg,
    tag,
    text,
    upright,
)
from confluences.time_axis import Scale, month_axis, today_mark

CAPTION_HEIGHT = 22  # of a timeline's row, above its bars


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A part of a stacked bar: an exit class and how many exits it holds.

    Kinds: durable, transition, positive, other, undetermined.
    """

    label: str
    value: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class Year:
    """A cohort among previous ones: its successes over its examined exits."""

    label: str
    successes: int
    examined: int


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A period on a timeline; without an end it runs on. Kinds: strong, medium, warm, soft, hatched."""

    start: dt.date
    end: dt.date | None
    label: str
    kind: str = "strong"


@dataclass(frozen=True, kw_only=True)
class Point:
    """A day on a timeline. Kinds: done (full circle), open (ring), late (square)."""

    on: dt.date
    label: str
    kind: str = "done"


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A named row of a timeline."""

    label: str
    bars: Sequence[Bar] = ()
    points: Sequence[Point] = ()


def gauge(
    *,
    done: int,
    total: int,
    target_numerator: int,
    target_denominator: int,
    lowest: Fraction | None = None,
    highest: Fraction | None = None,
    label: str,
) -> SafeString:
    """Half a circle filled in proportion, with the target's tick and, hatched, what is still undecided."""
    if not 0 <= done <= total:
        raise ValueError(f"{done} sur {total} ne se dessine pas.")
    rate = Fraction(done, total) if total else None
    goal = _goal(target_numerator, target_denominator)
    words = f"{number(done)} sur {number(total)}" if total else NOT_APPLICABLE
    between = ""
    parts = [_sector(Fraction(0), Fraction(1), fill=PALETTE["line"])]
    if rate:
        parts.append(_sector(Fraction(0), rate, fill=PALETTE["act"]))
    if rate is not None and lowest is not None and highest is not None and lowest < highest:
        between = f"entre {percent(lowest)} et {percent(highest)}"
        parts += _undecided(lowest, highest)
    parts += _target_tick(Fraction(target_numerator, target_denominator), goal)
    # The words fit between the inner edges of the ring, however many digits they have.
    size = min(36, 158 / (0.64 * len(words)))
    parts.append(text(words, x=160, y=130, size=size, weight=600, anchor="middle", family=SERIF))
    if rate is not None:
        parts.append(text(percent(rate), x=160, y=156, size=18, anchor="middle", fill=PALETTE["muted"]))
    if between:
        parts.append(text(between, x=160, y=184, size=14, anchor="middle", fill=PALETTE["muted"]))
    spoken = [words, percent(rate) if rate is not None else "", between, f"objectif {goal}"]
    description = ", ".join(part for part in spoken if part) + "."
    return svg(
        parts, kind="gauge", label=label, description=description, width=320, height=192 if between else 164
    )


def stacked_bar(segments: Sequence[Segment], *, label: str) -> SafeString:
    """One bar shared between classes. Values stand above it and names below, so that none is ever cut."""
    key = _key(label, segments)
    total = sum(segment.value for segment in segments)
    parts = [
        patterns({segment.kind for segment in segments}, key),
        bar(0, 100, y=22, height=28, fill=PALETTE["line"]),
    ]
    left = Fraction(0)
    for segment in segments:
        width = Fraction(100 * segment.value, total) if total else Fraction(0)
        if width:
            place = {"x": percentage(left), "width": percentage(width)}
            parts.append(box(segment.kind, key, y=22, height=28, **place))
        # 2,8 % of a 280-pixel bar hold one digit: a value that would touch its neighbour stands in the legend only.
        if segment.value and width >= Fraction(28 * len(str(segment.value)), 10):
            middle = percentage(left + width / 2)
            parts.append(text(str(segment.value), x=middle, y=15, size=15, weight=600, anchor="middle"))
        left += width
    legend, height = _legend(segments, key, 66)
    description = ", ".join(f"{segment.value} {segment.label}" for segment in segments) or NOT_APPLICABLE
    description = f"{description}. Total : {total}."
    return svg(parts + legend, kind="stacked", label=label, description=description, height=height)


def years(rows: Sequence[Year], *, target_numerator: int, target_denominator: int, label: str) -> SafeString:
    """Past cohorts, one bar each, against the same target."""
    target = Fraction(target_numerator, target_denominator)
    goal = _goal(target_numerator, target_denominator)
    anchor = "end" if target > Fraction(3, 4) else "start" if target < Fraction(1, 4) else "middle"
    where = percentage(100 * target)
    parts = [text(f"objectif {goal}", x=where, y=13, size=13, anchor=anchor, fill=PALETTE["muted"])]
    spoken = []
    y = 22
    for row in rows:
        rate = Fraction(row.successes, row.examined) if row.examined else None
        words = (
            f"{row.successes} sur {row.examined} · {percent(rate)}" if rate is not None else NOT_APPLICABLE
        )
        parts.append(text(row.label, x=0, y=y + 14, size=15, weight=600))
        parts.append(text(words, x="100%", y=y + 14, size=14, anchor="end"))
        parts.append(bar(0, 100, y=y + 22, height=12, fill=PALETTE["line"]))
        if rate:
            parts.append(bar(0, 100 * rate, y=y + 22, height=12, fill=PALETTE["act"]))
        parts.append(upright(where, y + 19, y + 37, stroke=PALETTE["ink"], width=2))
        spoken.append(f"{row.label} : {words}")
        y += 48
    description = f"{' ; '.join(spoken) or NOT_APPLICABLE}. Objectif : {goal}."
    return svg(parts, kind="years", label=label, description=description, height=y)


def timeline(
    layers: Sequence[Layer], *, start: dt.date, end: dt.date, today: dt.date | None, label: str
) -> SafeString:
    """A journey: periods and days in named rows over one axis of months. Rows without content are left out."""
    if end <= start:
        raise ValueError("La frise finit avant de commencer.")
    key = _key(label, layers)
    scale = Scale(start, end)
    filled = [layer for layer in layers if layer.bars or layer.points]
    rows: list[SafeString] = []
    lanes: list[tuple[int, int]] = []
    bottom = 22
    for layer in filled:
        top = bottom + CAPTION_HEIGHT
        drawn, bottom = _draw_layer(layer, key, scale, top)
        rows += drawn
        lanes.append((top - 3, bottom))
    parts = [patterns({period.kind for layer in filled for period in layer.bars}, key)]
    parts += month_axis(scale, lanes, bottom)
    parts += rows
    if today is not None and start <= today <= end:
        parts += today_mark(scale.of(today), lanes)
    content = " ; ".join(_spoken(layer) for layer in filled) or "Rien à montrer"
    description = f"Du {french_date(start)} au {french_date(end)}. {content}."
    return svg(parts, kind="timeline", label=label, description=description, height=bottom + 36)


def _goal(numerator: int, denominator: int) -> str:
    return percent(Fraction(numerator, denominator)) if denominator == 100 else f"{numerator}/{denominator}"


def _key(label: str, content: Sequence[object]) -> str:
    return f"c{zlib.crc32(repr((label, content)).encode()):08x}"


def _legend(segments: Sequence[Segment], key: str, y: int) -> tuple[list[SafeString], int]:
    parts = []
    for segment in segments:
        parts.append(box(segment.kind, key, x="0.5", y=y, width="18", height=14))
        for line in textwrap.wrap(f"{segment.value} {segment.label}", 34):
            parts.append(text(line, x=28, y=y + 12, size=14))
            y += 20
        y += 4
    return parts, y


# The gauge is a ring of radius 92 to 116 around (160, 148).


def _at(radius: float, share: Fraction) -> str:
    x, y = _position(radius, share)
    return f"{figure(x)} {figure(y)}"


def _position(radius: float, share: Fraction) -> tuple[float, float]:
    angle = pi * (1 - float(share))
    return 160 + radius * cos(angle), 148 - radius * sin(angle)


def _sector(first: Fraction, last: Fraction, *, fill: str) -> SafeString:
    path = (
        f"M{_at(116, first)} A116 116 0 0 1 {_at(116, last)} L{_at(92, last)} A92 92 0 0 0 {_at(92, first)} Z"
    )
    return tag("path", d=path, fill=fill)


def _undecided(lowest: Fraction, highest: Fraction) -> list[SafeString]:
    """The zone between the lowest and the highest rate still possible, hatched by spokes."""
    spokes = max(2, int((highest - lowest) * 60))
    shares = [lowest + (highest - lowest) * Fraction(index, spokes) for index in range(spokes + 1)]
    path = " ".join(f"M{_at(92, share)} L{_at(116, share)}" for share in shares)
    zone = _sector(lowest, highest, fill=PALETTE["act-soft"])
    return [zone, stroke(path, colour=PALETTE["act"], width=1.5)]


def _target_tick(target: Fraction, goal: str) -> list[SafeString]:
    x, y = _position(134, target)
    tick = stroke(f"M{_at(86, target)} L{_at(122, target)}", colour=PALETTE["ink"], width=3)
    inside = min(max(x, 24), 296)
    return [tick, text(goal, x=inside, y=max(y + 4, 14), size=14, weight=600, anchor="middle")]


def _draw_layer(layer: Layer, key: str, scale: Scale, y: int) -> tuple[list[SafeString], int]:
    parts = [_caption(layer, y - 7)]
    for row in _rows(period for period in layer.bars if scale.shows(period.start, period.end)):
        for period in row:
            left, width = scale.span(period.start, period.end)
            place = {"x": percentage(left), "width": percentage(width)}
            parts.append(box(period.kind, key, y=y, height=14, title=period.label, **place))
        y += 18
    if layer.points:
        shown = [point for point in layer.points if scale.start <= point.on <= scale.end]
        parts += [_draw_point(point, percentage(scale.of(point.on)), y + 7) for point in shown]
        y += 18
    return parts, y


def _caption(layer: Layer, y: int) -> SafeString:
    # A phone shows 38 characters in the widest font we name.
    room = max(38 - len(layer.label), 12)
    detail = textwrap.shorten(" · ".join(period.label for period in layer.bars), room, placeholder=" …")
    name = tag("tspan", layer.label, font_size="13", font_weight="600", fill=PALETTE["ink"])
    parts = [name, tag("tspan", detail, dx="8")] if detail else [name]
    return tag("text", *parts, x="0", y=str(y), font_size="12", fill=PALETTE["muted"])


def _rows(periods: Iterable[Bar]) -> list[list[Bar]]:
    """Periods that share days go to separate rows."""
    rows: list[list[Bar]] = []
    for period in sorted(periods, key=lambda period: period.start):
        free = next((row for row in rows if _ended(row[-1], period.start)), None)
        if free is None:
            rows.append([period])
        else:
            free.append(period)
    return rows


def _ended(period: Bar, on: dt.date) -> bool:
    return period.end is not None and period.end < on


def _draw_point(point: Point, x: str, y: int) -> SafeString:
    title = tag("title", f"{point.label}, {french_date(point.on)}")
    if point.kind == "late":
        size = {"width": "10", "height": "10", "transform": "translate(-5)"}
        return tag("rect", title, x=x, y=str(y - 5), fill=PALETTE["late"], **size)
    fill = {"done": PALETTE["info"], "open": PALETTE["card"]}[point.kind]
    return tag("circle", title, cx=x, cy=str(y), r="5", fill=fill, stroke=PALETTE["info"], stroke_width="2")


def _spoken(layer: Layer) -> str:
    periods = [f"{period.label} {_spoken_period(period)}" for period in layer.bars]
    days = [f"{point.label} le {french_date(point.on)}" for point in layer.points]
    return f"{layer.label} : {', '.join(periods + days)}"


def _spoken_period(period: Bar) -> str:
    if period.end is None:
        return f"depuis le {french_date(period.start)}"
    return f"du {french_date(period.start)} au {french_date(period.end)}"
