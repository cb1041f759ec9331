"""What those who steer find on the home page: the ETP of the annexes in force, what is due with funders."""

import datetime as dt

from django.urls import reverse

from confluences.models import User
from funding.due_reports import DueLine, due_lines
from funding.permissions import can_read_funding
from worksites.etp_headline_reports import Headline, home_headline
from worksites.etp_reports import current_annexes
from worksites.permissions import can_read_annexes


def etp_tiles(user: User, today: dt.date) -> list[tuple[Headline, str]]:
    """One figure per annex in force, and the page it leads to."""
    if not can_read_annexes(user):
        return []
    return [
        (home_headline(report), reverse("worksites:annex-detail", args=[report.annex.pk]))
        for report in current_annexes(today)
    ]


def funding_lines(user: User, today: dt.date) -> list[DueLine]:
    """What is late with funders or due within 30 days; no query for whoever does not read grants."""
    return due_lines(user, today) if can_read_funding(user) else []
