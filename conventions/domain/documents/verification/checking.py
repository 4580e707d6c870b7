"""From a hash, a file or a code to what is known of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conventions.domain.documents.context import AnnexContext
from conventions.domain.documents.sealing import authority
from conventions.domain.documents.verification.facts import Facts, facts_of, signed_copy_of
from conventions.domain.documents.verification.origins import HIDDEN, find_origin
from conventions.domain.documents.verification.verdicts import Verdict, judge
from conventions.domain.foundation import apart, throttling
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ENDED_STATES, ActState, DocumentKind, TryKind
from conventions.models import Document, SealedRevision

MAX_BYTES = 20 * 1024 * 1024
INSPECTION = Path(authority.__file__).with_name("inspection.py")
SECONDS = 15  # on the clock, for the process that reads the file
SHA256 = re.compile(r"[0-9a-f]{64}")
UNREADABLE: dict[str, Any] = {"state": "illisible", "is_ours": False, "seals": [], "stamps": [], "files": []}


@dataclass(frozen=True, slots=True)
class Finding:
    """`facts` are those of the file, or of the document it was made from (`is_origin`); `added`: what it has more."""

    verdict: Verdict
    sha256: str = ""
    facts: Facts | None = None
    is_origin: bool = False
    added: str = ""
    held: frozenset[str] | None = (
        None  # SHA-256 of the files in it; None when it is, byte for byte, a document of ours
    )

    @property
    def annexes(self) -> list[tuple[AnnexContext, bool]]:
        """The annexes that the text names, each with whether the file sent holds that very one."""
        named = self.facts.annexes if self.facts and self.facts.embeds else ()
        return [(one, self.held is None or one.sha256 in self.held) for one in named]


def of_code(code: str) -> Facts | None:
    """Facts of the document that bears this code (as stored: see `formats.normalise_code`)."""
    document = Document.objects.filter(code=code, act__isnull=False).exclude(code="").first()
    return facts_of(document) if document else None


def of_code_tried(code: str, *, network: str) -> Facts | None:
    """The same, for a visitor: a code that does not exist counts as a try. Raises guessing.TooManyTries."""
    throttling.check(TryKind.VERIFY_CODE, network)
    facts = of_code(code)
    if facts is None:
        throttling.take(TryKind.VERIFY_CODE, network)
    return facts


def of_hash(sha256: str) -> Finding:
    """What the register says of a file, from its SHA-256 alone. Raises Refused for anything else than a hash."""
    if not SHA256.fullmatch(sha256):
        raise Refused("Une empreinte SHA-256 compte 64 chiffres hexadécimaux.")
    return _registered(sha256) or Finding(Verdict.UNKNOWN, sha256)


def of_file(content: bytes) -> Finding:
    """The verdict on a file. It is read once, by a process with limits, and kept nowhere."""
    if len(content) > MAX_BYTES:
        return Finding(Verdict.TOO_HEAVY)
    sha256 = hashlib.sha256(content).hexdigest()
    known = _registered(sha256)
    if known is not None:
        return known
    report, origin = inspect(content), find_origin(content)
    verdict = judge(report, own_certificates(), size=len(content), has_origin=origin is not None)
    if origin is None:
        return Finding(verdict, sha256)
    facts, held = facts_of(origin.document), frozenset(report["files"])
    if origin.is_cut(content):
        return Finding(Verdict.CUT, sha256, facts, is_origin=True, held=held)
    added = "" if verdict == Verdict.ALTERED else origin.added(content)
    return Finding(verdict, sha256, facts, is_origin=True, added=added, held=held)


def _registered(sha256: str) -> Finding | None:
    seal = SealedRevision.objects.filter(sha256=sha256).select_related("document__act").first()
    if seal is not None:
        return Finding(_of_revision(seal), sha256, facts_of(seal.document))
    rows = Document.objects.filter(sha256=sha256, act__isnull=False).exclude(kind__in=HIDDEN)
    document = rows.order_by("pk").first()
    if document is None:
        return None
    return Finding(_unsealed(document), sha256, facts_of(document))


def _unsealed(document: Document) -> Verdict:
    """Of a document without a revision: an attestation bears its own seal; a procès-verbal may be signed since."""
    if document.kind in (DocumentKind.ATTESTATION, DocumentKind.HANDOVER_ATTESTATION):
        return Verdict.CONFORMING
    signed = document.kind == DocumentKind.HANDOVER and signed_copy_of(document)
    return Verdict.INTERMEDIATE if signed else Verdict.WITHOUT_SEAL


def _of_revision(seal: SealedRevision) -> Verdict:
    act = seal.document.act
    if seal.document.kind == DocumentKind.HANDOVER_SIGNED:
        return Verdict.CONFORMING  # its one seal; what becomes of the act changes nothing of it
    if act is not None and act.state in ENDED_STATES:
        return Verdict.ENDED
    if act is None or act.frozen_document_id != seal.document_id:
        return Verdict.REPLACED
    later = SealedRevision.objects.filter(document=seal.document_id, revision__gt=seal.revision)
    if later.filter(stamp_ends_at=None).exists():
        return Verdict.INTERMEDIATE
    if act.state != ActState.SIGNED:
        return Verdict.PENDING
    return Verdict.STAMPED_SINCE if later.exists() else Verdict.CONFORMING


def inspect(content: bytes) -> dict[str, Any]:
    """The report of a process apart; a file that breaks it, or takes too long, is unreadable."""
    try:
        (found,) = apart.told(INSPECTION, sent=content, seconds=SECONDS)
    except apart.Stopped:
        return UNREADABLE
    return found


def own_certificates() -> Callable[[bytes], bool]:
    """Tells a certificate of ours: one that sealed a document here, or one issued by an anchor of ours."""
    seals = SealedRevision.objects.filter(stamp_ends_at=None)
    used = set(seals.values_list("certificate_fingerprint", flat=True).distinct())
    anchors = authority.anchors()
    known = used | {authority.fingerprint(anchor) for anchor in anchors}

    def is_own(der: bytes) -> bool:
        from cryptography import x509

        try:
            certificate = x509.load_der_x509_certificate(der)
        except ValueError:  # a lax reader took it for one
            return False
        return authority.fingerprint(certificate) in known or authority.is_issued_by(certificate, anchors)

    return is_own
