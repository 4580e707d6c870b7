"""What of a convention's page a person may change now: by role, and by the state of the act."""

from dataclasses import dataclass

from conventions import permissions
from conventions.enums import ActKind, ActState
from conventions.models import Act, User


@dataclass(frozen=True)
class Scope:
    """Each part of the page, open or not.

    `terms` close when the act is submitted; `identity` (title, nature, purpose, project) is the convention's own: it
    closes with its initial act, no later act opens it again; `signing` (how, where, under which decision it will be
    signed) stays open until it is frozen, for the board often decides after the lawyers have read. `file` (officer,
    notes, classification, attachments, sources) and `public` (summary, story, photos) never close.
    """

    terms: bool = False
    identity: bool = False
    signing: bool = False
    clauses: bool = False
    equipment: bool = False
    file: bool = False
    public: bool = False

    def __bool__(self) -> bool:
        return any(
            (self.terms, self.identity, self.signing, self.clauses, self.equipment, self.file, self.public)
        )

    @property
    def mark(self) -> str:
        """The open parts, in a word: a page that comes back says with which it was shown."""
        return "-".join(name for name in self.__dataclass_fields__ if self.allows(name))

    def allows(self, part: str) -> bool:
        return bool(getattr(self, part))


def scope_of(act: Act, user: User) -> Scope:
    """The parts of this act's page that this user may change. Reads no database."""
    officer = permissions.can_edit_conventions(user)
    lawyer = permissions.can_edit_clauses(user)
    before_freezing = act.is_editable or act.state in (ActState.IN_REVIEW, ActState.APPROVED)
    under_review = act.state == ActState.IN_REVIEW and lawyer
    return Scope(
        terms=act.is_editable and officer,
        identity=act.is_editable and officer and act.kind == ActKind.INITIAL,
        signing=before_freezing and officer,
        clauses=(act.is_editable and (officer or lawyer)) or under_review,
        equipment=act.is_editable and permissions.can_edit_equipment(user),
        file=officer,
        public=officer or permissions.can_publish(user),
    )
