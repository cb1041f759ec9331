"""Closed lists of the training matrix."""

from django.db.models import TextChoices


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
