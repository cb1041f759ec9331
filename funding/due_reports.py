"""What is due with funders: what they are owed, and what they owe; late, or within 30 days."""

import datetime as dt
from dataclasses import dataclass

from confluences.dates import add_days
from confluences.formats import days_ago, days_ahead
from confluences.models import User
from funding.enums import GrantStatus
from funding.grant_rules import SOON_DAYS
from funding.models import Grant, Instalment, Obligation


@dataclass(frozen=True)
class DueLine:
    """One thing due: a paper to render to a funder, or an instalment to receive. No amount: it may be read by anybody."""

    day: dt.date
    what: str
    grant: Grant
    to_receive: bool
    today: dt.date

    @property
    def is_late(self) -> bool:
        return self.day < self.today

    @property
    def when(self) -> str:
        days = (self.day - self.today).days
        return days_ago(-days) if days < 0 else days_ahead(days)


def due_lines(user: User, today: dt.date) -> list[DueLine]:
    """All that is late or due within 30 days, the most urgent first; nothing for whoever does not read grants."""
    until = add_days(today, SOON_DAYS)
    grants = Grant.objects.visible_to(user)
    owed = Obligation.objects.waiting().filter(grant__in=grants, due__lte=until)
    expected = Instalment.objects.filter(
        grant__in=grants.filter(status=GrantStatus.AWARDED), received_on=None, expected_on__lte=until
    )
    lines = [
        DueLine(each.due, each.title or each.get_kind_display(), each.grant, False, today)
        for each in owed.select_related("grant__funder")
    ]
    lines += [
        DueLine(each.expected_on, f"{each.get_kind_display()} à recevoir", each.grant, True, today)
        for each in expected.select_related("grant__funder")
        if each.expected_on
    ]
    return sorted(lines, key=lambda line: (line.day, line.grant.pk, line.to_receive))
