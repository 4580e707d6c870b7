"""Verification codes: thirteen signs (65 bits) that a person can read on paper and type again.

Crockford's base 32: no I, L, O, U. The signs that look alike are read as the one that was meant.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

from .base import FormatError, remove_separators

CODE_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 13
_LONGEST: Final = 400  # signs of an address of the page
_ADDRESS = re.compile(r".*/verifier/([^/?#]+)", re.IGNORECASE | re.DOTALL)
_CONFUSED: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


def show_code(code: str) -> str:
    """« 7K3M-9QTR-V2X4B »: in groups of four, four and five."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def normalise_code(text: str) -> str:
    """The code as it is stored, from what was typed: case, spaces, dashes and look-alikes do not count.

    The address of the page, as the QR code of the paper holds it, is read too.
    Raises FormatError (in French) for anything that cannot be a code.
    """
    typed = unquote(text[:_LONGEST])
    address = _ADDRESS.match(typed)
    plain = unicodedata.normalize("NFKC", address[1] if address else typed)
    compact = remove_separators(plain).translate(_CONFUSED)
    if not compact:
        raise FormatError("Tapez le code imprimé sur le document.", "empty")
    if len(compact) != CODE_LENGTH or not set(compact) <= set(CODE_ALPHABET):
        raise FormatError(
            "Ce code n’a pas la bonne forme. Il compte 13 signes, par exemple 7K3M-9QTR-V2X4B.", "invalid"
        )
    return compact
