"""Worksites as tests need them: the least that is valid, and nothing surprising."""

import datetime as dt
from itertools import count

from beneficiaries.models import Beneficiary, TimeEntry
from confluences.actions import save_recorded
from confluences.dates import add_months
from partners.enums import PartnerKind
from partners.models import Partner
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from worksites.job_actions import share_work
from worksites.models import Assignment, Equipment, FinancialAnnex, JobOrder, Worksite

_numbers = count(1)


def make_worksite(**fields) -> Worksite:
    """A worksite open since 2013, of which the number of places is not known."""
    fields = {"name": f"Chantier {next(_numbers)}", "opened_on": dt.date(2013, 8, 1)} | fields
    return save_recorded(Worksite(**fields), by=None)


def make_assignment(
    beneficiary: Beneficiary | None = None, worksite: Worksite | None = None, **fields
) -> Assignment:
    """An assignment from 1 January 2024, still open."""
    fields = {"start": dt.date(2024, 1, 1)} | fields
    row = Assignment(
        beneficiary=beneficiary or make_beneficiary(), worksite=worksite or make_worksite(), **fields
    )
    return save_recorded(row, by=None)


def make_annex(**fields) -> FinancialAnnex:
    """An annex for 2024 of which no amount is known."""
    fields = {
        "number": f"ACI-{next(_numbers)}",
        "start": dt.date(2024, 1, 1),
        "end": dt.date(2024, 12, 31),
    } | fields
    return save_recorded(FinancialAnnex(**fields), by=None)


def make_client(name: str = "Mairie d’Exemple") -> Partner:
    """The client of this name, once."""
    known = Partner.objects.filter(name=name).first()
    return known or save_recorded(Partner(name=name, kind=PartnerKind.CLIENT), by=None)


def make_job(worksite: Worksite | None = None, **fields) -> JobOrder:
    """A job of 100 hours from 1 January 2024, without a deadline. Its client is a partner, or a name that becomes one."""
    client = fields.pop("client", "Mairie d’Exemple")
    fields = {
        "title": f"Travaux {next(_numbers)}",
        "client": client if isinstance(client, Partner) else make_client(client),
        "quoted_minutes": 6000,
        "start": dt.date(2024, 1, 1),
    } | fields
    return save_recorded(JobOrder(worksite=worksite or make_worksite(), **fields), by=None)


def make_equipment(worksite: Worksite | None = None, **fields) -> Equipment:
    """A mower in good state, at the depot."""
    fields = {"label": f"MAT-{next(_numbers):03d}", "name": "Tondeuse"} | fields
    return save_recorded(Equipment(worksite=worksite or make_worksite(), **fields), by=None)


def make_work(
    job: JobOrder, day: dt.date, minutes: int = 420, beneficiary: Beneficiary | None = None
) -> TimeEntry:
    """Work of somebody under contract, assigned to the job's worksite that day, all of it on the job."""
    if beneficiary is None:
        beneficiary = make_contract(
            start=day.replace(day=1), end=add_months(day.replace(day=1), 6)
        ).beneficiary
        make_assignment(beneficiary, job.worksite, start=day.replace(day=1))
    entry = make_time(beneficiary, day, minutes)
    share_work(entry, {job: minutes})
    return entry
