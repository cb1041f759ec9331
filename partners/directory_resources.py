"""Imports and exports of partners and of their contacts; the national directory comes in another way."""

import re
from collections import defaultdict
from collections.abc import Hashable
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from beneficiaries.resources import Row
from confluences.cells import Choice, Date, Text, accepted, cell_text
from confluences.imports import Column, ImportResource
from confluences.text import search_key
from partners.actions import client_named, save_partner
from partners.directory_rules import FormerName, read_former_names, written_former_names
from partners.enums import PartnerKind
from partners.models import Contact, Partner, ServiceTheme

BETWEEN = " / "
# Semicolons part the cells of most files; those that are read as words are accepted all the same.
SEPARATOR = re.compile(r"\s/\s|[;\n]")
NAME_LENGTH = Partner._meta.get_field("name").max_length


class PartnerCell(Widget):
    """A partner by its name, by its name and town where several share it, or by its SIRET."""

    def __init__(self) -> None:
        super().__init__()
        self.read: dict[str, Partner] = {}
        self.written: dict[int, str] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Partner | None:
        name = Text().clean(value)
        if not name:
            return None
        if len(name) > NAME_LENGTH:
            raise ValueError(f"Un nom de partenaire compte {NAME_LENGTH} caractères au plus.")
        key = search_key(name) or name
        if key not in self.read:
            try:
                self.read[key] = client_named(name)
            except ValidationError as error:
                raise ValueError(" ".join(error.messages)) from error
        return self._accepted(self.read[key])

    def render(self, value: Partner | None, obj: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        if value.pk is None:
            return value.name
        if value.pk not in self.written:
            self.written[value.pk] = self._name_of(value)
        return self.written[value.pk]

    def _accepted(self, partner: Partner) -> Partner:
        if partner.pk is None:
            raise ValueError(
                f"« {partner.name} » n’est pas un partenaire. Corrigez le nom, ou importez d’abord les partenaires."
            )
        return partner

    @staticmethod
    def _name_of(partner: Partner) -> str:
        """What this cell reads as the same partner."""
        for name in (partner.name, f"{partner.name}, {partner.city}"):
            if list(Partner.objects.named(name)) == [partner]:
                return name
        return partner.siret or partner.name


class ClientCell(PartnerCell):
    """A client, who becomes a partner where the directory does not have the name yet: the preview says so."""

    def _accepted(self, partner: Partner) -> Partner:
        return partner

    def render(self, value: Partner | None, obj: Any = None, **kwargs: Any) -> str:
        name = super().render(value, obj, **kwargs)
        # Read from this very file without being in the directory.
        is_new = value is not None and getattr(value, "comes_with_the_file", False)
        return f"{name} (nouveau partenaire)" if is_new else name


class ThemesCell(Widget):
    """Themes by their codes or labels: « Louer un logement / Addictions »."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[ServiceTheme]:
        texts = [part.strip() for part in SEPARATOR.split(cell_text(value))]
        themes = {theme.pk: theme for theme in (self._one(text) for text in texts if text)}
        return sorted(themes.values(), key=lambda theme: theme.code)

    def render(self, value: list[ServiceTheme] | None, obj: Any = None, **kwargs: Any) -> str:
        return BETWEEN.join(theme.code for theme in value or ())

    def _one(self, text: str) -> ServiceTheme:
        found = self._themes.get(search_key(text))
        if found is None:
            labels = sorted({theme.label for theme in self._themes.values()})
            raise ValueError(f"« {text} » n’est pas un thème. {accepted(labels)}")
        return found

    @cached_property
    def _themes(self) -> dict[str, ServiceTheme]:
        themes = list(ServiceTheme.objects.all())
        return {search_key(theme.label): theme for theme in themes} | {
            search_key(theme.code): theme for theme in themes
        }


class ThemesColumn(Column):
    """The themes of a row, which are linked to it once it is saved."""

    def get_value(self, instance: Partner) -> list[ServiceTheme]:
        chosen = getattr(instance, "chosen_themes", None)
        if chosen is not None:
            return chosen
        return sorted(instance.themes.all(), key=lambda theme: theme.code) if instance.pk else []

    def save(self, instance: Partner, row: Row, is_m2m: bool = False, **kwargs: Any) -> None:
        instance.chosen_themes = self.clean(row, **kwargs)


class FormerNamesCell(Widget):
    """Former names with their last days: « Pôle emploi, 31/12/2023 / ANPE, 31/12/2008 »."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[FormerName]:
        return read_former_names(SEPARATOR.sub("\n", Text().clean(value)))

    def render(self, value: list[FormerName] | None, obj: Any = None, **kwargs: Any) -> str:
        return BETWEEN.join(written_former_names(value or ()).splitlines())


class FormerNamesColumn(Column):
    """The names that a partner bore, which are written after it."""

    def get_value(self, instance: Partner) -> list[FormerName]:
        typed = getattr(instance, "typed_names", None)
        if typed is not None:
            return typed
        if instance.pk is None:
            return []
        return sorted(FormerName(each.valid_until, each.name) for each in instance.former_names.all())

    def save(self, instance: Partner, row: Row, is_m2m: bool = False, **kwargs: Any) -> None:
        instance.typed_names = self.clean(row, **kwargs)


class SiretCell(Text):
    """A SIRET, with or without spaces; its check is the model's."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return "".join(super().clean(value).split())


class PartnerResource(ImportResource):
    """Partners, known by their identifier in the national directory, else by SIRET, else by name and town."""

    source = Column("source", "Source", Text(), readonly=True)
    source_id = Column("source_id", "Identifiant à la source", Text(), readonly=True)
    name = Column("name", "Nom", Text(), required=True)
    kind = Column("kind", "Nature", Choice(PartnerKind), required=True)
    themes = ThemesColumn("themes", "Thèmes", ThemesCell())
    siret = Column("siret", "SIRET", SiretCell())
    address = Column("address", "Adresse", Text())
    address_extra = Column("address_extra", "Complément d’adresse", Text())
    postcode = Column("postcode", "Code postal", Text())
    city = Column("city", "Commune", Text())
    phone = Column("phone", "Téléphone", Text())
    email = Column("email", "Adresse électronique", Text())
    website = Column("website", "Site", Text())
    opening_hours = Column("opening_hours", "Horaires d’accueil", Text())
    places_served = Column("places_served", "Communes desservies", Text())
    description = Column("description", "Description", Text())
    notes = Column("notes", "Remarques", Text())
    agreement_reference = Column("agreement_reference", "Convention", Text())
    agreement_start = Column("agreement_start", "Convention : à partir du", Date())
    agreement_end = Column("agreement_end", "Convention : jusqu’au", Date())
    closed_on = Column("closed_on", "N’existe plus depuis le", Date())
    former_names = FormerNamesColumn("former_names", "Anciens noms", FormerNamesCell())

    class Meta(ImportResource.Meta):
        model = Partner
        name = "partenaires"

    @cached_property
    def known(self) -> dict[Hashable, list[Partner]]:
        """The partners on file by each thing that a line may know them by."""
        found: dict[Hashable, list[Partner]] = defaultdict(list)
        for partner in Partner.objects.prefetch_related("themes", "former_names"):
            found["place", search_key(partner.name), search_key(partner.city)].append(partner)
            if partner.siret:
                found["siret", partner.siret].append(partner)
            if partner.source_id:
                found["source", partner.source, partner.source_id].append(partner)
        return found

    def identities(self, row: Row) -> list[Hashable]:
        source, name = self._source(row), self.value("name", row)
        if source[1]:
            return [source]
        return [(*self._place(row), self.value("siret", row) or "")] if name else []

    def find(self, row: Row) -> Partner | None:
        source = self._source(row)
        if source[1]:
            if not self.known.get(("source", *source)):
                raise ValidationError(
                    {
                        "source_id": "Aucun partenaire n’a cet identifiant : l’annuaire national s’importe sur sa propre page. "
                        "Videz cette case pour un partenaire saisi ici."
                    }
                )
            return self.known["source", *source][0]
        siret = self.value("siret", row)
        here = self.known.get(("place", *self._place(row)), [])
        same_siret = self.known.get(("siret", siret), []) if siret else []
        if same_siret:
            return self._one([each for each in same_siret if each in here] or same_siret)
        # An agency of the same name in the same town has its own SIRET.
        return self._one([each for each in here if not siret or not each.siret])

    @staticmethod
    def _one(found: list[Partner]) -> Partner | None:
        if len(found) > 1:
            raise ValidationError(
                f"Plusieurs partenaires sont « {found[0]} » : écrivez le SIRET, ou corrigez-les à la main."
            )
        return found[0] if found else None

    def _source(self, row: Row) -> tuple[str, str]:
        return self.value("source", row) or "", self.value("source_id", row) or ""

    def _place(self, row: Row) -> tuple[str, str]:
        return search_key(self.value("name", row) or ""), search_key(self.value("city", row) or "")

    def write(self, instance: Partner) -> None:
        save_partner(
            instance,
            by=self.by,
            themes=getattr(instance, "chosen_themes", None),
            former_names=getattr(instance, "typed_names", None),
        )


class ContactResource(ImportResource):
    """Contacts, known by their partner and name."""

    partner = Column("partner", "Partenaire", PartnerCell(), required=True)
    name = Column("name", "Nom", Text(), required=True)
    role = Column("role", "Fonction", Text())
    phone = Column("phone", "Téléphone", Text())
    email = Column("email", "Adresse électronique", Text())
    notes = Column("notes", "Remarques", Text())
    left_on = Column("left_on", "N’y est plus depuis le", Date())

    class Meta(ImportResource.Meta):
        model = Contact
        name = "contacts"

    @cached_property
    def existing(self) -> dict[Hashable, Contact]:
        contacts = Contact.objects.select_related("partner").order_by("-pk")
        return {(contact.partner_id, search_key(contact.name)): contact for contact in contacts}

    def identities(self, row: Row) -> list[Hashable]:
        partner, name = self.value("partner", row), self.value("name", row)
        return [(partner.pk, search_key(name))] if partner and name else []

    def find(self, row: Row) -> Contact | None:
        return next((self.existing.get(identity) for identity in self.identities(row)), None)
