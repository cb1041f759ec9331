"""Planning a purchase and applying the best combination of grants, in a real browser, at a desk and on a phone."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from confluences.dates import add_days
from confluences.enums import Role
from funding.models import Purchase
from tests.browser.conftest import axe, fits, screenshot
from tests.funding.factories import make_funder, make_grant, make_instalment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grants(transactional_db, django_db_serialized_rollback):
    """Two grants that cover 1 000 € together, each open on other days, and one that buys something else."""
    today = timezone.localdate()

    def give(title: str, since: int, until: int, **fields):
        period = {"eligible_start": add_days(today, since), "eligible_end": add_days(today, until)}
        return make_grant(
            make_funder(name=f"Exemple de {title}"), title=f"Exemple {title}", **period | fields
        )

    foundation = give("fondation", -100, 90, awarded=Decimal(600))
    town = give("commune", 10, 200, awarded=Decimal(5000), max_share=Decimal(50))
    give("région", -100, 200, pays_for="plants")
    make_instalment(foundation, expected=Decimal(600), expected_on=add_days(today, 120))
    make_instalment(town, expected=Decimal(5000), expected_on=add_days(today, -10))
    return foundation, town


@pytest.mark.parametrize("width", [1280, 360])
def test_from_the_plan_to_the_shares_and_the_time_axis(signed_in, grants, width):
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(reverse("funding:purchase-list"))
    page.get_by_role("link", name="Prévoir un achat").click()
    page.get_by_label("Achat").fill("Exemple de tondeuse")
    page.get_by_label("Prix (€)").fill("1 000,00")
    page.get_by_label("Délai de livraison (jours)").fill("15")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("L’achat est enregistré.")).to_be_visible()
    first = page.get_by_role("heading", name="1. Exemple fondation + Exemple commune")
    expect(first).to_be_visible()
    expect(page.get_by_text("ne paie pas de matériel")).to_be_visible()
    expect(
        page.get_by_text("à payer sur les fonds propres ou par une autre subvention").first
    ).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, f"purchase-{width}-planned")
    page.get_by_role("button", name="Appliquer cette combinaison").click()
    expect(page.get_by_text("La combinaison est appliquée")).to_be_visible()
    expect(page.get_by_text("appliquée", exact=True)).to_be_visible()
    axe(page)
    purchase = Purchase.objects.get()
    foundation, town = grants
    # What ends first pays first.
    assert dict(purchase.shares.values_list("grant", "amount")) == {foundation.pk: 600, town.pk: 400}
    page.get_by_role("link", name="Voir sur la frise").click()
    expect(page.get_by_text("sont toutes ouvertes du")).to_be_visible()
    expect(page.get_by_role("img", name="Subventions sur une même frise")).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, f"purchase-{width}-timeline")
