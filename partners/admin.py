"""Partners in the admin."""

from partners import referral_admin  # noqa: F401  its pages register themselves
