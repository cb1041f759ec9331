"""How sure a grant's money is: one answer for the combinations of grants and for the cash curve."""

from decimal import Decimal

from django.db.models import TextChoices

from funding.enums import GrantStatus

# Above this amount a grant of public money needs a signed agreement (loi 2000-321, art. 10; décret 2001-495).
AGREEMENT_ABOVE = Decimal(23000)


class Certainty(TextChoices):
    """The surest first."""

    CERTAIN = "certain", "certaine"
    LIKELY = "likely", "probable"
    ASKED = "asked", "demandée"
    TO_ASK = "to_ask", "à demander"

    @property
    def rank(self) -> int:
        """0 for the surest."""
        return list(Certainty).index(self)

    @classmethod
    def expected(cls) -> tuple["Certainty", ...]:
        """Those whose money is expected: nobody waits for what has not been asked."""
        return cls.CERTAIN, cls.LIKELY, cls.ASKED


def needs_agreement(amount: Decimal | None) -> bool:
    """Whether a grant of this amount is paid only after an agreement is signed.

    >>> needs_agreement(Decimal(23000)), needs_agreement(Decimal("23000.01")), needs_agreement(None)
    (False, True, False)
    """
    return amount is not None and amount > AGREEMENT_ABOVE


def certainty(status: str, amount: Decimal | None, *, is_signed: bool) -> Certainty | None:
    """How sure the money is, by the grant's state, its amount and whether its agreement is signed; None once refused.

    What is awarded is certain where no agreement is needed or the agreement is signed; it is likely where the agreement
    is still to be signed, or the amount unknown.

    >>> certainty("awarded", Decimal(5000), is_signed=False).label
    'certaine'
    >>> certainty("awarded", Decimal(40000), is_signed=False).label
    'probable'
    >>> certainty("awarded", Decimal(40000), is_signed=True).label
    'certaine'
    >>> certainty("asked", Decimal(40000), is_signed=False).label
    'demandée'
    >>> certainty("refused", None, is_signed=False) is None
    True
    """
    match GrantStatus(status):
        case GrantStatus.SETTLED:
            return Certainty.CERTAIN
        case GrantStatus.AWARDED if is_signed or (amount is not None and not needs_agreement(amount)):
            return Certainty.CERTAIN
        case GrantStatus.AWARDED:
            return Certainty.LIKELY
        case GrantStatus.ASKED:
            return Certainty.ASKED
        case GrantStatus.TO_ASK:
            return Certainty.TO_ASK
        case _:
            return None
