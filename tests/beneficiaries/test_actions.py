"""Writes on people's files: what moves with them, and two writers at once."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from beneficiaries.actions import delete_pass_change, save_contract, save_pass_change
from beneficiaries.enums import ProlongationReason, SuspensionReason
from beneficiaries.models import Contract, Pass, Prolongation, Suspension
from confluences.actions import save_recorded
from outcomes.models import Exit
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_pass
from tests.threads import at_once

D = dt.date


def make_suspension(pass_iae, first, last):
    row = Suspension(pass_iae=pass_iae, start=first, end=last, reason=SuspensionReason.CONTRACT_SUSPENDED)
    return save_pass_change(row, by=None)


def make_exit(contract, left_on):
    return save_recorded(Exit(beneficiary=contract.beneficiary, left_on=left_on), by=None)


# PASS IAE


@pytest.fixture
def recent_pass(db):
    """A PASS that began 100 days ago: a suspension is recorded within the year."""
    return make_pass(start=dt.date.today() - dt.timedelta(days=100))


def test_suspension_moves_the_end_and_its_removal_moves_it_back(recent_pass):
    end = recent_pass.end
    first = dt.date.today() - dt.timedelta(days=50)
    suspension = make_suspension(recent_pass, first, first + dt.timedelta(days=29))
    recent_pass.refresh_from_db()
    assert recent_pass.end == end + dt.timedelta(days=30)
    delete_pass_change(suspension)
    recent_pass.refresh_from_db()
    assert recent_pass.end == end


def test_suspension_past_its_cap_moves_nothing(recent_pass):
    end = recent_pass.end
    with pytest.raises(ValidationError, match="36 mois"):
        make_suspension(recent_pass, dt.date.today(), dt.date.today() + dt.timedelta(days=1200))
    recent_pass.refresh_from_db()
    assert (recent_pass.end, recent_pass.suspensions.count()) == (end, 0)


def test_prolongations_stop_at_their_cap(db):
    pass_iae = make_pass(start=D(2020, 1, 1))
    for _year in range(3):
        first = pass_iae.end + dt.timedelta(days=1)
        save_pass_change(_prolongation(pass_iae, first), by=None)
        pass_iae = Pass.objects.get()
    assert (pass_iae.end - pass_iae.start).days + 1 == 730 + 3 * 365
    with pytest.raises(ValidationError, match="3 ans en tout ; il reste 0 jours"):
        save_pass_change(_prolongation(pass_iae, pass_iae.end + dt.timedelta(days=1)), by=None)


def test_prolongation_needs_the_prescriber_that_its_reason_asks_for(db):
    pass_iae = make_pass(start=D(2020, 1, 1))
    row = _prolongation(pass_iae, pass_iae.end + dt.timedelta(days=1))
    row.opinion_by = ""
    with pytest.raises(ValidationError, match="indiquez le prescripteur"):
        save_pass_change(row, by=None)


def test_suspension_that_pushes_a_pass_over_the_next_one_is_refused(recent_pass):
    make_pass(recent_pass.beneficiary, start=recent_pass.end + dt.timedelta(days=1))
    with pytest.raises(ValidationError, match="déjà un PASS IAE pendant cette période"):
        make_suspension(recent_pass, dt.date.today(), dt.date.today())
    assert recent_pass.suspensions.count() == 0


def _prolongation(pass_iae, first):
    return Prolongation(
        pass_iae=pass_iae,
        start=first,
        end=first + dt.timedelta(days=364),
        reason=ProlongationReason.RQTH,
        requested_on=pass_iae.end,
        opinion_by="Cap emploi",
    )


# Contracts and exits


def test_contract_with_an_exit_cannot_leave_it_outside(db):
    contract = make_contract()
    make_exit(contract, D(2024, 12, 31))
    contract.end = D(2024, 11, 30)
    with pytest.raises(ValidationError) as refused:
        save_contract(contract, by=None)
    assert refused.value.messages[0].startswith("La sortie du 31/12/2024 ne tient plus avec ces dates.")
    assert Contract.objects.get().end == D(2024, 12, 31)


def test_exit_follows_the_first_day_of_its_stay(db, social_worker):
    contract = make_contract()
    departure = make_exit(contract, D(2024, 12, 31))
    make_contract(contract.beneficiary, start=D(2023, 9, 1), end=D(2023, 12, 31))
    departure.refresh_from_db()
    assert (departure.hired_on, departure.stay_months) == (D(2023, 9, 1), 16)
    contract.refresh_from_db()
    contract.occupation = "ouvrière"
    save_contract(contract, by=social_worker)
    departure.refresh_from_db()
    assert (departure.version, departure.updated_by) == (2, None)


def test_contract_that_continues_a_stay_already_left_is_refused(db):
    contract = make_contract()
    make_exit(contract, D(2024, 12, 31))
    with pytest.raises(ValidationError, match="Un contrat qui continue ce séjour commence après cette date"):
        make_contract(contract.beneficiary, start=D(2025, 1, 1), end=D(2025, 6, 30))
    assert Contract.objects.count() == 1


# Two writers


@pytest.mark.django_db(transaction=True)
def test_two_overlapping_contracts_at_once_leave_one():
    person = make_beneficiary()

    def save(start):
        return save_contract(Contract(beneficiary=person, start=start, end=D(2024, 12, 31)), by=None)

    outcomes = at_once(lambda: save(D(2024, 1, 1)), lambda: save(D(2024, 2, 1)))
    refused = [each for each in outcomes if isinstance(each, ValidationError)]
    assert Contract.objects.count() == 1
    assert [text[:31] for error in refused for text in error.messages] == ["Ce contrat en chevauche un autr"]


@pytest.mark.django_db(transaction=True)
def test_two_suspensions_at_once_both_move_the_end():
    pass_iae = make_pass(start=dt.date.today() - dt.timedelta(days=100))
    end = pass_iae.end

    def suspend(days_ago):
        day = dt.date.today() - dt.timedelta(days=days_ago)
        return make_suspension(Pass.objects.get(), day, day)

    outcomes = at_once(lambda: suspend(10), lambda: suspend(20))
    assert [type(each) for each in outcomes] == [Suspension, Suspension]
    assert Pass.objects.get().end == end + dt.timedelta(days=2)
