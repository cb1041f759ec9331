"""A worksite at a glance: who is expected today, the places taken against those agreed, and when they free up."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.safestring import SafeString

from beneficiaries.models import NO_END
from beneficiaries.models.person import BeneficiaryQuerySet
from beneficiaries.reports import PersonRow
from confluences.dates import add_months
from confluences.formats import MONTHS, SHORT_MONTHS, french_date, number, short_date
from confluences.svg import PALETTE, box, percentage, svg, tag, text
from confluences.working_days import public_holiday
from worksites.equipment_reports import WorksiteEquipment, equipment_by_worksite
from worksites.models import Worksite
from worksites.models.equipment import EquipmentQuerySet
from worksites.plan_reports import DayPlan, day_plans
from worksites.reports import Team, teams

MONTHS_AHEAD = 6
SQUARE, STEP = 15, 18  # pixels
MOST_IN_A_COLUMN = 6


@dataclass(frozen=True)
class Departure:
    """Somebody whose place frees up after a day: the last one of the contract, or of the assignment here."""

    row: PersonRow
    day: dt.date


@dataclass(frozen=True)
class Site:
    """A worksite, its team and its day."""

    team: Team
    plans: Sequence[DayPlan]
    departures: Sequence[Departure]
    equipment: WorksiteEquipment | None
    today: dt.date

    @property
    def worksite(self) -> Worksite:
        return self.team.worksite

    @property
    def expected(self) -> int:
        return sum(plan.expected > 0 for plan in self.plans)

    @property
    def away(self) -> int:
        return sum(plan.is_away for plan in self.plans)

    @property
    def in_training(self) -> int:
        return sum(plan.in_training for plan in self.plans)

    @property
    def in_immersion(self) -> int:
        return sum(plan.immersion > 0 for plan in self.plans)

    @property
    def holiday(self) -> str | None:
        return public_holiday(self.today)

    @property
    def next_departure(self) -> Departure | None:
        return self.departures[0] if self.departures else None

    @property
    def team_rows(self) -> list[tuple[PersonRow, dt.date | None]]:
        """The team, with the day the assignment here ends where that frees the place before the contract's end."""
        early = {each.row.person.pk: each.day for each in self.departures if each.day != each.row.last_day}
        return [(row, early.get(row.person.pk)) for row in self.team.members]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the page says of the place itself."""
        worksite = self.worksite
        town = f"{worksite.postcode} {worksite.city}".strip()
        closed = [("Fermé le", french_date(worksite.closed_on))] if worksite.closed_on else []
        return [
            ("Adresse", ", ".join(part for part in (worksite.address, town) if part)),
            ("Ouvert depuis le", french_date(worksite.opened_on)),
            *closed,
            ("Encadrement", ", ".join(str(each) for each in worksite.instructors.all())),
        ]

    @property
    def free_words(self) -> str:
        free = self.team.free or 0
        return f"{number(free)} libre{'s' if free > 1 else ''}"

    @property
    def picture(self) -> SafeString:
        return places_picture(self)


def sites(
    worksites: Iterable[Worksite], people: BeneficiaryQuerySet, equipment: EquipmentQuerySet, today: dt.date
) -> list[Site]:
    """The worksites as they stand today, in a constant number of queries."""
    found = teams(worksites, people, today)
    members = [row.person for team in found for row in team.members]
    plans = day_plans(members, [today])
    held = equipment_by_worksite(equipment.filter(worksite__in=[team.worksite for team in found]), today)
    return [
        Site(
            team=team,
            plans=[plans[row.person.pk, today] for row in team.members],
            departures=departures(team, today),
            equipment=held.get(team.worksite.pk),
            today=today,
        )
        for team in found
    ]


def departures(team: Team, today: dt.date) -> list[Departure]:
    """Those whose place frees up on a day that is known, the first to leave first."""
    found = [Departure(row, _frees_after(row, today)) for row in team.present]
    return sorted(
        (each for each in found if each.day != NO_END), key=lambda each: (each.day, str(each.row.person))
    )


def _frees_after(row: PersonRow, today: dt.date) -> dt.date:
    ends: list[dt.date] = [
        each.end for each in row.person.assignments.all() if each.is_current(today) and each.end
    ]
    return min([row.last_day or NO_END, *ends])


@dataclass
class _Column:
    """The places that free up in a month, or are free already."""

    label: str
    spoken: str
    kind: str
    titles: list[str]


def places_picture(site: Site) -> SafeString:
    """A square for each place, in the month after which it is free again; the hollow ones are free today."""
    columns = _columns(site)
    per_row = 1 if max(len(column.titles) for column in columns) <= MOST_IN_A_COLUMN else 2
    height = max(-(-len(column.titles) // per_row) for column in columns) * STEP
    parts = []
    for index, column in enumerate(columns):
        middle = percentage(Fraction(100 * (2 * index + 1), 2 * len(columns)))
        parts += _draw(column, middle, per_row, height + 18)
    taken, places = site.team.taken, site.worksite.places
    known = f"{taken} place{'s' if taken > 1 else ''} prise{'s' if taken > 1 else ''}"
    if places is not None:
        known += f" sur {places}"
    spoken = " ; ".join(f"{column.spoken} : {len(column.titles)}" for column in columns if column.titles)
    return svg(
        parts,
        kind="places",
        label=f"Places de {site.worksite}",
        description=f"{known}. {spoken or 'Aucune place'}.",
        height=height + 42,
    )


def _columns(site: Site) -> list[_Column]:
    columns = []
    if site.worksite.places is not None:
        free = site.team.free or 0
        columns.append(_Column("libres", "libres aujourd’hui", "soft", ["place libre"] * free))
    months: dict[tuple[int, int], list[str]] = defaultdict(list)
    for departure in site.departures:
        months[departure.day.year, departure.day.month].append(
            f"{departure.row.person}, jusqu’au {short_date(departure.day)}"
        )
    for offset in range(MONTHS_AHEAD):
        month = add_months(site.today.replace(day=1), offset)
        titles = months.pop((month.year, month.month), [])
        spoken = f"se libèrent en {MONTHS[month.month - 1]} {month.year}"
        columns.append(_Column(SHORT_MONTHS[month.month - 1], spoken, "strong", titles))
    later = [title for titles in months.values() for title in titles]
    without_term = site.team.taken - len(site.departures)
    later += ["sans date connue"] * without_term
    return [*columns, _Column("après", "plus tard ou sans date connue", "medium", later)]


def _draw(column: _Column, middle: str, per_row: int, bottom: int) -> list[SafeString]:
    parts = []
    for place, title in enumerate(column.titles):
        row, across = divmod(place, per_row)
        shift = across * STEP - per_row * STEP // 2 + (STEP - SQUARE) // 2
        square = box(
            column.kind,
            "places",
            x=middle,
            y=bottom - (row + 1) * STEP,
            width=str(SQUARE),
            height=SQUARE,
            title=title,
        )
        parts.append(tag("g", square, transform=f"translate({shift})"))
    if column.titles:
        rows = -(-len(column.titles) // per_row)
        top = bottom - rows * STEP - 5
        parts.append(text(str(len(column.titles)), x=middle, y=top, size=13, weight=600, anchor="middle"))
    parts.append(text(column.label, x=middle, y=bottom + 16, size=12, anchor="middle", fill=PALETTE["muted"]))
    return parts
