"""Small wordings that every document shares: names, dates, tables, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conventions.domain.documents.context import (
    AttendeeContext,
    BoardDecisionContext,
    PartialDate,
    SignatoryContext,
)
from conventions.domain.documents.merge_fields import show_partial
from conventions.enums import AmountStatus, Civility, DatePrecision
from conventions.formats import (
    MONTHS,
    NBSP,
    Tally,
    as_value,
    capitalise,
    contract,
    is_line,
    legal_text,
    lists,
    long_date,
    show_amount,
    show_xpf,
    typeset,
    weekday_date,
)

NOT_STATED = "non précisé"
_CIVILITIES = {Civility.MONSIEUR: "M.", Civility.MADAME: "Mme"}


_DAY_AND_MONTH = re.compile(rf"(?<!\d)(\d{{1,2}}|1er) ({'|'.join(MONTHS)})\b")


def compose(text: str) -> str:
    """French typography for print: that of every screen, and a day is never parted from its month."""
    return _DAY_AND_MONTH.sub(rf"\1{NBSP}\2", typeset(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a printed table; `css` names its width and alignment."""

    label: str
    css: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """The last row of a table: its label, the sums of the last columns, then in a row of its own what they left out.

    Without a label, the note stands alone.
    """

    sums: tuple[str, ...]
    label: str = "Total"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table ready to print: every cell is a tuple of lines."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[str, ...], ...], ...]
    foot: Foot | None = None

    @property
    def is_short(self) -> bool:
        """A few rows stay on one page; a long table may run over, its heading repeated."""
        return len(self.rows) <= 6

    @property
    def is_wide(self) -> bool:
        """More columns than a page upright can give room to: printed on its side."""
        return len(self.columns) > 6

    @property
    def body(self) -> list[list[tuple[Column, tuple[str, ...]]]]:
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def summed(self) -> list[tuple[Column, str]]:
        """The last columns with their sums."""
        sums = self.foot.sums if self.foot else ()
        return list(zip(self.columns[len(self.columns) - len(sums) :], map(compose, sums), strict=True))

    @property
    def label_span(self) -> int:
        """How many columns the label of the foot stands under."""
        return len(self.columns) - len(self.summed)


def cell(*lines: str) -> tuple[str, ...]:
    """The lines of a cell that say something; an empty cell prints a dash."""
    return tuple(compose(line) for line in lines if line) or ("—",)


def money_foot(found: Tally) -> Foot | None:
    """The foot of a column of amounts, the last one; None when none can be counted."""
    if found.total is not None:
        return Foot(sums=(found.text,), note=capitalise(found.note))
    if found.ceiling is not None:
        alone = found.words == found.text  # several reasons are one sentence: there is no sum to align
        return (
            Foot(label="Total maximal", sums=(found.text,))
            if alone
            else Foot(label=compose(f"Total maximal : {found.words}"), sums=())
        )
    return None


def stated_value(certain: int | None, amount: int | None, status: str) -> str:
    """« valeur estimée 50 000 F CFP », « valeur estimée : jusqu’à 120 000 F CFP »; empty for one that nobody gave."""
    if certain is not None:
        return f"valeur estimée {show_xpf(certain)}"
    if not status or status == AmountStatus.UNKNOWN or not is_line(status):
        return ""
    return f"valeur estimée : {as_value(show_amount(amount, status))}"


def full_name(person: SignatoryContext | AttendeeContext) -> str:
    """« M. Yoann LECOURIEUX »: capitals as stored, the civility only when known."""
    civility = _CIVILITIES.get(Civility(person.civility), "")
    name = " ".join(part for part in (person.first_name, person.last_name) if part)
    return f"{civility}{NBSP}{name}" if civility else name


def name_and_title(person: SignatoryContext | AttendeeContext) -> str:
    return ", ".join(part for part in (full_name(person), person.title) if part)


def came_from(act: str) -> str:
    """« issu de l’avenant n° 2026-014-A1 »; empty for what the first act says."""
    return f"issu de l’{act}" if act else ""


def dated(moment: PartialDate | None, *, weekday: bool = False) -> str:
    """The date as known; with its computed weekday when asked and known to the day."""
    if moment and weekday and moment.precision == DatePrecision.DAY and not moment.wording:
        return weekday_date(moment.value)
    return show_partial(moment)


def decision_wording(decision: BoardDecisionContext | None) -> str:
    """« délibération n° 12 du conseil d’administration, 3 mars 2026 »."""
    if decision is None:
        return ""
    number = f" n° {decision.number}" if decision.number else ""
    on = f", {show_partial(decision.decided_on)}" if decision.decided_on else ""
    return f"Délibération{number} {contract('de', legal_text(decision.body))}{on}"


def short_date(value: Any) -> str:
    return long_date(value) if value else ""


def paragraphs(body: str) -> list[dict[str, Any]]:
    """A plain body as paragraphs and lists (`formats.lists`).

    `ordered`: mark, text and inner lists of each numbered item; `nested`: text and inner lists of each bullet, where
    one of them holds a list.
    """
    return [_block(block) for block in lists.blocks(body)]


def _block(block: lists.Block) -> dict[str, Any]:
    items = [compose(item) for item in block.items]
    if not block.is_list:
        return {"kind": "text", "text": items[0], "intro": items[0].endswith(":")}
    inner = [[_block(one) for one in block.inner.get(place, ())] for place in range(len(items))]
    return {
        "kind": "list",
        "items": items,
        "ordered": list(zip(block.marks, items, inner, strict=False)),
        "nested": list(zip(items, inner, strict=True)) if block.inner else [],
    }


def facts(pairs: Sequence[tuple[str, str | Sequence[str]]]) -> list[tuple[str, list[str]]]:
    """Label and lines of each known fact; facts that nobody stated are left out."""
    stated = [(label, [value] if isinstance(value, str) else list(value)) for label, value in pairs]
    return [(label, [compose(line) for line in lines if line]) for label, lines in stated if any(lines)]
