"""Why a piece of equipment needs somebody."""

from django.db.models import TextChoices


class EquipmentDue(TextChoices):
    """What is due about a piece of equipment, the most urgent first."""

    LATE = "late", "contrôle en retard"
    TAKE_BACK = "take_back", "à récupérer"
    REPAIR = "repair", "à réparer"
    SOON = "soon", "contrôle dans les 30 jours"
