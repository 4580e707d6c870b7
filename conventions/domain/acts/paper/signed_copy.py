"""What was signed in ink, as it stands on the paper: the scan, and each signature's date and title.

The frozen text never changes: a title written otherwise by hand is kept with the signature.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts.paper import inspecting
from conventions.domain.documents import annexes, storage
from conventions.domain.foundation.pdf_sandbox import InspectedPdf
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, DocumentKind, SignatureMethod
from conventions.formats import counted
from conventions.models import Act, Document, Signatory, SignatureAct, User

IDENTITY_CHECK = "signature manuscrite sur l’exemplaire papier"
NO_PAPER = "Cet acte n’a pas de document figé : il ne peut pas encore être signé."
IN_FUTURE = "La date de signature est dans le futur. Donnez la date portée sur le papier."
NOT_SIGNED = (
    "Cet acte n’est pas signé : classez d’abord l’exemplaire signé. D’autres exemplaires s’ajoutent ensuite."
)


@dataclass(frozen=True, kw_only=True)
class InkSignature:
    """One signature as on paper: a plain date, and the title when it differs from the printed one."""

    signatory: int
    signed_on: datetime.date
    title: str = ""


class PageCountDiffers(Refused):
    """The scan has not the pages of the frozen document; str() says so in French. Confirming it lets it through."""

    def __init__(self, found: int, expected: int) -> None:
        super().__init__(
            f"Le scan a {counted(found, 'page')} et le document figé {counted(expected, 'page')}. "
            "Vérifiez qu’il est complet, puis confirmez."
        )
        self.found, self.expected = found, expected


def usual_pages(paper: Document | None) -> tuple[int, ...]:
    """How many pages a whole copy has: those of the text, or those of its annexes too."""
    if paper is None:
        return ()
    behind = sum(annex.page_count for annex in annexes.frozen_in(paper))
    return (paper.page_count, paper.page_count + behind)


def file_signed_copy(
    act: Act,
    *,
    by: User,
    scan: InspectedPdf,
    signed_on: datetime.date,
    signatures: Iterable[InkSignature] = (),
    confirmed_pages: int | None = None,
    **told: Any,
) -> dict[str, Any]:
    """Store the scan and one act of signature per signatory; return the columns of the act, in its transaction.

    `signed_on` is the date of whoever is not in `signatures`; the act is dated by the last of them. `confirmed_pages`
    is the number of pages that somebody has seen and accepted. Raises PageCountDiffers, Refused.
    """
    paper = act.frozen_document
    if paper is None or act.frozen_at is None:
        raise Refused(NO_PAPER)
    given = {row.signatory: row for row in signatures}
    people = list(act.signatories.all())
    rows = [
        given.get(person.pk) or InkSignature(signatory=person.pk, signed_on=signed_on) for person in people
    ]
    for row in rows:
        check_day(act, row.signed_on)
    document = storage.store_upload(
        scan, kind=DocumentKind.SCAN, title=f"{paper.title} – signé", by=by, act=act
    )
    if document.page_count not in (*usual_pages(paper), confirmed_pages):
        raise PageCountDiffers(document.page_count, paper.page_count)
    SignatureAct.objects.bulk_create(
        _signature(paper, person, row) for person, row in zip(people, rows, strict=True)
    )
    for day in {row.signed_on for row in rows}:
        signed = [row.signatory for row in rows if row.signed_on == day]
        act.signatories.filter(pk__in=signed).update(signed_on=day)
    return {
        "signed_document": document,
        "signed_on": max((row.signed_on for row in rows), default=signed_on),
    }


def _signature(paper: Document, person: Signatory, row: InkSignature) -> SignatureAct:
    return SignatureAct(
        document=paper,
        signatory=person,
        method=SignatureMethod.INK,
        document_sha256=paper.sha256,
        identity_check=IDENTITY_CHECK,
        signed_on=row.signed_on,
        title="" if row.title.strip() == person.title else row.title.strip(),
    )


def check_day(act: Act, day: datetime.date) -> None:
    """A paper is signed after it was printed, and not tomorrow. Raises Refused."""
    if day > timezone.localdate():
        raise Refused(IN_FUTURE)
    frozen_on = timezone.localdate(act.frozen_at)
    if day < frozen_on:
        raise Refused(
            f"La date de signature précède le document, figé le {frozen_on:%d/%m/%Y}. "
            "Donnez la date portée sur le papier."
        )


def told(details: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the journal keeps of the details of an event, what it can erase): titles are personal, dates are not."""
    kept = {name: value for name, value in details.items() if name not in ("scan", "signatures")}
    if isinstance(scan := details.get("scan"), InspectedPdf):
        kept |= scan.provenance()
    rows = list(details.get("signatures", ()))
    if rows:
        kept["signatures"] = {f"signataire {row.signatory}": row.signed_on for row in rows}
    titles = {f"titre porté par le signataire {row.signatory}": row.title for row in rows if row.title}
    return kept, titles


def add_copy(act: Act, *, by: User, scan: bytes, **told: Any) -> Document:
    """Another signed copy, found later: one more document, nothing else changes. Raises Refused."""
    inspected = inspecting.inspected(scan, act=act)
    with transaction.atomic():
        locked = Act.objects.select_for_update(of=("self",)).select_related("convention").get(pk=act.pk)
        if locked.state != ActState.SIGNED:
            raise Refused(NOT_SIGNED)
        document = storage.store_upload(
            inspected, kind=DocumentKind.SCAN, title=f"{_name(locked)} – signé", by=by, act=locked
        )
        journal.record(
            "exemplaire_ajoute",
            by=by,
            convention=locked.convention,
            details={
                "acte": locked.pk,
                "version": document.version,
                "sha256": document.sha256,
                **inspected.provenance(),
                **told,
            },
        )
    return document


def _name(act: Act) -> str:
    return act.frozen_document.title if act.frozen_document else f"{act} – {act.convention.title}"
