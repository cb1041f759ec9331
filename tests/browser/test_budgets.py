"""A budget typed in its grid, until both sides meet; and two people who type the same line."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from confluences.enums import Role
from funding.models import BudgetLine
from tests.browser.conftest import fits, settled
from tests.funding.factories import make_budget, make_line

pytestmark = pytest.mark.django_db(transaction=True)


def entry(page, name: str):
    return page.get_by_role("group", name=name, exact=True).first


@pytest.mark.parametrize("width", [1280, 360])
def test_a_budget_is_typed_until_it_balances(signed_in, width):
    budget = make_budget()
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(budget.get_absolute_url())
    page.get_by_role("link", name="Saisir les charges").click()
    entry(page, "641 Rémunération des personnels").get_by_label("Prévu (€)").fill("12 500,50")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("il manque 12 500,50 € de produits").first).to_be_visible()
    page.get_by_role("link", name="Saisir les produits").click()
    commune = entry(page, "74-5 Communes")
    commune.get_by_label("Précision").fill("Exemple-Ville")
    commune.get_by_label("Prévu (€)").fill("12500,5")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("équilibré").first).to_be_visible()
    settled(page)
    fits(page)


def test_two_people_on_one_line_see_both_amounts(signed_in):
    budget = make_budget()
    line = make_line(budget, "641", planned=1000)
    page = signed_in(Role.SUPERVISOR)
    page.goto(reverse("funding:line-edit", args=[budget.pk, "charges"]))
    entry(page, "641 Rémunération des personnels").get_by_label("Prévu (€)").fill("1200")
    BudgetLine.objects.filter(pk=line.pk).update(planned=1300, version=2)
    page.get_by_role("button", name="Enregistrer").click()
    table = page.get_by_role("region", name="Les deux saisies, champ par champ")
    expect(table).to_contain_text("1 300,00 €")
    expect(table).to_contain_text("1 200,00 €")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name=str(budget))).to_be_visible()
    line.refresh_from_db()
    assert line.planned == 1200
