"""How sure a grant's money is."""

from decimal import Decimal

import pytest

from funding.certainty_rules import Certainty, certainty
from funding.enums import FunderKind, GrantStatus


@pytest.mark.parametrize(
    ("status", "amount", "is_signed", "expected"),
    [
        (GrantStatus.TO_ASK, 5000, False, Certainty.TO_ASK),
        (GrantStatus.ASKED, 5000, False, Certainty.ASKED),
        (GrantStatus.ASKED, None, False, Certainty.ASKED),
        (GrantStatus.AWARDED, 23000, False, Certainty.CERTAIN),
        (GrantStatus.AWARDED, "23000.01", False, Certainty.LIKELY),
        (GrantStatus.AWARDED, "23000.01", True, Certainty.CERTAIN),
        (GrantStatus.AWARDED, None, False, Certainty.LIKELY),
        (GrantStatus.AWARDED, None, True, Certainty.LIKELY),
        (GrantStatus.SETTLED, 50000, False, Certainty.CERTAIN),
        (GrantStatus.REFUSED, None, True, None),
    ],
)
def test_certainty_by_state_amount_and_signature(status, amount, is_signed, expected):
    amount = None if amount is None else Decimal(amount)
    assert certainty(FunderKind.TOWN, status, amount, is_signed=is_signed) == expected


@pytest.mark.parametrize("kind", FunderKind)
def test_only_a_public_funder_waits_for_an_agreement(kind):
    found = certainty(kind, GrantStatus.AWARDED, Decimal("23000.01"), is_signed=False)
    assert found == (Certainty.CERTAIN if kind == FunderKind.PRIVATE else Certainty.LIKELY)


def test_surest_comes_first():
    assert [each.rank for each in Certainty] == [0, 1, 2, 3]
