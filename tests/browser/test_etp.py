"""An annex's ETP page, filled: at both widths, as those who may read it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from confluences.enums import Role
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.browser.conftest import axe, fits, screenshot
from tests.conftest import user_of
from tests.worksites.factories import make_annex, make_assignment, make_worksite

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def annex(django_db_serialized_rollback, transactional_db):
    """Eight months of 2024 for four people, of an annex that runs until the end of 2026."""
    worksite = make_worksite(name="Champigny")
    annex = make_annex(number="ACI-94-2024", agreed_etp=Decimal(3))
    annex.worksites.add(worksite)
    for number, name in enumerate(("Amrani", "Bertin", "Coulibaly", "Diallo-Montgomery")):
        person = make_beneficiary(last_name=name, first_name="Exemple")
        make_contract(person, ended_early_on=dt.date(2024, 8, 20) if number == 3 else None)
        make_assignment(person, worksite)
        for month in range(1, 9):
            for day in range(8, 13):
                make_time(person, dt.date(2024, month, day), 1200 + 7 * number)
    for role in Role:
        user_of(role)
    return annex


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.SOCIAL_WORKER])
def test_annex_page(annex, signed_in, role, width):
    page = signed_in(role, width)
    page.goto(reverse("worksites:annex-detail", args=[annex.pk]))
    fits(page)
    axe(page)
    screenshot(page, f"etp-{role.value}-{width}")
    page.get_by_label("Mois", exact=True).select_option("mars 2024")
    page.get_by_role("button", name="Afficher").click()
    page.get_by_role("rowheader", name="Total, mars 2024").wait_for()
    axe(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_annex_form(annex, signed_in, width):
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(reverse("worksites:annex-edit", args=[annex.pk]))
    axe(page)
    screenshot(page, f"etp-form-{width}")
    page.get_by_label("octobre").check()
    page.get_by_label("novembre").uncheck()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("heading", name="Annexe ACI-94-2024").wait_for()
    annex.refresh_from_db()
    assert annex.regularisation_months == "5 8 10"


@pytest.mark.parametrize("width", [1280, 360])
def test_home_leads_to_the_annexes_in_force(annex, signed_in, width):
    today = timezone.localdate()
    make_annex(number="ACI-94-AN", start=today.replace(month=1, day=1), end=today.replace(month=12, day=31))
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(reverse("home"))
    axe(page)
    screenshot(page, f"etp-home-{width}")
    page.get_by_role("link", name="ETP réalisés, ACI-94-AN").click()
    page.get_by_role("heading", name="Annexe ACI-94-AN").wait_for()
    axe(page)
    page.goto(reverse("gallery"))
    page.get_by_role("img", name="ETP annuels cumulés").scroll_into_view_if_needed()
    axe(page)
