"""Trainings in the admin."""

from trainings import (  # noqa: F401  their pages register themselves
    certificate_admin,
    enrolment_admin,
    programme_admin,
    session_admin,
)
