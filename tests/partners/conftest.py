"""What tests of partners share."""

import pytest
from django.urls import NoReverseMatch, reverse

from partners.models import Immersion, Referral

OTHERS = {"referral-detail": Referral, "immersion-detail": Immersion}


@pytest.fixture
def other_pages(monkeypatch):
    """Pages that a partner's own page links to, where this installation does not have them."""
    for name, model in OTHERS.items():
        try:
            reverse(f"partners:{name}", args=[1])
        except NoReverseMatch:
            monkeypatch.setattr(model, "get_absolute_url", lambda row: f"/essai/{row.pk}/")
