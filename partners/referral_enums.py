"""What the list of referrals can be narrowed to."""

from django.db.models import TextChoices


class Waiting(TextChoices):
    """Which referrals ask for somebody's attention."""

    UNANSWERED = "unanswered", "sans réponse (en retard ou sans nouvelle)"
    LATE = "late", "en retard"
    SILENT = "silent", "sans nouvelle"
    OPEN = "open", "en cours"
