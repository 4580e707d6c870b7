"""The list of what left the inventory in a year, for accounting: what each device is, cost, and became."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from json import dumps
from typing import Any

from django.template.loader import render_to_string

from conventions.domain.documents.rendering.engine import RenderedPdf, write
from conventions.domain.documents.rendering.letterhead import heading, identity
from conventions.domain.documents.rendering.text import Column, Table, cell, compose, money_foot, short_date
from conventions.formats import counted, long_date, show_amount, tally

KICKER = "Sorties de l’inventaire"
COLUMNS = (
    Column(label="N°", css="w-rank"),
    Column(label="Nature, marque et modèle"),
    Column(label="N° de série", css="w-serial"),
    Column(label="Inventaire", css="w-tag"),
    Column(label="Achat", css="w-year"),
    Column(label="Sorti le", css="w-tag"),
    Column(label="Motif"),
    Column(label="Valeur", css="w-value number"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffLine:
    """One device that left: `amount` in whole XPF with its `status`; `bought`, `why` in words, empty when unknown."""

    name: str
    serial: str
    tag: str
    bought: str
    amount: int | None
    status: str
    left_on: date | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffContext:
    """The list of one year, as it stood on `made_on`."""

    year: int
    made_on: date
    lines: tuple[WriteOffLine, ...]


def page(ctx: WriteOffContext) -> dict[str, Any]:
    """The template context of the list."""
    title = f"Matériel sorti en {ctx.year}"
    return {
        "doc": {
            **heading(title, KICKER, ""),
            **identity(on=ctx.made_on),
            "running": compose(f"{KICKER} · {ctx.year} · établie le {long_date(ctx.made_on)}"),
            "description": compose(f"{KICKER} : {title}"),
        },
        "statement": compose(
            f"{counted(len(ctx.lines), 'appareil sorti', 'appareils sortis')} de l’inventaire en {ctx.year}. "
            f"Liste établie le {long_date(ctx.made_on)}."
        ),
        "table": _table(ctx.lines),
    }


def _table(lines: tuple[WriteOffLine, ...]) -> Table:
    rows = tuple(
        (
            cell(str(rank)),
            cell(line.name),
            cell(line.serial),
            cell(line.tag),
            cell(line.bought or "non précisé"),
            cell(short_date(line.left_on)),
            cell(line.why or "non précisé"),
            cell(show_amount(line.amount, line.status)),
        )
        for rank, line in enumerate(lines, start=1)
    )
    total = tally((line.amount, line.status) for line in lines)
    return Table(caption=KICKER, columns=COLUMNS, rows=rows, foot=money_foot(total))


def render_write_offs(ctx: WriteOffContext) -> RenderedPdf:
    """The list as a PDF, with its rows inside as data."""
    data = dumps(asdict(ctx), ensure_ascii=False, default=str, sort_keys=True).encode()
    attachment = ("sorties.json", "Données du document", data)
    return write(render_to_string("pdf/write_offs.html", page(ctx)), draft=False, attachment=attachment)
