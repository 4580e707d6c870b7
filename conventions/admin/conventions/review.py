"""What a lawyer reads first of an act in preparation: how its articles differ from their template."""

from urllib.parse import urlencode

from django.http import HttpRequest

from conventions import permissions
from conventions.domain.acts import drafting
from conventions.enums import BEFORE_FREEZING_STATES, ActState
from conventions.models import Act

ONLY = "ecarts"  # « ?ecarts=1 »: only what differs
BADGES = {
    drafting.Fate.SAME: ("ok", "identique au modèle"),
    drafting.Fate.MODIFIED: ("warn", "modifié"),
    drafting.Fate.BY_HAND: ("info", "écrit à la main"),
    drafting.Fate.ABSENT: ("bad", "absent"),
}


def review_context(request: HttpRequest, act: Act, *, row: Act | None = None) -> dict:
    """For `_articles_review.html`, on the act's page and before validating it. Nothing once it is frozen.

    `row` is the act already loaded.
    """
    if act.is_reprise or act.state not in BEFORE_FREEZING_STATES:
        return {"review": None}
    found = drafting.clause_differences(act, row=row)
    only = ONLY in request.GET
    shown = found.differing if only else found.rows
    return {
        "review": found,
        "review_rows": [(row, *BADGES[row.fate]) for row in shown],
        "review_only": only,
        "review_open": only
        or (act.state == ActState.IN_REVIEW and permissions.can_edit_clauses(request.user)),
        "review_all_url": _address(act),
        "review_only_url": _address(act, **{ONLY: 1}),
    }


def _address(act: Act, **query: object) -> str:
    rank = {"acte": act.rank} if act.rank else {}
    text = urlencode(rank | query)
    return f"?{text}#relecture" if text else "?#relecture"
