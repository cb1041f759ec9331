"""Curves over months, as people see and hear them."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluences.curves import PLOT_HEIGHT, Curve, curves
from confluences.svg import PALETTE
from tests.confluences.test_charts import NAMESPACE, parsed, spoken, texts

YEAR = [dt.date(2026, month, 1) for month in range(1, 13)]
GOAL = Curve(label="conventionnés", points=[(0, 0), (12, Decimal("10.5"))], kind="goal")
DONE = Curve(label="réalisés", points=[(0, 0), (1, Decimal("0.8")), (2, Decimal("1.5"))], kind="done")
AHEAD = Curve(label="atterrissage", points=[(2, Decimal("1.5")), (12, 9)], kind="forecast")


def drawn(*lines: Curve, months=YEAR) -> str:
    return curves(lines, months=months, label="ETP")


def segments(chart: str, width: str) -> list[dict]:
    """The lines of that width, the legend's first."""
    return [
        line.attrib for line in parsed(chart).iter(f"{NAMESPACE}line") if line.get("stroke-width") == width
    ]


def test_a_year_in_words():
    chart = drawn(GOAL, DONE, AHEAD)
    assert spoken(chart) == [
        "ETP",
        "conventionnés : 10,5 fin décembre 2026 ; réalisés : 0,8 fin janvier 2026, 1,5 fin février 2026 ; "
        "atterrissage : 1,5 fin février 2026, 9 fin décembre 2026.",
    ]
    assert texts(chart) == [
        "conventionnés : 10,5",
        "réalisés : 1,5",
        "atterrissage : 9",
        "5",
        "10",
        "15",
        "janv.",
        "mars",
        "mai",
        "juil.",
        "sept.",
        "nov.",
    ]


def test_what_is_expected_is_dotted_and_begins_where_what_is_done_ends():
    chart = drawn(GOAL, DONE, AHEAD)
    *_before, last = segments(chart, "3")
    [_legend, ahead] = segments(chart, "2")
    assert (ahead["x1"], ahead["y1"]) == (last["x2"], last["y2"])
    assert (ahead["stroke-dasharray"], last["stroke-dasharray"]) == ("2 4", "none")
    assert ahead["x2"] == "99%"


def test_months_of_two_years_say_which():
    months = [dt.date(2025, 12, 1), dt.date(2026, 1, 1)]
    assert texts(drawn(months=months))[-2:] == ["déc. 25", "janv. 26"]


def test_below_zero_the_line_of_nought_stands_out():
    cash = [(0, 900), (1, -2500), (2, 1200)]
    chart = drawn(
        Curve(label="certain", points=cash, kind="certain"),
        Curve(label="probable", points=[(0, 900), (2, 2000)], kind="likely"),
        Curve(label="demandé", points=[(0, 900), (2, 3000)], kind="asked"),
    )
    assert texts(chart)[3:8] == ["−4\u202f000", "−2\u202f000", "0", "2\u202f000", "4\u202f000"]
    strokes = [line["stroke"] for line in segments(chart, "1")]
    assert strokes.count(PALETTE["muted"]) == 1
    assert strokes[2] == PALETTE["muted"]
    assert "−2\u202f500 fin janvier 2026, 1\u202f200 fin février 2026 ; probable" in spoken(chart)[1]
    dashes = [segments(chart, width)[0]["stroke-dasharray"] for width in ("3", "2.5", "2")]
    assert dashes == ["none", "9 5", "2 4"]


def test_all_below_zero():
    chart = drawn(Curve(label="certain", points=[(0, -10), (12, -50)], kind="certain"))
    assert texts(chart)[1:7] == ["−50", "−40", "−30", "−20", "−10", "0"]


def test_nothing_to_show():
    assert spoken(drawn()) == ["ETP", "Rien à montrer."]
    assert spoken(curves([], months=[], label="ETP")) == ["ETP", "Rien à montrer."]
    assert "0 fin décembre 2026" in drawn(Curve(label="réalisés", points=[(0, 0), (12, 0)], kind="done"))


def test_unknown_kind():
    with pytest.raises(KeyError):
        drawn(Curve(label="x", points=[(0, 0), (1, 1)], kind="rouge"))


@given(st.lists(st.decimals("-99999", "99999", places=2), min_size=1, max_size=36))
def test_every_point_stays_inside(values):
    months = [dt.date(2026 + index // 12, index % 12 + 1, 1) for index in range(len(values))]
    points = [(0, Decimal(0)), *enumerate(values, start=1)]
    chart = drawn(Curve(label="réalisés", points=points, kind="done"), months=months)
    for line in segments(chart, "3")[1:]:
        assert 0 <= float(line["x1"].rstrip("%")) < float(line["x2"].rstrip("%")) <= 100
        assert 36 <= float(line["y2"]) <= 36 + PLOT_HEIGHT
    grid = segments(chart, "1")
    assert 2 <= len(grid) <= 7
