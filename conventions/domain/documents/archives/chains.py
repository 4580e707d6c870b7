"""Every chain of the journal, followed to its end; personal details that went without an erasure."""

import json
from collections.abc import Callable, Iterator
from functools import partial

from conventions.domain import journal
from conventions.models import DeviceEvent, JournalEntry


def broken_chains(progress: Callable[[str, int], None]) -> Iterator[str]:
    """Lines of the journal that were changed, removed or added past the application."""
    yield from journal.all_broken_links(partial(progress, "Chaînes du journal"))


def erased_without_trace() -> Iterator[str]:
    """Personal details that are gone although no line of their chain says that somebody erased them."""
    gone = JournalEntry.objects.filter(personal=None).exclude(payload__contains='"personal":""')
    told: dict[str, set[int]] = {}
    for chain, sequence, payload in (
        gone.order_by("chain", "sequence")
        .values_list("chain", "sequence", "payload")
        .iterator(chunk_size=500)
    ):
        if not _had_personal(payload):
            continue
        if chain not in told:
            told = {chain: _erased(chain)}  # chains come one after the other
        if sequence not in told[chain]:
            yield f"Journal {chain}, ligne {sequence} : détail effacé sans trace."


def texts_erased_without_trace() -> Iterator[str]:
    """Texts of events of devices that are gone although no line of the journal says that somebody erased them."""
    gone = (
        DeviceEvent.objects.filter(text=None, details__texte=True).order_by("pk").values_list("pk", flat=True)
    )
    told: set[int] | None = None
    for key in gone.iterator(chunk_size=500):
        told = _erased_events() if told is None else told
        if key not in told:
            yield f"Appareils, événement {key} : texte effacé sans trace."


def _erased_events() -> set[int]:
    rows = JournalEntry.objects.filter(event=journal.ERASED).values_list("payload", flat=True)
    return {key for payload in rows for key in json.loads(payload)["details"].get("evenements", ())}


def _had_personal(payload: str) -> bool:
    try:
        return bool(json.loads(payload)["personal"])
    except (ValueError, KeyError, TypeError):
        return False  # told by broken_links


def _erased(chain: str) -> set[int]:
    rows = JournalEntry.objects.filter(chain=chain, event=journal.ERASED).values_list("payload", flat=True)
    return {
        sequence for payload in rows for sequence in journal.erased_sequences(json.loads(payload)["details"])
    }
