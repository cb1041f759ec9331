"""The admin of funding: each area's pages register themselves."""

from funding import budget_admin, cash_admin, grant_admin, purchase_admin  # noqa: F401
