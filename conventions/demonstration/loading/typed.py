"""Lines typed as the page holds them: each value is a column; a party is named by its partner, a duty by its kind."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from conventions.domain.acts.drafting import RowEdit, page_content
from conventions.formats import typeset
from conventions.models import Act, Attendee, InKind, Party, Signatory
from conventions.models.terms import Term

MODELS: dict[str, type[Model]] = {
    row.key: row.model
    for row in page_content.ROWS
    if issubclass(row.model, Term) or row.model in (Attendee, Signatory)
}


def row_edits(act: Act, lines: Iterable[tuple[str, dict[str, Any]]], parties: list[Any]) -> list[RowEdit]:
    """What a save adds to each table; `parties`: those that the same save adds."""
    known = {party.partner.slug: party for party in (*act.convention.parties.all(), *parties)}
    known["opt"] = act.convention.parties.get(partner__is_opt=True)
    found: dict[str, RowEdit] = {}
    for rank, (table, values) in enumerate(lines, start=1):
        model = MODELS[table]
        columns = {name: _column(act, name, value, known) for name, value in values.items()}
        if issubclass(model, InKind):
            columns["kind_id"] = columns.pop("kind")
        if issubclass(model, Term):
            columns["position"] = rank
        found.setdefault(table, RowEdit(key=table)).added.append(model(**columns))
    return list(found.values())


def _column(act: Act, name: str, value: Any, known: dict[str, Party]) -> Any:
    if name == "party":
        return known[value]
    if name == "obligation":
        return act.obligation_set.filter(kind=value).order_by("position", "pk").first()
    return typeset(value) if name == "text" else value


def together(edits: Iterable[RowEdit]) -> list[RowEdit]:
    """One edit for each table, in the order in which they come."""
    found: dict[str, RowEdit] = {}
    for edit in edits:
        kept = found.setdefault(edit.key, RowEdit(key=edit.key))
        kept.added += edit.added
    return list(found.values())
