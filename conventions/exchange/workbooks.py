"""A list too long for one request, as a workbook: made by the worker, served once to who asked, then erased.

A page says how its list is read: `register("conventions", listing)`, where `listing(user, query)` gives what this
person may read of what the address asks. It is read again as the work runs: rights that were withdrawn meanwhile count.
"""

import datetime
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation.failures import Failures
from conventions.domain.foundation.jobs import JobRefused, Progress, job, start_job
from conventions.domain.foundation.refusals import Refused
from conventions.exchange.tables import Column, dated_name, write_xlsx
from conventions.formats import counted, show_number
from conventions.models import Job, User

KIND = "classeur"
MOST_AT_ONCE = 5_000  # rows that a request writes itself
MOST_ROWS = 1_048_575  # of a sheet, its headings apart
TOLD_EVERY = 500  # rows
FOR = datetime.timedelta(days=1)
FOLDER = "exports"
TOO_LONG = f"Une feuille de calcul a {show_number(MOST_ROWS)} lignes au plus. Filtrez la liste, ou exportez-la en CSV."
NO_LONGER = "Vous n’avez plus le droit de lire cette liste."
GONE = "Ce classeur a déjà été téléchargé, ou il est effacé depuis. Demandez-le de nouveau depuis la liste."


@dataclass(frozen=True, slots=True)
class Listing:
    """What an export writes: `rows` are read as they are written, `count` of them; `name` is the file's."""

    columns: tuple[Column, ...]
    rows: Iterable[Any]
    count: int
    name: str
    title: str


Reader = Callable[[User, str], Listing]
READERS: dict[str, Reader] = {}


def register(name: str, reader: Reader) -> None:
    """Say how a list is read by the worker. The reader raises PermissionDenied."""
    READERS[name] = reader


def ask(name: str, query: str, *, title: str, by: User) -> Job:
    """Have the worker make the workbook of a registered list. Raises PermissionDenied."""
    permissions.require(permissions.can_read_conventions, by)
    with transaction.atomic():
        return start_job(
            KIND, owner=by, label=f"Classeur : {title}", arguments={"list": name, "query": query}
        )


@job(KIND)
def make(row: Job, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Write the workbook beside the documents, under a name that nobody guesses."""
    if row.owner is None:
        raise JobRefused(NO_LONGER)
    try:
        listing = READERS[arguments["list"]](row.owner, arguments["query"])
    except PermissionDenied as refusal:
        raise JobRefused(NO_LONGER) from refusal
    if listing.count > MOST_ROWS:
        raise JobRefused(TOO_LONG)
    stored_as = f"{FOLDER}/{row.pk}-{secrets.token_hex(16)}.xlsx"
    with tempfile.TemporaryFile() as file:
        written = write_xlsx(
            file, listing.columns, _told(listing.rows, listing.count, progress), title=listing.title
        )
        file.seek(0)
        storages["private"].save(stored_as, File(file))
    return {
        "text": f"{counted(written, 'ligne')}. Le classeur se télécharge une fois ; il est effacé demain.",
        "file": stored_as,
        "name": dated_name(listing.name),
        "title": listing.title,
        "rows_count": written,
    }


def _told(rows: Iterable[Any], count: int, progress: Progress) -> Iterator[Any]:
    for rank, row in enumerate(rows):
        if rank % TOLD_EVERY == 0:
            progress(rank, max(count, rank))
        yield row


def take(job_id: int, *, by: User) -> tuple[File, str]:
    """(the workbook, its file name), once, for who asked for it; its line in the journal. Raises Refused."""
    permissions.require(permissions.can_read_conventions, by)
    store = storages["private"]
    with transaction.atomic():
        row = Job.objects.select_for_update().filter(pk=job_id, owner=by, kind=KIND).first()
        result = dict(row.result or {}) if row is not None else {}
        stored_as = result.pop("file", "")
        if row is None or not stored_as or not store.exists(stored_as):
            raise Refused(GONE)
        file = store.open(stored_as)
        row.result = result | {"text": "Le classeur a été téléchargé."}
        row.save(update_fields=["result"])
        details = {"liste": result["title"], "lignes": result["rows_count"]}
        journal.record("liste_exportee", by=by, details=details)
        # What is open is read to its end, its name gone.
        transaction.on_commit(lambda: store.delete(stored_as))
    return file, f"{result['name']}.xlsx"


def purge(failures: Failures | None = None, *, at: datetime.datetime | None = None) -> int:
    """Erase the workbooks made more than a day ago, taken or not. Returns how many."""
    failures, store, erased = failures or Failures(), storages["private"], 0
    if not store.exists(FOLDER):
        return 0
    for name in sorted(store.listdir(FOLDER)[1]):
        with failures.of(f"Classeur {name}"):
            if store.get_modified_time(f"{FOLDER}/{name}") <= (at or timezone.now()) - FOR:
                store.delete(f"{FOLDER}/{name}")
                erased += 1
    return erased
