"""HTML to PDF/A-3a bytes: the only module that imports weasyprint.

One engine per process keeps the font configuration and the parsed style sheets, which is what
makes a render faster than `HTML(string=…).write_pdf()`. Pango's font map is not made for
threads and a render is bound by the interpreter lock anyway, so renders take turns.
"""

from __future__ import annotations

import atexit
import gc
import hashlib
import os
import platform
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings

from conventions.domain.documents.rendering import fitting, structure
from conventions.domain.documents.rendering.layout import LAYOUT
from conventions.domain.documents.rendering.letters import asks_for_stand_in
from conventions.formats import clean_text, raised

OUTPUT_INTENT = "--srgb"
PDF_OPTIONS = {"pdf_variant": "pdf/a-3a", "output_intent": OUTPUT_INTENT}
SCHEME = "static:"
# Where a mark stands on a letter that only the second font draws, that font draws all: two of them place it wrong.
STAND_IN = '@page { font-family: "Noto Sans" } html { font-family: "Noto Sans", Figtree }'
SHEET, DRAFT_SHEET, MODEL_SHEET = "css/pdf.css", "css/pdf-draft.css", "css/pdf-model.css"
VIGNETTE_SHEET = "css/pdf-vignette.css"
LABEL_SHEET = "css/pdf-labels.css"
# An attachment must carry dates; a fixed one keeps the bytes equal from one render to the next.
ATTACHED_ON = datetime(2023, 3, 14, tzinfo=UTC)
_STATIC_NAME = re.compile(r"(css|fonts/pdf|img)/[A-Za-z0-9][A-Za-z0-9._-]*")
# What is read as one word, whatever signs are in it: a mail address, a reference, the head of a web address.
# With it goes what no space parts from it, « n° », a bracket, a comma: beside a word that is kept whole, the layout
# breaks a line before it is full where a sign hangs on that word.
_ONE_WORD = re.compile(
    r"(?:(?<![^ \n>])[^ \n<>]{0,12}[\xa0\u202f(«“])?(?<![\w.+%@/-])"
    r"(?P<word>(?:[\w.+%-]+@[\w-]+(?:\.[\w-]+)+|\d{4}-\d{3,}(?:-\w+)*)(?![\w@/-])|https?://[\w.:-]+/?)"
    r"(?:[\xa0\u202f]?[»”:;?!]|[).,])*(?![^<>]*>)"
)
WHOLE = 40  # signs above which a word is broken all the same: it may be wider than its column
_HASH = re.compile(r"(?<![\w-])[0-9a-f]{64}(?![\w-]|[^<>]*>)")
_MEDIA_TYPES = {".css": "text/css", ".ttf": "font/ttf", ".svg": "image/svg+xml", ".png": "image/png"}

Finisher = Callable[[Any, Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPdf:
    """A finished document. `tool_versions` says what made it; `html` is what was laid out."""

    content: bytes
    page_count: int
    sha256: str
    tool_versions: dict[str, str]
    html: str


class RefusedUrl(ValueError):
    """An address that a document may not read."""


def static_path(url: str) -> Path:
    """The file behind `static:<folder>/<name>`; raises `RefusedUrl` for anything else."""
    name = url.removeprefix(SCHEME)
    if not url.startswith(SCHEME) or not _STATIC_NAME.fullmatch(name):
        raise RefusedUrl(f"A document may not read {url[:80]!r}")
    return Path(settings.BASE_DIR) / "static" / name


@cache
def _fetcher_class() -> type:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticFetcher(URLFetcher):
        """`data:` and our own static files by name. No network, no other file, no redirect."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
            self.refused: list[RefusedUrl] = []

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            try:
                path = static_path(url)
            except RefusedUrl as error:
                self.refused.append(error)  # inside an SVG WeasyPrint would swallow the error
                raise
            media_type = _MEDIA_TYPES[path.suffix]
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": media_type})

    return StaticFetcher


@cache
def _srgb_bytes() -> bytes:
    import weasyprint.pdf

    return (files(weasyprint.pdf) / "sRGB2014.icc").read_bytes()


def _srgb_profile() -> Any:
    """A fresh sRGB profile: WeasyPrint's own leaves its file open, and one used twice changes its bytes."""
    from weasyprint.css import ColorProfile

    return ColorProfile(BytesIO(_srgb_bytes()), "sRGB2014.icc", "relative-colorimetric", ("r", "g", "b"))


class _Engine:
    """What one process keeps between renders."""

    def __init__(self) -> None:
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration

        self.fetcher = _fetcher_class()()
        self.fonts = FontConfiguration()
        self.sheets = {
            name: CSS(url=SCHEME + name, url_fetcher=self.fetcher, font_config=self.fonts)
            for name in (SHEET, DRAFT_SHEET, MODEL_SHEET, VIGNETTE_SHEET, LABEL_SHEET)
        }

    def spaced(self, css: str) -> list[Any]:
        """These rules as a sheet, parsed once; none when there are none."""
        from weasyprint import CSS

        if css and css not in self.sheets:
            self.sheets[css] = CSS(string=css, url_fetcher=self.fetcher, font_config=self.fonts)
        return [self.sheets[css]] if css else []

    def stand_in(self, html: str) -> list[Any]:
        return self.spaced(STAND_IN if asks_for_stand_in(html) else "")

    def disown_fonts(self) -> None:
        """After a fork the folder of font files belongs to the parent: do not delete it with us."""
        self.fonts._folder = None


_lock = threading.Lock()
_engine: _Engine | None = None


def _current() -> _Engine:
    global _engine
    if _engine is None:
        with _fonts_of_ours():
            _engine = _Engine()
    return _engine


@contextmanager
def _fonts_of_ours() -> Iterator[None]:
    """Fontconfig reads its settings when an engine starts: ours name our folder alone, never the system's fonts."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(static_path(SCHEME + "fonts/pdf/fonts.conf"))
    try:
        yield
    finally:
        os.environ.pop("FONTCONFIG_FILE")
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


def _start_afresh() -> None:
    global _engine, _lock
    if _engine is not None:
        _engine.disown_fonts()
    _engine, _lock = None, threading.Lock()


def _release() -> None:
    """Free Pango's objects while the interpreter still stands: later, at exit, it crashes."""
    global _engine
    _engine = None


os.register_at_fork(after_in_child=_start_afresh)
atexit.register(_release)


def _list_attachments_once(_document: Any, pdf: Any) -> None:
    """WeasyPrint names each embedded file twice in /AF (by name, then by object)."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


@cache
def tool_versions() -> dict[str, str]:
    """What the bytes depend on, kept beside each stored document: our layout's number, then what it is made with."""
    import pydyf
    import weasyprint
    from weasyprint.text.ffi import pango

    fonts = hashlib.sha256()
    for path in sorted((Path(settings.BASE_DIR) / "static/fonts/pdf").glob("*.ttf")):
        fonts.update(path.read_bytes())
    return {
        "layout": str(LAYOUT),
        "python": platform.python_version(),
        "weasyprint": weasyprint.__version__,
        "pydyf": pydyf.__version__,
        "pango": str(pango.pango_version()),
        "fonts": fonts.hexdigest()[:16],
        "sheet": hashlib.sha256(static_path(SCHEME + SHEET).read_bytes()).hexdigest()[:16],
    }


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A render makes many objects and few cycles: collecting meanwhile costs a fifth of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def printed(html: str) -> str:
    """A full page as it is laid out: clean, its ordinals raised, addresses and references never broken inside,
    each hash on two lines of eight groups of four.

    Not in its head, whose title holds no tag.
    """
    head, mark, body = clean_text(html).partition("</head>")
    return f"{head}{mark}{_HASH.sub(_grouped, _ONE_WORD.sub(_whole, raised(body)))}"


def _whole(found: re.Match[str]) -> str:
    word = found["word"]
    breaks = ("-" in word or "//" in word) and len(word) <= WHOLE
    return f'<span class="whole">{found[0]}</span>' if breaks else found[0]


def _grouped(found: re.Match[str]) -> str:
    """Two hashes compare group by group."""
    groups = re.findall(".{4}", found[0])
    return f'<span class="hash-groups">{" ".join(groups[:8])}<br>{" ".join(groups[8:])}</span>'


def write(
    html: str,
    *,
    draft: bool,
    attachment: tuple[str, str, bytes],
    enclosed: Sequence[tuple[str, str, bytes]] = (),
    finisher: Finisher | None = None,
    model: bool = False,
    one_page: bool = False,
) -> RenderedPdf:
    """Lay out a full HTML page as PDF/A-3a, spaced so that no page but the last is half empty.

    `one_page`: the text is also tightened to hold on one page, where it can.

    `draft` and `model` put their word across each page. `attachment` is (file name, description, bytes), embedded
    as the data of the document; `enclosed` are further files.
    `finisher(document, pdf)` may add objects before the bytes are written (signature fields).
    Raises `RefusedUrl` when the page asks for a refused address.
    """
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    def finish(document: Any, pdf: Any) -> None:
        for complete in (_list_attachments_once, finisher, structure.complete):
            if complete is not None:
                complete(document, pdf)

    with _lock, _collector_paused():
        engine = _current()
        engine.fetcher.refused.clear()
        names = [SHEET, *([DRAFT_SHEET] if draft else []), *([MODEL_SHEET] if model else [])]
        page = printed(html)
        sheets = [*(engine.sheets[name] for name in names), *engine.stand_in(page)]
        embedded = _embedded([(*attachment, "Data"), *((*file, "Supplement") for file in enclosed)], engine)
        try:
            document = fitting.fitted(
                lambda spacing: HTML(string=page, base_url=SCHEME, url_fetcher=engine.fetcher).render(
                    font_config=engine.fonts,
                    stylesheets=[*sheets, *engine.spaced(spacing)],
                    color_profiles={OUTPUT_INTENT: _srgb_profile()},
                    **PDF_OPTIONS,
                ),
                one_page=one_page,
            )
            content = document.write_pdf(finisher=finish, attachments=embedded, **PDF_OPTIONS)
        except FatalURLFetchingError as error:  # a BaseException: nobody above would expect it
            raise RefusedUrl(str(error)) from error.__cause__
        if engine.fetcher.refused:
            raise engine.fetcher.refused[0]
    return RenderedPdf(
        content=content,
        page_count=len(document.pages),
        sha256=hashlib.sha256(content).hexdigest(),
        tool_versions=tool_versions(),
        html=html,
    )


def _embedded(files: list[tuple[str, str, bytes, str]], engine: _Engine) -> list[Any]:
    """What WeasyPrint embeds: (file name, description, bytes, relationship to the document) each."""
    from weasyprint import Attachment

    return [
        Attachment(
            string=data, name=name, description=description, relationship=relationship,
            created=ATTACHED_ON, modified=ATTACHED_ON, url_fetcher=engine.fetcher,
        )
        for name, description, data, relationship in files
    ]  # fmt: skip


def write_marks(html: str, *, sheet: str = SHEET) -> bytes:
    """Lay out pages alone, to be laid over another document's or sent as they are: no tags, attachment, archive format.

    The document they are laid over keeps its own. Raises `RefusedUrl` when the page asks for a refused address.
    """
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    with _lock, _collector_paused():
        engine = _current()
        try:
            document = HTML(string=html, base_url=SCHEME, url_fetcher=engine.fetcher).render(
                font_config=engine.fonts, stylesheets=[engine.sheets[sheet], *engine.stand_in(html)]
            )
            return document.write_pdf()
        except FatalURLFetchingError as error:
            raise RefusedUrl(str(error)) from error.__cause__


def draw(*pages: str, alt: str) -> bytes:
    """A small drawing as a plain PDF of one page: no tags, no attachment, since it becomes part of another page.

    The same one in several sizes: the first whose lines stand in the page, else the last. `alt`: its description, which
    goes with its content wherever that is placed.
    """
    from weasyprint import HTML

    with _lock, _collector_paused():
        engine = _current()
        engine.fetcher.refused.clear()
        sheets = [engine.sheets[VIGNETTE_SHEET], *engine.stand_in(pages[0])]
        for html in pages:
            page = HTML(string=html, base_url=SCHEME, url_fetcher=engine.fetcher)
            document = page.render(font_config=engine.fonts, stylesheets=sheets)
            if max(fitting.fills(document)) <= 0.99:
                break
        return document.write_pdf(finisher=lambda _, pdf: structure.tell_figure(pdf, alt))
