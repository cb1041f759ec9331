"""The home page: the referrals that nobody has answered."""

import pytest

from beneficiaries.support_enums import Theme
from confluences.formats import short_date
from confluences.home_support import WorkerHome
from confluences.models import User
from tests.beneficiaries.factories import DAY, make_beneficiary, today
from tests.confluences.test_home import counts, home, page
from tests.partners.factories import make_partner, make_referral

pytestmark = pytest.mark.django_db


def test_referrals_late_or_silent_are_asked_about(social_worker):
    colleague = User.objects.create_user("claire@example.org", "x")
    person = make_beneficiary(referent=social_worker)
    landlord = make_partner(name="Bailleur")
    make_referral(person, landlord, on=today() - 20 * DAY, due=today() - 3 * DAY)
    make_referral(person, landlord, on=today() - 16 * DAY, theme=Theme.HEALTH)
    make_referral(person, landlord, on=today() - 3 * DAY)
    make_referral(make_beneficiary(referent=colleague), on=today() - 20 * DAY)
    lines = home(social_worker).referrals
    assert [(line.when, line.what, line.chip.label) for line in lines] == [
        (short_date(today() - 3 * DAY), "logement · vers Bailleur", "réponse attendue depuis 3 jours"),
        (short_date(today() - 16 * DAY), "santé · vers Bailleur", "sans nouvelle depuis 16 jours"),
    ]
    html = page(social_worker)
    assert counts(html)["Orientations sans réponse"] == "2"
    assert "2 orientations sans réponse" in html
    assert len(WorkerHome(social_worker, today(), everybody=True).referrals) == 3
