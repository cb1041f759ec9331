"""What the pages and the spreadsheet show of people: one row, one journey, one definition for both."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.text import capfirst

from beneficiaries import rules
from beneficiaries.deadline_rules import SOON_DAYS
from beneficiaries.enums import ContractKind, Presence
from beneficiaries.models import NO_END, Beneficiary, Contract, EntrySituation, Pass
from beneficiaries.models.person import BeneficiaryQuerySet
from confluences.charts import Bar, Layer
from confluences.exports import Column
from confluences.formats import french_date
from confluences.text import search_key

PRESENCE_KINDS = {
    Presence.PRESENT: "ok",
    Presence.UPCOMING: "info",
    Presence.LEFT: "neutral",
    Presence.NO_CONTRACT: "neutral",
}


@dataclass(frozen=True)
class Status:
    """A state in a word, as a chip shows it."""

    label: str
    kind: str


@dataclass(frozen=True)
class PersonRow:
    """One person of the list, on a day."""

    person: Beneficiary
    worksites: str
    presence: Presence
    last_day: dt.date | None
    pass_end: dt.date | None
    today: dt.date

    @property
    def status(self) -> Status:
        return Status(self.presence.label, PRESENCE_KINDS[self.presence])

    @property
    def without_term(self) -> bool:
        return self.last_day == NO_END

    @property
    def soon(self) -> Status | None:
        return ends_soon(self.last_day, self.today) if self.presence == Presence.PRESENT else None

    @property
    def pass_soon(self) -> Status | None:
        """Said only of somebody who works here: a past PASS of somebody who left is nobody's task."""
        if self.presence not in {Presence.PRESENT, Presence.UPCOMING} or self.pass_end is None:
            return None
        return (
            Status("expiré", "late") if self.pass_end < self.today else ends_soon(self.pass_end, self.today)
        )


COLUMNS = (
    Column("Dossier", lambda row: row.person.file_number),
    Column("Nom", lambda row: row.person.last_name),
    Column("Prénom", lambda row: row.person.first_name),
    Column("Chantier", lambda row: row.worksites),
    Column("Situation", lambda row: row.presence.label),
    Column("Fin de contrat", lambda row: "sans terme" if row.without_term else row.last_day),
    Column("Fin du PASS IAE", lambda row: row.pass_end),
    Column("Référent", lambda row: str(row.person.referent or "")),
)

# All that a person's page shows of contracts, PASS and worksites.
# `assignments` is the worksites app's link to us: a name, not an import.
FILE_PARTS = ("contracts", "passes__suspensions", "passes__prolongations", "assignments__worksite")


def for_rows(people: BeneficiaryQuerySet) -> BeneficiaryQuerySet:
    """The people with all that their rows need, in a constant number of queries."""
    return people.select_related("referent").prefetch_related("contracts", "passes", "assignments__worksite")


def person_rows(people: Iterable[Beneficiary], today: dt.date) -> Iterator[PersonRow]:
    return (person_row(person, today) for person in people)


def person_row(person: Beneficiary, today: dt.date) -> PersonRow:
    last_days = [contract.last_day_of or NO_END for contract in person.contracts.all()]
    return PersonRow(
        person=person,
        worksites=worksites_of(person, today),
        presence=person.presence_on(today),
        last_day=max(last_days, default=None),
        pass_end=max((each.end for each in person.passes.all()), default=None),
        today=today,
    )


def worksites_of(person: Beneficiary, today: dt.date) -> str:
    """Where somebody works on a day."""
    return ", ".join(str(each.worksite) for each in person.assignments.all() if each.is_current(today))


def ends_soon(last_day: dt.date | None, today: dt.date) -> Status | None:
    """Says that something ends within 60 days; nothing where it already has, or ends later."""
    if last_day is None:
        return None
    days = (last_day - today).days
    if not 0 <= days <= SOON_DAYS:
        return None
    return Status({0: "finit aujourd’hui", 1: "finit demain"}.get(days, f"fin dans {days} jours"), "soon")


@dataclass(frozen=True)
class PassState:
    """A PASS IAE on a day: what moves its end, and what is left of it."""

    pass_iae: Pass
    today: dt.date

    @property
    def status(self) -> Status:
        if self.today > self.pass_iae.end:
            return Status("expiré", "neutral")
        if self.today < self.pass_iae.start:
            return Status("à venir", "info")
        if any(row.period.contains(self.today) for row in self.pass_iae.suspensions.all()):
            return Status("suspendu", "soon")
        return ends_soon(self.pass_iae.end, self.today) or Status("en cours", "ok")

    @property
    def moved(self) -> bool:
        return bool(self.pass_iae.suspensions.all() or self.pass_iae.prolongations.all())

    @property
    def days_left(self) -> int:
        """Days until the last one, today's included; none once it is over."""
        first = max(self.today, self.pass_iae.start)
        return max((self.pass_iae.end - first).days + 1, 0)


def identity_facts(person: Beneficiary) -> list[tuple[str, str]]:
    """Who the person is and how to reach him or her."""
    town = f"{person.postcode} {person.city}".strip()
    supposed = " (supposé)" if person.assumed_identity else ""
    return [
        ("Date de naissance", french_date(person.birth_date) + supposed),
        ("Sexe", person.get_sex_display() + supposed),
        ("Téléphone", person.phone),
        ("Adresse électronique", person.email),
        ("Adresse", ", ".join(part for part in (person.address, town) if part)),
        ("Référent", str(person.referent or "")),
        ("Notice d’information remise le", french_date(person.informed_on)),
    ]


def situation_facts(situation: EntrySituation) -> tuple[list[tuple[str, str]], list[str]]:
    """The answers known of a situation at entry, by question; then the questions without an answer."""
    asked = [
        field
        for field in situation._meta.fields
        if field.editable and field.name not in {"id", "beneficiary", "entered_on"}
    ]
    answers = [(str(field.verbose_name), _answer(situation, field.name)) for field in asked]
    known = [(capfirst(question), answer) for question, answer in answers if answer]
    return known, [question for question, answer in answers if not answer]


def contract_layer(contracts: Iterable[Contract]) -> Layer:
    return Layer(label="Contrats", bars=[_contract_bar(contract) for contract in contracts])


def pass_layers(passes: Iterable[Pass]) -> list[Layer]:
    passes = list(passes)
    suspensions = [
        Bar(start=row.start, end=row.end, label=row.get_reason_display(), kind="hatched")
        for each in passes
        for row in each.suspensions.all()
    ]
    return [
        Layer(
            label="PASS IAE",
            bars=[Bar(start=each.start, end=each.end, label=each.number, kind="soft") for each in passes],
        ),
        Layer(label="Suspensions du PASS", bars=suspensions),
    ]


def _contract_bar(contract: Contract) -> Bar:
    kind = "hatched" if contract.assumed else "strong" if contract.kind == ContractKind.CDDI else "medium"
    return Bar(start=contract.start, end=contract.last_day_of, label=contract.get_kind_display(), kind=kind)


def _answer(situation: EntrySituation, name: str) -> str:
    display = getattr(situation, f"get_{name}_display", None)
    if display:
        return str(display())
    return {True: "oui", False: "non", None: ""}[getattr(situation, name)]


@dataclass(frozen=True)
class Lookalike:
    """Somebody already known who may be the person being typed, and why."""

    person: Beneficiary
    reason: str
    exact: bool = False


def lookalikes(people: BeneficiaryQuerySet, name: str, birth_date: dt.date) -> list[Lookalike]:
    """The people who may be this one: same name whatever the birth date, or same birth date and a similar name."""
    found = [
        _lookalike(person, name, birth_date)
        for person in people.named(name) | people.filter(birth_date=birth_date)
    ]
    return [each for each in found if each]


def _lookalike(person: Beneficiary, name: str, birth_date: dt.date) -> Lookalike | None:
    known = str(person)
    same_day = person.birth_date == birth_date
    if rules.same_name(known, name):
        if same_day:
            return Lookalike(
                person, "même nom, même date de naissance", exact=person.search_key == search_key(name)
            )
        return Lookalike(person, "même nom, autre date de naissance")
    if same_day and rules.similar_names(known, name):
        return Lookalike(person, "même date de naissance, nom proche")
    return None
