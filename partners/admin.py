"""Partners in the admin."""

from partners import immersion_admin  # noqa: F401  its pages register themselves
