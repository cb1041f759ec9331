"""A mistyped year is a sentence in French, never a crash, whatever the row."""

import datetime as dt
import itertools

import pytest
from django.core.exceptions import ValidationError

from beneficiaries.models import Beneficiary, Contract, EntrySituation, Pass, Prolongation, Suspension
from outcomes.models import Cohort, RuleBook
from outcomes.snapshot import take_snapshot
from tests.beneficiaries.factories import make_beneficiary, make_pass
from tests.worksites.factories import make_worksite
from worksites.models import AidRate, Assignment, FinancialAnnex

pytestmark = pytest.mark.django_db
DAYS = [
    dt.date(1, 1, 1),
    dt.date(1900, 1, 1),
    dt.date(2024, 2, 29),
    dt.date(9998, 1, 1),
    dt.date(9999, 12, 31),
]


def rows_with(person, first: dt.date, last: dt.date, extra: dt.date):
    worksite, pass_iae = make_worksite(name=f"{first}{last}{extra}"), person.passes.get()
    return [
        Beneficiary(last_name="Exemple", first_name="Zoé", sex="F", birth_date=first),
        EntrySituation(beneficiary=person, entered_on=first),
        Contract(beneficiary=person, start=first, end=last, ended_early_on=extra),
        Contract(beneficiary=person, kind="cdi_inclusion", start=first, ended_early_on=extra),
        Pass(beneficiary=person, number="123456789012", start=first),
        Suspension(pass_iae=pass_iae, start=first, end=last, reason="cta"),
        Prolongation(
            pass_iae=pass_iae, start=first, end=last, reason="rqth", requested_on=extra, opinion_by="x"
        ),
        Assignment(beneficiary=person, worksite=worksite, start=first, end=last),
        FinancialAnnex(number="x", start=first, end=last),
        AidRate(kind="ei", valid_from=first, amount=1),
        Cohort(code="x", label="x", start=first, end=last),
    ]


def test_every_date_is_accepted_or_refused_in_words():
    person = make_pass(make_beneficiary()).beneficiary
    for days in itertools.product(DAYS, DAYS, DAYS):
        for row in rows_with(person, *days):
            assert all(refusals(row))


def refusals(row) -> list[str]:
    try:
        row.full_clean()
    except ValidationError as refusal:
        return refusal.messages
    return []


def test_a_cohort_of_all_times_is_counted():
    cohort = Cohort(code="toujours", label="Toujours", start=DAYS[0], end=DAYS[-1])
    cohort.save()
    assert take_snapshot(cohort, RuleBook.load())["figures"]["examined"] == 0
