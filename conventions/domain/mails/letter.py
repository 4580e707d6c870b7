"""What a letter is: one mail to one person, made from ids as it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conventions.models import Document

# What a mail's `params` hold beside its ids: keys of persons, as in `Letter.key`.
SERVED = "remis"  # who has the letter: a retry never sends it twice
LEAVING = "en_cours"  # whose letter was being sent; still there after a crash, it may have left
BEFORE = "deja"  # who had it from the mail that this one repeats
MISSED = "manque"  # {key: why}: who has not received it, once it is given up
PROGRESS = (SERVED, LEAVING, BEFORE, MISSED)


class Undeliverable(Exception):
    """Nobody can receive this letter; the message, in French, says what to do."""


class Pointless(Exception):
    """The letter no longer has a reason to leave: the row goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person. `key` names the person, so that a retry does not serve anyone twice.

    `user` is the account whose choices count (None: no account, it always leaves).
    `renews`: it holds a link or a code made now. Sent again it holds another, and the former one no longer works.
    `enclosed`: the document that travels with it, its bytes checked as it leaves.
    `recall`: called when it has not left, to give back to its reader the link that it replaced.
    """

    key: str
    to: str
    subject: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    reply_to: str = ""
    user: int | None = None
    is_staff: bool = False
    renews: bool = False
    enclosed: Document | None = None
    recall: Callable[[], object] | None = None


Builder = Callable[[dict[str, Any]], list[Letter]]
