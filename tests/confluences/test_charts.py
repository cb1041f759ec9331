import datetime as dt
import re
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from confluences import charts, svg

NAMESPACE = "{http://www.w3.org/2000/svg}"
THIRDS = {"target_numerator": 2, "target_denominator": 3}
YEAR = {"start": dt.date(2026, 1, 1), "end": dt.date(2026, 12, 31)}


def parsed(chart: str) -> ET.Element:
    return ET.fromstring(chart)


def spoken(chart: str) -> list[str]:
    """The name and the description that a screen reader says."""
    root = parsed(chart)
    return [root.findtext(f"{NAMESPACE}title"), root.findtext(f"{NAMESPACE}desc")]


def texts(chart: str) -> list[str]:
    return ["".join(element.itertext()) for element in parsed(chart).iter(f"{NAMESPACE}text")]


def points(path: str) -> list[tuple[float, float]]:
    """Where the strokes of a path end: the last two numbers of each step."""
    steps = re.findall(r"[MLA]([^MLAZ]+)", path)
    return [tuple(float(number) for number in step.split()[-2:]) for step in steps]


def place(element: ET.Element) -> tuple[float, float]:
    """Where a box begins and ends, in percent of the width."""
    left, width = (float(element.get(name).rstrip("%")) for name in ("x", "width"))
    return round(left, 2), round(left + width, 2)


# The palette


def test_palette_is_the_stylesheets():
    stylesheet = (settings.BASE_DIR / "static" / "css" / "base.css").read_text()
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", stylesheet))
    assert {name: tokens[name] for name in svg.PALETTE} == svg.PALETTE


# Gauge


def test_gauge_of_2014():
    chart = charts.gauge(
        done=7, total=9, lowest=Fraction(7, 9), highest=Fraction(1), label="Sorties 2014", **THIRDS
    )
    assert texts(chart) == ["2/3", "7 sur 9", "77,8\u00a0%", "entre 77,8\u00a0% et 100\u00a0%"]
    assert spoken(chart) == [
        "Sorties 2014",
        "7 sur 9, 77,8\u00a0%, entre 77,8\u00a0% et 100\u00a0%, objectif 2/3.",
    ]


def test_gauge_without_doubt_shows_no_range():
    chart = charts.gauge(
        done=5, total=8, lowest=Fraction(5, 8), highest=Fraction(5, 8), label="Sorties 2026", **THIRDS
    )
    assert texts(chart) == ["2/3", "5 sur 8", "62,5\u00a0%"]


def test_gauge_without_exits_has_no_rate():
    chart = charts.gauge(done=0, total=0, target_numerator=60, target_denominator=100, label="Sorties 2027")
    assert texts(chart) == ["60\u00a0%", "sans objet"]
    assert spoken(chart) == ["Sorties 2027", "sans objet, objectif 60\u00a0%."]


@pytest.mark.parametrize(("done", "total"), [(10, 9), (-1, 9)])
def test_gauge_refuses_what_cannot_be(done, total):
    with pytest.raises(ValueError, match=f"{done} sur {total} ne se dessine pas."):
        charts.gauge(done=done, total=total, label="Sorties", **THIRDS)


@given(
    total=st.integers(0, 2000),
    shares=st.lists(st.fractions(0, 1), min_size=4, max_size=4),
)
def test_gauge_stays_in_its_box(total, shares):
    lowest, highest = sorted(shares[:2])
    chart = charts.gauge(
        done=int(total * shares[2]),
        total=total,
        target_numerator=shares[3].numerator,
        target_denominator=shares[3].denominator,
        lowest=lowest,
        highest=highest,
        label="Sorties",
    )
    root = parsed(chart)
    width, height = float(root.get("width")), float(root.get("height"))
    ends = [end for path in root.iter(f"{NAMESPACE}path") for end in points(path.get("d"))]
    ends += [(float(text.get("x")), float(text.get("y"))) for text in root.iter(f"{NAMESPACE}text")]
    assert [end for end in ends if not (0 <= end[0] <= width and 0 <= end[1] <= height)] == []


# Stacked bar


def segments(*values: int) -> list[charts.Segment]:
    kinds = ("durable", "transition", "positive", "other", "undetermined")
    return [
        charts.Segment(label=f"classe {kind}", value=value, kind=kind)
        for kind, value in zip(kinds, values, strict=False)
    ]


def bars_of(chart: str, y: str) -> list[tuple[float, float]]:
    """The places of the boxes on one line, without their patterns."""
    boxes = [box for box in parsed(chart).findall(f"{NAMESPACE}rect") if box.get("y") == y]
    return [place(box) for box in boxes if not box.get("fill").startswith("url")]


def test_stacked_bar_of_2014():
    chart = charts.stacked_bar(segments(4, 0, 3, 0, 2), label="Par classe")
    assert bars_of(chart, "22") == [(0, 100), (0, 44.44), (44.44, 77.77), (77.78, 100)]
    assert texts(chart) == [
        "4",
        "3",
        "2",
        "4 classe durable",
        "0 classe transition",
        "3 classe positive",
        "0 classe other",
        "2 classe undetermined",
    ]
    assert spoken(chart) == [
        "Par classe",
        "4 classe durable, 0 classe transition, 3 classe positive, 0 classe other, 2 classe undetermined. Total : 9.",
    ]


def test_stacked_bar_leaves_a_small_value_to_the_legend():
    chart = charts.stacked_bar(segments(998, 1, 1, 0, 0), label="Par classe")
    assert texts(chart)[:2] == ["998", "998 classe durable"]


@pytest.mark.parametrize("values", [(), (0, 0)])
def test_stacked_bar_without_value_is_one_empty_bar(values):
    assert bars_of(charts.stacked_bar(segments(*values), label="Par classe"), "22") == [(0, 100)]


@given(st.lists(st.integers(0, 500), max_size=5))
def test_stacked_bar_fills_its_width(values):
    _ground, *filled = bars_of(charts.stacked_bar(segments(*values), label="Par classe"), "22")
    assert len(filled) == len([value for value in values if value])
    assert all(abs(end - start) < 0.03 for (_, end), (start, _) in pairwise(filled))
    assert not filled or (filled[0][0] == 0 and abs(filled[-1][1] - 100) < 0.03)


def test_kinds_without_a_pattern_are_plain():
    assert svg.STRIPES.keys() <= svg.GROUNDS.keys()
    with pytest.raises(KeyError):
        charts.stacked_bar([charts.Segment(label="sorties", value=1, kind="durables")], label="Par classe")


# Years


def test_years():
    rows = [
        charts.Year(label="2014", successes=7, examined=9),
        charts.Year(label="2015", successes=0, examined=0),
        charts.Year(label="2016", successes=0, examined=3),
    ]
    chart = charts.years(rows, label="Années", **THIRDS)
    assert texts(chart) == [
        "objectif 2/3",
        "2014",
        "7 sur 9 · 77,8\u00a0%",
        "2015",
        "sans objet",
        "2016",
        "0 sur 3 · 0\u00a0%",
    ]
    assert [place(box) for box in parsed(chart).findall(f"{NAMESPACE}rect")] == [
        (0, 100),
        (0, 77.78),
        (0, 100),
        (0, 100),
    ]
    assert spoken(chart) == [
        "Années",
        "2014 : 7 sur 9 · 77,8\u00a0% ; 2015 : sans objet ; 2016 : 0 sur 3 · 0\u00a0%. Objectif : 2/3.",
    ]


# Timeline


def test_timeline():
    contract = charts.Bar(start=dt.date(2026, 1, 1), end=dt.date(2026, 6, 30), label="CDDI")
    training = charts.Bar(start=dt.date(2026, 7, 1), end=None, label="français", kind="hatched")
    layers = [
        charts.Layer(label="Contrats", bars=[contract]),
        charts.Layer(label="Formation", bars=[training]),
        charts.Layer(label="Immersions"),
        charts.Layer(label="Suivis", points=[charts.Point(on=dt.date(2026, 3, 1), label="bilan")]),
    ]
    chart = charts.timeline(layers, today=dt.date(2026, 7, 2), label="Parcours", **YEAR)
    months = ["janv.", "2026", "mars", "mai", "juil.", "sept.", "nov."]
    assert sorted(texts(chart)) == sorted(
        [*months, "ContratsCDDI", "Formationfrançais", "Suivis", "aujourd’hui"]
    )
    assert spoken(chart) == [
        "Parcours",
        (
            "Du 1er janvier 2026 au 31 décembre 2026. Contrats : CDDI du 1er janvier 2026 au 30 juin 2026 ; "
            "Formation : français depuis le 1er juillet 2026 ; Suivis : bilan le 1er mars 2026."
        ),
    ]
    boxes = [
        box for box in parsed(chart).findall(f"{NAMESPACE}rect") if not box.get("fill").startswith("url")
    ]
    assert [place(box) for box in boxes] == [(0, 49.59), (49.59, 100)]


def test_timeline_puts_periods_that_share_days_on_separate_rows():
    def bar(first: int, last: int) -> charts.Bar:
        return charts.Bar(start=dt.date(2026, first, 1), end=dt.date(2026, last, 28), label="CDDI")

    bars = [bar(1, 4), bar(2, 5), bar(6, 7)]
    chart = charts.timeline([charts.Layer(label="Contrats", bars=bars)], today=None, label="Parcours", **YEAR)
    heights = [box.get("y") for box in parsed(chart).findall(f"{NAMESPACE}rect")]
    assert len(heights) == 3
    assert heights[0] == heights[1] != heights[2]


def test_timeline_leaves_out_what_lies_outside():
    outside = charts.Bar(start=dt.date(2024, 1, 1), end=dt.date(2025, 12, 31), label="CDDI")
    point = charts.Point(on=dt.date(2027, 1, 1), label="suivi")
    layer = charts.Layer(label="Contrats", bars=[outside], points=[point])
    chart = parsed(charts.timeline([layer], today=dt.date(2025, 1, 1), label="Parcours", **YEAR))
    assert chart.findall(f"{NAMESPACE}rect") + chart.findall(f"{NAMESPACE}circle") == []


def test_timeline_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="finit avant de commencer"):
        charts.timeline([], start=YEAR["end"], end=YEAR["start"], today=None, label="Parcours")


@given(start=st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)), days=st.integers(1, 15_000))
def test_timeline_has_six_months_at_most_on_its_axis(start, days):
    chart = charts.timeline(
        [], start=start, end=start + dt.timedelta(days=days), today=None, label="Parcours"
    )
    assert len([text for text in texts(chart) if not text.isdigit()]) <= 6


@given(
    start=st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
    length=st.none() | st.integers(0, 2000),
)
def test_timeline_keeps_periods_inside(start, length):
    end = None if length is None else start + dt.timedelta(days=length)
    bar = charts.Bar(start=start, end=end, label="CDDI")
    layer = charts.Layer(label="Contrats", bars=[bar])
    chart = charts.timeline([layer], today=None, label="Parcours", **YEAR)
    places = [place(box) for box in parsed(chart).findall(f"{NAMESPACE}rect")]
    assert all(0 <= left < right <= 100.01 for left, right in places)


# Every chart


HOSTILE = '"><script>alert(1)</script>&'


@pytest.mark.parametrize(
    "chart",
    [
        charts.gauge(done=1, total=2, label=HOSTILE, **THIRDS),
        charts.stacked_bar([charts.Segment(label=HOSTILE, value=1, kind="other")], label=HOSTILE),
        charts.years([charts.Year(label=HOSTILE, successes=1, examined=2)], label=HOSTILE, **THIRDS),
        charts.timeline(
            [
                charts.Layer(
                    label=HOSTILE,
                    bars=[charts.Bar(start=dt.date(2026, 1, 1), end=None, label=HOSTILE, kind="warm")],
                    points=[charts.Point(on=dt.date(2026, 1, 1), label=HOSTILE, kind="late")],
                )
            ],
            today=dt.date(2026, 5, 1),
            label=HOSTILE,
            **YEAR,
        ),
    ],
    ids=["gauge", "stacked_bar", "years", "timeline"],
)
def test_chart_is_safe_and_named(chart):
    root = parsed(chart)
    assert root.get("role") == "img"
    assert spoken(chart)[0] == HOSTILE
    assert [element.tag for element in root.iter() if element.tag == f"{NAMESPACE}script"] == []
    assert [element for element in root.iter() if "style" in element.attrib] == []


def test_two_charts_of_a_page_keep_their_patterns_apart():
    identifiers = [
        re.findall(r' id="([^"]+)"', charts.stacked_bar(segments(1, 1), label=label))
        for label in ("2014", "2015")
    ]
    assert [len(found) for found in identifiers] == [1, 1]
    assert identifiers[0] != identifiers[1]
