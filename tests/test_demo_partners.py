"""The demonstration's partners: those of the association's public sheet, with nothing invented about them."""

import datetime as dt

import pytest
from django.utils import timezone

from confluences import demo
from partners.enums import PartnerKind
from partners.models import Contact, Partner
from worksites.models import JobOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def _loaded(db):
    demo.load(timezone.localdate())


@pytest.mark.usefixtures("_loaded")
def test_partners_are_those_of_the_sheet_and_the_clients_of_the_jobs():
    # The State's office is there as a funder, with the names it bore.
    real = Partner.objects.exclude(name__contains="(exemple)").exclude(name__startswith="DRIEETS")
    assert real.count() == 10
    assert not real.filter(kind=PartnerKind.CLIENT).exists()
    # Nothing that the sheet does not say.
    invented = ("phone", "email", "siret", "address", "website", "opening_hours", "agreement_reference")
    assert [name for name in invented if real.exclude(**{name: ""}).exists()] == []
    assert not Contact.objects.exists()
    assert {job.client.kind for job in JobOrder.objects.select_related("client")} == {PartnerKind.CLIENT}
    assert all(partner.themes.exists() for partner in real)
    # Names follow the date.
    work, county = (
        Partner.objects.get(name__startswith=name) for name in ("France Travail", "Conseil départemental")
    )
    assert [work.name_on(day) for day in (dt.date(2023, 12, 31), dt.date(2024, 1, 1))] == [
        "Pôle emploi",
        "France Travail",
    ]
    assert county.name_on(dt.date(2015, 3, 31)) == "Conseil général du Val-de-Marne"
