"""The admin of funding: each area's pages register themselves."""

from funding import purchase_admin  # noqa: F401
