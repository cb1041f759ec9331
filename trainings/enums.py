"""Closed lists of trainings."""

from django.db.models import TextChoices


class TrainingKind(TextChoices):
    """What a programme is about; the State's report counts trainings by kind."""

    TRADE = "trade", "métier"
    BASICS = "basics", "savoirs de base"
    LANGUAGE = "language", "langue"
    SAFETY = "safety", "sécurité et prévention"
    OTHER = "other", "autre"


class CertificateKind(TextChoices):
    """The papers that the association signs, each issued once for a person and a programme."""

    REALISATION = "realisation", "certificat de réalisation"
    COMPLETION = "completion", "attestation de fin de formation"


class Finish(TextChoices):
    """Where somebody stands towards the end of a programme."""

    DONE = "done", "achevée"
    IN_TIME = "in_time", "dans les temps"
    LATE = "late", "après le contrat"
    NOT_PLANNED = "not_planned", "séances à prévoir"
    STOPPED = "stopped", "arrêtée"

    @classmethod
    def to_catch_up(cls) -> list["Finish"]:
        """Where further sessions would change the end."""
        return [cls.LATE, cls.NOT_PLANNED]
