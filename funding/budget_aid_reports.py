"""The aide au poste of a calendar year, as the ETP of the annexes give it: the definition is that of worksites.etp_rules."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from worksites.control_reports import cents
from worksites.etp_reports import AnnexReport, annex_reports
from worksites.etp_rules import total
from worksites.models import FinancialAnnex


@dataclass(frozen=True)
class YearAid:
    """What the State is to pay for a year's agreed posts, and what the hours of its entered months justify.

    None where an amount is unknown; nothing is done before a month is entered.
    """

    planned: Decimal | None
    done: Decimal | None
    annexes: tuple[FinancialAnnex, ...]
    entered: int
    months: int

    @property
    def words(self) -> str:
        """What the amount done stands on."""
        if not self.entered:
            return "aucun mois saisi pour l’instant"
        return f"{self.entered} mois saisi{'s' * (self.entered > 1)} sur {self.months}"


def aid_by_year(years: Collection[int], today: dt.date) -> dict[int, YearAid]:
    """The aid of each of these years that an annex touches, in a constant number of queries."""
    if not years:
        return {}
    touched = FinancialAnnex.objects.filter(
        start__lte=dt.date(max(years), 12, 31), end__gte=dt.date(min(years), 1, 1)
    ).order_by("start", "number")
    reports = annex_reports(touched, today)
    found = {year: _year_aid(year, reports) for year in set(years)}
    return {year: aid for year, aid in found.items() if aid.annexes}


def _year_aid(year: int, reports: Collection[AnnexReport]) -> YearAid:
    """The months of all annexes that lie in the year. An annex that cannot be counted makes the year unknown."""
    of_year = [each for each in reports if each.annex.start.year <= year <= each.annex.end.year]
    months = [month for each in of_year for month in each.figures.months if month.first.year == year]
    entered = [month for month in months if month.is_entered]
    is_faulty = any(each.fault for each in of_year)
    planned = None if is_faulty else total(month.due for month in months)
    done = None if is_faulty or not entered else total(month.used for month in entered)
    return YearAid(
        planned=cents(planned),
        done=cents(done),
        annexes=tuple(each.annex for each in of_year),
        entered=len(entered),
        months=len(months),
    )
