"""What the attestation of a signature says: who signed what, when, how, and every hash."""

from __future__ import annotations

from dataclasses import dataclass

from conventions.domain.documents.context.agreement import AnnexContext
from conventions.domain.documents.context.common import later


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedSignatureContext:
    """One signature. Moments are texts, in Nouméa: « 14 mars 2026 à 10 h 32 min 05 s »."""

    name: str
    title: str
    party: str
    method: str
    identity_check: str
    typed_name: str
    consent: str
    signed_at: str
    has_drawing: bool = False
    drawing_file: str = later("")  # its name among the files enclosed
    drawing_sha256: str = later("")
    link_opened: str = later("")  # moment; empty: nobody was seen opening the link of the mail
    end_shown: str = later("")  # moment when the browser told that the end of the text was on screen


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedFileContext:
    """A state of the document: what it is, its length in bytes, its SHA-256 (hexadecimal)."""

    label: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedEventContext:
    """One line of the journal, in words."""

    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationContext:
    """Everything the attestation prints; the signed document and the lines of the journal are enclosed apart."""

    act_kind: str  # enums.ActKind
    reference: str
    title: str
    code: str
    address: str  # where anyone verifies the document
    page_count: int
    completed_at: str
    certificate: str  # SHA-256 of the certificate of the seal
    time_source: str
    signatures: tuple[AttestedSignatureContext, ...]
    files: tuple[AttestedFileContext, ...]
    events: tuple[AttestedEventContext, ...]
    own_code: str = later("")  # by which the attestation itself is verified
    own_address: str = later("")
    annexes: tuple[AnnexContext, ...] = later(())  # under the seal of the document
    is_handover: bool = later(False)  # of a procès-verbal de remise, not of the act
    proof: str = later("")  # how long the file can prove its seals by itself
