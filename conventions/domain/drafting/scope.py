"""What of a convention's page a person may change now: by role, and by the state of the act."""

from dataclasses import dataclass

from conventions import permissions
from conventions.enums import ActState
from conventions.models import Act


@dataclass(frozen=True)
class Scope:
    """Each part of the page, open or not.

    `terms` lock with the act; `file` (officer, notes, classification, attachments, sources) and `public` (summary,
    story, photos) never do.
    """

    terms: bool = False
    clauses: bool = False
    equipment: bool = False
    file: bool = False
    public: bool = False

    def __bool__(self) -> bool:
        return self.terms or self.clauses or self.equipment or self.file or self.public

    def allows(self, part: str) -> bool:
        return bool(getattr(self, part))


def scope_of(act: Act, user) -> Scope:
    """The parts of this act's page that this user may change. Reads no database."""
    officer = permissions.can_edit_conventions(user)
    lawyer = permissions.can_edit_clauses(user)
    under_review = act.state == ActState.IN_REVIEW and lawyer
    return Scope(
        terms=act.is_editable and officer,
        clauses=(act.is_editable and (officer or lawyer)) or under_review,
        equipment=act.is_editable and permissions.can_edit_equipment(user),
        file=officer,
        public=officer or permissions.can_publish(user),
    )
