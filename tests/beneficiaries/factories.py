"""People as tests need them: the least that is valid, and nothing surprising."""

import datetime as dt
from itertools import count

from django.utils import timezone

from beneficiaries.actions import save_contract
from beneficiaries.enums import Sex
from beneficiaries.models import Beneficiary, Contract, EntrySituation, Pass
from confluences.actions import save_recorded

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
