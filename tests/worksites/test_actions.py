"""A person changes worksite in one go."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from tests.beneficiaries.factories import make_beneficiary
from tests.threads import at_once
from tests.worksites.factories import make_assignment, make_worksite
from worksites.actions import assign
from worksites.models import Assignment

D = dt.date


def test_new_assignment_ends_the_open_one_the_day_before(db, social_worker):
    former = make_assignment()
    following = Assignment(beneficiary=former.beneficiary, worksite=make_worksite(), start=D(2024, 7, 1))
    assign(following, by=social_worker, closing=former)
    former.refresh_from_db()
    assert (former.end, former.updated_by) == (D(2024, 6, 30), social_worker)
    assert Assignment.objects.current(D(2024, 7, 1)).get() == following


@pytest.mark.parametrize("start", [D(2024, 1, 1), D(2023, 12, 31)])
def test_new_assignment_begins_after_the_one_it_ends(db, start):
    former = make_assignment()
    following = Assignment(beneficiary=former.beneficiary, worksite=make_worksite(), start=start)
    with pytest.raises(ValidationError, match="L’affectation actuelle a commencé le 01/01/2024"):
        assign(following, by=None, closing=former)
    former.refresh_from_db()
    assert (former.end, Assignment.objects.count()) == (None, 1)


@pytest.mark.django_db(transaction=True)
def test_two_assignments_at_once_leave_one():
    person, worksite = make_beneficiary(), make_worksite()

    def save():
        return assign(Assignment(beneficiary=person, worksite=worksite, start=D(2024, 1, 1)), by=None)

    refused = [each for each in at_once(save, save) if isinstance(each, ValidationError)]
    assert Assignment.objects.count() == 1
    assert [error.messages[0][:32] for error in refused] == ["Cette personne est déjà affectée"]
