"""A person changes worksite in one go."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from beneficiaries.models import MonthClosing
from beneficiaries.time_actions import close_month
from confluences.enums import Role
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.conftest import user_of
from tests.threads import at_once
from tests.worksites.factories import make_assignment, make_worksite
from worksites.actions import assign, delete_assignment
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


# Hours of a closed month stay where they were


def closed_march():
    return close_month(D(2024, 3, 1), D(2024, 3, 31), by=user_of(Role.SUPERVISOR), today=D(2024, 4, 1))


@pytest.fixture
def recorded(db):
    """Somebody on a worksite since January, with hours on 4 and 5 March 2024, a month that is closed."""
    assignment = make_assignment(make_contract().beneficiary)
    for day in (4, 5):
        make_time(assignment.beneficiary, D(2024, 3, day))
    make_time(assignment.beneficiary, D(2024, 4, 2))
    closed_march()
    return assignment


REFUSED = (
    "Cette affectation déplacerait des heures d’un mois clos ({}) vers un autre chantier. "
    "Changez les dates, ou demandez à la direction de rouvrir le mois."
)
BOTH = REFUSED.format("le 4 mars 2024 et 1 autre jour")
SECOND = REFUSED.format("le 5 mars 2024")


def moved(assignment, **fields):
    for name, value in fields.items():
        setattr(assignment, name, value)
    return lambda: assign(assignment, by=None)


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda row: moved(row, worksite=make_worksite()), BOTH),
        (lambda row: moved(row, beneficiary=make_beneficiary()), BOTH),
        (lambda row: moved(row, start=D(2024, 3, 5)), REFUSED.format("le 4 mars 2024")),
        (lambda row: moved(row, end=D(2024, 3, 4)), SECOND),
        (lambda row: lambda: delete_assignment(row), BOTH),
        (
            lambda row: (
                lambda: assign(
                    Assignment(beneficiary=row.beneficiary, worksite=make_worksite(), start=D(2024, 3, 5)),
                    by=None,
                    closing=row,
                )
            ),
            SECOND,
        ),
    ],
)
def test_hours_of_a_closed_month_keep_their_worksite(recorded, attempt, message):
    before = list(Assignment.objects.values())
    with pytest.raises(ValidationError) as refused:
        attempt(recorded)()
    assert refused.value.messages == [message]
    assert list(Assignment.objects.values()) == before


def test_hours_without_a_worksite_do_not_get_one_in_a_closed_month(db):
    person = make_contract().beneficiary
    make_time(person, D(2024, 3, 4))
    closed_march()
    row = Assignment(beneficiary=person, worksite=make_worksite(), start=D(2024, 3, 4))
    with pytest.raises(ValidationError, match="le 4 mars 2024"):
        assign(row, by=None)
    row.start = D(2024, 3, 5)
    assign(row, by=None)


def test_what_moves_no_hour_of_a_closed_month_is_free(recorded):
    """Days without hours, open months, and the same worksite in two stays."""
    recorded.end = D(2024, 3, 5)
    assign(recorded, by=None)
    second = Assignment(beneficiary=recorded.beneficiary, worksite=make_worksite(), start=D(2024, 3, 6))
    assign(second, by=None)
    assert Assignment.objects.current(D(2024, 4, 2)).get() == second
    delete_assignment(second)
    MonthClosing.objects.update(reopened_at="2024-04-02T08:00Z", reopening_reason="Une erreur")
    delete_assignment(recorded)
    assert not Assignment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_assignment_and_a_closing_never_cross():
    assignment = make_assignment(make_contract().beneficiary)
    make_time(assignment.beneficiary, D(2024, 3, 4))
    other, director = make_worksite(), user_of(Role.SUPERVISOR)
    following = Assignment(beneficiary=assignment.beneficiary, worksite=other, start=D(2024, 3, 1))
    changed, closed = at_once(
        lambda: assign(following, by=None, closing=assignment),
        lambda: close_month(D(2024, 3, 1), D(2024, 3, 31), by=director, today=D(2024, 4, 1)),
    )
    assert isinstance(closed, MonthClosing)
    place = Assignment.objects.current(D(2024, 3, 4)).get().worksite
    if isinstance(changed, ValidationError):
        assert place != other
        assert "heures d’un mois clos" in changed.messages[0]
    else:
        assert place == other
    with pytest.raises(ValidationError, match="heures d’un mois clos"):
        delete_assignment(Assignment.objects.current(D(2024, 3, 4)).get())
