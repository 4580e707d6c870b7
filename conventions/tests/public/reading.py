"""Reading pages in tests as a reader does: the text alone, every kind of space made one plain space."""

from html.parser import HTMLParser

from conventions.tests.pdf.reading import plain


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts: list[str] = []
        self._main = False

    def handle_starttag(self, tag, attributes):
        self._main = self._main or tag == "main"
        if tag in ("p", "li", "dt", "dd", "h1", "h2", "h3", "th", "td", "br", "div", "section"):
            self.parts.append(" ")

    def handle_endtag(self, tag):
        self._main = self._main and tag != "main"

    def handle_data(self, data):
        if self._main:
            self.parts.append(data)


def visible_text(response) -> str:
    """The text of the main part of a page."""
    parser = _Text()
    parser.feed(response.content.decode())
    return plain("".join(parser.parts))


def body(response) -> bytes:
    """All the bytes of an answer, streamed or not."""
    return b"".join(response) if response.streaming else response.content
