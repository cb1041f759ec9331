"""All grants on one axis of time."""

from django.shortcuts import render
from django.utils import timezone

from funding.models import Grant
from funding.timeline_forms import TimelineFilter
from funding.timeline_reports import timeline_page


def timeline(request):
    grants = Grant.objects.visible_to(request.user)
    chosen = TimelineFilter(request.GET, grants, request=request)
    is_valid = chosen.is_valid()
    found = chosen.qs if is_valid else grants.none()
    page = timeline_page(found, chosen.purchase if is_valid else None, grants, timezone.localdate())
    return render(request, "funding/timeline.html", {"filter": chosen, "page": page})
