"""Imports and exports of people and contracts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from beneficiaries.actions import save_contract
from beneficiaries.enums import ContractKind, HoursDerogation, LengthDerogation, Sex
from beneficiaries.models import Beneficiary, Contract
from beneficiaries.permissions import possible_referents
from beneficiaries.work_day_rules import read_days, short_days
from confluences.cells import Choice, Date, Text, WholeNumber, YesNo, cell_text
from confluences.imports import Column, ImportResource
from confluences.models import User
from confluences.text import search_key, search_words

Row = dict[str, Any]
DEFAULT_MINUTES = Contract._meta.get_field("weekly_minutes").default
DEFAULT_WORK_DAYS = Contract._meta.get_field("work_days").default
DEFAULT_OCCUPATION = Contract._meta.get_field("occupation").default


class People:
    """Everybody on file, by file number and by name and birth, read once for a whole import."""

    def __init__(self) -> None:
        self.by_number: dict[str, Beneficiary] = {}
        self.by_name: dict[Hashable, list[Beneficiary]] = defaultdict(list)
        for person in Beneficiary.objects.select_related("referent"):
            self.by_number[person.file_number.casefold()] = person
            self.by_name[name_and_birth(person.last_name, person.first_name, person.birth_date)].append(
                person
            )

    def numbered(self, number: str | None) -> Beneficiary | None:
        return self.by_number.get(number.casefold()) if number else None

    def named(self, last_name: str, first_name: str, birth_date: dt.date) -> list[Beneficiary]:
        return self.by_name.get(name_and_birth(last_name, first_name, birth_date), [])


def name_and_birth(last_name: str, first_name: str, birth_date: dt.date) -> Hashable:
    """The same for two writings of one name: without accents, in any order."""
    return (*sorted(search_words(f"{last_name} {first_name}")), birth_date)


class ReferentCell(Widget):
    """An account of a social worker, by its e-mail address."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> User | None:
        address = cell_text(value)
        if not address:
            return None
        if address.casefold() not in self._accounts:
            raise ValueError(
                f"Aucun travailleur social n’a l’adresse « {address} ». Corrigez-la, videz la case, "
                "ou ouvrez d’abord son compte."
            )
        return self._accounts[address.casefold()]

    def render(self, value: User | None, obj: Any = None, **kwargs: Any) -> str:
        return value.email if value else ""

    @cached_property
    def _accounts(self) -> dict[str, User]:
        # Somebody whose account is closed and who follows people still comes back from an export.
        accounts = [*possible_referents(), *User.objects.filter(followed_people__isnull=False).distinct()]
        return {account.email.casefold(): account for account in accounts}


class BeneficiaryResource(ImportResource):
    """People, known by their file number, else by name and birth date."""

    file_number = Column("file_number", "Numéro de dossier", Text(), default=None, saves_null_values=False)
    last_name = Column("last_name", "Nom", Text(), required=True)
    first_name = Column("first_name", "Prénom", Text(), required=True)
    sex = Column("sex", "Sexe", Choice(Sex), required=True)
    birth_date = Column("birth_date", "Date de naissance", Date(), required=True)
    phone = Column("phone", "Téléphone", Text())
    email = Column("email", "Adresse électronique", Text())
    address = Column("address", "Adresse", Text())
    postcode = Column("postcode", "Code postal", Text())
    city = Column("city", "Ville", Text())
    referent = Column("referent", "Référent (adresse électronique)", ReferentCell())
    informed_on = Column("informed_on", "Notice d’information remise le", Date())
    assumed_identity = Column("assumed_identity", "Identité supposée", YesNo(), default=False)

    class Meta(ImportResource.Meta):
        model = Beneficiary
        name = "personnes"

    @cached_property
    def people(self) -> People:
        return People()

    def identities(self, row: Row) -> list[Hashable]:
        number, named = self.value("file_number", row), self._named(row)
        return [*([number.casefold()] if number else []), *([name_and_birth(*named)] if named else [])]

    def find(self, row: Row) -> Beneficiary | None:
        number, named = self.value("file_number", row), self._named(row)
        person = self.people.numbered(number)
        if person or not named:
            return person
        namesakes = self.people.named(*named)
        same = next((each for each in namesakes if each.search_key == search_key(*named[:2])), None)
        if same and not number:
            return same
        if namesakes:
            raise ValidationError(
                {
                    "file_number": f"Cette personne a déjà le dossier {namesakes[0].file_number}, au nom de {namesakes[0]}. "
                    "Écrivez ce numéro, ou corrigez le nom."
                }
            )
        return None

    def _named(self, row: Row) -> tuple[str, str, dt.date] | None:
        named = tuple(self.value(name, row) for name in ("last_name", "first_name", "birth_date"))
        return named if all(named) else None


class AboutSomebody(ImportResource):
    """Rows about a person who is already on file; the first columns say who."""

    file_number = Column("beneficiary__file_number", "Numéro de dossier", Text(), readonly=True)
    last_name = Column("beneficiary__last_name", "Nom", Text(), readonly=True)
    first_name = Column("beneficiary__first_name", "Prénom", Text(), readonly=True)
    birth_date = Column("beneficiary__birth_date", "Date de naissance", Date(), readonly=True)

    first_day = "start"  # the column that tells a person's rows apart
    related: tuple[str, ...] = ()

    @cached_property
    def people(self) -> People:
        return People()

    @cached_property
    def existing(self) -> dict[Hashable, Any]:
        """The rows on file by person and first day."""
        rows = self._meta.model.objects.select_related("beneficiary", *self.related)
        return {(row.beneficiary_id, getattr(row, self.first_day)): row for row in rows}

    def identities(self, row: Row) -> list[Hashable]:
        day = self.value(self.first_day, row)
        try:
            return [(self._person(row).pk, day)] if day else []
        except ValidationError:
            return []

    def find(self, row: Row) -> Any:
        return self.existing.get((self._person(row).pk, self.value(self.first_day, row)))

    def init_instance(self, row: Row) -> Any:
        try:
            return self._meta.model(beneficiary=self._person(row))
        except ValidationError:
            return self._meta.model()

    def _person(self, row: Row) -> Beneficiary:
        number = self.value("file_number", row)
        named = tuple(self.value(name, row) for name in ("last_name", "first_name", "birth_date"))
        if number:
            return self._numbered(number, named)
        if not all(named):
            raise ValidationError(
                {
                    "beneficiary": "Dites de qui il s’agit : le numéro de dossier, ou le nom, le prénom et la date de naissance."
                }
            )
        return self._named(named)

    def _numbered(self, number: str, named: tuple[Any, ...]) -> Beneficiary:
        person = self.people.numbered(number)
        if person is None:
            raise ValidationError(
                {
                    "beneficiary": f"Aucun dossier ne porte le numéro {number}. Corrigez-le, ou importez d’abord les personnes."
                }
            )
        on_file = (person.last_name, person.first_name, person.birth_date)
        if all(named) and name_and_birth(*named) != name_and_birth(*on_file):
            raise ValidationError(
                {
                    "beneficiary": f"Le dossier {number} est celui de {person}, né(e) le {person.birth_date:%d/%m/%Y}. "
                    "Corrigez le numéro, ou le nom et la date de naissance."
                }
            )
        return person

    def _named(self, named: tuple[Any, ...]) -> Beneficiary:
        people = self.people.named(*named)
        who = f"{named[0]} {named[1]}, né(e) le {named[2]:%d/%m/%Y}"
        if not people:
            raise ValidationError(
                {
                    "beneficiary": f"Aucun dossier au nom de {who}. Corrigez, ou importez d’abord les personnes."
                }
            )
        if len(people) > 1:
            numbers = " et ".join(person.file_number for person in people)
            raise ValidationError(
                {
                    "beneficiary": f"Plusieurs dossiers au nom de {who} : {numbers}. Indiquez le numéro de dossier."
                }
            )
        return people[0]


class WorkDaysCell(Widget):
    """The days of a contract: « lun mar mer jeu », « du lundi au jeudi » or 1234."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return read_days(cell_text(value))

    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        return short_days(value or "")


class ContractResource(AboutSomebody):
    """Contracts, known by their person and first day."""

    kind = Column("kind", "Contrat : nature", Choice(ContractKind), default=ContractKind.CDDI.value)
    start = Column("start", "Contrat : début", Date(), required=True)
    end = Column("end", "Contrat : fin prévue", Date())
    ended_early_on = Column("ended_early_on", "Contrat : rompu le", Date())
    weekly_minutes = Column(
        "weekly_minutes", "Contrat : durée hebdomadaire (minutes)", WholeNumber(), default=DEFAULT_MINUTES
    )
    work_days = Column("work_days", "Contrat : jours travaillés", WorkDaysCell(), default=DEFAULT_WORK_DAYS)
    occupation = Column("occupation", "Contrat : emploi", Text(), default=DEFAULT_OCCUPATION)
    length_derogation = Column("length_derogation", "Contrat : dérogation de durée", Choice(LengthDerogation))
    hours_derogation = Column("hours_derogation", "Contrat : dérogation d’horaire", Choice(HoursDerogation))
    assumed = Column("assumed", "Contrat : dates supposées", YesNo(), default=False)

    class Meta(ImportResource.Meta):
        model = Contract
        name = "contrats"

    def write(self, instance: Contract) -> None:
        save_contract(instance, by=self.by)
