"""An amount in euros, as every table of funding holds it."""

from django.core.validators import MinValueValidator
from django.db import models

from funding.money_rules import ZERO

NOT_NEGATIVE = MinValueValidator(ZERO, "Un montant n’est pas négatif.")


def euros(verbose_name: str, **options) -> models.DecimalField:
    """A field of euros and cents under ten billion, never negative."""
    return models.DecimalField(
        verbose_name, max_digits=12, decimal_places=2, validators=[NOT_NEGATIVE], **options
    )


def unknown_euros(verbose_name: str, **options) -> models.DecimalField:
    """The same, where empty means that nobody knows yet."""
    return euros(verbose_name, null=True, blank=True, **options)
