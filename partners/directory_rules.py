"""Rules of the directory, on plain values: how an agreement stands, how former names are written, what looks alike."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from confluences.text import search_key
from partners.enums import AgreementState

# Two months to write the next one and have it signed; ours.
AGREEMENT_NOTICE_DAYS = 60
FORMER_NAME = re.compile(
    r"(?P<name>.*\S)\s*(?:[,;:]\s*|\(\s*)(?:jusqu[’']au\s+)?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})\s*\)?"
)
HOW_TO_WRITE_A_FORMER_NAME = "Écrivez le nom, une virgule, puis son dernier jour : Pôle emploi, 31/12/2023."


def agreement_state(start: dt.date | None, end: dt.date | None, today: dt.date) -> AgreementState:
    """How an agreement between two days stands; without a first day there is none, without a last it goes on.

    >>> agreement_state(dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2026, 10, 31)).label
    'en vigueur'
    >>> agreement_state(dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2026, 11, 1)).label
    'se termine bientôt'
    >>> agreement_state(dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2027, 1, 1)).label
    'terminée'
    """
    if start is None:
        return AgreementState.NONE
    if end is not None and end < today:
        return AgreementState.ENDED
    if start > today:
        return AgreementState.UPCOMING
    if end is not None and (end - today).days <= AGREEMENT_NOTICE_DAYS:
        return AgreementState.ENDING
    return AgreementState.IN_FORCE


@dataclass(frozen=True, order=True)
class FormerName:
    """A name borne until a day."""

    valid_until: dt.date
    name: str


def read_former_names(text: str) -> list[FormerName]:
    """Former names as one writes them, one a line, the oldest first. Raises ValueError: what to write instead.

    >>> [each.name for each in read_former_names("Pôle emploi, 31/12/2023\\nANPE, 31/12/2008")]
    ['ANPE', 'Pôle emploi']
    """
    found = sorted(_read_former_name(line.strip()) for line in text.splitlines() if line.strip())
    for earlier, later in pairwise(found):
        if earlier.valid_until == later.valid_until:
            raise ValueError(
                f"« {earlier.name} » et « {later.name} » finissent le même jour : corrigez l’une des dates."
            )
    return found


def _read_former_name(line: str) -> FormerName:
    parts = FORMER_NAME.fullmatch(line)
    if parts is None:
        raise ValueError(f"« {line[:80]} » n’est pas compris. {HOW_TO_WRITE_A_FORMER_NAME}")
    if len(parts["name"]) > 150:
        raise ValueError("Un nom compte 150 caractères au plus.")
    try:
        day = dt.date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except ValueError:
        raise ValueError(f"« {line[:80]} » : cette date n’existe pas. {HOW_TO_WRITE_A_FORMER_NAME}") from None
    return FormerName(day, parts["name"])


def written_former_names(names: Iterable[FormerName]) -> str:
    """The same as text, as read_former_names reads it.

    >>> written_former_names([FormerName(dt.date(2023, 12, 31), "Pôle emploi")])
    'Pôle emploi, 31/12/2023'
    """
    return "\n".join(
        f"{each.name}, {each.valid_until.day:02d}/{each.valid_until.month:02d}/{each.valid_until.year:04d}"
        for each in sorted(names)
    )


def same_place(name: str, city: str, other_name: str, other_city: str) -> bool:
    """Whether two organisations have the same name and town, whatever the capitals and accents.

    >>> same_place("Mission Locale", "CRETEIL", "mission locale", "Créteil")
    True
    """
    return (search_key(name), search_key(city)) == (search_key(other_name), search_key(other_city))
