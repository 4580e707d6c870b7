"""What waits for this reader now, one line and one button each; the most pressing first.

Five queries whatever the number of conventions. Only someone in office who may send something has anything to do.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from conventions.domain import signing
from conventions.domain.space.access import File, Reader
from conventions.domain.space.terms import in_force
from conventions.domain.space.wording import act_label, day
from conventions.enums import ActOrigin, FundingFigure, ObligationKind, PartyRole, ProposalState
from conventions.formats import act_words, typeset
from conventions.models import (
    BankAccount,
    BankProposal,
    Funding,
    Handover,
    Obligation,
    Party,
    ReportReceived,
    Representative,
    User,
)

SOON = datetime.timedelta(days=30)
# Only these come as a paper that the office records: of the others we cannot say whether they were kept.
PAPERS = (ObligationKind.FINANCIAL_REPORT, ObligationKind.REVIEW, ObligationKind.RECEIPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """`page` and `args` name the address that does it; `rank` sorts: sign, then what is late, then the rest."""

    what: str
    why: str
    button: str
    page: str
    args: tuple[str | int, ...]
    slug: str
    title: str
    is_demo: bool
    rank: tuple[int, datetime.date]


def todo(user: Reader, files: Iterable[File]) -> list[Todo]:
    """Everything that waits for this person in these conventions."""
    live = {file.convention.pk: file for file in files if file.in_office}
    parties = _my_parties(user, list(live))
    acting = {key: file for key, file in live.items() if key in parties}
    found = [
        *_signatures(user, live),
        *_accounts(acting, parties),
        *_handovers(acting),
        *_reports(acting, parties),
    ]
    return sorted(found, key=lambda item: (item.rank, item.title))


def _my_parties(user: Reader, conventions: list[int]) -> dict[int, Party]:
    """Convention → the party for which this person may send something, with where its bank account stands."""
    mandates = Representative.objects.with_access(user).filter(reads_only=False)
    proposals = BankProposal.objects.filter(partner=OuterRef("partner")).order_by("-sent_at", "-pk")
    granted = Funding.objects.filter(act__convention=OuterRef("convention"), figure=FundingFigure.GRANTED)
    rows = (
        Party.objects.filter(convention__in=conventions, partner__in=mandates.values("partner"))
        .exclude(role=PartyRole.OPT)
        .annotate(
            has_account=Exists(BankAccount.objects.filter(partner=OuterRef("partner"), active=True)),
            has_money=Exists(granted),
            proposal_state=Subquery(proposals.values("state")[:1]),
            proposal_reason=Subquery(proposals.values("reason")[:1]),
        )
        .order_by("-position", "-pk")
    )
    return {row.convention_id: row for row in rows}


def _item(file: File, *, rank: int, on: datetime.date | None = None, **values) -> Todo:
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


def _accounts(files: dict[int, File], parties: dict[int, Party]) -> list[Todo]:
    """One line per partner, at its first convention with money."""
    found: dict[int, Todo] = {}
    for key, file in files.items():
        party = parties[key]
        waits = party.proposal_state == ProposalState.WAITING  # type: ignore[attr-defined]
        if not _is_followed(file) or not party.has_money or party.has_account or waits:  # type: ignore[attr-defined]
            continue
        refused = party.proposal_state == ProposalState.REFUSED  # type: ignore[attr-defined]
        reason = party.proposal_reason or ""  # type: ignore[attr-defined]
        why = (
            f"Le précédent n’a pas pu être accepté : {reason}" if refused else "Il en faut un pour être payé."
        )
        found.setdefault(
            party.partner_id,
            _item(file, rank=2, what="Envoyer votre RIB", why=typeset(why), button="Envoyer le RIB",
                  page="portal:bank", args=(file.convention.slug,)),
        )  # fmt: skip
    return list(found.values())


def _handovers(files: dict[int, File]) -> list[Todo]:
    acts = {act.pk: file for file in files.values() if _is_followed(file) for act in file.signed_acts}
    rows = Handover.objects.filter(act__in=list(acts), acknowledged_at=None).order_by("handed_on", "pk")
    return [
        _item(
            acts[row.act_id], rank=1, on=row.handed_on, what="Confirmer la réception du matériel",
            why=typeset(f"Remis le {day(row.handed_on)}{f', {row.place}' if row.place else ''}."),
            button="Confirmer", page="portal:handover", args=(acts[row.act_id].convention.slug, row.pk),
        )
        for row in rows
    ]  # fmt: skip


def _reports(files: dict[int, File], parties: dict[int, Party]) -> list[Todo]:
    today = timezone.localdate()
    acts = {act.pk: file for file in files.values() if _is_followed(file) for act in file.signed_acts}
    rows = with_reports(Obligation.objects.filter(act__in=list(acts)))
    found = []
    for row in in_force(rows):
        file = acts[row.act_id]
        ours = row.party_id in (None, parties[file.convention.pk].pk)
        if row.kind not in PAPERS or not ours or row.received_on:
            continue
        refusal = row.last_refusal
        if not refusal and (row.due_on is None or row.due_on > today + SOON):
            continue
        late = row.due_on is not None and row.due_on < today
        due = (
            f"{'Attendu depuis le' if late else 'À remettre avant le'} {day(row.due_on)}"
            if row.due_on
            else ""
        )
        why = f"À reprendre : {refusal}" if refusal else f"{due}."
        found.append(
            _item(file, rank=1 if late or refusal else 2, on=row.due_on,
                  what=f"Envoyer : {row.get_kind_display()}", why=typeset(why), button="Envoyer",
                  page="portal:report", args=(file.convention.slug, row.pk))
        )  # fmt: skip
    return found


def with_reports(rows):
    """Obligations with what was received of their line: day, acceptance, and why the last one was asked for again."""
    reports = ReportReceived.objects.filter(obligation__line=OuterRef("line")).order_by("-received_on", "-pk")
    standing = reports.filter(refused_on=None)
    return rows.annotate(
        received_on=Subquery(standing.values("received_on")[:1]),
        accepted_on=Subquery(reports.filter(~Q(accepted_on=None)).values("accepted_on")[:1]),
        last_refusal=Subquery(reports.values("refusal")[:1]),
    )
