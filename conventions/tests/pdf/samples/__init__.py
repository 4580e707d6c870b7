"""Contexts to print in tests, as the product assembled them from rows: invented names say « fictif », real facts are
published ones.

`python -m conventions.tests.files.kept` writes them; a test changes one by the fields it names, as rows could.
"""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conventions.domain.documents import merge_fields, promises
from conventions.domain.documents.context import ClauseContext, from_snapshot
from conventions.reference.clauses import propose

if TYPE_CHECKING:
    from conventions.domain.documents.context import (
        AgreementContext,
        AttestationContext,
        EquipmentContext,
        HandoverContext,
        LetterContext,
        PressReleaseContext,
        PublicSheetContext,
    )

FOLDER = Path(__file__).parent / "kept"


@functools.cache
def kept(name: str) -> Any:
    """The context of this name, as rows gave it."""
    return from_snapshot(json.loads((FOLDER / f"{name}.json").read_text()))


OPT, ASSOCIATION, COMMITTEE, TOWN = kept("quatre-parties").parties


def equipment(count: int = 10) -> tuple[EquipmentContext, ...]:
    """The first of a hundred retired devices; one line in five has no known value."""
    return kept("quatre-parties").equipment[:count]


def with_clauses(ctx: AgreementContext) -> AgreementContext:
    """The context with the default clauses that its own facts call for."""
    texts = propose(ctx.kind, ctx.act_kind, promises.facts(ctx))
    clauses = tuple(
        ClauseContext(
            code=t.code, heading=t.heading, body=merge_fields.resolve(t.body, ctx), variant=t.variant
        )
        for t in texts
    )
    return replace(ctx, clauses=clauses)


def bare_agreement(**changes: Any) -> AgreementContext:
    """A fictitious partnership without its clauses."""
    return replace(kept("convention"), **{"clauses": ()} | changes)


def agreement(**changes: Any) -> AgreementContext:
    """A fictitious partnership with the clauses that its facts call for."""
    return with_clauses(bare_agreement(**changes))


def amendment(**changes: Any) -> AgreementContext:
    """Amendment 1, which adds a year of funding."""
    return with_clauses(replace(kept("avenant"), **changes))


def termination(**changes: Any) -> AgreementContext:
    """A termination by mutual agreement."""
    return with_clauses(replace(kept("resiliation"), **changes))


def handover(**changes: Any) -> HandoverContext:
    """Ten items, three of which bear no data."""
    return replace(kept("proces-verbal"), **changes)


def attestation(**changes: Any) -> AttestationContext:
    """The same partnership signed online by its three signatories; code, key and bytes are fixed ones."""
    return replace(kept("attestation"), **changes)


def kimonos(**changes: Any) -> PublicSheetContext:
    """The published facts of the reference case: the amount was not published."""
    return replace(kept("reconstitution"), **changes)


def public_sheet(**changes: Any) -> PublicSheetContext:
    """The public version of the fictitious partnership: one figure may be read, one may not."""
    return replace(kept("version-publique"), **changes)


def press_release(**changes: Any) -> PressReleaseContext:
    """A release on the reference case, from its published facts."""
    return replace(kept("communique"), **changes)


def ceremony_release(**changes: Any) -> PressReleaseContext:
    """One release for the conventions of one ceremony."""
    return replace(kept("ceremonie"), **changes)


def letter(kind: str = "mise_en_demeure", **changes: Any) -> LetterContext:
    """A formal letter of OPT-NC, or the model of a receipt (`enums.LetterKind`)."""
    return replace(kept(f"courrier-{kind.replace('_', '-')}"), **changes)
