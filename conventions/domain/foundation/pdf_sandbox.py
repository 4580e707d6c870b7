"""PDFs that people send are opened in a process of their own (pdf_sandbox_child.py), with limits of memory and time.

A file that breaks it, or never ends, costs that process alone; ours hears of it in one sentence.
"""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conventions.domain.foundation.refusals import Refused

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


ACTIVE = (
    "Ce PDF contient un script ou des fichiers joints. Passez par « Classer des scans », qui ne garde que les pages, "
    "ou numérisez de nouveau."
)
SENT_ACTIVE = (
    "Ce PDF contient un script ou des fichiers joints. Imprimez-le en PDF ou numérisez-le, puis envoyez cette "
    "copie. Un document de l’OPT-NC, lui, s’envoie tel que vous l’avez reçu."
)


class UnreadablePdf(Refused):
    """A file that cannot be read; str() says why and what to do, in French."""


def count_pages(content: bytes, *, as_it_is: bool = False) -> int:
    """Raises UnreadablePdf; `as_it_is`, also for a file whose scripts or attachments would be kept with its pages."""
    told = _counted(content)
    if as_it_is and told["active"]:
        raise UnreadablePdf(ACTIVE)
    return told["pages"]


def refuse_active(content: bytes) -> None:
    """Raises UnreadablePdf for a PDF that does not open, or that carries scripts or files, in words for its sender."""
    if _counted(content)["active"]:
        raise UnreadablePdf(SENT_ACTIVE)


def _counted(content: bytes) -> dict[str, Any]:
    with _folder(content) as source:
        return next(_run("count", str(source)))


def read_pages(content: bytes) -> Iterator[dict[str, Any]]:
    """For each page {"codes": [{"text", "turn"}], "blank", "thumbnail", "picture"}: JPEG bytes, upright.

    `unreadable` is True for a page that could not be drawn. Raises UnreadablePdf.
    """
    with _folder(content) as source:
        for told in _run("read", str(source), str(source.parent), str(MAX_PIXELS)):
            if "page" in told and not told.get("unreadable"):
                for name in ("thumbnail", "picture"):
                    told[name] = (source.parent / f"{told['page']}-{name}.jpg").read_bytes()
            yield told


def cut(pages: Sequence[tuple[bytes, int, int]]) -> bytes:
    """A new PDF of these (source, page number, clockwise turn), with what is drawn on them and nothing else."""
    with tempfile.TemporaryDirectory(prefix="scans-") as folder:
        names: dict[bytes, str] = {}
        for content, _number, _turn in pages:
            if content not in names:
                names[content] = str(Path(folder) / f"{len(names)}.pdf")
                Path(names[content]).write_bytes(content)
        target = Path(folder) / "cut.pdf"
        wanted = json.dumps([(names[content], number, turn) for content, number, turn in pages])
        for _told in _run("cut", str(target), sent=wanted):
            pass
        return target.read_bytes()


@contextmanager
def _folder(content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="scans-") as folder:
        source = Path(folder) / "source.pdf"
        source.write_bytes(content)
        yield source


def _run(*arguments: str, sent: str = "") -> Iterator[dict[str, Any]]:
    """What the process says, line by line. It gets nothing of our environment: it has no secret to lose."""
    command = [sys.executable, "-I", str(CHILD), *arguments]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"},
        text=True,
    )
    timer = threading.Timer(MAX_SECONDS, process.kill)
    timer.start()
    try:
        with process:
            if process.stdin is not None:
                process.stdin.write(sent)
                process.stdin.close()
            for line in process.stdout or ():
                told = json.loads(line)
                if "error" in told:
                    raise UnreadablePdf(ERRORS[told["error"]])
                yield told
    finally:
        timer.cancel()
        if process.poll() is None:
            process.kill()
    if process.returncode != 0:
        raise UnreadablePdf(TOO_HEAVY)
