"""The page « Suivi » of a signed convention: what happened since, and the forms that record it."""

from conventions.admin.conventions.following.views import addresses

__all__ = ["addresses"]
