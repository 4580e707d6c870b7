"""What a person wants saved of the page of a convention, and whether its articles may have to follow."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from conventions.domain.acts.drafting.page_content import CONVENTION_FILE, CONVENTION_PUBLIC
from conventions.enums import ActKind, ActState
from conventions.models import Act, Clause, Convention

CLAUSE = str(Clause._meta.model_name)
# Columns and tables that no article depends on.
WITHOUT_FACTS = {
    *CONVENTION_FILE,
    *CONVENTION_PUBLIC,
    *("source", "photo", "signatory", "attendee"),
    *("place", "signing_order", "term_wording", "preamble", "board_decision", "ceremony"),
}
# Of a table whose lines make facts by coming and going: the columns by which a line that stays makes some too.
_COMPUTED = ("status", "amount", "quantity", "unit_price")
FACT_COLUMNS: dict[str, frozenset[str]] = {
    "funding": frozenset({"figure", "budget_year", "party", *_COMPUTED}),
    "instalmentterm": frozenset(),
    "inkind": frozenset({"kind"}),
    "equipmentterm": frozenset({"transfer"}),
    "obligation": frozenset({"kind", "party"}),
    "budgetline": frozenset({"side", *_COMPUTED}),
    "indicator": frozenset(),
}


@dataclass(kw_only=True)
class RowEdit:
    """Lines of one table of `content.ROWS`: unsaved instances to add, instances to change, to remove.

    `moved`: the columns that some of the changed lines change.
    """

    key: str
    added: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)
    moved: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(kw_only=True)
class NewThings:
    """What the page may name that does not exist yet."""

    project: str = ""
    decision_number: str = ""
    decision_date: datetime.date | None = None
    ceremony_title: str = ""
    ceremony_date: datetime.date | None = None
    beneficiaries: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Edit:
    """What a person wants saved: the instances with their new values, the lines, the many-to-many links.

    `convention_fields`, `act_fields` name the columns that were on the page.
    """

    convention: Convention
    act: Act
    convention_fields: tuple[str, ...] = ()
    act_fields: tuple[str, ...] = ()
    links: dict[str, list] = field(default_factory=dict)
    rows: list[RowEdit] = field(default_factory=list)
    new: NewThings = field(default_factory=NewThings)


def may_follow(stored: Convention, act: Act, edit: Edit) -> bool:
    """Articles nobody touched follow the file until it is first submitted; a reprise has none."""
    if act.is_reprise or act.state != ActState.DRAFT or act.submitted_at is not None:
        return False
    if any(row for row in edit.rows if row.key == CLAUSE):
        return False
    return _moves_facts(stored, act, edit)


def _moves_facts(stored: Convention, act: Act, edit: Edit) -> bool:
    """Whether the articles could have to follow: all may be a condition of theirs but what `WITHOUT_FACTS` names."""
    if act.kind != ActKind.INITIAL:  # the articles of a later act tell all that it changes
        free: set[str] = {*CONVENTION_FILE, *CONVENTION_PUBLIC, "source", "photo"}
    else:
        free = WITHOUT_FACTS
    if edit.new != NewThings() or any(_row_moves_facts(row, act, free) for row in edit.rows if row):
        return True
    pairs = ((stored, edit.convention, edit.convention_fields), (act, edit.act, edit.act_fields))
    return any(
        getattr(old, name) != getattr(new, name)
        for old, new, names in pairs
        for name in names
        if name not in free
    )


def _row_moves_facts(row: RowEdit, act: Act, free: set[str]) -> bool:
    if row.key in free:
        return False
    if row.added or row.removed or act.kind != ActKind.INITIAL or row.key not in FACT_COLUMNS:
        return True
    if not row.moved:  # nobody says what changed
        return True
    read = row.moved & FACT_COLUMNS[row.key]
    if read == {"amount"}:  # what a certain amount is decides nothing but the part of a cost that is known
        return act.budgetline_set.exists()
    return bool(read)
