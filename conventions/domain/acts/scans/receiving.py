"""A batch is received as it is, then read by the worker: pages drawn, codes read, parts made."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.scans import sorting
from conventions.domain.documents import storage
from conventions.domain.foundation import jobs, pdf_sandbox
from conventions.enums import JobState, ScanState
from conventions.formats import counted
from conventions.models import Act, Job, ScanBatch, ScanFile, ScanPage, User

KIND = "lecture_scans"
GONE = "Ce fichier a disparu du stockage. Envoyez-le de nouveau."


def receive(uploads: Iterable[tuple[str, bytes]], *, by: User, act: Act | None = None) -> ScanBatch:
    """Keep PDFs (name, bytes) as one batch and have it read. The same bytes sent twice count once."""
    permissions.require(permissions.can_file_scans, by)
    files: list[ScanFile] = []
    for name, content in uploads:
        row = ScanFile(
            original_name=name[-255:], size=len(content), sha256=hashlib.sha256(content).hexdigest()
        )
        if row.sha256 not in {other.sha256 for other in files}:
            storage.put_bytes(content, row.storage_name)
            files.append(row)
    with transaction.atomic():
        batch = ScanBatch.objects.create(created_by=by, act=act)
        for position, row in enumerate(files, start=1):
            row.batch, row.position = batch, position
            row.save()
        _start(batch, by=by)
        told = {"lot": batch.pk, "empreintes": [row.sha256 for row in files]}
        journal.record(
            "scans_recus", by=by, details=told, personal={"noms": [r.original_name for r in files]}
        )
    return batch


def read_again(batch: ScanBatch, *, by: User) -> None:
    """Ask the worker once more, when the reading of a batch failed."""
    permissions.require(permissions.can_file_scans, by)
    with transaction.atomic():
        locked = ScanBatch.objects.select_for_update(of=("self",)).select_related("job").get(pk=batch.pk)
        if locked.state == ScanState.READING and locked.job and locked.job.state == JobState.FAILED:
            _start(locked, by=by)


def _start(batch: ScanBatch, *, by: User) -> None:
    label = f"Lecture de {counted(batch.files.count(), 'fichier numérisé', 'fichiers numérisés')}"
    batch.job = jobs.start_job(KIND, owner=by, label=label, arguments={"batch": batch.pk})
    batch.save(update_fields=["job"])


def bytes_of(file: ScanFile) -> bytes:
    """The PDF as it was sent. Raises UnreadablePdf when its bytes are lost or changed."""
    try:
        return storage.checked_bytes(file.storage_name, file.sha256, told="Un fichier numérisé")
    except storage.DamagedDocument as damage:
        raise pdf_sandbox.UnreadablePdf(GONE) from damage


def has_picture(batch: ScanBatch, digest: str) -> bool:
    """Whether the picture of a page is still kept: a batch that is over is purged."""
    return bool(digest) and batch.purged_at is None


def picture(digest: str) -> bytes:
    """Raises DamagedDocument."""
    return storage.checked_bytes(ScanPage.picture_name(digest), digest, told="L’image d’une page")


@jobs.job(KIND)
def read_batch(job: Job, arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Read every page of a batch; done again from the start if a worker died. Nothing is written before the end."""
    batch = ScanBatch.objects.get(pk=arguments["batch"])
    if batch.state != ScanState.READING:
        return {"pages": 0}
    files = list(batch.files.all())
    total = _count(files)
    found: list[tuple[ScanPage, list[dict[str, Any]]]] = []
    for file in files:
        try:
            for told in pdf_sandbox.read_pages(bytes_of(file)) if file.page_count else ():
                file.is_signed = told["signed"]
                found.append((_page(file, told), told.get("codes", [])))
                progress(len(found), total)
        except pdf_sandbox.UnreadablePdf as error:
            file.error = str(error)
            found = [row for row in found if row[0].file_id != file.pk]
    _write(batch, files, found)
    return {"pages": len(found)}


def _count(files: list[ScanFile]) -> int:
    """Pages of each file, its error if it has none; beyond the limit of a batch the following ones are left out."""
    total = 0
    for file in files:
        file.page_count, file.error = 0, ""
        try:
            pages = pdf_sandbox.count_pages(bytes_of(file))
        except pdf_sandbox.UnreadablePdf as error:
            file.error = str(error)
            continue
        if total + pages > settings.SCAN_MAX_PAGES:
            limit = counted(settings.SCAN_MAX_PAGES, "page")
            file.error = f"Ce lot dépasse {limit}. Envoyez ce fichier à part, ou en plusieurs morceaux."
            continue
        file.page_count = pages
        total += pages
    return total


def _page(file: ScanFile, told: dict[str, Any]) -> ScanPage:
    """A page with its two pictures kept in private storage."""
    page = ScanPage(file=file, number=told["page"], beside=told["beside"])
    page.is_blank, page.is_faint = told.get("blank", False), told.get("faint", False)
    if told.get("unreadable"):
        return page
    page.turn = told["codes"][0]["turn"] if told["codes"] else 0
    for name in ("thumbnail", "picture"):
        digest = hashlib.sha256(told[name]).hexdigest()
        setattr(page, name, digest)
        storage.put_bytes(told[name], ScanPage.picture_name(digest))
    return page


def _write(batch: ScanBatch, files: list[ScanFile], found: list) -> None:
    with transaction.atomic():
        locked = ScanBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != ScanState.READING:
            return  # another worker was quicker, or it was discarded meanwhile
        for file in files:
            file.save(update_fields=["page_count", "error", "is_signed"])
        sorting.sort(locked, found)
        locked.state = ScanState.TO_FILE
        locked.save(update_fields=["state"])
