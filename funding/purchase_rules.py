"""Rules of purchases, on plain values: what each piece is worth, which numbers they bear."""

from decimal import Decimal

from worksites.equipment_rules import next_label


def piece_values(price: Decimal, pieces: int) -> list[Decimal]:
    """A price between pieces, to the cent: the first ones bear the cents that are left.

    >>> [str(value) for value in piece_values(Decimal("100.00"), 3)]
    ['33.34', '33.33', '33.33']
    """
    each, left = divmod(int(price * 100), pieces)
    return [Decimal(each + (place < left)) / 100 for place in range(pieces)]


def next_labels(labels: list[str], pieces: int) -> list[str]:
    """The inventory numbers after those that exist.

    >>> next_labels(["MAT-007"], 2)
    ['MAT-008', 'MAT-009']
    """
    found: list[str] = []
    for _piece in range(pieces):
        found.append(next_label([*labels, *found]))
    return found
