"""The lines of a frozen act, as its tables hold them, against those that were frozen with its document.

The locks refuse to change them; whoever goes past the locks is told of here. Only what the tables and the content hold
alike is compared: sums, quantities, years, numbers and names, never the words a layout makes of them.
"""

from collections import Counter
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from conventions.domain.documents.context import AgreementContext
from conventions.enums import FROZEN_STATES, AmountStatus
from conventions.models import Act, Document, EquipmentTerm, InKind


def _value(row: EquipmentTerm | InKind) -> int | None:
    return row.amount if row.status == AmountStatus.KNOWN else None


# French name, field of the content, table; what is read of a line of the content, then of a row of the table.
_LINES: tuple[tuple[str, str, str, Callable, Callable], ...] = (
    (
        "financements",
        "fundings",
        "funding_set",
        attrgetter("amount", "status", "budget_year", "label", "figure"),
        attrgetter("amount", "status", "budget_year", "label", "figure"),
    ),
    (
        "versements prévus",
        "instalments",
        "instalmentterm_set",
        lambda line: (line.amount, line.percentage, line.due.value if line.due else None),
        attrgetter("amount", "percent", "due_on"),
    ),
    (
        "soutiens en nature",
        "in_kind",
        "inkind_set",
        attrgetter("kind", "label", "quantity", "value"),
        lambda row: (row.kind_id, row.description, row.quantity, _value(row)),
    ),
    (
        "matériel",
        "equipment",
        "equipmentterm_set",
        attrgetter("nature", "quantity", "serial", "tag", "value", "transfer"),
        lambda row: (row.nature, row.quantity, row.serial, row.inventory_tag, _value(row), row.transfer),
    ),
    (
        "budget du projet",
        "budget",
        "budgetline_set",
        attrgetter("side", "heading", "amount", "status", "budget_year"),
        attrgetter("side", "heading", "amount", "status", "budget_year"),
    ),
    (
        "indicateurs",
        "indicators",
        "indicator_set",
        lambda line: (line.name, line.target, line.unit, line.due.value if line.due else None),
        attrgetter("name", "target", "unit", "due_on"),
    ),
)
TABLES = tuple(f"act__{table}" for _, _, table, _, _ in _LINES)


def changed_terms(document: Document, context: AgreementContext) -> list[str]:
    """Names of the tables that no longer hold what was frozen; `document` comes with TABLES prefetched.

    Of the document that its act stands by: a text that was taken back has no rows of its own any more.
    """
    act = document.act
    if act is None or act.frozen_document_id != document.pk or act.state not in FROZEN_STATES:
        return []
    return [
        name
        for name, field, table, frozen, held in _LINES
        if Counter(map(frozen, getattr(context, field))) != Counter(map(held, _promised(act, table)))
    ]


def _promised(act: Act, table: str) -> list[Any]:
    """What the act promises itself: a line that replaces a signed one is told by its table of changes."""
    rows = getattr(act, table).all()
    return [row for row in rows if row.replaces_id is None and not row.removed]
