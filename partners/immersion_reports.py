"""Immersions as pages, files and figures show them: how each stands, its limits, its hours, a year of them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from beneficiaries.models import Beneficiary, Contract, TimeEntry
from beneficiaries.models.time_entry import TimeEntryQuerySet
from beneficiaries.reports import Status
from beneficiaries.time_enums import TimeKind
from confluences.charts import Bar, Layer
from confluences.exports import Column
from confluences.formats import HARD_SPACE, days_ahead, duration, hours_and_minutes, number, short_date
from confluences.measures import Measure, measures
from confluences.models import User
from partners.enums import ImmersionOutcome, ImmersionPurpose
from partners.immersion_rules import (
    Employment,
    Limit,
    Placement,
    Renewed,
    limits,
    renewal_fault,
    working_days_of,
)
from partners.models import Immersion
from partners.models.immersion import ImmersionQuerySet

OUTCOME_KINDS = {
    ImmersionOutcome.REACHED: "ok",
    ImmersionOutcome.MISSED: "soon",
    ImmersionOutcome.BROKEN_OFF: "neutral",
}
# Short enough to stand beside a bar on a phone.
PURPOSE_NAMES = {
    ImmersionPurpose.DISCOVER: "découvrir un métier",
    ImmersionPurpose.CONFIRM: "confirmer un projet",
    ImmersionPurpose.RECRUIT: "initier un recrutement",
}
# An immersion that ends within a week is time to meet the host.
ENDING_DAYS = 7


@dataclass(frozen=True)
class ImmersionRow:
    """One immersion on a day; `done` are the minutes that presence recorded there."""

    immersion: Immersion
    today: dt.date
    done: int

    @property
    def status(self) -> Status:
        row = self.immersion
        if row.outcome:
            outcome = ImmersionOutcome(row.outcome)
            return Status(str(outcome.label), OUTCOME_KINDS[outcome])
        if row.end < self.today:
            return Status("bilan à faire", "late")
        if row.start > self.today:
            return Status(f"commence {days_ahead((row.start - self.today).days)}", "neutral")
        ends = (row.end - self.today).days
        return Status(f"finit {days_ahead(ends)}", "soon" if ends <= ENDING_DAYS else "info")

    @property
    def dates(self) -> str:
        return f"du {short_date(self.immersion.start)} au {short_date(self.immersion.end)}"


def _at(row: ImmersionRow) -> Immersion:
    return row.immersion


COLUMNS = (
    Column("Numéro de dossier", lambda row: _at(row).beneficiary.file_number),
    Column("Nom", lambda row: _at(row).beneficiary.last_name),
    Column("Prénom", lambda row: _at(row).beneficiary.first_name),
    Column("Structure d’accueil", lambda row: _at(row).host.name),
    Column("Objet", lambda row: _at(row).get_purpose_display()),
    Column("Métier", lambda row: _at(row).job),
    Column("Du", lambda row: _at(row).start),
    Column("Au", lambda row: _at(row).end),
    Column("Heures pointées", lambda row: round(row.done / 60, 2)),
    Column("Tuteur", lambda row: _at(row).tutor),
    Column("Numéro de convention", lambda row: _at(row).agreement_number),
    Column("Convention signée le", lambda row: _at(row).signed_on),
    Column("Bilan", lambda row: _at(row).get_outcome_display()),
    Column("Ce que l’immersion a montré", lambda row: _at(row).outcome_text),
)


def immersion_rows(immersions: ImmersionQuerySet, today: dt.date) -> list[ImmersionRow]:
    """Rows in the order of the queryset, with the hours of each, in one query."""
    found = immersions.select_related("beneficiary", "host").annotate(done=_minutes_done())
    return [ImmersionRow(row, today, row.done) for row in found]


def hours_of(immersion: Immersion) -> TimeEntryQuerySet:
    """What presence recorded of an immersion: the person's entries of that kind between its dates."""
    entries: TimeEntryQuerySet = TimeEntry.objects.filter(
        beneficiary=immersion.beneficiary_id,
        kind=TimeKind.IMMERSION,
        day__range=(immersion.start, immersion.end),
    )
    return entries


def _minutes_done() -> Coalesce:
    entries = TimeEntry.objects.filter(
        beneficiary=OuterRef("beneficiary"),
        kind=TimeKind.IMMERSION,
        day__gte=OuterRef("start"),
        day__lte=OuterRef("end"),
    )
    total = entries.order_by().values("beneficiary").annotate(total=Sum("minutes")).values("total")
    return Coalesce(Subquery(total), 0)


# Limits


def limits_of(immersion: Immersion) -> list[Limit]:
    """The limits of an immersion that is being typed or saved, against the person's contracts and other immersions.

    It has its person, its first and its last day; the rest may still be missing. Raises ValidationError where it renews
    somebody else's.
    """
    standing = _standing_beside(immersion)
    return limits(
        placement_of(immersion),
        [placement_of(row) for row in standing.values()],
        employments_of(immersion.beneficiary_id),
        _renewed(immersion, standing),
    )


def can_renew(renewal: Immersion, before: Immersion) -> bool:
    """Whether an immersion may still renew the one before it, once that one is saved as it is typed."""
    renewed = _renewed(renewal, _standing_beside(renewal) | {before.pk: before})
    return renewed is None or not renewal_fault(placement_of(renewal), renewed)


def _standing_beside(immersion: Immersion) -> dict[int, Immersion]:
    """The person's other immersions."""
    rows = Immersion.objects.filter(beneficiary=immersion.beneficiary_id).exclude(pk=immersion.pk)
    return {row.pk: row for row in rows}


def placement_of(immersion: Immersion) -> Placement:
    series = immersion.renews_id or immersion.pk or 0
    return Placement(immersion.host_id, immersion.purpose, immersion.start, immersion.end, series)


def employments_of(person: int) -> list[Employment]:
    """Somebody's contracts as the rules see them."""
    return [
        Employment(contract.kind, contract.period, contract.weekly_minutes, contract.work_days)
        for contract in Contract.objects.filter(beneficiary=person).order_by("start")
    ]


def _renewed(immersion: Immersion, standing: Mapping[int, Immersion]) -> Renewed | None:
    if immersion.renews_id is None:
        return None
    before = standing.get(immersion.renews_id)
    if before is None:
        raise ValidationError("L’immersion à renouveler est celle d’une autre personne.")
    others = any(row.renews_id == before.pk for row in standing.values())
    return Renewed(placement_of(before), before.outcome, before.renews_id is not None, others)


# One immersion


@dataclass(frozen=True)
class ImmersionPage:
    """What an immersion's page shows: the row, the hours agreed and recorded, the facts, the renewal it may have."""

    row: ImmersionRow
    planned: int
    facts: Sequence[tuple[str, object]]
    may_renew: bool

    @property
    def hours_words(self) -> str:
        return f"{duration(self.row.done)} sur {duration(self.planned)} prévues"


def immersion_page(immersion: Immersion, today: dt.date) -> ImmersionPage:
    done = hours_of(immersion).aggregate(total=Coalesce(Sum("minutes"), 0))["total"]
    return ImmersionPage(
        row=ImmersionRow(immersion, today, done),
        planned=planned_minutes_of(immersion),
        facts=_facts(immersion),
        may_renew=can_be_renewed(immersion),
    )


def planned_minutes_of(immersion: Immersion) -> int:
    """What the agreement plans: its day, on each working day of the contract between its dates."""
    return immersion.day_minutes * len(working_days(immersion))


def working_days(immersion: Immersion) -> list[dt.date]:
    return list(working_days_of(immersion.start, immersion.end, employments_of(immersion.beneficiary_id)))


def can_be_renewed(immersion: Immersion) -> bool:
    """Whether the law lets it be renewed: its goal was missed, and it neither is a renewal nor has one."""
    if immersion.outcome != ImmersionOutcome.MISSED or immersion.renews_id is not None:
        return False
    return not Immersion.objects.filter(renews=immersion).exists()


def _facts(immersion: Immersion) -> list[tuple[str, object]]:
    tutor = ", ".join(part for part in (immersion.tutor, immersion.tutor_role, immersion.tutor_phone) if part)
    return [
        ("Objet", capfirst(immersion.get_purpose_display())),
        ("Métier", immersion.job),
        ("Dates", f"du {short_date(immersion.start)} au {short_date(immersion.end)}"),
        ("Durée d’une journée", duration(immersion.day_minutes)),
        ("Tuteur", tutor),
        ("Numéro de convention", immersion.agreement_number),
        ("Convention signée le", short_date(immersion.signed_on)),
    ]


# A person's page, the home page


def immersion_panel(user: User, person: Beneficiary, today: dt.date) -> list[ImmersionRow] | None:
    """The person's immersions, latest first; None where this user may not read them."""
    if not user.has_perm("partners.view_immersion"):
        return None
    return immersion_rows(Immersion.objects.visible_to(user).filter(beneficiary=person), today)


def immersions_on_journey(rows: Iterable[ImmersionRow], recorded: Layer) -> Layer:
    """The immersions agreed, then the days that presence recorded outside any of them."""
    agreed = [
        Bar(
            start=row.immersion.start,
            end=row.immersion.end,
            label=f"immersion : {row.immersion.job}, {row.immersion.host}",
            kind="medium" if row.immersion.start <= row.today else "hatched",
        )
        for row in rows
    ]
    apart = [bar for bar in recorded.bars if not any(_inside(bar, period) for period in agreed)]
    return Layer(label="Immersions", bars=sorted([*agreed, *apart], key=lambda bar: bar.start))


def _inside(bar: Bar, period: Bar) -> bool:
    assert bar.end
    assert period.end
    return period.start <= bar.start and bar.end <= period.end


def without_outcome(user: User, until: dt.date) -> ImmersionQuerySet:
    """The immersions that ended, or end by a day, and of which nobody has said what they showed."""
    found: ImmersionQuerySet = Immersion.objects.visible_to(user).filter(outcome="", end__lte=until)
    return found.order_by("end", "pk")


# A year


@dataclass(frozen=True)
class YearFigures:
    """The immersions that began in a year, as the State's report asks (PMSMP): how many, days, hosts, purposes, outcomes."""

    year: int
    count: int
    people: int
    agreed_days: int
    recorded_days: int
    recorded_minutes: int
    hosts: int
    purposes: Sequence[tuple[str, int]]
    outcomes: Sequence[tuple[str, int]]

    @property
    def title(self) -> str:
        return f"Objets et bilans de {self.year}"

    @property
    def people_words(self) -> str:
        return f"commencées en {self.year}, {_counted(self.people, 'personne')}"

    @property
    def hours_words(self) -> str:
        return hours_and_minutes(self.recorded_minutes)

    @property
    def days_words(self) -> str:
        return f"en {_counted(self.recorded_days, 'jour')}"

    @property
    def purposes_picture(self) -> SafeString:
        return _bars(self.purposes, "Objets des immersions")

    @property
    def outcomes_picture(self) -> SafeString:
        return _bars(self.outcomes, "Bilans des immersions")


def year_figures(user: User, year: int) -> YearFigures:
    """The year's figures, counted by the database; an immersion belongs to the year that it begins in.

    Days agreed are calendar days, both ends included; days recorded are those that presence holds as immersion.
    """
    begun = Immersion.objects.visible_to(user).filter(start__year=year)
    lasted = ExpressionWrapper(F("end") - F("start"), output_field=DurationField())
    counted = begun.order_by().aggregate(
        count=Count("pk"),
        people=Count("beneficiary", distinct=True),
        hosts=Count("host", distinct=True),
        lasted=Sum(lasted),
        unsaid=Count("pk", filter=Q(outcome="")),
        **{f"purpose_{each.value}": Count("pk", filter=Q(purpose=each)) for each in ImmersionPurpose},
        **{f"outcome_{each.value}": Count("pk", filter=Q(outcome=each)) for each in ImmersionOutcome},
    )
    there = begun.filter(
        beneficiary=OuterRef("beneficiary"), start__lte=OuterRef("day"), end__gte=OuterRef("day")
    )
    recorded = (
        TimeEntry.objects.filter(Exists(there), kind=TimeKind.IMMERSION)
        .order_by()
        .aggregate(days=Count("pk"), minutes=Coalesce(Sum("minutes"), 0))
    )
    lasted_days = counted["lasted"].days if counted["lasted"] else 0
    return YearFigures(
        year=year,
        count=counted["count"],
        people=counted["people"],
        agreed_days=lasted_days + counted["count"],
        recorded_days=recorded["days"],
        recorded_minutes=recorded["minutes"],
        hosts=counted["hosts"],
        purposes=[(PURPOSE_NAMES[each], counted[f"purpose_{each.value}"]) for each in ImmersionPurpose],
        outcomes=[
            *((str(each.label), counted[f"outcome_{each.value}"]) for each in ImmersionOutcome),
            ("pas encore de bilan", counted["unsaid"]),
        ],
    )


def _bars(counted: Sequence[tuple[str, int]], label: str) -> SafeString:
    rows = [Measure(label=capfirst(name), value=count, words=number(count)) for name, count in counted]
    return measures(rows, label=label)


def _counted(count: int, word: str) -> str:
    return f"{number(count)}{HARD_SPACE}{word}{'s' if count > 1 else ''}"
