"""From somebody's freins to the partners that can lift them."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from beneficiaries.permissions import get_beneficiary, visible_themes
from beneficiaries.support_enums import Theme
from confluences.models import User
from confluences.navigation import Link
from partners.find_reports import finder


def find(request, pk):
    person = get_beneficiary(request.user, pk)
    theme = chosen_theme(request.user, request.GET.get("theme", ""))
    found = finder(request.user, person, timezone.localdate(), theme)
    here = reverse("partners:find", args=[person.pk])
    tabs = [Link(label="Ses freins", url=here, icon="", current=theme is None)]
    tabs += [
        Link(label=capfirst(each.label), url=f"{here}?theme={each.value}", icon="", current=each == theme)
        for each in found.themes
    ]
    return render(
        request, "partners/find.html", {"person": person, "found": found, "theme": theme, "tabs": tabs}
    )


def chosen_theme(user: User, value: str) -> Theme | None:
    """The theme of an address; one that does not exist and one that is not this user's to see answer the same."""
    if not value:
        return None
    theme = next((each for each in visible_themes(user) if each.value == value), None)
    if theme is None:
        raise Http404
    return theme
