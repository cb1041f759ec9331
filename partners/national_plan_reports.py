"""What checked rows of the national directory would change here: beside what stands, row by row, without writing."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Any, BinaryIO

from django.db.models import Field

from confluences.formats import number as in_french
from confluences.text import search_key
from partners.models import Partner, Service, ServiceTheme
from partners.national_files import SERVICES, STRUCTURES
from partners.national_reports import About, Tell, done_with, silent

BATCH = 1_000
MAX_SHOWN = 50
CREATED, UPDATED, LINKED, OLDER, UNCHANGED = "created", "updated", "linked", "older", "unchanged"
# What an import would do, and has done; a structure is feminine in French, a service is not.
WOULD = {
    CREATED: "à créer",
    UPDATED: "à modifier",
    LINKED: "à rattacher à un partenaire saisi ici",
    UNCHANGED: "déjà à jour",
    OLDER: "plus ancien{ne}{s} que ce que nous avons",
}
HAS = WOULD | {
    CREATED: "créé{e}{s}",
    UPDATED: "modifié{e}{s}",
    LINKED: "rattaché{e}{s} à un partenaire saisi ici",
}
Key = tuple[str, str]
Values = dict[str, Any]


@dataclass(frozen=True)
class FieldChange:
    """One field: what stands here, and what the directory says."""

    label: str
    was: str
    now: str


@dataclass(frozen=True)
class Shown:
    """One row of the preview."""

    kind: str
    outcome: str
    name: str
    city: str
    changes: tuple[FieldChange, ...]


@dataclass
class Tally:
    """What an import does, or would do."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)  # by kind and outcome
    shown: dict[str, list[Shown]] = field(default_factory=lambda: {CREATED: [], UPDATED: [], LINKED: []})

    @property
    def written(self) -> int:
        return sum(count for (_kind, outcome), count in self.counts.items() if outcome in self.shown)

    def total(self, kind: str) -> int:
        return sum(count for (each, _outcome), count in self.counts.items() if each == kind)

    def of(self, kind: str, outcome: str) -> int:
        return self.counts[kind, outcome]

    def add(self, step: "PartnerStep | ServiceStep", kind: str) -> None:
        self.counts[kind, step.outcome] += 1
        listed = self.shown.get(step.outcome)
        if listed is not None and len(listed) < MAX_SHOWN:
            listed.append(step.shown)


@dataclass
class PartnerStep:
    """One structure: the partner as it will stand, and what becomes of it."""

    partner: Partner
    outcome: str
    was: Values

    @property
    def shown(self) -> Shown:
        changes = _field_changes(self.partner, self.was) if self.outcome != CREATED else ()
        return Shown("structure", self.outcome, self.partner.name, self.partner.city, changes)


@dataclass
class ServiceStep:
    """One service, beside its partner where that exists already, and all the themes it will have."""

    service: Service
    partner: Partner | None
    outcome: str
    was: Values
    themes: set[int]
    themes_were: set[int]
    is_elsewhere: bool = False  # it belonged to another partner, or to none

    @property
    def themes_to_partner(self) -> set[int]:
        """Those that its partner may not have yet; one that was taken from the partner here does not come back."""
        return self.themes if self.is_elsewhere else self.themes - self.themes_were

    @property
    def shown(self) -> Shown:
        changes = _field_changes(self.service, self.was) if self.outcome != CREATED else ()
        if self.outcome != CREATED and self.themes != self.themes_were:
            changes = (*changes, FieldChange("thèmes", str(len(self.themes_were)), str(len(self.themes))))
        return Shown("service", self.outcome, self.service.name, str(self.partner or ""), changes)


class Plan:
    """How rows meet what stands here, batch after batch; `lock` keeps what it reads from others until the transaction ends."""

    def __init__(self, shared_sirets: Collection[str], *, lock: bool) -> None:
        self.shared_sirets = frozenset(shared_sirets)
        self.lock = lock
        self.linked: set[int] = set()
        self.themes = dict(ServiceTheme.objects.values_list("code", "pk"))

    def partners(self, rows: Sequence[Values]) -> list[PartnerStep]:
        stored = self._stored(Partner, rows)
        typed = self._typed(rows)
        return [
            self._partner(row, stored.get(_key(row)), typed.get(row["values"].get("siret"), []))
            for row in rows
        ]

    def services(self, rows: Sequence[Values]) -> list[ServiceStep]:
        stored = self._stored(Service, rows)
        themes: dict[int, set[int]] = {service.pk: set() for service in stored.values()}
        links = Service.themes.through.objects.filter(service__in=themes)
        for service, theme in links.values_list("service_id", "servicetheme_id"):
            themes[service].add(theme)
        partners = {
            (partner.source, partner.source_id): partner
            for partner in Partner.objects.filter(
                source__in={row["source"] for row in rows}, source_id__in={row["structure"] for row in rows}
            ).exclude(source_id="")
        }
        return [
            self._service(row, stored.get(_key(row)), partners.get((row["source"], row["structure"])), themes)
            for row in rows
        ]

    # Partners

    def _partner(self, row: Values, stored: Partner | None, typed: Sequence[Partner]) -> PartnerStep:
        if stored:
            outcome, was = _update(stored, row)
            return PartnerStep(stored, outcome, was)
        same = self._same(row, [partner for partner in typed if partner.pk not in self.linked])
        if same:
            self.linked.add(same.pk)
            return PartnerStep(same, LINKED, _link(same, row))
        partner = Partner(
            source=row["source"],
            source_id=row["source_id"],
            source_updated_on=_day(row),
            kind=row["partner_kind"],
            **row["values"],
        )
        return PartnerStep(partner, CREATED, {})

    def _same(self, row: Values, typed: Sequence[Partner]) -> Partner | None:
        """The partner typed here that a structure is: its SIRET says it where it belongs to one on either side, else its name.

        A town hall's services, or the branches of an association, often share one.
        """
        named = [each for each in typed if search_key(each.name) == search_key(row["values"]["name"])]
        if named:
            return named[0]
        alone = len(typed) == 1 and row["values"]["siret"] not in self.shared_sirets
        return typed[0] if alone else None

    def _typed(self, rows: Sequence[Values]) -> dict[str, list[Partner]]:
        sirets = {row["values"].get("siret") for row in rows} - {"", None}
        found: dict[str, list[Partner]] = {}
        for partner in self._locked(Partner.objects.filter(source_id="", siret__in=sirets)):
            found.setdefault(partner.siret, []).append(partner)
        return found

    # Services

    def _service(
        self, row: Values, stored: Service | None, partner: Partner | None, themes: dict[int, set[int]]
    ) -> ServiceStep:
        wanted = (
            None
            if row["themes"] is None
            else {self.themes[code] for code in row["themes"] if code in self.themes}
        )
        if stored is None:
            service = Service(
                source=row["source"],
                source_id=row["source_id"],
                source_updated_on=_day(row),
                partner=partner,
                **row["values"],
            )
            return ServiceStep(service, partner, CREATED, {}, wanted or set(), set())
        had = themes[stored.pk]
        outcome, was = _update(stored, row)
        if outcome == OLDER or wanted is None or "themes" in stored.own_fields:
            wanted = had
        if outcome == UNCHANGED and wanted != had:
            outcome = UPDATED
        moved = False
        if outcome != OLDER and partner and stored.partner_id != partner.pk:
            stored.partner, outcome, moved = partner, UPDATED, True
        return ServiceStep(stored, partner, outcome, was, wanted, had, is_elsewhere=moved)

    # Both

    def _stored(self, model: type[Any], rows: Sequence[Values]) -> dict[Key, Any]:
        found = model.objects.filter(
            source__in={row["source"] for row in rows}, source_id__in={row["source_id"] for row in rows}
        ).exclude(source_id="")
        return {(each.source, each.source_id): each for each in self._locked(found)}

    def _locked(self, rows: Any) -> Any:
        # Not a full lock: a referral to one of these partners may be written meanwhile.
        rows = rows.order_by("pk")
        return rows.select_for_update(no_key=True) if self.lock else rows


def preview(path: Path, tell: Tell = silent) -> Tally:
    """What the file of checked rows would do."""
    tally = Tally()
    with path.open("rb") as file:
        about = about_of(file)
        plan = Plan(about.shared_sirets, lock=False)
        for kind, rows in batches(file):
            steps = plan.partners(rows) if kind == STRUCTURES else plan.services(rows)
            for step in steps:
                tally.add(step, kind)
            tell(tally.total(kind), done_with(kind, "comparé"))
    return tally


def summary(read: Mapping[str, int], aside: Mapping[str, int], tally: Tally, *, done: bool) -> list[str]:
    """One line for structures and one for services, where the files have any."""
    lines = []
    for kind in (STRUCTURES, SERVICES):
        if not read.get(kind):
            continue
        words = (HAS if done else WOULD).items()
        parts = [_counted(tally.of(kind, outcome), phrase, kind) for outcome, phrase in words]
        parts.append(_counted(aside.get(kind, 0), "hors du filtre", kind))
        shown = ", ".join(part for part in parts if part) or "rien"
        lines.append(f"{kind.capitalize()} : {shown}.")
    return lines


def _counted(count: int, phrase: str, kind: str) -> str:
    feminine = kind == STRUCTURES
    ending = phrase.format(e="e" * feminine, ne="ne" * feminine, s="s" * (count > 1))
    return f"{in_french(count)} {ending}" if count else ""


def about_of(file: BinaryIO) -> About:
    return About(**json.loads(file.readline()))


def batches(file: BinaryIO) -> Iterator[tuple[str, list[Values]]]:
    """The rows after the first line, a thousand of one kind at a time."""
    for kind, rows in groupby((json.loads(line) for line in file), key=lambda row: str(row["kind"])):
        while batch := list(islice(rows, BATCH)):
            yield kind, batch


def _key(row: Values) -> Key:
    return row["source"], row["source_id"]


def _day(row: Values) -> dt.date:
    return dt.date.fromisoformat(row["day"])


def _update(stored: Partner | Service, row: Values) -> tuple[str, Values]:
    """Gives a row what the directory says, except what was typed here; what stood there before."""
    if stored.source_updated_on and _day(row) < stored.source_updated_on:
        return OLDER, {}
    news = {name: value for name, value in row["values"].items() if name not in stored.own_fields}
    return _give(stored, news | {"source_updated_on": _day(row)})


def _link(partner: Partner, row: Values) -> Values:
    """Makes a partner typed here the structure of the directory: what it says already was typed, and stays."""
    partner.own_fields = sorted(
        name for name in Partner.DIRECTORY_FIELDS if getattr(partner, name) not in ("", None)
    )
    news = {name: value for name, value in row["values"].items() if name not in partner.own_fields}
    partner.source, partner.source_id = row["source"], row["source_id"]
    return _give(partner, news | {"source_updated_on": _day(row)})[1]


def _give(stored: Partner | Service, news: Values) -> tuple[str, Values]:
    was = {name: getattr(stored, name) for name, value in news.items() if getattr(stored, name) != value}
    for name in was:
        setattr(stored, name, news[name])
    return (UPDATED if was else UNCHANGED), was


def _field_changes(row: Partner | Service, was: Values) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(_label(row, name), _words(old), _words(getattr(row, name))) for name, old in was.items()
    )


def _words(value: Any) -> str:
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)[:200]


def _label(row: Partner | Service, name: str) -> str:
    field = row._meta.get_field(name)
    assert isinstance(field, Field)
    return str(field.verbose_name)
