"""The demonstration's own files, read on a day: J-30 in them is 30 days before it."""

import csv
import datetime as dt
import io
import re
from pathlib import Path

FILES = Path(__file__).parent
RELATIVE_DAY = re.compile(r"\bJ([+-]\d+)\b")


def text(name: str, today: dt.date) -> str:
    """A file with its relative days as dates."""
    content = (FILES / name).read_text(encoding="utf-8")
    return RELATIVE_DAY.sub(lambda match: f"{today + dt.timedelta(days=int(match[1])):%d/%m/%Y}", content)


def rows(name: str, today: dt.date) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text(name, today)), delimiter=";"))


def day(words: str) -> dt.date | None:
    """A date of a file; nothing where the cell is empty."""
    if not words:
        return None
    number, month, year = map(int, words.split("/"))
    return dt.date(year, month, number)
