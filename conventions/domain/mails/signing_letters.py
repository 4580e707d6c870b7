"""Letters of signing online. Links and codes are minted here, as the mail leaves, and kept nowhere."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts import signing
from conventions.domain.acts.requests import codes, handover_codes, invitations
from conventions.domain.documents import annexes
from conventions.domain.foundation.one_time_codes import in_groups
from conventions.domain.mails.act_letters import (
    NOTE,
    account_of,
    act_of,
    context_of,
    enters_space,
    subject_of,
    to_partners,
)
from conventions.domain.mails.letter import Letter, Pointless, Undeliverable
from conventions.enums import AWAITING_SIGNATURE_STATES, ActState
from conventions.formats import HANDOVER_WORDS, NBSP, act_words, counted, join_list, long_date
from conventions.models import Act, Document, HandoverCode, SignatureAct, SignatureCode, SignatureRequest

FROZEN_AGAIN = (*AWAITING_SIGNATURE_STATES, ActState.SIGNED)
NO_ADDRESS = (
    "Ce signataire n’a pas d’adresse de courriel. Écrivez-la sur la page de l’acte : "
    "l’invitation partira aussitôt."
)


def invitation_a_signer(params: dict[str, Any]) -> list[Letter]:
    """A link of one's own for a partner's signatory; the page of the account for one of OPT-NC's."""
    asked = signing.for_reader(int(params["request"]))
    if asked is None or hasattr(asked, "act_of_signature") or asked.revoked_at is not None:
        raise Pointless
    if "rappel" in params and invitations.mandate_over(asked) is not None:
        raise Pointless
    address = signing.address_of(asked)
    if not address:
        raise Undeliverable(NO_ADDRESS)
    minted = invitations.mint_token(asked.pk)
    if minted is None:
        raise Pointless
    act, with_account = asked.act, signing.signs_with_account(asked)
    own_link = settings.SITE_URL + reverse("signing:invitation", args=[minted.token])
    context = {
        **context_of(act),
        "reader": asked.signatory,
        "partner": None if with_account else asked.signatory.party.partner,
        "link": _page_of_account(asked) if with_account else own_link,
        "with_account": with_account,
        "reminder": "rappel" in params,
        "replaces": bool(minted.former_hash) and not with_account,
        "until": long_date(asked.expires_at) if asked.expires_at else "",
    }
    officer = act.convention.officer
    return [
        Letter(
            key=f"signataire:{asked.signatory_id}",
            to=address,
            subject=subject_of("Rappel, à signer" if "rappel" in params else "À signer", act),
            template="emails/invitation_a_signer",
            context=context,
            reply_to=officer.email if officer else "",
            renews=True,
            recall=lambda: invitations.recall(minted),
        )
    ]


def _page_of_account(asked: SignatureRequest) -> str:
    """The page of the act, behind the password and the second factor of who signs for OPT-NC."""
    page = reverse("signing:read", args=[asked.pk])
    return f"{settings.SITE_URL}{reverse('admin:second_factor')}?next={page}"


def code_de_signature(params: dict[str, Any]) -> list[Letter]:
    """Digits minted now, for the address of the signatory; a code that lapsed does not leave."""
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
    return [_code(asked.act, f"signataire:{asked.signatory_id}", address, digits)]


def code_de_remise(params: dict[str, Any]) -> list[Letter]:
    """Digits minted now, for the account of who receives equipment; a code that lapsed does not leave."""
    rows = HandoverCode.objects.select_related("handover__act__convention", "user")
    code = rows.filter(pk=int(params["handover_code"])).first()
    if code is None:
        raise Pointless
    if not code.user.email:
        raise Undeliverable("La personne qui a demandé ce code n’a plus d’adresse de courriel.")
    digits = handover_codes.mint(code.pk)
    if digits is None:
        raise Pointless
    named = f"{HANDOVER_WORDS.the} du {long_date(code.handover.handed_on)}, convention"
    key, act = f"utilisateur:{code.user_id}", code.handover.act
    return [_code(act, key, code.user.email, digits, act_name=named)]


def _code(act: Act, key: str, address: str, digits: str, **more: str) -> Letter:
    context = {
        **context_of(act),
        **more,
        "code": in_groups(digits),
        "minutes": settings.SIGNATURE_CODE_MINUTES,
    }
    return Letter(
        key=key,
        to=address,
        subject="Votre code pour signer",
        template="emails/code_de_signature",
        context=context,
        renews=True,
    )


def recu_de_signature(params: dict[str, Any]) -> list[Letter]:
    """To who has just signed online: when, and the text itself."""
    rows = SignatureAct.objects.select_related("document__act", "signatory__party__partner", "request")
    done = rows.filter(document=params["document"], signatory=params["signataire"]).first()
    if done is None or done.request is None or done.signed_at is None:
        raise Pointless
    address = signing.address_of(done.request)
    if not address:
        raise Undeliverable(NO_ADDRESS)
    act, at = act_of(params), timezone.localtime(done.signed_at)
    words, officer = act_words(act.kind), act.convention.officer
    is_ours = signing.signs_with_account(done.request)
    context = {
        **context_of(act),
        "reader": done.signatory,
        "partner": None if is_ours else done.signatory.party.partner,
        "heading": f"Vous avez signé {words.the}",
        "summary": "Le texte que vous avez signé est joint à ce message.",
        "paragraphs": [
            f"Vous avez signé {words.the} le {long_date(at.date())} à {at.hour}{NBSP}h{NBSP}{at:%M} "
            "(heure de Nouméa). Le texte que vous avez signé est joint à ce message : gardez-le.",
            *_annexed(done.document),
            f"Son empreinte SHA-256 est {done.document_sha256}.",
            "Quand toutes les parties auront signé, un autre message vous le dira. Si vous n’avez pas signé, "
            "prévenez l’OPT-NC sans attendre.",
        ],
        "button": "Suivre les signatures",
        "link": _where_it_is_followed(done.request),
        "why": "vous signez pour l’OPT-NC",
    }
    return [
        Letter(
            key=f"signataire:{done.signatory_id}",
            to=address,
            subject=subject_of("Votre signature", act),
            template=NOTE,
            context=context,
            reply_to=officer.email if officer else "",
            user=account_of(done.signatory),
            enclosed=done.document,
        )
    ]


def _annexed(document: Document) -> list[str]:
    """« Il contient une annexe de 3 pages, signée avec lui : « Plan de scène ». »; nothing without one."""
    found = annexes.frozen_in(document)
    if not found:
        return []
    pages = counted(sum(annex.page_count for annex in found), "page")
    titles = join_list([f"«{NBSP}{annex.title}{NBSP}»" for annex in found])
    what, signed = ("une annexe", "signée") if len(found) == 1 else (counted(len(found), "annexe"), "signées")
    return [
        f"Il contient {what} de {pages}{' au total' if len(found) > 1 else ''}, {signed} avec lui : {titles}."
    ]


def _where_it_is_followed(asked: SignatureRequest) -> str:
    """The page on which a signatory sees the others sign; empty for who has no account."""
    if signing.signs_with_account(asked):
        return _page_of_account(asked)
    if enters_space(asked.signatory):
        return settings.SITE_URL + reverse("portal:convention", args=[asked.act.convention.slug])
    return ""


def signature_suspendue(params: dict[str, Any]) -> list[Letter]:
    """To those who were told to sign: the text is going to change. Pointless once it is to sign again."""
    act = act_of(params)
    if act.state in FROZEN_AGAIN:
        raise Pointless
    words = act_words(act.kind)
    it = "la" if words.gender == "f" else "le"
    context = {
        "heading": "Le texte va changer",
        "summary": "Ne signez pas la version que vous avez.",
        "paragraphs": [
            f"L’OPT-NC reprend {words.the} que vous deviez signer, pour {it} corriger.",
            "Ne signez pas la version que vous avez. Vous recevrez un message quand le nouveau texte sera prêt.",
            "Si vous aviez déjà signé, votre signature ne compte plus : il faudra signer le nouveau texte.",
        ],
        "button": "Ouvrir mon espace",
        "link": settings.SITE_URL + reverse("portal:home"),
    }
    return _to_who_was_told(params, act, subject_of("Signature suspendue", act), context)


def signature_arretee(params: dict[str, Any]) -> list[Letter]:
    """To those who were told to sign: it will not be signed."""
    act = act_of(params)
    words = act_words(act.kind)
    the = f"{words.the[:1].upper()}{words.the[1:]}"
    why = {
        ActState.DECLINED: f"Une partie a refusé de signer {words.the}",
        ActState.CANCELLED: f"{the} est {words.agree('annulé')}",
        ActState.EXPIRED: "Le délai pour signer est passé, et des signatures manquent",
    }.get(ActState(act.state))
    if why is None:
        raise Pointless
    context = {
        "heading": f"{the} ne sera pas {words.agree('signé')}",
        "summary": "Il n’y a plus rien à signer.",
        "paragraphs": [
            f"{why} : il n’y a plus rien à signer.",
            "Si vous aviez déjà signé, vous n’avez rien à faire : cette signature ne suffit pas, "
            "il fallait celle de toutes les parties.",
        ],
        "button": "Ouvrir mon espace",
    }
    if "signataire" in params:
        who = act.signatories.get(pk=int(params["signataire"]))
        context |= {"quote_title": f"Le motif donné par {who}", "quote": act.end_reason}
    return _to_who_was_told(params, act, subject_of("Signature arrêtée", act), context)


def _to_who_was_told(params: dict[str, Any], act: Act, subject: str, context: dict[str, Any]) -> list[Letter]:
    """On paper, the partners' signatories; online, whoever was invited to sign or signed, OPT-NC's included."""
    if "document" not in params:
        return to_partners(act, NOTE, subject, context)
    told = Q(sent_at__isnull=False) | Q(act_of_signature__isnull=False)
    rows = SignatureRequest.objects.filter(told, document=int(params["document"])).select_related(
        "signatory__party__partner", "signatory__representative__user"
    )
    people = [(row, address) for row in rows.order_by("rank", "pk") if (address := signing.address_of(row))]
    if not people:
        raise Pointless
    return [_note(row, address, act, subject, context) for row, address in people]


def _note(asked: SignatureRequest, address: str, act: Act, subject: str, context: dict[str, Any]) -> Letter:
    person, officer = asked.signatory, act.convention.officer
    own: dict[str, Any]
    if signing.signs_with_account(asked):
        own = {
            "partner": None,
            "why": "vous signez pour l’OPT-NC",
            "button": "Voir ce texte",
            "link": _page_of_account(asked),
        }
    else:
        own = {"partner": person.party.partner} | ({} if enters_space(person) else {"link": ""})
    space = settings.SITE_URL + reverse("portal:convention", args=[act.convention.slug])
    return Letter(
        key=f"signataire:{person.pk}",
        to=address,
        subject=subject,
        template=NOTE,
        context={**context_of(act), "reader": person, "link": space, **context, **own},
        reply_to=officer.email if officer else "",
        user=account_of(person),
        is_staff=signing.signs_with_account(asked),
    )
