"""How a value is written in French, on the screen and on paper alike."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone

NARROW_SPACE = "\u202f"  # between thousands
HARD_SPACE = "\u00a0"  # before a unit, so that it never starts a line
MINUS = "\u2212"
NOT_APPLICABLE = "sans objet"

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
SHORT_MONTHS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)

Number = int | float | Decimal | Fraction


def number(value: Number | None, places: int | None = None) -> str:
    """A number with its decimals: those asked for, else up to two without trailing zeros.

    Halves are rounded away from zero, as in accounts.

    >>> number(Decimal("12.50"))
    '12,5'
    >>> number(12, places=2)
    '12,00'
    """
    if value is None:
        return ""
    scale = 10 ** (2 if places is None else places)
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    rounded = int(abs(exact) * scale + Fraction(1, 2))
    whole, rest = divmod(rounded, scale)
    decimals = str(rest).zfill(len(str(scale)) - 1) if scale > 1 else ""
    if places is None:
        decimals = decimals.rstrip("0")
    sign = MINUS if exact < 0 and rounded else ""
    return sign + f"{whole:,}".replace(",", NARROW_SPACE) + (f",{decimals}" if decimals else "")


def percent(ratio: Fraction | Decimal | None) -> str:
    """A ratio as a percentage with at most one decimal; without a ratio the rate has no meaning.

    >>> percent(None)
    'sans objet'
    """
    if ratio is None:
        return NOT_APPLICABLE
    tenths = number(Fraction(ratio) * 100, places=1)
    return tenths.removesuffix(",0") + f"{HARD_SPACE}%"


def euros(amount: Decimal | int | None) -> str:
    """An amount; the cents appear only where there are some."""
    if amount is None:
        return ""
    places = 0 if Fraction(amount).denominator == 1 else 2
    return f"{number(amount, places=places)}{HARD_SPACE}€"


def duration(minutes: int | None) -> str:
    """Minutes of work as hours and minutes: 90 is « 1 h 30 »."""
    if minutes is None:
        return ""
    sign = MINUS if minutes < 0 else ""
    hours, rest = divmod(abs(minutes), 60)
    if not hours:
        return f"{sign}{rest}{HARD_SPACE}min"
    whole = f"{sign}{number(hours)}{HARD_SPACE}h"
    return f"{whole}{HARD_SPACE}{rest:02d}" if rest else whole


def hours_and_minutes(minutes: int) -> str:
    """A duration beside others in hours: none is « 0 h », where « 0 min » would read as another unit.

    >>> [hours_and_minutes(minutes).replace(HARD_SPACE, " ") for minutes in (0, 210)]
    ['0 h', '3 h 30']
    """
    return duration(minutes) if minutes else f"0{HARD_SPACE}h"


def hour(at: dt.datetime) -> str:
    """The time of day in Paris: « 14 h 32 »."""
    local = timezone.localtime(at)
    return f"{local.hour}{HARD_SPACE}h{HARD_SPACE}{local:%M}"


def moment(at: dt.datetime, now: dt.datetime, *, today: str = "de", before: str = "du") -> str:
    """When, after a word such as « brouillon »: « de 14 h 32 » today, « du 24 novembre à 17 h 42 » on another day."""
    day, this_day = timezone.localtime(at).date(), timezone.localtime(now).date()
    if day == this_day:
        return f"{today} {hour(at)}"
    ordinal = "1er" if day.day == 1 else str(day.day)
    year = "" if day.year == this_day.year else f" {day.year}"
    return f"{before} {ordinal}{HARD_SPACE}{MONTHS[day.month - 1]}{year} à {hour(at)}"


def french_date(day: dt.date | None) -> str:
    """A date in words: « 1er janvier 2014 »."""
    if day is None:
        return ""
    ordinal = "1er" if day.day == 1 else str(day.day)
    return f"{ordinal} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: dt.date | None) -> str:
    """A date in figures: « 01/01/2014 »."""
    return f"{day:%d/%m/}{day.year:04d}" if day else ""


def dialled(phone: str) -> str:
    """A telephone number as a link calls it.

    >>> dialled("+33 1 02 03 04 05 (standard)")
    '+33102030405'
    """
    digits = "".join(character for character in phone if character in "0123456789")
    return f"+{digits}" if phone.lstrip().startswith("+") else digits


def in_days(count: int) -> str:
    """A number of days: « 1 jour », « 12 jours »."""
    return f"{number(count)} jour{'s' if count > 1 else ''}"


def days_ago(days: int) -> str:
    """How long ago a day was: « aujourd’hui », « hier », « il y a 12 jours »."""
    return {0: "aujourd’hui", 1: "hier"}.get(days, f"il y a {number(days)} jours")


def days_ahead(days: int) -> str:
    """How far a day is: « aujourd’hui », « demain », « dans 12 jours »."""
    return {0: "aujourd’hui", 1: "demain"}.get(days, f"dans {number(days)} jours")


def clock(time: dt.time) -> str:
    """A time of the day: « 9 h 30 », « 11 h »."""
    whole = f"{time.hour}{HARD_SPACE}h"
    return f"{whole}{HARD_SPACE}{time.minute:02d}" if time.minute else whole
