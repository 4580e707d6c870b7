"""The digits that prove a signatory reads the address we know, bound to the SHA-256 of the document shown.

The method is told in docs/signature.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.foundation import one_time_codes, outbox
from conventions.models import HandoverCode, SignatureCode, SignatureRequest, User

LETTER = "code_de_signature"
CODES = one_time_codes.Codes(
    model=SignatureCode,
    salt="conventions.signature_code",
    bound_to=lambda code: f"{code.pk}:{code.request_id}:{code.document_sha256}",
    minutes_setting="SIGNATURE_CODE_MINUTES",
    tries_setting="SIGNATURE_CODE_TRIES",
)


def ask(request: SignatureRequest, *, shown_sha256: str, by: User | None = None) -> SignatureCode:
    """Queue a code for the document that was shown; earlier codes of the request lapse."""
    act = request.act
    with transaction.atomic():
        journal.hold(act.convention)
        SignatureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        mine = SignatureCode.objects.filter(request=request)

        def send(code: SignatureCode) -> None:
            params: dict[str, int | str] = {"signature_code": code.pk}
            outbox.queue(LETTER, params=params, convention=act.convention, not_before=code.leaves_at)

        code = CODES.ask(mine, replaced=mine, send=send, request=request, document_sha256=shown_sha256)
        journal.record(
            "code_de_signature_demande",
            by=by,
            convention=act.convention,
            details={"acte": act.pk, "signataire": request.signatory_id},
            holds_chain=True,
        )
    return code


def mint(code_id: int) -> str | None:
    """The digits, drawn as the mail leaves; None when the code has lapsed."""
    minted = CODES.mint(code_id, sent_at=timezone.now())
    return minted[1] if minted else None


def lapse(**requests: Any) -> None:
    """Codes of these requests (a filter) work no more: they left for an address that does not count any longer."""
    found = SignatureRequest.objects.filter(**requests)
    one_time_codes.lapse(SignatureCode.objects.filter(request__in=found))


def check(request: SignatureRequest, *, shown_sha256: str, typed: str) -> SignatureCode:
    """Use the last code of the request, once, for the document shown. Raises WrongCode or CodeOver."""
    elsewhere = refuse_elsewhere(shown_sha256)
    return CODES.check(SignatureCode.objects.filter(request=request), typed, elsewhere=elsewhere)


def refuse_elsewhere(shown_sha256: str) -> Callable[[SignatureCode | HandoverCode], str]:
    """Why a code asked for other bytes than those shown does not do; empty when they are the same."""

    def told(code: SignatureCode | HandoverCode) -> str:
        if code.document_sha256 == shown_sha256:
            return ""
        return (
            "Ce code a été demandé pour une autre version du texte. Relisez le texte, puis demandez un code."
        )

    return told
