"""Stored bytes against the hash of their row, in chunks; files that no row names."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.text import capfirst

from conventions.formats import counted
from conventions.models import (
    Annex,
    Attachment,
    Document,
    HandoverSignature,
    PaymentFile,
    Photo,
    ReceivedFile,
    ScanFile,
    SealedRevision,
    SignatureAct,
)

CHUNK = 1 << 20  # bytes read at a time


def stored_models() -> list[Any]:
    """Every model whose rows name stored bytes by their hash."""
    found = apps.get_app_config("conventions").get_models()
    return [model for model in found if hasattr(model, "storage_name")]


def stored_rows(model: Any) -> models.QuerySet:
    """Rows of a model whose bytes are kept."""
    return ScanFile.objects.kept() if model is ScanFile else model._default_manager.all()


def file_count() -> int:
    return sum(stored_rows(model).count() for model in stored_models())


def damaged_files(progress: Callable[[str, int], None]) -> Iterator[str]:
    """Files that are lost, or whose bytes no longer have the hash of their row."""
    done = 0
    for model in stored_models():
        for row in stored_rows(model).order_by("pk").only("pk", "sha256").iterator(chunk_size=500):
            done += 1
            progress("Fichiers", done)
            found = stored_hash(row.storage_name)
            if found != row.sha256:
                what = "a disparu" if found is None else "a été modifié"
                yield f"{capfirst(model._meta.verbose_name)} {row.pk} : {_called(model, row.pk)} {what}."


def _called(model: type[models.Model], pk: int) -> str:
    """The title of a document; that of an attachment is often a person's name, and stays where it is."""
    if model is not Document:
        return "son fichier"
    return f"le fichier de « {Document.objects.values_list('title', flat=True).get(pk=pk)} »"


def stored_hash(name: str, *, size: int | None = None) -> str | None:
    """SHA-256 (hex) of stored bytes, or of the first `size` of them; None when they are not there."""
    digest, left = hashlib.sha256(), size
    try:
        with storages["private"].open(name) as file:
            while chunk := file.read(CHUNK if left is None else min(CHUNK, left)):
                digest.update(chunk)
                left = None if left is None else left - len(chunk)
    except OSError:
        return None
    return digest.hexdigest()


def orphans() -> Iterator[str]:
    """What is in the way of nobody, for information: files that no row names, files that wait for a form."""
    store = storages["private"]
    for folder, find in FOLDERS.items():
        for part in _folders(store, folder):
            files = {f"{folder}/{part}/{name}" for name in store.listdir(f"{folder}/{part}")[1]}
            for name in sorted(files - find(part)):
                yield f"Fichier sans ligne, gardé : {name}"
    waiting = Attachment.objects.filter(pending=True).count()
    if waiting:
        yield f"{counted(waiting, 'fichier déposé', 'fichiers déposés')} avec un formulaire resté inachevé."


def _names(
    *held: type[
        Annex | Document | SealedRevision | Attachment | PaymentFile | ScanFile | ReceivedFile | Photo
    ],
) -> Callable[[str], set[str]]:
    """Names of the files of these models whose hash begins so."""

    def find(part: str) -> set[str]:
        rows = [model._default_manager.filter(sha256__startswith=part).only("pk", "sha256") for model in held]
        return {row.storage_name for found in rows for row in found}

    return find


def _drawings(part: str) -> set[str]:
    return {
        row.drawing_name
        for model in (SignatureAct, HandoverSignature)
        for row in model.objects.filter(drawing_sha256__startswith=part).only("pk", "drawing_sha256")
    }


FOLDERS: dict[str, Callable[[str], set[str]]] = {
    "documents": _names(Document, SealedRevision, Annex),
    "attachments": _names(Attachment),
    "payments": _names(PaymentFile),
    "photos": _names(Photo),
    "drawings": _drawings,
    "scans": _names(ScanFile, ReceivedFile),
}


def _folders(store: Storage, folder: str) -> list[str]:
    try:
        return sorted(store.listdir(folder)[0])
    except FileNotFoundError:
        return []
