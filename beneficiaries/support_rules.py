"""Rules of social support, on plain values. Each returns French sentences, one per fault."""

import datetime as dt
import re
from collections.abc import Sequence

from beneficiaries.rules import Period, stays
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, Criterion, FollowUpKind
from confluences.dates import add_months, day_after
from confluences.formats import number, short_date

# A talk is counted in minutes and fits into a working day.
MAX_MINUTES = 600
# What somebody types in one go; longer is a document to attach.
MAX_TEXT = 50_000
# A reception comes before the contract, never by more than this.
RECEPTION_MONTHS_BEFORE_ENTRY = 6
# CNIL, délibération 2023-095: the active file closes two years after the last contact.
MONTHS_AFTER_EXIT = 24
# Interviews of an ACI: the diagnosis is made in the first month.
DIAGNOSIS_DAYS = 30
ROME = re.compile(r"[A-N]\d{4}")
# How old a proof of eligibility may be on the day of hiring, in months (les-emplois, administrative_criteria.json).
PROOF_MONTHS = 3
LONGER_PROOF_MONTHS = {
    Criterion.ZRR: 6,
    Criterion.QPV: 6,
    Criterion.DETENTION: 6,
    Criterion.FRENCH: 6,
    Criterion.MOBILITY: 6,
    Criterion.ASE: 12,
}


def follow_up_faults(kind: str, on: dt.date, periods: Sequence[Period], today: dt.date) -> list[str]:
    """What is wrong with the day of a follow-up of somebody with these contracts."""
    if on > today:
        return [
            "Cette date n’est pas encore passée : un suivi raconte ce qui a eu lieu. Donnez un rendez-vous plutôt."
        ]
    if not periods:
        return []
    entry = min(period.first for period in periods)
    if on < entry:
        if kind == FollowUpKind.RECEPTION and on >= add_months(entry, -RECEPTION_MONTHS_BEFORE_ENTRY):
            return []
        return [
            f"Cette date est avant l’entrée, le {short_date(entry)} : seul un accueil peut la précéder, "
            f"de {RECEPTION_MONTHS_BEFORE_ENTRY} mois au plus."
        ]
    return _after_exit_faults(kind, on, periods)


def _after_exit_faults(kind: str, on: dt.date, periods: Sequence[Period]) -> list[str]:
    last_days = [period.last for period in periods]
    left_on = None if None in last_days else max(day for day in last_days if day)
    if left_on is None or on <= left_on:
        return []
    if on > add_months(left_on, MONTHS_AFTER_EXIT):
        return [
            f"La personne est sortie le {short_date(left_on)}, il y a plus de deux ans : son dossier n’est plus suivi. "
            "Vérifiez la date, ou saisissez d’abord le nouveau contrat."
        ]
    if kind not in {FollowUpKind.AFTER_EXIT, FollowUpKind.EXIT_REVIEW}:
        return [
            f"À cette date la personne est sortie (fin de contrat le {short_date(left_on)}) : choisissez « suivi après la "
            "sortie » ou « bilan de sortie », ou saisissez d’abord le nouveau contrat."
        ]
    return []


def text_faults(text: str) -> list[str]:
    """What is wrong with a text somebody typed: it is kept, and said to be too long."""
    if len(text) <= MAX_TEXT:
        return []
    return [
        f"Ce texte compte {number(len(text))} caractères, la limite est de {number(MAX_TEXT)} : rien n’est perdu, "
        "raccourcissez-le, ou joignez-le comme document."
    ]


def is_lifted(entry: int, latest: int, status: str) -> bool:
    """Whether a frein is lifted: said so, or medium or high at entry and none today.

    >>> is_lifted(BarrierLevel.HIGH, BarrierLevel.NONE, BarrierStatus.IN_PROGRESS)
    True
    >>> is_lifted(BarrierLevel.LOW, BarrierLevel.NONE, BarrierStatus.IN_PROGRESS)
    False
    """
    if status == BarrierStatus.LIFTED:
        return True
    return entry >= BarrierLevel.MEDIUM and latest == BarrierLevel.NONE


def stay_opens(periods: Sequence[Period], today: dt.date) -> dt.date | None:
    """The first day that belongs to the current stay, its reception included; None without contract.

    The current stay is the last one begun, else the first to come. Its reception is at most six months before it, and
    after the stay before.

    >>> spring = Period(dt.date(2014, 3, 1), dt.date(2014, 6, 30))
    >>> autumn = Period(dt.date(2014, 10, 1), dt.date(2014, 12, 31))
    >>> stay_opens([spring, autumn], dt.date(2014, 11, 1))
    datetime.date(2014, 7, 1)
    >>> stay_opens([spring], dt.date(2015, 1, 1))
    datetime.date(2013, 9, 1)
    """
    if not periods:
        return None
    chains = stays(list(periods))
    begun = [index for index, chain in enumerate(chains) if chain[0].first <= today]
    current = begun[-1] if begun else 0
    opens = add_months(chains[current][0].first, -RECEPTION_MONTHS_BEFORE_ENTRY)
    last = chains[current - 1][-1].last if current else None
    return max(opens, day_after(last)) if last else opens


def proof_valid_until(criterion: str, issued_on: dt.date) -> dt.date:
    """The last day on which a proof of eligibility is young enough to hire somebody.

    >>> proof_valid_until(Criterion.RSA, dt.date(2026, 1, 31))
    datetime.date(2026, 4, 30)
    """
    return add_months(issued_on, LONGER_PROOF_MONTHS.get(Criterion(criterion), PROOF_MONTHS))
