"""Partners in the admin."""

from partners import directory_admin  # noqa: F401  its pages register themselves
