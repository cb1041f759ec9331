"""Funding in the admin."""

from funding import cash_admin  # noqa: F401  its pages register themselves
