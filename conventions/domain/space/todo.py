"""What waits for this reader now, one line and one button each; the most pressing first.

Only someone in office who may send something has anything to do.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from conventions.domain.acts import signing
from conventions.domain.documents.rendering.text import compose
from conventions.domain.space.access import File, Reader
from conventions.domain.space.rows import Rows
from conventions.domain.space.wording import act_label, day
from conventions.enums import ActOrigin, ObligationKind, ProposalState
from conventions.formats import act_words, typeset
from conventions.models import (
    Thread,
    User,
)

if TYPE_CHECKING:
    from conventions.domain.space.rows import ReadDuty, ReadParty

SOON = datetime.timedelta(days=30)
ANSWERED_WITHIN = datetime.timedelta(days=30)  # an older answer has been read, or no longer matters
# Only these come as a paper that the office records: of the others we cannot say whether they were kept.
PAPERS = (ObligationKind.FINANCIAL_REPORT, ObligationKind.REVIEW, ObligationKind.RECEIPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """`page` and `args` name the address that does it; `rank` sorts: sign, then what is late, the rest, the answers."""

    what: str
    why: str
    button: str
    page: str
    args: tuple[str | int, ...]
    slug: str
    title: str
    is_demo: bool
    rank: tuple[int, datetime.date]


def todo(user: Reader, files: Iterable[File], rows: Rows) -> list[Todo]:
    """Everything that waits for this person in these conventions: one query, beside `rows`."""
    live = {file.convention.pk: file for file in files if file.in_office}
    parties = {key: mine for key, file in live.items() if (mine := rows.mine(file))}
    acting = {key: file for key, file in live.items() if key in parties}
    found = [
        *_signatures(user, live),
        *_accounts(acting, parties),
        *_handovers(acting, rows),
        *_reports(acting, parties, rows),
    ]
    return sorted(found, key=lambda item: (item.rank, item.title))


def _item(file: File, *, rank: int, on: datetime.date | None = None, **values: Any) -> Todo:
    convention = file.convention
    return Todo(
        slug=convention.slug,
        title=typeset(convention.title),
        is_demo=convention.is_demo,
        rank=(rank, on or datetime.date.max),
        **values,
    )


def _signatures(user: Reader, files: dict[int, File]) -> list[Todo]:
    found = []
    for request in signing.waiting_for(user) if isinstance(user, User) else ():
        act = request.document.act
        file = files.get(act.convention_id) if act else None
        if file is None or act is None:
            continue
        until = f"avant le {day(timezone.localdate(request.expires_at))}" if request.expires_at else ""
        found.append(
            _item(file, rank=0, what=f"Signer {act_words(act.kind).the}",
                  why=typeset(f"{act_label(act).capitalize()} n° {act.reference}, à signer {until}".strip()),
                  button="Lire et signer", page="signing:read", args=(request.pk,))
        )  # fmt: skip
    return found


def _is_followed(file: File) -> bool:
    """Signed, not closed, and not a reprise, which tells the past."""
    first = file.signed_acts[0] if file.signed_acts else None
    return first is not None and file.convention.closed_on is None and first.origin != ActOrigin.REPRISE


def _accounts(files: dict[int, File], parties: dict[int, ReadParty]) -> list[Todo]:
    """One line per partner, at its first convention with money."""
    found: dict[int, Todo] = {}
    for key, file in files.items():
        party = parties[key]
        waits = party.proposal_state == ProposalState.WAITING
        if not _is_followed(file) or not party.has_money or party.has_account or waits:
            continue
        refused = party.proposal_state == ProposalState.REFUSED
        reason = party.proposal_reason or ""
        why = (
            f"Le précédent n’a pas pu être accepté : {reason}" if refused else "Il en faut un pour être payé."
        )
        found.setdefault(
            party.partner_id,
            _item(file, rank=2, what="Envoyer votre RIB", why=typeset(why), button="Envoyer le RIB",
                  page="portal:bank", args=(file.convention.slug,)),
        )  # fmt: skip
    return list(found.values())


def _handovers(files: dict[int, File], rows: Rows) -> list[Todo]:
    found = []
    for file in files.values():
        for row in rows.handovers_of(file) if _is_followed(file) else ():
            if row.acknowledged_at is not None:
                continue
            place = f", {row.place}" if row.place else ""
            found.append(
                _item(file, rank=1, on=row.handed_on, what="Confirmer la réception du matériel",
                      why=typeset(f"Remis le {day(row.handed_on)}{place}."), button="Confirmer",
                      page="portal:handover", args=(file.convention.slug, row.pk))
            )  # fmt: skip
    return found


def _reports(files: dict[int, File], parties: dict[int, ReadParty], rows: Rows) -> list[Todo]:
    mine = [
        (file, row) for file in files.values() if _is_followed(file) for row in rows.duties_of(file)
        if row.kind in PAPERS and row.party_id in (None, parties[file.convention.pk].pk)
    ]  # fmt: skip
    return [item for file, row in mine if (item := _report(file, row)) is not None]


def _report(file: File, row: ReadDuty) -> Todo | None:
    """A paper to send: asked for again, late, or due soon; None while it does not wait."""
    today = timezone.localdate()
    refusal = row.last_refusal
    if row.received_on:
        return None
    if not refusal and (row.due_on is None or row.due_on > today + SOON):
        return None
    late = row.due_on is not None and row.due_on < today
    due = f"Attendu depuis le {day(row.due_on)}." if late else f"À remettre {row.due}." if row.due_on else ""
    return _item(
        file, rank=1 if late or refusal else 2, on=row.due_on, what=f"Envoyer : {row.get_kind_display()}",
        why=compose(f"À reprendre : {refusal}" if refusal else due), button="Envoyer",
        page="portal:report", args=(file.convention.slug, row.pk),
    )  # fmt: skip


def answers(files: Iterable[File], rows: Rows) -> list[Todo]:
    """The open exchanges whose last message is a recent one of the office, for who may write there: one query."""
    acting = {file.convention.pk: (file, mine) for file in files if (mine := rows.mine(file))}
    answered = Thread.objects.filter(
        convention__in=acting,
        waits_for_staff=False,
        closed_at=None,
        updated_at__gt=timezone.now() - ANSWERED_WITHIN,
    )
    return [
        _answer(file, row)
        for row in answered
        for file, mine in [acting[row.convention_id]]
        if row.partner_id == mine.partner_id
    ]


def _answer(file: File, row: Thread) -> Todo:
    on = timezone.localdate(row.updated_at)
    return _item(
        file, rank=3, on=on, what=typeset(f"L’OPT-NC vous a répondu : {row.subject}"),
        why=typeset(f"Réponse du {day(on)}."), button="Lire la réponse",
        page="portal:thread", args=(file.convention.slug, row.pk),
    )  # fmt: skip
