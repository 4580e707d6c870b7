"""A copy to show other funders: the public version where there is one, the signed documents with what they disclose."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from conventions.domain.documents.storage import newest, verification_codes
from conventions.domain.space.access import File, documents_of
from conventions.domain.space.overview import Paper, paper_of
from conventions.domain.space.text import frozen_context
from conventions.domain.space.wording import act_label, how_signed
from conventions.enums import DocumentKind, PartyRole
from conventions.formats import show_code, typeset
from conventions.models import Act, Document, PublicSheet

_BANK = re.compile(r"\b(RIB|IBAN)\b")
SIGNED = (DocumentKind.SIGNED, DocumentKind.STAMPED, DocumentKind.SCAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCopy:
    """One signed act: its document (None: not kept here), how it was signed, what proves it.

    `code` is printed on its pages; `address`, where it is verified. Both are empty for what was signed before the
    application. `private`: what the text discloses.
    """

    label: str
    paper: Paper | None
    how: str
    code: str
    address: str
    private: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    public_url: str
    acts: tuple[SignedCopy, ...]


def copies_of(file: File) -> Copies:
    """What this reader may show of each signed act, in their order: three queries at most."""
    codes = verification_codes(file.signed_acts)
    rows: dict[int, list[Document]] = {}
    for row in newest(documents_of(file).filter(kind__in=SIGNED).order_by("-created_at", "-pk")):
        rows.setdefault(row.act_id or 0, []).append(row)
    sheet = PublicSheet.objects.published().filter(convention=file.convention).first()
    return Copies(
        public_url=file.convention.get_absolute_url() if sheet else "",
        acts=tuple(_copy(act, rows.get(act.pk, []), codes.get(act.pk, "")) for act in file.signed_acts),
    )


def _copy(act: Act, rows: list[Document], code: str) -> SignedCopy:
    document = next((row for row in rows if row.pk == act.signed_document_id), rows[0] if rows else None)
    path = reverse("public:verify_code", args=[code]) if code else ""
    return SignedCopy(
        label=typeset(act_label(act).capitalize()),
        paper=paper_of(document, act) if document else None,
        how=how_signed(act, DocumentKind(document.kind) if document else None),
        code=show_code(code) if code else "",
        address=settings.SITE_URL + path if code else "",
        private=_private(act.frozen_document) if document else (),
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
