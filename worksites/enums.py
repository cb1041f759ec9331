"""Closed lists of worksites and their financing."""

from django.db.models import TextChoices


class StructureKind(TextChoices):
    """The kinds of SIAE that the association runs or may open."""

    ACI = "aci", "atelier et chantier d’insertion (ACI)"
    EI = "ei", "entreprise d’insertion (EI)"
