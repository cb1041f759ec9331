from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluences.levels import Change, levels
from tests.confluences.test_charts import NAMESPACE, parsed, spoken, texts

SCALE = ["pas un frein", "faible", "moyen", "fort"]
EXAMPLE = [
    Change(label="Logement", before=4, now=2, words="fort → faible"),
    Change(label="Langue", before=3, now=3, words="moyen, inchangé"),
    Change(label="Numérique", before=None, now=None, words="non évalué"),
]
PLACES = {"5%": 1, "35%": 2, "65%": 3, "95%": 4}


def drawn(changes: list[Change]) -> str:
    return levels(changes, scale=SCALE, before="à l’entrée", now="aujourd’hui", label="Freins")


def circles(chart: str) -> list[tuple[int, str]]:
    """The level of each circle on the scale, and whether it is a ring or full."""
    found = [circle for circle in parsed(chart).iter(f"{NAMESPACE}circle") if circle.get("cx") in PLACES]
    return [
        (PLACES[circle.get("cx")], "ring" if circle.get("stroke") else "full")
        for circle in sorted(found, key=lambda circle: int(circle.get("cy")))
    ]


def ways(chart: str) -> list[tuple[str, str, str]]:
    """The lines between two moments: thicker than the scale they lie on."""
    lines = parsed(chart).iter(f"{NAMESPACE}line")
    return [
        (line.get("x1"), line.get("x2"), line.get("stroke"))
        for line in lines
        if line.get("stroke-width") == "3"
    ]


def test_example_in_words():
    chart = drawn(EXAMPLE)
    assert texts(chart) == [
        "à l’entrée",
        "aujourd’hui",
        *SCALE,
        "Logement",
        "fort → faible",
        "Langue",
        "moyen, inchangé",
        "Numérique",
        "non évalué",
    ]
    assert spoken(chart) == [
        "Freins",
        "Logement : fort puis faible ; Langue : moyen, inchangé ; Numérique : non évalué.",
    ]


def test_example_as_drawn():
    chart = drawn(EXAMPLE)
    assert circles(chart) == [(4, "ring"), (2, "full"), (3, "ring"), (3, "full")]
    assert ways(chart) == [("95%", "35%", "#1f5f43")]


def test_what_worsens_goes_right_in_red():
    chart = drawn([Change(label="Budget", before=2, now=4, words="faible → fort")])
    assert ways(chart) == [("35%", "95%", "#a8241a")]


@pytest.mark.parametrize(
    ("before", "now", "shown"), [(None, 3, [(3, "full")]), (4, None, [(4, "ring")]), (None, None, [])]
)
def test_a_moment_that_nobody_knows_is_not_drawn(before, now, shown):
    chart = drawn([Change(label="Budget", before=before, now=now, words="mots")])
    assert (circles(chart), ways(chart)) == (shown, [])


def test_the_scale_is_left_out_where_nothing_is_on_it():
    assert "faible" not in texts(drawn(EXAMPLE[2:]))


def test_words_that_do_not_fit_beside_the_label_stand_below():
    chart = drawn([Change(label="Famille et garde d’enfants", before=3, now=2, words="moyen → faible")])
    label, words = list(parsed(chart).iter(f"{NAMESPACE}text"))[-2:]
    assert (label.get("text-anchor"), words.get("text-anchor")) == ("start", "start")
    assert int(words.get("y")) - int(label.get("y")) == 18


def test_a_picture_of_nothing_says_so():
    assert spoken(drawn([])) == ["Freins", "Rien à montrer."]


def test_text_is_escaped():
    assert "<script>" not in drawn([Change(label="<script>", before=1, now=1, words="mots")])


@pytest.mark.parametrize("level", [0, 5, -1])
def test_a_level_outside_the_scale_is_refused(level):
    with pytest.raises(ValueError, match="sort de l’échelle"):
        drawn([Change(label="Budget", before=level, now=1, words="mots")])


@given(st.lists(st.tuples(*[st.none() | st.integers(1, 4)] * 2), max_size=9))
def test_nothing_leaves_the_picture(pairs):
    chart = drawn([Change(label="Axe", before=a, now=b, words="mots") for a, b in pairs])
    root = ET.fromstring(chart)
    heights = [
        float(element.get(name))
        for element in root.iter()
        for name in ("y", "cy", "y1", "y2")
        if element.get(name)
    ]
    assert min(heights) >= 0
    assert max(heights) <= float(root.get("height"))
