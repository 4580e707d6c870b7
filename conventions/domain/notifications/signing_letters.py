"""Letters of signing online. Links and codes are minted here, as the mail leaves, and kept nowhere."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from conventions.domain import signing
from conventions.domain.notifications.letter import Letter, Pointless, Undeliverable
from conventions.domain.notifications.letters import context_of, subject_of
from conventions.domain.signing import codes, invitations
from conventions.formats import long_date
from conventions.models import SignatureCode, SignatureRequest

NO_ADDRESS = (
    "Ce signataire n’a pas d’adresse de courriel. Écrivez-la sur la page de l’acte : "
    "l’invitation partira aussitôt."
)


def invitation_a_signer(params: dict[str, Any]) -> list[Letter]:
    """A link of one's own for a partner's signatory; the page of the account for one of OPT-NC's."""
    asked = signing.for_reader(int(params["request"]))
    if asked is None or hasattr(asked, "act_of_signature") or asked.revoked_at is not None:
        raise Pointless
    address = signing.address_of(asked)
    if not address:
        raise Undeliverable(NO_ADDRESS)
    link = _link(asked)
    act = asked.act
    context = {
        **context_of(act),
        "reader": asked.signatory,
        "partner": asked.signatory.party.partner,
        "link": link,
        "with_account": signing.signs_with_account(asked),
        "until": long_date(asked.expires_at) if asked.expires_at else "",
    }
    officer = act.convention.officer
    return [
        Letter(
            key=f"signataire:{asked.signatory_id}",
            to=address,
            subject=subject_of("À signer", act),
            template="emails/invitation_a_signer",
            context=context,
            reply_to=officer.email if officer else "",
        )
    ]


def _link(asked: SignatureRequest) -> str:
    """The address to open. Raises Pointless when the request no longer waits."""
    token = invitations.mint_token(asked.pk)
    if token is None:
        raise Pointless
    if signing.signs_with_account(asked):
        return settings.SITE_URL + reverse("signing:read", args=[asked.pk])
    return settings.SITE_URL + reverse("signing:invitation", args=[token])


def code_de_signature(params: dict[str, Any]) -> list[Letter]:
    """Six digits minted now, for the address of the signatory; a code that lapsed does not leave."""
    code = SignatureCode.objects.filter(pk=int(params["signature_code"])).first()
    asked = signing.for_reader(code.request_id) if code else None
    if code is None or asked is None:
        raise Pointless
    address = signing.address_of(asked)
    if not address:
        raise Undeliverable(NO_ADDRESS)
    digits = codes.mint(code.pk)
    if digits is None:
        raise Pointless
    act = asked.act
    context = {
        **context_of(act),
        "code": f"{digits[:3]} {digits[3:]}",
        "minutes": settings.SIGNATURE_CODE_MINUTES,
    }
    return [
        Letter(
            key=f"signataire:{asked.signatory_id}",
            to=address,
            subject="Votre code pour signer",
            template="emails/code_de_signature",
            context=context,
        )
    ]
