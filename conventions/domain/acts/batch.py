"""One event for several conventions, one after the other, outside the request: each is done, or says why not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from conventions import permissions
from conventions.domain.acts import lifecycle
from conventions.domain.foundation import jobs
from conventions.domain.foundation.refusals import Refused
from conventions.domain.foundation.second_process import share
from conventions.enums import ENDED_STATES, Event
from conventions.models import Act, Ceremony, Convention, Job, User

KIND = "faire_avancer"
# Those that need no detail, so nothing to type for each row.
EVENTS = tuple(event for event, rule in lifecycle.TABLE.items() if rule.roles and not rule.needs)
READ_FIRST = "Ouvrez ce dossier : ce qui a changé depuis la dernière lecture se lit avant de valider."


@dataclass(frozen=True, kw_only=True)
class Row:
    """What the event would do to one convention now, and why not."""

    convention: Convention
    act: Act | None
    allowed: bool
    reason: str
    missing: tuple[str, ...] = ()


def foresee(conventions: Iterable[Convention], event: Event, *, user: User) -> list[Row]:
    """One row for each convention, in their order. The act is the last one still alive."""
    return [_row(convention, event, user=user) for convention in conventions]


def _row(convention: Convention, event: Event, *, user: User) -> Row:
    act = _act_of(convention)
    if act is None:
        return Row(convention=convention, act=None, allowed=False, reason="Aucun acte n’est en cours.")
    return _row_of(act, event, user=user)


def foresee_day(ceremony: Ceremony, *, user: User) -> list[Row]:
    """What « Préparer la journée » would do: freeze each approved act of the ceremony. Ended acts are left out."""
    acts = ceremony.acts.exclude(state__in=ENDED_STATES).select_related("convention")
    return [_row_of(act, Event.FREEZE, user=user) for act in acts.order_by("convention__title", "rank")]


def _row_of(act: Act, event: Event, *, user: User) -> Row:
    convention = act.convention
    choice = lifecycle.choice_of(act, event, user=user)
    if choice.allowed and event == Event.APPROVE and act.read_sequence is not None:
        return Row(convention=convention, act=act, allowed=False, reason=READ_FIRST)
    missing = tuple(item.label for item in choice.missing)
    return Row(convention=convention, act=act, allowed=choice.allowed, reason=choice.reason, missing=missing)


def _act_of(convention: Convention) -> Act | None:
    acts = list(convention.acts.select_related("convention").order_by("rank"))
    return next((act for act in reversed(acts) if act.state not in ENDED_STATES), None)


def start(rows: list[Row], event: Event, *, by: User) -> Job:
    """The job that does it to the rows that may go on, on behalf of this person."""
    permissions.require(permissions.can_move_acts, by)
    acts = [row.act.pk for row in rows if row.act is not None and row.allowed]
    arguments = {"event": event.value, "acts": acts}
    return jobs.start_job(KIND, owner=by, label=f"{event.label} : {len(acts)} dossiers", arguments=arguments)


@jobs.job(KIND)
def advance(job: Job, arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """One transition at a time in each of two processes. Begun again after a crash, it passes over what was done."""
    event, acts = Event(arguments["event"]), arguments["acts"]
    found: dict[int, dict[str, Any]] = {}
    progress(0, len(acts))
    for key, told in share(_advance_one, acts, event.value, job.owner_id):
        found[key] = told
        progress(len(found), len(acts))
    count = sum(told["done"] for told in found.values())
    return {"text": f"{count} sur {len(acts)} : c’est fait.", "rows": [found[key] for key in acts]}


def _advance_one(key: int, event: str, owner: int | None) -> dict[str, Any]:
    """One act, by its id, in this process or in the second: its name, whether it is done, what is told of it."""
    act = Act.objects.select_related("convention").get(pk=key)
    done, told = _advance(act, Event(event), by=User.objects.get(pk=owner) if owner else None)
    return {"name": act.convention.title, "done": done, "told": told}


def _advance(act: Act, event: Event, *, by: User | None) -> tuple[bool, str]:
    if act.state == lifecycle.TABLE[event].target:
        return True, f"C’est fait : {act.get_state_display()}."
    try:
        after = lifecycle.apply(act, event, by=by)
    except Refused as error:
        return False, str(error)
    return True, f"C’est fait : {after.get_state_display()}."
