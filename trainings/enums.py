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
