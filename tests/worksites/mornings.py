"""A morning of March 2024 as tests need it: who works, the addresses, and a tap."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.urls import reverse

from beneficiaries.models import TimeEntry
from beneficiaries.time_rules import write_cell
from tests.beneficiaries.factories import make_beneficiary, make_contract
from tests.worksites.factories import make_assignment

MONDAY = dt.date(2024, 3, 4)
NOW = dt.datetime(2024, 3, 4, 8, 0, tzinfo=ZoneInfo("Europe/Paris"))


def make_member(worksite, name="Amina", **contract):
    person = make_beneficiary(last_name="Exemple", first_name=name)
    make_contract(person, **{"work_days": "1234"} | contract)
    make_assignment(person, worksite)
    return person


def day_url(worksite, day=MONDAY):
    return f"{reverse('worksites:presence-day', args=[worksite.pk])}?jour={day.isoformat()}"


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def tap(client, worksite, person=None, *, day=MONDAY, seen="", htmx=True, **data):
    sent = {"jour": day.isoformat(), "seen": seen} | ({"person": person.pk} if person else {}) | data
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(reverse("worksites:presence-tap", args=[worksite.pk]), sent, headers=headers)


def cell_of(person) -> str:
    return write_cell(entry.part for entry in TimeEntry.objects.filter(beneficiary=person, start=None))


def split(client, entry, **data):
    return client.post(reverse("worksites:presence-split", args=[entry.pk]), data)
