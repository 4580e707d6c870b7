"""The staff's pages of conventions: list, creation, the one page, events, files."""

from conventions.admin.conventions.listing import ConventionAdmin

__all__ = ["ConventionAdmin"]
