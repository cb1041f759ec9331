"""What the buttons of the morning's presence say."""

from django.db.models import TextChoices

from beneficiaries.time_enums import TimeKind


class Tap(TextChoices):
    """What a button of the morning says of somebody's day."""

    PRESENT = "present", "présent"
    LATE = "late", "en retard"
    ABSENT = "absent", "absent"
    TRAINING = "training", "en formation"
    IMMERSION = "immersion", "en immersion"
    HOURS = "hours", "autres heures"
    HOLIDAY = "holiday", "jour férié"
    ERASE = "erase", "effacer"

    @classmethod
    def whole_day(cls) -> "dict[Tap, TimeKind]":
        """The taps that make of all that is planned one thing."""
        return {
            cls.PRESENT: TimeKind.WORK,
            cls.TRAINING: TimeKind.TRAINING,
            cls.IMMERSION: TimeKind.IMMERSION,
        }

    @classmethod
    def ahead(cls) -> "list[Tap]":
        """What may be recorded before its day: an absence that was announced, and taking it back."""
        return [cls.ABSENT, cls.HOLIDAY, cls.ERASE]
