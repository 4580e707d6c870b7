"""The letters that our documents can print: those of their font, then of the one that stands in for it."""

import re
import unicodedata
from functools import cache

from django.conf import settings

from conventions.formats import clean_text

_MARKS = re.compile(r"[\u0300-\u036f]")
_CLUSTER = re.compile(r"\w[\u0300-\u036f]+")


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


def asks_for_stand_in(text: str) -> bool:
    """Whether a mark stands on a letter that our font has not, or is one that it has not: one font must draw both."""
    if not _MARKS.search(text):
        return False
    ours = _common("Figtree-*.ttf")
    clusters = _CLUSTER.findall(unicodedata.normalize("NFC", text))
    return any(ord(sign) not in ours for cluster in clusters for sign in cluster)


@cache
def _drawn() -> frozenset[int]:
    return _common("Figtree-*.ttf") | _common("NotoSans-*.ttf")


@cache
def _common(faces: str) -> frozenset[int]:
    """The letters that each of these faces draws."""
    from fontTools.ttLib import TTFont

    found = []
    for path in sorted((settings.BASE_DIR / "static" / "fonts" / "pdf").glob(faces)):
        with TTFont(path, lazy=True) as face:
            found.append(frozenset(face.getBestCmap()))
    return frozenset.intersection(*found)
