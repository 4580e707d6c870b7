"""PDFs that people send are opened in a process of their own (`apart`), with limits of memory and time.

A file that breaks it, or never ends, costs that process alone; ours hears of it in one sentence.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from conventions.domain.foundation import apart
from conventions.domain.foundation.refusals import Refused
from conventions.formats import join_list, plural, typeset

CHILD = Path(__file__).with_name("pdf_sandbox_child.py")
MAX_PIXELS = 30_000_000  # of one page drawn: A3 at 400 dpi
MAX_SECONDS = 240  # for one file, whatever the processor does
ERRORS = {
    "encrypted": "Ce PDF est protégé par un mot de passe. Envoyez une version sans protection.",
    "broken": "Ce PDF est abîmé et ne s’ouvre pas. Numérisez de nouveau.",
    "empty": "Ce PDF n’a aucune page. Numérisez de nouveau.",
}
TOO_HEAVY = (
    "Ce PDF demande trop de mémoire ou de temps pour être lu. Numérisez de nouveau, à 300 points au plus."
)
# What readers may show of a page, and a document made of what we see of it would not.
TWO_ACTS = "pages de deux actes"
BESIDE = {
    "annotation": "annotation sans image",
    "filled": "champ rempli sans image",
    "form": "formulaire interactif",
    "drawing": "dessin qui ne se garde pas",
    "unreadable": "page qui ne s’affiche pas",
}
APART = "numérisez chaque page à part, puis envoyez ce fichier"
PRINTED = (
    "Classée ainsi, cette page ne serait pas telle que vous la voyez : imprimez-la en PDF, puis envoyez ce fichier.",
    "Classées ainsi, ces pages ne seraient pas telles que vous les voyez : imprimez-les en PDF, puis envoyez "
    "ce fichier.",
)
SIGNED = typeset(
    "Ce fichier porte une signature électronique : l’original est gardé à côté de l’exemplaire classé."
)
# What a PDF does beside showing its pages (pdf_sandbox_acting); the data of an invoice, « xml », do nothing.
ACTING = {
    "script": "un script",
    "file": "des fichiers joints",
    "action": "une action qui part seule ou mène hors du document",
    "outside": "un renvoi vers un autre fichier",
    "unread": "des parties qui ne se lisent pas",
}
KEPT_ACTIVE = (
    "Ce fichier contient {} : l’exemplaire classé n’en garde rien. Le fichier reçu reste à côté, à télécharger ; ne "
    "l’ouvrez que si vous savez d’où il vient, et n’autorisez rien."
)
SENT_ACTIVE = (
    "Ce PDF contient {}. Imprimez-le en PDF ou numérisez-le, puis envoyez cette copie. Un document de l’OPT-NC, lui, "
    "s’envoie tel que vous l’avez reçu."
)


class Received(NamedTuple):
    """A file as it came, of which these pages were filed as they are seen; `is_signed`: electronically, by somebody.

    `acting`: « un script et des fichiers joints », what in it acts; empty for nothing.
    """

    name: str
    content: bytes
    pages: tuple[int, ...]
    is_signed: bool
    acting: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def listed(self) -> str:
        """« 1 3 »: the pages."""
        return " ".join(map(str, self.pages))


class InspectedPdf(bytes):
    """A PDF that was read by a process apart: its pages are what readers show, nothing over them.

    Of what people send, only this becomes a document. `received`: the files it was made of; none when it is the file.
    """

    page_count: int
    received: tuple[Received, ...]

    def __new__(cls, content: bytes, *, page_count: int, received: Iterable[Received] = ()) -> "InspectedPdf":
        made = super().__new__(cls, content)
        made.page_count, made.received = page_count, tuple(received)
        return made

    @property
    def told(self) -> list[str]:
        """What to say of the files that are kept beside: a sentence each."""
        signed = [SIGNED] if any(file.is_signed for file in self.received) else []
        acting = dict.fromkeys(file.acting for file in self.received if file.acting)
        return signed + [told_of(words) for words in acting]

    def provenance(self) -> dict[str, Any]:
        """For the journal: the files it was made of by their hash, with their pages, and its own."""
        own = hashlib.sha256(self).hexdigest()
        files = {file.sha256: file.listed for file in self.received}
        return {"fichiers": files, "extrait": own} if files else {"sha256": own}


def told_of(acting: str) -> str:
    """What to say of a file kept beside what was filed of it, for what acts in it."""
    return typeset(KEPT_ACTIVE.format(acting))


class UnreadablePdf(Refused):
    """A file that cannot be read, or not filed as it is seen; str() says why and what to do, in French."""


def count_pages(content: bytes) -> int:
    """Raises UnreadablePdf."""
    return _counted(content)["pages"]


def refuse_active(content: bytes) -> None:
    """Raises UnreadablePdf for a PDF that does not open, or that acts or carries files, in words for its sender.

    An electronic invoice comes with its data, and stays whole.
    """
    if told := _acting(_counted(content)["active"]):
        raise UnreadablePdf(SENT_ACTIVE.format(told))


def _acting(kinds: Iterable[str]) -> str:
    """« un script et des fichiers joints »."""
    found = set(kinds)
    return join_list([words for kind, words in ACTING.items() if kind in found])


def _counted(content: bytes) -> dict[str, Any]:
    with _folder(content) as source:
        return next(_run("count", str(source)))


def read_pages(content: bytes, *, pictures: bool = True) -> Iterator[dict[str, Any]]:
    """For each page {"codes": [{"text", "turn"}], "blank", "faint", "beside", "signed", "whole", "thumbnail"…}.

    « thumbnail », « picture »: JPEG bytes, upright. `beside`: French words for what would be lost if it were filed;
    empty for a page to be filed. `unreadable` is True for a page that could not be drawn. `signed`, `whole`: of the
    file; whether it bears an electronic signature, whether it has nothing but the drawing of its pages. Raises
    UnreadablePdf.
    """
    with _folder(content) as source:
        for told in _run("read", str(source), str(MAX_PIXELS), *([str(source.parent)] if pictures else [])):
            if pictures and not told.get("unreadable"):
                for name in ("thumbnail", "picture"):
                    told[name] = (source.parent / f"{told['page']}-{name}.jpg").read_bytes()
            yield told | {"beside": _words(told["beside"])}


def words_of(content: bytes) -> list[str]:
    """The text of each page; that of a picture is not read. Raises UnreadablePdf."""
    with _folder(content) as source:
        return [told["text"] for told in _run("words", str(source))]


def cut(pages: Sequence[tuple[bytes, int, int]], *, names: Mapping[bytes, str] | None = None) -> InspectedPdf:
    """A new PDF of these (source, page number, clockwise turn), with what is seen of them and nothing else.

    `names`: of the sources. Raises UnreadablePdf, among others for a page that it would not show as readers do:
    `refusal` says which, counted from 1 in the order given.
    """
    with tempfile.TemporaryDirectory(prefix="scans-") as folder:
        files: dict[bytes, str] = {}
        for content, _number, _turn in pages:
            if content not in files:
                files[content] = str(Path(folder) / f"{len(files)}.pdf")
                Path(files[content]).write_bytes(content)
        target = Path(folder) / "cut.pdf"
        wanted = json.dumps([(files[content], number, turn) for content, number, turn in pages])
        told = next(_run("cut", str(target), sent=wanted))
        if told["beside"]:
            raise UnreadablePdf(refusal({int(rank): _words(kinds) for rank, kinds in told["beside"].items()}))
        received = [
            Received(
                name=(names or {}).get(source, ""),
                content=source,
                pages=tuple(number for content, number, _turn in pages if content == source),
                is_signed=path in told["signed"],
                acting=_acting(told["acting"][path]),
            )
            for source, path in files.items()
        ]
        return InspectedPdf(target.read_bytes(), page_count=len(pages), received=received)


def gather(files: Sequence[bytes]) -> tuple[bytes, list[int]]:
    """All the pages of these files as they are seen, one file after another, and how many each has; one process.

    Raises UnreadablePdf: which file is not known when one does not open, its pages are counted from the first file.
    """
    with tempfile.TemporaryDirectory(prefix="scans-") as folder:
        paths = [str(Path(folder) / f"{rank}.pdf") for rank in range(len(files))]
        for path, content in zip(paths, files, strict=True):
            Path(path).write_bytes(content)
        target = Path(folder) / "cut.pdf"
        told = next(_run("cut", str(target), sent=json.dumps([(path, 0, 0) for path in paths])))
        if told["beside"]:
            raise UnreadablePdf(refusal({int(rank): _words(kinds) for rank, kinds in told["beside"].items()}))
        return target.read_bytes(), [told["counts"][path] for path in paths]


def _words(kinds: Iterable[str]) -> str:
    """« annotation, champ rempli »: in the order of BESIDE."""
    found = set(kinds)
    return ", ".join(words for kind, words in BESIDE.items() if kind in found)


def refusal(beside: Mapping[int, str]) -> str:
    """The sentences that refuse pages, by their number, for what is beside their drawing, and say what to do."""
    by_words: dict[str, list[int]] = {}
    for number, words in beside.items():
        by_words.setdefault(words, []).append(number)
    told = [f"{pages_told(numbers)} : {words}." for words, numbers in by_words.items()]
    told.append(f"{APART.capitalize()}." if TWO_ACTS in by_words else PRINTED[len(beside) > 1])
    return typeset(" ".join(told))


def way_out(words: str) -> str:
    """What to do with a page of which so much would be lost, in a few words."""
    return APART if words == TWO_ACTS else "imprimez-la en PDF, puis envoyez ce fichier"


def pages_told(numbers: Sequence[int]) -> str:
    """« Page 2 », « Pages 2 et 4 », « Pages 1 à 12 »."""
    first, last = numbers[0], numbers[-1]
    if len(numbers) > 2 and list(numbers) == list(range(first, last + 1)):
        return f"Pages {first} à {last}"
    return f"{plural(len(numbers), 'Page')} {join_list(map(str, numbers))}"


@contextmanager
def _folder(content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="scans-") as folder:
        source = Path(folder) / "source.pdf"
        source.write_bytes(content)
        yield source


def _run(*arguments: str, sent: str = "") -> Iterator[dict[str, Any]]:
    """What the process says, line by line. It gets nothing of our environment: it has no secret to lose."""
    try:
        for told in apart.told(CHILD, *arguments, sent=sent.encode(), seconds=MAX_SECONDS):
            if "error" in told:
                raise UnreadablePdf(ERRORS[told["error"]])
            yield told
    except apart.Stopped as error:
        raise UnreadablePdf(TOO_HEAVY) from error
