"""From a frein to the partners that can lift it: which ones, in which order, why, at what cost."""

import datetime as dt

import pytest
from django.urls import reverse

from beneficiaries.support_enums import BarrierLevel, BarrierStatus, Theme
from confluences.enums import Role
from partners import find_reports
from partners.enums import PartnerKind
from partners.find_reports import SHOWN_PER_FREIN, finder
from tests.beneficiaries.factories import DAY, make_barrier, make_beneficiary, make_contract, make_step, today
from tests.partners.factories import make_partner, make_referral, make_service
from tests.worksites.factories import make_assignment, make_worksite

pytestmark = pytest.mark.django_db

RENT, DEBTS = (
    "logement-hebergement--louer-un-logement",
    "difficultes-financieres--situation-dendettement-surendettement",
)


@pytest.fixture
def person():
    """Somebody who lives at Créteil, works at Fresnes, and for whom housing and debts hinder."""
    person = make_beneficiary(city="Créteil", postcode="94000")
    make_contract(person, start=today() - 30 * DAY, end=today() + 300 * DAY)
    make_assignment(person, make_worksite(city="Fresnes", postcode="94260"), start=today() - 30 * DAY)
    make_barrier(person, axis=Theme.BUDGET, level=BarrierLevel.MEDIUM)
    make_barrier(person, axis=Theme.HOUSING, level=BarrierLevel.HIGH)
    make_barrier(person, axis=Theme.MOBILITY, level=BarrierLevel.LOW)
    make_barrier(person, axis=Theme.FAMILY, level=BarrierLevel.NONE, status=BarrierStatus.LIFTED)
    return person


def needs(user, person, theme=None):
    return {need.theme: need for need in finder(user, person, today(), theme).needs}


def names(need) -> list[str]:
    return [proposal.partner.name for proposal in need.proposals]


def address(person, query: str = "") -> str:
    return reverse("partners:find", args=[person.pk]) + query


def test_the_heaviest_frein_comes_first(social_worker, person):
    assert list(needs(social_worker, person)) == [Theme.HOUSING, Theme.BUDGET]
    assert list(needs(social_worker, person, Theme.JOB_SEARCH)) == [Theme.JOB_SEARCH]


def test_themes_services_and_kind_fit(social_worker, person):
    make_partner(name="Par thème", themes=(RENT,))
    make_service(make_partner(name="Par service"), themes=(RENT,), name="Bail glissant")
    make_partner(name="Par nature", kind=PartnerKind.HOUSING)
    make_partner(name="Autre thème", themes=(DEBTS,))
    make_partner(name="Fermé", themes=(RENT,), closed_on=today())
    found = needs(social_worker, person)
    assert names(found[Theme.HOUSING]) == ["Par service", "Par thème", "Par nature"]
    assert names(found[Theme.BUDGET]) == ["Autre thème"]
    why = [proposal.why for proposal in found[Theme.HOUSING].proposals]
    assert why == [
        "Propose « Bail glissant ».",
        "Aide sur le thème « logement ».",
        "Nature : logement.",
    ]


def test_place_past_and_agreement_order_them(social_worker, person):
    far = make_partner(name="Loin", themes=(RENT,), city="Paris", postcode="75011", agreement_start=today())
    make_partner(name="Au chantier", themes=(RENT,), city="Fresnes", postcode="94260")
    proved = make_partner(name="Éprouvé", themes=(RENT,), city="Créteil", postcode="94000")
    make_referral(
        None, proved, status="done", closed_on=dt.date(2024, 4, 1), result="obtained", effect="lifted"
    )
    deaf = make_partner(name="Sourd", themes=(RENT,), city="Fresnes", postcode="94260")
    make_referral(None, deaf, on=today() - 40 * DAY)
    found = needs(social_worker, person)[Theme.HOUSING]
    assert names(found) == ["Éprouvé", "Au chantier", "Sourd", "Loin"]
    why = {proposal.partner.name: proposal.why for proposal in found.proposals}
    assert why == {
        "Éprouvé": "Aide sur le thème « logement » ; à Créteil, où la personne habite ; "
        "1 orientation déjà faite, 1 a abouti, 1 frein levé.",
        "Au chantier": "Aide sur le thème « logement » ; à Fresnes, où la personne travaille.",
        "Sourd": "Aide sur le thème « logement » ; à Fresnes, où la personne travaille ; "
        "1 orientation déjà faite, 1 restée sans nouvelle.",
        "Loin": "Aide sur le thème « logement » ; dans un autre département (Paris) ; convention en cours.",
    }
    assert far.has_agreement(today())


def test_distance_from_where_partners_of_the_town_are(social_worker, person):
    make_partner(name="Mairie", city="FRESNES", postcode="94260", latitude=48.7553, longitude=2.3219)
    make_partner(
        name="Antony",
        themes=(RENT,),
        city="Antony",
        postcode="92160",
        agreement_start=today(),
        latitude=48.7553,
        longitude=2.3019,
    )
    [proposal] = needs(social_worker, person)[Theme.HOUSING].proposals
    assert proposal.why == (
        "Aide sur le thème « logement » ; à 1\u00a0km de là où la personne travaille (Antony) ; convention en cours."
    )


def test_a_national_directory_is_read_near_the_person_alone(social_worker, person):
    for number, postcode in enumerate(("75011", "94000", "", "92160", "97400")):
        make_partner(
            name=f"N{number}", themes=(RENT,), postcode=postcode, source="dora", source_id=f"{number}"
        )
    assert set(names(needs(social_worker, person)[Theme.HOUSING])) == {"N1", "N2"}
    person.city = person.postcode = ""
    person.save()
    person.assignments.all().delete()
    assert len(names(needs(social_worker, person)[Theme.HOUSING])) == SHOWN_PER_FREIN


@pytest.mark.parametrize(
    "known",
    [
        {"agreement_start": dt.date(2024, 1, 1)},
        {"places_served": "Fresnes"},
        {"postcode": "94260"},
        {"source": "", "source_id": ""},
    ],
)
def test_of_a_large_directory_those_known_or_near_are_read_first(social_worker, person, known, monkeypatch):
    monkeypatch.setattr(find_reports, "MOST_CANDIDATES", 2)
    place = {"themes": (RENT,), "postcode": "94500", "source": "dora"}
    for number in range(3):
        make_partner(name=f"A{number}", source_id=f"{number}", **place)
    make_partner(**place | {"name": "Zèle", "source_id": "9"} | known)
    assert "Zèle" in names(needs(social_worker, person)[Theme.HOUSING])


def test_health_counts_for_those_who_see_it(social_worker, supervisor, person):
    partner = make_partner(name="CSAPA", kind=PartnerKind.HEALTH)
    make_barrier(person, axis=Theme.HEALTH, level=BarrierLevel.HIGH)
    make_referral(None, partner, theme=Theme.HEALTH, on=today())
    assert "1 orientation déjà faite" in needs(social_worker, person)[Theme.HEALTH].proposals[0].why
    assert Theme.HEALTH not in needs(supervisor, person)
    assert Theme.HEALTH not in finder(supervisor, person, today()).themes


def test_a_referral_under_way_is_shown_in_place_of_the_button(clients, person):
    partner = make_partner(name="Bailleur", themes=(RENT,))
    html = clients[Role.SOCIAL_WORKER].get(address(person)).content.decode()
    assert ('name="quick"' in html, "Déjà orienté" in html) == (True, False)
    make_referral(person, partner, on=today())
    html = clients[Role.SOCIAL_WORKER].get(address(person)).content.decode()
    assert ('name="quick"' in html, f"Déjà orienté le {today():%d/%m/%Y}" in html) == (False, True)


def test_one_click_from_the_page(clients, person):
    partner = make_partner(name="Bailleur", themes=(RENT,))
    service = make_service(partner, themes=(RENT,))
    step = make_step(person, theme=Theme.HOUSING)
    social = clients[Role.SOCIAL_WORKER]
    html = social.get(address(person)).content.decode()
    for name, value in (("service", service.pk), ("step", step.pk), ("partner", partner.pk)):
        assert f'name="{name}" value="{value}"' in html
    assert f"?theme=housing&amp;partner={partner.pk}&amp;service={service.pk}&amp;step={step.pk}" in html


def test_the_supervisor_reads_without_buttons(clients, person):
    make_partner(name="Bailleur", themes=(RENT,))
    html = clients[Role.SUPERVISOR].get(address(person)).content.decode()
    assert ("Bailleur" in html, 'name="quick"' in html) == (True, False)


def test_no_link_leads_to_an_import_that_is_not_ones_own(clients, person):
    html = clients[Role.SOCIAL_WORKER].get(address(person)).content.decode()
    assert ("Personne de l’annuaire" in html, reverse("partners:national-import") in html) == (True, False)


def test_nobody_for_a_theme_says_so(clients, person):
    html = clients[Role.SOCIAL_WORKER].get(address(person)).content.decode()
    assert html.count("Aucun partenaire pour") == 2


def test_somebody_without_frein_or_place(clients):
    html = clients[Role.SOCIAL_WORKER].get(address(make_beneficiary())).content.decode()
    assert "Aucun frein moyen ou fort" in html
    assert "classés sans tenir compte de la distance" in html


@pytest.mark.parametrize("query", ["?theme=zz", "?theme=%00", f"?theme={'x' * 500}"])
def test_a_theme_that_does_not_exist(clients, person, query):
    assert clients[Role.SOCIAL_WORKER].get(address(person, query)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same(clients, person, django_assert_num_queries, count):
    for number in range(count):
        partner = make_partner(
            themes=(RENT, DEBTS), latitude=48.7, longitude=2.3, city="Fresnes", postcode="94260"
        )
        make_service(partner, themes=(RENT,))
        make_service(partner, themes=(RENT, DEBTS))
        make_referral(None, partner, on=today() - number * 20 * DAY)
        make_referral(person, make_partner(themes=(RENT,)))
        make_step(person)
    social = clients[Role.SOCIAL_WORKER]
    social.get(address(person))
    with django_assert_num_queries(17):
        social.get(address(person))
