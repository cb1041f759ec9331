"""A morning of March 2024 on the instructor's worksite."""

import pytest
import time_machine

from tests.beneficiaries.factories import make_time
from tests.conftest import signed_in_client
from tests.trainings.factories import make_programme
from tests.worksites.factories import make_worksite
from tests.worksites.mornings import MONDAY, NOW, make_member


@pytest.fixture(autouse=True)
def _that_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def worksite(instructor):
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    return worksite


@pytest.fixture
def client(instructor):
    return signed_in_client(instructor)


@pytest.fixture
def worked(worksite):
    return make_time(make_member(worksite), MONDAY, 390)


@pytest.fixture
def programme():
    return make_programme(210, 210, 240)
