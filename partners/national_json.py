"""A JSON file of many objects, one at a time, without ever holding the whole of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from confluences.formats import number as in_french
from confluences.tables import UnreadableTable

CHUNK = 1024 * 1024  # characters
MAX_ITEM = 4 * CHUNK  # one structure is some kilobytes: beyond, something is open that never closes
SECTIONS = ("structures", "services")


def items(path: Path) -> Iterator[tuple[str, int, Any]]:
    """Each element of the file's list: the list's name (empty where the file is one list), its number, and itself.

    Raises UnreadableTable where the file breaks off, saying the line and the character.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = _Text(file)
        if text.next() == "[":
            yield from _elements(text, "")
        else:
            yield from _sections(text)
        if text.next():
            raise text.broken("Il y a encore quelque chose après la fin")


def _sections(text: "_Text") -> Iterator[tuple[str, int, Any]]:
    text.take("{")
    while text.next() != "}":
        name = text.value()
        text.take(":")
        if name == "features":
            raise UnreadableTable("Ce fichier est un GeoJSON. Prenez le même en JSON, en CSV ou en XLSX.")
        if name in SECTIONS and text.next() == "[":
            yield from _elements(text, str(name))
        else:
            text.value()
        if text.next() == ",":
            text.take(",")
        elif text.next() != "}":
            raise text.broken("Le fichier JSON ne se lit plus")
    text.take("}")


def _elements(text: "_Text", section: str) -> Iterator[tuple[str, int, Any]]:
    text.take("[")
    number = 0
    while text.next() != "]":
        number += 1
        text.counted = number - 1
        yield section, number, text.value()
        if text.next() == ",":
            text.take(",")
            if text.next() == "]":
                raise text.broken("Une virgule est de trop")
        elif text.next() != "]":
            raise text.broken("Le fichier JSON ne se lit plus")
    text.take("]")


class _Text:
    """The file's text from where it has been read to; more of it comes in as it is asked for."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.buffer = ""
        self.at = 0
        self.lines = 0  # line ends that have left the buffer
        self.gone = 0  # characters of the present line that have left it
        self.ended = False
        self.counted = 0  # elements read whole, for the message
        self.decoder = json.JSONDecoder()

    def next(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in " \t\r\n":
                self.at += 1
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self._more():
                return ""

    def take(self, expected: str) -> None:
        if self.next() != expected:
            raise self.broken("Le fichier JSON ne se lit plus")
        self.at += 1

    def value(self) -> Any:
        """The next value whole."""
        self.next()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError as error:
                beyond = error.pos - self.at
                if len(self.buffer) - self.at < MAX_ITEM and self._more():
                    continue
                raise self.broken("Le fichier JSON ne se lit plus", self.at + beyond) from error
            except (RecursionError, ValueError) as error:
                # Lists in lists without end, a number of 5 000 digits.
                raise self.broken("Le fichier JSON ne se lit plus") from error
            # A number at the end of what was read may go on.
            if end == len(self.buffer) and isinstance(value, (int, float)) and self._more():
                continue
            self.at = end
            return value

    def broken(self, words: str, position: int | None = None) -> UnreadableTable:
        where = self.at if position is None else min(position, len(self.buffer))
        row = self.lines + self.buffer.count("\n", 0, where) + 1
        line_start = self.buffer.rfind("\n", 0, where)
        character = where - line_start if line_start >= 0 else self.gone + where + 1
        left = self.buffer.rstrip()
        cut = self.ended and (where >= len(left) or not left.endswith(("]", "}")))
        why = "il est coupé. Téléchargez-le" if cut else "corrigez-le, ou téléchargez-le"
        return UnreadableTable(
            f"{words} à cette ligne, caractère {in_french(character)}, après {in_french(self.counted)} élément(s) : {why} à nouveau.",
            row,
        )

    def _more(self) -> bool:
        """Reads on, and lets go of what was read; False at the end of the file."""
        chunk = self.file.read(CHUNK)
        self.ended = not chunk
        line_start = self.buffer.rfind("\n", 0, self.at)
        self.gone = self.at - line_start - 1 if line_start >= 0 else self.gone + self.at
        self.lines += self.buffer.count("\n", 0, self.at)
        self.buffer, self.at = self.buffer[self.at :] + chunk, 0
        return bool(chunk)
