"""Signing online: invitations, codes, acts of signature, what follows. The method is told in docs/signature.md.

freeze ─ invite ▸ mail with a link ▸ open ▸ read ▸ sign (code, or account and second factor) ▸ seal ▸ next rank …
"""

from conventions.domain.acts.requests.addresses import address_of, masked_address
from conventions.domain.acts.requests.codes import ask as ask_code
from conventions.domain.acts.requests.invitations import (
    became,
    by_token,
    correct_address,
    for_reader,
    invite,
    is_their_turn,
    is_worn,
    mark_read,
    open_request,
    refuse_if_over,
    revoke_all,
    send_again,
)
from conventions.domain.acts.requests.refusals import LinkRefused, SigningRefused
from conventions.domain.acts.signing.entries import Entry, consent_sentence
from conventions.domain.acts.signing.progress import (
    Line,
    is_signatory,
    live_code,
    progress,
    waiting_for,
    waiting_reason,
)
from conventions.domain.acts.signing.verbs import (
    FaultyEntry,
    Signature,
    ask_correction,
    decline,
    refuse_unless_signable,
    refuse_unless_turn,
    sign_with_account,
    sign_with_code,
    signs_with_account,
)

__all__ = [
    "Entry",
    "FaultyEntry",
    "Line",
    "LinkRefused",
    "Signature",
    "SigningRefused",
    "address_of",
    "ask_code",
    "ask_correction",
    "became",
    "by_token",
    "consent_sentence",
    "correct_address",
    "decline",
    "for_reader",
    "invite",
    "is_signatory",
    "is_their_turn",
    "is_worn",
    "live_code",
    "mark_read",
    "masked_address",
    "open_request",
    "progress",
    "refuse_if_over",
    "refuse_unless_signable",
    "refuse_unless_turn",
    "revoke_all",
    "send_again",
    "sign_with_account",
    "sign_with_code",
    "signs_with_account",
    "waiting_for",
    "waiting_reason",
]
