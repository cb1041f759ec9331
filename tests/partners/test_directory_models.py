"""How partners are found: by name, former name, place, theme and agreement."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from confluences.actions import Conflict, save_recorded
from partners.actions import client_named, delete_part, save_partner
from partners.directory_rules import FormerName, agreement_state
from partners.enums import AgreementState, PartnerKind
from partners.models import Partner
from tests.partners.factories import make_contact, make_partner, make_service

D = dt.date
TODAY = D(2026, 6, 1)
RENT = "logement-hebergement--louer-un-logement"
SIRET = "73282932000074"

pytestmark = pytest.mark.django_db


def named(*names: str, **fields) -> Partner:
    """A partner with the names it bore, each until the end of a year."""
    present, *former = names
    rows = [FormerName(D(2010 + number, 12, 31), name) for number, name in enumerate(former)]
    return save_partner(make_partner(name=present, **fields), by=None, former_names=rows)


def test_a_partner_is_found_by_a_former_name():
    partner = named("France Travail", "Pôle emploi", city="Créteil")
    make_partner(name="Pôle santé")
    assert list(Partner.objects.matching("pole emploi creteil")) == [partner]
    assert list(Partner.objects.named("POLE EMPLOI")) == [partner]


def test_named_means_the_whole_name_alone_or_with_the_town_or_the_siret():
    fresnes = make_partner(name="Mission locale", city="Fresnes", siret=SIRET)
    make_partner(name="Mission locale", city="Orly")
    make_partner(name="Mission locale rurale")
    assert Partner.objects.named("mission LOCALE").count() == 2
    for typed in ("Mission locale, Fresnes", "732 829 320 00074"):
        assert list(Partner.objects.named(typed)) == [fresnes]
    for typed in ("Mission", "", "!", "73282932000075"):
        assert not Partner.objects.named(typed).exists()


@pytest.mark.parametrize("typed", ["fresnes", "FRES", "94260", "94", "villejuif"])
def test_a_place_is_a_town_its_postcode_or_a_town_served(typed):
    partner = make_partner(city="Fresnes", postcode="94260", places_served="Orly, Villejuif")
    make_partner(city="Créteil", postcode="77000", places_served="Meaux")
    assert list(Partner.objects.in_place(typed)) == [partner]


def test_a_place_without_accents_and_one_that_means_nothing():
    partner = make_partner(city="Créteil")
    assert list(Partner.objects.in_place("creteil")) == [partner]
    assert not Partner.objects.in_place("!!").exists()


def test_a_theme_is_the_partner_s_or_one_of_its_services_and_a_family_is_all_its_themes():
    own, by_service = make_partner(themes=(RENT,)), make_partner()
    make_service(by_service, themes=(RENT,))
    make_service(by_service, themes=(RENT,))
    make_partner(themes=("sante--addictions",))
    for code in (RENT, "logement-hebergement"):
        assert set(Partner.objects.with_theme(code)) == {own, by_service}
        assert Partner.objects.with_theme(code).count() == 2
    assert not Partner.objects.with_theme("logement").exists()


@pytest.mark.parametrize("state", AgreementState)
def test_the_database_and_the_rule_agree_on_agreements(state):
    days = [None, *(TODAY + dt.timedelta(days=days) for days in (-90, -1, 0, 1, 60, 61, 90))]
    for start in days:
        for end in days:
            if start is None or end is None or start <= end:
                make_partner(agreement_start=start, agreement_end=end)
    states = {state} | ({AgreementState.ENDING} if state == AgreementState.IN_FORCE else set())
    expected = {
        partner.pk
        for partner in Partner.objects.all()
        if agreement_state(partner.agreement_start, partner.agreement_end, TODAY) in states
    }
    assert set(Partner.objects.with_agreement(state, TODAY).values_list("pk", flat=True)) == expected
    assert expected


def test_former_names_given_become_all_that_it_has():
    partner = named("France Travail", "Pôle emploi", "ANPE")
    save_partner(partner, by=None, former_names=[FormerName(D(2010, 12, 31), "Pôle Emploi")])
    assert [(each.name, each.valid_until) for each in partner.former_names.all()] == [
        ("Pôle Emploi", D(2010, 12, 31))
    ]
    save_partner(partner, by=None)
    assert partner.former_names.count() == 1


def test_a_client_is_known_by_its_name_or_new():
    partner = make_partner(name="Ville d’Orly")
    assert client_named(" VILLE  d'Orly ") == partner
    new = client_named("Lycée  du Parc")
    assert (new.pk, new.name, new.kind) == (None, "Lycée du Parc", PartnerKind.CLIENT)


def test_a_client_that_several_may_be_is_refused_unless_one_alone_still_exists():
    first, second = make_partner(name="Mairie", city="Orly"), make_partner(name="Mairie", city="Fresnes")
    with pytest.raises(ValidationError, match="ajoutez la commune"):
        client_named("mairie")
    assert client_named("mairie Orly") == first
    second.closed_on = D(2020, 1, 1)
    save_recorded(second, by=None)
    assert client_named("mairie") == first


def test_a_siret_that_nobody_has_is_no_name():
    with pytest.raises(ValidationError, match="Aucun partenaire n’a le SIRET"):
        client_named("732 829 320 00074")


def test_a_part_that_somebody_changed_meanwhile_is_not_deleted():
    for part in (make_contact(), make_service()):
        stale = type(part).objects.get()
        save_recorded(part, by=None)
        with pytest.raises(Conflict):
            delete_part(stale)
        delete_part(part)
        delete_part(part)
        assert not type(part).objects.exists()
