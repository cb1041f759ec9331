"""Immersions and the network in a real browser: limits while typing, days recorded, and every page without a fault."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beneficiaries.models import TimeEntry
from confluences.enums import Role
from partners.models import Immersion
from tests.beneficiaries.factories import DAY, make_barrier, make_running_contract, today
from tests.browser.conftest import axe, fits, screenshot
from tests.partners.factories import make_immersion, make_partner, make_referral

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(django_db_serialized_rollback, transactional_db):
    return make_running_contract(days_left=100).beneficiary


def test_limits_are_checked_while_typing_then_days_are_recorded(signed_in, person):
    make_partner(name="Régie de quartier")
    page = signed_in(Role.SOCIAL_WORKER)
    page.goto(reverse("partners:immersion-create", args=[person.pk]))
    page.get_by_label("Structure d’accueil").select_option(label="Régie de quartier")
    page.get_by_label("Objet").select_option(value="discover")
    page.get_by_label("Métier").fill("Jardinier")
    page.get_by_label("Du*", exact=True).fill(f"{today() - 8 * DAY:%Y-%m-%d}")
    page.get_by_label("Au*", exact=True).fill(f"{today() + 40 * DAY:%Y-%m-%d}")
    limits = page.locator("#limites")
    expect(limits).to_contain_text("une convention dure un mois au plus")
    expect(limits.get_by_text("dépassé")).to_have_count(1)
    expect(limits).to_contain_text("L5135-1")
    page.get_by_label("Au*", exact=True).fill(f"{today():%Y-%m-%d}")
    expect(limits.get_by_text("dépassé")).to_have_count(0)
    # What was typed is kept as a draft, whose own form comes before the page's.
    expect(page.get_by_text("Brouillon enregistré")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Effacer le brouillon")).to_be_visible()
    expect(limits.get_by_text("respecté").first).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Pointer les journées").click()
    page.get_by_role("button", name="Enregistrer les journées").click()
    expect(page.get_by_text("journées sont enregistrées")).to_be_visible()
    assert TimeEntry.objects.filter(kind="immersion").count() == len(working_days(Immersion.objects.get()))


def working_days(immersion: Immersion) -> list:
    contract = immersion.beneficiary.contracts.get()
    days = [immersion.start + number * DAY for number in range((immersion.end - immersion.start).days + 1)]
    return [day for day in days if contract.planned_minutes(day)]


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_have_no_fault(signed_in, person, width):
    immersion = make_immersion(person, start=today() - 9 * DAY, end=today() - DAY, outcome="missed")
    referral = {"on": today(), "replied_on": today(), "effect": "reduced"}
    make_referral(person, make_partner(name="Bailleur"), **referral)
    make_barrier(person, axis="budget")
    page = signed_in(Role.SOCIAL_WORKER, width)
    names = ("detail", "days", "outcome", "edit")
    addresses = {each: reverse(f"partners:immersion-{each}", args=[immersion.pk]) for each in names}
    addresses |= {"network": reverse("partners:network"), "list": reverse("partners:immersion-list")}
    for name, address in addresses.items():
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        fits(page)
        axe(page)
        screenshot(page, f"immersion-{width}-{name}")
