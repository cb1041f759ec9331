"""The demonstration's funders: the eight of the first year, of whom nothing is invented, and two that say « Exemple »."""

import datetime as dt

import pytest

from confluences.demo.grants import add_grants
from funding.funder_reports import name_on
from funding.models import Funder, Grant, Instalment, Obligation

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)

UNKNOWN = [
    "asked",
    "awarded",
    "ask_before",
    "asked_on",
    "answer_expected_on",
    "decided_on",
    "settled_on",
    "eligible_start",
    "eligible_end",
    "max_share",
]


def test_nothing_is_invented_for_the_real_funders(supervisor):
    add_grants(TODAY, supervisor)
    real = Grant.objects.exclude(title__startswith="Exemple")
    assert real.count() == 8
    assert {getattr(grant, name) for grant in real for name in UNKNOWN} == {None}
    assert {grant.pays_for for grant in real} == {""}
    assert not Instalment.objects.filter(grant__in=real).exists()
    assert not Obligation.objects.filter(grant__in=real).exists()
    invented = Funder.objects.filter(name__startswith="Exemple")
    assert set(Grant.objects.filter(title__startswith="Exemple").values_list("funder", flat=True)) == set(
        invented.values_list("pk", flat=True)
    )


def test_names_are_those_of_the_day(supervisor):
    add_grants(TODAY, supervisor)
    then = {
        name_on(funder, dt.date(2013, 8, 1)) for funder in Funder.objects.exclude(name__startswith="Exemple")
    }
    assert {"DIRECCTE 94", "Conseil général du Val-de-Marne", "Ville de Champigny-sur-Marne"} <= then
