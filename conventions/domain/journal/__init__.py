"""The journal: one chained line a write, its sentences (`story`), daily digests, erasure of details."""

from conventions.domain.journal.writing import (
    ERASED,
    SITE_CHAIN,
    OutsideTransaction,
    all_broken_links,
    broken_links,
    canonical,
    chain_of,
    difference,
    erased_sequences,
    field_values,
    hold,
    record,
    record_erasure,
)

__all__ = [
    "ERASED",
    "SITE_CHAIN",
    "OutsideTransaction",
    "all_broken_links",
    "broken_links",
    "canonical",
    "chain_of",
    "difference",
    "erased_sequences",
    "field_values",
    "hold",
    "record",
    "record_erasure",
]
