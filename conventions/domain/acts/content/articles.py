"""The articles of a convention as its signed acts leave them, each with the number that a later act cites.

A number, once printed, is never given to another article: one that an amendment puts between two others is a « bis ».
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from conventions.domain.acts.content.line_contexts import kept
from conventions.domain.documents.merge_fields import fields_of
from conventions.formats import NBSP
from conventions.models import Clause
from conventions.models.terms import in_force
from conventions.reference.clauses import UNNUMBERED

_REPEATED = (
    "bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "nonies", "decies",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Articles:
    """`rows`: the articles in force, in order; `numbers`: by line, of those that are no more too."""

    rows: tuple[Clause, ...]
    numbers: dict[UUID, str]
    follows: dict[UUID, str]

    def number(self, row: Clause) -> str:
        """« 3 », « 3 bis »; empty for one of a text that the application does not hold."""
        return self.numbers.get(row.line, "")

    def holding(self, fields: Iterable[str]) -> str:
        """« l’article 3 « Soutien financier » »: the first that cites one of these merge fields; empty for none."""
        for name in fields:
            for row in self.rows:
                if name in fields_of(row.body):
                    return f"l’article {self.number(row)} «{NBSP}{row.heading}{NBSP}»"
        return ""


def articles_of(first: Iterable[Clause], *later: Iterable[Clause], then: Iterable[Clause] = ()) -> Articles:
    """The articles of a first act as signed amendments changed them; those that an act in preparation adds (`then`)
    have their numbers too. Visas and the closing formula bear none."""
    own = [row for row in kept(first) if row.is_own and row.code not in UNNUMBERED]
    placed = {row.line: (row.position, row.pk) for row in own}
    numbers = {row.line: str(rank) for rank, row in enumerate(own, start=1)}
    follows: dict[UUID, str] = {}
    for rows in (*later, then) if own else ():
        for row in kept(row for row in rows if not row.is_own and row.replaces_id is None):
            place = (row.position, row.pk)
            before = [line for line, at in placed.items() if at < place]
            if len(before) in (0, len(placed)):
                number = str(max(int(found.split()[0]) for found in numbers.values()) + 1)
            else:
                number, follows[row.line] = _repeated(numbers, max(before, key=lambda line: placed[line]))
            placed[row.line], numbers[row.line] = place, number
    changed = [row for rows in later for row in rows if not row.is_own]
    return Articles(tuple(kept(in_force([*own, *changed]))), numbers, follows)


def _repeated(numbers: dict[UUID, str], line: UUID) -> tuple[str, str]:
    """« 3 bis » after the article 3, « 3 ter » after « 3 bis »; and the number it follows."""
    base = numbers[line].split()[0]
    taken = sum(1 for number in numbers.values() if number.startswith(f"{base}{NBSP}"))
    suffix = _REPEATED[taken] if taken < len(_REPEATED) else str(taken + 1)
    return f"{base}{NBSP}{suffix}", numbers[line]
