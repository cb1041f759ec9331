"""Limits of immersions (PMSMP), on plain values: each says in French what the law allows, where it says so, and whether it holds."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from beneficiaries.enums import ContractKind
from beneficiaries.rules import Period, stays
from beneficiaries.time_enums import TimeKind
from beneficiaries.time_rules import Part, planned_minutes
from confluences.dates import add_days, add_months, day_before
from confluences.formats import duration, in_days, number, percent, short_date
from confluences.working_days import days_between
from partners.enums import ImmersionOutcome, ImmersionPurpose

LAW = "Code du travail, articles L5135-1 et suivants"
DECREE = "décret n° 2014-1360 du 13 novembre 2014 (durée et renouvellement des PMSMP)"

# The same decree, as GRAFIE sums it up for a SIAE: two periods and sixty days at one host in any twelve months.
HOST_MONTHS = 12
HOST_MAX_PERIODS = 2
HOST_MAX_DAYS = 60
# Of a CDDI, renewals included, a quarter at most is spent in immersions.
CONTRACT_SHARE = 4
# Beyond this nobody counts days: the month that an agreement may last was mistyped.
COUNTED_DAYS = 366


@dataclass(frozen=True)
class Placement:
    """One immersion as the rules see it. An agreement and its renewal are one `series`, so one period at their host."""

    host: int | None
    purpose: str
    first: dt.date
    last: dt.date
    series: int = 0

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def dates(self) -> str:
        return f"du {short_date(self.first)} au {short_date(self.last)}"

    def days_within(self, first: dt.date, last: dt.date) -> int:
        """Calendar days of the placement that lie in a window."""
        return max((min(self.last, last) - max(self.first, first)).days + 1, 0)


@dataclass(frozen=True)
class Employment:
    """One contract as the rules see it; `work_days` holds ISO weekdays."""

    kind: str
    period: Period
    weekly_minutes: int
    work_days: str

    def planned_minutes(self, day: dt.date) -> int:
        return planned_minutes(self.weekly_minutes, self.work_days, day) if self.period.contains(day) else 0


@dataclass(frozen=True)
class Renewed:
    """The immersion that a renewal continues."""

    placement: Placement
    outcome: str
    is_renewal: bool
    has_other_renewal: bool


@dataclass(frozen=True)
class Limit:
    """What the law allows about one thing: whether the plan keeps to it, in words, with the text that says so.

    `field` is where somebody corrects it.
    """

    field: str
    title: str
    words: str
    source: str
    kept: bool


def limits(
    plan: Placement,
    others: Iterable[Placement],
    contracts: Sequence[Employment],
    renewed: Renewed | None = None,
) -> list[Limit]:
    """Every limit, in the order somebody reads them; `others` are the person's other immersions."""
    others = list(others)
    found = [
        _purpose(plan),
        _length(plan),
        *([_renewal(plan, renewed)] if renewed else []),
        *([_same_host(plan, others)] if plan.host is not None else []),
        _one_at_a_time(plan, others),
        _contract(plan, contracts),
    ]
    if plan.days <= COUNTED_DAYS:
        found.append(_working_days(plan, contracts))
    share = _share(plan, others, contracts)
    return [*found, share] if share else found


def last_day_of_month_from(first: dt.date) -> dt.date:
    """The last day of the month that begins on a day: the eve of the same day, or the month's last where there is none.

    >>> last_day_of_month_from(dt.date(2024, 3, 4))
    datetime.date(2024, 4, 3)
    >>> last_day_of_month_from(dt.date(2024, 1, 31))
    datetime.date(2024, 2, 29)
    """
    same = add_months(first, 1)
    return same if same.day < first.day else day_before(same)


def _purpose(plan: Placement) -> Limit:
    kept = plan.purpose in ImmersionPurpose.values
    words = (
        f"« {ImmersionPurpose(plan.purpose).label} » est l’un des trois objets que la loi prévoit."
        if kept
        else "Une immersion a l’un de trois objets : découvrir un métier, confirmer un projet, initier un recrutement. "
        "Choisissez-en un."
    )
    return Limit("purpose", "Objet", words, LAW, kept)


def _length(plan: Placement) -> Limit:
    longest = last_day_of_month_from(plan.first)
    kept = plan.last <= longest
    words = (
        f"{in_days(plan.days)} : une convention dure un mois au plus, ici jusqu’au {short_date(longest)}."
        if kept
        else f"{in_days(plan.days)}, c’est trop : une convention dure un mois au plus, ici jusqu’au {short_date(longest)}. "
        "Raccourcissez ; si l’objectif n’est pas atteint, elle se renouvelle une fois."
    )
    return Limit("end", "Durée de la convention", words, DECREE, kept)


def _renewal(plan: Placement, renewed: Renewed) -> Limit:
    broken = renewal_fault(plan, renewed)
    words = broken or "L’objectif n’a pas été atteint : la convention se renouvelle une fois."
    return Limit("start", "Renouvellement", words, DECREE, not broken)


def renewal_fault(plan: Placement, renewed: Renewed) -> str:
    """Why an immersion cannot renew another; empty where it can."""
    before = renewed.placement
    reasons = [
        (renewed.is_renewal, "L’immersion précédente est déjà un renouvellement : il n’y en a qu’un."),
        (
            renewed.has_other_renewal,
            "L’immersion précédente est déjà renouvelée : elle ne l’est qu’une fois.",
        ),
        (
            renewed.outcome != ImmersionOutcome.MISSED,
            "On renouvelle quand l’objectif n’a pas été atteint : notez d’abord ce bilan de l’immersion précédente.",
        ),
        (
            (before.host, before.purpose) != (plan.host, plan.purpose),
            "Un renouvellement garde la structure d’accueil et l’objet ; sinon, préparez une autre immersion.",
        ),
        (
            plan.first <= before.last,
            f"L’immersion précédente finit le {short_date(before.last)} : le renouvellement commence après.",
        ),
    ]
    return next((words for is_broken, words in reasons if is_broken), "")


def _same_host(plan: Placement, others: Iterable[Placement]) -> Limit:
    broken = same_host_fault(plan, [each for each in others if each.host == plan.host])
    words = broken or (
        f"Chez le même hôte, en douze mois : {HOST_MAX_PERIODS} périodes au plus, d’objets différents, "
        f"et {HOST_MAX_DAYS} jours en tout."
    )
    return Limit("host", "Même structure d’accueil", words, DECREE, not broken)


def same_host_fault(plan: Placement, others: Sequence[Placement]) -> str:
    """What a plan breaks at a host where the person has these other placements; empty where nothing.

    In any twelve months in a row: two periods at most, of different purposes, and sixty days. A renewal belongs to the
    period that it continues.

    >>> spring = Placement(1, "discover", dt.date(2024, 3, 4), dt.date(2024, 3, 15), series=1)
    >>> same_host_fault(Placement(1, "discover", dt.date(2024, 9, 2), dt.date(2024, 9, 6), series=2), [spring])[:48]
    'Une période chez cet hôte a déjà cet objet, du 0'
    >>> same_host_fault(Placement(1, "confirm", dt.date(2024, 9, 2), dt.date(2024, 9, 6), series=2), [spring])
    ''
    """
    for first in _window_starts([plan, *others]):
        last = day_before(add_months(first, HOST_MONTHS))
        if not plan.days_within(first, last):
            continue
        inside = [each for each in others if each.days_within(first, last)]
        broken = _fault_of_window(plan, inside, first, last)
        if broken:
            return broken
    return ""


def _fault_of_window(plan: Placement, inside: Sequence[Placement], first: dt.date, last: dt.date) -> str:
    periods = {each.series: each for each in inside if each.series != plan.series}
    same = next((each for each in periods.values() if each.purpose == plan.purpose), None)
    if same:
        return (
            f"Une période chez cet hôte a déjà cet objet, {same.dates} : en douze mois la seconde en a un autre. "
            "Changez d’objet ou d’hôte."
        )
    if len(periods) >= HOST_MAX_PERIODS:
        dates = " et ".join(each.dates for each in list(periods.values())[:HOST_MAX_PERIODS])
        return f"Deux périodes ont déjà lieu chez cet hôte en douze mois ({dates}) : c’est le plus. Changez d’hôte."
    total = plan.days_within(first, last) + sum(each.days_within(first, last) for each in inside)
    if total > HOST_MAX_DAYS:
        return (
            f"Avec celle-ci, {in_days(total)} chez cet hôte entre le {short_date(first)} et le {short_date(last)} : "
            f"{HOST_MAX_DAYS} au plus en douze mois. Raccourcissez, ou changez d’hôte."
        )
    return ""


def _window_starts(placements: Iterable[Placement]) -> list[dt.date]:
    """The twelve months that may hold most: those that begin or end where a placement does, a day more or less."""
    ends = {day for each in placements for day in (each.first, each.last)}
    around = (
        add_days(day, shift)
        for end in ends
        for day in (end, add_months(end, -HOST_MONTHS))
        for shift in _NEAR
    )
    return sorted(set(around))


_NEAR = (-1, 0, 1, 2)


def _one_at_a_time(plan: Placement, others: Iterable[Placement]) -> Limit:
    other = next((each for each in others if each.days_within(plan.first, plan.last)), None)
    words = (
        f"La personne est déjà en immersion {other.dates} : décalez l’une des deux."
        if other
        else "Aucune autre immersion pendant cette période."
    )
    return Limit("start", "Une immersion à la fois", words, LAW, other is None)


def _contract(plan: Placement, contracts: Sequence[Employment]) -> Limit:
    stay = _stay(contracts, plan.first)
    end = stay[-1].period.last if stay else None
    if not stay:
        words = f"La personne n’a pas de contrat le {short_date(plan.first)} : elle reste salariée pendant l’immersion."
    elif end is not None and end < plan.last:
        words = f"Le contrat finit le {short_date(end)}, avant l’immersion : raccourcissez-la, ou saisissez le renouvellement."
    else:
        return Limit(
            "start", "Contrat", "L’immersion a lieu pendant le contrat : la personne reste payée.", LAW, True
        )
    return Limit("end" if stay else "start", "Contrat", words, LAW, False)


def _working_days(plan: Placement, contracts: Sequence[Employment]) -> Limit:
    count = len(list(working_days_of(plan.first, plan.last, contracts)))
    words = (
        f"{number(count)} jour{'s' if count > 1 else ''} travaillé{'s' if count > 1 else ''} d’après le contrat, "
        "sans les jours fériés."
        if count
        else "Aucun jour travaillé pendant cette période d’après le contrat : vérifiez les dates."
    )
    return Limit("end", "Jours travaillés", words, LAW, count > 0)


def working_days_of(first: dt.date, last: dt.date, contracts: Sequence[Employment]) -> Iterator[dt.date]:
    """The days on which the contracts plan work, without public holidays.

    >>> year = Employment("cddi", Period(dt.date(2024, 1, 1), dt.date(2024, 12, 31)), 26 * 60, "1234")
    >>> [day.day for day in working_days_of(dt.date(2024, 5, 6), dt.date(2024, 5, 12), [year])]
    [6, 7]
    """
    for day in days_between(first, last):
        if any(contract.planned_minutes(day) for contract in contracts):
            yield day


def _share(plan: Placement, others: Iterable[Placement], contracts: Sequence[Employment]) -> Limit | None:
    """A quarter of a CDDI and its renewals; nothing to say of another contract."""
    stay = [each for each in _stay(contracts, plan.first) if each.kind == ContractKind.CDDI]
    if not stay or stay[-1].period.last is None:
        return None
    first, last = stay[0].period.first, stay[-1].period.last
    total = (last - first).days + 1
    used = sum(each.days_within(first, last) for each in (plan, *others))
    most = total // CONTRACT_SHARE
    kept = used <= most
    share = percent(Fraction(1, CONTRACT_SHARE))
    words = f"{in_days(used)} d’immersion en tout, sur {number(most)} possibles : {share} des {in_days(total)} du contrat."
    if not kept:
        words += " Raccourcissez, ou attendez un renouvellement du contrat."
    return Limit("end", "Part du contrat", words, DECREE, kept)


def _stay(contracts: Sequence[Employment], day: dt.date) -> list[Employment]:
    """The continuous chain of contracts that contains the day."""
    by_period = {each.period: each for each in contracts}
    chains = stays(list(by_period))
    chain = next((each for each in chains if any(period.contains(day) for period in each)), [])
    return [by_period[period] for period in chain]


# Time spent there


def with_immersion(parts: Iterable[Part], minutes: int) -> list[Part]:
    """A day's parts once `minutes` were spent in immersion: they take the place of work, hours are never counted twice.

    >>> work = Part(TimeKind.WORK, 390)
    >>> [(part.kind.value, part.minutes) for part in with_immersion([work], 210)]
    [('immersion', 210), ('work', 180)]
    >>> [(part.kind.value, part.minutes) for part in with_immersion([work], 420)]
    [('immersion', 420)]
    """
    parts = list(parts)
    former = sum(part.minutes for part in parts if part.kind == TimeKind.IMMERSION)
    taken = max(minutes - former, 0)
    kept = []
    for part in parts:
        if part.kind == TimeKind.IMMERSION:
            continue
        if part.kind == TimeKind.WORK:
            left = max(part.minutes - taken, 0)
            if left:
                kept.append(Part(part.kind, left, part.reason))
            continue
        kept.append(part)
    return [*([Part(TimeKind.IMMERSION, minutes)] if minutes else []), *kept]


def absence_fault(parts: Iterable[Part], minutes: int, in_sessions: int, room: int) -> str:
    """Why a day cannot hold these minutes of immersion beside an absence; empty where it can.

    `room` is what such a day may hold: the longer of what the contract and the agreement plan.
    """
    absent = sum(part.minutes for part in parts if part.kind in TimeKind.absences())
    if not (absent and minutes) or minutes + in_sessions + absent <= room:
        return ""
    return (
        f"une absence de {duration(absent)} est déjà pointée : si la personne était en immersion, "
        "retirez d’abord cette absence sur la feuille de présence."
    )
