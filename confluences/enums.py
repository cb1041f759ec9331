"""Closed lists that every app shares."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What somebody does in the association; each role is a group of permissions (confluences.rights)."""

    SOCIAL_WORKER = "social_worker", "travailleur social"
    INSTRUCTOR = "instructor", "encadrant technique"
    SUPERVISOR = "supervisor", "direction"
    ADMINISTRATOR = "administrator", "administrateur"


class AuditEvent(TextChoices):
    """Why an audit entry that changes nothing was written."""

    READ = "read", "lecture"
    EXPORT = "export", "export"
    PRINT = "print", "impression"
    IMPORT = "import", "import"
