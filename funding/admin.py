"""The admin of funding: each area's pages register themselves."""

from funding import (
    grant_admin,  # noqa: F401
    purchase_admin,  # noqa: F401
)
