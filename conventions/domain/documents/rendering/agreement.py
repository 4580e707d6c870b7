"""What an agreement prints, from its context: parties, articles, tables, signature boxes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from conventions.domain.documents.context import (
    AgreementContext,
    PartyContext,
)
from conventions.domain.documents.merge_fields import FIELD, signed_phrase
from conventions.domain.documents.promises import left_over
from conventions.domain.documents.rendering import project
from conventions.domain.documents.rendering.annexes import equipment_table
from conventions.domain.documents.rendering.blocks import BLOCKS
from conventions.domain.documents.rendering.letterhead import (
    boxes_by_party,
    heading,
    identity,
    keep_with_boxes,
    named,
    running_title,
)
from conventions.domain.documents.rendering.sentences import EACH_SIGNS
from conventions.domain.documents.rendering.text import (
    compose,
    full_name,
    name_and_title,
    paragraphs,
)
from conventions.domain.documents.rendering.verify import running_code
from conventions.enums import ActKind, SigningPath
from conventions.formats import (
    Agreement,
    act_words,
    capitalise,
    day_and_month,
    elide,
    join_list,
    party_labels,
)
from conventions.reference.clauses import CLOSING


def page(ctx: AgreementContext, logos: Mapping[str, bytes] | None = None) -> dict[str, Any]:
    """The template context of an agreement, an amendment or a termination; `logos` ({hash: PNG}): those to print."""
    articles, closing = _articles(ctx)
    attendees = _attendees(ctx)
    signatures = _signatures(ctx)
    below = [attendees, *(block["text"] for block in closing if block["kind"] == "text")]
    keep_with_boxes(articles, below)
    return {
        "doc": _heading(ctx, logos),
        "parties": _parties(ctx),
        "visas": [compose(capitalise(text)) for text in ctx.visas],
        "recitals": [compose(text) for text in ctx.recitals],
        "articles": articles,
        "closing": closing,
        "signatures": signatures,
        "attendees": attendees,
        "left_over": [
            {"heading": compose(heading), "blocks": BLOCKS[name](ctx)} for name, heading in left_over(ctx)
        ],
        "equipment": equipment_table(ctx.equipment) if ctx.equipment else None,
        "annexes": project.annexes(ctx),
        "between": compose("Parties à la convention :" if ctx.ended_by else "Entre les soussignés :"),
        "agreed": compose(
            f"{capitalise(ctx.ended_by)} décide ce qui suit :"
            if ctx.ended_by
            else "Il a été convenu ce qui suit :"
        ),
        "online": ctx.path == SigningPath.ONLINE,
    }


def _heading(ctx: AgreementContext, logos: Mapping[str, bytes] | None) -> dict[str, Any]:
    kicker = ctx.kind_label
    if ctx.act_kind == ActKind.AMENDMENT:
        kicker = f"Avenant n° {ctx.act_number}" if ctx.act_number else "Avenant"
    elif ctx.act_kind == ActKind.TERMINATION:
        kicker = "Résiliation"
    apart = "· " if kicker[-1].isdigit() else ""
    number = f"{apart}n° {ctx.reference}" if ctx.reference else ""
    return heading(ctx.title, kicker, number, ctx.parties, logos) | {
        "reference": "" if ctx.reference else compose("Numéro attribué lorsque le texte est figé"),
        "amends": compose(_amends(ctx)),
        "draft": ctx.is_draft,
        "running": _running(ctx, kicker),
        "description": compose(ctx.object or ctx.title),
        "name": _name(ctx, kicker, number),
        **identity(code=ctx.code, reference=ctx.reference, on=ctx.made_on or ctx.signed_on),
    }


def _name(ctx: AgreementContext, kicker: str, number: str) -> str:
    """« Avenant n° 1 à la convention n° 2026-042 « Dojo solidaire », signée le … », « Résiliation de la … »."""
    if ctx.amends is None:
        return named(f"{kicker} {number}".strip(), ctx.title)
    return compose(f"{kicker} {_amends(ctx)}")


def _amends(ctx: AgreementContext) -> str:
    """« à la convention n° … » of an amendment, « de la convention n° … » of a termination; empty of the first act."""
    if ctx.amends is None:
        return ""
    number = f" n° {ctx.amends.reference}" if ctx.amends.reference else ""
    signed = signed_phrase(ctx.amends)
    preposition = "de" if ctx.act_kind == ActKind.TERMINATION else "à"
    return f"{preposition} la convention{number} « {ctx.amends.title} »{f', {signed}' if signed else ''}"


def _running(ctx: AgreementContext, kicker: str) -> str:
    """The footer: « Brouillon », reference, verification code, then the title, which alone may wrap."""
    mark = "Brouillon" if ctx.is_draft else ""
    code = running_code(ctx.code)
    return compose(
        " · ".join(part for part in (mark, kicker, ctx.reference, code, running_title(ctx.title)) if part)
    )


def _parties(ctx: AgreementContext) -> list[dict[str, Any]]:
    several = len(ctx.parties) > 1
    labels = party_labels(len(ctx.parties)) if several else [""]
    last = len(ctx.parties) - 1
    return [
        _party(party, label + ("." if index == last else ",") if label else "")
        for index, (party, label) in enumerate(zip(ctx.parties, labels, strict=True))
    ]


def _party(party: PartyContext, label: str) -> dict[str, Any]:
    agreement = Agreement("f" if party.gender == "f" else "m", many=party.plural)
    people = sorted(party.signatories, key=lambda person: person.order)
    represented = join_list(
        [", ".join(part for part in (full_name(p), p.title, p.capacity) if part) for p in people]
    )
    return {
        "name": compose(party.name),
        "presentation": compose(party.presentation),
        "lines": [
            compose(line) for line in (" · ".join(party.identifiers), _seat(party), _year_end(party)) if line
        ],
        "represented": compose(f"{agreement.represented} par {represented}") if represented else "",
        "named": compose(f"ci-après {agreement.named} « {party.short_name} »"),
        "label": label,
    }


def _seat(party: PartyContext) -> str:
    return f"dont le siège est : {', '.join(party.address)}" if party.address else ""


def _year_end(party: PartyContext) -> str:
    """The day that ends its accounting year, where it is known: reports are due from it."""
    if party.year_end_day is None or party.year_end_month is None:
        return ""
    return f"exercice comptable clos le {day_and_month(party.year_end_day, party.year_end_month)} de chaque année"


def _articles(ctx: AgreementContext) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Numbered articles, and the closing formula which bears no number."""
    numbers, articles, closing = count(1), [], []
    for clause in ctx.clauses:
        blocks = _blocks(clause.body, ctx)
        if clause.code == CLOSING:
            closing = blocks
        else:
            heading = compose(clause.heading)
            articles.append({"number": clause.number or next(numbers), "heading": heading, "blocks": blocks})
    return articles, closing


def headings(ctx: AgreementContext) -> list[tuple[int, str]]:
    """(number, heading) of the articles as they are printed; the closing formula bears none."""
    titles = [clause.heading for clause in ctx.clauses if clause.code != CLOSING]
    return [(number, compose(title)) for number, title in enumerate(titles, start=1)]


def _blocks(body: str, ctx: AgreementContext) -> list[dict[str, Any]]:
    blocks = []
    for block in paragraphs(body):
        name = FIELD.fullmatch(block.get("text", ""))
        blocks += BLOCKS[name[1]](ctx) if name and name[1] in BLOCKS else [block]
    return blocks


def _signatures(ctx: AgreementContext) -> dict[str, Any]:
    """Party by party, one box per signatory in signing order; an empty one when nobody is named."""
    signing = [party for party in ctx.parties if ctx.ended_by in ("", party.short_name)]
    found = boxes_by_party(
        (f"Pour {party.short_name}", sorted(party.signatories, key=lambda person: person.order))
        for party in signing
    )
    return found | {"recall": _recall(ctx, signing) if found["is_crowded"] else []}


FEW = 4  # parties, each on a line of its own


def _recall(ctx: AgreementContext, signing: list[PartyContext]) -> list[str]:
    """What stands above the boxes on each of their pages, when they may take several: never boxes alone."""
    number = f" n° {ctx.reference}" if ctx.reference else ""
    names = [f"{party.name}, ci-après « {party.short_name} »" for party in signing]
    return [
        compose(f"Parties {act_words(ctx.act_kind).to}{number} « {ctx.title} » :"),
        *(
            compose(f"{name}{'.' if rank == len(names) else ' ;'}")
            for rank, name in enumerate(names[:FEW], 1)
        ),
        *([compose(f"{' ; '.join(names[FEW:])}.")] if names[FEW:] else []),
        compose(EACH_SIGNS),
    ]


def field_labels(page: dict[str, Any]) -> list[str]:
    """What each signature field is for, in the order of the boxes; one without a rank is signed in ink only."""
    labels = []
    for group in page["signatures"]["groups"]:
        for box in (row for row in group["boxes"] if row["rank"]):
            who = ", ".join(part for part in (box["name"], box["title"]) if part)
            labels.append(
                f"Signature {elide('de', who)} – {group['party']}" if who else f"Signature – {group['party']}"
            )
    return labels


def _attendees(ctx: AgreementContext) -> str:
    present = " ; ".join(name_and_title(person) for person in ctx.attendees)
    return compose(f"En présence {elide('de', present)}.") if present else ""
