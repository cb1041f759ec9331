"""The two pictures of works: side by side on an axis of time, and row by row over what there is for them."""

import datetime as dt
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluences.gantt import Key, Work, gantt
from confluences.measures import Measure, measures
from tests.confluences.test_charts import NAMESPACE, parsed, spoken, texts

D = dt.date
KEY = Key(planned="prévu", done="fait", expected="fin attendue")
AXIS = {"start": D(2026, 11, 1), "end": D(2026, 11, 30), "today": D(2026, 11, 16)}


def work(**fields) -> Work:
    fields = {
        "label": "Haies",
        "start": D(2026, 11, 4),
        "end": D(2026, 11, 18),
        "done": Fraction(2, 5),
        "expected": D(2026, 11, 25),
        "words": "5 jours de retard",
        "late": True,
    } | fields
    return Work(**fields)


def drawn(*works: Work) -> str:
    return gantt(works, key=KEY, label="Planning", **AXIS)


def bars(chart: str, fill: str, height: str) -> list[tuple[str, str]]:
    found = parsed(chart).iter(f"{NAMESPACE}rect")
    return [
        (each.get("x"), each.get("width"))
        for each in found
        if (each.get("fill"), each.get("height")) == (fill, height) and each.get("width", "").endswith("%")
    ]


def marks(chart: str) -> list[tuple[str, str, str]]:
    """Where each end is marked, its colour, and whether it is a diamond or an arrow."""
    inner = [each for each in parsed(chart).iter(f"{NAMESPACE}svg") if each.get("x", "").endswith("%")]
    return [
        (each.get("x"), each[0].get("fill"), "diamond" if each[0].get("d").startswith("M0 -8") else "arrow")
        for each in inner
    ]


def test_example_in_words():
    chart = drawn(work())
    assert texts(chart) == [
        "nov.",
        "2026",
        "Haies",
        "5 jours de retard",
        "aujourd’hui",
        "prévu",
        "fait",
        "fin attendue",
    ]
    assert spoken(chart) == [
        "Planning",
        "Du 1er novembre 2026 au 30 novembre 2026. Haies : prévu du 4 novembre 2026 au 18 novembre 2026, 40\u00a0% fait, "
        "fin attendue le 25 novembre 2026, 5 jours de retard.",
    ]


def test_example_as_drawn():
    """30 days are the width: 4 to 18 November are 15 of them, two fifths of which are 6."""
    chart = drawn(work())
    assert bars(chart, "#e2f0e7", "16") == [("10%", "50%")]
    assert bars(chart, "#1f5f43", "8") == [("10%", "20%")]
    assert marks(chart) == [("80%", "#a8241a", "diamond")]


def test_an_end_in_time_is_no_red_and_one_beyond_the_axis_is_an_arrow():
    chart = drawn(work(late=False), work(expected=D(2027, 3, 1)))
    assert marks(chart) == [("80%", "#ffffff", "diamond"), ("100%", "#a8241a", "arrow")]


def test_without_a_planned_end_the_bar_is_hatched_up_to_the_expected_one():
    chart = drawn(work(end=None))
    assert bars(chart, "#ffffff", "16") == [("10%", "73.33%")]
    assert "prévu du 4 novembre 2026, sans date de fin" in spoken(chart)[1]


def test_what_lies_before_the_axis_is_done_first():
    """From 3 October to 1 December are 60 days; half of them end on 1 November, the first day of the axis."""
    chart = drawn(work(start=D(2026, 10, 3), end=D(2026, 12, 1), done=Fraction(1, 2)))
    assert bars(chart, "#1f5f43", "8") == [("0%", "3.33%")]
    chart = drawn(work(start=D(2026, 10, 3), end=D(2026, 12, 1), done=Fraction(1, 3)))
    assert bars(chart, "#1f5f43", "8") == []


@pytest.mark.parametrize("done", [Fraction(0), Fraction(1, 100)])
def test_nothing_done_fills_nothing(done):
    assert bars(drawn(work(done=done)), "#1f5f43", "8") == []


def test_a_work_wholly_outside_the_axis_has_no_bar():
    assert bars(drawn(work(start=D(2025, 1, 1), end=D(2025, 2, 1), expected=None)), "#e2f0e7", "16") == []


def test_a_long_label_is_cut_and_said_whole():
    label = "Taille des haies du parc de la mairie et du stade"
    chart = drawn(work(label=label))
    assert "Taille des haies du parc de la …" in texts(chart)
    assert f"{label} : prévu" in spoken(chart)[1]


def test_nothing_to_show():
    chart = drawn()
    assert spoken(chart)[1].endswith("Rien à montrer.")
    assert "aujourd’hui" not in texts(chart)


def test_an_axis_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="finit avant"):
        gantt([], start=D(2026, 2, 1), end=D(2026, 1, 1), today=D(2026, 1, 1), key=KEY, label="Planning")


def test_text_is_escaped():
    assert "<script>" not in drawn(work(label="<script>", words="<script>"))


DAYS = st.dates(D(2020, 1, 1), D(2030, 1, 1))


@given(DAYS, st.none() | DAYS, st.none() | DAYS, st.fractions(0, 3))
def test_nothing_leaves_the_picture(start, end, expected, done):
    chart = drawn(work(start=start, end=end, expected=expected, done=done))
    root = ET.fromstring(chart)
    for each in root.iter(f"{NAMESPACE}rect"):
        left, width = each.get("x"), each.get("width")
        if width.endswith("%"):
            left = float(left.rstrip("%"))
            assert 0 <= left <= 100
            assert left + float(width.rstrip("%")) <= 100.01
    heights = [float(each.get(name)) for each in root.iter() for name in ("y", "y1", "y2") if each.get(name)]
    assert 0 <= min(heights) <= max(heights) <= float(root.get("height"))


# Measures


def test_measures_in_words_and_as_drawn():
    rows = [
        Measure(label="du 7 au 11 déc.", value=120, words="120 h à faire", room=84),
        Measure(label="du 14 au 18 déc.", value=60, words="60 h à faire, 84 h présentes", room=84),
        Measure(label="Ensuite", value=0, words="rien"),
    ]
    chart = measures(rows, label="Charge")
    assert spoken(chart) == [
        "Charge",
        "du 7 au 11 déc. : 120 h à faire ; du 14 au 18 déc. : 60 h à faire, 84 h présentes ; Ensuite : rien.",
    ]
    assert bars(chart, "#1f5f43", "12") == [("0%", "70%"), ("0%", "50%")]
    assert bars(chart, "#a8241a", "12") == [("70%", "30%")]
    ticks = [line.get("x1") for line in parsed(chart).iter(f"{NAMESPACE}line")]
    assert ticks == ["70%", "70%"]


def test_more_than_expected_may_be_welcome():
    row = Measure(label="Ventes", value=120, words="120 € sur 60 €", room=60, more_is_better=True)
    chart = measures([row], label="Produits")
    assert bars(chart, "#1f5f43", "12") == [("0%", "100%")]
    assert bars(chart, "#a8241a", "12") == []


def test_no_measures():
    assert spoken(measures([], label="Charge")) == ["Charge", "Rien à montrer."]
    assert bars(measures([Measure(label="A", value=0, words="rien")], label="Charge"), "#1f5f43", "12") == []
