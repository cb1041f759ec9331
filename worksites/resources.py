"""Imports and exports of worksites and assignments."""

from collections.abc import Hashable
from functools import cached_property

from beneficiaries.resources import AboutSomebody, Row
from confluences import cells
from confluences.cells import Date, Text, WholeNumber
from confluences.imports import Column, ImportResource
from confluences.text import search_key
from worksites.actions import assign
from worksites.models import Assignment, Worksite


def worksite_cell() -> cells.Row:
    return cells.Row(Worksite.objects.all, lambda worksite: [worksite.name])


class WorksiteResource(ImportResource):
    """Worksites, known by their name."""

    name = Column("name", "Nom", Text(), required=True)
    address = Column("address", "Adresse", Text())
    postcode = Column("postcode", "Code postal", Text())
    city = Column("city", "Ville", Text())
    opened_on = Column("opened_on", "Ouvert le", Date(), required=True)
    closed_on = Column("closed_on", "Fermé le", Date())
    places = Column("places", "Places", WholeNumber())

    class Meta(ImportResource.Meta):
        model = Worksite
        name = "chantiers"

    @cached_property
    def existing(self) -> dict[str, Worksite]:
        return {search_key(worksite.name): worksite for worksite in Worksite.objects.all()}

    def identities(self, row: Row) -> list[Hashable]:
        name = self.value("name", row)
        return [search_key(name)] if name else []

    def find(self, row: Row) -> Worksite | None:
        return self.existing.get(search_key(self.value("name", row) or ""))


class AssignmentResource(AboutSomebody):
    """Assignments, known by their person and first day."""

    worksite = Column("worksite", "Chantier", worksite_cell(), required=True)
    start = Column("start", "Affectation : début", Date(), required=True)
    end = Column("end", "Affectation : fin", Date())

    related = ("worksite",)

    class Meta(ImportResource.Meta):
        model = Assignment
        name = "affectations"

    def write(self, instance: Assignment) -> None:
        assign(instance, by=self.by)
