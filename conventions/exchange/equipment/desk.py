"""A table or certificates that somebody brought: kept between the reading and the last line.

What is kept is nobody's proof: it is erased when done with, or after thirty days. No line of the journal: it has none
before something enters the stock, which the verbs of `domain.equipment` tell.
"""

import datetime
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain.foundation.failures import Failures
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ImportKind
from conventions.exchange.equipment.columns import CHOICES, LABELS, STOCK
from conventions.exchange.sheets import Cell, Kind, Row, Sheet, read_sheet, read_text
from conventions.exchange.sheets.tables import Table, find_table, mapping_of
from conventions.models import ColumnMapping, SheetImport, User

FOR: Final = datetime.timedelta(days=30)
PASTED: Final = "Lignes collées"
NO_LONGER = "Ce fichier n’est plus là. Apportez-le de nouveau."
MAX_PASTED: Final = 2_000_000  # characters
TOO_LONG_PASTE = "Collez moins de lignes à la fois, ou envoyez le fichier."
WORKING = "Cet import est en cours. Attendez qu’il finisse."


def receive_sheet(*, by: User, content: bytes = b"", name: str = "", pasted: str = "") -> SheetImport:
    """Read a file or what was pasted, and keep it for the dry run. Raises Refused."""
    permissions.require(permissions.can_edit_equipment, by)
    if len(pasted) > MAX_PASTED:
        raise Refused(TOO_LONG_PASTE)
    sheet = read_text(pasted) if pasted.strip() else read_sheet(content, name)
    body = pasted.encode() if pasted.strip() else content
    row = SheetImport(
        kind=ImportKind.STOCK,
        name=PASTED if pasted.strip() else name[-255:],
        sha256=hashlib.sha256(body).hexdigest(),
        content=_packed(sheet),
        options={"from_1904": sheet.from_1904},
        created_by=by,
    )
    row.save()
    return row


def _packed(sheet: Sheet) -> dict[str, Any]:
    return {
        "rows": [[row.number, [_packed_cell(cell) for cell in row.cells]] for row in sheet.rows],
        "source": sheet.source,
        "told": sheet.told,
        "hidden": sorted(sheet.hidden_columns),
    }


def _packed_cell(cell: Cell) -> Any:
    return (
        cell.text if cell.kind == Kind.TEXT and not cell.merged else [cell.text, cell.kind.value, cell.merged]
    )


def sheet_of(row: SheetImport) -> Sheet:
    """What was read."""
    kept = row.content
    rows = [
        Row(
            number,
            [
                Cell(cell) if isinstance(cell, str) else Cell(cell[0], Kind(cell[1]), cell[2])
                for cell in cells
            ],
        )
        for number, cells in kept["rows"]
    ]
    return Sheet(
        rows, kept["source"], kept["told"], frozenset(kept["hidden"]), bool(row.options.get("from_1904"))
    )


def remembered() -> dict[str, dict[str, str]]:
    """{set of headings: what its columns fill}, as they were last chosen."""
    kept = ColumnMapping.objects.filter(kind=ImportKind.STOCK).order_by("pk")
    return dict(kept.values_list("headings_key", "mapping"))


def table_of(row: SheetImport) -> Table:
    """Its table, with the columns that were chosen for it, or for its headings before."""
    table = find_table(sheet_of(row), STOCK, remembered().get)
    if row.mapping:
        table.choose(row.mapping)
    return table


def choose(row: SheetImport, fields: Mapping[int, str], *, from_1904: bool, by: User) -> None:
    """What each column fills ({its index: field}), remembered for its set of headings; from when it counts days.

    Raises Refused for a field that two columns would fill.
    """
    permissions.require(permissions.can_edit_equipment, by)
    chosen = [name for name in fields.values() if name in LABELS]
    twice = sorted({LABELS[name] for name in chosen if chosen.count(name) > 1})
    if twice:
        raise Refused(f"Deux colonnes ne peuvent pas remplir « {twice[0]} ». Gardez-en une, l’autre en note.")
    with transaction.atomic():
        row = locked(row)
        table = table_of(row)
        for column in table.columns:
            if fields.get(column.index) in CHOICES:
                column.field = fields[column.index]
        row.mapping = mapping_of(table)
        row.options = row.options | {"from_1904": from_1904}
        row.save(update_fields=["mapping", "options", "touched_at"])
        if table.key:
            ColumnMapping.objects.update_or_create(
                kind=ImportKind.STOCK, headings_key=table.key, defaults={"mapping": row.mapping}
            )


def mend(row: SheetImport, number: int, values: Mapping[str, str], *, by: User, as_it_is: str = "") -> None:
    """Write over the cells of a line ({field: text}); `as_it_is`: the key of a line that is right, whatever we ask."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        row = locked(row)
        kept = {name: text[:2000] for name, text in values.items() if name in LABELS}
        if kept:
            row.mended = row.mended | {str(number): row.mended.get(str(number), {}) | kept}
        if as_it_is and as_it_is not in row.confirmed:
            row.confirmed = [*row.confirmed, as_it_is[:40]]
        row.save(update_fields=["mended", "confirmed", "touched_at"])


def locked(row: SheetImport) -> SheetImport:
    """The row as it stands. Raises Refused."""
    found = SheetImport.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise Refused(NO_LONGER)
    return found


def discard(row: SheetImport, *, by: User) -> None:
    """Forget what was read; what entered the stock stays there."""
    permissions.require(permissions.can_edit_equipment, by)
    SheetImport.objects.filter(pk=row.pk).delete()


def purge(failures: Failures | None = None, *, at: datetime.datetime | None = None) -> int:
    """Forget what nobody touched for thirty days. Returns how many."""
    old = SheetImport.objects.filter(touched_at__lte=(at or timezone.now()) - FOR)
    with (failures or Failures()).of("Fichiers importés"):
        return old.delete()[0]
    return 0
