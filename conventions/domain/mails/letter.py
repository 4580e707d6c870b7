"""What a letter is: one mail to one person, made from ids as it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class Undeliverable(Exception):
    """Nobody can receive this letter; the message, in French, says what to do."""


class Pointless(Exception):
    """The letter no longer has a reason to leave: the row goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person. `key` names the person, so that a retry does not serve anyone twice.

    `user` is the account whose choices count (None: no account, it always leaves).
    """

    key: str
    to: str
    subject: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    reply_to: str = ""
    user: int | None = None
    is_staff: bool = False


Builder = Callable[[dict[str, Any]], list[Letter]]
