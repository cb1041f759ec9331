"""An instructor's morning: today's presence of his or her worksites, and who is missing."""

import datetime as dt

from confluences.models import User
from worksites.models import Worksite
from worksites.permissions import can_read_annexes, can_record_presence
from worksites.presence_reports import PresenceDay, presence_days


def mornings(user: User, today: dt.date) -> list[PresenceDay] | None:
    """Today's presence of each worksite an instructor runs; None for those who steer all of them, or only read."""
    if can_read_annexes(user) or not can_record_presence(user):
        return None
    worksites = list(Worksite.objects.visible_to(user).open_on(today).filter(opened_on__lte=today))
    return presence_days(worksites, today, today) if worksites else []
