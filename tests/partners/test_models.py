"""What the directory, referrals and immersions always hold."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from beneficiaries.support_enums import Theme
from confluences.enums import Role
from partners.actions import save_partner
from partners.enums import ReferralResult, ReferralStatus
from partners.models import Partner, PartnerName, Referral, ServiceTheme
from tests.beneficiaries.factories import make_beneficiary
from tests.partners.factories import make_immersion, make_partner, make_referral

D = dt.date

pytestmark = pytest.mark.django_db


def refusal(make, **fields) -> str:
    with pytest.raises(ValidationError) as refused:
        make(**fields)
    return refused.value.messages[0]


def test_the_national_themes_are_there():
    assert ServiceTheme.objects.count() == 69
    assert ServiceTheme.objects.values("family").distinct().count() == 16
    justice = ServiceTheme.objects.get(code__endswith="--prendre-en-compte-une-problematique-judiciaire")
    assert (justice.axis, justice.family) == (Theme.JUSTICE, "Difficultés administratives ou juridiques")


def test_a_siret_that_fails_its_check_is_refused():
    make_partner(siret="73282932000074")
    assert "SIRET" in refusal(make_partner, siret="73282932000075")


def test_a_name_follows_the_date():
    partner = make_partner(name="France Travail")
    PartnerName.objects.create(partner=partner, name="ANPE", valid_until=D(2008, 12, 31))
    PartnerName.objects.create(partner=partner, name="Pôle emploi", valid_until=D(2023, 12, 31))
    names = [partner.name_on(day) for day in (D(2008, 12, 31), D(2009, 1, 1), D(2023, 12, 31), D(2024, 1, 1))]
    assert names == ["ANPE", "Pôle emploi", "Pôle emploi", "France Travail"]


def test_a_partner_is_found_without_accents_or_order():
    partner = make_partner(name="Régie de quartier", city="Fresnes")
    make_partner(name="Régie des eaux", city="Orly")
    assert list(Partner.objects.matching("FRESNES regie")) == [partner]
    assert list(Partner.objects.matching("  ")) == []


def test_an_agreement_ends_after_it_starts():
    assert refusal(make_partner, agreement_start=D(2024, 2, 1), agreement_end=D(2024, 1, 31)) == (
        "La convention se termine avant de commencer : vérifiez les deux dates."
    )


def test_what_is_changed_here_is_ours():
    partner = make_partner(source="dora", source_id="1", phone="01", own_fields=["name"])
    partner.phone = "02"
    save_partner(partner, by=None, themes=[])
    partner.refresh_from_db()
    assert partner.own_fields == ["name", "phone"]


def test_what_was_only_typed_here_notes_nothing():
    partner = make_partner(phone="01")
    partner.phone = "02"
    assert save_partner(partner, by=None).own_fields == []


def test_health_and_justice_are_for_social_workers(users):
    person = make_beneficiary()
    health = make_referral(person, theme=Theme.HEALTH)
    housing = make_referral(person, theme=Theme.HOUSING)
    seen = {role: set(Referral.objects.visible_to(user)) for role, user in users.items()}
    assert seen == {
        Role.SOCIAL_WORKER: {health, housing},
        Role.SUPERVISOR: {housing},
        Role.INSTRUCTOR: set(),
        Role.ADMINISTRATOR: set(),
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"status": ReferralStatus.DONE},
        {"closed_on": D(2024, 4, 1)},
        {"result": ReferralResult.OBTAINED},
        {"due": D(2024, 2, 29)},
        {"replied_on": D(2024, 2, 29)},
    ],
)
def test_a_referral_that_contradicts_itself_is_refused(fields):
    refusal(make_referral, **fields)


def test_immersions_of_one_person_do_not_overlap():
    person = make_beneficiary()
    make_immersion(person, start=D(2024, 3, 4), end=D(2024, 3, 8))
    make_immersion(person, start=D(2024, 3, 9), end=D(2024, 3, 12))
    assert refusal(make_immersion, beneficiary=person, start=D(2024, 3, 8), end=D(2024, 3, 8)) == (
        "La personne est déjà en immersion pendant cette période."
    )
