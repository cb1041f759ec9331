"""Closed lists of worksites and their financing."""

from django.db.models import TextChoices


class StructureKind(TextChoices):
    """The kinds of SIAE that the association runs or may open."""

    ACI = "aci", "atelier et chantier d’insertion (ACI)"
    EI = "ei", "entreprise d’insertion (EI)"


class EquipmentState(TextChoices):
    """How a piece of equipment is."""

    GOOD = "good", "en état"
    WORN = "worn", "à réviser"
    REPAIR = "repair", "en réparation"
    BROKEN = "broken", "hors d’usage"
    LOST = "lost", "perdu ou volé"

    @classmethod
    def gone(cls) -> list["EquipmentState"]:
        """What nobody works with any more."""
        return [cls.BROKEN, cls.LOST]

    @classmethod
    def to_repair(cls) -> list["EquipmentState"]:
        return [cls.WORN, cls.REPAIR]


class EquipmentEventKind(TextChoices):
    """What happens to a piece of equipment."""

    HANDED_OUT = "handed_out", "confié"
    RETURNED = "returned", "rendu"
    INSPECTED = "inspected", "contrôlé"
    REPAIRED = "repaired", "réparé"
    MOVED = "moved", "changé de chantier"
    NOTED = "noted", "constat"
