"""What the association has in the bank on a day, typed from the bank statement."""

from django.db import models
from django.urls import reverse

from confluences.models import Recorded


class CashBalance(Recorded):
    """The sum of the bank accounts on the evening of a day, in euros; below nought when overdrawn (solde de trésorerie)."""

    day = models.DateField(
        "jour", unique=True, error_messages={"unique": "Le solde de ce jour est déjà saisi."}
    )
    amount = models.DecimalField("solde (€)", max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = "solde de trésorerie"
        verbose_name_plural = "soldes de trésorerie"
        ordering = ["-day"]

    def __str__(self):
        return f"Solde du {self.day:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("funding:cash")
