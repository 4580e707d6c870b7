"""The agreement read on screen: made from the snapshot kept with the frozen document, never from live rows."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.utils.safestring import SafeString

from conventions.domain.acts import signing
from conventions.domain.documents import annexes
from conventions.domain.documents.context import AgreementContext, SnapshotError, from_snapshot
from conventions.domain.documents.rendering import agreement_html, article_headings, in_brief
from conventions.domain.space.access import File, Reader
from conventions.domain.space.overview import period
from conventions.domain.space.wording import act_label, signed_when
from conventions.formats import counted, show_size, typeset
from conventions.models import Act, Document, SignatureRequest, User

logger = logging.getLogger(__name__)

WHOLE = "La convention"  # the subject of a question that is not on one article


@dataclass(frozen=True, slots=True)
class Choice:
    rank: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One act to read. `text` is None when there is none here: a reprise, of which `facts` are known."""

    rank: int
    label: str
    reference: str
    choices: tuple[Choice, ...]
    text: SafeString | None
    is_reprise: bool
    facts: tuple[tuple[str, str], ...]
    sha256: str
    articles: tuple[tuple[int, str], ...]
    brief: tuple[tuple[str, list[str]], ...]  # « en bref »
    document: int | None  # the frozen one
    annexes: tuple[AnnexLine, ...]


def reading(file: File, rank: int | None = None, *, party: str = "") -> Reading | None:
    """The act of this rank (the first by default); None when this reader has no such act. No query.

    `party`: the name of the reader's own, whose duties « en bref » tells.
    """
    act = next((act for act in file.acts if rank is None or act.rank == rank), None)
    if act is None:
        return None
    document = act.frozen_document
    return Reading(
        rank=act.rank,
        label=typeset(act_label(act).capitalize()),
        reference=act.reference,
        choices=tuple(Choice(one.rank, typeset(act_label(one).capitalize())) for one in file.acts),
        text=frozen_text(document),
        is_reprise=act.is_reprise,
        facts=tuple(_facts(file, act)) if act.is_reprise else (),
        sha256=document.sha256 if document else "",
        articles=tuple(articles_of(document)),
        brief=tuple(brief_of(document, party)),
        document=document.pk if document else None,
        annexes=tuple(annexes_of(document)),
    )


def asked_to_sign(user: Reader, file: File, read: Reading) -> SignatureRequest | None:
    """The invitation that waits for this reader on the act shown; a query only where that act awaits signatures."""
    pending = file.pending_act
    if pending is None or pending.rank != read.rank or not isinstance(user, User):
        return None
    return next(
        (row for row in signing.waiting_for(user) if row.document_id == pending.frozen_document_id), None
    )


def frozen_text(document: Document | None) -> SafeString | None:
    """The text of a frozen document as an HTML fragment, from its snapshot; None when it cannot be read."""
    context = frozen_context(document)
    return agreement_html(context) if context is not None else None


def frozen_context(document: Document | None) -> AgreementContext | None:
    """What a frozen document was made from; None when it cannot be read."""
    if document is None or document.snapshot is None:
        return None
    try:
        context = from_snapshot(document.snapshot)
    except SnapshotError:
        logger.exception("Le contenu figé du document %s ne se lit pas", document.pk)
        return None
    return context if isinstance(context, AgreementContext) else None


def brief_of(document: Document | None, party: str) -> list[tuple[str, list[str]]]:
    """« En bref », from the snapshot: (label, lines); empty when it cannot be read."""
    context = frozen_context(document)
    return in_brief(context, party) if context is not None else []


def articles_of(document: Document | None) -> list[tuple[int, str]]:
    """(number, heading) of each article of a frozen text."""
    context = frozen_context(document)
    return article_headings(context) if context is not None else []


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexLine:
    """A received annex to read: what it is called, how long and how heavy it is."""

    number: int
    label: str
    told: str


def annexes_of(document: Document | None) -> list[AnnexLine]:
    """The received annexes of a frozen text, from its snapshot."""
    return [
        AnnexLine(
            number=annex.number,
            label=typeset(f"Annexe {annex.number}, {annex.title}"),
            told=f"{counted(annex.page_count, 'page')}, {show_size(annex.size)}",
        )
        for annex in annexes.frozen_in(document)
    ]


def subject_of(file: File, rank: str, number: str) -> str:
    """What a question is about: « Article 3, Durée (avenant n° 1) », else the convention. Odd values count for none."""
    act = next((act for act in file.acts if str(act.rank) == (rank or "0")), None)
    for found, heading in articles_of(act.frozen_document) if act and number else ():
        if str(found) == number:
            label = f" ({act_label(act)})" if act and act.rank else ""
            return typeset(f"Article {found}, {heading}{label}")
    return WHOLE


def _facts(file: File, act: Act) -> list[tuple[str, str]]:
    """What is recorded of an act signed on paper before the application; what is unknown is left out."""
    decision = act.board_decision
    pairs = [
        ("Objet", file.convention.purpose),
        ("Signature", signed_when(act)),
        ("Lieu", act.place),
        ("Durée", period(file)),
        ("Ancienne référence", act.old_reference),
        ("Délibération", str(decision) if decision else ""),
        ("Cérémonie", act.ceremony.title if act.ceremony else ""),
    ]
    return [(label, typeset(value)) for label, value in pairs if value]
