"""The strokes that charts are made of: SVG elements as safe text, in one palette.

Only presentation attributes: the site's policy allows no inline style, and WeasyPrint applies no page style inside
an SVG.
"""

from collections.abc import Iterable
from fractions import Fraction

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

PALETTE = {  # the values of static/css/base.css; a test holds both equal
    "act": "#1f5f43",
    "act-soft": "#e2f0e7",
    "card": "#ffffff",
    "ink": "#1d2823",
    "muted": "#56635b",
    "line": "#e4dfd3",
    "late": "#a8241a",
    "info": "#1d4e89",
    "durable": "#1f5f43",
    "transition": "#5b9a74",
    "positive": "#b9a13c",
    "other": "#c9c4b6",
}
SANS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
SERIF = "Charter, 'Bitstream Charter', 'Iowan Old Style', Georgia, 'DejaVu Serif', serif"

# A kind's ground, and its pattern where colour alone would tell two kinds apart.
GROUNDS = {
    "durable": PALETTE["durable"],
    "transition": PALETTE["transition"],
    "positive": PALETTE["positive"],
    "other": PALETTE["other"],
    "undetermined": PALETTE["card"],
    "strong": PALETTE["act"],
    "medium": PALETTE["transition"],
    "warm": PALETTE["positive"],
    "soft": PALETTE["act-soft"],
    "hatched": PALETTE["card"],
}
STRIPES = {
    "transition": ("M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6", PALETTE["card"]),
    "positive": ("M0 4 H8", PALETTE["ink"]),
    "other": ("M2 2 h2 v2 h-2 Z M6 6 h2 v2 h-2 Z", PALETTE["muted"]),
    "undetermined": ("M-2 6 L2 10 M0 0 L8 8 M6 -2 L10 2", PALETTE["muted"]),
    "hatched": ("M-2 6 L2 10 M0 0 L8 8 M6 -2 L10 2", PALETTE["act"]),
}
OUTLINES = {"undetermined": PALETTE["muted"], "soft": PALETTE["act"], "hatched": PALETTE["act"]}


def tag(name: str, *children: str, **attributes: str) -> SafeString:
    """An element. Text among the children is escaped; a trailing underscore frees Python's own words."""
    written = format_html_join(
        "", ' {}="{}"', ((_attribute(key), value) for key, value in attributes.items())
    )
    return format_html("<{}{}>{}</{}>", name, written, join(children), name)


def join(parts: Iterable[str]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def svg(
    parts: Iterable[str], *, kind: str, label: str, description: str, height: int, width: int | None = None
) -> SafeString:
    """A chart with its name and its description in words; without a width it is as wide as its place."""
    attributes = {"viewBox": f"0 0 {width} {height}"} if width else {}
    return tag(
        "svg",
        tag("title", label),
        tag("desc", description),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        class_=f"chart chart-{kind}",
        width=str(width or "100%"),
        height=str(height),
        font_family=SANS,
        **attributes,
    )


def text(
    content: str,
    *,
    x: float | str,
    y: float,
    size: float,
    weight: int = 400,
    anchor: str = "start",
    fill: str = PALETTE["ink"],
    family: str = SANS,
) -> SafeString:
    return tag(
        "text",
        content,
        x=x if isinstance(x, str) else figure(x),
        y=figure(y),
        font_size=figure(size),
        font_weight=str(weight),
        font_family=family,
        text_anchor=anchor,
        fill=fill,
    )


def bar(left: Fraction | int, width: Fraction | int, *, y: int, height: int, fill: str) -> SafeString:
    """A plain rectangle, placed in percent of the chart's width."""
    return tag("rect", x=percentage(left), y=str(y), width=percentage(width), height=str(height), fill=fill)


def box(kind: str, key: str, *, x: str, y: int, width: str, height: int, title: str = "") -> SafeString:
    """A rectangle in a kind's ground and pattern; an unknown kind raises."""
    place = {"x": x, "y": str(y), "width": width, "height": str(height)}
    tooltip = [tag("title", title)] if title else []
    outline = OUTLINES.get(kind, PALETTE["card"])
    ground = tag("rect", *tooltip, **place, fill=GROUNDS[kind], stroke=outline, stroke_width="1")
    if kind not in STRIPES:
        return ground
    return join([ground, tag("rect", *tooltip, **place, fill=f"url(#{key}-{kind})")])


def patterns(kinds: Iterable[str], key: str) -> SafeString:
    """The definitions that boxes refer to; the key keeps two charts of one page apart."""
    definitions = []
    for kind in sorted(set(kinds) & STRIPES.keys()):
        path, colour = STRIPES[kind]
        stripes = tag("path", d=path, stroke=colour, stroke_width="1", fill="none")
        size = {"width": "8", "height": "8", "patternUnits": "userSpaceOnUse"}
        definitions.append(tag("pattern", stripes, id=f"{key}-{kind}", **size))
    return tag("defs", *definitions) if definitions else SafeString("")


def upright(x: str, top: int, bottom: int, *, stroke: str, width: float, dashes: str = "none") -> SafeString:
    """A vertical line."""
    ends = {"x1": x, "x2": x, "y1": str(top), "y2": str(bottom)}
    return tag("line", **ends, stroke=stroke, stroke_width=figure(width), stroke_dasharray=dashes)


def stroke(path: str, *, colour: str, width: float) -> SafeString:
    return tag("path", d=path, stroke=colour, stroke_width=figure(width), fill="none")


def percentage(value: Fraction | int) -> str:
    return f"{figure(float(value))}%"


def figure(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
