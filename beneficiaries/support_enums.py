"""The closed lists of social support: what is worked on, how, and with which papers."""

from django.db.models import IntegerChoices, TextChoices


class Theme(TextChoices):
    """What somebody is supported with: the nine axes of freins, then two that the State counts apart."""

    HOUSING = "housing", "logement"
    HEALTH = "health", "santé"
    MOBILITY = "mobility", "mobilité"
    FAMILY = "family", "famille et garde d’enfants"
    JUSTICE = "justice", "justice"
    BUDGET = "budget", "budget et dettes"
    LANGUAGE = "language", "langue et savoirs de base"
    RIGHTS = "rights", "administratif et droits"
    DIGITAL = "digital", "numérique"
    CAREER = "career", "projet professionnel"
    JOB_SEARCH = "job_search", "recherche d’emploi"

    @classmethod
    def axes(cls) -> list["Theme"]:
        """What can stand in the way of a job: each axis has its level."""
        return [theme for theme in cls if theme not in {cls.CAREER, cls.JOB_SEARCH}]

    @classmethod
    def protected(cls) -> set["Theme"]:
        """Health (GDPR, article 9) and justice (article 10): social workers alone."""
        return {cls.HEALTH, cls.JUSTICE}


class BarrierLevel(IntegerChoices):
    """How much an axis stands in the way of a job. It goes up as things get worse."""

    UNKNOWN = 0, "non évalué"
    NONE = 1, "pas un frein"
    LOW = 2, "faible"
    MEDIUM = 3, "moyen"
    HIGH = 4, "fort"

    @property
    def meaning(self) -> str:
        return LEVEL_MEANINGS[self]


LEVEL_MEANINGS = {
    BarrierLevel.UNKNOWN: "on n’en a pas encore parlé",
    BarrierLevel.NONE: "ne gêne ni le travail ni la recherche d’emploi",
    BarrierLevel.LOW: "gêne parfois, la personne s’en arrange",
    BarrierLevel.MEDIUM: "gêne souvent, il faut agir pendant le parcours",
    BarrierLevel.HIGH: "empêche de travailler ou de chercher, à traiter d’abord",
}


class BarrierStatus(TextChoices):
    IDENTIFIED = "identified", "identifié"
    IN_PROGRESS = "in_progress", "en cours"
    REFERRED = "referred", "orienté"
    LIFTED = "lifted", "levé"


class FollowUpKind(TextChoices):
    """What a talk is for (the interviews of an ACI's support, from hiring to six months after leaving)."""

    RECEPTION = "reception", "accueil"
    DIAGNOSIS = "diagnosis", "diagnostic"
    INTERVIEW = "interview", "entretien de suivi"
    MIDTERM = "midterm", "bilan intermédiaire"
    RENEWAL = "renewal", "renouvellement"
    AT_WORK = "at_work", "évaluation en situation de travail"
    EXIT_REVIEW = "exit_review", "bilan de sortie"
    AFTER_EXIT = "after_exit", "suivi après la sortie"


class Medium(TextChoices):
    """Where or by what means people talk."""

    OFFICE = "office", "au bureau"
    WORKSITE = "worksite", "sur le chantier"
    PHONE = "phone", "par téléphone"
    VIDEO = "video", "en visioconférence"
    HOME = "home", "au domicile"
    PARTNER = "partner", "chez un partenaire"
    WRITTEN = "written", "par écrit (message, courrier)"


class AppointmentOutcome(TextChoices):
    MISSED = "missed", "la personne n’est pas venue"
    CANCELLED = "cancelled", "annulé"


class StepStatus(TextChoices):
    OPEN = "open", "à faire"
    DONE = "done", "faite"
    DROPPED = "dropped", "abandonnée"


class StepSide(TextChoices):
    """Who accompanies: the State counts both, and those who have both."""

    INTERNAL = "internal", "en interne"
    EXTERNAL = "external", "en externe"


class ProjectStage(TextChoices):
    TO_DEFINE = "to_define", "à définir"
    EXPLORED = "explored", "exploré"
    VALIDATED = "validated", "validé"
    ENGAGED = "engaged", "formation ou recherche engagée"
    ACHIEVED = "achieved", "réalisé"


class Confidentiality(TextChoices):
    """Who may open a document."""

    TEAM = "team", "travailleurs sociaux et direction"
    SOCIAL = "social", "travailleurs sociaux seulement"


class DocumentKind(TextChoices):
    IDENTITY = "identity", "pièce d’identité"
    RESIDENCE = "residence", "titre de séjour"
    ELIGIBILITY = "eligibility", "justificatif d’éligibilité"
    ADDRESS = "address", "justificatif de domicile"
    CV = "cv", "CV"
    DIPLOMA = "diploma", "diplôme ou attestation"
    LICENCE = "licence", "permis de conduire"
    CONTRACT = "contract", "contrat ou avenant"
    LETTER = "letter", "courrier"
    OTHER = "other", "autre"


class Criterion(TextChoices):
    """What makes somebody eligible to insertion (les-emplois, eligibility/enums.py): one of level 1, or three of level 2."""

    RSA = "rsa", "bénéficiaire du RSA"
    ASS = "ass", "bénéficiaire de l’ASS"
    AAH = "aah", "bénéficiaire de l’AAH"
    DETLD = "detld", "demandeur d’emploi depuis plus de 24 mois"
    LOW_LEVEL = "low_level", "niveau d’étude 3 ou infra"
    SENIOR = "senior", "50 ans et plus"
    YOUNG = "young", "moins de 26 ans"
    ASE = "ase", "sortant de l’ASE"
    DELD = "deld", "demandeur d’emploi depuis 12 à 24 mois"
    DISABLED = "disabled", "travailleur handicapé"
    SINGLE_PARENT = "single_parent", "parent isolé"
    NO_HOUSING = "no_housing", "sans hébergement ou parcours de rue"
    REFUGEE = "refugee", "réfugié ou demandeur d’asile"
    ZRR = "zrr", "résident en ZRR ou ZFRR"
    QPV = "qpv", "résident en QPV"
    DETENTION = "detention", "sortant de détention ou sous main de justice"
    FRENCH = "french", "maîtrise de la langue française"
    MOBILITY = "mobility", "problème de mobilité"

    @classmethod
    def protected(cls) -> set["Criterion"]:
        """Those that tell of health or justice."""
        return {cls.AAH, cls.DISABLED, cls.DETENTION}
