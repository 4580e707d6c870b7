"""The letter that comes before a termination by OPT-NC alone, and the termination that it announces.

A formal notice goes before a termination for a fault, a notice of its own before one of general interest. The day the
letter arrived is kept by the letter; the termination in preparation takes it from there (`amending.record_notice`).
"""

from __future__ import annotations

import datetime
from typing import Any

from conventions import permissions
from conventions.domain.acts import amending
from conventions.domain.acts.amending import LETTERS_BEFORE
from conventions.domain.foundation.refusals import Refused
from conventions.enums import (
    NOTICES,
    ActKind,
    ActState,
    LetterKind,
    PartyRole,
    TerminationGround,
)
from conventions.formats import counted, later_day, long_date
from conventions.models import Act, Convention, FormalLetter, User

GROUNDS = {kind: ground for ground, kind in LETTERS_BEFORE.items()}
DELAY = NOTICES[TerminationGround.FAULT][1]  # days given by a formal notice, unless another number is typed
ENDED = "La convention est déjà résiliée : ce courrier n’a plus rien à annoncer. Choisissez « notification d’un acte »."


class LetterRefused(Refused):
    """Why a letter cannot be made or sent, in French."""


def termination_of(convention: Convention) -> Act | None:
    """The termination in preparation, decided by OPT-NC alone, that waits for a letter; the last one begun."""
    rows = convention.acts.filter(
        kind=ActKind.TERMINATION,
        ground__in=LETTERS_BEFORE,
        ended_by__role=PartyRole.OPT,
        state__in=[ActState.DRAFT, ActState.TO_CORRECT],
    )
    return rows.order_by("-rank").first()


def has_letter(act: Act) -> bool:
    """Whether a letter of OPT-NC goes before this act: a termination that it decides alone, for such a ground."""
    by_opt = act.ended_by is not None and act.ended_by.role == PartyRole.OPT
    return act.kind == ActKind.TERMINATION and act.ground in LETTERS_BEFORE and by_opt


def said_by(ending: Act) -> dict[str, Any]:
    """What the letter takes from its termination, by the names of the form: nothing that the termination leaves out."""
    return {
        "kind": LETTERS_BEFORE[TerminationGround(ending.ground)],
        "reason": ending.reason,
        "days": DELAY,
        "effective_on": ending.effective_on,
    }


def delay(kind: LetterKind, days: int) -> str:
    """« 30 jours » as typed for a formal notice, « 2 mois » as the signed text gives them; empty for other letters."""
    if kind == LetterKind.PRIOR_NOTICE:
        return counted(NOTICES[GROUNDS[kind]][0], "mois", "mois")
    return counted(days, "jour") if days > 0 else ""


def check(
    convention: Convention, kind: LetterKind, effective_on: datetime.date | None, today: datetime.date
) -> None:
    """Raise LetterRefused: the convention is ended already, or the day of effect comes before the end of the notice."""
    if kind in GROUNDS and amending.is_terminated(convention):
        raise LetterRefused(ENDED)
    if kind != LetterKind.PRIOR_NOTICE or effective_on is None:
        return
    first = later_day(today, *NOTICES[GROUNDS[kind]])
    if effective_on < first:
        raise LetterRefused(
            f"Repoussez la date d’effet au {long_date(first)} au moins : le préavis dure {delay(kind, 0)} et ne court "
            "que de la réception du courrier."
        )


def tell_termination(letter: FormalLetter, *, by: User) -> Act | None:
    """Give the termination in preparation the day on which its letter has reached the last party it was sent to.

    Return that termination; None when the letter announces none. Call in the transaction that notes it.
    """
    permissions.require(permissions.can_write_letters, by)
    ending = termination_of(letter.act.convention)
    if ending is None or GROUNDS.get(LetterKind(letter.kind)) != ending.ground:
        return None
    last = amending.letter_received(letter.act.convention, ending.ground)
    if last is not None and last != ending.notice_on:
        amending.record_notice(ending, by=by, on=last)
    return ending
