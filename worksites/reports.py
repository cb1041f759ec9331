"""Who works where on a day, and how many places that takes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from beneficiaries.enums import Presence
from beneficiaries.models.person import BeneficiaryQuerySet
from beneficiaries.reports import PersonRow, for_rows, person_row
from confluences.charts import Bar, Layer
from worksites.models import Assignment, Worksite


@dataclass(frozen=True)
class Team:
    """The people assigned to a worksite on a day; those under contract take its places."""

    worksite: Worksite
    members: Sequence[PersonRow]

    @property
    def present(self) -> list[PersonRow]:
        return [row for row in self.members if row.presence == Presence.PRESENT]

    @property
    def taken(self) -> int:
        return len(self.present)

    @property
    def free(self) -> int | None:
        """Places left, none below zero; None where the number of places is not known."""
        places = self.worksite.places
        return None if places is None else max(places - self.taken, 0)

    @property
    def over(self) -> int:
        """People beyond the known places."""
        return 0 if self.worksite.places is None else max(self.taken - self.worksite.places, 0)


def teams(worksites: Iterable[Worksite], people: BeneficiaryQuerySet, today: dt.date) -> list[Team]:
    """The team of each worksite today, of the people given, in a constant number of queries."""
    worksites = list(worksites)
    current = Assignment.objects.current(today).filter(worksite__in=worksites)
    places = dict(current.values_list("beneficiary_id", "worksite_id"))
    rows: dict[int, list[PersonRow]] = {worksite.pk: [] for worksite in worksites}
    for person in for_rows(people.filter(pk__in=places)):
        rows[places[person.pk]].append(person_row(person, today))
    return [Team(worksite, rows[worksite.pk]) for worksite in worksites]


def assignment_layer(assignments: Iterable[Assignment]) -> Layer:
    bars = [
        Bar(start=each.start, end=each.end, label=str(each.worksite), kind="medium") for each in assignments
    ]
    return Layer(label="Chantiers", bars=bars)
