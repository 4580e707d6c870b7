"""RFC 3161 time stamps from the authority of TSA_URL. A token that does not hold is an error, never a seal without."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import urllib.error
import urllib.request
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from conventions.domain.documents.sealing.errors import TimestampFailed

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
MAX_ANSWER = 64 * 1024  # bytes
SERVER_CLOCK = "heure du serveur"
TOKEN_ROOM = 20 * 1024  # hexadecimal digits kept for a token


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def time_stamper() -> Any | None:
    """pyHanko's side of the configured authority; None when none is configured."""
    return _time_stamper_class()(settings.TSA_URL) if settings.TSA_URL else None


def required_time_stamper() -> Any:
    """The same, where nothing can be done without. Raises TimestampFailed."""
    if (stamper := time_stamper()) is None:
        raise TimestampFailed("Aucune autorité d’horodatage n’est réglée (TSA_URL).")
    return stamper


def time_source() -> str:
    """What the seal says about the hour, in French: the authority's address, or the server's clock."""
    return f"horodatage {settings.TSA_URL}"[:120] if settings.TSA_URL else SERVER_CLOCK


@cache
def _time_stamper_class() -> type:
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    class CheckedTimeStamper(TimeStamper):
        """Asks over HTTP, then checks that the token is about our digest and properly signed."""

        def __init__(self, url: str) -> None:
            super().__init__()
            self.url = url

        async def async_request_tsa_response(self, req: Any) -> Any:
            return tsp.TimeStampResp.load(ask(self.url, req.dump()))

        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            try:
                token = await super().async_timestamp(message_digest, md_algorithm)
                sound, ends_at = _is_sound(token, message_digest), _ends_at(token)
            except TimestampFailed:
                raise
            except Exception as error:  # a foreign answer may make the parser stumble anywhere
                raise TimestampFailed(
                    f"L’autorité d’horodatage a donné une réponse inutilisable ({type(error).__name__})."
                ) from error
            if not sound:
                raise TimestampFailed("Le jeton d’horodatage reçu ne correspond pas à l’empreinte envoyée.")
            if ends_at <= timezone.now():
                raise TimestampFailed(
                    "Le certificat de l’unité d’horodatage a expiré : son jeton est refusé."
                )
            return token

    return CheckedTimeStamper


def _is_sound(token: Any, digest: bytes) -> bool:
    """Is the token about this digest, and signed by the certificate it carries? Whom to trust is for who verifies."""
    from pyhanko.sign.general import extract_certificate_info, extract_signer_info
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    signed = token["content"]
    stamp, signer = signed["encap_content_info"]["content"], extract_signer_info(signed)
    hashed = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(stamp)).digest()
    certificate = extract_certificate_info(signed).signer_cert
    intact, valid = validate_sig_integrity(signer, certificate, "tst_info", hashed)
    return bool(intact and valid and stamp.parsed["message_imprint"]["hashed_message"].native == digest)


def unit_ends_at() -> datetime.datetime:
    """Until when the certificate by which the authority stamps today holds: asked with a stamp of nothing.

    Raises TimestampFailed.
    """
    digest = hashlib.sha256(b"").digest()
    return _ends_at(asyncio.run(required_time_stamper().async_timestamp(digest, "sha256")))


def _ends_at(token: Any) -> datetime.datetime:
    from pyhanko.sign.general import extract_certificate_info

    return extract_certificate_info(token["content"]).signer_cert.not_valid_after


def ask(url: str, query: bytes) -> bytes:
    """The authority's answer (DER). Raises TimestampFailed."""
    request = urllib.request.Request(url, data=query, headers={"Content-Type": QUERY, "Accept": REPLY})
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=settings.TSA_TIMEOUT) as answer:
            kind, content = answer.headers.get_content_type(), answer.read(MAX_ANSWER + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise TimestampFailed(f"L’autorité d’horodatage a répondu par une erreur ({error.code}).") from error
    except (OSError, ValueError) as error:
        raise TimestampFailed(
            "L’autorité d’horodatage ne répond pas. L’acte reste à sceller, un nouvel essai suivra."
        ) from error
    if kind != REPLY or len(content) > MAX_ANSWER:
        raise TimestampFailed("L’autorité d’horodatage a répondu autre chose qu’un jeton.")
    return content
