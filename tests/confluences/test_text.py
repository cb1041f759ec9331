"""Text as people search it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluences.text import search_key, search_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("D'Ângelo-Zoé", ["d", "angelo", "zoe"]),
        ("L’Hôte  Œuvré", ["l", "hote", "oeuvre"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("Ayşe ÇELİK", ["ayse", "celik"]),
        ("Πέτρος", ["πετροσ"]),
        ("a_b 12", ["a", "b", "12"]),
        ("😀 ...", []),
        ("", []),
    ],
)
def test_search_words(text, words):
    assert search_words(text) == words


def test_search_key_joins_texts():
    assert search_key("N’Guyen", "Zoé Marie") == "n guyen zoe marie"


@given(st.text())
def test_a_key_is_found_by_its_own_words(text):
    assert search_words(search_key(text)) == search_words(text)
