"""Begin an amendment or a termination: a draft act of the same convention, with its own signatories and articles."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.amending.ending import letter_received
from conventions.domain.acts.drafting import chronology, clauses, signatories
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActKind, ActOrigin, ActState, PartyRole, SigningPath, TermKind
from conventions.models import Act, Convention, User


def start_amendment(
    convention: Convention, *, by: User, reason: str, ends_on: datetime.date | None = None
) -> Act:
    """A draft amendment; `ends_on` (plain date) extends the term, possibly after a gap.

    Raises Refused when the convention is not signed or was terminated.
    """
    permissions.require(permissions.can_edit_conventions, by)
    return _start(convention, ActKind.AMENDMENT, by=by, reason=reason, values=_extension(convention, ends_on))


def start_termination(
    convention: Convention, *, by: User, reason: str, effective_on: datetime.date, ground: str = ""
) -> Act:
    """A draft termination that takes effect on a plain date. Raises Refused as `start_amendment`.

    With a `ground` (enums.TerminationGround), OPT-NC ends the convention alone, until the page says who does; the
    letter that has already left gives the day of its notice.
    """
    permissions.require(permissions.can_edit_conventions, by)
    values = {"term_kind": "", "effective_on": effective_on, "ground": ground}
    if ground:
        values["ended_by"] = convention.parties.filter(role=PartyRole.OPT).order_by("position", "pk").first()
        values["notice_on"] = letter_received(convention, ground)
    return _start(convention, ActKind.TERMINATION, by=by, reason=reason, values=values)


def record_past_act(convention: Convention, kind: ActKind, *, by: User, **values: Any) -> Act:
    """A draft of an amendment or a termination signed on paper before the application, in its place in time.

    Nothing is proposed: neither signatories nor articles, place or term. Acts may be recorded in any order, before the
    convention itself is, or after it ended. `values` are columns of the act. Raises Refused for one older than the
    convention, or that an act made here prevents.
    """
    permissions.require(permissions.can_edit_conventions, by)
    with transaction.atomic():
        locked = Convention.objects.select_for_update(of=("self",)).get(pk=convention.pk)
        initial = Act.objects.get(convention=locked, rank=0)
        if not initial.is_reprise:
            raise Refused(
                "Cette convention a été préparée dans l’application : ses avenants aussi. Préparez l’avenant, puis "
                "classez l’exemplaire signé."
            )
        dated = kind == ActKind.AMENDMENT and (values.get("starts_on") or values.get("ends_on"))
        act = Act.objects.create(
            convention=locked,
            kind=kind,
            rank=_next_rank(locked),
            origin=ActOrigin.REPRISE,
            prepared_by=by,
            place="",
            **{"term_kind": TermKind.DATES if dated else ""} | values,
        )
        chronology.settle(locked)
        act.refresh_from_db(fields=["rank"])
        _tell(act, by=by, details={"origine": str(ActOrigin.REPRISE)})
    return act


def _next_rank(convention: Convention) -> int:
    return (convention.acts.aggregate(last=Max("rank"))["last"] or 0) + 1


def _tell(act: Act, *, by: User, details: dict[str, Any] | None = None) -> None:
    journal.record(
        "avenant_commence" if act.kind == ActKind.AMENDMENT else "resiliation_commencee",
        by=by,
        convention=act.convention,
        details={"acte": act.pk, "rang": act.rank, "motif": act.reason} | (details or {}),
    )


def _extension(convention: Convention, ends_on: datetime.date | None) -> dict:
    if ends_on is None:
        return {"term_kind": ""}
    row = Convention.objects.with_status().get(pk=convention.pk)
    return {"term_kind": TermKind.DATES, "starts_on": row.current_start, "ends_on": ends_on}


def _start(convention: Convention, kind: ActKind, *, by: User, reason: str, values: dict) -> Act:
    with transaction.atomic():
        locked = Convention.objects.select_for_update(of=("self",)).get(pk=convention.pk)
        initial = Act.objects.get(convention=locked, rank=0)
        _check_can_start(locked, initial)
        act = Act.objects.create(
            convention=locked,
            kind=kind,
            rank=_next_rank(locked),
            path=SigningPath.INK,
            prepared_by=by,
            reason=reason,
            place=initial.place,
            **values,
        )
        parties = locked.parties.standing().select_related("partner").order_by("position", "pk")
        signing = parties.filter(pk=act.ended_by_id) if act.ended_by_id else parties
        signatories.propose_signatories(act, list(signing))
        clauses.choose_clauses(act)
        _tell(act, by=by)
    return act


def _check_can_start(convention: Convention, initial: Act) -> None:
    if initial.state != ActState.SIGNED:
        raise Refused(
            "La convention n’est pas signée : modifiez son brouillon plutôt que de faire un avenant."
        )
    if is_terminated(convention):
        raise Refused("La convention est résiliée : préparez une nouvelle convention.")


def is_terminated(convention: Convention) -> bool:
    """A termination is signed, whatever its day of effect."""
    return convention.acts.signed_terminations().exists()
