"""Imports and exports of equipment."""

from collections.abc import Hashable
from functools import cached_property

from beneficiaries.resources import Row
from confluences.cells import Amount, Choice, Date, Text
from confluences.imports import Column, ImportResource
from confluences.text import search_key
from worksites.enums import EquipmentState
from worksites.models import Equipment
from worksites.resources import worksite_cell


class EquipmentResource(ImportResource):
    """Equipment, known by its inventory number. Who has a thing is not imported: it is handed out on its page."""

    label = Column("label", "Numéro d’inventaire", Text(), required=True)
    name = Column("name", "Désignation", Text(), required=True)
    worksite = Column("worksite", "Chantier", worksite_cell(), required=True)
    serial_number = Column("serial_number", "Numéro de série", Text())
    bought_on = Column("bought_on", "Acheté le", Date())
    value = Column("value", "Valeur d’achat (€)", Amount())
    state = Column("state", "État", Choice(EquipmentState), default=EquipmentState.GOOD.value)
    next_inspection = Column("next_inspection", "Prochain contrôle", Date())
    notes = Column("notes", "Remarques", Text())

    class Meta(ImportResource.Meta):
        model = Equipment
        name = "outillage"

    @cached_property
    def existing(self) -> dict[str, Equipment]:
        rows = Equipment.objects.select_related("worksite", "holder")
        return {search_key(equipment.label): equipment for equipment in rows}

    def identities(self, row: Row) -> list[Hashable]:
        label = self.value("label", row)
        return [search_key(label)] if label else []

    def find(self, row: Row) -> Equipment | None:
        return self.existing.get(search_key(self.value("label", row) or ""))
