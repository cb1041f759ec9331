"""What those who steer find on the home page: the ETP of the annexes in force, what is due with funders, the cash to come."""

import datetime as dt
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.safestring import SafeString

from confluences.models import User
from funding.cash_page_reports import LineSentence, drawn, sentence
from funding.cash_reports import cash_forecast
from funding.due_reports import DueLine, due_lines
from funding.permissions import can_read_cash, can_read_funding
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


@dataclass(frozen=True)
class CashTile:
    """The cash curve at a glance, and what becomes of the balance; nothing before a balance is typed."""

    curve: SafeString | None = None
    sentences: list[LineSentence] = field(default_factory=list)


def cash_tile(user: User, today: dt.date) -> CashTile | None:
    """Said of what is certain and of what is likely; what is asked for stands on the page alone."""
    if not can_read_cash(user):
        return None
    forecast = cash_forecast(today)
    if forecast.balance is None:
        return CashTile()
    return CashTile(drawn(forecast.curve), [sentence(line) for line in forecast.curve.lines[:2]])
