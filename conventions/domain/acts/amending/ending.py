"""What a termination stops, and what remains due: read from the lines in force and the facts recorded so far."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Min

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.drafting.saving import lock
from conventions.domain.following.overview import FollowUp, Promise, follow_up
from conventions.domain.foundation.refusals import Refused
from conventions.enums import LetterKind, TerminationGround
from conventions.formats import NBSP, bare_label, counted, show_xpf
from conventions.models import Act, Convention, FormalLetter, User

# The letter that goes before a termination by OPT-NC alone, by its ground.
LETTERS_BEFORE = {
    TerminationGround.FAULT: LetterKind.NOTICE,
    TerminationGround.GENERAL_INTEREST: LetterKind.PRIOR_NOTICE,
}


@dataclass(frozen=True)
class Ending:
    """French sentences: what falls after the date of effect, and what is still open whatever happens."""

    stops: list[str]
    remains: list[str]


def ending_of(act: Act) -> Ending:
    """For a termination; without a date of effect, nothing can be said to stop. What is lent always comes back."""
    read = follow_up(act.convention)
    dated = [
        line for line in (*read.instalments, *read.reports) if line.is_open and line.row.act_id != act.pk
    ]
    stops = [line for line in dated if _falls_after(line, act)]
    remains = [line for line in dated if not _falls_after(line, act)]
    remains += [line for line in read.loans if line.is_open]
    return Ending(
        [_sentence(line) for line in stops], [_sentence(line) for line in remains] + _under_way(read)
    )


def _falls_after(line: Promise, act: Act) -> bool:
    return bool(act.effective_on and line.row.due_on and line.row.due_on > act.effective_on)


def _sentence(line: Promise) -> str:
    row = line.row
    due = f", {row.due}" if row.due else ""
    named = f"{str(row._meta.verbose_name).capitalize()} «{NBSP}{bare_label(str(row))}{NBSP}»"
    return f"{named}{due} ({line.state.label})."


def _under_way(read: FollowUp) -> list[str]:
    found = [
        f"{show_xpf(payment.amount)} transmis à l’agent comptable, pas encore payé."
        for payment in read.waiting_payments
        if payment.instalment_id is None
    ]
    waiting = len(read.to_hand_over)
    if waiting:
        found.append(f"{counted(waiting, 'appareil préparé', 'appareils préparés')}, pas encore remis.")
    return found


def letter_received(convention: Convention, ground: str) -> datetime.date | None:
    """The day the letter before a termination for this ground was received, by the last party if several had one.

    None: no letter of that kind has left, or nobody knows yet when one of the parties had its own.
    """
    kind = LETTERS_BEFORE.get(TerminationGround(ground))
    sent = FormalLetter.objects.filter(act__convention=convention, kind=kind, sent_on__isnull=False)
    first = [row["first"] for row in sent.order_by().values("party").annotate(first=Min("received_on"))]
    return max(first) if first and all(first) else None


@transaction.atomic
def record_notice(act: Act, *, by: User, on: datetime.date) -> None:
    """The day (plain date) the other party had the letter before a termination: its delay runs from there.

    Raises Refused for an act that is no termination by one party alone, or not in preparation any more.
    """
    permissions.require(permissions.can_write_letters, by)
    convention, locked = lock(act)
    if not locked.is_unilateral or not locked.is_editable:
        raise Refused(
            "Seule une résiliation décidée par une partie, en préparation, attend la date d’un préavis."
        )
    before, locked.notice_on = locked.notice_on, on
    locked.save(update_fields=["notice_on", "updated_at"])
    convention.version += 1
    convention.save(update_fields=["version", "updated_at"])
    journal.record(
        "preavis_recu",
        by=by,
        convention=convention,
        changes={"act.notice_on": [str(before) if before else None, str(on)]},
        details={"acte": locked.pk, "version": convention.version},
    )
