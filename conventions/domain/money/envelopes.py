"""Envelopes: opened once, moved by decisions, charged line by line. Beyond what was voted one is warned, never stopped.

Amounts are whole XPF, days plain dates. Each verb writes its rows and its line of the journal in one transaction.
"""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation.refusals import Refused, refusal_of
from conventions.domain.money import years
from conventions.formats import counted, show_xpf
from conventions.models import Charge, Convention, Envelope, EnvelopeMove, EnvelopeMoveText, Funding, User
from conventions.models.envelopes import SCOPES
from conventions.money_enums import MoveKind

MOST = 10**12  # XPF: what no budget of an office reaches
AT_LEAST_ONE = "Donnez un montant d’au moins 1 F CFP."
TOO_MUCH = "Ce montant est trop grand. Vérifiez le nombre de zéros."
NEEDS_REASON = "Dites pourquoi, en quelques mots."
SAME = "Choisissez une autre enveloppe : celle-ci est déjà celle de départ."
SAME_YEAR = (
    "Un transfert se fait entre enveloppes du même exercice. D’un exercice à l’autre, c’est un report."
)
NEXT_YEAR = "Un report va vers une enveloppe d’un exercice suivant."
NONE_CHOSEN = "Choisissez au moins une ligne de financement."
NOT_A_LINE = "Une ligne choisie n’est plus un financement de l’OPT-NC. Rechargez la page, puis recommencez."
SIGNS = {MoveKind.VOTED: 1, MoveKind.ADDED: 1, MoveKind.CUT: -1}  # of what one envelope alone is moved by


def open_envelope(year: int, label: str, *, by: User, **scope: Any) -> Envelope:
    """A new envelope; `scope`: at most one of theme, kind, province, project. Raises Refused, by field."""
    permissions.require(permissions.can_edit_envelopes, by)
    row = Envelope(
        year=year, label=label.strip(), recorded_by=by, **{name: scope.get(name) for name in SCOPES}
    )
    try:
        row.full_clean()
    except ValidationError as error:
        raise refusal_of(error) from error
    with transaction.atomic():
        row.save()
        journal.record("enveloppe_ouverte", by=by, details=_named(row) | {"portee": row.scope})
    return row


def move(
    envelope: Envelope,
    kind: str,
    amount: int,
    *,
    decided_on: datetime.date,
    decision: str = "",
    reason: str = "",
    closed_reason: str = "",
    by: User,
) -> EnvelopeMove:
    """What was voted, added or cut; `amount` without a sign. A cut and an addition need a reason. Raises Refused."""
    permissions.require(permissions.can_edit_envelopes, by)
    kind, sign = MoveKind(kind), SIGNS[MoveKind(kind)]
    _check(amount, decided_on, reason if kind != MoveKind.VOTED else "voté")
    with transaction.atomic():
        years.require_open(envelope.year, by=by, reason=closed_reason or reason)
        return _write(envelope, kind, sign * amount, None, (decision, decided_on, reason), by)


def transfer(
    source: Envelope,
    target: Envelope,
    amount: int,
    *,
    decided_on: datetime.date,
    decision: str = "",
    reason: str,
    by: User,
) -> tuple[EnvelopeMove, EnvelopeMove]:
    """From an envelope to another of its year, or (a carry-over) of a later year: two legs, both or none. Refused."""
    permissions.require(permissions.can_edit_envelopes, by)
    if source.pk == target.pk:
        raise Refused({"target": SAME})
    if target.year < source.year:
        raise Refused({"target": NEXT_YEAR})
    kind = MoveKind.TRANSFER if source.year == target.year else MoveKind.CARRY_OVER
    _check(amount, decided_on, reason)
    with transaction.atomic():
        list(Envelope.objects.select_for_update().filter(pk__in=(source.pk, target.pk)).order_by("pk"))
        for year in sorted({source.year, target.year} if kind == MoveKind.TRANSFER else {target.year}):
            years.require_open(year, by=by, reason=reason)
        told = (decision, decided_on, reason)
        return (
            _write(source, kind, -amount, target, told, by),
            _write(target, kind, amount, source, told, by),
        )


def _check(amount: int, decided_on: datetime.date, reason: str) -> None:
    faults = {}
    if amount < 1:
        faults["amount"] = AT_LEAST_ONE
    elif amount > MOST:
        faults["amount"] = TOO_MUCH
    if decided_on > timezone.localdate():
        faults["decided_on"] = years.FUTURE
    if not reason.strip():
        faults["reason"] = NEEDS_REASON
    if faults:
        raise Refused(faults)


def _write(
    envelope: Envelope,
    kind: MoveKind,
    signed: int,
    other: Envelope | None,
    told: tuple[str, datetime.date, str],
    by: User,
) -> EnvelopeMove:
    decision, decided_on, reason = told
    row = EnvelopeMove.objects.create(
        envelope=envelope,
        kind=kind,
        amount=signed,
        other=other,
        decision=decision.strip(),
        decided_on=decided_on,
        recorded_by=by,
    )
    if reason.strip():
        EnvelopeMoveText.objects.create(move=row, reason=reason.strip())
    details = _named(envelope) | {"mouvement": str(kind.label), "montant": show_xpf(signed)}
    if decision.strip():
        details["decision"] = decision.strip()
    personal = {"motif": reason.strip()} if reason.strip() else None
    journal.record("enveloppe_mouvement", by=by, details=details, personal=personal)
    return row


def _named(envelope: Envelope) -> dict[str, Any]:
    return {"enveloppe": envelope.label, "exercice": envelope.year, "fiche": envelope.pk}


def charge(chosen: Mapping[uuid.UUID, Envelope | None], *, by: User) -> int:
    """Charge lines of OPT-NC's funding to these envelopes, all or none; None takes a line out of its envelope.

    Lines that stand where they are asked are passed over. Returns how many were written. Raises Refused.
    """
    permissions.require(permissions.can_edit_envelopes, by)
    if not chosen:
        raise Refused(NONE_CHOSEN)
    with transaction.atomic():
        owners = dict(
            Funding.objects.granted()
            .filter(line__in=list(chosen))
            .order_by("pk")
            .values_list("line", "act__convention")
        )
        if len(owners) != len(chosen):
            raise Refused(NOT_A_LINE)
        conventions = Convention.objects.in_bulk(owners.values())
        for key in sorted(conventions):
            journal.hold(conventions[key])
        before = dict(
            Charge.objects.standing().filter(line__in=list(chosen)).values_list("line", "envelope_id")
        )
        moved = {
            line: row
            for line, row in chosen.items()
            if before.get(line) != (row.pk if row is not None else None)
        }
        Charge.objects.bulk_create(
            (
                Charge(convention=conventions[owners[line]], line=line, envelope=row, recorded_by=by)
                for line, row in moved.items()
            ),
            batch_size=500,
        )
        _tell(moved, owners, conventions, by)
    return len(moved)


def _tell(
    moved: Mapping[uuid.UUID, Envelope | None],
    owners: Mapping[uuid.UUID, int],
    conventions: Mapping[int, Convention],
    by: User,
) -> None:
    """One line in the chain of each convention."""
    found: dict[int, list[str]] = {}
    for line, row in moved.items():
        found.setdefault(owners[line], []).append(str(row) if row is not None else "sans enveloppe")
    for key in sorted(found):
        details = {"lignes": len(found[key]), "enveloppes": sorted(set(found[key]))}
        journal.record(
            "financement_impute", by=by, convention=conventions[key], details=details, holds_chain=True
        )


def told(count: int) -> str:
    """« 12 lignes imputées. »"""
    return f"{counted(count, 'ligne imputée', 'lignes imputées')}."
