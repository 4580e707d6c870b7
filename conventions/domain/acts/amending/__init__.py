"""Amendments and terminations: acts of the same convention, with their own signatories and their own rows.

An amendment never touches a signed row: it brings rows that replace it or remove it. What is in force is read from
the signed acts (`TermQuerySet.current`), so is the consolidated text.
"""

from conventions.domain.acts.amending.conflicts import (
    Conflict,
    conflicts_of,
    redo_on_line_in_force,
    require_lines_in_force,
)
from conventions.domain.acts.amending.consolidated import consolidated, has_text
from conventions.domain.acts.amending.ending import (
    LETTERS_BEFORE,
    Ending,
    ending_of,
    letter_received,
    record_notice,
)
from conventions.domain.acts.amending.lines import (
    add_line,
    change_line,
    remove_line,
    replace_line,
    undo_change,
)
from conventions.domain.acts.amending.overview import (
    LineChange,
    TableChanges,
    line_of,
    lines_in_force,
    tables_of,
)
from conventions.domain.acts.amending.starting import (
    is_terminated,
    record_past_act,
    start_amendment,
    start_termination,
)

__all__ = [
    "LETTERS_BEFORE",
    "Conflict",
    "Ending",
    "LineChange",
    "TableChanges",
    "add_line",
    "change_line",
    "conflicts_of",
    "consolidated",
    "ending_of",
    "has_text",
    "is_terminated",
    "letter_received",
    "line_of",
    "lines_in_force",
    "record_notice",
    "record_past_act",
    "redo_on_line_in_force",
    "remove_line",
    "replace_line",
    "require_lines_in_force",
    "start_amendment",
    "start_termination",
    "tables_of",
    "undo_change",
]
