"""Rules of grants, on plain values: their money, their moves, what they oblige to and what is amiss."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from confluences.dates import add_months
from confluences.formats import euros, short_date
from funding.enums import FunderKind, GrantStatus
from funding.money_rules import ZERO, total_of

# Above it, a public funder and the association sign an agreement: loi n° 2000-321 du 12 avril 2000, art. 10, and décret
# n° 2001-495 du 6 juin 2001, art. 1.
AGREEMENT_ABOVE = Decimal(23000)
AGREEMENT_SOURCE = "loi n° 2000-321 du 12 avril 2000, art. 10, et décret n° 2001-495 du 6 juin 2001"
# The same article: the financial account is due within six months of the end of the financial year.
ACCOUNTS_MONTHS = 6
ACCOUNTS_SOURCE = "loi n° 2000-321 du 12 avril 2000, art. 10"
# A longer period of expenses, or of a report, has a mistyped year.
LONGEST_MONTHS = 120
TOO_LONG = "La période des dépenses dépasse dix ans : vérifiez les années."
# What is due within that many days is said on the home page and in the reminder.
SOON_DAYS = 30


# Money


def ceiling(status: str, asked: Decimal | None, awarded: Decimal | None) -> Decimal | None:
    """All that a grant can give: what was awarded, or what is asked while nobody has decided; nothing once refused.

    >>> ceiling("asked", Decimal(500), None), ceiling("awarded", Decimal(500), None), ceiling("refused", Decimal(500), None)
    (Decimal('500'), None, Decimal('0'))
    """
    if status == GrantStatus.REFUSED:
        return ZERO
    return awarded if status in GrantStatus.promised() else asked


def grant_rest(whole: Decimal | None, placed: Decimal) -> Decimal | None:
    """What of a grant no purchase has taken yet (reste à placer); None where nobody knows what the whole is.

    `placed` is the sum of its purchase shares. The one definition: pages, the timeline and the combinations use it.

    >>> grant_rest(Decimal(10000), Decimal(4000)), grant_rest(None, Decimal(4000))
    (Decimal('6000'), None)
    """
    return None if whole is None else whole - placed


def grant_received(status: GrantStatus, awarded: Decimal | None, received: Decimal | None) -> Decimal | None:
    """What came of a grant: the sum of its instalments received, None where there is none.

    Without any, nothing came, unless the grant is of those whose money nobody knows.

    >>> grant_received(GrantStatus.AWARDED, Decimal(10000), None), grant_received(GrantStatus.AWARDED, None, None)
    (Decimal('0'), None)
    """
    if received is not None:
        return received
    return None if status in GrantStatus.promised() and awarded is None else ZERO


def grant_due(status: GrantStatus, awarded: Decimal | None, received: Decimal | None) -> Decimal | None:
    """What the funder still owes (reste à recevoir): of an awarded grant, until it is settled.

    >>> grant_due(GrantStatus.AWARDED, Decimal(10000), Decimal(4000)), grant_due(GrantStatus.SETTLED, Decimal(10000), ZERO)
    (Decimal('6000'), Decimal('0'))
    """
    if status != GrantStatus.AWARDED:
        return ZERO
    return None if awarded is None else max(awarded - (received or ZERO), ZERO)


# Moves

# From each status, where a grant may go: on, or back where somebody was mistaken.
MOVES: dict[GrantStatus, tuple[GrantStatus, ...]] = {
    GrantStatus.TO_ASK: (GrantStatus.ASKED,),
    GrantStatus.ASKED: (GrantStatus.AWARDED, GrantStatus.REFUSED, GrantStatus.TO_ASK),
    GrantStatus.AWARDED: (GrantStatus.SETTLED, GrantStatus.ASKED),
    GrantStatus.REFUSED: (GrantStatus.ASKED,),
    GrantStatus.SETTLED: (GrantStatus.AWARDED,),
}
ORDER = (
    GrantStatus.TO_ASK,
    GrantStatus.ASKED,
    GrantStatus.AWARDED,
    GrantStatus.REFUSED,
    GrantStatus.SETTLED,
)


def moves_back(before: GrantStatus, after: GrantStatus) -> bool:
    """Whether this move takes back an earlier one.

    >>> moves_back(GrantStatus.AWARDED, GrantStatus.ASKED), moves_back(GrantStatus.ASKED, GrantStatus.REFUSED)
    (True, False)
    """
    return ORDER.index(after) < ORDER.index(before)


def amount_refusal(awarded: Decimal | None, placed: Decimal, received: Decimal | None) -> str | None:
    """Why a grant cannot be of this amount: its purchases, or its instalments, already come to more."""
    if awarded is None:
        return None
    if awarded < placed:
        return (
            f"Des achats comptent déjà {euros(placed)} de cette subvention : réduisez d’abord leurs parts, ou accordez "
            "au moins ce montant."
        )
    if received is not None and awarded < received:
        return f"{euros(received)} sont déjà reçus : le montant accordé ne peut pas être moindre."
    return None


def receipt_refusal(awarded: Decimal | None, others: Decimal, received: Decimal) -> str | None:
    """Why an instalment cannot be received for this amount: with the others, it is more than was awarded.

    >>> receipt_refusal(Decimal(10000), Decimal(6000), Decimal(4000)) is None
    True
    >>> receipt_refusal(Decimal(10000), Decimal(6000), Decimal("4000.01")) is None
    False
    """
    if awarded is None or others + received <= awarded:
        return None
    return (
        f"Avec ce versement, {euros(others + received)} seraient reçus sur {euros(awarded)} accordés : vérifiez le montant, "
        f"{euros(max(awarded - others, ZERO))} au plus restent à recevoir."
    )


# What a grant obliges to


def is_public(kind: FunderKind) -> bool:
    """Whether the law on public subsidies holds: it does not for foundations and enterprises."""
    return kind != FunderKind.PRIVATE


def needs_agreement(kind: FunderKind, awarded: Decimal | None) -> bool:
    """Whether the law asks for a signed agreement (convention): above 23 000 € of a public funder.

    >>> [needs_agreement(FunderKind.TOWN, Decimal(amount)) for amount in ("23000", "23000.01")]
    [False, True]
    """
    return is_public(kind) and awarded is not None and awarded > AGREEMENT_ABOVE


def is_too_long(start: dt.date | None, end: dt.date | None) -> bool:
    """Whether a period is so long that one of its years is mistyped.

    >>> is_too_long(dt.date(2026, 1, 1), dt.date(2036, 1, 1)), is_too_long(dt.date(26, 1, 1), dt.date(2026, 12, 31))
    (False, True)
    """
    return start is not None and end is not None and end > add_months(start, LONGEST_MONTHS)


def accounts_due(year: int) -> dt.date:
    """The last day to render the accounts of a financial year, which is the calendar's.

    >>> accounts_due(2024)
    datetime.date(2025, 6, 30)
    """
    return add_months(dt.date(year, 12, 31), ACCOUNTS_MONTHS)


def accounts_to_add(
    kind: FunderKind,
    status: GrantStatus,
    period: tuple[dt.date | None, dt.date | None],
    due: Iterable[dt.date],
) -> list[dt.date]:
    """The days by which accounts must be rendered and that nobody noted: one per financial year of the period.

    `due` are the days of the accounts already noted. A grant of which only one end is known has that year alone.

    >>> accounts_to_add(FunderKind.TOWN, GrantStatus.AWARDED, (dt.date(2024, 9, 1), dt.date(2025, 8, 31)),
    ...                 [dt.date(2025, 5, 31)])
    [datetime.date(2026, 6, 30)]
    """
    known = [day.year for day in period if day]
    if status not in GrantStatus.promised() or not is_public(kind) or not known or is_too_long(*period):
        return []
    noted = list(due)
    return [
        accounts_due(year)
        for year in range(known[0], known[-1] + 1)
        if year < dt.MAXYEAR and not any(dt.date(year, 12, 31) < day <= accounts_due(year) for day in noted)
    ]


# What is amiss


class Urgency(IntEnum):
    """How a thing to do looks."""

    NOTE = 0
    SOON = 1
    LATE = 2

    @property
    def look(self) -> str:
        """The kind of a chip or an alert."""
        return ("info", "soon", "late")[self]


@dataclass(frozen=True)
class ToDo:
    """One thing to do about a grant, in words. `accounts` is the day of accounts that can be added as they are."""

    urgency: Urgency
    words: str
    accounts: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class GrantFacts:
    """What the things to do about a grant are made of; `instalments` are the amounts received, else expected."""

    kind: FunderKind
    status: GrantStatus
    awarded: Decimal | None
    period: tuple[dt.date | None, dt.date | None]
    ask_before: dt.date | None = None
    asked_on: dt.date | None = None
    answer_expected_on: dt.date | None = None
    decided_on: dt.date | None = None
    settled_on: dt.date | None = None
    signed_on: dt.date | None = None
    pays_for_known: bool = True
    instalments: Sequence[Decimal | None] = ()
    received_on: Sequence[dt.date] = ()
    accounts: Sequence[dt.date] = ()
    shares: int = 0


def to_do(facts: GrantFacts, today: dt.date) -> list[ToDo]:
    """All that is to be done about a grant, the most urgent first."""
    found = [*_waiting(facts, today), *_legal(facts, today), *_missing(facts), *_inconsistent(facts)]
    return sorted(found, key=lambda each: -each.urgency)


def _waiting(facts: GrantFacts, today: dt.date) -> list[ToDo]:
    found = []
    if facts.status == GrantStatus.TO_ASK and facts.ask_before:
        late = facts.ask_before < today
        words = "à déposer avant le" if not late else "le dépôt devait se faire avant le"
        found.append(
            ToDo(Urgency.LATE if late else Urgency.SOON, f"Demande : {words} {short_date(facts.ask_before)}.")
        )
    expected = facts.answer_expected_on
    if facts.status == GrantStatus.ASKED and expected and expected < today:
        found.append(
            ToDo(
                Urgency.SOON, f"La réponse était attendue le {short_date(expected)} : relancez le financeur."
            )
        )
    if facts.status == GrantStatus.REFUSED and facts.shares:
        found.append(
            ToDo(
                Urgency.LATE,
                "Cette subvention est refusée, et des achats comptent encore sur elle : voyez leurs parts.",
            )
        )
    return found


def _legal(facts: GrantFacts, today: dt.date) -> list[ToDo]:
    found = []
    if (
        facts.status == GrantStatus.AWARDED
        and facts.signed_on is None
        and needs_agreement(facts.kind, facts.awarded)
    ):
        found.append(
            ToDo(
                Urgency.LATE,
                f"Une convention signée est obligatoire au-dessus de {euros(AGREEMENT_ABOVE)} ({AGREEMENT_SOURCE}) : "
                "indiquez le jour de sa signature.",
            )
        )
    for day in accounts_to_add(facts.kind, facts.status, facts.period, facts.accounts):
        late = day < today and facts.status == GrantStatus.AWARDED
        found.append(
            ToDo(
                Urgency.LATE
                if late
                else Urgency.SOON
                if facts.status == GrantStatus.AWARDED
                else Urgency.NOTE,
                f"Le compte rendu financier de {day.year - 1} est dû au plus tard le {short_date(day)}, dans les six mois "
                f"qui suivent la fin de l’exercice ({ACCOUNTS_SOURCE}) : l’échéance n’est pas encore notée.",
                accounts=day,
            )
        )
    return found


def _missing(facts: GrantFacts) -> list[ToDo]:
    if facts.status != GrantStatus.AWARDED:
        return []
    found = []
    if facts.awarded is None:
        found.append(
            ToDo(Urgency.NOTE, "Le montant accordé est inconnu : aucun achat ne peut y prendre une part.")
        )
    if None in facts.period:
        found.append(ToDo(Urgency.NOTE, "La période des dépenses est inconnue, ou incomplète."))
    if not facts.pays_for_known:
        found.append(
            ToDo(
                Urgency.NOTE, "On ne sait pas encore ce qu’elle peut payer : aucun achat ne lui est proposé."
            )
        )
    return [*found, *_instalments(facts)]


def _instalments(facts: GrantFacts) -> list[ToDo]:
    """Instalments that do not add up to what was awarded."""
    if facts.awarded is None:
        return []
    if not facts.instalments:
        return [ToDo(Urgency.NOTE, "Aucun versement n’est prévu : notez quand l’argent doit arriver.")]
    total = total_of(facts.instalments)
    if not total.is_known:
        return [ToDo(Urgency.NOTE, f"Versements : {total.words}, pour {euros(facts.awarded)} accordés.")]
    gap = facts.awarded - total.amount
    if not gap:
        return []
    words = f"il manque {euros(gap)}" if gap > 0 else f"c’est {euros(-gap)} de trop"
    return [
        ToDo(
            Urgency.SOON,
            f"Les versements font {euros(total.amount)} pour {euros(facts.awarded)} accordés : {words}.",
        )
    ]


def _inconsistent(facts: GrantFacts) -> list[ToDo]:
    """Dates that contradict one another. An agreement or a late deposit may be true: they are only said."""
    found = [ToDo(Urgency.SOON, TOO_LONG)] if is_too_long(*facts.period) else []
    pairs = [
        (facts.asked_on, facts.ask_before, "La demande est déposée après la date limite"),
        (facts.asked_on, facts.answer_expected_on, "La réponse est attendue avant le dépôt"),
        (facts.asked_on, facts.decided_on, "La décision précède le dépôt"),
        (facts.decided_on, facts.settled_on, "Le solde précède la décision"),
        (facts.decided_on, min(facts.received_on, default=None), "Un versement est reçu avant la décision"),
    ]
    return found + [
        ToDo(Urgency.SOON, f"{words} ({short_date(second)} et {short_date(first)}) : vérifiez les dates.")
        for first, second, words in pairs
        if first and second and first > second
    ]
