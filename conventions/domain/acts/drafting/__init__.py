"""Drafting: create a file, save its page, choose its articles, renew it, hand it to a colleague.

Every verb writes in one transaction with its journal line; `by` is the acting user.
"""

from conventions.domain.acts.drafting.choices import annexable, duties_awaited, support_kinds
from conventions.domain.acts.drafting.chronology import settle
from conventions.domain.acts.drafting.clauses import choose_clauses
from conventions.domain.acts.drafting.creation import create_convention
from conventions.domain.acts.drafting.edits import Edit, NewThings, RowEdit
from conventions.domain.acts.drafting.newcomers import create_partner
from conventions.domain.acts.drafting.page_content import change_label, differences, read_content
from conventions.domain.acts.drafting.reassigning import reassign
from conventions.domain.acts.drafting.reconciling import Meeting, meet, meet_aside
from conventions.domain.acts.drafting.refreshing import refresh_clauses
from conventions.domain.acts.drafting.renewing import history_before, is_renewable, renew
from conventions.domain.acts.drafting.replacing import replace_by_deputy
from conventions.domain.acts.drafting.saving import Conflict, Locked, changes_since, save
from conventions.domain.acts.drafting.scope import Scope, scope_of
from conventions.domain.acts.drafting.template_differences import (
    ActDifferences,
    ClauseDifference,
    Fate,
    clause_differences,
)

__all__ = [
    "ActDifferences",
    "ClauseDifference",
    "Conflict",
    "Edit",
    "Fate",
    "Locked",
    "Meeting",
    "NewThings",
    "RowEdit",
    "Scope",
    "annexable",
    "change_label",
    "changes_since",
    "choose_clauses",
    "clause_differences",
    "create_convention",
    "create_partner",
    "differences",
    "duties_awaited",
    "history_before",
    "is_renewable",
    "meet",
    "meet_aside",
    "read_content",
    "reassign",
    "refresh_clauses",
    "renew",
    "replace_by_deputy",
    "save",
    "scope_of",
    "settle",
    "support_kinds",
]
