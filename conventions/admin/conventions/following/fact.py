"""What a fact of the page « Suivi » is: its address, who may record it, its form, the verb it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied

from conventions.domain.following import FollowUp
from conventions.forms.following import FactForm
from conventions.models import User
from conventions.permissions import Person


@dataclass(frozen=True, kw_only=True)
class Fact:
    """`address` holds <int:row> for a fact about one row, found by `row_of`. `prefill`: the field that ?code= fills.

    `do(sheet, values, by, row)` calls the verb and gives what to tell. `file_kind` is set when the form takes a file.
    """

    code: str
    address: str
    anchor: str
    title: str
    button: str
    form: type[FactForm]
    may: Callable[[Any], bool]
    do: Callable[..., str]
    lists: Callable[[FollowUp], dict[str, list]] = lambda sheet: {}
    initial: Callable[[FollowUp, Any, Any], dict] = lambda sheet, user, chosen: {}
    rows: Callable[[FollowUp], list] | None = None
    prefill: str = ""
    file_kind: str = ""
    without: Callable[[FollowUp, Any], tuple[str, ...]] = lambda sheet, user: ()
    of_row: Callable[[FollowUp, Any], dict] = lambda sheet, row: {}  # what the form of a row is also given
    # Whether a row takes this fact now, from this person; else its form is not shown.
    takes: Callable[[Any, Any], bool] = lambda row, user: True

    def row_of(self, sheet: FollowUp, pk: int) -> Any:
        """The row of the convention with this key, None for another's."""
        return next((row for row in self.rows(sheet) if row.pk == pk), None) if self.rows else None

    def lists_for(self, sheet: FollowUp, user: User) -> dict[str, list]:
        without = self.without(sheet, user)
        return {name: rows for name, rows in self.lists(sheet).items() if name not in without}


def require(fact: Fact, user: Person) -> None:
    """Raises PermissionDenied."""
    if not fact.may(user):
        raise PermissionDenied
