import datetime as dt
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluences import formats

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (None, None, ""),
        (0, None, "0"),
        (7, None, "7"),
        (1234, None, "1\u202f234"),
        (1234567, None, "1\u202f234\u202f567"),
        (Decimal("12.50"), None, "12,5"),
        (Decimal("12.50"), 2, "12,50"),
        (Decimal("0.005"), 2, "0,01"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("-2.5"), 0, "\u22123"),
        (Decimal("-0.001"), 2, "0,00"),
        (Fraction(2, 3), 3, "0,667"),
        (0.1, None, "0,1"),
        (-1500, None, "\u22121\u202f500"),
    ],
)
def test_number(value, places, written):
    assert formats.number(value, places) == written


@pytest.mark.parametrize(
    ("saved_at", "words"),
    [
        (dt.datetime(2026, 11, 25, 14, 32, tzinfo=PARIS), "de 14\u00a0h\u00a032"),
        (dt.datetime(2026, 11, 25, 0, 5, tzinfo=PARIS), "de 0\u00a0h\u00a005"),
        (dt.datetime(2026, 11, 24, 17, 42, tzinfo=PARIS), "du 24\u00a0novembre à 17\u00a0h\u00a042"),
        (dt.datetime(2026, 11, 1, 9, 0, tzinfo=PARIS), "du 1er\u00a0novembre à 9\u00a0h\u00a000"),
        (dt.datetime(2025, 12, 31, 23, 59, tzinfo=PARIS), "du 31\u00a0décembre 2025 à 23\u00a0h\u00a059"),
    ],
)
def test_moment(saved_at, words):
    assert formats.moment(saved_at, dt.datetime(2026, 11, 25, 18, 0, tzinfo=PARIS)) == words


@given(st.integers(-(10**12), 10**12))
def test_number_of_an_integer_reads_back(value):
    written = formats.number(value)
    assert int(written.replace("\u202f", "").replace("\u2212", "-")) == value


@pytest.mark.parametrize(
    ("ratio", "written"),
    [
        (None, "sans objet"),
        (Fraction(0), "0\u00a0%"),
        (Fraction(7, 9), "77,8\u00a0%"),
        (Fraction(4, 9), "44,4\u00a0%"),
        (Fraction(1), "100\u00a0%"),
        (Decimal("0.625"), "62,5\u00a0%"),
        (Decimal("0.6"), "60\u00a0%"),
    ],
)
def test_percent(ratio, written):
    assert formats.percent(ratio) == written


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (None, ""),
        (300000, "300\u202f000\u00a0€"),
        (Decimal("300000.00"), "300\u202f000\u00a0€"),
        (Decimal("1234.5"), "1\u202f234,50\u00a0€"),
        (Decimal("-0.01"), "\u22120,01\u00a0€"),
    ],
)
def test_euros(amount, written):
    assert formats.euros(amount) == written


@pytest.mark.parametrize(
    ("minutes", "written"),
    [
        (None, ""),
        (0, "0\u00a0min"),
        (45, "45\u00a0min"),
        (60, "1\u00a0h"),
        (90, "1\u00a0h\u00a030"),
        (65, "1\u00a0h\u00a005"),
        (60 * 1820, "1\u202f820\u00a0h"),
        (-90, "\u22121\u00a0h\u00a030"),
    ],
)
def test_duration(minutes, written):
    assert formats.duration(minutes) == written


@pytest.mark.parametrize(
    ("day", "in_words", "in_figures"),
    [
        (None, "", ""),
        (dt.date(2014, 1, 1), "1er janvier 2014", "01/01/2014"),
        (dt.date(2013, 8, 21), "21 août 2013", "21/08/2013"),
        (dt.date(2014, 12, 8), "8 décembre 2014", "08/12/2014"),
    ],
)
def test_dates(day, in_words, in_figures):
    assert formats.french_date(day) == in_words
    assert formats.short_date(day) == in_figures


@pytest.mark.parametrize(
    ("days", "ago", "ahead"),
    [
        (0, "aujourd’hui", "aujourd’hui"),
        (1, "hier", "demain"),
        (2, "il y a 2 jours", "dans 2 jours"),
        (1200, "il y a 1\u202f200 jours", "dans 1\u202f200 jours"),
    ],
)
def test_days_from_today(days, ago, ahead):
    assert (formats.days_ago(days), formats.days_ahead(days)) == (ago, ahead)


@pytest.mark.parametrize(
    ("time", "written"),
    [
        (dt.time(9, 30), "9\u00a0h\u00a030"),
        (dt.time(11), "11\u00a0h"),
        (dt.time(0, 5), "0\u00a0h\u00a005"),
    ],
)
def test_clock(time, written):
    assert formats.clock(time) == written
