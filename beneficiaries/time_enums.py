"""The closed lists of presence: what somebody's minutes were for, and why somebody was away. Never a diagnosis."""

from django.db.models import TextChoices


class TimeKind(TextChoices):
    """What the minutes of a day were for."""

    WORK = "work", "travail"
    TRAINING = "training", "formation"
    IMMERSION = "immersion", "immersion"
    PAID_ABSENCE = "paid_absence", "absence payée"
    UNPAID_ABSENCE = "unpaid_absence", "absence non payée"

    @classmethod
    def paid(cls) -> list["TimeKind"]:
        """What counts as paid hours, of which the State's ETP is made: all but unpaid absence."""
        return [kind for kind in cls if kind != cls.UNPAID_ABSENCE]

    @classmethod
    def absences(cls) -> list["TimeKind"]:
        return [cls.PAID_ABSENCE, cls.UNPAID_ABSENCE]

    @classmethod
    def attended(cls) -> list["TimeKind"]:
        """Where the person was there: at work, in training, with another employer."""
        return [kind for kind in cls if kind not in cls.absences()]


class AbsenceReason(TextChoices):
    """Why somebody was away, as far as the association may know: « santé » says no more than that."""

    LEAVE = "leave", "congés"
    HOLIDAY = "holiday", "jour férié"
    HEALTH = "health", "santé"
    FAMILY = "family", "famille ou garde d’enfant"
    PAPERS = "papers", "démarche administrative"
    TRANSPORT = "transport", "transport"
    LATE = "late", "retard"
    UNJUSTIFIED = "unjustified", "sans justification"
    OTHER = "other", "autre motif"

    @property
    def usual_kind(self) -> TimeKind:
        """Leave, holidays and papers are mostly paid, the rest mostly not; whoever records may say otherwise."""
        paid = self in {AbsenceReason.LEAVE, AbsenceReason.HOLIDAY, AbsenceReason.PAPERS}
        return TimeKind.PAID_ABSENCE if paid else TimeKind.UNPAID_ABSENCE
