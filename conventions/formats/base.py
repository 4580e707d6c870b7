"""What every format shares: the two no-break spaces and the error a user can read."""

import re
from typing import Final

from .marks import clean_line

NBSP: Final = "\u00a0"
"""No-break space: before « : », inside « », between a number and its unit."""
NNBSP: Final = "\u202f"
"""Narrow no-break space: between groups of digits, before « ; », « ! » and « ? »."""

_SPACES = re.compile(r"\s+")


class FormatError(ValueError):
    """A typed text that cannot be read. Its message is French and says what to do.

    `code` is a stable ASCII slug, for tests and for a form that wants to react to one cause.
    """

    def __init__(self, message: str, code: str = "invalid") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def collapse_spaces(text: str) -> str:
    """The text with every run of spaces of any kind as one plain space, and no mark that nobody sees."""
    return _SPACES.sub(" ", clean_line(text)).strip()


def remove_separators(text: str) -> str:
    """The text in capitals without spaces, dots, dashes and slashes: how identifiers are compared."""
    return re.sub(r"[\s./_\-\u2010-\u2015\u2212]+", "", collapse_spaces(text)).upper()
