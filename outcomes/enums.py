"""Closed lists of exits and their classification."""

from django.db.models import TextChoices


class ExitClass(TextChoices):
    """The State's classes of exits, with the ASP's own labels, and the two ways of not knowing yet."""

    DURABLE = "durable", "Emploi durable"
    TRANSITION = "transition", "Emploi de transition"
    POSITIVE = "positive", "Sorties positives"
    DURABLE_OR_TRANSITION = "durable_or_transition", "Emploi durable ou de transition, durée à préciser"
    OTHER = "other", "Autres sorties"
    UNKNOWN = "unknown", "Situation à documenter"
    WITHDRAWAL = "withdrawal", "Retrait des sorties constatées"

    @classmethod
    def of_reasons(cls) -> list[tuple[str, str]]:
        """The classes an exit reason can belong to."""
        undetermined = {cls.DURABLE_OR_TRANSITION, cls.UNKNOWN}
        return [(klass.value, klass.label) for klass in cls if klass not in undetermined]


class Verdict(TextChoices):
    """What a target makes of one exit."""

    SUCCESS = "success", "comptée"
    FAILURE = "failure", "non comptée"
    UNDOCUMENTED = "undocumented", "à documenter"
    NOT_EXAMINED = "not_examined", "non examinée"


class Certainty(TextChoices):
    """How sure the class of an exit reason is; the extranet of the ASP decides."""

    SOURCED = "sourced", "sourcée"
    PROBABLE = "probable", "probable, à confirmer"
    UNKNOWN = "unknown", "inconnue, à confirmer"


class Questions(TextChoices):
    """Which facts an exit reason asks for."""

    NOTHING = "nothing", "aucune question"
    FIXED_TERM = "fixed_term", "emploi à durée déterminée (la durée compte)"
    JOB = "job", "emploi"
    TRAINING = "training", "formation"


class JobContract(TextChoices):
    """The contract somebody leaves us for."""

    CDI = "cdi", "CDI"
    CDD = "cdd", "CDD"
    TEMPORARY = "temporary", "intérim"
    APPRENTICESHIP = "apprenticeship", "contrat d’apprentissage"
    PROFESSIONALISATION = "professionalisation", "contrat de professionnalisation"
    CIVIL_SERVICE = "civil_service", "fonction publique"
    SELF_EMPLOYED = "self_employed", "travail indépendant"


class Evidence(TextChoices):
    """What proves the situation after the exit."""

    CONTRACT = "contract", "copie du contrat"
    EMPLOYER = "employer", "attestation de l’employeur"
    ENROLMENT = "enrolment", "attestation d’inscription en formation"
    OTHER_PAPER = "other", "autre document"
    WORD = "word", "déclaration de la personne"


class CohortBasis(TextChoices):
    EXIT = "exit", "date de sortie"
    ENTRY = "entry", "date d’entrée"
