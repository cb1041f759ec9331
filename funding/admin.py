"""The admin of funding: each area's pages register themselves."""

from funding import (
    grant_admin,  # noqa: F401
    purchase_admin,  # noqa: F401
)

"""Funding in the admin; each area has its module."""

from funding import budget_admin  # noqa: F401  its pages register themselves

"""Funding in the admin."""

from funding import cash_admin  # noqa: F401  its pages register themselves
