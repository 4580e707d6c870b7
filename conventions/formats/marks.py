"""Marks nobody sees, which come with what is pasted from messengers, mails and word processors.

Everything that is typed passes here once, before it is checked, compared or kept: `conventions/forms/typed.py` is the
door of every form; the readers of identifiers, amounts, dates, codes and searches pass here again by themselves.
"""

import re
import unicodedata
from typing import Final

# Unicode's format characters (Cf), fillers and variation selectors; noncharacters, lone halves of pairs.
_FORMATS: Final = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_CONTROLS: Final = "\x00-\x1f\x7f-\x9f\u2028\u2029"
_HIDDEN = re.compile(f"[{_FORMATS}]")
_UNSEEN = re.compile(f"[{_FORMATS}{_CONTROLS}]")
# Directions around what was pasted: between two words, they stood for the space that is lost.
_DIRECTIONS = re.compile("(?<=[^\\W\\d_])[\u200e\u200f\u202a-\u202e\u2066-\u2069]+(?=[^\\W\\d_])")
_CONTROL_IN_LINE = re.compile(f" *[{_CONTROLS}]+ *")
_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_BULLETS = re.compile("^([ \t]*)[\uf020-\uf0ff](?=\\s)", re.MULTILINE)  # those of Word, drawn by its own font
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
# Spaces of unusual width; U+00A0 and U+202F belong to French.
_SPACES = re.compile("[\u1680\u2000-\u200a\u205f\u2800\u3000]")


def clean_line(text: str) -> str:
    """One line: a control character is a space, what nobody sees is nothing, accents are composed (NFC)."""
    if text.isascii() and text.isprintable():
        return text
    return _composed(_CONTROL_IN_LINE.sub(" ", _DIRECTIONS.sub(" ", text)))


def clean_text(text: str) -> str:
    """Several lines: the same, where line breaks and tabulations stay; a bullet of Word is « • »."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return _composed(_BULLETS.sub("\\1•", _CONTROL_IN_TEXT.sub(" ", _BREAKS.sub("\n", text))))


def clean_address(text: str) -> str:
    """An address of mail or of the web: what nobody sees is nothing, and nothing stands around it."""
    return clean_line(_UNSEEN.sub("", text)).strip()


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", _SPACES.sub(" ", _PRIVATE.sub("", _HIDDEN.sub("", text))))
