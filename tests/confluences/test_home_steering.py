"""What those who steer find on the home page: ETP."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.beneficiaries.factories import (
    DAY,
    make_running_contract,
    make_time,
    today,
)
from tests.confluences.test_home import counts, page
from tests.worksites.factories import make_annex, make_assignment, make_worksite

pytestmark = pytest.mark.django_db


def test_supervisor_sees_the_etp_of_the_annexes_in_force(supervisor, instructor, social_worker):
    year, worksite = today().year, make_worksite()
    worksite.instructors.add(instructor)
    annex = make_annex(number="ACI-1", start=dt.date(year - 1, 1, 1), end=dt.date(year, 12, 31), agreed_etp=2)
    annex.worksites.add(worksite)
    make_annex(number="ANCIENNE")
    person = make_running_contract().beneficiary
    make_assignment(person, worksite)
    make_time(person, today() - 62 * DAY, 600)
    html = page(supervisor)
    assert counts(html)["ETP réalisés, ACI-1"] == "0,01"
    assert "sur 4 conventionnés, atterrissage 0,13" in html
    assert reverse("worksites:annex-detail", args=[annex.pk]) in html
    assert "ANCIENNE" not in html
    assert "ETP réalisés" not in page(instructor)
    assert "ETP réalisés" not in page(social_worker)
