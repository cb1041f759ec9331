"""The cells of the national directory's files, as people and spreadsheets leave them: what each one says, in plain values.

A cell that cannot be read raises UnreadableCell with a sentence in French; one that could be read after a repair says so.
"""

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from stdnum.fr import siret as siret_number

from confluences.text import search_key

# Words that stand where a value is missing, as `search_key` writes them.
NOTHING = {
    "",
    "null",
    "none",
    "nan",
    "n a",
    "na",
    "nc",
    "nr",
    "neant",
    "aucun",
    "aucune",
    "inconnu",
    "inconnue",
    "sans objet",
    "non renseigne",
    "non renseignee",
    "non communique",
    "non communiquee",
    "adresse inconnue",
    "sans adresse",
    "pas d adresse",
}
MAX_NOTHING = 30  # characters: a longer text says something
MACHINE_NOTHING = {"", "null", "none", "nan", "[]", "{}"}  # what programs write: nobody needs to hear of it
# Controls, as confluences.text.without_controls says, and halves of a character, which JSON can write and UTF-8 cannot.
UNHELD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
QUOTED = re.compile(r'"([^"]*)"|\'([^\']*)\'')
WHOLE_NUMBER = re.compile(r"\d+(?:[.,]0+)?")
SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,3})")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
FRENCH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
KEPT_DIGITS = 12  # of a SIRET in scientific notation: with fewer, the spreadsheet has rounded it
SHOWN = 60  # characters of a value that a message repeats


class UnreadableCell(ValueError):
    """What a cell holds is not what its column announces; the message says what to do."""


@dataclass(frozen=True)
class Cell:
    """What a cell says, and what had to be guessed to read it."""

    value: Any
    warning: str = ""


EMPTY = Cell(None)


def shown(value: Any) -> str:
    """A value as a message repeats it.

    >>> shown(" x ")
    '« x »'
    """
    text = " ".join(plain_text(value).split())
    return f"« {text[:SHOWN]}{'…' if len(text) > SHOWN else ''} »"


def plain_text(value: Any) -> str:
    """Any cell as text, without what neither a database nor a page can hold.

    >>> plain_text(94110.0), plain_text(None), plain_text(" a\\x00b ")
    ('94110', '', 'ab')
    """
    if isinstance(value, str):
        written = value
    elif value is None or isinstance(value, bool):
        written = "" if value is None else str(value).lower()
    elif isinstance(value, float):
        written = _plain_float(value)
    else:
        written = value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)
    return UNHELD.sub("", written.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _plain_float(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)


def says_nothing(value: Any) -> bool:
    """Whether a cell is blank to a program.

    >>> says_nothing("  "), says_nothing("NULL"), says_nothing([]), says_nothing("Néant")
    (True, True, True, False)
    """
    if isinstance(value, (list, tuple, set, dict)):
        return len(value) == 0
    return _is_machine_nothing(plain_text(value))


def _is_machine_nothing(written: str) -> bool:
    return len(written) <= 4 and written.lower() in MACHINE_NOTHING


def text(value: Any) -> Cell:
    """Words. Those that only say that there are none are none.

    >>> text("  CCAS d’Arcueil ").value
    'CCAS d’Arcueil'
    >>> text("Non renseigné").value is None
    True
    """
    if value is None or value == "":
        return EMPTY
    if isinstance(value, (dict, list, tuple, set)):
        if not value:
            return EMPTY
        raise UnreadableCell("Cette case contient une liste ou un objet : on y attend un texte.")
    written = plain_text(value)
    if _is_machine_nothing(written):
        return EMPTY
    if written.startswith("#") and written.rstrip("!?").isupper():
        raise UnreadableCell(f"La formule du tableur a échoué ({shown(value)}) : remplacez-la par sa valeur.")
    if _may_say_nothing(written) and search_key(written) in NOTHING:
        return Cell(None, f"{shown(value)} ne dit rien : la case est lue comme vide.")
    return Cell(written)


def _may_say_nothing(written: str) -> bool:
    """Spares most texts the search for words that say nothing, which all begin with one of these letters."""
    return len(written) < MAX_NOTHING and (not written[0].isalnum() or written[0] in "nNaAiIsSpP")


def address(value: Any) -> Cell:
    """A street address; a number alone, a site or a mailbox is none.

    >>> address("1 rue des Exemples").value
    '1 rue des Exemples'
    >>> address("94110").value is None
    True
    """
    cell = text(value)
    if cell.value is None:
        return cell
    if "@" in cell.value or "://" in cell.value or not any(letter.isalpha() for letter in cell.value):
        return Cell(None, f"{shown(value)} n’est pas une adresse : la case est lue comme vide.")
    return cell


def _digits(value: Any) -> str:
    """The digits of a number that a spreadsheet may have turned into another kind; what else it holds stays.

    >>> _digits("732 829 320 00074"), _digits(73282932000074.0), _digits("94110,0")
    ('73282932000074', '73282932000074', '94110')
    """
    written = "".join(plain_text(value).split()).lstrip("'")
    return re.split(r"[.,]", written)[0] if WHOLE_NUMBER.fullmatch(written) else written


def siret(value: Any) -> Cell:
    """A SIRET of 14 digits whose control digit is right, even where a spreadsheet took it for a number.

    >>> siret("7.3282932000074E13").value
    '73282932000074'
    >>> siret("7,32829E+13")
    Traceback (most recent call last):
    partners.national_cells_rules.UnreadableCell: Le tableur a arrondi ce SIRET (« 7,32829E+13 ») : mettez la colonne en texte et recopiez ses 14 chiffres.
    """
    if text(value).value is None:
        return text(value)
    digits = _digits(value)
    repaired = digits != plain_text(value)
    scientific = SCIENTIFIC.fullmatch(digits)
    if scientific:
        if 1 + len(scientific[2] or "") < KEPT_DIGITS or scientific[3] != "13":
            raise UnreadableCell(
                f"Le tableur a arrondi ce SIRET ({shown(value)}) : mettez la colonne en texte et recopiez ses 14 chiffres."
            )
        digits, repaired = (scientific[1] + scientific[2]).ljust(14, "0"), True
    if digits.isdecimal() and digits.isascii() and len(digits) in (12, 13):
        digits, repaired = digits.zfill(14), True  # a spreadsheet drops the zeros at the start
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 14):
        raise UnreadableCell(
            f"Un SIRET a 14 chiffres ; {shown(value)} n’en est pas un. Recopiez-le, ou videz la case."
        )
    if not siret_number.is_valid(digits):
        raise UnreadableCell(
            f"Le SIRET {shown(value)} ne se vérifie pas : recopiez ses 14 chiffres, ou videz la case."
        )
    return Cell(digits, f"SIRET {shown(value)} lu comme {digits}." if repaired else "")


def place_code(value: Any) -> Cell:
    """A postcode or an INSEE code as it is written; its length is the reader's affair.

    >>> place_code(94110.0).value, place_code("94 110").value, place_code("2a004").value
    ('94110', '94110', '2A004')
    """
    cell = text(value)
    return Cell(_digits(value).upper()) if cell.value else cell


def phone(value: Any) -> Cell:
    """A telephone number; a spreadsheet that took it for a number dropped its zero.

    >>> phone(140000000).value, phone("+33140000000").value
    ('0140000000', '+33140000000')
    """
    cell = text(value)
    if cell.value is None:
        return cell
    if isinstance(value, (int, float)) and len(cell.value) == 9:
        return Cell(f"0{cell.value}", f"Téléphone {cell.value} lu comme 0{cell.value}.")
    return cell


def link(value: Any) -> Cell:
    """The address of a page; people leave out how it begins.

    >>> link("www.exemple.fr/aide").value
    'https://www.exemple.fr/aide'
    """
    cell = text(value)
    if cell.value and re.fullmatch(r"(?:[\w-]+\.)+[a-zA-Z]{2,}(?:[/?#]\S*)?", cell.value):
        return Cell(f"https://{cell.value}", f"Site {shown(value)} lu comme https://{cell.value[:SHOWN]}.")
    return cell


def mailbox(value: Any) -> Cell:
    """An e-mail address.

    >>> mailbox("mailto:accueil@exemple.fr").value
    'accueil@exemple.fr'
    """
    cell = text(value)
    return Cell(cell.value.removeprefix("mailto:").strip(), cell.warning) if cell.value else cell


def day(value: Any) -> Cell:
    """A day: a true date, 2025-02-14 with or without an hour, 14/02/2025.

    >>> day("14/02/2025").value
    datetime.date(2025, 2, 14)
    """
    if isinstance(value, dt.datetime):
        return Cell(value.date())
    if isinstance(value, dt.date):
        return Cell(value)
    cell = text(value)
    if cell.value is None:
        return cell
    iso, french = ISO_DAY.fullmatch(cell.value), FRENCH_DAY.fullmatch(cell.value)
    parts = iso.groups() if iso else french.groups()[::-1] if french else None
    try:
        return Cell(dt.date(*map(int, parts or ())))
    except (ValueError, TypeError):
        raise UnreadableCell(
            f"{shown(value)} n’est pas une date : écrivez AAAA-MM-JJ, par exemple 2025-02-14."
        ) from None


def decimal_number(value: Any) -> Cell:
    """A number, with a point or a comma.

    >>> decimal_number("48,81").value
    48.81
    """
    cell = text(value)
    if cell.value is None:
        return cell
    try:
        number = float(Decimal(cell.value.replace(",", ".").replace(" ", "")))
    except (InvalidOperation, OverflowError):
        raise UnreadableCell(f"{shown(value)} n’est pas un nombre.") from None
    if not math.isfinite(number):
        raise UnreadableCell(f"{shown(value)} n’est pas un nombre.")
    return Cell(number)


def coordinate(value: Any, limit: int) -> Cell:
    """A longitude or a latitude in degrees."""
    cell = decimal_number(value)
    if cell.value is not None and abs(cell.value) > limit:
        raise UnreadableCell(f"{shown(value)} n’est pas un nombre de degrés entre −{limit} et {limit}.")
    return cell


def longitude(value: Any) -> Cell:
    return coordinate(value, 180)


def latitude(value: Any) -> Cell:
    return coordinate(value, 90)


def code_list(value: Any) -> Cell:
    """Several codes, however the file writes a list; each one once, in the file's order.

    >>> code_list('["femmes", "jeunes"]').value, code_list("{femmes,jeunes}").value, code_list("femmes; jeunes").value
    (['femmes', 'jeunes'], ['femmes', 'jeunes'], ['femmes', 'jeunes'])
    """
    if says_nothing(value):
        return EMPTY
    if isinstance(value, Mapping):
        raise UnreadableCell("Cette case contient un objet : on y attend une liste de codes.")
    if isinstance(value, (list, tuple, set)):
        codes = [plain_text(each) for each in value]
    else:
        written = plain_text(value)
        quoted = [double or single for double, single in QUOTED.findall(written)]
        codes = quoted or re.split(r"[,;|\n]", written.strip("[](){} "))
    bare = [code.strip(" '\"") for code in codes]
    found = list(dict.fromkeys(code for code in bare if not says_nothing(code)))
    return Cell(found or None)
