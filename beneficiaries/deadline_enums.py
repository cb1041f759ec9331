"""The closed lists of what is due."""

from django.db.models import TextChoices


class DeadlineKind(TextChoices):
    """What comes due about somebody, and is computed rather than typed."""

    CONTRACT_END = "contract_end", "fin de contrat"
    PASS_END = "pass_end", "fin de PASS IAE"
    PROLONGATION = "prolongation", "prolongation du PASS à demander"
    CDDI_LIMIT = "cddi_limit", "24 mois de CDDI"
    DIAGNOSIS = "diagnosis", "diagnostic à faire"
    SILENCE = "silence", "sans suivi"
    PAPER = "paper", "papier qui expire"
    PROOF = "proof", "justificatif d’éligibilité qui vieillit"


class DeadlineState(TextChoices):
    """How near something due is; each value is also the look of its chip."""

    LATE = "late", "dépassée"
    SOON = "soon", "proche"
    INFO = "info", "à prévoir"
