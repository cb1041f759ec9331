"""The admin of partners: each area's pages register themselves."""

from partners import immersion_admin, referral_admin  # noqa: F401
