"""What a task is, whose it is, the address that does it, and when, in words."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse

from conventions.formats import counted, long_date
from conventions.models import Act, Bounds, User

SOON_DAYS = 30
LONGEST_ID = 18  # digits: a longer number is no row of ours, and more than the database holds
Found = TypeVar("Found", bound=QuerySet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do. `page` and `pk` name the row to open; `anchor` its section; `event` the event's own page.
    `url`: the address of a row that knows its own.

    `key` names the task among those of its kind; `officer` is in charge of the file; `not_for` may not do it (four
    eyes); `owed` is what a partner owes and may be reminded of, `terms` what the act says of it, `party` the one that
    owes it. Plain dates in Nouméa.
    """

    title: str
    key: str = ""
    why: str = ""
    page: str = "convention"
    pk: int = 0
    rank: int = 0
    event: str = ""
    anchor: str = ""
    url: str = ""
    since: datetime.date | None = None
    due: datetime.date | None = None
    officer: int | None = None
    not_for: frozenset[int] = frozenset()
    owed: str = ""
    terms: tuple[str, ...] = ()
    party: int | None = None
    is_demo: bool = False

    def is_late(self, today: datetime.date) -> bool:
        return self.due is not None and self.due < today


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Tasks of one kind, the most urgent first. `others`: it waits for somebody else, who is named."""

    code: str
    title: str
    action: str
    tasks: list[Task] = field(default_factory=list)
    others: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose tasks: one officer's files, or everybody's; on which day; `reader` is who asks, if anybody.

    `key`: the one task that is looked for, of those of its kind; empty: all.
    """

    today: datetime.date
    officer_id: int | None = None
    reader: User | None = None
    key: str = ""

    def of(self, rows: Found, path: str = "convention", *, key: str = "pk") -> Found:
        """Narrow rows to the officer's files, through the path to their convention, and to the key looked for."""
        if self.officer_id is not None:
            rows = rows.filter(**{f"{path}__officer" if path else "officer": self.officer_id})
        return self.only(rows, key)

    def owed(self, rows: Found) -> Found:
        """Narrow terms to the conventions of which something awaited is due soon, or was: the past is not read."""
        return rows.filter(act__convention__in=Bounds.objects.filter(owed_on__lte=self.soon).conventions())

    def only(self, rows: Found, key: str = "pk") -> Found:
        """Narrow rows to the key looked for; to none when it cannot be one of theirs."""
        if not self.key:
            return rows
        if self.key.isdecimal() and len(self.key) > LONGEST_ID:
            return rows.none()
        try:
            return rows.filter(**{key: self.key})
        except (ValueError, ValidationError):
            return rows.none()

    @property
    def soon(self) -> datetime.date:
        return self.today + datetime.timedelta(days=SOON_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who a kind of task waits for, and where it is read: in the open acts, or by a query of its own.

    `event`: what its button does, `page` where it leads otherwise; `four_eyes`: never for who prepared the act;
    `awaits_partner`: the partner may be reminded to sign; `done_by_reader`: why it is not for who is left out.
    """

    code: str
    title: str
    action: str
    roles: frozenset[str]
    accepts: Callable[[Act], bool] | None = None
    since: str = "updated_at"
    why: Callable[[Act], str] | None = None
    read: Callable[[Scope], list[Task]] = lambda scope: []
    event: str = ""
    page: str = "convention"
    four_eyes: bool = False
    awaits_partner: bool = False
    done_by_reader: str = "vous avez préparé ce dossier"

    def is_for(self, user: User) -> bool:
        return bool(user.is_superuser or not self.roles.isdisjoint(user.roles))


def address_of(task: Task) -> str:
    """The page that does it: the row's own address, else the event's, else the page, at its section."""
    if task.url:
        return task.url
    if task.event:
        url = reverse("admin:conventions_convention_event", args=[task.pk, task.event])
    elif task.page == "sceau":
        return reverse("admin:seal")
    elif task.page == "sceaux":
        return reverse("admin:seals_waiting")
    elif task.page == "signature":
        return reverse("signing:read", args=[task.pk])
    elif task.page in ("proposals", "addresses"):
        return reverse(f"admin:partner_{task.page}", args=[task.pk])
    else:
        pages = {"suivi": "convention_follow", "messages": "convention_messages"}
        name = pages.get(task.page, f"{task.page}_change")
        url = reverse(f"admin:conventions_{name}", args=[task.pk])
    query = f"?acte={task.rank}" if task.rank else ""
    return url + query + (f"#{task.anchor}" if task.anchor else "")


def when(task: Task, today: datetime.date) -> str:
    """« depuis 12 jours », « 3 jours de retard », « 30 juin 2026 (dans 3 jours) »."""
    if task.due is not None:
        days = (task.due - today).days
        if days < 0:
            return f"{counted(-days, 'jour')} de retard"
        return "aujourd’hui" if days == 0 else f"{long_date(task.due)} (dans {counted(days, 'jour')})"
    if task.since is None:
        return ""
    days = (today - task.since).days
    return "depuis aujourd’hui" if days <= 0 else f"depuis {counted(days, 'jour')}"


def by_urgency(tasks: list[Task], today: datetime.date) -> list[Task]:
    """Late first, the latest of all at the top; then the oldest or the nearest."""
    return sorted(
        tasks, key=lambda task: (not task.is_late(today), task.due or task.since or today, task.title)
    )
