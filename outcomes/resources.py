"""Imports and exports of exits."""

from typing import Any

from django.core.exceptions import ValidationError

from beneficiaries.resources import AboutSomebody, Row
from confluences import cells
from confluences.cells import Choice, Date, Text, WholeNumber, YesNo
from confluences.imports import Column, ImportResource
from outcomes.actions import save_exit
from outcomes.enums import Evidence, JobContract
from outcomes.models import Exit, ExitReason
from outcomes.models.exit import JOB_FACTS, TRAINING_FACTS
from worksites.resources import worksite_cell


def reason_cell() -> cells.Row:
    """A reason by its code (3, 5, 9/10…), its label, or both as our exports write them."""
    return cells.Row(ExitReason.objects.all, lambda reason: [reason.code, reason.label, str(reason)])


class ExitResource(AboutSomebody):
    """Exits, known by their person and day; the contract and the entry are found by themselves."""

    left_on = Column("left_on", "Sorti le", Date(), required=True)
    assumed = Column("assumed", "Date supposée", YesNo(), default=False)
    worked_an_hour = Column("worked_an_hour", "A travaillé au moins une heure", YesNo(), default=True)
    # Where the cell is empty, the action takes the worksite of the assignment.
    worksite = Column("worksite", "Chantier", worksite_cell(), saves_null_values=False)
    reason = Column("reason", "Motif de sortie", reason_cell())
    new_contract = Column("new_contract", "Contrat suivant", Choice(JobContract))
    employer = Column("employer", "Employeur", Text())
    started_on = Column("started_on", "Commence le", Date())
    length_months = Column("length_months", "Durée prévue : mois", WholeNumber())
    length_days = Column("length_days", "Durée prévue : jours en plus", WholeNumber(), default=0)
    aided = Column("aided", "Contrat aidé", YesNo())
    same_structure = Column("same_structure", "Dans la même structure", YesNo())
    training_title = Column("training_title", "Formation", Text())
    training_level = Column("training_level", "Niveau ou fiche RNCP", Text())
    evidence = Column("evidence", "Preuve", Choice(Evidence))
    known_on = Column("known_on", "Situation connue le", Date())

    first_day = "left_on"
    related = ("worksite", "reason__if_shorter", "reason__if_longer")

    class Meta(ImportResource.Meta):
        model = Exit
        name = "sorties"

    def import_instance(self, instance: Exit, row: Row, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        self.told = {name: getattr(instance, name) for name in (*JOB_FACTS, *TRAINING_FACTS)}

    def write(self, instance: Exit) -> None:
        """Saves, unless the reason would make forget what the file tells: nothing is lost in silence."""
        save_exit(instance, by=self.by)
        forgotten = [name for name, value in self.told.items() if value and getattr(instance, name) != value]
        if forgotten:
            message = (
                "Le motif de sortie ne demande pas ce renseignement. Videz cette case, ou corrigez le motif."
            )
            raise ValidationError(dict.fromkeys(forgotten, message))
