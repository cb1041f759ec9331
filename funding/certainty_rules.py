"""How sure a grant's money is: one answer for the combinations of grants and for the cash curve."""

from decimal import Decimal

from django.db.models import TextChoices

from funding.enums import FunderKind, GrantStatus
from funding.grant_rules import needs_agreement


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


def certainty(
    kind: FunderKind, status: GrantStatus, awarded: Decimal | None, *, is_signed: bool
) -> Certainty | None:
    """How sure the money is, by the funder, the grant's state, its amount and its agreement; None once refused.

    What is awarded is certain where the law asks for no agreement or the agreement is signed; it is likely where the
    agreement is still to be signed, or the amount unknown.

    >>> certainty(FunderKind.TOWN, GrantStatus.AWARDED, Decimal(5000), is_signed=False).label
    'certaine'
    >>> certainty(FunderKind.TOWN, GrantStatus.AWARDED, Decimal(40000), is_signed=False).label
    'probable'
    >>> certainty(FunderKind.TOWN, GrantStatus.AWARDED, Decimal(40000), is_signed=True).label
    'certaine'
    >>> certainty(FunderKind.TOWN, GrantStatus.AWARDED, None, is_signed=True).label
    'probable'
    >>> certainty(FunderKind.PRIVATE, GrantStatus.AWARDED, Decimal(40000), is_signed=False).label
    'certaine'
    >>> certainty(FunderKind.TOWN, GrantStatus.REFUSED, None, is_signed=False) is None
    True
    """
    match status:
        case GrantStatus.SETTLED:
            return Certainty.CERTAIN
        case GrantStatus.AWARDED:
            waits = awarded is None or (needs_agreement(kind, awarded) and not is_signed)
            return Certainty.LIKELY if waits else Certainty.CERTAIN
        case GrantStatus.ASKED:
            return Certainty.ASKED
        case GrantStatus.TO_ASK:
            return Certainty.TO_ASK
        case _:
            return None
