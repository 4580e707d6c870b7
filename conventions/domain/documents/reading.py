"""The words of a PDF of ours, and whether they hold what was promised.

Only signs that carry meaning are compared: letters, digits and « % », so that spaces, quotes, ligatures, hyphens and
line breaks, which belong to a layout, do not count. A text is found from the start of a word to the end of one: « 15 »
is not in « 2015 ». For stored bytes whose hash was checked alone: what others send is read in the process apart.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from conventions.formats import show_code

_PIECE = 20  # letters: no page begins nor ends with less of a paragraph


def page_texts(content: bytes) -> list[str]:
    """The text of each page, in the order of its content. About 2 ms a page."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()


def without_footer(text: str, code: str) -> str:
    """The text of a page of an act without its footer, which holds the verification code `code`; whole without one."""
    if not code:
        return text
    found = re.search(rf"[^\n]*vérification\s+{re.escape(show_code(code))}", text)
    return text[: found.start()] if found else text


def letters(text: str) -> str:
    """The signs of a text that carry meaning, in small letters."""
    return "".join(_signs(text)[0])


def _signs(text: str) -> tuple[list[str], list[bool]]:
    """The signs, and for each whether it begins a word; a last mark ends the text."""
    signs: list[str] = []
    begins: list[bool] = []
    apart = True
    for sign in unicodedata.normalize("NFKC", text):
        if not (sign.isalnum() or sign == "%"):
            apart = apart or not unicodedata.combining(sign)
            continue
        for letter in sign.casefold():
            signs.append(letter)
            begins.append(apart)
            apart = False
    return signs, [*begins, True]


class Words:
    """What the pages of a document say, one after the other."""

    def __init__(self, pages: Iterable[str]) -> None:
        self.pages = list(pages)
        signs, self._begins = _signs("\n".join(self.pages))
        self.text = "".join(signs)
        self._lengths = [len(letters(page)) for page in self.pages]

    @classmethod
    def of_act(cls, content: bytes, code: str = "") -> "Words":
        """The words of the stored PDF of an act, its footers left out; `code`: its verification code."""
        return cls(without_footer(page, code) for page in page_texts(content))

    def places(self, wanted: str) -> Iterator[int]:
        """Where a text stands, in signs from the start; whole words only, footers in between allowed once."""
        sought = letters(wanted)
        if not sought:
            return
        found = False
        at = self.text.find(sought)
        while at >= 0:
            if self._begins[at] and self._begins[at + len(sought)]:
                found = True
                yield at
            at = self.text.find(sought, at + 1)
        if not found and (across := self._across_pages(sought)) is not None:
            yield across

    def holds(self, wanted: str) -> bool:
        """Whether the text stands somewhere; an empty one always does."""
        return not letters(wanted) or next(self.places(wanted), None) is not None

    def _across_pages(self, sought: str) -> int | None:
        """Begun at the end of a page and ended on the next one: what margins print stands between the two."""
        start = 0
        for length in self._lengths[:-1]:
            page = self.text[start : start + length]
            begun = _longest_start(sought, page)
            if min(begun, len(sought) - begun) >= _PIECE and sought[begun:] in self.text[start + length :]:
                return start + page.find(sought[:begun])
            start += length
        return None


def _longest_start(wanted: str, page: str) -> int:
    """How many of the first signs stand on the page, in a row."""
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high + 1) // 2
        if wanted[:middle] in page:
            low = middle
        else:
            high = middle - 1
    return low
