"""Two people on the same page: what a colleague saved, put beside what was typed, one field or line at a time.

Where only the colleague changed a field, their value is taken up; where both did, what was typed stays and theirs is
shown beside. Saving again is then done knowingly. Values are those of `page_content`: what was read when the page was
opened, what the colleague saved after it.
"""

from dataclasses import dataclass
from typing import Any

from conventions.domain.acts.drafting.page_content import change_label
from conventions.domain.acts.templates.versions import named_fields
from conventions.domain.journal.story import values
from conventions.formats import NBSP

KEPT = "Votre saisie est gardée."
TAKEN = "Repris dans votre page."
SAME = "Vous avez écrit la même chose."
ADDED = "Ligne ajoutée : elle reste."
REMOVED = "Ligne retirée : la vôtre revient en fin de liste ; supprimez-la si c’est voulu."
BESIDE = "Enregistré ; votre page ne le change pas."
NOTHING: tuple[Any, ...] = (None, "", [])
LONG = 400  # characters of a value that a table can hold


@dataclass(frozen=True, slots=True)
class Meeting:
    """One thing a colleague changed: what it is, theirs, what was typed, what happens at the next save."""

    label: str
    theirs: str
    yours: str
    outcome: str

    @property
    def takes_theirs(self) -> bool:
        """Whether the page is to show their value in place of what was read."""
        return self.outcome == TAKEN

    @property
    def clash(self) -> bool:
        return self.outcome == KEPT


def meet(key: str, read: Any, saved: Any, typed: Any) -> Meeting:
    """What becomes of a field of the page, of which each value is known."""
    outcome = SAME if _same(typed, saved) else TAKEN if _same(typed, read) else KEPT
    return Meeting(change_label(key), _told(key, saved), _told(key, typed), outcome)


def meet_aside(key: str, read: Any, saved: Any) -> Meeting:
    """Of what the page has no field for: a whole line added or removed, a part closed to this person."""
    label, line = change_label(key), saved if read is None else read if saved is None else ""
    if line:
        label = f"{label} «{NBSP}{line}{NBSP}»"
    outcome = ADDED if read is None else REMOVED if saved is None else BESIDE
    return Meeting(label, _told(key, saved), "", outcome)


def _same(one: Any, other: Any) -> bool:
    """Nothing is nothing, however it is written; it is never 0."""
    return (one in NOTHING and other in NOTHING) or str(one) == str(other)


def _told(key: str, value: Any) -> str:
    """In the words of the journal, cut where it is long."""
    named = values.named(key, None, {})
    text = named_fields(values.shown(value, named.model, named.column))
    return text if len(text) <= LONG else f"{text[:LONG]}{NBSP}…"
