"""The closed lists of partners: what they are, how a referral stands, what an immersion is for."""

from django.db.models import TextChoices


class PartnerKind(TextChoices):
    """What an organisation mainly is to the association; its themes say what it can do."""

    HOUSING = "housing", "logement"
    HEALTH = "health", "santé"
    MONEY = "money", "finances"
    RIGHTS = "rights", "droits et action sociale"
    TRAINING = "training", "formation"
    EMPLOYMENT = "employment", "emploi"
    PRESCRIBER = "prescriber", "prescripteur"
    EMPLOYER = "employer", "employeur"
    CLIENT = "client", "client"
    COMMUNITY = "community", "collectivité"
    OTHER = "other", "autre"

    @classmethod
    def likely_clients(cls) -> set["PartnerKind"]:
        """Those who most often order work."""
        return {cls.CLIENT, cls.COMMUNITY, cls.HOUSING, cls.EMPLOYER}


class AgreementState(TextChoices):
    """How the agreement (convention) with a partner stands on a day."""

    IN_FORCE = "in_force", "en vigueur"
    ENDING = "ending", "se termine bientôt"
    ENDED = "ended", "terminée"
    UPCOMING = "upcoming", "à venir"
    NONE = "none", "sans convention"


class Direction(TextChoices):
    """Who sends somebody to whom."""

    IN = "in", "reçue d’un prescripteur"
    OUT = "out", "faite vers un partenaire"


class ReferralStatus(TextChoices):
    """Where a referral stands. The first three wait for somebody."""

    SENT = "sent", "envoyée"
    PROPOSED = "proposed", "date proposée"
    ACCEPTED = "accepted", "acceptée"
    DECLINED = "declined", "refusée"
    DONE = "done", "terminée"
    CANCELLED = "cancelled", "annulée"

    @classmethod
    def open(cls) -> set["ReferralStatus"]:
        return {cls.SENT, cls.PROPOSED, cls.ACCEPTED}

    @classmethod
    def answered(cls) -> set["ReferralStatus"]:
        """Those that only an answer leads to."""
        return {cls.PROPOSED, cls.ACCEPTED, cls.DECLINED}

    @classmethod
    def closed(cls) -> set["ReferralStatus"]:
        return {cls.DECLINED, cls.DONE, cls.CANCELLED}


class ReferralResult(TextChoices):
    """What came of a referral that took place."""

    OBTAINED = "obtained", "obtenu"
    PARTLY = "partly", "obtenu en partie"
    NOT_OBTAINED = "not_obtained", "pas obtenu"
    NO_SHOW = "no_show", "la personne n’y est pas allée"

    @classmethod
    def successes(cls) -> set["ReferralResult"]:
        """Those that obtained what the referral was for, at least in part."""
        return {cls.OBTAINED, cls.PARTLY}


class BarrierEffect(TextChoices):
    """What a referral did to the frein it was made for."""

    LIFTED = "lifted", "frein levé"
    REDUCED = "reduced", "frein réduit"
    UNCHANGED = "unchanged", "frein inchangé"


class ImmersionPurpose(TextChoices):
    """The three purposes that the law allows a PMSMP (Code du travail, L5135-1)."""

    DISCOVER = "discover", "découvrir un métier ou un secteur d’activité"
    CONFIRM = "confirm", "confirmer un projet professionnel"
    RECRUIT = "recruit", "initier une démarche de recrutement"


class ImmersionOutcome(TextChoices):
    """What an immersion showed."""

    REACHED = "reached", "objectif atteint"
    MISSED = "missed", "objectif pas encore atteint"
    BROKEN_OFF = "broken_off", "interrompue"
