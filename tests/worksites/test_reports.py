"""Places taken, left, and the days on which they free up."""

import datetime as dt

import pytest

from beneficiaries.enums import ContractKind
from beneficiaries.models import Beneficiary
from confluences.charts import Bar
from tests.beneficiaries.factories import make_beneficiary, make_contract
from tests.worksites.factories import make_assignment, make_worksite
from worksites.models import JobOrder, Worksite
from worksites.reports import assignment_layer, teams

D = dt.date
DAY = D(2024, 6, 30)

pytestmark = pytest.mark.django_db


def team_of(worksite):
    [team] = teams([worksite], Beneficiary.objects.all(), DAY)
    return team


def test_people_under_contract_take_the_places():
    worksite = make_worksite(places=3)
    later = make_assignment(make_contract(end=D(2024, 10, 31)).beneficiary, worksite).beneficiary
    sooner = make_assignment(make_contract(end=D(2024, 7, 31)).beneficiary, worksite).beneficiary
    senior = make_beneficiary(birth_date=D(1960, 1, 1))
    make_contract(senior, kind=ContractKind.CDI_INCLUSION, end=None)
    make_assignment(senior, worksite)
    gone = make_assignment(make_contract(end=D(2024, 5, 31)).beneficiary, worksite).beneficiary
    team = team_of(worksite)
    assert {row.person for row in team.members} == {later, sooner, senior, gone}
    assert (team.taken, team.free, team.over) == (3, 0, 0)
    # Home and the admin show this figure: the same one.
    assert Worksite.objects.with_team_size(DAY).get().team_size == 3


@pytest.mark.parametrize("counted", [Worksite.objects.with_team_size(DAY), JobOrder.objects.with_done()])
def test_a_count_keeps_the_order(counted):
    assert counted.ordered


@pytest.mark.parametrize(("places", "free", "over"), [(None, None, 0), (0, 0, 1), (1, 0, 0), (8, 7, 0)])
def test_places(places, free, over):
    worksite = make_worksite(places=places)
    make_assignment(make_contract().beneficiary, worksite)
    team = team_of(worksite)
    assert (team.taken, team.free, team.over) == (1, free, over)


def test_empty_team():
    team = team_of(make_worksite(places=8))
    assert (team.taken, team.free) == (0, 8)


def test_assignment_layer():
    assignment = make_assignment(worksite=make_worksite(name="Fresnes"))
    assert assignment_layer([assignment]).bars == [
        Bar(start=D(2024, 1, 1), end=None, label="Fresnes", kind="medium")
    ]
