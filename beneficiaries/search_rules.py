"""What somebody types to find a person: names, a birth date, a phone number, a file number, in any order.

Each thing typed is a term; a person is found who fits them all. Numbers may mean two things at once
(« 06.12.34 » begins a phone number or is a birthday): a term lists its readings, and one that fits is enough.
"""

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from confluences.text import search_words

MAX_CHARACTERS = 100  # what is longer is no name; it would only make a slow question
ANYWHERE = 4  # from so many digits on, they are looked for inside the phone number, else at its beginning
DIGITS = frozenset("0123456789")
VOWELS = frozenset("aeiouy")
CENTURIES = (1900, 2000)  # « 1-5-90 » does not say which one

MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "janvier janv jan",
            "fevrier fevr fev",
            "mars",
            "avril avr",
            "mai",
            "juin",
            "juillet juil",
            "aout",
            "septembre sept",
            "octobre oct",
            "novembre nov",
            "decembre dec",
        ),
        start=1,
    )
    for word in words.split()
}

# Each begins where a word may begin, and ends where one may end.
END = r"(?=[ ,;]|$)"
YEAR = r"(?P<year>(?:19|20)\d\d)"
SHORT_YEAR = r"(?P<short>\d\d)"
WHOLE_PHONE = re.compile(rf"(?:(?:\+|00)33[ .-]?(?:0[ .-]?)?|0)[1-9](?:[ .-]?\d\d){{4}}{END}", re.ASCII)
DATES = [
    re.compile(pattern + END, re.ASCII)
    for pattern in (
        rf"{YEAR}(?P<sep>[-/.])(?P<month>\d\d?)(?:(?P=sep)(?P<day>\d\d?))?",
        rf"(?P<day>\d\d?)(?P<sep>[-/. ])(?P<month>\d\d?)(?P=sep){YEAR}",
        rf"(?P<day>\d\d?)(?P<sep>[-/.])(?P<month>\d\d?)(?P=sep){SHORT_YEAR}",
        rf"(?P<day>\d\d?)(?:er)? (?P<word>[a-z]+)\.? (?:{YEAR}|{SHORT_YEAR})",
        rf"(?P<word>[a-z]+)\.? {YEAR}",
        rf"(?P<month>\d\d?)[-/. ]{YEAR}",
        YEAR,
    )
]
SOME_DIGITS = re.compile(rf"\+?\d+(?:[ .-]\d+)*{END}", re.ASCII)
ONE_WORD = re.compile(r"[^ ,;]+")


@dataclass(frozen=True)
class Born:
    """The days, both included, on one of which somebody was born: a day, a month or a year."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Term:
    """One thing typed, by what it may mean. `words` are all in the name; `digits` are some of a phone number."""

    words: tuple[str, ...] = ()
    born: tuple[Born, ...] = ()
    digits: str = ""
    number: str = ""


def read_search(text: str) -> list[Term]:
    """What the text asks for; nothing where it says nothing, such as « ??? »."""
    return list(dict.fromkeys(_terms(_plain(text[:MAX_CHARACTERS]))))


def phone_digits(phone: str) -> str:
    """What a phone number is found by, whatever its spaces: « +33 6 12 34 56 78 » is « 0612345678 »."""
    digits = "".join(character for character in phone if character in DIGITS)
    for abroad in ("+33", "0033"):
        if phone.strip().startswith(abroad):
            return f"0{digits[len(abroad.lstrip('+')) :].lstrip('0')}"
    return digits


def _plain(text: str) -> str:
    """The text in small letters without accents, between single spaces; brackets and quotes say nothing."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(
        " " if _is_blank(letter) else letter for letter in letters if not unicodedata.combining(letter)
    )
    return " ".join(bare.split())


def _is_blank(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "CZ" or letter in '()[]{}«»“”"'


def _terms(text: str) -> Iterator[Term]:
    position = 0
    while position < len(text):
        if text[position] in " ,;":
            position += 1
            continue
        term, position = _read_at(text, position)
        if term is not None:
            yield term


def _read_at(text: str, position: int) -> tuple[Term | None, int]:
    """The term that begins there, and where it ends."""
    phone = WHOLE_PHONE.match(text, position)
    if phone:
        return Term(digits=phone_digits(phone[0])), phone.end()
    for pattern in DATES:
        found = pattern.match(text, position)
        born = _born(found) if found else ()
        if found and born:
            number = "" if " " in found[0] else found[0]
            return Term(born=born, digits=_begun_phone(found), number=number), found.end()
    other = SOME_DIGITS.match(text, position) or ONE_WORD.match(text, position)
    assert other is not None  # a word is whatever no space is
    end = other.end()
    return _other(text[position:end]), end


def _born(found: re.Match[str]) -> tuple[Born, ...]:
    """The birth dates that a text may mean; none where there is no such month or day."""
    part = {name: text for name, text in found.groupdict().items() if text}
    month = MONTHS.get(part["word"], 0) if "word" in part else _number_of(part.get("month"))
    day = _number_of(part.get("day"))
    years = [int(part["year"])] if "year" in part else [century + int(part["short"]) for century in CENTURIES]
    spans = [_span(year, month, day) for year in years]
    return tuple(span for span in spans if span)


def _number_of(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _span(year: int, month: int | None, day: int | None) -> Born | None:
    if month is None:
        return Born(dt.date(year, 1, 1), dt.date(year, 12, 31))
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return Born(dt.date(year, month, 1), dt.date(year, month, last))
    return Born(dt.date(year, month, day), dt.date(year, month, day)) if 1 <= day <= last else None


def _other(text: str) -> Term | None:
    """What is no date: some digits of a phone number, a word of a name, a file number, or several of them."""
    letters = set(text)
    # The numbers that we give hold no vowel; those that people give, some digit.
    number = text if " " not in text and (letters & DIGITS or not letters & VOWELS) else ""
    if SOME_DIGITS.fullmatch(text):
        return Term(digits=_enough(phone_digits(text)), number=number)
    if letters & DIGITS:
        return Term(number=number)  # no name holds a digit
    words = tuple(search_words(text))
    return Term(words=words, number=number) if words else None


def _begun_phone(found: re.Match[str]) -> str:
    """The digits of a date that may as well begin a phone number: « 06.12.34 »."""
    ambiguous = found.groupdict().get("short") and found.groupdict().get("sep") in ("-", ".")
    return phone_digits(found[0]) if ambiguous else ""


def _enough(digits: str) -> str:
    """A lone digit is in every number: it says nothing."""
    return digits if len(digits) > 1 else ""
