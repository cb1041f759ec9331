"""How one cell of an imported file is read, and written again by an export.

Each raises ValueError with a French sentence that says what to write instead.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Choices
from import_export.widgets import Widget

from confluences.exports import FORMULA_STARTS
from confluences.text import search_key

FIRST_YEAR, LAST_YEAR = 1900, 2100
DATE_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S")
EXCEL_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?$")
YES = {"oui", "o", "vrai", "true", "1", "x"}
NO = {"non", "n", "faux", "false", "0"}
MOST_LISTED = 30  # accepted values that a sentence names


def cell_text(value: Any) -> str:
    """A cell as text, without the marks that spreadsheets leave in it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFC", str(value)).replace("\u00a0", " ").replace("\u202f", " ").strip()
    if EXCEL_ERROR.fullmatch(text):
        raise ValueError(f"Cette case contient une erreur du tableur ({text}). Corrigez-la, ou videz-la.")
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t" for letter in text):
        raise ValueError("Cette case contient un caractère invisible. Effacez-la et retapez-la.")
    # The apostrophe that our exports put before what a spreadsheet would take for a formula.
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


class Text(Widget):
    """Words, as they are. A date or a number is written as one reads it."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        if isinstance(value, dt.date):
            raise ValueError(  # noqa: TRY004  what a widget of django-import-export raises
                "Le tableur a changé ce texte en date. Mettez la colonne au format Texte et retapez la case."
            )
        return cell_text(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class Date(Widget):
    """A day: a true date, JJ/MM/AAAA or AAAA-MM-JJ."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dt.date | None:
        if isinstance(value, dt.datetime):
            value = value.date()
        day = value if isinstance(value, dt.date) else self._read(cell_text(value))
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(
                f"L’année {day.year} est invraisemblable. Écrivez la date avec une année à quatre chiffres."
            )
        return day

    def render(self, value: dt.date | None, obj: Any = None, **kwargs: Any) -> dt.date | None:
        return value

    @staticmethod
    def _read(text: str) -> dt.date | None:
        if not text:
            return None
        for date_format in DATE_FORMATS:
            try:
                return dt.datetime.strptime(text, date_format).date()  # noqa: DTZ007  a day has no time zone
            except ValueError:
                continue
        raise ValueError(f"« {text} » n’est pas une date. Écrivez JJ/MM/AAAA, par exemple 31/12/2014.")


class WholeNumber(Widget):
    """A whole number."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = cell_text(value)
        if not text:
            return None
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise ValueError(f"« {text} » n’est pas un nombre entier. Écrivez par exemple 6.")
        return int(text)

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> int | None:
        return value


class DecimalNumber(Widget):
    """A number with decimals, as people type it: « 23 921,50 »."""

    PATTERN = r"-?[0-9]{1,12}(\.[0-9]{1,12})?"
    REFUSAL = "n’est pas un nombre. Écrivez par exemple 10,5."

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        text = cell_text(value).removesuffix("€").replace(" ", "").replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(self.PATTERN, text):
            raise ValueError(f"« {cell_text(value)} » {self.REFUSAL}")
        return Decimal(text)

    def render(self, value: Decimal | None, obj: Any = None, **kwargs: Any) -> Decimal | None:
        return value


class Amount(DecimalNumber):
    """An amount in euros, with at most two decimals: 350, 349,90 or 1 200,50 €."""

    PATTERN = r"-?[0-9]{1,9}(\.[0-9]{1,2})?"
    REFUSAL = "n’est pas un montant. Écrivez par exemple 349,90."


class YesNo(Widget):
    """« oui », « non », or nothing where one does not know."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool | None:
        word = cell_text(value).casefold()
        if not word:
            return None
        if word in YES:
            return True
        if word in NO:
            return False
        raise ValueError(f"« {word} » n’est pas accepté. Écrivez oui ou non.")

    def render(self, value: bool | None, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else "oui" if value else "non"


class Choice(Widget):
    """One of a closed list, by its French label or by its code."""

    def __init__(self, choices: type[Choices]) -> None:
        super().__init__()
        self.labels = {str(value): str(label) for value, label in choices.choices}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = cell_text(value)
        if not text:
            return ""
        for code, label in self.labels.items():
            if search_key(text) in {search_key(code), search_key(label)}:
                return code
        raise ValueError(f"« {text} » n’est pas accepté. {accepted(self.labels.values())}")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.labels.get(str(value), "" if value is None else str(value))


class Row(Widget):
    """A row of another table, by any of the words that `names` gives for it."""

    def __init__(self, load: Callable[[], Iterable[Any]], names: Callable[[Any], Iterable[str]]) -> None:
        super().__init__()
        self.load = load
        self.names = names
        self.found: dict[str, Any] | None = None
        self.listed: list[str] = []

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = Text().clean(value)
        if not text:
            return None
        if self.found is None:
            self._read_table()
        assert self.found is not None
        if search_key(text) not in self.found:
            raise ValueError(f"« {text} » n’est pas dans la liste. {accepted(self.listed)}")
        return self.found[search_key(text)]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)

    def _read_table(self) -> None:
        self.found = {}
        for each in self.load():
            names = list(self.names(each))
            self.listed.append(names[0])
            self.found.update({search_key(name): each for name in names})


def accepted(values: Iterable[str]) -> str:
    """The sentence that lists what may be written."""
    listed = [*values]
    if not listed:
        return "La liste est vide : créez d’abord ses lignes dans l’administration."
    more = f", et {len(listed) - MOST_LISTED} autres" if len(listed) > MOST_LISTED else ""
    return f"Valeurs acceptées : {', '.join(listed[:MOST_LISTED])}{more}."
