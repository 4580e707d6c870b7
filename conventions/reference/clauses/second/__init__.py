"""Version 2 of the templates: our own drafting again, measured against the State's model (docs/legal-model.md).

Version 1 stays as it was delivered. These texts wait « en préparation » until a lawyer puts them in force, all at once.
"""

from conventions.reference.clauses.base import AMENDMENT, CLOSING, INITIAL, TERMINATION, ClauseText
from conventions.reference.clauses.later_acts import closings
from conventions.reference.clauses.second.duties import CONTROL, DUTIES, REPORTS, VISIBILITY
from conventions.reference.clauses.second.later_acts import AMENDMENT_CLAUSES, TERMINATION_CLAUSES
from conventions.reference.clauses.second.opening import OPENING
from conventions.reference.clauses.second.rules import LIFE, PROTECTION
from conventions.reference.clauses.second.support import FUNDING, GOODS, PAYMENT

__all__ = ["CLAUSES", "LINES"]

CLAUSES: tuple[ClauseText, ...] = (
    *OPENING,
    *FUNDING,
    *PAYMENT,
    *GOODS,
    *DUTIES,
    *VISIBILITY,
    *REPORTS,
    *CONTROL,
    *PROTECTION,
    *LIFE,
    *closings(INITIAL),
    *AMENDMENT_CLAUSES,
    *closings(AMENDMENT),
    *TERMINATION_CLAUSES,
    *closings(TERMINATION),
)

# {kind of act: {article: (place, condition of the line, mandatory)}}. Without money, no text of version 1 on money.
_ONLY = {"soutien_financier": "avec_financement"}
LINES: dict[str, dict[str, tuple[int, str, bool]]] = {
    act_kind: {
        clause.code: (clause.position, _ONLY.get(clause.code, ""), clause.code == CLOSING)
        for clause in CLAUSES
        if clause.act_kind == act_kind
    }
    for act_kind in (INITIAL, AMENDMENT, TERMINATION)
}
