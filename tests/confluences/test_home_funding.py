"""The home page's panel of funders: what is due, to those who read grants, without any amount."""

import pytest
from django.urls import reverse

from confluences.enums import Role
from tests.beneficiaries.factories import DAY, today
from tests.funding.factories import make_grant, make_instalment, make_obligation

pytestmark = pytest.mark.django_db


def test_what_is_due_with_funders_shows_to_those_who_read_grants(clients):
    grant = make_grant(title="Exemple de subvention")
    make_obligation(grant, due=today() - DAY)
    make_instalment(grant, expected_on=today() + 30 * DAY)
    make_instalment(grant, expected_on=today() + 31 * DAY)
    for role, shown in ((Role.SUPERVISOR, 2), (Role.ADMINISTRATOR, 2), (Role.SOCIAL_WORKER, 0)):
        response = clients[role].get(reverse("home"))
        assert len(response.context["funding"]) == shown
        assert response.content.decode().count(f'href="{grant.get_absolute_url()}"') == shown
    supervisor = clients[Role.SUPERVISOR].get(reverse("home")).content.decode()
    assert "Avance à recevoir" in supervisor
    assert "5\u202f000" not in supervisor
