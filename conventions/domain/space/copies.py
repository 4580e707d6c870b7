"""A copy to show other funders: the public version where there is one, the signed document with what it discloses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conventions.domain.documents.storage import file_name
from conventions.domain.space.access import File, documents_of
from conventions.domain.space.overview import Paper, show_size
from conventions.domain.space.text import frozen_context
from conventions.domain.space.wording import document_label
from conventions.enums import ActState, DocumentKind, PartyRole
from conventions.formats import show_code
from conventions.models import Document, PublicSheet

_BANK = re.compile(r"\b(RIB|IBAN)\b")
SIGNED = (DocumentKind.SIGNED, DocumentKind.SCAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """`code` is what the recipient types at /verifier/; `private`: the signed text names addresses or an account."""

    paper: Paper | None
    code: str
    private: tuple[str, ...]
    public_url: str


def copy_of(file: File) -> Copy:
    """What this reader may show of the latest signed act: two queries."""
    act = file.signed_acts[0] if file.signed_acts else None
    rows = list(documents_of(file).filter(kind__in=SIGNED, act=act).order_by("-created_at")) if act else []
    document = next((row for row in rows if act and row.pk == act.signed_document_id), None) or next(
        iter(rows), None
    )
    sheet = PublicSheet.objects.published().filter(convention=file.convention).first()
    return Copy(
        paper=_paper(document, act) if document and act else None,
        code=show_code(document.code) if document and document.code else "",
        private=_private(act.frozen_document) if act else (),
        public_url=file.convention.get_absolute_url() if sheet else "",
    )


def _paper(document: Document, act) -> Paper:
    document.act = act
    return Paper(
        pk=document.pk,
        label=document_label(document.kind, act, signed=act.state == ActState.SIGNED),
        size=show_size(document.size),
        pages=document.page_count,
        made_on=document.created_at.date(),
        name=file_name(document),
    )


def _private(frozen: Document | None) -> tuple[str, ...]:
    """What the text discloses that a third party need not read, from what the frozen document was made of."""
    context = frozen_context(frozen)
    if context is None:
        return ("des adresses et un RIB, peut-être : relisez le document",)
    found = []
    if any(party.address for party in context.parties if party.role != PartyRole.OPT):
        found.append("l’adresse de l’association")
    texts = [*context.annexes, *(f"{clause.heading} {clause.body}" for clause in context.clauses)]
    if any(_BANK.search(text) for text in texts):
        found.append("les coordonnées bancaires (RIB)")
    return tuple(found)
