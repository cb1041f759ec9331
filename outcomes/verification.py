"""Whether a report's PDF says what its own attached rows lead to, and whether it is the file that was frozen."""

import hashlib
import io
import json
import re
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from outcomes.models import OutcomeReport
from outcomes.paper import FIGURES_FILE, ROWS_FILE
from outcomes.recount import recounted_figures
from outcomes.snapshot import FORMAT, Snapshot, content_hash, rows_from_csv
from outcomes.statements import goal_text, percent_text, statements

NUMBER = r"\d+(?:\s\d{3})*"  # thousands are parted by a space, which some readers drop
COUNT_OF = re.compile(rf"(?<!\d)({NUMBER})\s+sur\s+({NUMBER})")
PERCENTAGE = re.compile(r"(?<![\d,])\d+(?:,\d+)?\s?%")
PAGE_NUMBER = re.compile(r"page\s+\d+\s+sur\s+\d+")


class NotOurReport(Exception):
    """The file is no report of ours, or is cut short."""


@dataclass
class Verification:
    """What was compared: each thing that agrees, and each that does not, in French."""

    agreements: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def note(self, agrees: bool, name: str, fault: str) -> None:
        if agrees:
            self.agreements.append(name)
        else:
            self.faults.append(f"{name} : {fault}")


def verify(content: bytes) -> Verification:
    """Recounts a report from its own bytes; raises NotOurReport."""
    snapshot, sealed, text = _read(content)
    found = Verification()
    found.note(
        content_hash(snapshot) == sealed,
        "empreinte du contenu",
        "les lignes, règles ou chiffres joints ne sont pas ceux qui ont été scellés",
    )
    found.note(_states(text, sealed), "empreinte imprimée", f"les pages n’indiquent pas {sealed}")
    recounted = _recount(snapshot)
    _compare_figures(snapshot["figures"], recounted, found)
    _compare_text(snapshot["cohort"]["code"], recounted, text, found)
    _compare_file(content, sealed, found)
    return found


def _read(content: bytes) -> tuple[Snapshot, str, str]:
    try:
        reader = PdfReader(io.BytesIO(content), strict=True)
        attached = {name: parts[0] for name, parts in reader.attachments.items()}
        text = "\n".join(page.extract_text() for page in reader.pages)
    except (
        PyPdfError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        OSError,
        RecursionError,
    ) as error:
        raise NotOurReport(
            "Ce fichier n’est pas un PDF lisible : il est coupé ou abîmé. Demandez-en une copie."
        ) from error
    if not {ROWS_FILE, FIGURES_FILE} <= set(attached):
        raise NotOurReport(
            "Ce PDF ne contient pas les lignes et les chiffres joints d’un rapport Confluences. "
            "Vérifiez que c’est le fichier d’origine, et non une impression ou un scan."
        )
    try:
        snapshot = json.loads(attached[FIGURES_FILE])
        sealed = snapshot.pop("content_hash")
        snapshot["rows"] = rows_from_csv(attached[ROWS_FILE].decode())
        if snapshot["format"] != FORMAT:
            raise ValueError(snapshot["format"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotOurReport(
            "Les pièces jointes de ce PDF ne sont pas lisibles : il a été modifié ou abîmé."
        ) from error
    return snapshot, sealed, text


def _recount(snapshot: Snapshot) -> dict[str, Any]:
    try:
        return recounted_figures(snapshot)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise NotOurReport(f"Une ligne jointe ne se lit pas ({error}) : le fichier a été modifié.") from error


def _compare_figures(stated: dict[str, Any], recounted: dict[str, Any], found: Verification) -> None:
    before, after = _flat(stated), _flat(recounted)
    for name in sorted(before.keys() | after.keys()):
        said, counted = before.get(name), after.get(name)
        found.note(
            said == counted, f"chiffre joint {name}", f"{said} est écrit, les lignes donnent {counted}"
        )


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    """Nested figures as one level, each under its path."""
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = [
            (each.get("code") or each.get("key") or str(index), each) for index, each in enumerate(value)
        ]
    else:
        return {name: value}
    return {
        key: each for part, inner in pairs for key, each in _flat(inner, f"{name}.{part}".strip(".")).items()
    }


def _compare_text(code: str, figures: dict[str, Any], text: str, found: Verification) -> None:
    for statement in statements(code, figures):
        found.note(
            _states(text, statement.text), f"page, {statement.name}", f"on n’y lit pas « {statement.text} »"
        )
    _compare_pictures(figures, text, found)


def _states(text: str, words: str) -> bool:
    """Whether the pages say it, wherever their lines break, and not as the beginning of a longer number."""
    characters = [re.escape(character) for character in words if not character.isspace()]
    return re.search(r"\s*".join(characters) + r"(?!\d)", text) is not None


def _compare_pictures(figures: dict[str, Any], text: str, found: Verification) -> None:
    """Every « 7 sur 9 » and every rate in the pages, pictures included, must be one of the figures."""
    targets = _targets(figures)
    counts = {(str(each["successes"]), str(each["examined"])) for each in targets}
    body = PAGE_NUMBER.sub("", text)
    written = COUNT_OF.findall(body)
    strange = sorted(f"{done} sur {total}" for done, total in written if not _readings(done, total) & counts)
    found.note(not strange, "page, comptes", f"aucun chiffre ne donne {', '.join(strange)}")
    rates = {
        percent_text(value) for name, value in _flat(figures).items() if name.endswith("_percent") and value
    }
    goals = {goal_text(each) for each in targets}
    shown = {rate.replace(" ", "\u00a0") for rate in PERCENTAGE.findall(body)}
    unknown = sorted(shown - rates - goals)
    found.note(not unknown, "page, taux", f"aucun chiffre ne donne {', '.join(unknown)}")


def _readings(done: str, total: str) -> set[tuple[str, str]]:
    """What « 2014 7 sur 9 100 % » may count: the neighbours of a cell can look like its thousands."""
    left, right = done.split(), total.split()
    return {
        ("".join(left[first:]), "".join(right[: last + 1]))
        for first in range(len(left))
        for last in range(len(right))
    }


def _targets(figures: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        figures,
        *figures["years"],
        *(target for each in figures["rule_sets"] for target in each["targets"]),
    ]


def _compare_file(content: bytes, sealed: str, found: Verification) -> None:
    """Where this instance froze the report, the file must be the very same, to the byte."""
    digest = hashlib.sha256(content).hexdigest()
    if OutcomeReport.objects.filter(pdf_hash=digest).exists():
        found.agreements.append("fichier identique à celui que cette installation a figé")
        return
    frozen = OutcomeReport.objects.filter(content_hash=sealed).defer("pdf", "snapshot").first()
    if frozen is not None:
        found.faults.append(
            f"fichier : il diffère, d’un octet au moins, de celui du rapport n° {frozen.number} figé ici"
        )
