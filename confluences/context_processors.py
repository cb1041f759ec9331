"""What every page needs around its content."""

from django.utils.functional import SimpleLazyObject

from confluences.models import Structure
from confluences.navigation import navigation


def layout(request):
    """The rail and the association. Both wait until a template asks: a fragment refreshed alone needs neither."""
    return {
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "structure": SimpleLazyObject(Structure.current),
    }


def _navigation(request):
    user = getattr(request, "user", None)  # missing when a middleware answers before accounts are known
    if user is None or not user.is_authenticated:
        return []
    return navigation(user, request.path)
