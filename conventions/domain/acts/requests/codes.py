"""The six digits that prove a signatory reads the address we know.

A code is bound to its request and to the SHA-256 of the document shown; it lives ten minutes, takes five tries, works
once. The digits exist only in the mail. Source: the method of SIGNING.md, step 4.
"""

from __future__ import annotations

import datetime
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from conventions.domain import journal
from conventions.domain.acts.requests.refusals import CodeOver, TooManyCodes, WrongCode
from conventions.domain.foundation import outbox, throttling
from conventions.formats import counted
from conventions.models import SignatureCode, SignatureRequest

LETTER = "code_de_signature"
CODES_PER_REQUEST = 6  # an hour
WINDOW = datetime.timedelta(hours=1)


def ask(request: SignatureRequest, *, shown_sha256: str, by=None) -> SignatureCode:
    """Queue a code for the document that was shown; earlier codes of the request lapse. Raises TooManyCodes."""
    act, now = request.act, timezone.now()
    with transaction.atomic():
        journal.hold(act.convention)
        SignatureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        asked = SignatureCode.objects.filter(request=request, created_at__gt=now - WINDOW)
        times = list(asked.order_by("created_at").values_list("created_at", flat=True))
        if len(times) >= CODES_PER_REQUEST:
            wait = throttling.delay_in_words(times[-CODES_PER_REQUEST] + WINDOW - now)
            raise TooManyCodes(f"Trop de codes ont été demandés. Réessayez dans {wait}.")
        SignatureCode.objects.usable(at=now).filter(request=request).update(expires_at=now)
        code = SignatureCode.objects.create(
            request=request,
            document_sha256=shown_sha256,
            expires_at=now + datetime.timedelta(minutes=settings.SIGNATURE_CODE_MINUTES),
        )
        outbox.queue(LETTER, params={"signature_code": code.pk}, convention=act.convention)
        journal.record(
            "code_de_signature_demande",
            by=by,
            convention=act.convention,
            details={"acte": act.pk, "signataire": request.signatory_id},
            holds_chain=True,
        )
    return code


def mint(code_id: int) -> str | None:
    """Draw the digits as the mail leaves; None when the code has lapsed. A second mail replaces the digits."""
    with transaction.atomic():
        code = SignatureCode.objects.select_for_update().usable().filter(pk=code_id).first()
        if code is None:
            return None
        digits = f"{secrets.randbelow(1_000_000):06d}"
        code.code_hash, code.sent_at = code_hash(code, digits), timezone.now()
        code.save(update_fields=["code_hash", "sent_at"])
    return digits


def lapse(**requests: Any) -> None:
    """Codes of these requests (a filter) work no more: they left for an address that does not count any longer."""
    found = SignatureRequest.objects.filter(**requests)
    SignatureCode.objects.usable().filter(request__in=found).update(expires_at=timezone.now())


def code_hash(code: SignatureCode, digits: str) -> str:
    """HMAC (hex) under the site's key, over the code, its request and the document shown."""
    told = f"{code.pk}:{code.request_id}:{code.document_sha256}:{digits}"
    return salted_hmac("conventions.signature_code", told, algorithm="sha256").hexdigest()


def check(request: SignatureRequest, *, shown_sha256: str, typed: str) -> SignatureCode:
    """Use the last code of the request, once; each try counts, under lock. Raises WrongCode or CodeOver."""
    digits = "".join(character for character in typed if character.isdecimal())
    with transaction.atomic():
        code = SignatureCode.objects.select_for_update().filter(request=request).order_by("-pk").first()
        over = _over(code, shown_sha256)
        right = False
        if code is not None and not over:
            right = bool(code.code_hash) and constant_time_compare(code.code_hash, code_hash(code, digits))
            code.tries += 1
            code.used_at = timezone.now() if right else None
            code.save(update_fields=["tries", "used_at"])
    # Raised outside the transaction: the try stays counted.
    if code is None or over:
        raise CodeOver(over)
    if not right:
        raise _wrong(code)
    return code


def _over(code: SignatureCode | None, shown_sha256: str) -> str:
    """Why the last code can no longer be used, or an empty string."""
    if code is None:
        return "Demandez d’abord un code : il arrive par courriel."
    if code.document_sha256 != shown_sha256:
        return (
            "Ce code a été demandé pour une autre version du texte. Relisez le texte, puis demandez un code."
        )
    if code.used_at is not None:
        return "Ce code a déjà servi. Demandez un nouveau code."
    if code.tries >= settings.SIGNATURE_CODE_TRIES:
        return f"{settings.SIGNATURE_CODE_TRIES} essais n’ont pas suffi. Demandez un nouveau code."
    if code.expires_at <= timezone.now():
        return "Ce code a expiré. Demandez un nouveau code."
    return ""


def _wrong(code: SignatureCode) -> WrongCode | CodeOver:
    left = settings.SIGNATURE_CODE_TRIES - code.tries
    if left <= 0:
        return CodeOver("Ce code n’est pas le bon, et c’était le dernier essai. Demandez un nouveau code.")
    return WrongCode(
        "Ce code n’est pas le bon. Vérifiez les six chiffres du dernier courriel reçu. "
        f"Il vous reste {counted(left, 'essai')}."
    )
