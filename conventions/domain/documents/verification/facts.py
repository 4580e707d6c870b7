"""What the verification page tells of a document: facts that its readers hold already. No amount, no address."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from django.db.models import Exists
from django.utils import timezone

from conventions.domain.documents import annexes
from conventions.domain.documents.context import AnnexContext, rows
from conventions.domain.documents.rendering.text import full_name
from conventions.enums import ActState, DocumentKind, SignatureMethod
from conventions.formats import NBSP, act_words, counted, join_list, long_date, typeset
from conventions.models import Act, Document, HandoverSignature, SealedRevision, Signatory, SignatureAct

METHODS = {
    SignatureMethod.INK: "à l’encre, sur papier",
    SignatureMethod.EMAIL_CODE: "en ligne, identité vérifiée par un code envoyé par courriel",
    SignatureMethod.ACCOUNT: "en ligne, avec un compte de l’OPT-NC et un second facteur",
}
ACT_ITSELF = (
    DocumentKind.FROZEN,
    DocumentKind.SIGNED,
    DocumentKind.STAMPED,
    DocumentKind.SCAN,
    DocumentKind.COPIES,
)
WAITING = (ActState.TO_SIGN, ActState.PARTLY_SIGNED)
ENDED = {
    ActState.CANCELLED: "Annulé",
    ActState.DECLINED: "Refusé par une partie",
    ActState.EXPIRED: "Expiré sans signature",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Someone who signs, as printed; `how` is empty while the signature is awaited."""

    name: str
    title: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is told of a document. `about` and `made_on`: of which act (« de la convention n° … »), made when, if the
    document is not the act itself but an attestation, a report of delivery, a letter; `state` stays the act's.
    """

    reference: str
    kind: str
    about: str
    made_on: datetime.date | None
    partners: str
    document: str
    state: str
    tone: str
    frozen_on: datetime.date | None
    signed_on: datetime.date | None
    signers: tuple[Signer, ...]
    hashes: tuple[tuple[str, str], ...]  # (what, SHA-256)
    annexes: tuple[AnnexContext, ...]  # received files that the text names
    embeds: bool  # whether the document has them in it, as a PDF of ours; a scan has not
    fingerprint: str  # of the certificate that sealed it; empty without seal
    time_source: str
    own_signers: bool = False  # `signers` are those of this paper, not of the act


HANDED = (DocumentKind.HANDOVER, DocumentKind.HANDOVER_SIGNED)


def facts_of(document: Document) -> Facts:
    """The facts of a document of an act. A fixed number of queries."""
    papers = (document.pk, document.made_from_id) if document.kind in HANDED else ()
    signed = Exists(HandoverSignature.objects.filter(handover__document__in=papers))
    rows = Act.objects.select_related("convention__kind", "frozen_document").annotate(on_screen=signed)
    act = rows.get(pk=document.act_id or 0)
    facts = _facts_of(document, act)
    return _of_handover(document, facts) if act.on_screen else facts


def _of_handover(document: Document, facts: Facts) -> Facts:
    """A procès-verbal signed on screen has its own signature, and its own seal once it is set."""
    paper = document.made_from or document
    signature = HandoverSignature.objects.filter(handover__document=paper).first()
    sealed = signed_copy_of(paper)
    seal = sealed.revisions.first() if sealed else None
    if signature is None or sealed is None or seal is None:
        return facts
    how = f"{METHODS[SignatureMethod.EMAIL_CODE]}, {_moment(signature.signed_at)}"
    return replace(
        facts,
        document=str(DocumentKind.HANDOVER_SIGNED.label).capitalize(),
        signers=(Signer(name=str(signature), title=signature.title, how=how),),
        hashes=(("Procès-verbal établi", paper.sha256), ("Après la signature", sealed.sha256)),
        fingerprint=seal.certificate_fingerprint,
        time_source=seal.time_source,
        own_signers=True,
    )


def signed_copy_of(paper: Document) -> Document | None:
    """A procès-verbal as its signature on screen left it."""
    return Document.objects.filter(made_from=paper.pk, kind=DocumentKind.HANDOVER_SIGNED).first()


def _moment(at: datetime.datetime) -> str:
    local = timezone.localtime(at)
    return f"le {long_date(local.date())} à {local.hour}{NBSP}h{NBSP}{local:%M} (heure de Nouméa)"


def _facts_of(document: Document, act: Act) -> Facts:
    frozen = _frozen(document, act)
    seals = list(frozen.revisions.order_by("revision")) if frozen else []
    people = list(act.signatories.all())
    words = act_words(act.kind)
    is_act = document.kind in ACT_ITSELF
    last = next((row for row in reversed(seals) if not row.is_stamp), None)
    state, tone = _state(document, act, people)
    return Facts(
        reference=act.reference,
        kind=words.noun.capitalize(),
        about="" if is_act else typeset(f"{words.of} n° {act.reference}"),
        made_on=None if is_act else timezone.localdate(document.created_at),
        partners=_partners(act),
        document=_kind(document, act, seals),
        state=state,
        tone=tone,
        frozen_on=timezone.localdate(frozen.created_at) if frozen else None,
        signed_on=act.signed_on if act.state == ActState.SIGNED else None,
        signers=_signers(people, frozen) if not _is_replaced(document, act) else (),
        hashes=_hashes(document, seals) if is_act else (("Ce document", document.sha256),),
        annexes=annexes.frozen_in(frozen) if is_act else (),
        embeds=document.kind in (DocumentKind.FROZEN, DocumentKind.SIGNED, DocumentKind.STAMPED),
        fingerprint=last.certificate_fingerprint if last else "",
        time_source=last.time_source if last else "",
    )


def _kind(document: Document, act: Act, seals: list[SealedRevision]) -> str:
    """What the document is by now: the text that was to be signed, sealed to the end, is the signed document."""
    label = str(DocumentKind(document.kind).label)
    if document.kind == DocumentKind.FROZEN and act.state == ActState.SIGNED:
        label = str(DocumentKind.SIGNED.label) if seals else "texte du document signé"
    return label.capitalize()


def _frozen(document: Document, act: Act) -> Document | None:
    """The frozen document whose signatures count: itself, or that of its act."""
    if document.kind == DocumentKind.FROZEN:
        return document
    return act.frozen_document


def _partners(act: Act) -> str:
    parties = act.convention.parties.select_related("partner")
    return join_list([row.partner.name for row in parties if not row.partner.is_opt])


def _is_replaced(document: Document, act: Act) -> bool:
    return document.kind == DocumentKind.FROZEN and document.pk != act.frozen_document_id


def _state(document: Document, act: Act, people: list[Signatory]) -> tuple[str, str]:
    """The state of the act in words, and its tone."""
    if _is_replaced(document, act):
        last = act.documents.filter(kind=DocumentKind.FROZEN).latest_version()
        if act.frozen_document_id and last:
            return f"Remplacé par la version {last.version}", "bad"
        return "Repris pour correction : cette version ne sera pas signée", "bad"
    if act.state == ActState.SIGNED:
        return f"Signé le {long_date(act.signed_on)}" if act.signed_on else "Signé", "ok"
    if act.state == ActState.TO_SEAL:
        return "Signé par tous, dernier sceau en cours", "info"
    if act.state in WAITING:
        left = sum(person.signed_on is None for person in people)
        return f"En attente de {counted(left, 'signature')}" if left else "En attente de signature", "info"
    return ENDED.get(ActState(act.state), "Non signé"), "bad"


def _signers(people: list[Signatory], frozen: Document | None) -> tuple[Signer, ...]:
    done = {row.signatory_id: row for row in frozen.signatures.all()} if frozen else {}
    return tuple(_signer(person, done.get(person.pk)) for person in people)


def _signer(person: Signatory, signature: SignatureAct | None) -> Signer:
    how = ""
    if signature is not None:
        method = SignatureMethod(signature.method)
        when = f"le {long_date(signature.signed_on)}"
        how = f"{METHODS[method]}, {_moment(signature.signed_at) if signature.signed_at else when}"
    return Signer(name=full_name(rows.signatory_context(person)), title=person.title, how=how)


def _hashes(document: Document, seals: list[SealedRevision]) -> tuple[tuple[str, str], ...]:
    if not seals:
        return (("Fichier", document.sha256),)
    return tuple((_stage(row), row.sha256) for row in seals)


def _stage(row: SealedRevision) -> str:
    if row.is_stamp:
        return f"Horodaté le {long_date(timezone.localdate(row.sealed_at))}"
    return f"Après la signature n° {row.revision}" if row.revision else "Figé et scellé"
