"""What a formal letter says: from whom, to whom, its text already filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from conventions.domain.documents.context.agreement import PartyContext


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterContext:
    """Everything a formal letter prints. `sender` and `addressee` hold who signs for each, if anybody."""

    kind: str  # enums.LetterKind
    title: str
    number: str
    agreement_reference: str
    agreement_title: str
    sender: PartyContext
    addressee: PartyContext
    body: str  # paragraphs parted by an empty line, « - » opening an item
    place: str
    written_on: date | None  # None: left blank, filled in by hand
    code: str
    address: str
    is_draft: bool = False
