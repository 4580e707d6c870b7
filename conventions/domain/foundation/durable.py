"""Files on disk: written to a temporary name beside the final one, synced, moved there, the folder synced.

A process killed at any step, a power cut or a full disk leave a name with all its bytes, or no such name: never a part
of them. What they leave besides begins with PARTIAL; `verifier_archives` tells of it.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage

from conventions.domain.foundation.refusals import Refused

PARTIAL = ".partiel-"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FULL = (
    "Le disque du serveur est plein : rien n’a été enregistré. Prévenez l’informatique, puis recommencez : ce que "
    "vous avez saisi est gardé sur cette page."
)
CLOSED = (
    "Le serveur ne peut pas écrire ce fichier : rien n’a été enregistré. Prévenez l’informatique, puis recommencez : "
    "ce que vous avez saisi est gardé sur cette page."
)


class Unwritable(Refused):
    """The disk takes no file; str() says it in French. Nothing was written."""


@contextmanager
def told_in_french() -> Iterator[None]:
    """What the disk refuses, as a refusal that a form or a page tells."""
    try:
        yield
    except OSError as error:
        raise Unwritable(FULL if error.errno in NO_ROOM else CLOSED) from error


def takes_files(store: Storage) -> bool:
    """Whether a file can be written there now, and taken away."""
    try:
        store.delete(store.save(f"sante/{secrets.token_hex(16)}", ContentFile(b"ok")))
    except (OSError, Unwritable):
        return False
    return True


class DurableStorage(FileSystemStorage):
    """Django's own, save for the way a file comes under its name."""

    def __init__(self, *, allow_overwrite: bool = False, **options: Any) -> None:
        super().__init__(allow_overwrite=allow_overwrite, **options)
        self.replaces = allow_overwrite

    def _save(self, name: str, content: Any) -> str:
        folder = Path(self.path(name)).parent
        with told_in_french():
            _make(folder)
            temporary = folder / f"{PARTIAL}{secrets.token_hex(8)}"
            try:
                self._write(temporary, content)
                name = self._move(temporary, name)
                sync(folder)
            finally:
                temporary.unlink(missing_ok=True)
        return name

    def _write(self, temporary: Path, content: Any) -> None:
        with temporary.open("xb") as file:
            for chunk in content.chunks():
                file.write(chunk)
            file.flush()
            if self.file_permissions_mode is not None:
                os.fchmod(file.fileno(), self.file_permissions_mode)
            os.fsync(file.fileno())

    def _move(self, temporary: Path, name: str) -> str:
        """The name it has in the end: another one when it is taken, unless it is to be replaced."""
        if self.replaces:
            temporary.replace(self.path(name))
            return name
        while True:
            try:
                os.link(temporary, self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name


def _make(folder: Path) -> None:
    """The folder and those above it, each one noted on the disk in the one that holds it."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def sync(folder: Path) -> None:
    """Names that were written in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
