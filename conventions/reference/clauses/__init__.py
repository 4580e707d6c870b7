"""The default clause templates: our own drafting, proposed to lawyers who edit it in the admin.

One `ClauseText` per article and variant. `kinds` empty means every kind of convention;
`condition` is a fact of the file (see `conventions.domain.documents.promises.facts`), empty when the
variant does not depend on the file; among variants without condition the first one is
proposed and lawyers choose. Bodies are plain text: a blank line separates paragraphs, « - »
opens a list item, `{{ champ }}` is a merge field.

Points of law that no source settles for New Caledonia are worded neutrally, and nothing
here claims a legal value for a signature made online.
"""

from __future__ import annotations

from collections.abc import Iterable

from conventions.reference.clauses.base import (
    AMENDMENT,
    CLOSING,
    INITIAL,
    TERMINATION,
    UNNUMBERED,
    VISAS,
    ClauseText,
)
from conventions.reference.clauses.duties import BENEFICIARY, GENERAL, OPT
from conventions.reference.clauses.later_acts import AMENDMENT_CLAUSES, TERMINATION_CLAUSES, closings
from conventions.reference.clauses.support import FUNDING, IN_KIND, OBJECT_AND_TERM

__all__ = ["CLAUSES", "CLOSING", "UNNUMBERED", "VISAS", "ClauseText", "propose"]

CLAUSES: tuple[ClauseText, ...] = (
    *OBJECT_AND_TERM,
    *FUNDING,
    *IN_KIND,
    *OPT,
    *BENEFICIARY,
    *GENERAL,
    *closings(INITIAL),
    *AMENDMENT_CLAUSES,
    *closings(AMENDMENT),
    *TERMINATION_CLAUSES,
    *closings(TERMINATION),
)


def propose(
    kind: str, act_kind: str, facts: Iterable[str], clauses: Iterable[ClauseText] = CLAUSES
) -> tuple[ClauseText, ...]:
    """The clauses proposed for a new act, one variant per article, in printing order.

    `facts` comes from `conventions.domain.documents.promises.facts`. A variant made for the kind wins
    over a general one, then a variant whose condition holds over one without condition.
    """
    known = frozenset(facts)
    best: dict[str, ClauseText] = {}
    for clause in clauses:
        if clause.act_kind != act_kind or (clause.kinds and kind not in clause.kinds):
            continue
        if clause.condition and clause.condition not in known:
            continue
        held = best.get(clause.code)
        if held is None or _rank(clause) > _rank(held):
            best[clause.code] = clause
    return tuple(sorted(best.values(), key=lambda clause: clause.position))


def _rank(clause: ClauseText) -> tuple[bool, bool]:
    return bool(clause.kinds), bool(clause.condition)
