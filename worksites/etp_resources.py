"""Imports and exports of financial annexes and of the national amounts of the aid."""

from collections.abc import Hashable
from functools import cached_property
from typing import Any

from import_export.widgets import Widget

from beneficiaries.resources import Row
from confluences.actions import save_recorded
from confluences.cells import Choice, Date, DecimalNumber, Text, WholeNumber
from confluences.imports import Column, ImportResource
from confluences.text import search_key
from worksites.enums import StructureKind
from worksites.models import AidRate, FinancialAnnex, Worksite
from worksites.resources import worksite_cell

BETWEEN = " / "


class WorksitesCell(Widget):
    """Worksites by their names: « Champigny / Fresnes »."""

    def __init__(self) -> None:
        super().__init__()
        self.one = worksite_cell()

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[Worksite]:
        names = Text().clean(value).split(BETWEEN.strip())
        return sorted((self.one.clean(name) for name in names if name.strip()), key=lambda each: each.name)

    def render(self, value: list[Worksite] | None, obj: Any = None, **kwargs: Any) -> str:
        return BETWEEN.join(each.name for each in value or ())


class WorksitesColumn(Column):
    """The worksites of a row, which are linked to it once it is saved."""

    def get_value(self, instance: FinancialAnnex) -> list[Worksite]:
        chosen = getattr(instance, "chosen_worksites", None)
        if chosen is not None:
            return chosen
        return list(instance.worksites.all()) if instance.pk else []

    def save(self, instance: FinancialAnnex, row: Row, is_m2m: bool = False, **kwargs: Any) -> None:
        instance.chosen_worksites = self.clean(row, **kwargs)


class AnnexResource(ImportResource):
    """Financial annexes, known by their number."""

    number = Column("number", "Numéro", Text(), required=True)
    kind = Column("kind", "Nature", Choice(StructureKind), required=True)
    start = Column("start", "Début", Date(), required=True)
    end = Column("end", "Fin", Date(), required=True)
    worksites = WorksitesColumn("worksites", "Chantiers", WorksitesCell())
    agreed_etp = Column("agreed_etp", "ETP conventionnés", DecimalNumber())
    hours_per_etp = Column("hours_per_etp", "Heures pour un ETP", WholeNumber(), required=True)
    aid_per_etp = Column("aid_per_etp", "Aide annuelle par ETP", DecimalNumber())
    regularisation_months = Column("regularisation_months", "Mois de régularisation", Text())
    expected_dynamic = Column("expected_dynamic", "Sorties dynamiques attendues (%)", DecimalNumber())
    expected_durable = Column("expected_durable", "Sorties durables attendues (%)", DecimalNumber())

    class Meta(ImportResource.Meta):
        model = FinancialAnnex
        name = "annexes"

    @cached_property
    def existing(self) -> dict[str, FinancialAnnex]:
        annexes = FinancialAnnex.objects.prefetch_related("worksites")
        return {search_key(annex.number): annex for annex in annexes}

    def identities(self, row: Row) -> list[Hashable]:
        number = self.value("number", row)
        return [search_key(number)] if number else []

    def find(self, row: Row) -> FinancialAnnex | None:
        return self.existing.get(search_key(self.value("number", row) or ""))

    def write(self, instance: FinancialAnnex) -> None:
        save_recorded(instance, by=self.by)
        chosen = getattr(instance, "chosen_worksites", None)
        if chosen is not None:
            instance.worksites.set(chosen)


class AidRateResource(ImportResource):
    """National amounts, known by their kind of structure and first day."""

    kind = Column("kind", "Nature", Choice(StructureKind), required=True)
    valid_from = Column("valid_from", "À partir du", Date(), required=True)
    amount = Column("amount", "Aide annuelle par ETP", DecimalNumber(), required=True)
    source = Column("source", "Source", Text())

    class Meta(ImportResource.Meta):
        model = AidRate
        name = "montants"

    @cached_property
    def existing(self) -> dict[Hashable, AidRate]:
        return {(rate.kind, rate.valid_from): rate for rate in AidRate.objects.all()}

    def identities(self, row: Row) -> list[Hashable]:
        identity = self.value("kind", row), self.value("valid_from", row)
        return [identity] if all(identity) else []

    def find(self, row: Row) -> AidRate | None:
        return self.existing.get((self.value("kind", row), self.value("valid_from", row)))
