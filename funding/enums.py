"""The closed lists of funding: who pays, for what, how a grant stands, what is owed in return."""

from django.db.models import TextChoices


class FunderKind(TextChoices):
    """What a funder is: it says on which row of the Cerfa its grants stand."""

    STATE = "state", "État"
    PAYING_AGENCY = "paying_agency", "Agence de services et de paiement"
    REGION = "region", "région"
    DEPARTMENT = "department", "département"
    INTERCOMMUNAL = "intercommunal", "intercommunalité"
    TOWN = "town", "commune"
    SOCIAL_BODY = "social_body", "organisme social"
    EUROPE = "europe", "fonds européens"
    PUBLIC_BODY = "public_body", "autre établissement public"
    PRIVATE = "private", "fondation ou entreprise"


class ExpenseKind(TextChoices):
    """What a purchase is, and what a grant may buy."""

    EQUIPMENT = "equipment", "matériel et outillage"
    VEHICLE = "vehicle", "véhicule"
    WORKS = "works", "travaux et aménagement"
    CLOTHING = "clothing", "vêtements et protections"
    PLANTS = "plants", "végétaux et fournitures"
    COMPUTING = "computing", "informatique"
    TRAINING = "training", "formation"
    STAFF = "staff", "salaires"
    RUNNING = "running", "fonctionnement"

    @classmethod
    def lasting(cls) -> set["ExpenseKind"]:
        """What becomes equipment of a worksite once received."""
        return {cls.EQUIPMENT, cls.VEHICLE, cls.CLOTHING, cls.COMPUTING}

    @classmethod
    def charges(cls) -> set["ExpenseKind"]:
        """What the general chart of accounts holds among a year's charges (class 6); the rest is an investment."""
        return {cls.CLOTHING, cls.PLANTS, cls.TRAINING, cls.STAFF, cls.RUNNING}


class PurchaseState(TextChoices):
    """How far a purchase is."""

    PLANNED = "planned", "prévu"
    ORDERED = "ordered", "commandé"
    RECEIVED = "received", "reçu"
    PAID = "paid", "payé"


class GrantStatus(TextChoices):
    TO_ASK = "to_ask", "à demander"
    ASKED = "asked", "déposée"
    AWARDED = "awarded", "accordée"
    REFUSED = "refused", "refusée"
    SETTLED = "settled", "soldée"

    @classmethod
    def promised(cls) -> set["GrantStatus"]:
        """Those whose money is decided."""
        return {cls.AWARDED, cls.SETTLED}

    @classmethod
    def pending(cls) -> set["GrantStatus"]:
        return {cls.TO_ASK, cls.ASKED}


class InstalmentKind(TextChoices):
    ADVANCE = "advance", "avance"
    INTERIM = "interim", "acompte"
    BALANCE = "balance", "solde"


class ObligationKind(TextChoices):
    """What a funder asks in return."""

    REPORT = "report", "bilan"
    ACCOUNTS = "accounts", "compte rendu financier"
    INVOICE = "invoice", "factures"
    PUBLICITY = "publicity", "publicité"
    OTHER = "other", "autre"


class BudgetSide(TextChoices):
    EXPENSES = "expenses", "charges"
    INCOME = "income", "produits"


class RowFeed(TextChoices):
    """Where the amount done of a budget row comes from, when nobody has to type it."""

    EMPLOYMENT_AID = "employment_aid", "aide au poste, d’après les ETP"
