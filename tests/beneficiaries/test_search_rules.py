"""What somebody types to find a person, read."""

import datetime as dt
from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from beneficiaries.search_rules import MAX_CHARACTERS, Born, Term, phone_digits, read_search
from confluences.text import search_words

D = dt.date


def day(year: int, month: int, number: int) -> Born:
    return Born(D(year, month, number), D(year, month, number))


FIRST_OF_MAY = (day(1990, 5, 1),)
FIRST_OF_MAY_OF_SOME_CENTURY = (day(1990, 5, 1), day(2090, 5, 1))
MAY = (Born(D(1990, 5, 1), D(1990, 5, 31)),)
YEAR = (Born(D(1990, 1, 1), D(1990, 12, 31)),)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        # Names
        ("BENALI", Term(words=("benali",))),
        ("Œuvrard", Term(words=("oeuvrard",))),
        ("Jean-Pierre", Term(words=("jean", "pierre"))),
        ("D’Ângelo", Term(words=("d", "angelo"))),
        ("Πέτρος", Term(words=("πετροσ",), number="πετροσ")),
        ("mai", Term(words=("mai",))),
        # Birth dates
        ("01/05/1990", Term(born=FIRST_OF_MAY, number="01/05/1990")),
        ("1.5.1990", Term(born=FIRST_OF_MAY, number="1.5.1990")),
        ("1990-05-01", Term(born=FIRST_OF_MAY, number="1990-05-01")),
        ("01 05 1990", Term(born=FIRST_OF_MAY)),
        ("1er mai 1990", Term(born=FIRST_OF_MAY)),
        ("1 Mai 1990", Term(born=FIRST_OF_MAY)),
        ("1/5/90", Term(born=FIRST_OF_MAY_OF_SOME_CENTURY, number="1/5/90")),
        ("1er mai 90", Term(born=FIRST_OF_MAY_OF_SOME_CENTURY)),
        ("14 juil. 1990", Term(born=(day(1990, 7, 14),))),
        ("3 août 1990", Term(born=(day(1990, 8, 3),))),
        ("29/02/2000", Term(born=(day(2000, 2, 29),), number="29/02/2000")),
        ("05/1990", Term(born=MAY, number="05/1990")),
        ("1990-05", Term(born=MAY, number="1990-05")),
        ("mai 1990", Term(born=MAY)),
        ("1990", Term(born=YEAR, number="1990")),
        # No such day: whatever it is, it is no date
        ("29/02/1990", Term(number="29/02/1990")),
        ("31/04/1990", Term(number="31/04/1990")),
        ("00/1990", Term(number="00/1990")),
        ("13/1990", Term(number="13/1990")),
        ("01/05", Term(number="01/05")),
        # Phone numbers
        ("0612345678", Term(digits="0612345678")),
        ("06.12.34.56.78", Term(digits="0612345678")),
        ("06-12-34-56-78", Term(digits="0612345678")),
        ("06 12 34 56 78", Term(digits="0612345678")),
        ("+33 6 12 34 56 78", Term(digits="0612345678")),
        ("+33 (0)6 12 34 56 78", Term(digits="0612345678")),
        ("0033612345678", Term(digits="0612345678")),
        ("+33 6 12", Term(digits="0612")),
        ("06 12 3", Term(digits="06123")),
        ("06", Term(digits="06", number="06")),
        # Either
        ("06.12.34", Term(born=(day(1934, 12, 6), day(2034, 12, 6)), digits="061234", number="06.12.34")),
        # File numbers
        ("D4K7QXM", Term(number="d4k7qxm")),
        ("DBCKTRM", Term(words=("dbcktrm",), number="dbcktrm")),
        ("EX-2014-1", Term(number="ex-2014-1")),
        ("7", Term(number="7")),
    ],
)
def test_one_term(text, term):
    assert read_search(text) == [term]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("benali 1990", [Term(words=("benali",)), Term(born=YEAR, number="1990")]),
        ("amina 06 12", [Term(words=("amina",)), Term(digits="0612")]),
        ("mars 06 12", [Term(words=("mars",)), Term(digits="0612")]),
        ("benali, amina", [Term(words=("benali",)), Term(words=("amina",))]),
        ("benali Benali", [Term(words=("benali",))]),
        ("« benali »", [Term(words=("benali",))]),
        ("a 😀 b\x00c", [Term(words=("a",)), Term(words=("b",), number="b"), Term(words=("c",), number="c")]),
        ("'; DROP TABLE", [Term(words=("drop",)), Term(words=("table",))]),
    ],
)
def test_several_terms(text, terms):
    assert read_search(text) == terms


def test_single_letter_is_part_of_a_name():
    assert read_search("a") == [Term(words=("a",))]


@pytest.mark.parametrize("text", ["", "   ", "???", "%_", "😀", "\x00", "« »", "-", ",;", "+"])
def test_text_that_says_nothing(text):
    assert read_search(text) == []


def test_only_the_beginning_of_a_long_text_is_read():
    assert len(read_search("a b " * 1000)) == 2
    assert read_search("z" * 3000) == [Term(words=("z" * MAX_CHARACTERS,), number="z" * MAX_CHARACTERS)]


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("0033 6 12 34 56 78", "0612345678"),
        ("+33 06 12 34 56 78", "0612345678"),
        ("+212 612345678", "212612345678"),
    ],
)
def test_phone_digits(phone, digits):
    assert phone_digits(phone) == digits


NAMES = st.sampled_from(["Benali", "Traoré", "Mars Zoé", "Avril", "N’Diaye", "Πέτρος"])
DAYS = st.dates(D(1900, 1, 1), D(2099, 12, 31))
WRITINGS = st.sampled_from(["{0:%d/%m/%Y}", "{0:%Y-%m-%d}", "{0.day}.{0.month}.{0:%Y}"])
PHONES = st.integers(1_00_00_00_00, 9_99_99_99_99).map(lambda number: f"0{number}")
SPACINGS = st.sampled_from(["{0}", "{0[0]}{0[1]} {0[2]}{0[3]} {0[4]}{0[5]} {0[6]}{0[7]} {0[8]}{0[9]}"])


@given(NAMES, DAYS, WRITINGS, PHONES, SPACINGS, st.sampled_from(list(permutations(range(3)))))
def test_each_part_is_read_in_any_order(name, born, writing, phone, spacing, order):
    parts = (name, writing.format(born), spacing.format(phone))
    terms = read_search(" ".join(parts[place] for place in order))
    assert {word for term in terms for word in term.words} == set(search_words(name))
    assert [span for term in terms for span in term.born] == [Born(born, born)]
    assert [term.digits for term in terms if term.digits] == [phone]


@given(st.text())
@example("1er")
@example("0 1er mai 19")
@example("İ" * 99)
def test_anything_may_be_typed(text):
    for term in read_search(text):
        assert term.words or term.born or term.digits or term.number
