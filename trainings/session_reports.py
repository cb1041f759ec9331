"""What a new session begins with, and what the lists under its fields propose."""

import datetime as dt

from django.db.models import QuerySet

from confluences.dates import day_after
from trainings.models import Programme, Session

MOST_PROPOSED = 30  # places and trainers that a list proposes


def last_session(programme: Programme) -> Session | None:
    """The session whose times, place and trainer a new one begins with."""
    return Session.objects.filter(programme=programme).order_by("-day", "-start").first()


def known_places() -> list[str]:
    return _latest(Session.objects.exclude(place=""), "place")


def known_trainers() -> list[str]:
    return _latest(Session.objects.exclude(trainer=""), "trainer")


def _latest(sessions: QuerySet[Session], field: str) -> list[str]:
    return list(sessions.order_by(field).values_list(field, flat=True).distinct()[:MOST_PROPOSED])


def next_day(programme: Programme, today: dt.date) -> dt.date:
    """The day after the last session, or today: where a series goes on."""
    last = last_session(programme)
    return max(day_after(last.day), today) if last else today
