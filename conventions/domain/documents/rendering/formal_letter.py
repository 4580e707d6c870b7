"""What a formal letter prints, from its context: a letter of OPT-NC, or the model of a receipt of an association."""

from __future__ import annotations

from typing import Any

from conventions.domain.documents.context import LetterContext, PartyContext
from conventions.domain.documents.merge_fields import BLANK_DATE
from conventions.domain.documents.rendering.letterhead import (
    boxes_by_party,
    heading,
    identity,
    keep_with_boxes,
)
from conventions.domain.documents.rendering.text import compose, name_and_title, paragraphs
from conventions.domain.documents.rendering.verify import running_code, verify_block
from conventions.enums import LetterKind, PartyRole
from conventions.formats import contract, elide, long_date

KICKERS = {LetterKind.RECEIPT: "Modèle à compléter par le bénéficiaire"}
MODEL = (
    "Ce modèle est préparé par l’OPT-NC avec ce que son dossier sait. Le bénéficiaire le complète, le vérifie, le "
    "délivre et le signe : il n’est un reçu qu’à partir de là."
)


def page(ctx: LetterContext) -> dict[str, Any]:
    """The template context of a letter."""
    blocks = paragraphs(ctx.body)
    below = [_made_at(ctx)]
    keep_with_boxes([{"blocks": blocks}], below)
    is_ours = ctx.sender.role == PartyRole.OPT
    kicker = KICKERS.get(LetterKind(ctx.kind), "Courrier")
    running = (f"Courrier n° {ctx.number}", running_code(ctx.code), ctx.title)
    top = heading(ctx.title, kicker, f"n° {ctx.number}", (ctx.sender,))
    return {
        "doc": top
        | ({} if is_ours else {"office": _own_head(ctx.sender)})
        | {
            "reference": compose(f"{ctx.agreement_reference} · {ctx.agreement_title}".strip(" ·")),
            "draft": ctx.is_draft,
            **identity(code=ctx.code, reference=ctx.number, on=ctx.written_on),
            "running": compose(" · ".join(part for part in running if part)),
            "description": compose(ctx.title),
            "verify": verify_block(ctx.code, ctx.address),
        },
        "to": [compose(line) for line in _addressee(ctx.addressee)] if is_ours else [],
        "note": "" if is_ours else compose(MODEL),
        "blocks": blocks,
        "closing": compose(below[0]),
        "signatures": boxes_by_party(
            (f"Pour {party.short_name}", party.signatories)
            for party in (ctx.sender, *(() if is_ours else (ctx.addressee,)))
        ),
    }


def _own_head(party: PartyContext) -> dict[str, Any]:
    """The head of a paper that is not OPT-NC's: its name and what is known of its coordinates."""
    lines = [", ".join(party.address), " · ".join(party.identifiers)]
    head = {"mark": compose(party.name), "name": "", "is_own": True}
    return head | {"lines": [compose(line) for line in lines if line]}


def _addressee(party: PartyContext) -> list[str]:
    people = [f"À l’attention {elide('de', name_and_title(person))}" for person in party.signatories[:1]]
    return [party.name, *people, *party.address]


def _made_at(ctx: LetterContext) -> str:
    place = contract("à", ctx.place or "……………………")
    on = long_date(ctx.written_on) if ctx.written_on else BLANK_DATE
    return f"Fait {place}, le {on}."
