"""The digits that prove who receives equipment reads the address we know, bound to the procès-verbal shown."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts.requests.codes import refuse_elsewhere
from conventions.domain.foundation import one_time_codes, outbox
from conventions.models import Handover, HandoverCode, User
from conventions.models.codes import OneTimeCodeQuerySet

LETTER = "code_de_remise"
CODES = one_time_codes.Codes(
    model=HandoverCode,
    salt="conventions.handover_code",
    bound_to=lambda code: f"{code.pk}:{code.handover_id}:{code.user_id}:{code.document_sha256}",
    minutes_setting="SIGNATURE_CODE_MINUTES",
    tries_setting="SIGNATURE_CODE_TRIES",
)


def ask(handover: Handover, *, shown_sha256: str, by: User) -> HandoverCode:
    """Queue a code for the procès-verbal that was shown; earlier codes of this person for this remise lapse."""
    convention = handover.act.convention
    with transaction.atomic():
        journal.hold(convention)
        Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)

        def send(code: HandoverCode) -> None:
            params: dict[str, int | str] = {"handover_code": code.pk}
            outbox.queue(LETTER, params=params, convention=convention, not_before=code.leaves_at)

        mine = _of(handover, by)
        code = CODES.ask(
            HandoverCode.objects.filter(user=by),
            replaced=mine,
            send=send,
            handover=handover,
            user=by,
            document_sha256=shown_sha256,
        )
        journal.record(
            "code_de_remise_demande",
            by=by,
            convention=convention,
            details={"remise": handover.pk},
            holds_chain=True,
        )
    return code


def _of(handover: Handover, user: User) -> OneTimeCodeQuerySet:
    return HandoverCode.objects.filter(handover=handover, user=user)


def live(handover: Handover, user: User) -> HandoverCode | None:
    """The code that would do, its mail gone or about to leave."""
    return _of(handover, user).usable().order_by("-pk").first()


def mint(code_id: int) -> str | None:
    """The digits, drawn as the mail leaves; None when the code has lapsed."""
    minted = CODES.mint(code_id, sent_at=timezone.now())
    return minted[1] if minted else None


def lapse(user: User) -> None:
    """Codes of this person work no more: they left for an address that does not count any longer."""
    one_time_codes.lapse(HandoverCode.objects.filter(user=user))


def check(handover: Handover, *, by: User, shown_sha256: str, typed: str) -> HandoverCode:
    """Use the last code of this person for this remise, once. Raises WrongCode or CodeOver."""
    elsewhere = refuse_elsewhere(shown_sha256)
    return CODES.check(_of(handover, by), typed, elsewhere=elsewhere)
