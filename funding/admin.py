"""Funding in the admin; each area has its module."""

from funding import budget_admin  # noqa: F401  its pages register themselves
