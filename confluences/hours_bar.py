"""Hours towards a total, as SVG: what is done, what is planned, what is left. The same in a page and in a PDF."""

import zlib
from fractions import Fraction

from django.utils.safestring import SafeString

from confluences.formats import duration
from confluences.svg import PALETTE, bar, box, patterns, percentage, svg, tag, upright

HEIGHT = 18


def hours_bar(
    *, label: str, done: int, total: int, planned: int = 0, required: int | None = None
) -> SafeString:
    """A track filled with the minutes done, then hatched with those planned; a tick stands where the goal is lower.

    What is beyond the total is not drawn.
    """
    full, ahead = _shares(done, planned, total)
    key = f"h{zlib.crc32(repr((label, done, planned, total)).encode()):08x}"
    parts = [bar(0, 100, y=3, height=12, fill=PALETTE["line"])]
    if full:
        parts.append(bar(0, full, y=3, height=12, fill=PALETTE["act"]))
    if ahead:
        parts.append(patterns({"hatched"}, key))
        place = {"x": percentage(full), "width": percentage(ahead)}
        parts.append(box("hatched", key, y=3, height=12, **place))
    if required is not None and required < total:
        where = percentage(Fraction(100 * required, total))
        parts.append(upright(where, 0, HEIGHT, stroke=PALETTE["ink"], width=2))
    return svg(
        parts,
        kind="hours",
        label=label,
        description=hours_words(done, total, planned, required),
        height=HEIGHT,
    )


def hours_fill(*, done: int, total: int, planned: int = 0) -> SafeString:
    """The small picture of a table's cell; the cell says the same in words."""
    full, ahead = _shares(done, planned, total)
    parts = [tag("rect", x="0", y="0", width="100%", height="6", fill=PALETTE["line"])]
    if ahead:
        place = {"x": percentage(full), "width": percentage(ahead)}
        outline = {"stroke": PALETTE["act"], "stroke_width": "1"}
        parts.append(tag("rect", y="0.5", height="5", fill=PALETTE["act-soft"], **place, **outline))
    if full:
        parts.append(bar(0, full, y=0, height=6, fill=PALETTE["act"]))
    return tag(
        "svg",
        *parts,
        class_="chart chart-fill",
        width="100%",
        height="6",
        aria_hidden="true",
        focusable="false",
    )


def hours_words(done: int, total: int, planned: int = 0, required: int | None = None) -> str:
    """The bar in a sentence.

    >>> hours_words(9120, 13800, planned=1800).replace(chr(160), " ")
    '152 h faites sur 230 h, 30 h prévues, 48 h sans séance.'
    """
    left = max(total - done - planned, 0)
    parts = [f"{duration(done)} faites sur {duration(total)}"]
    if planned:
        parts.append(f"{duration(planned)} prévues")
    if left:
        parts.append(f"{duration(left)} sans séance")
    if required is not None and required < total:
        parts.append(f"{duration(required)} exigées")
    return f"{', '.join(parts)}."


def _shares(done: int, planned: int, total: int) -> tuple[Fraction, Fraction]:
    """Both parts in percent of the total, cut at its end."""
    if total <= 0 or done < 0 or planned < 0:
        raise ValueError(f"{done} et {planned} sur {total} ne se dessine pas.")
    full = min(Fraction(100 * done, total), Fraction(100))
    return full, min(Fraction(100 * planned, total), 100 - full)
