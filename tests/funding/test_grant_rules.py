"""Rules of grants: unknown money, moves, what the law asks, what is amiss."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.enums import FunderKind, GrantStatus
from funding.grant_rules import (
    MOVES,
    GrantFacts,
    ToDo,
    Urgency,
    accounts_due,
    accounts_to_add,
    amount_refusal,
    grant_due,
    grant_received,
    grant_rest,
    moves_back,
    needs_agreement,
    receipt_refusal,
    to_do,
)

D = dt.date
TODAY = D(2024, 6, 1)
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)


def plain(words: str) -> str:
    return words.replace("\u202f", " ").replace("\u00a0", " ")


def facts(**fields) -> GrantFacts:
    standing = {
        "kind": FunderKind.PRIVATE,
        "status": GrantStatus.AWARDED,
        "awarded": Decimal(10000),
        "period": (D(2024, 1, 1), D(2024, 12, 31)),
        "instalments": [Decimal(10000)],
    }
    return GrantFacts(**standing | fields)


def said(**fields) -> list[tuple[Urgency, str]]:
    return [(each.urgency, plain(each.words)) for each in to_do(facts(**fields), TODAY)]


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_money_of_a_grant_adds_up(awarded, placed, received):
    assert grant_rest(awarded, placed) + placed == awarded
    due = grant_due(GrantStatus.AWARDED, awarded, received)
    assert due == max(awarded - received, 0)
    assert (amount_refusal(awarded, placed, received) is None) == (awarded >= max(placed, received))
    assert (receipt_refusal(awarded, placed, received) is None) == (placed + received <= awarded)


@given(AMOUNTS, AMOUNTS)
def test_an_unknown_award_limits_nothing(placed, received):
    assert grant_rest(None, placed) is None
    assert amount_refusal(None, placed, received) is None
    assert receipt_refusal(None, placed, received) is None


@pytest.mark.parametrize("status", GrantStatus)
def test_only_an_awarded_grant_is_still_owed(status):
    owed = grant_due(status, Decimal(100), Decimal(40))
    assert owed == (60 if status == GrantStatus.AWARDED else 0)


def test_what_came_is_unknown_only_where_the_award_is():
    assert grant_received(GrantStatus.AWARDED, None, Decimal(5)) == 5
    assert grant_received(GrantStatus.SETTLED, None, None) is None
    assert grant_received(GrantStatus.ASKED, None, None) == 0


def test_every_move_can_be_taken_back():
    for before, reached in MOVES.items():
        for after in reached:
            if not moves_back(before, after):
                assert before in MOVES[after]
                assert moves_back(after, before)


@pytest.mark.parametrize(
    ("kind", "awarded", "needed"),
    [
        (FunderKind.STATE, Decimal(23000), False),
        (FunderKind.STATE, Decimal("23000.01"), True),
        (FunderKind.PRIVATE, Decimal(100000), False),
        (FunderKind.TOWN, None, False),
    ],
)
def test_an_agreement_is_for_public_money_above_23_000(kind, awarded, needed):
    assert needs_agreement(kind, awarded) is needed


@given(st.integers(1990, 2099), st.integers(0, 4))
def test_accounts_are_asked_once_per_financial_year(year, more):
    period = (D(year, 7, 1), D(year + more, 6, 30))
    asked = accounts_to_add(FunderKind.STATE, GrantStatus.AWARDED, period, [])
    assert asked == [accounts_due(each) for each in range(year, year + more + 1)]
    assert all(later.year == earlier.year + 1 for earlier, later in pairwise(asked))
    assert accounts_to_add(FunderKind.STATE, GrantStatus.AWARDED, period, asked) == []


@pytest.mark.parametrize(
    ("kind", "status", "period"),
    [
        (FunderKind.PRIVATE, GrantStatus.AWARDED, (D(2024, 1, 1), D(2024, 12, 31))),
        (FunderKind.STATE, GrantStatus.ASKED, (D(2024, 1, 1), D(2024, 12, 31))),
        (FunderKind.STATE, GrantStatus.AWARDED, (None, None)),
    ],
)
def test_no_accounts_are_asked(kind, status, period):
    assert accounts_to_add(kind, status, period, []) == []


def test_accounts_where_one_end_is_known():
    assert accounts_to_add(FunderKind.TOWN, GrantStatus.SETTLED, (None, D(2024, 3, 1)), []) == [
        D(2025, 6, 30)
    ]


def test_nothing_to_do():
    assert to_do(facts(), TODAY) == []


def test_the_law_is_quoted_with_its_source():
    found = said(kind=FunderKind.TOWN, awarded=Decimal(24000), instalments=[Decimal(24000)])
    assert found == [
        (
            Urgency.LATE,
            "Une convention signée est obligatoire au-dessus de 23 000 € (loi n° 2000-321 du 12 avril 2000, art. 10, et "
            "décret n° 2001-495 du 6 juin 2001) : indiquez le jour de sa signature.",
        ),
        (
            Urgency.SOON,
            "Le compte rendu financier de 2024 est dû au plus tard le 30/06/2025, dans les six mois qui suivent la fin de "
            "l’exercice (loi n° 2000-321 du 12 avril 2000, art. 10) : l’échéance n’est pas encore notée.",
        ),
    ]
    signed = facts(
        kind=FunderKind.TOWN, awarded=Decimal(24000), instalments=[Decimal(24000)], signed_on=D(2024, 2, 1)
    )
    [accounts] = to_do(signed, TODAY)
    assert accounts == ToDo(Urgency.SOON, accounts.words, accounts=D(2025, 6, 30))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"status": GrantStatus.TO_ASK, "ask_before": D(2024, 6, 1)},
            (Urgency.SOON, "Demande : à déposer avant le 01/06/2024."),
        ),
        (
            {"status": GrantStatus.TO_ASK, "ask_before": D(2024, 5, 31)},
            (Urgency.LATE, "Demande : le dépôt devait se faire avant le 31/05/2024."),
        ),
        (
            {"status": GrantStatus.ASKED, "answer_expected_on": D(2024, 5, 31)},
            (Urgency.SOON, "La réponse était attendue le 31/05/2024 : relancez le financeur."),
        ),
        (
            {"status": GrantStatus.REFUSED, "shares": 1},
            (
                Urgency.LATE,
                "Cette subvention est refusée, et des achats comptent encore sur elle : voyez leurs parts.",
            ),
        ),
        (
            {"awarded": None},
            (Urgency.NOTE, "Le montant accordé est inconnu : aucun achat ne peut y prendre une part."),
        ),
        (
            {"period": (D(2024, 1, 1), None)},
            (Urgency.NOTE, "La période des dépenses est inconnue, ou incomplète."),
        ),
        (
            {"pays_for_known": False},
            (Urgency.NOTE, "On ne sait pas encore ce qu’elle peut payer : aucun achat ne lui est proposé."),
        ),
        (
            {"instalments": []},
            (Urgency.NOTE, "Aucun versement n’est prévu : notez quand l’argent doit arriver."),
        ),
        (
            {"instalments": [Decimal(4000), Decimal(5000)]},
            (Urgency.SOON, "Les versements font 9 000 € pour 10 000 € accordés : il manque 1 000 €."),
        ),
        (
            {"instalments": [Decimal("10000.50")]},
            (Urgency.SOON, "Les versements font 10 000,50 € pour 10 000 € accordés : c’est 0,50 € de trop."),
        ),
        (
            {"instalments": [Decimal(4000), None]},
            (
                Urgency.NOTE,
                "Versements : au moins 4 000 € (1 montant inconnu), pour 10 000 € accordés.",
            ),
        ),
        (
            {"asked_on": D(2024, 3, 2), "decided_on": D(2024, 3, 1)},
            (Urgency.SOON, "La décision précède le dépôt (01/03/2024 et 02/03/2024) : vérifiez les dates."),
        ),
        (
            {"decided_on": D(2024, 3, 1), "received_on": [D(2024, 4, 1), D(2024, 2, 1)]},
            (
                Urgency.SOON,
                "Un versement est reçu avant la décision (01/02/2024 et 01/03/2024) : vérifiez les dates.",
            ),
        ),
    ],
)
def test_what_is_to_do(fields, expected):
    assert said(**fields) == [expected]


def test_a_mistyped_year_is_said_once_and_asks_for_no_accounts():
    """Otherwise one account a year since the year 26."""
    found = said(kind=FunderKind.TOWN, period=(D(26, 1, 1), D(2024, 12, 31)))
    assert found == [(Urgency.SOON, "La période des dépenses dépasse dix ans : vérifiez les années.")]
