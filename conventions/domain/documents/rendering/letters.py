"""The letters that our documents can print: those that every face of their font draws."""

import unicodedata
from functools import cache

from django.conf import settings

from conventions.formats import clean_text


def letters_without_glyph(text: str) -> str:
    """The letters of a text that no document can print, each once, in their order; empty when all can be."""
    if text.isascii():
        return ""
    drawn = _drawn()
    composed = unicodedata.normalize("NFC", clean_text(text))
    lost = (letter for letter in composed if ord(letter) not in drawn and _is_seen(letter))
    return "".join(dict.fromkeys(lost))


def _is_seen(letter: str) -> bool:
    """Blanks and format characters draw nothing."""
    return unicodedata.category(letter)[0] not in "ZC"


@cache
def _drawn() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    faces = []
    for path in sorted((settings.BASE_DIR / "static" / "fonts" / "pdf").glob("*.ttf")):
        with TTFont(path, lazy=True) as face:
            faces.append(frozenset(face.getBestCmap()))
    return frozenset.intersection(*faces)
