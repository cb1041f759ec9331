"""The drawn bars of hours, and the months of a year."""

import doctest
from xml.etree import ElementTree as ET

import pytest

from confluences import hours_bar as module
from confluences.hours_bar import hours_bar, hours_fill, hours_words
from confluences.month_chart import Month, month_chart
from tests.confluences.test_charts import NAMESPACE, parsed, texts


def rectangles(chart: str) -> list[tuple[str, str]]:
    """Where each rectangle that is no pattern begins, and how wide it is."""
    return [
        (each.get("x"), each.get("width"))
        for each in parsed(chart).iter(f"{NAMESPACE}rect")
        if not each.get("fill").startswith("url(")
    ]


def test_worked_examples():
    assert doctest.testmod(module).failed == 0


def test_bar_draws_done_then_planned_on_a_track():
    chart = hours_bar(label="Espaces verts", done=60, total=240, planned=120)
    assert rectangles(chart) == [("0%", "100%"), ("0%", "25%"), ("25%", "50%")]


def test_bar_is_never_wider_than_its_track():
    chart = hours_bar(label="Espaces verts", done=200, total=240, planned=120)
    assert rectangles(chart)[1:] == [("0%", "83.33%"), ("83.33%", "16.67%")]
    assert rectangles(hours_bar(label="x", done=300, total=240, planned=10)) == [
        ("0%", "100%"),
        ("0%", "100%"),
    ]


@pytest.mark.parametrize(("required", "ticks"), [(None, []), (240, []), (216, ["90%"])])
def test_bar_marks_what_is_required_where_it_is_less(required, ticks):
    chart = hours_bar(label="x", done=0, total=240, required=required)
    assert [line.get("x1") for line in parsed(chart).iter(f"{NAMESPACE}line")] == ticks


def test_bar_says_itself_in_words():
    assert hours_words(9120, 13800, planned=1800, required=12420) == (
        "152\u00a0h faites sur 230\u00a0h, 30\u00a0h prévues, 48\u00a0h sans séance, 207\u00a0h exigées."
    )
    assert hours_words(13800, 13800) == "230\u00a0h faites sur 230\u00a0h."


@pytest.mark.parametrize(("done", "planned", "total"), [(0, 0, 0), (-1, 0, 60), (0, -1, 60)])
def test_bar_of_nothing_is_refused(done, planned, total):
    with pytest.raises(ValueError, match="ne se dessine pas"):
        hours_bar(label="x", done=done, planned=planned, total=total)


def test_cell_is_for_the_eye_alone():
    assert ET.fromstring(hours_fill(done=60, total=240, planned=60)).get("aria-hidden") == "true"


def test_months_bear_their_hours_and_speak():
    months = [Month(done=0, missed=0)] * 10 + [Month(done=390, missed=60), Month(done=0, missed=120)]
    chart = month_chart(months, label="Heures", done="suivies", missed="d’absence")
    assert texts(chart)[:12] == ["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "7", "N"]
    description = parsed(chart).find(f"{NAMESPACE}desc").text
    assert description == (
        "novembre : 6\u00a0h\u00a030 suivies, 1\u00a0h d’absence ; décembre : 0\u00a0min suivies, 2\u00a0h d’absence."
    )


def test_empty_year_says_so():
    chart = month_chart([Month(done=0, missed=0)] * 12, label="Heures", done="suivies", missed="d’absence")
    assert parsed(chart).find(f"{NAMESPACE}desc").text == "Rien à montrer."


def test_year_has_twelve_months():
    with pytest.raises(ValueError, match="douze mois"):
        month_chart([], label="Heures", done="suivies", missed="d’absence")
