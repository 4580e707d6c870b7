"""What the page of an amendment shows: table by table, the lines in force and what the amendment does to each.

One query per table for an act already `loaded`, whatever the number of lines.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from conventions.domain.acts.amending.conflicts import Conflict, conflicts_of
from conventions.domain.acts.content import assembling, changes, loading
from conventions.formats import whole_number
from conventions.models import Act, Clause, Convention
from conventions.models.terms import Term
from conventions.reference.clauses import UNNUMBERED


@dataclass(frozen=True)
class LineChange:
    """A line as the amendment leaves it. `signed` is the row in force (None: added), `own` the amendment's row.

    `conflict`: another act, signed meanwhile, took that row over. `act` fills in an article.
    """

    signed: Any
    own: Any = None
    conflict: Conflict | None = None
    act: Act | None = None

    @property
    def state(self) -> str:
        """kept | changed | removed | added."""
        if self.signed is None:
            return "added"
        if self.own is None:
            return "kept"
        return "removed" if self.own.removed else "changed"

    @property
    def told(self) -> str:
        """« modifiée » of a line, « modifié » of an article; empty when nothing changes."""
        word = {"changed": "modifié", "removed": "supprimé", "added": "ajouté"}.get(self.state, "")
        return word if isinstance(self.row, Clause) or not word else f"{word}e"

    @property
    def row(self) -> Any:
        """The row a button is about."""
        return self.own or self.signed

    @property
    def before(self) -> str:
        return self._read(changes.describe(self.signed)) if self.signed is not None else ""

    @property
    def after(self) -> str:
        return (
            ""
            if self.own is None or self.own.removed
            else self._read(changes.describe(self.own), changed=True)
        )

    @property
    def in_force(self) -> str:
        """What another act put in force meanwhile."""
        return self._read(self.conflict.in_force) if self.conflict is not None else ""

    def _read(self, text: str, *, changed: bool = False) -> str:
        return text if self.act is None else assembling.read_article(text, self.act, changed=changed)

    @property
    def heading(self) -> str:
        return str(self.row.heading) if isinstance(self.row, Clause) else ""


@dataclass(frozen=True)
class TableChanges:
    """One table of terms: its lines, those of the act that are out of date apart."""

    model: type[Term]
    lines: list[LineChange]

    @property
    def key(self) -> str:
        return str(self.model._meta.model_name)


def lines_in_force(convention: Convention) -> dict[type[Term], list]:
    """What the signed acts promise today, table by table: of the articles, those of the convention."""
    return {
        model: list(_told(model._default_manager.current(), convention.pk)) for model in changes.TERM_MODELS
    }


def in_force_for(act: Act, model: Any) -> Any:
    """The lines that an act in preparation may change: today's; of an act of paper, those of its own time."""
    rows = model._default_manager
    return _told(rows.before(act) if act.is_reprise else rows.current(), act.convention_id)


def _told(rows: Any, convention: int) -> Any:
    model = rows.model
    rows = rows.filter(act__convention=convention).select_related("act", *changes.told_with(model))
    if model is Clause:
        rows = rows.of_convention().exclude(code__in=UNNUMBERED)
    return rows.order_by("position", "pk")


def line_of(act: Act, model: Any, row: int) -> LineChange | None:
    """The line that a button of the page is about: a row in force, or a row of the act. None: neither."""
    if whole_number(row) is None:
        return None
    own = model._default_manager.filter(act=act).select_related("replaces", *changes.told_with(model))
    if model is Clause:
        own = own.of_convention()
    found = own.filter(Q(pk=row) | Q(replaces=row)).first()
    signed = found.replaces if found else in_force_for(act, model).filter(pk=row).first()
    if found is None and signed is None:
        return None
    return LineChange(signed, found, act=loading.loaded(act) if model is Clause else None)


def tables_of(row: Act) -> dict[str, TableChanges]:
    """{table: its lines} for a `loaded` amendment; once it is no draft any more, only what it changes."""
    late = {(found.key, found.row.pk): found for found in conflicts_of(row)}
    return {str(model._meta.model_name): _table(row, model, late) for model in changes.TERM_MODELS}


def _table(act: Act, model: Any, late: dict[tuple[str, int], Conflict]) -> TableChanges:
    own = {row.replaces_id or -row.pk: row for row in changes.changing_rows(act, model)}
    lines = []
    if act.is_editable:
        found = in_force_for(act, model)
        lines = [LineChange(row, own.pop(row.pk, None), act=act) for row in found]
    key = str(model._meta.model_name)
    lines += [LineChange(row.replaces, row, late.get((key, row.pk)), act) for row in own.values()]
    return TableChanges(model, lines)
