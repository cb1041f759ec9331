"""Closed lists of the ETP figures."""

from django.db.models import TextChoices


class MonthState(TextChoices):
    """What a month of an annex is worth for the State's mean, which is of the entered months alone."""

    ENTERED = "entered", "saisi"
    EMPTY = "empty", "sans heures"
    RUNNING = "running", "en cours"
    COMING = "coming", "à venir"

    @property
    def kind(self) -> str:
        """The look of its chip."""
        return {"entered": "ok", "empty": "late", "running": "info"}.get(self.value, "neutral")
