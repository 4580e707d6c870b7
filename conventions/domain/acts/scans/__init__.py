"""Scanned copies: received in batches, read apart, sorted by the code of their pages, filed one act at a time.

Nothing of an act changes before `file_part`. Files that people sent are opened in a process of their own (`sandbox`).
"""

from conventions.domain.acts.scans.filing import discard, file_part, finish_if_done, kept_beside
from conventions.domain.acts.scans.purging import purge
from conventions.domain.acts.scans.receiving import has_picture, picture, read_again, read_batch, receive
from conventions.domain.acts.scans.sheets import BatchSheet, PageView, PartView, batch_sheet
from conventions.domain.acts.scans.sorting import PlacementRefused, place, put_back, set_aside
from conventions.domain.foundation.pdf_sandbox import SIGNED, UnreadablePdf, count_pages

__all__ = [
    "SIGNED",
    "BatchSheet",
    "PageView",
    "PartView",
    "PlacementRefused",
    "UnreadablePdf",
    "batch_sheet",
    "count_pages",
    "discard",
    "file_part",
    "finish_if_done",
    "has_picture",
    "kept_beside",
    "picture",
    "place",
    "purge",
    "put_back",
    "read_again",
    "read_batch",
    "receive",
    "set_aside",
]
