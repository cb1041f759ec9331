"""The closed lists of a person's file. ASP codes come from the State's own code lists (les-emplois, asp/models.py)."""

from django.db.models import TextChoices


class Sex(TextChoices):
    FEMALE = "F", "femme"
    MALE = "M", "homme"


class Education(TextChoices):
    """Level of education, ASP codes."""

    UNCERTIFIED = "00", "qualifications non certifiantes"
    NEVER_SCHOOLED = "01", "jamais scolarisé"
    DOCTORATE = "10", "3e cycle ou école d’ingénieur"
    BACHELOR = "20", "licence"
    TWO_YEARS = "30", "BTS ou DUT"
    BACCALAUREATE = "40", "baccalauréat"
    TECHNICAL = "41", "BT ou baccalauréat professionnel"
    VOCATIONAL_LEVEL = "50", "niveau CAP ou BEP"
    VOCATIONAL = "51", "diplôme CAP ou BEP"
    SHORT_TRAINING = "60", "formation courte d’un an"
    COMPULSORY = "70", "pas au-delà de la scolarité obligatoire"


class Unemployment(TextChoices):
    """How long somebody had no job before entering, ASP bands."""

    UNDER_6 = "01", "moins de 6 mois"
    FROM_6_TO_11 = "02", "de 6 à 11 mois"
    FROM_12_TO_23 = "03", "de 12 à 23 mois"
    OVER_24 = "04", "24 mois et plus"


class Rsa(TextChoices):
    NONE = "non", "non"
    BASIC = "simple", "RSA non majoré"
    INCREASED = "majore", "RSA majoré"


class Prescriber(TextChoices):
    """Who sent the person to us, ASP codes."""

    LOCAL_MISSION = "01", "mission locale"
    CAP_EMPLOI = "02", "Cap emploi"
    FRANCE_TRAVAIL = "03", "France Travail"
    PLIE = "04", "PLIE"
    DEPARTMENT = "05", "service social du département"
    OTHER_AUTHORISED = "06", "autre prescripteur habilité"
    SPONTANEOUS = "07", "candidature spontanée"
    UNAUTHORISED = "08", "orienteur non habilité"
    SPIP = "09", "SPIP"
    PJJ = "10", "PJJ"
    CCAS = "11", "CCAS"
    CHRS = "12", "CHRS"
    CIDFF = "13", "CIDFF"
    PREVENTION = "14", "service de prévention"
    AFPA = "15", "AFPA"
    PIJ = "16", "PIJ ou BIJ"
    CAF = "17", "CAF"
    CADA = "18", "CADA"
    ASE = "19", "ASE"
    CAVA = "20", "CAVA"
    CPH = "21", "CPH"
    CHU = "22", "CHU"
    OACAS = "23", "OACAS"
    UNKNOWN = "99", "non connu"


class ContractKind(TextChoices):
    CDDI = "cddi", "CDDI"
    CDI_INCLUSION = "cdi_inclusion", "CDI inclusion"


class LengthDerogation(TextChoices):
    """Why a CDDI may last less than 4 or more than 24 months (article L5132-15-1)."""

    SENTENCE = "sentence", "aménagement de peine (moins de 4 mois)"
    TRAINING = "training", "formation en cours à terminer"
    SENIOR_OR_RQTH = "senior_rqth", "50 ans et plus, ou travailleur handicapé"
    DIFFICULTIES = "difficulties", "difficultés particulièrement importantes"


class HoursDerogation(TextChoices):
    """Why a CDDI may have fewer than 20 hours a week (articles R5132-43-5 and D5132-43-9)."""

    INDIVIDUAL = "individual", "grande exclusion, décision individuelle"
    COLLECTIVE = "collective", "accord du préfet pour la structure"


class SuspensionReason(TextChoices):
    """Why a PASS IAE stops running, reasons accepted today by the national platform."""

    CONTRACT_SUSPENDED = "contract_suspended", "contrat suspendu depuis plus de 15 jours"
    CONTRACT_BROKEN = "contract_broken", "contrat rompu"
    CONTRACT_FINISHED = "contract_finished", "contrat terminé"
    CTA_AGREEMENT = "cta", "accord du comité technique d’animation"
    BRIDGE_CONTRACT = "bridge", "contrat passerelle"


class ProlongationReason(TextChoices):
    """Why a PASS IAE may last longer, reasons of the national platform."""

    SENIOR_CDI = "senior_cdi", "CDI inclusion, 57 ans et plus"
    COMPLETE_TRAINING = "complete_training", "fin d’une formation"
    RQTH = "rqth", "travailleur handicapé"
    SENIOR = "senior", "50 ans et plus"
    PARTICULAR_DIFFICULTIES = "difficulties", "difficultés particulières (AI et ACI)"

    @classmethod
    def needing_opinion(cls) -> set["ProlongationReason"]:
        """Reasons for which an authorised prescriber gives an opinion."""
        return {cls.RQTH, cls.SENIOR, cls.PARTICULAR_DIFFICULTIES}


class Presence(TextChoices):
    """Where somebody stands with us on a day, read from the contracts."""

    UPCOMING = "upcoming", "à venir"
    PRESENT = "present", "en contrat"
    LEFT = "left", "sorti"
    NO_CONTRACT = "no_contract", "sans contrat"
