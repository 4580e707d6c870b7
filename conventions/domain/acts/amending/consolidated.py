"""The text in force: the initial text as the signed acts changed it, each line with the act it comes from.

For information: only the signed acts count. Nothing is stored.
"""

import datetime
from dataclasses import replace as with_values
from typing import Any
from uuid import UUID

from django.utils import timezone

from conventions.domain.acts.amending.overview import lines_in_force
from conventions.domain.acts.content import assembling, changes, loading
from conventions.domain.acts.content.articles import articles_of
from conventions.domain.acts.content.line_contexts import FIELDS
from conventions.domain.documents.context import (
    AgreementContext,
    ClauseContext,
    ConsolidatedActContext,
    ConsolidatedContext,
)
from conventions.enums import ActKind, ActState
from conventions.formats import act_words
from conventions.models import Act, Clause, Convention, Party

LAST = datetime.date.max


def consolidated(convention: Convention, *, on: datetime.date | None = None) -> ConsolidatedContext:
    """The text in force with, for each article and line, the signed act it comes from.

    A constant number of queries. Raises Act.DoesNotExist for a convention that is not signed.
    """
    acts = list(convention.acts.signed().order_by("rank").prefetch_related("annexes"))
    if not acts or acts[0].rank:
        raise Act.DoesNotExist("Cette convention n’est pas signée.")
    rows = lines_in_force(convention)
    articles, numbers = _articles(convention, rows[Clause])
    told = changes.changes_by_act(acts)
    return ConsolidatedContext(
        on=on or timezone.localdate(),
        agreement=_agreement(convention, acts, rows, articles, numbers),
        duration=changes.whole_term(acts),
        duration_from=_later(next((act for act in reversed(acts) if act.term_kind), acts[0])),
        gaps=changes.gaps(acts),
        acts=tuple(_act(act, told.get(act.pk, ())) for act in acts),
        origins=tuple("" if row.removed else _later(row.act) for row in articles),
    )


def has_text(acts: list[Act]) -> bool:
    """Whether a convention, of these acts in order, has a text to read: of a reprise alone there are only facts."""
    signed = [act for act in acts if act.state == ActState.SIGNED]
    return acts[0] in signed and (not acts[0].is_reprise or len(signed) > 1)


def _agreement(
    convention: Convention, acts: list[Act], rows: dict, found: list[Clause], numbers: dict[UUID, str]
) -> AgreementContext:
    first = loading.loaded(acts[0])
    base = assembling.agreement_context(first, is_draft=False, row=first)
    last = next((act for act in reversed(acts) if act.term_kind), acts[0])
    # It took effect once: an extension after a gap does not move its first day.
    term = assembling.term_context(last)
    term = with_values(term, start=base.term.start or term.start)
    parties = list(
        convention.parties.select_related("partner__commune", "partner__logo", "joined_by")
    )  # of drafts too: their lines are not in force
    named = (*base.parties, *assembling.joined(parties, first))
    bare = with_values(base, parties=named, term=term, **_lines(parties, rows))
    dated = sorted(
        bare.instalments, key=lambda line: (line.due is None, line.due.value if line.due else LAST)
    )
    bare = with_values(
        bare, instalments=tuple(with_values(line, order=rank) for rank, line in enumerate(dated, start=1))
    )
    articles = tuple(
        ClauseContext(
            code=row.code,
            heading=row.heading,
            body=f"Supprimé par l’{act_name(row.act)}."
            if row.removed
            else assembling.resolve_draft(row.body, bare),
            changed=bool(row.act.rank),
            number=numbers.get(row.line, ""),
        )
        for row in found
    )
    return with_values(bare, clauses=articles)


def _articles(convention: Convention, in_force: list[Clause]) -> tuple[list[Clause], dict[UUID, str]]:
    """The articles in force and those that an amendment removed, in order; their numbers, as amendments cite them."""
    by_act: dict[int, list[Clause]] = {}
    signed = Clause.objects.of_convention().filter(act__convention=convention, act__state=ActState.SIGNED)
    for row in signed.select_related("act"):
        by_act.setdefault(row.act.rank, []).append(row)
    numbers = articles_of(by_act.pop(0, []), *(found for _rank, found in sorted(by_act.items()))).numbers
    gone = [row for found in by_act.values() for row in found if row.removed and row.line in numbers]
    return sorted([*in_force, *gone], key=lambda row: (row.position, row.pk)), numbers


def act_name(act: Act) -> str:
    """« convention n° 2026-014 », « avenant n° 2026-014-A1 », « résiliation »."""
    noun = act_words(act.kind).noun
    return f"{noun} n° {act.reference}" if act.reference else noun


def _act(act: Act, told: tuple) -> ConsolidatedActContext:
    ends = act.effective_on if act.kind == ActKind.TERMINATION else None
    return ConsolidatedActContext(
        name=act_name(act),
        signed_on=assembling.partial(act.signed_on, act.signed_on_precision, act.signed_on_wording),
        told=changes.sentence(act, told),
        ends_on=ends,
        removed=tuple(
            change for change in told if not change.after and change.term not in (changes.TERM, "clause")
        ),
        files=assembling.annexes_of(act) if act.rank else (),
    )


def _lines(parties: list[Party], rows: dict) -> dict[str, Any]:
    """The lines in force, each with the later act that it comes from."""
    found = assembling.line_contexts(parties, rows)
    return {
        field: tuple(
            with_values(line, from_act=_later(row.act))
            for line, row in zip(lines, assembling.kept(rows[FIELDS[field]]), strict=True)
        )
        for field, lines in found.items()
    }


def _later(act: Act) -> str:
    return act_name(act) if act.rank else ""
