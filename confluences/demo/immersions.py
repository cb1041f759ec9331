"""The demonstration's immersions: two that are over, one that runs, one to come.

Those that are over end with the last day that presence holds of them.
"""

import datetime as dt

from beneficiaries.models import Beneficiary, TimeEntry
from beneficiaries.time_enums import TimeKind
from confluences.demo.files import day, rows
from confluences.models import User
from partners.immersion_actions import save_immersion
from partners.models import Immersion, Partner


def add_immersions(today: dt.date, by: User) -> None:
    """Presence is recorded before: an immersion's hours are time entries as any other."""
    for row in rows("immersions.csv", today):
        person = Beneficiary.objects.get(file_number=row["dossier"])
        first, last = _dates(person, day(row["du"]), day(row["au"]), today)
        immersion = Immersion(
            beneficiary=person,
            host=Partner.objects.get(name=row["hote"]),
            purpose=row["objet"],
            job=row["metier"],
            start=first,
            end=last,
            day_minutes=int(row["minutes"]),
            tasks=row["activites"],
            tutor=row["tuteur"],
            tutor_role=row["fonction"],
            agreement_number=row["convention"],
            signed_on=day(row["signee"]),
            outcome=row["bilan"],
            outcome_text=row["retenu"],
        )
        save_immersion(immersion, by=by)


def _dates(person: Beneficiary, first: dt.date, last: dt.date, today: dt.date) -> tuple[dt.date, dt.date]:
    if last >= today:
        return first, last
    entries = TimeEntry.objects.filter(beneficiary=person, kind=TimeKind.IMMERSION, day__range=(first, last))
    days = sorted(entries.values_list("day", flat=True))
    return (days[0], days[-1]) if days else (first, last)
