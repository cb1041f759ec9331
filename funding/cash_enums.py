"""Closed lists of the cash curve."""

from django.db.models import TextChoices

from funding.certainty_rules import Certainty


class Scenario(TextChoices):
    """What one line of the curve counts on; each holds what the one before holds."""

    CERTAIN = "certain", "certain seulement"
    LIKELY = "likely", "avec le probable"
    ALL = "asked", "avec le demandé"

    def holds(self, certainty: Certainty) -> bool:
        if self == Scenario.ALL:
            return True
        return certainty.rank <= Certainty(self.value).rank


class Source(TextChoices):
    """Where a movement of money comes from."""

    INSTALMENT = "instalment", "versement de subvention"
    AID = "aid", "aide au poste"
    INCOME = "income", "ventes et autres produits du budget"
    PURCHASE = "purchase", "achat"
    CHARGES = "charges", "charges du budget"

    @classmethod
    def regular(cls) -> set["Source"]:
        """Those that come back every month, without a day of their own."""
        return {cls.AID, cls.INCOME, cls.CHARGES}


class Aside(TextChoices):
    """Why an amount that is typed is not in the curve."""

    NO_DAY = "no_day", "sans date"
    NO_AMOUNT = "no_amount", "sans montant"
    LATER = "later", "après ces douze mois"
    SETTLED = "settled", "subvention déjà soldée"
    IN_AID = "in_aid", "déjà compté dans l’aide au poste des annexes"
    IN_CHARGES = "in_charges", "déjà compté dans les charges du budget"
