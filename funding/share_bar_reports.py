"""A price shared between those who pay it, as one bar: each grant in the look of how sure it is, then what is missing."""

import zlib
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.safestring import SafeString

from confluences.formats import euros
from confluences.svg import PALETTE, bar, box, patterns, percentage, svg
from funding.certainty_rules import Certainty

LOOKS = {
    Certainty.CERTAIN: "strong",
    Certainty.LIKELY: "transition",
    Certainty.ASKED: "positive",
    Certainty.TO_ASK: "hatched",
}
CHIPS = {
    Certainty.CERTAIN: "ok",
    Certainty.LIKELY: "info",
    Certainty.ASKED: "soon",
    Certainty.TO_ASK: "neutral",
}
HEIGHT = 22


def share_bar(parts: Sequence[tuple[str, Decimal, Certainty | None]], price: Decimal) -> SafeString:
    """One bar as wide as the price. The names and amounts stand in the list beside it, and in its description."""
    looks = [LOOKS[sure] if sure else "other" for _title, _amount, sure in parts]
    key = f"s{zlib.crc32(repr((parts, price)).encode()):08x}"
    drawn = [patterns(looks, key), bar(0, 100, y=0, height=HEIGHT, fill=PALETTE["line"])]
    left = Fraction(0)
    for (_title, amount, _sure), look in zip(parts, looks, strict=True):
        width = Fraction(amount) * 100 / Fraction(price)
        drawn.append(box(look, key, x=percentage(left), y=0, width=percentage(width), height=HEIGHT))
        left += width
    missing = price - sum((amount for _title, amount, _sure in parts), Decimal(0))
    said = [f"{title} : {euros(amount)}" for title, amount, _sure in parts]
    said += [f"manque : {euros(missing)}"] if missing else []
    return svg(
        drawn,
        kind="shares",
        label=f"Qui paie {euros(price)}",
        description=f"{' ; '.join(said)}.",
        height=HEIGHT,
    )
