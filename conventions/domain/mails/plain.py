"""The plain part of a mail, read from its HTML: who reads either reads the same."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset({"h1", "p", "div", "table", "tr", "td"})
_VOID = frozenset({"br", "meta"})
_SPACES = re.compile(r"[ \t\r\n]+")  # a no-break space stays
_FOOT = "pied"  # the class of what comes after « -- »


def plain(html: str) -> str:
    """Its text, a blank line between two paragraphs; after each link its address. What is not shown is left out."""
    parser = _Reader()
    parser.feed(html)
    parser.close()
    lines = [line.strip(" ") for line in "".join(parser.said).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.hidden: list[str] = []  # tags open since one that is not shown
        self.link: tuple[str, int] | None = None  # its address, and where its words begin

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID and (self.hidden or tag == "head" or "display:none" in given.get("style", "")):
            self.hidden.append(tag)
        elif tag == "br":
            self.said.append("\n")
        elif tag == "a":
            self.link = (given.get("href", ""), len(self.said))
        elif tag in _BLOCKS:
            self.said.append("\n\n" + ("--\n" if given.get("class") == _FOOT else ""))

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            self.hidden.pop()
        elif tag == "a" and self.link is not None:
            (address, begins), self.link = self.link, None
            if "".join(self.said[begins:]).strip("/") == address.strip("/"):
                self.said[begins:] = [address]
            else:
                self.said.append(f"\u00a0:\n{address}\n")
        elif tag in _BLOCKS:
            self.said.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.said.append(_SPACES.sub(" ", data))
