"""What tests of partners share."""

import pytest
from django.http import HttpResponse
from django.urls import NoReverseMatch, clear_url_caches, path, reverse

from partners import urls

OTHERS = ("referral-detail", "immersion-detail")


@pytest.fixture
def other_pages(monkeypatch):
    """Pages that a partner's own page links to, where this installation does not have them."""
    missing = [name for name in OTHERS if not _exists(name)]
    stubs = [
        path(f"essai/{name}/<int:pk>/", lambda request, pk: HttpResponse(), name=name) for name in missing
    ]
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, *stubs])
    clear_url_caches()
    yield
    monkeypatch.undo()
    clear_url_caches()


def _exists(name: str) -> bool:
    try:
        return bool(reverse(f"partners:{name}", args=[1]))
    except NoReverseMatch:
        return False
