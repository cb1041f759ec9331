"""Rules of contracts and of the PASS IAE, on plain values. Each returns French sentences, one per fault."""

import datetime as dt
from dataclasses import dataclass
from difflib import SequenceMatcher

from beneficiaries.enums import ContractKind, LengthDerogation, Presence, ProlongationReason
from confluences.dates import add_days, add_months, completed_months, day_after, day_before
from confluences.text import search_words

# Article L4153-1: nobody works under 16, with exceptions that an insertion contract is not among.
MIN_AGE = 16

# Article L5132-15-1: a CDDI lasts at least 4 months and at most 24, renewals included.
CDDI_MIN_MONTHS = 4
CDDI_MAX_MONTHS = 24
# Same article: derogations of an ACI lead to 60 months at most.
CDDI_DEROGATION_MAX_MONTHS = 60
# Article L5132-15-1: between 20 and 35 hours a week, in minutes.
CDDI_MIN_WEEKLY_MINUTES = 20 * 60
CDDI_MAX_WEEKLY_MINUTES = 35 * 60
CDI_INCLUSION_MIN_AGE = 57
# Of 1 for the same letters; « Traore Moussa » and « Traoré Mousa » are at 0.96, « Dupont Jean » and « Durand Jean » at 0.7.
NAME_LIKENESS = 0.8

# PASS IAE, as the national platform computes it (les-emplois, approvals/models.py).
PASS_DAYS = 730
SUSPENSION_MAX_MONTHS = 36
SUSPENSION_MAX_RETROACTIVE_DAYS = 365
PROLONGATION_MAX_DAYS = 365
PROLONGATION_OPENS_MONTHS_BEFORE_END = 12
PROLONGATION_CLOSES_MONTHS_AFTER_END = 6
PROLONGATION_MAX_TOTAL_DAYS = {
    ProlongationReason.SENIOR_CDI: 10 * 365,
    ProlongationReason.RQTH: 3 * 365,
    ProlongationReason.SENIOR: 5 * 365,
    ProlongationReason.PARTICULAR_DIFFICULTIES: 3 * 365,
}


@dataclass(frozen=True)
class Period:
    """First and last day, both included; no last day means no end."""

    first: dt.date
    last: dt.date | None

    def contains(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class ContractFacts:
    """What the rules need of one contract. `weekly_minutes` is in minutes."""

    kind: str
    period: Period
    length_derogation: str = ""


def age_on(birth_date: dt.date, day: dt.date) -> int:
    """Completed years."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)


def presence_on(periods: list[Period], day: dt.date) -> Presence:
    """Where somebody with these contracts stands on a day."""
    if not periods:
        return Presence.NO_CONTRACT
    if any(period.contains(day) for period in periods):
        return Presence.PRESENT
    if any(period.first > day for period in periods):
        return Presence.UPCOMING
    return Presence.LEFT


def stays(periods: list[Period]) -> list[list[Period]]:
    """The contracts as continuous chains: in one, each contract begins the day after the previous one ends.

    >>> spring = Period(dt.date(2014, 3, 1), dt.date(2014, 6, 30))
    >>> summer = Period(dt.date(2014, 7, 1), dt.date(2014, 8, 31))
    >>> winter = Period(dt.date(2014, 12, 1), dt.date(2014, 12, 31))
    >>> [[period.first.month for period in stay] for stay in stays([winter, summer, spring])]
    [[3, 7], [12]]
    """
    chains: list[list[Period]] = []
    for period in sorted(periods, key=lambda each: each.first):
        last = chains[-1][-1].last if chains else None
        if last is not None and day_after(last) == period.first:
            chains[-1].append(period)
        else:
            chains.append([period])
    return chains


def stay_around(periods: list[Period], day: dt.date) -> list[Period]:
    """The continuous chain of contracts that contains the day; empty where no contract does."""
    return next((stay for stay in stays(periods) if any(period.contains(day) for period in stay)), [])


def same_name(one: str, other: str) -> bool:
    """Whether two names hold the same words, in any order."""
    return sorted(search_words(one)) == sorted(search_words(other))


def similar_names(one: str, other: str) -> bool:
    """Whether two names may be two spellings of one: « Benali Amina » and « Amina Ben Ali »."""
    first, second = search_words(one), search_words(other)
    orders = (
        (first, second),
        (sorted(first), sorted(second)),
        (first, second[1:] + second[:1]),
        (first, second[-1:] + second[:-1]),
    )
    return any(SequenceMatcher(None, "".join(a), "".join(b)).ratio() >= NAME_LIKENESS for a, b in orders)


def chain_faults(contracts: list[ContractFacts]) -> list[str]:
    """What is wrong with the length of a continuous chain of contracts, in order of their first days."""
    fixed_term = [
        contract for contract in contracts if contract.kind == ContractKind.CDDI and contract.period.last
    ]
    if not fixed_term:
        return []
    derogations = {contract.length_derogation for contract in fixed_term if contract.length_derogation}
    first, last = fixed_term[0].period.first, fixed_term[-1].period.last
    assert last is not None
    if last < day_before(add_months(first, CDDI_MIN_MONTHS)) and LengthDerogation.SENTENCE not in derogations:
        return [
            "Un CDDI dure au moins 4 mois (article L5132-15-1). "
            "Corrigez les dates, ou choisissez la dérogation pour aménagement de peine."
        ]
    longer = derogations - {LengthDerogation.SENTENCE}
    if last >= add_months(first, CDDI_DEROGATION_MAX_MONTHS):
        return [
            "Avec ce contrat, la durée totale dépasse 60 mois, la limite même avec dérogation (article L5132-15-1)."
        ]
    if last >= add_months(first, CDDI_MAX_MONTHS) and not longer:
        return [
            f"Avec ce contrat, la durée totale atteint {completed_months(first, last)} mois ; "
            "au-delà de 24 mois il faut choisir une dérogation (article L5132-15-1)."
        ]
    return []


def pass_end(start: dt.date, suspensions: list[Period], prolongations: list[Period]) -> dt.date:
    """The last day of a PASS IAE: two years of 365 days, moved by each suspended and each added day.

    >>> pass_end(dt.date(2024, 1, 1), [], [])
    datetime.date(2025, 12, 30)
    """
    added = sum(days_in(period) for period in (*suspensions, *prolongations))
    return add_days(start, PASS_DAYS - 1 + added)


def days_in(period: Period) -> int:
    """Days of a period, both ends included; raises ValueError where it has no end."""
    if period.last is None:
        raise ValueError("This period has no last day.")
    return (period.last - period.first).days + 1


def suspension_faults(period: Period, pass_period: Period, recorded_on: dt.date) -> list[str]:
    """What is wrong with a suspension of a PASS whose period (without this suspension) is given."""
    faults = []
    if not pass_period.contains(period.first):
        faults.append("La suspension doit commencer pendant le PASS IAE.")
    if period.last is not None and period.last >= add_months(period.first, SUSPENSION_MAX_MONTHS):
        faults.append("Une suspension dure au plus 36 mois. Avancez la date de fin.")
    if period.first < add_days(recorded_on, -SUSPENSION_MAX_RETROACTIVE_DAYS):
        faults.append("Une suspension ne peut pas commencer plus de 365 jours avant sa saisie.")
    return faults


def prolongation_faults(
    reason: str, period: Period, end_before: dt.date, requested_on: dt.date, other_days: int
) -> list[str]:
    """What is wrong with a prolongation.

    `end_before` is the PASS's last day without it; `other_days` are the days already granted for the same reason.
    """
    faults = []
    if period.first != day_after(end_before):
        faults.append(
            f"La prolongation doit commencer le lendemain de la fin du PASS, le {day_after(end_before):%d/%m/%Y}."
        )
    if days_in(period) > PROLONGATION_MAX_DAYS:
        faults.append("Une demande de prolongation porte sur 365 jours au plus.")
    opens = add_months(end_before, -PROLONGATION_OPENS_MONTHS_BEFORE_END)
    closes = add_months(end_before, PROLONGATION_CLOSES_MONTHS_AFTER_END)
    if not opens <= requested_on <= closes:
        faults.append(
            f"La demande se fait entre le {opens:%d/%m/%Y} et le {closes:%d/%m/%Y} (de 12 mois avant la fin à 6 mois après)."
        )
    cap = PROLONGATION_MAX_TOTAL_DAYS.get(ProlongationReason(reason))
    if cap is not None and other_days + days_in(period) > cap:
        faults.append(
            f"Pour ce motif, les prolongations ne dépassent pas {cap // 365} ans en tout ; il reste {max(cap - other_days, 0)} jours."
        )
    return faults
