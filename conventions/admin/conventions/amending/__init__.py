"""The pages of a line that an amendment changes, adds or removes; the text in force."""

from conventions.admin.conventions.amending.addresses import addresses

__all__ = ["addresses"]
