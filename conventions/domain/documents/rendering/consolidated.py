"""The text in force, for information: articles and lines with the act each comes from, the acts that made it."""

from __future__ import annotations

from typing import Any

from conventions.domain.documents.context import ConsolidatedContext, ConsolidatedLineContext
from conventions.domain.documents.merge_fields import show_partial
from conventions.domain.documents.rendering import agreement
from conventions.domain.documents.rendering.letterhead import identity, named, running_title
from conventions.domain.documents.rendering.text import Column, Table, cell, compose, short_date
from conventions.enums import ActOrigin
from conventions.formats import capitalise

NOTICE = (
    "Ce document réunit, pour information, ce que disent ensemble les actes signés. Il n’a pas de valeur juridique : "
    "seuls les actes signés font foi."
)
OF_REPRISE = (
    " La convention a été signée sur papier avant l’application : ses articles ne sont pas reproduits ici, seuls les "
    "faits établis et les actes suivants le sont."
)


def page(ctx: ConsolidatedContext) -> dict[str, Any]:
    """The template context of the text in force."""
    base = agreement.page(ctx.agreement)
    heading = f"Version consolidée au {short_date(ctx.on)} – document d’information"
    origins = [compose(_origin(text)) for text in ctx.origins]
    articles = [
        article | {"origin": origin} for article, origin in zip(base["articles"], origins, strict=True)
    ]
    doc = base["doc"] | {
        "kicker": compose(heading),
        "name": named(heading, ctx.agreement.title),
        **identity(reference=ctx.agreement.reference, on=ctx.on),
        "band": compose(heading),
        "draft": False,
        "amends": "",
        "running": compose(f"{heading} · {running_title(ctx.agreement.title)}"),
    }
    return {
        "doc": doc,
        "notice": compose(NOTICE + OF_REPRISE if ctx.agreement.origin == ActOrigin.REPRISE else NOTICE),
        "acts": _acts(ctx),
        "duration": compose(_duration(ctx)),
        "parties": base["parties"],
        "articles": articles,
        "left_over": base["left_over"],
        "lines": _lines(ctx.lines),
        "annexes": base["annexes"],
        "equipment": base["equipment"],
    }


def _origin(text: str) -> str:
    return f"Article issu de l’{text}" if text else ""


def _duration(ctx: ConsolidatedContext) -> str:
    ends = next((act.ends_on for act in ctx.acts if act.ends_on), None)
    told = f"Durée : {ctx.duration}." if ctx.duration else ""
    return f"{told} Résiliation : elle prend effet le {short_date(ends)}.".strip() if ends else told


def _acts(ctx: ConsolidatedContext) -> Table:
    columns = (
        Column(label="Acte", css="w-third"),
        Column(label="Date de signature"),
        Column(label="Ce qu’il change"),
    )
    rows = tuple(
        (cell(capitalise(act.name)), cell(show_partial(act.signed_on)), cell(act.told)) for act in ctx.acts
    )
    return Table(caption="Actes signés pris en compte", columns=columns, rows=rows)


def _lines(lines: tuple[ConsolidatedLineContext, ...]) -> Table | None:
    if not lines:
        return None
    columns = (
        Column(label="Rubrique", css="w-third"),
        Column(label="Ligne"),
        Column(label="Vient de", css="w-third"),
    )
    rows = tuple((cell(line.table), cell(line.text), cell(capitalise(line.origin))) for line in lines)
    return Table(caption="Lignes en vigueur, et l’acte dont chacune vient", columns=columns, rows=rows)
