"""One row of the national directory (data.inclusion): what it says in our fields, its faults, and what had to be guessed.

The published schema decides what is a fault. What it accepts and we cannot keep, or do not know yet, is a warning.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pydantic
from data_inclusion.schema import v1
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from confluences.text import search_words
from partners import national_cells_rules as cells_rules
from partners.national_cells_rules import Cell, UnreadableCell, plain_text, shown
from partners.national_schema_rules import (
    LABELS,
    LIMITS,
    PARTNER_FIELDS,
    REFERENCES,
    REFUSALS,
    SERVICE_FIELDS,
    SOURCE_LIMITS,
    UNCUT,
    WHOLE_FRANCE,
)

Row = Mapping[str, Any]  # a file's row by the schema's column names

READERS: dict[str, Callable[[Any], Cell]] = {
    "siret": cells_rules.siret,
    "adresse": cells_rules.address,
    "longitude": cells_rules.longitude,
    "latitude": cells_rules.latitude,
    "telephone": cells_rules.phone,
    "courriel": cells_rules.mailbox,
    "site_web": cells_rules.link,
    "lien_source": cells_rules.link,
    "lien_mobilisation": cells_rules.link,
    "accessibilite_lieu": cells_rules.link,
    "date_maj": cells_rules.day,
    "volume_horaire_hebdomadaire": cells_rules.decimal_number,
    "nombre_semaines": cells_rules.decimal_number,
    **dict.fromkeys(
        (
            "reseaux_porteurs",
            "thematiques",
            "publics",
            "modes_accueil",
            "zone_eligibilite",
            "modes_mobilisation",
            "mobilisable_par",
        ),
        cells_rules.code_list,
    ),
}


@dataclass(frozen=True)
class Remark:
    """What is wrong in a row, or was guessed; no column: the whole row."""

    column: str
    message: str


@dataclass
class Reading:
    """A row that was read. `values` are our fields; only columns that the file has are among them."""

    source: str = ""
    source_id: str = ""
    day: dt.date | None = None
    values: dict[str, Any] = field(default_factory=dict)
    themes: list[str] | None = None
    networks: list[str] = field(default_factory=list)
    faults: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


def column_of(heading: Any) -> str:
    """A heading as the schema writes it, whatever its case and accents.

    >>> column_of("Complément  adresse")
    'complement_adresse'
    """
    return "_".join(search_words(plain_text(heading)))


def departement(postcode: str | None, insee_code: str | None) -> str | None:
    """Whose a place is: the INSEE code knows better than the postcode, which follows the mail's roads.

    >>> departement("94110", None), departement(None, "2B033"), departement("20200", None), departement("97110", None)
    ('94', '2B', '2B', '971')
    >>> departement("9411", None) is None
    True
    """
    if insee_code and re.fullmatch(r"(\d\d|2[AB])\d{3}", insee_code):
        return insee_code[:3] if insee_code[:2] in ("97", "98") else insee_code[:2]
    if not postcode or not re.fullmatch(r"[0-9]{5}", postcode):
        return None
    if postcode.startswith("20"):
        return "2A" if postcode[2] in "01" else "2B"
    return postcode[:3] if postcode[:2] in ("97", "98") else postcode[:2]


@dataclass(frozen=True)
class Place:
    """The two codes of a row's place, and the département they make; None where they make none."""

    postcode: str | None
    insee_code: str | None
    remarks: tuple[Remark, ...] = ()
    guesses: tuple[Remark, ...] = ()

    @property
    def departement(self) -> str | None:
        return departement(self.postcode, self.insee_code)

    @property
    def is_blank(self) -> bool:
        return not (self.postcode or self.insee_code)


def place_of(row: Row) -> Place:
    """The place of a row. A zero that a spreadsheet dropped comes back where both codes agree on it.

    >>> place_of({"code_postal": 1000, "code_insee": 1053}).postcode
    '01000'
    >>> [remark.message for remark in place_of({"code_postal": "941100"}).remarks]
    ['Un code postal a 5 chiffres ; « 941100 » n’en est pas un.']
    """
    postcode, insee_code = _code(row, "code_postal"), _code(row, "code_insee")
    guesses = []
    if postcode and len(postcode) == 4 and postcode.isdecimal():
        padded = insee_code.zfill(5) if insee_code and insee_code.isdecimal() else ""
        if departement(None, padded) == f"0{postcode[0]}":
            guesses.append(
                Remark("code_postal", f"Code postal {postcode} lu comme 0{postcode}, d’après le code INSEE.")
            )
            postcode, insee_code = f"0{postcode}", padded
    remarks = []
    if postcode and not re.fullmatch(r"[0-9]{5}", postcode):
        remarks.append(
            Remark(
                "code_postal", f"Un code postal a 5 chiffres ; {shown(row['code_postal'])} n’en est pas un."
            )
        )
    if insee_code and not re.fullmatch(r"\w{5}", insee_code):
        remarks.append(
            Remark(
                "code_insee", f"Un code INSEE a 5 caractères ; {shown(row['code_insee'])} n’en est pas un."
            )
        )
    return Place(postcode, insee_code, tuple(remarks), tuple(guesses))


def _code(row: Row, column: str) -> str | None:
    try:
        code: str | None = cells_rules.place_code(row.get(column)).value
    except UnreadableCell:
        return plain_text(row.get(column)) or None
    return code


def identity_of(row: Row, column: str = "id") -> tuple[str, str]:
    """What a row is known by: its source and its identifier there."""
    return plain_text(row.get("source")), plain_text(row.get(column))


def themes_of(row: Row) -> list[str]:
    """The codes of a service's themes, unread where they cannot be."""
    try:
        return cells_rules.code_list(row.get("thematiques")).value or []
    except UnreadableCell:
        return []


def read_structure(row: Row, place: Place) -> Reading:
    """A structure, checked by the published schema."""
    reading, read = _read(row, v1.Structure, place)
    reading.networks = read.get("reseaux_porteurs") or []
    read["reseaux_porteurs"] = ", ".join(LABELS[code] for code in reading.networks)
    values = {ours: read[theirs] for theirs, ours in PARTNER_FIELDS.items() if theirs in row}
    _keep(reading, values, {ours: theirs for theirs, ours in PARTNER_FIELDS.items()})
    return reading


def read_service(row: Row, known_themes: Collection[str]) -> Reading:
    """A service, checked by the published schema. Only themes that our own list has are kept."""
    reading, read = _read(row, v1.Service, place_of(row), known_themes)
    if "thematiques" in row:
        reading.themes = [code for code in read.get("thematiques") or [] if code in known_themes]
    values = {ours: read[theirs] for theirs, ours in SERVICE_FIELDS.items() if theirs in row}
    columns = {ours: theirs for theirs, ours in SERVICE_FIELDS.items()}
    composed = {
        "fees": (("frais", "frais_precisions"), _labelled(read, "frais", "frais_precisions")),
        "audience": (("publics", "publics_precisions"), _labelled(read, "publics", "publics_precisions")),
        "how_to_refer": (
            ("modes_mobilisation", "mobilisation_precisions"),
            _labelled(read, "modes_mobilisation", "mobilisation_precisions"),
        ),
        "zone": (("zone_eligibilite",), _zone(read.get("zone_eligibilite"))),
        "link": (
            ("lien_mobilisation", "lien_source"),
            read.get("lien_mobilisation") or read.get("lien_source"),
        ),
    }
    for ours, (theirs, value) in composed.items():
        if any(column in row for column in theirs):
            values[ours] = value
            columns[ours] = theirs[0]
    _keep(reading, values, columns)
    return reading


# Reading by the schema


def _read(
    row: Row, schema: type[pydantic.BaseModel], place: Place, known_themes: Collection[str] = ()
) -> tuple[Reading, dict[str, Any]]:
    reading = Reading()
    reading.faults.extend(place.remarks)
    reading.warnings.extend(place.guesses)
    read: dict[str, Any] = {"code_postal": place.postcode, "code_insee": place.insee_code}
    for column in schema.model_fields:
        if column not in read:
            read[column] = _cell(reading, row, column)
    reading.day = read["date_maj"]
    reading.source, reading.source_id = read["source"] or "", read["id"] or ""
    for column, limit in SOURCE_LIMITS.items():
        if len(read.get(column) or "") > limit:
            reading.faults.append(Remark(column, f"Cet identifiant dépasse {limit} caractères."))
    for column, known in REFERENCES.items():
        if read.get(column):
            read[column] = _known(
                reading, column, read[column], {*known, *known_themes} if column == "thematiques" else known
            )
    reading.faults.extend(_refusals(schema, read, {remark.column for remark in reading.faults}))
    return reading, read


def _cell(reading: Reading, row: Row, column: str) -> Any:
    value = row.get(column)
    if value is None or value == "":
        return None
    try:
        cell = READERS.get(column, cells_rules.text)(value)
    except UnreadableCell as error:
        reading.faults.append(Remark(column, str(error)))
        return None
    if cell.warning:
        reading.warnings.append(Remark(column, cell.warning))
    return cell.value


def _known(reading: Reading, column: str, value: Any, known: Collection[str]) -> Any:
    codes = value if isinstance(value, list) else [value]
    unknown = [code for code in codes if code not in known]
    for code in unknown:
        reading.warnings.append(
            Remark(
                column, f"Valeur inconnue {shown(code)} : laissée de côté, le reste de la ligne est gardé."
            )
        )
    kept = [code for code in codes if code in known]
    if not kept:
        return None
    return kept if isinstance(value, list) else kept[0]


def _refusals(
    schema: type[pydantic.BaseModel], read: Mapping[str, Any], already: Collection[str]
) -> list[Remark]:
    """What the published schema refuses, once for each column, in French."""
    candidate = dict(read)
    if candidate.get("thematiques"):  # a theme that our list has and this version of the schema has not
        candidate["thematiques"] = [
            code for code in candidate["thematiques"] if code in REFERENCES["thematiques"]
        ]
    try:
        schema.model_validate(candidate)
    except pydantic.ValidationError as error:
        found: dict[str, Remark] = {}
        for each in error.errors(include_url=False, include_input=False):
            column = str(each["loc"][0])
            if column not in already and column not in found:
                found[column] = Remark(column, _in_french(column, dict(each), read.get(column)))
        return list(found.values())
    return []


def _in_french(column: str, error: Mapping[str, Any], value: Any) -> str:
    limits, kind = error.get("ctx", {}), error["type"]
    if value is None:
        return "Cette case est vide et doit être remplie."
    if column == "date_maj":  # the schema's own sentences are French
        return str(limits.get("error", "Cette date n’est pas acceptée."))
    if column in REFUSALS:
        sentence = REFUSALS[column]
    elif kind == "string_too_short":
        sentence = f"{{value}} est trop court : au moins {limits['min_length']} caractères."
    elif kind == "string_too_long":
        sentence = f"Ce texte compte {len(value)} caractères : {limits['max_length']} au plus."
    elif kind.startswith("url"):
        sentence = "{value} n’est pas l’adresse d’un site : elle commence par http:// ou https://."
    else:
        sentence = "{value} n’est pas accepté par le schéma national."
    return sentence.format(value=shown(value))


# What we keep


def _keep(reading: Reading, values: Mapping[str, Any], columns: Mapping[str, str]) -> None:
    for name, value in values.items():
        kept, warning = _fitting(name, value)
        reading.values[name] = kept
        if warning:
            reading.warnings.append(Remark(columns[name], warning))


def _fitting(name: str, value: Any) -> tuple[Any, str]:
    """The value as our field holds it."""
    if name in ("latitude", "longitude"):
        return value, ""
    written = value or ""
    limit = LIMITS.get(name)
    if name in UNCUT:
        if len(written) > (limit or 0) or not _is_valid(name, written):
            return "", f"{shown(value)} ne tient pas dans nos fiches : la case est lue comme vide."
        return written, ""
    if limit is not None and len(written) > limit:
        return (
            f"{written[: limit - 1].rstrip()}…",
            f"Ce texte compte {len(written)} caractères : il est coupé à {limit}.",
        )
    return written, ""


_validate_url = URLValidator(schemes=["http", "https"])


def _is_valid(name: str, value: str) -> bool:
    """Whether our own form would take the value back as it is."""
    if not value or name == "phone":
        return True
    try:
        (validate_email if name == "email" else _validate_url)(value)
    except ValidationError:
        return False
    return True


def _labelled(read: Mapping[str, Any], column: str, details: str) -> str:
    """A column's codes in words, then what the row adds to them."""
    codes = read.get(column) or []
    codes = codes if isinstance(codes, list) else [codes]
    labels = ", ".join(LABELS[code] for code in codes)
    return " : ".join(part for part in (labels, read.get(details)) if part)


def _zone(codes: list[str] | None) -> str:
    if codes and WHOLE_FRANCE.intersection(codes):
        return "France entière"
    return ", ".join(codes or [])
