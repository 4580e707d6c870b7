"""An act is signed by all: each is told, with what comes next for them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from conventions.domain.documents import storage
from conventions.domain.mails.act_letters import (
    NOTE,
    act_of,
    context_of,
    in_charge_of_act,
    subject_of,
    to_partners,
    to_staff,
    with_roles,
)
from conventions.domain.mails.letter import Letter, Pointless, Undeliverable
from conventions.enums import ActKind, ActState, PartyRole, Role
from conventions.formats import (
    NBSP,
    act_words,
    as_phrase,
    capitalise,
    long_date,
    plural,
    show_code,
    show_number,
    show_xpf,
)
from conventions.models import Act, EquipmentTerm, InstalmentTerm, Obligation, Representative, Signatory, User

FIRST = 6  # lines of one kind; the others are in the file


def convention_signee(params: dict[str, Any]) -> list[Letter]:
    act = act_of(params)
    ours = _duties(act, Q(party__role=PartyRole.BENEFICIARY))
    code = storage.verification_codes([act]).get(act.pk, "")
    context = {
        "signed_on": act.signed_on,
        "next": [*_equipment(act), *ours],
        "code": show_code(code) if code else "",
        "verify_url": settings.SITE_URL + reverse("public:verify"),
        "signed_alone": _alone(act),
    }
    if act.is_unilateral:
        return _to_representatives(act, context)
    return to_partners(act, "emails/convention_signee", _subject(act), context)


def acte_signe(params: dict[str, Any]) -> list[Letter]:
    """To who is in charge, who signed for OPT-NC, and those who will pay or hand over: what comes next."""
    act = act_of(params)
    if act.state != ActState.SIGNED:
        raise Pointless
    words = act_words(act.kind)
    payments, equipment = list(_payments(act)), list(_equipment(act))
    people = [*in_charge_of_act(act), *_signers(act)]
    people += with_roles(Role.ACCOUNTANT) if payments else []
    people += with_roles(Role.LOGISTICS) if equipment else []
    context = {
        "heading": f"{words.the[:1].upper()}{words.the[1:]} est {words.agree('signé')}",
        "summary": "Ce qui vient ensuite.",
        "paragraphs": [_alone(act) or f"Toutes les parties ont signé{_on(act.signed_on)}."],
        "quote_title": "Ce qui vient ensuite",
        "quote": "\n".join([*payments, *equipment, *_duties(act)]) or _nothing(act),
        "button": "Ouvrir le dossier",
        "why": "ce dossier est le vôtre, vous avez signé pour l’OPT-NC, ou vous paierez ou remettrez ce qu’il promet",
    }
    return to_staff({user.pk: user for user in people}.values(), act, NOTE, _subject(act), context)


def convention_a_publier(params: dict[str, Any]) -> list[Letter]:
    """To the communication: nothing is published of a termination."""
    act = act_of(params)
    if act.kind == ActKind.TERMINATION:
        raise Pointless
    context = {
        "heading": "Une convention est signée",
        "summary": "Sa page publique peut être préparée.",
        "paragraphs": ["Toutes les parties ont signé. La page publique peut être préparée et publiée."],
        "button": "Ouvrir le dossier",
        "why": "vous faites partie de la communication dans OPT Partenariats",
    }
    return to_staff(with_roles(Role.COMMUNICATION), act, NOTE, subject_of("À publier", act), context)


def _subject(act: Act) -> str:
    return subject_of(act_words(act.kind).agree("signé").capitalize(), act)


def _on(day: datetime.date | None) -> str:
    return f", le {long_date(day)}" if day else ""


def _alone(act: Act) -> str:
    """« L’OPT-NC a décidé et signé seule cette résiliation, le 3 mars 2027. Elle prend effet le 1er mai 2027. »"""
    if not act.is_unilateral or act.ended_by is None:
        return ""
    who = act.ended_by.partner.short_name
    who = capitalise("l’OPT-NC" if act.ended_by.role == PartyRole.OPT else who)
    effect = f" Elle prend effet le {long_date(act.effective_on)}." if act.effective_on else ""
    return f"{who} a décidé et signé seule cette résiliation{_on(act.signed_on)}.{effect}"


def _to_representatives(act: Act, context: dict[str, Any]) -> list[Letter]:
    """To who represents each partner today, since the partners do not sign what another party decides alone."""
    parties = act.convention.parties.exclude(role=PartyRole.OPT)
    rows = Representative.objects.in_office().filter(partner__in=parties.values("partner"), reads_only=False)
    officer = act.convention.officer
    page = settings.SITE_URL + reverse("portal:convention", args=[act.convention.slug])
    found = [
        Letter(
            key=f"representant:{person.pk}",
            to=address,
            subject=_subject(act),
            template="emails/convention_signee",
            context={
                **context_of(act),
                "reader": person,
                "partner": person.partner,
                "link": page if person.user and person.user.is_active else "",
                **context,
            },
            reply_to=officer.email if officer else "",
            user=person.user_id,
        )
        for person in rows.select_related("user", "partner").order_by("partner", "position", "pk")
        if (address := (person.user.email if person.user else "") or person.email)
    ]
    if not found:
        raise Undeliverable(
            "Aucun représentant du partenaire n’a d’adresse de courriel. Ajoutez-la à sa fiche."
        )
    return found


def _nothing(act: Act) -> str:
    if act.kind == ActKind.TERMINATION:
        return "Rien n’est plus attendu au titre de cet acte. Clôturez la convention quand tout est soldé."
    return "Cet acte ne prévoit ni versement, ni matériel à remettre, ni échéance."


def _signers(act: Act) -> list[User]:
    """OPT-NC's signatories who have an account."""
    signed = Signatory.objects.filter(act=act, party__role=PartyRole.OPT)
    rows = User.objects.filter(is_active=True, pk__in=signed.values("representative__user"))
    return list(rows.order_by("pk"))


def _payments(act: Act) -> Iterator[str]:
    rows = InstalmentTerm.objects.filter(act=act, removed=False).order_by("position", "pk")
    for row in rows[:FIRST]:
        money = (
            show_xpf(row.amount) if row.amount is not None else f"{row.percent}{NBSP}%" if row.percent else ""
        )
        yield _line("À verser", as_phrase(row.label), money, row.due)
    yield from _others(rows.count(), "versement")


def _equipment(act: Act) -> Iterator[str]:
    rows = EquipmentTerm.objects.filter(act=act, removed=False).order_by("position", "pk")
    for row in rows[:FIRST]:
        number = "quantité à préciser" if row.quantity is None else show_number(row.quantity)
        yield _line("À remettre", f"{number}{NBSP}× {row}" if row.quantity != 1 else str(row), row.pickup)
    yield from _others(rows.count(), "ligne de matériel", "lignes de matériel")


def _duties(act: Act, of: Q | None = None) -> Iterator[str]:
    """Those that have a date, the nearest first."""
    rows = Obligation.objects.filter(of or Q(), act=act, removed=False, due_on__isnull=False)
    rows = rows.select_related("party__partner").order_by("due_on", "position", "pk")
    for row in rows[:FIRST]:
        who = row.party.partner.short_name if row.party and of is None else ""
        yield _line("Attendu", str(row.get_kind_display()).lower(), who, row.due)
    yield from _others(rows.count(), "échéance")


def _line(what: str, *words: str) -> str:
    """« À verser : premier versement, 500 000 F CFP, au plus tard le 30 juin 2027 »."""
    return f"{what}{NBSP}: {', '.join(word for word in words if word)}."


def _others(count: int, one: str, many: str | None = None) -> Iterator[str]:
    if count > FIRST:
        others = count - FIRST
        told = plural(others, f"autre {one}", f"autres {many or one + 's'}")
        yield f"Et {show_number(others)}{NBSP}{told}."
