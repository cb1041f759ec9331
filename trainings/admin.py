"""Trainings in the admin."""

from trainings import certificate_admin  # noqa: F401  its pages register themselves
