"""The demonstration's worksites at work: three months of presence, two client jobs, tools.

A day is as the contract plans it, unless the file says otherwise. Entries are written in bulk; a test holds every row to
what the presence page would accept.
"""

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from beneficiaries.models import Beneficiary, Contract, TimeEntry
from beneficiaries.time_actions import close_month
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part, read_cell
from confluences.actions import save_recorded
from confluences.dates import add_days, add_months, day_before
from confluences.demo.files import day, rows
from confluences.models import User
from confluences.working_days import days_between, month_of, public_holiday
from partners.models import Partner
from worksites.models import Assignment, Equipment, EquipmentEvent, JobOrder, JobShare, Worksite

MONTHS = 3
# The director closes a month once the pay slips are out.
DAYS_TO_CLOSE = 20


def first_day(today: dt.date) -> dt.date:
    """The day from which presence is recorded: the first of a month, three months back."""
    return add_months(today, -MONTHS).replace(day=1)


def add_ground(today: dt.date, *, instructor: User, supervisor: User) -> None:
    """Presence until yesterday, jobs and tools; the months that are well over are closed."""
    first = first_day(today)
    _add_presence(first, day_before(today), today, instructor)
    _add_jobs(today, instructor)
    _add_equipment(today, instructor)
    _close_months(first, today, supervisor)


def _add_presence(first: dt.date, last: dt.date, today: dt.date, by: User) -> None:
    said = _exceptions(today)
    in_sessions: dict[tuple[int, dt.date], int] = defaultdict(int)
    for entry in TimeEntry.objects.exclude(start=None):
        in_sessions[entry.beneficiary_id, entry.day] += entry.minutes
    assignments = list(Assignment.objects.all())
    entries = []
    for contract in Contract.objects.select_related("beneficiary"):
        periods = [each for each in assignments if each.beneficiary_id == contract.beneficiary_id]
        for on in days_between(max(first, contract.start), min(last, contract.last_day_of or last)):
            if not any(period.is_current(on) for period in periods):
                continue
            key = contract.beneficiary_id, on
            planned = contract.planned_minutes(on) - in_sessions[key]
            parts = _exception(said[key], planned) if key in said else _as_planned(contract, on, planned)
            entries += [_entry(contract.beneficiary, on, part, by) for part in parts]
    TimeEntry.objects.bulk_create(entries)


def _exceptions(today: dt.date) -> dict[tuple[int, dt.date], str]:
    """What the file says of somebody's days: from its date on, on as many planned days as it says."""
    people = {person.file_number: person for person in Beneficiary.objects.prefetch_related("contracts")}
    said = {}
    for row in rows("pointages.csv", today):
        person, on, left = people[row["dossier"]], day(row["date"]), int(row["jours"])
        last = max(contract.last_day_of or today for contract in person.contracts.all())
        while left and on <= last:
            if any(contract.planned_minutes(on) for contract in person.contracts.all()):
                said[person.pk, on] = row["saisie"]
                left -= 1
            on = add_days(on, 1)
    return said


def _exception(text: str, planned: int) -> list[Part]:
    """What the file says, and work for the rest of what was planned; nothing at all where it says nothing."""
    parts = read_cell(text, planned) if planned > 0 else []
    rest = planned - sum(part.minutes for part in parts)
    return [*parts, Part(TimeKind.WORK, rest)] if parts and rest > 0 else parts


def _as_planned(contract: Contract, on: dt.date, planned: int) -> list[Part]:
    if public_holiday(on):
        usual = contract.usual_minutes(on)
        return [Part(TimeKind.PAID_ABSENCE, usual, AbsenceReason.HOLIDAY)] if usual else []
    return [Part(TimeKind.WORK, planned)] if planned > 0 else []


def _entry(person: Beneficiary, on: dt.date, part: Part, by: User) -> TimeEntry:
    return TimeEntry(
        beneficiary=person,
        day=on,
        kind=part.kind,
        reason=part.reason,
        minutes=part.minutes,
        created_by=by,
        updated_by=by,
    )


def _add_jobs(today: dt.date, by: User) -> None:
    """Each job takes whole days of its worksite's work, on the weekdays that the file says."""
    for row in rows("commandes.csv", today):
        job = JobOrder(
            worksite=Worksite.objects.get(name=row["chantier"]),
            title=row["travaux"],
            client=Partner.objects.named(row["client"]).get(),
            place=row["lieu"],
            quoted_minutes=int(row["heures"]) * 60,
            quoted_amount=Decimal(row["montant"]),
            hourly_cost=Decimal(row["cout_horaire"]),
            start=day(row["debut"]),
            deadline=day(row["a_rendre"]),
            progress=int(row["avancement"]),
        )
        save_recorded(job, by=by)
        work = TimeEntry.objects.on_worksites(beneficiary__assignments__worksite=job.worksite).filter(
            kind=TimeKind.WORK, day__gte=job.start, day__iso_week_day__in=row["jours"]
        )
        JobShare.objects.bulk_create(JobShare(entry=entry, job=job, minutes=entry.minutes) for entry in work)


def _add_equipment(today: dt.date, by: User) -> None:
    people = {person.file_number: person for person in Beneficiary.objects.all()}
    for row in rows("materiel.csv", today):
        equipment = Equipment(
            worksite=Worksite.objects.get(name=row["chantier"]),
            label=row["numero"],
            name=row["designation"],
            serial_number=row["serie"],
            bought_on=day(row["achat"]),
            value=Decimal(row["valeur"]) if row["valeur"] else None,
            state=row["etat"],
            holder=people.get(row["confie_a"]),
            next_inspection=day(row["controle"]),
        )
        save_recorded(equipment, by=by)
    tools = {tool.label: tool for tool in Equipment.objects.all()}
    for row in rows("materiel_historique.csv", today):
        event = EquipmentEvent(
            equipment=tools[row["numero"]],
            day=day(row["date"]),
            kind=row["nature"],
            person=people.get(row["personne"]),
            cost=Decimal(row["cout"]) if row["cout"] else None,
            note=row["remarque"],
        )
        save_recorded(event, by=by)


def _close_months(first: dt.date, today: dt.date, by: User) -> None:
    while add_days(month_of(first)[1], DAYS_TO_CLOSE) <= today:
        close_month(*month_of(first), by=by, today=today)
        first = add_months(first, 1)
