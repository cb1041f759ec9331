"""Somebody's professional project: the stage it has reached, the job, and how it came there."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from beneficiaries.models import Beneficiary, CareerProject
from beneficiaries.support_enums import ProjectStage
from confluences.models import User

SUGGESTED_JOBS = 200


@dataclass(frozen=True)
class Stage:
    """One of the five stages, as seen from the one that is reached."""

    label: str
    passed: bool
    current: bool


@dataclass(frozen=True)
class ProjectPanel:
    """The project of one person, latest row first."""

    history: Sequence[CareerProject]

    @property
    def latest(self) -> CareerProject | None:
        return self.history[0] if self.history else None

    @property
    def stages(self) -> list[Stage]:
        order = list(ProjectStage)
        reached = order.index(ProjectStage(self.latest.stage)) if self.latest else -1
        return [
            Stage(label=stage.label, passed=index < reached, current=index == reached)
            for index, stage in enumerate(order)
        ]

    @property
    def since(self) -> dt.date | None:
        """The day from which the project has stood at its stage."""
        first = None
        for row in self.history:
            if first is not None and row.stage != first.stage:
                break
            first = row
        return first.decided_on if first else None


def project_panel(user: User, person: Beneficiary) -> ProjectPanel:
    rows = CareerProject.objects.visible_to(user).filter(beneficiary=person)
    return ProjectPanel(list(rows.select_related("updated_by").order_by("-decided_on", "-pk")))


def known_jobs(user: User) -> list[tuple[str, str]]:
    """Jobs already aimed at, with their ROME code where one was given: what the form suggests."""
    rows = CareerProject.objects.visible_to(user).exclude(job="")
    return list(rows.order_by("job", "rome_code").values_list("job", "rome_code").distinct()[:SUGGESTED_JOBS])
