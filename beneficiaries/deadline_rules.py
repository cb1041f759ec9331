"""What comes due about somebody, on plain values: each rule gives one `Due`, or None where nothing is near."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from beneficiaries.deadline_enums import DeadlineKind, DeadlineState
from beneficiaries.enums import ContractKind, LengthDerogation, Presence
from beneficiaries.rules import (
    CDDI_MAX_MONTHS,
    PROLONGATION_CLOSES_MONTHS_AFTER_END,
    PROLONGATION_OPENS_MONTHS_BEFORE_END,
    ContractFacts,
    Period,
)
from beneficiaries.support_enums import Criterion, DocumentKind
from beneficiaries.support_rules import DIAGNOSIS_DAYS, RECEPTION_MONTHS_BEFORE_ENTRY, proof_valid_until
from confluences.dates import add_days, add_months, day_before
from confluences.formats import short_date

# Ends show at 90 days, and are soon at 60: time to prepare a renewal or a way out.
HORIZON_DAYS = 90
SOON_DAYS = 60
# Renewing a paper takes an office some weeks.
PAPER_DAYS = 60
# A prolongation is spoken of once the PASS is about to end; the right to ask for it begins long before.
PROLONGATION_MONTHS_BEFORE_END = 3


@dataclass(frozen=True)
class Due:
    """Something due on a day. `words` go beside the day, and do not repeat it."""

    kind: DeadlineKind
    day: dt.date
    words: str
    state: DeadlineState


@dataclass(frozen=True)
class PaperFacts:
    """What the rules need of one document."""

    kind: str
    criterion: str
    issued_on: dt.date | None
    expires_on: dt.date | None


def state_on(day: dt.date, today: dt.date) -> DeadlineState:
    """How near a day is.

    >>> state_on(dt.date(2026, 11, 22), today=dt.date(2026, 11, 23))
    DeadlineState.LATE
    """
    if day < today:
        return DeadlineState.LATE
    return DeadlineState.SOON if day <= add_days(today, SOON_DAYS) else DeadlineState.INFO


def contract_end(periods: Sequence[Period], today: dt.date) -> Due | None:
    """The last day of the contract that runs, unless another one comes after it.

    >>> contract_end([Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))], today=dt.date(2026, 11, 23)).words
    'fin de contrat, rien ensuite'
    """
    if any(period.first > today for period in periods):
        return None
    last = next((period.last for period in periods if period.contains(today)), None)
    if last is None or last > add_days(today, HORIZON_DAYS):
        return None
    return Due(DeadlineKind.CONTRACT_END, last, "fin de contrat, rien ensuite", state_on(last, today))


def pass_end(end: dt.date | None, presence: Presence, today: dt.date) -> Due | None:
    """The last day of the PASS IAE of somebody who works here or is about to.

    `end` counts the suspensions and prolongations (rules.pass_end, after les-emplois, approvals/models.py).

    >>> pass_end(dt.date(2026, 11, 1), Presence.PRESENT, today=dt.date(2026, 11, 23)).words
    'PASS IAE expiré'
    """
    if end is None or presence not in {Presence.PRESENT, Presence.UPCOMING}:
        return None
    if end > add_days(today, HORIZON_DAYS):
        return None
    words = "PASS IAE expiré" if end < today else "fin du PASS IAE"
    return Due(DeadlineKind.PASS_END, end, words, state_on(end, today))


def prolongation_window(end: dt.date | None, presence: Presence, today: dt.date) -> Due | None:
    """Until when a prolongation of the PASS can be asked for, once the PASS ends within three months or has ended.

    The window opens 12 months before the end and closes 6 months after (les-emplois, approvals/models.py).

    >>> prolongation_window(dt.date(2026, 12, 31), Presence.PRESENT, today=dt.date(2026, 11, 23)).day
    datetime.date(2027, 6, 30)
    """
    if end is None or presence != Presence.PRESENT or end > add_months(today, PROLONGATION_MONTHS_BEFORE_END):
        return None
    opens = add_months(end, -PROLONGATION_OPENS_MONTHS_BEFORE_END)
    closes = add_months(end, PROLONGATION_CLOSES_MONTHS_AFTER_END)
    if not opens <= today <= closes:
        return None
    state = DeadlineState.SOON if end < today else state_on(closes, today)
    return Due(DeadlineKind.PROLONGATION, closes, "dernier jour pour demander la prolongation du PASS", state)


def cddi_limit(stay: Sequence[ContractFacts], today: dt.date) -> Due | None:
    """The last of the 24 months that a continuous chain of CDDI may last without derogation (article L5132-15-1).

    >>> stay = [ContractFacts(ContractKind.CDDI, Period(dt.date(2025, 1, 1), dt.date(2026, 12, 31)))]
    >>> cddi_limit(stay, today=dt.date(2026, 11, 23)).day
    datetime.date(2026, 12, 31)
    """
    if not stay or any(contract.kind == ContractKind.CDI_INCLUSION for contract in stay):
        return None
    if {contract.length_derogation for contract in stay} - {"", LengthDerogation.SENTENCE}:
        return None
    limit = day_before(add_months(stay[0].period.first, CDDI_MAX_MONTHS))
    if limit > add_days(today, HORIZON_DAYS):
        return None
    words = "24 mois de CDDI : pas plus sans dérogation"
    if limit < today:
        words = "24 mois de CDDI dépassés, sans dérogation"
    return Due(DeadlineKind.CDDI_LIMIT, limit, words, state_on(limit, today))


def diagnosis(entry: dt.date | None, last_diagnosis: dt.date | None, today: dt.date) -> Due | None:
    """The diagnosis, due 30 days after the entry (support_rules.DIAGNOSIS_DAYS), until one is made in the stay.

    >>> diagnosis(dt.date(2026, 11, 1), None, today=dt.date(2026, 11, 23)).day
    datetime.date(2026, 12, 1)
    """
    if entry is None or (last_diagnosis is not None and last_diagnosis >= entry):
        return None
    day = add_days(entry, DIAGNOSIS_DAYS)
    words = "diagnostic à faire"
    if day < today:
        words = f"diagnostic pas encore fait, entrée le {short_date(entry)}"
    return Due(DeadlineKind.DIAGNOSIS, day, words, state_on(day, today))


def silence(
    entry: dt.date | None, last_follow_up: dt.date | None, silence_days: int, today: dt.date
) -> Due | None:
    """That nobody has talked with somebody present for as many days. Its day is the last follow-up of the stay, else the entry.

    >>> silence(dt.date(2026, 1, 1), dt.date(2026, 10, 1), 30, today=dt.date(2026, 11, 23)).day
    datetime.date(2026, 10, 1)
    """
    if entry is None:
        return None
    talked = last_follow_up is not None and last_follow_up >= entry
    since = last_follow_up if talked and last_follow_up else entry
    if today < add_days(since, silence_days):
        return None
    words = "dernier suivi" if talked else "entrée, aucun suivi depuis"
    return Due(DeadlineKind.SILENCE, since, words, DeadlineState.SOON)


def latest_papers(papers: Iterable[PaperFacts]) -> list[PaperFacts]:
    """The first of each kind, of papers that come latest first; proofs of eligibility go by criterion.

    >>> old, new = (PaperFacts("residence", "", None, dt.date(year, 1, 1)) for year in (2026, 2028))
    >>> latest_papers([new, old]) == [new]
    True
    """
    latest: dict[tuple[str, str], PaperFacts] = {}
    for paper in papers:
        latest.setdefault((paper.kind, paper.criterion), paper)
    return list(latest.values())


def paper_expiry(paper: PaperFacts, presence: Presence, today: dt.date) -> Due | None:
    """That a paper of somebody present is about to expire, or has.

    >>> paper = PaperFacts(DocumentKind.RESIDENCE, "", None, dt.date(2027, 1, 12))
    >>> paper_expiry(paper, Presence.PRESENT, today=dt.date(2026, 11, 23)).words
    'titre de séjour : fin de validité'
    """
    day = paper.expires_on
    if day is None or presence != Presence.PRESENT or day > add_days(today, PAPER_DAYS):
        return None
    return Due(DeadlineKind.PAPER, day, f"{_paper_name(paper)} : fin de validité", state_on(day, today))


def proof_ageing(
    paper: PaperFacts, presence: Presence, hired_on: Sequence[dt.date], today: dt.date
) -> Due | None:
    """That a proof of eligibility grows too old to hire somebody who never worked here (support_rules.proof_valid_until).

    `hired_on` are the first days of the person's contracts. Long past, nobody is about to hire any more.

    >>> proof = PaperFacts(DocumentKind.ELIGIBILITY, Criterion.RSA, dt.date(2026, 9, 15), None)
    >>> proof_ageing(proof, Presence.NO_CONTRACT, [], today=dt.date(2026, 11, 23)).words
    'justificatif « bénéficiaire du RSA » : dernier jour pour embaucher'
    """
    if paper.kind != DocumentKind.ELIGIBILITY or paper.issued_on is None:
        return None
    if presence not in {Presence.NO_CONTRACT, Presence.UPCOMING} or any(day <= today for day in hired_on):
        return None
    day = proof_valid_until(paper.criterion, paper.issued_on)
    planned = min(hired_on, default=None)
    if planned is not None and day >= planned:
        return None
    if planned is None and not add_months(day, RECEPTION_MONTHS_BEFORE_ENTRY) >= today:
        return None
    if day > add_days(today, SOON_DAYS):
        return None
    return Due(DeadlineKind.PROOF, day, _proof_words(paper, day, planned, today), state_on(day, today))


def _proof_words(paper: PaperFacts, day: dt.date, planned: dt.date | None, today: dt.date) -> str:
    name = _paper_name(paper)
    if planned is not None:
        return f"{name} : trop ancien pour l’embauche du {short_date(planned)}"
    if day < today:
        return f"{name} : trop ancien pour embaucher"
    return f"{name} : dernier jour pour embaucher"


def _paper_name(paper: PaperFacts) -> str:
    if paper.kind == DocumentKind.ELIGIBILITY and paper.criterion:
        return f"justificatif « {Criterion(paper.criterion).label} »"
    return str(DocumentKind(paper.kind).label)
