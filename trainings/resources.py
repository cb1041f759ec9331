"""Imports and exports of programmes with their modules, and of enrolments."""

from collections.abc import Hashable
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from beneficiaries.resources import AboutSomebody, Row
from confluences import cells
from confluences.cells import Choice, Date, Text, WholeNumber
from confluences.imports import ROW, WHOLE_ROW, Column, Fault, ImportFaults, ImportResource, Outcome
from confluences.tables import Table
from confluences.text import search_key
from trainings.enums import TrainingKind
from trainings.models import Enrolment, Module, Programme
from trainings.programme_actions import save_programme

DEFAULT_PERCENT = Programme._meta.get_field("required_percent").default


def programme_cell() -> cells.Row:
    return cells.Row(Programme.objects.all, lambda programme: [programme.name])


class ProgrammeResource(ImportResource):
    """Programmes, a line for each module. A programme's modules add up to it, those that the file leaves out included."""

    programme = Column("programme__name", "Programme", Text(), required=True)
    kind = Column(
        "programme__kind", "Programme : nature", Choice(TrainingKind), default=TrainingKind.TRADE.value
    )
    programme_minutes = Column(
        "programme__minutes", "Programme : durée (minutes)", WholeNumber(), required=True
    )
    required_percent = Column(
        "programme__required_percent",
        "Programme : présence exigée (%)",
        WholeNumber(),
        default=DEFAULT_PERCENT,
    )
    certification = Column("programme__certification", "Programme : certification visée", Text())
    goals = Column("programme__goals", "Programme : objectifs", Text())
    name = Column("name", "Module", Text(), required=True)
    minutes = Column("minutes", "Module : durée (minutes)", WholeNumber(), required=True)
    content = Column("content", "Module : contenu", Text())

    class Meta(ImportResource.Meta):
        model = Module
        name = "programmes"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.read: dict[str, list[tuple[int, Module]]] = {}
        self.told: dict[str, tuple[int, tuple[Any, ...]]] = {}
        self.changed: set[str] = set()

    @cached_property
    def programmes(self) -> dict[str, Programme]:
        """Those on file, and those that the file begins."""
        return {search_key(each.name): each for each in Programme.objects.prefetch_related("modules")}

    def identities(self, row: Row) -> list[Hashable]:
        programme, name = self._programme_key(row), self.value("name", row)
        return [(programme, search_key(name))] if programme and name else []

    def find(self, row: Row) -> Module | None:
        programme = self.programmes.get(self._programme_key(row))
        name = search_key(self.value("name", row) or "")
        if programme is None or programme.pk is None:
            return None
        return next((each for each in programme.modules.all() if search_key(each.name) == name), None)

    def init_instance(self, row: Row) -> Module:
        return Module(programme=self.programmes.setdefault(self._programme_key(row), Programme()))

    def import_instance(self, instance: Module, row: Row, **kwargs: Any) -> None:
        key = self._programme_key(row)
        # One object for all lines of a programme: what they say of it must agree.
        instance.programme = self.programmes[key]
        super().import_instance(instance, row, **kwargs)
        said = tuple(
            self.value(name, row)
            for name in ("kind", "programme_minutes", "required_percent", "certification", "goals")
        )
        first, told = self.told.setdefault(key, (row[ROW], said))
        if said != told:
            raise ValidationError(
                {
                    "programme": f"Cette ligne ne dit pas la même chose du programme que la ligne {first} : accordez-les."
                }
            )
        self.read.setdefault(key, []).append((row[ROW], instance))

    def validate_instance(
        self, instance: Module, import_validation_errors: Any = None, validate_unique: Any = True
    ) -> None:
        """Cells that read wrong stop the line; a programme not yet written is no fault of it."""
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def write(self, instance: Module) -> None:
        """The whole programme is written once all its lines are read."""
        self.changed.add(search_key(instance.programme.name))

    def run(self, table: Table, *, dry_run: bool = False) -> Outcome:
        with transaction.atomic():
            outcome = super().run(table)
            faults = [fault for key in self.read if (fault := self._save(key))]
            if faults:
                raise ImportFaults(faults, len(faults))
            if dry_run:
                transaction.set_rollback(True)
        return outcome

    def _save(self, key: str) -> Fault | None:
        """Writes a programme with all its modules; what is wrong is told on its first line."""
        if key not in self.changed:
            return None
        programme, lines = self.programmes[key], self.read[key]
        listed = [module for _row, module in lines]
        kept = [each for each in programme.modules.all() if each not in listed] if programme.pk else []
        try:
            save_programme(programme, [*listed, *kept], by=self.by)
        except ValidationError as error:
            more = f" Le programme garde {len(kept)} module(s) que le fichier n’a pas." if kept else ""
            return Fault(lines[0][0], WHOLE_ROW, f"« {programme} » : {' '.join(error.messages)}{more}")
        return None

    def _programme_key(self, row: Row) -> str:
        return search_key(self.value("programme", row) or "")


class EnrolmentResource(AboutSomebody):
    """Enrolments, known by their person and programme."""

    programme = Column("programme", "Programme", programme_cell(), required=True)
    group = Column("group", "Groupe", Text())
    enrolled_on = Column("enrolled_on", "Inscrit le", Date(), required=True)
    left_on = Column("left_on", "Dernier jour", Date())

    class Meta(ImportResource.Meta):
        model = Enrolment
        name = "inscriptions"

    @cached_property
    def existing(self) -> dict[Hashable, Enrolment]:
        rows = Enrolment.objects.select_related("beneficiary", "programme")
        return {(row.beneficiary_id, row.programme_id): row for row in rows}

    def identities(self, row: Row) -> list[Hashable]:
        programme = self.value("programme", row)
        try:
            return [(self._person(row).pk, programme.pk)] if programme else []
        except ValidationError:
            return []

    def find(self, row: Row) -> Enrolment | None:
        person, programme = self._person(row), self.value("programme", row)
        return self.existing.get((person.pk, programme.pk)) if programme else None
