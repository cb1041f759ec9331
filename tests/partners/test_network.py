"""The network of partners: each figure against its rows and against SQL, what is to be found, who sees what."""

import datetime as dt
import io
from fractions import Fraction
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from beneficiaries.support_enums import BarrierLevel, BarrierStatus, Theme
from confluences.enums import AuditEvent, Role
from partners.enums import BarrierEffect, Direction, PartnerKind, ReferralResult, ReferralStatus
from partners.network_reports import Period, network_of
from tests.beneficiaries.factories import DAY, make_barrier, make_beneficiary, make_running_contract, today
from tests.partners.factories import make_partner, make_referral, make_service

pytestmark = pytest.mark.django_db

D = dt.date
YEAR = Period(D(2024, 1, 1), D(2024, 12, 31))
HOUSING = "logement-hebergement--acheter-un-logement"


@pytest.fixture
def landlord(db):
    return make_partner(name="Bailleur")


def replied(person, partner, after: int, **fields):
    on = fields.get("on", D(2024, 3, 1))
    return make_referral(person, partner, replied_on=on + after * DAY, **fields)


def done(result, effect="") -> dict:
    return {
        "status": ReferralStatus.DONE,
        "closed_on": D(2024, 6, 1),
        "result": result,
        "effect": effect,
    }


@pytest.fixture
def some(landlord):
    """Of 2024: to the landlord three about housing and one about the budget, one from it; another year's, a cancelled one."""
    person = make_beneficiary()
    replied(person, landlord, 2, **done(ReferralResult.OBTAINED, BarrierEffect.LIFTED))
    replied(person, landlord, 9, **done(ReferralResult.PARTLY, BarrierEffect.REDUCED))
    make_referral(person, landlord)
    replied(person, landlord, 4, theme=Theme.BUDGET, status=ReferralStatus.DECLINED, closed_on=D(2024, 3, 5))
    replied(
        person, landlord, 1, direction=Direction.IN, **done(ReferralResult.OBTAINED, BarrierEffect.LIFTED)
    )
    make_referral(person, landlord, on=D(2023, 12, 31))
    make_referral(person, landlord, status=ReferralStatus.CANCELLED, closed_on=D(2024, 3, 2))
    return landlord


def figures(line) -> tuple[int, ...]:
    one = line.figures
    return (one.received, one.sent, one.replied, one.declined, one.obtained, one.lifted, one.reduced)


def test_figures_by_theme_and_by_partner(some, social_worker):
    network = network_of(social_worker, YEAR, today())
    assert [(line.label, figures(line)) for line in network.by_theme] == [
        ("Logement", (1, 3, 2, 0, 2, 1, 1)),
        ("Budget et dettes", (0, 1, 1, 1, 0, 0, 0)),
    ]
    assert [(line.label, line.pk, figures(line)) for line in network.by_partner] == [
        ("Bailleur", some.pk, (1, 4, 3, 1, 2, 1, 1))
    ]
    whole = network.whole.figures
    assert (whole.median_delay, whole.mean_delay) == (Fraction(4), Fraction(5))
    assert "2 réponses sur 3, en 5,5" in network.picture.replace("\u00a0", " ")


def test_figures_recounted_in_sql(some, social_worker):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT COUNT(*), COUNT(replied_on), SUM(CASE WHEN status = 'declined' THEN 1 ELSE 0 END),
               SUM(CASE WHEN result IN ('obtained', 'partly') THEN 1 ELSE 0 END),
               SUM(CASE WHEN effect = 'lifted' THEN 1 ELSE 0 END), SUM(CASE WHEN effect = 'reduced' THEN 1 ELSE 0 END)
               FROM partners_referral WHERE direction = 'out' AND status <> 'cancelled'
               AND "on" BETWEEN '2024-01-01' AND '2024-12-31'"""
        )
        by_hand = tuple(map(int, cursor.fetchone()))
    assert figures(network_of(social_worker, YEAR, today()).whole)[1:] == by_hand


def test_health_and_justice_are_counted_for_social_workers_alone(users, landlord):
    person = make_running_contract().beneficiary
    for theme in (Theme.HEALTH, Theme.JUSTICE, Theme.HOUSING):
        make_referral(person, landlord, theme=theme)
        make_barrier(person, axis=theme)
    seen = {}
    for role in (Role.SOCIAL_WORKER, Role.SUPERVISOR):
        network = network_of(users[role], YEAR, today())
        seen[role] = (network.whole.figures.sent, {wanted.theme for wanted in network.wanted})
    assert seen == {
        Role.SOCIAL_WORKER: (3, {Theme.HEALTH, Theme.JUSTICE, Theme.HOUSING}),
        Role.SUPERVISOR: (1, {Theme.HOUSING}),
    }


# What is to be found


def wanted(user) -> dict[Theme, tuple[int, str]]:
    found = network_of(user, YEAR, today()).wanted
    return {each.theme: (each.need.people, each.need.words) for each in found}


def test_a_need_without_partner_is_to_be_found(social_worker):
    assert wanted(social_worker) == {}
    for _each in range(2):
        make_barrier(make_running_contract().beneficiary, axis=Theme.HOUSING)
    make_barrier(make_running_contract().beneficiary, axis=Theme.BUDGET, level=BarrierLevel.MEDIUM)
    assert wanted(social_worker) == {
        Theme.HOUSING: (2, "aucun partenaire actif pour ce thème"),
        Theme.BUDGET: (1, "aucun partenaire actif pour ce thème"),
    }


def test_only_people_present_whose_latest_frein_is_medium_or_high(social_worker):
    here, gone = make_running_contract().beneficiary, make_beneficiary()
    make_barrier(gone)
    make_barrier(here, level=BarrierLevel.HIGH, assessed_on=today() - DAY)
    make_barrier(here, level=BarrierLevel.LOW)
    make_barrier(here, axis=Theme.BUDGET, level=BarrierLevel.LOW, status=BarrierStatus.LIFTED)
    assert wanted(social_worker) == {}


@pytest.mark.parametrize("by_service", [False, True])
def test_a_partner_is_found_once_it_has_answered(social_worker, by_service):
    person = make_running_contract().beneficiary
    make_barrier(person)
    themes = housing_themes()
    partner = make_partner(themes=() if by_service else themes)
    if by_service:
        make_service(partner, themes=themes)
    assert wanted(social_worker)[Theme.HOUSING][1] == "1 partenaire, jamais sollicité"
    make_referral(person, partner)
    assert wanted(social_worker)[Theme.HOUSING][1] == "1 partenaire, sollicité une fois, sans aucune réponse"
    replied(person, partner, 3)
    assert wanted(social_worker) == {}
    partner.closed_on = today()
    partner.save()
    assert wanted(social_worker)[Theme.HOUSING][1] == "aucun partenaire actif pour ce thème"


def test_a_partner_that_the_finder_proposes_is_one(social_worker):
    make_barrier(make_running_contract().beneficiary)
    make_partner(kind=PartnerKind.HOUSING)
    make_barrier(make_running_contract().beneficiary, axis=Theme.MOBILITY)
    assert {theme: words for theme, (_people, words) in wanted(social_worker).items()} == {
        Theme.HOUSING: "1 partenaire, jamais sollicité",
        Theme.MOBILITY: "aucun partenaire actif pour ce thème",
    }


def housing_themes() -> tuple[str, ...]:
    from_axis = make_partner().themes.model.objects.filter(axis=Theme.HOUSING)
    return tuple(from_axis.values_list("code", flat=True)[:2])


# The page and its files


def test_who_opens_the_network(clients):
    opened = {
        role for role, client in clients.items() if client.get(reverse("partners:network")).status_code == 200
    }
    assert opened == {Role.SOCIAL_WORKER, Role.SUPERVISOR}


def test_the_page_shows_a_period_and_begins_with_the_year(clients, some):
    client = clients[Role.SOCIAL_WORKER]
    page = client.get(reverse("partners:network"))
    assert page.context["network"].period == Period(D(today().year, 1, 1), D(today().year, 12, 31))
    assert "Aucune orientation pendant cette période" in page.content.decode()
    page = client.get(reverse("partners:network"), {"du": "2024-01-01", "au": "2024-12-31"}).content.decode()
    assert "Bailleur" in page
    refused = client.get(reverse("partners:network"), {"du": "2024-12-31", "au": "2024-01-01"})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "La période finit avant de commencer" in refused.content.decode()
    assert client.get(reverse("partners:network"), {"du": "1900-01-01"}).status_code == 422


def test_the_files_hold_a_row_for_each_theme_and_partner(clients, some):
    client = clients[Role.SOCIAL_WORKER]
    export = reverse("partners:network-export", args=["xlsx"])
    answer = client.get(export, {"du": "2024-01-01", "au": "2024-12-31"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    heads, *lines = [list(row) for row in sheet.iter_rows(min_row=7, values_only=True)]
    assert [line[:6] for line in lines] == [
        ["Budget et dettes", "Bailleur", 0, 1, 1, 4],
        ["Logement", "Bailleur", 1, 3, 2, 5.5],
    ]
    assert heads[3] == "Orientations envoyées"
    assert LogEntry.objects.filter(additional_data__event=AuditEvent.EXPORT).count() == 1
    assert client.get(export).url.startswith(reverse("partners:network"))
    assert client.get(export, {"du": "zz"}).url == reverse("partners:network")
    assert client.get(reverse("partners:network-export", args=["pdf"])).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("rows", [1, 3])
def test_the_network_costs_the_same_whatever_the_number(clients, django_assert_num_queries, rows):
    for _each in range(rows):
        person = make_running_contract().beneficiary
        replied(person, make_partner(), 3)
        make_barrier(person)
    client = clients[Role.SOCIAL_WORKER]
    period = {"du": "2024-01-01", "au": "2024-12-31"}
    client.get(reverse("partners:network"), period)
    with django_assert_num_queries(11):
        client.get(reverse("partners:network"), period)
