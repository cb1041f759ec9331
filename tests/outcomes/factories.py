"""Exits and cohorts as tests need them: the least that is valid, and nothing surprising."""

import datetime as dt
from itertools import count

from beneficiaries.models import Beneficiary
from confluences.actions import save_recorded
from outcomes.actions import save_exit
from outcomes.models import Cohort, Exit, ExitReason
from tests.beneficiaries.factories import make_beneficiary, make_contract

_numbers = count(1)


def make_exit(code: str | None = None, beneficiary: Beneficiary | None = None, **fields) -> Exit:
    """An exit on 31 December 2024 after a year's contract, with the reason of that code."""
    person = beneficiary or make_beneficiary()
    if not person.contracts.exists():
        make_contract(person)
    reason = ExitReason.objects.get(code=code) if code else None
    row = Exit(beneficiary=person, reason=reason, **{"left_on": dt.date(2024, 12, 31)} | fields)
    save_exit(row, by=None)
    return Exit.objects.get(pk=row.pk)


def make_cohort(**fields) -> Cohort:
    """The exits of 2024 on all worksites."""
    number = next(_numbers)
    fields = {
        "code": f"cohorte-{number}",
        "label": f"Cohorte {number}",
        "start": dt.date(2024, 1, 1),
        "end": dt.date(2024, 12, 31),
    } | fields
    return save_recorded(Cohort(**fields), by=None)


def make_2014() -> Cohort:
    """The nine exits of 2014 as they are known, without anything else."""
    facts = [("3", {}), ("3", {}), ("9", {"length_months": 8}), ("9", {"length_months": 8}), ("5", {})]
    facts += [("5", {"length_months": 24})] * 2 + [("9/10", {})] * 2
    for code, known in facts:
        person = make_beneficiary()
        make_contract(person, start=dt.date(2013, 9, 2), end=dt.date(2014, 6, 30))
        make_exit(code, person, left_on=dt.date(2014, 6, 30), **known)
    return make_cohort(
        code="2014", label="Sorties 2014", start=dt.date(2014, 1, 1), end=dt.date(2014, 12, 31)
    )
