"""The admin of partners: each area's pages register themselves."""

from partners import directory_admin, immersion_admin, referral_admin  # noqa: F401
