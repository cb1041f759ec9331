"""What every page needs around its content."""

from django.utils.functional import SimpleLazyObject

from confluences.models import Structure
from confluences.navigation import navigation, section


def layout(request):
    """The rail, the places beside the page, and the association. All wait until a template asks: a fragment refreshed alone needs neither."""
    return {
        "navigation": SimpleLazyObject(lambda: _links(navigation, request)),
        "section": SimpleLazyObject(lambda: _links(section, request)),
        "structure": SimpleLazyObject(Structure.current),
    }


def _links(of, request):
    user = getattr(request, "user", None)  # missing when a middleware answers before accounts are known
    if user is None or not user.is_authenticated:
        return []
    return of(user, request.path)
