"""Trainings in the admin."""

from trainings import enrolment_admin, programme_admin, session_admin  # noqa: F401  their pages register themselves
