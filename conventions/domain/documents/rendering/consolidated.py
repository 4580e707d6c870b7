"""The text in force, for information: articles and lines with the later act each comes from, the acts that made it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conventions.domain.documents.context import ConsolidatedContext
from conventions.domain.documents.durations import term_of
from conventions.domain.documents.merge_fields import show_partial
from conventions.domain.documents.rendering import agreement
from conventions.domain.documents.rendering.annexes import files_table
from conventions.domain.documents.rendering.letterhead import identity, named, running_title
from conventions.domain.documents.rendering.text import Column, Table, came_from, cell, compose, short_date
from conventions.enums import ActOrigin
from conventions.formats import capitalise, show_moment

NOTICE = (
    "Ce document réunit, pour information, ce que disent ensemble les actes signés. Il n’a pas de valeur juridique : "
    "seuls les actes signés font foi."
)
OF_REPRISE = (
    " La convention a été signée sur papier avant l’application : ses articles ne sont pas reproduits ici, seuls les "
    "faits établis et les actes suivants le sont."
)


def page(ctx: ConsolidatedContext, logos: Mapping[str, bytes] | None = None) -> dict[str, Any]:
    """The template context of the text in force; `logos` ({hash: PNG}): those to print."""
    base = agreement.page(ctx.agreement, logos)
    heading = f"Version consolidée au {short_date(ctx.on)} – document d’information"
    origins = [compose(f"Article {came_from(text)}" if text else "") for text in ctx.origins]
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
        "annexes": base["annexes"],
        "equipment": base["equipment"],
        "removed": _removed(ctx),
        "files": _files(ctx),
    }


def _duration(ctx: ConsolidatedContext) -> str:
    """The periods with the act of the last one, what none covers, the end."""
    origin = came_from(ctx.duration_from)
    told = (
        f"Durée : {ctx.duration}{f' (dernière période : {origin})' if origin else ''}."
        if ctx.duration
        else ""
    )
    gaps = [f"{capitalise(gap)}, aucune période ne court." for gap in ctx.gaps]
    ended = next((act.ends_on for act in ctx.acts if act.ends_on), None)
    end = term_of(ctx.agreement.term).end
    if ended:
        last = f"Résiliation : elle prend effet le {short_date(ended)}."
    else:
        last = f"Fin de la convention : {show_moment(end)}." if end else ""
    return " ".join(part for part in (told, *gaps, last) if part)


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


def _removed(ctx: ConsolidatedContext) -> Table | None:
    """The lines that an act removed: nothing in force says them any more."""
    rows = tuple(
        (cell(change.label), cell(change.before), cell(capitalise(act.name)))
        for act in ctx.acts
        for change in act.removed
    )
    columns = (
        Column(label="Nature", css="w-date"),
        Column(label="Ce que disait la ligne"),
        Column(label="Supprimée par", css="w-third"),
    )
    return Table(caption="Lignes supprimées", columns=columns, rows=rows) if rows else None


def _files(ctx: ConsolidatedContext) -> list[Table]:
    """The received annexes of each later act; those of the first one stand in its own article."""
    return [
        files_table(act.files, compose(f"{capitalise(act.name)} : annexes jointes"))
        for act in ctx.acts
        if act.files
    ]
