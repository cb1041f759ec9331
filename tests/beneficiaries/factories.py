"""People as tests need them: the least that is valid, and nothing surprising."""

import datetime as dt
from itertools import count

from django.core.files.base import ContentFile
from django.utils import timezone

from beneficiaries.actions import save_contract
from beneficiaries.enums import Sex
from beneficiaries.models import (
    Appointment,
    BarrierAssessment,
    Beneficiary,
    CareerProject,
    Contract,
    Document,
    EntrySituation,
    FollowUp,
    Pass,
    Step,
    TimeEntry,
)
from beneficiaries.support_actions import NoteText, save_follow_up
from beneficiaries.support_enums import BarrierLevel, DocumentKind, Theme
from beneficiaries.time_actions import save_entry
from confluences.actions import save_recorded
from confluences.models import User

_numbers = count(1)
DAY = dt.timedelta(days=1)


def today() -> dt.date:
    return timezone.localdate()


def make_beneficiary(**fields) -> Beneficiary:
    """Somebody born on 1 January 1990, whose name holds the letters of a number of its own."""
    number = "".join("abcdefghij"[int(digit)] for digit in str(next(_numbers)))
    fields = {
        "last_name": f"Exemple {number}",
        "first_name": "Camille",
        "sex": Sex.FEMALE,
        "birth_date": dt.date(1990, 1, 1),
    } | fields
    return save_recorded(Beneficiary(**fields), by=None)


def make_contract(beneficiary: Beneficiary | None = None, **fields) -> Contract:
    """A CDDI of 26 hours for the year 2024."""
    fields = {"start": dt.date(2024, 1, 1), "end": dt.date(2024, 12, 31)} | fields
    return save_contract(Contract(beneficiary=beneficiary or make_beneficiary(), **fields), by=None)


def make_running_contract(beneficiary: Beneficiary | None = None, *, days_left: int = 200) -> Contract:
    """A CDDI of a year that runs today."""
    end = today() + days_left * DAY
    return make_contract(beneficiary, start=end - 364 * DAY, end=end)


def make_pass(beneficiary: Beneficiary | None = None, **fields) -> Pass:
    """A PASS IAE from 1 January 2024, with a number of its own."""
    fields = {"number": f"{next(_numbers):012d}", "start": dt.date(2024, 1, 1)} | fields
    return save_recorded(Pass(beneficiary=beneficiary or make_beneficiary(), **fields), by=None)


def make_situation(beneficiary: Beneficiary | None = None, **fields) -> EntrySituation:
    """An entry on 1 January 2024 of which nothing is known."""
    fields = {"entered_on": dt.date(2024, 1, 1)} | fields
    return save_recorded(EntrySituation(beneficiary=beneficiary or make_beneficiary(), **fields), by=None)


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def make_follow_up(
    beneficiary: Beneficiary | None = None,
    *,
    by: User | None = None,
    topics: tuple[str, ...] = (),
    note: str = "",
    author_only: bool = False,
    **fields,
) -> FollowUp:
    """A talk of 30 minutes today, with somebody without a contract."""
    fields = {"on": today(), "minutes": 30, "said": "Exemple de suivi."} | fields
    return save_follow_up(
        FollowUp(beneficiary=beneficiary or make_beneficiary(), **fields),
        by=by,
        topics=topics,
        note=NoteText(text=note, author_only=author_only) if note else None,
    )


def make_appointment(worker: User, beneficiary: Beneficiary | None = None, **fields) -> Appointment:
    """An appointment today, at no given hour."""
    fields = {"on": today(), "worker": worker} | fields
    return save_recorded(Appointment(beneficiary=beneficiary or make_beneficiary(), **fields), by=worker)


def make_step(beneficiary: Beneficiary | None = None, **fields) -> Step:
    """A step about housing, open since today, due in 10 days."""
    fields = {"theme": Theme.HOUSING, "action": "Appeler le bailleur", "due": today() + 10 * DAY} | fields
    return save_recorded(Step(beneficiary=beneficiary or make_beneficiary(), **fields), by=None)


def make_barrier(beneficiary: Beneficiary | None = None, **fields) -> BarrierAssessment:
    """Housing, high, assessed today."""
    fields = {"axis": Theme.HOUSING, "level": BarrierLevel.HIGH, "assessed_on": today()} | fields
    return save_recorded(BarrierAssessment(beneficiary=beneficiary or make_beneficiary(), **fields), by=None)


def make_project(beneficiary: Beneficiary | None = None, **fields) -> CareerProject:
    """A project still to define, from today on."""
    fields = {"decided_on": today()} | fields
    return save_recorded(CareerProject(beneficiary=beneficiary or make_beneficiary(), **fields), by=None)


def make_document(beneficiary: Beneficiary | None = None, *, content: bytes = PDF, **fields) -> Document:
    """A CV, for the team."""
    fields = {"kind": DocumentKind.CV, "original_name": "cv.pdf"} | fields
    file = ContentFile(content, name="cv.pdf")
    return save_recorded(
        Document(beneficiary=beneficiary or make_beneficiary(), file=file, **fields), by=None
    )


def make_time(beneficiary: Beneficiary, day: dt.date, minutes: int = 420, **fields) -> TimeEntry:
    """Work recorded on a day of the person's contract, outside any training session."""
    return save_entry(TimeEntry(beneficiary=beneficiary, day=day, minutes=minutes, **fields), by=None)
