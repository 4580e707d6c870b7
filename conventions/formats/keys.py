"""Numbers as addresses and forms bring them."""

from typing import Final

_LONGEST: Final = 18  # digits: less than any database holds, less than Python refuses to read


def whole_number(text: object) -> int | None:
    """The number written with digits alone; None for anything else, and for one that no row could have."""
    typed = str(text)
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= _LONGEST else None
