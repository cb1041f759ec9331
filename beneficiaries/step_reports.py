"""Somebody's steps on a day: what is late, what comes next, what is done, and the time it took."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from beneficiaries.models import Beneficiary, Step
from beneficiaries.reports import Status
from beneficiaries.support_enums import StepSide, StepStatus
from confluences.formats import HARD_SPACE, short_date
from confluences.models import User

STEP_SOON_DAYS = 7
DAY_WORDS = {0: "à faire aujourd’hui", 1: "à faire demain"}


@dataclass(frozen=True)
class StepRow:
    """One step as it stands on a day."""

    step: Step
    today: dt.date

    @property
    def who(self) -> str:
        return str(self.step.worker) if self.step.worker else "la personne elle-même"

    @property
    def late(self) -> bool:
        return self.step.is_late(self.today)

    @property
    def status(self) -> Status:
        if self.step.status != StepStatus.OPEN:
            kind = "ok" if self.step.status == StepStatus.DONE else "neutral"
            return Status(f"{self.step.get_status_display()} le {short_date(self.step.closed_on)}", kind)
        if self.step.due is None:
            return Status("sans date", "neutral")
        days = (self.step.due - self.today).days
        if days < 0:
            return Status(f"en retard de {-days}{HARD_SPACE}jour{'s' if days < -1 else ''}", "late")
        if days > STEP_SOON_DAYS:
            return Status(f"avant le {short_date(self.step.due)}", "neutral")
        return Status(DAY_WORDS.get(days, f"dans {days}{HARD_SPACE}jours"), "soon")


@dataclass(frozen=True)
class StepPanel:
    """The steps of one person that one user may see."""

    open: Sequence[StepRow]
    closed: Sequence[StepRow]

    @property
    def late(self) -> int:
        return sum(row.late for row in self.open)

    @property
    def minutes(self) -> int:
        """The time spent outside follow-ups, whose own minutes count already."""
        return sum(row.step.minutes for row in (*self.open, *self.closed))

    @property
    def external_minutes(self) -> int:
        rows = (*self.open, *self.closed)
        return sum(row.step.minutes for row in rows if row.step.side == StepSide.EXTERNAL)


def step_panel(user: User, person: Beneficiary, today: dt.date) -> StepPanel:
    rows = Step.objects.visible_to(user).filter(beneficiary=person).select_related("worker")
    return step_rows(rows, today)


def step_rows(steps: Iterable[Step], today: dt.date) -> StepPanel:
    """Open ones by their due date, those without one last; closed ones from the latest."""
    rows = [StepRow(step, today) for step in steps]
    still_open = [row for row in rows if row.step.status == StepStatus.OPEN]
    closed = [row for row in rows if row.step.status != StepStatus.OPEN]
    return StepPanel(
        open=sorted(
            still_open, key=lambda row: (row.step.due or dt.date.max, row.step.opened_on, row.step.pk)
        ),
        closed=sorted(closed, key=lambda row: (row.step.closed_on, row.step.pk), reverse=True),
    )
