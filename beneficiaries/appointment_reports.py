"""What a person's page shows of appointments: those to come, then what became of the last ones."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from beneficiaries.models import Appointment, Beneficiary
from beneficiaries.reports import Status
from beneficiaries.support_enums import AppointmentOutcome
from confluences.models import User

PAST_SHOWN = 5
OUTCOMES = {
    AppointmentOutcome.MISSED: Status("pas venu", "late"),
    AppointmentOutcome.CANCELLED: Status("annulé", "neutral"),
}


@dataclass(frozen=True)
class AppointmentRow:
    """One appointment, on a day."""

    appointment: Appointment
    today: dt.date

    @property
    def is_planned(self) -> bool:
        return self.appointment.held_as_id is None and not self.appointment.outcome

    @property
    def is_due(self) -> bool:
        """Whether its day has come and nobody said what became of it."""
        return self.is_planned and self.appointment.on <= self.today

    @property
    def status(self) -> Status:
        if self.appointment.outcome:
            return OUTCOMES[AppointmentOutcome(self.appointment.outcome)]
        if not self.is_planned:
            return Status("tenu", "ok")
        if self.appointment.on < self.today:
            return Status("à confirmer", "soon")
        return Status("aujourd’hui" if self.appointment.on == self.today else "prévu", "info")


def appointment_rows(person: Beneficiary, user: User, today: dt.date) -> Sequence[AppointmentRow]:
    """The planned ones by their day, then the last ones that were held, missed or cancelled."""
    visible = Appointment.objects.visible_to(user).filter(beneficiary=person).select_related("worker")
    planned = visible.planned()
    over = visible.exclude(held_as=None, outcome="").order_by("-on", "-at", "-pk")[:PAST_SHOWN]
    return [AppointmentRow(appointment, today) for appointment in (*planned, *over)]
