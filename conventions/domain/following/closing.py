"""The end of a convention: what the office concludes, what is still open, closing."""

import datetime

from django.db import transaction

from conventions import permissions
from conventions.domain import journal
from conventions.domain.following.overview import FollowUp, follow_up
from conventions.domain.money.refusals import refuse_if_any, to_come, unsigned
from conventions.enums import ActState
from conventions.formats import join_first
from conventions.models import Act, Convention, EquipmentItem, Review, User

LISTED = 12  # devices named in a sentence
TO_CONFIRM = "Tout n’est pas terminé. Confirmez que vous clôturez quand même."


def record_review(
    convention: Convention,
    *,
    reviewed_on: datetime.date,
    conclusion: str,
    by: User,
    renew: bool | None = None,
) -> Review:
    """Record what the office concludes; `renew` None: it does not say. Raises PermissionDenied or Refused."""
    permissions.require(permissions.can_edit_conventions, by)
    faults = unsigned(convention) | to_come(reviewed_on=reviewed_on)
    if not conclusion.strip():
        faults["conclusion"] = "Écrivez en une phrase ce que vous concluez."
    refuse_if_any(faults)
    with transaction.atomic():
        review = Review.objects.create(
            convention=convention,
            reviewed_on=reviewed_on,
            conclusion=conclusion.strip(),
            renew=renew,
            recorded_by=by,
        )
        details = {"bilan": review.pk, "date": reviewed_on, "renouveler": renew}
        journal.record("bilan_enregistre", by=by, convention=convention, details=details)
    return review


def still_open(convention: Convention, sheet: FollowUp | None = None) -> list[str]:
    """What is not finished, in French sentences; empty when all is done."""
    return (sheet or follow_up(convention)).still_open


def close(
    convention: Convention, *, closed_on: datetime.date, by: User, confirmed: bool = False
) -> Convention:
    """Close a convention that was signed. What is still open must be confirmed; it is told in the journal.

    A device is settled first, whoever confirms: it would stay promised, or lent, under a file that nobody opens again.
    Raises PermissionDenied, or Refused: on « confirmed » when something is open and nobody confirmed it.
    """
    permissions.require(permissions.can_edit_conventions, by)
    with transaction.atomic():
        locked = Convention.objects.select_for_update(of=("self",)).get(pk=convention.pk)
        refuse_if_any(_closing_faults(locked, closed_on))
        left = still_open(locked)
        if left and not confirmed:
            refuse_if_any({"confirmed": TO_CONFIRM})
        Convention.objects.filter(pk=locked.pk).update(closed_on=closed_on)
        details = {"close_le": closed_on} | ({"restait": left} if left else {})
        journal.record("convention_close", by=by, convention=locked, details=details)
    locked.closed_on = closed_on
    return locked


def _closing_faults(convention: Convention, closed_on: datetime.date) -> dict[str, str]:
    faults = unsigned(convention) | to_come(closed_on=closed_on)
    if convention.closed_on is not None:
        faults["closed_on"] = "Cette convention est déjà close."
    signed = Act.objects.filter(convention=convention, state=ActState.SIGNED, signed_on__gt=closed_on)
    if signed.exists():
        faults.setdefault("closed_on", "La clôture précède une signature. Corrigez la date.")
    if unsettled := _unsettled_devices(convention):
        faults.setdefault("", unsettled)
    return faults


def _unsettled_devices(convention: Convention) -> str:
    """The devices still promised or lent, in sentences that say what to do; empty when each is settled."""
    items = EquipmentItem.objects.filter(equipment__act__convention=convention)
    waiting, lent = items.to_hand().filter(device__lost_on=None), items.lent_out()
    found = (
        ("Réservés, pas encore remis", "Remettez-les ou libérez-les avant de clôturer.", waiting),
        ("Prêtés, pas encore rendus", "Notez leur retour ou leur perte avant de clôturer.", lent),
    )
    return " ".join(
        f"{what} : {join_first([str(row) for row in rows], LISTED)}. {do}" for what, do, rows in found if rows
    )
