"""The weekdays of a contract: ISO numbers in the data, French words for people."""

import re

WEEKDAY_NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
WEEKDAY_CHOICES = [(str(number), name) for number, name in enumerate(WEEKDAY_NAMES, start=1)]
SHORT_LENGTH = 3  # lun, mar, mer… are all different
SEPARATORS = re.compile(r"[\s,;/+.]+")
LONG_ENOUGH_FOR_A_RANGE = 3
TO = {"au", "à"}
FILLERS = {"", "et", "du", "de", "le"}


class UnknownDay(ValueError):
    """A word that names no weekday; its text says in French what to write."""


def days_in_words(days: str) -> str:
    """The days as one says them.

    >>> days_in_words("1234"), days_in_words("13"), days_in_words("2")
    ('du lundi au jeudi', 'lundi et mercredi', 'mardi')
    """
    names = [WEEKDAY_NAMES[int(day) - 1] for day in days]
    if len(names) >= LONG_ENOUGH_FOR_A_RANGE and days in "1234567":
        return f"du {names[0]} au {names[-1]}"
    return " et ".join(part for part in (", ".join(names[:-1]), "".join(names[-1:])) if part)


def short_days(days: str) -> str:
    """The days as a file holds them: « lun mar mer »."""
    return " ".join(WEEKDAY_NAMES[int(day) - 1][:SHORT_LENGTH] for day in days)


def read_days(text: str) -> str:
    """The days that somebody wrote, as ISO numbers in order; empty where nothing is written.

    >>> read_days("lun mar mer jeu"), read_days("du lundi au jeudi"), read_days("lundi, mercredi"), read_days("4 1 2 3")
    ('1234', '1234', '13', '1234')

    Raises UnknownDay.
    """
    words = SEPARATORS.split(re.sub(r"\s*[-–]\s*", " au ", text.casefold().strip()))
    found: list[int] = []
    ranging = False
    for word in words:
        if word in TO:
            ranging = True
        elif word not in FILLERS:
            numbers = _numbers(word)
            if ranging and found:
                numbers = [*_range(found[-1], numbers[0]), *numbers]
            found += numbers
            ranging = False
    return "".join(str(number) for number in sorted(set(found)))


def _range(first: int, last: int) -> range:
    if first > last:
        raise UnknownDay(
            f"« {WEEKDAY_NAMES[first - 1]} au {WEEKDAY_NAMES[last - 1]} » ne se suivent pas dans la semaine. "
            "Écrivez chaque jour, par exemple « lun mar dim »."
        )
    return range(first, last)


def _numbers(word: str) -> list[int]:
    if re.fullmatch(r"[1-7]+", word):
        return [int(letter) for letter in word]
    for number, name in enumerate(WEEKDAY_NAMES, start=1):
        if len(word) >= SHORT_LENGTH and name.startswith(word):
            return [number]
    raise UnknownDay(
        f"« {word} » n’est pas un jour de la semaine. Écrivez par exemple « lun mar mer jeu », ou 1234 (1 = lundi)."
    )
