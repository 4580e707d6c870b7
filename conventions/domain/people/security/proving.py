"""How one proves who one is, in a session that goes on: staff with their second factor, or their password where they
have none; people of associations with a code sent to the address they sign in with.

A code opens the session that asked for it, no other. A proof gives the session a new key.
"""

from __future__ import annotations

import datetime

from django.contrib.auth import authenticate
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone

from conventions.domain.foundation import one_time_codes, outbox
from conventions.domain.foundation.one_time_codes import CodeRefused
from conventions.domain.people.requests import SignedInRequest
from conventions.domain.people.security import proofs, second_factor, sessions
from conventions.domain.people.security.proofs import Way
from conventions.models import ProofCode, User

CODES = one_time_codes.Codes(
    model=ProofCode,
    salt="conventions.proof_code",
    bound_to=lambda code: f"{code.pk}:{code.connection_id}",
    minutes_setting="LOGIN_CODE_MINUTES",
    tries_setting="LOGIN_CODE_TRIES",
)
KEPT = datetime.timedelta(days=7)
ELSEWHERE = "Ce code a été demandé depuis un autre appareil. Demandez un nouveau code ici."


def way_of(user: User) -> Way:
    """How this person proves it today."""
    if not user.is_staff:
        return Way.CODE
    return Way.FACTOR if second_factor.factor_of(user) else Way.PASSWORD


def must_enrol(user: User) -> bool:
    """An administrator without a second factor: the password does not do."""
    return proofs.needs_factor(user) and second_factor.factor_of(user) is None


def ask_code(user: User, session: SessionBase) -> ProofCode:
    """Send a code to the address that signs in; an earlier one lapses. Raises CodeRefused without an address."""
    if not user.email:
        raise CodeRefused("Votre compte n’a pas d’adresse. Écrivez à votre interlocuteur à l’OPT-NC.")
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        mine = ProofCode.objects.filter(user=user)
        return CODES.ask(mine, replaced=mine, send=_send, user=user, connection_id=sessions.row_of(session))


def _send(code: ProofCode) -> None:
    outbox.queue("code_de_confirmation", params={"code": code.pk}, not_before=code.leaves_at)


def waiting_code(user: User, session: SessionBase) -> ProofCode | None:
    """The code that this session asked for, and that would still do."""
    last = ProofCode.objects.filter(user=user, connection_id=sessions.row_of(session)).order_by("-pk").first()
    return last if last and CODES.is_live(last) else None


def mint(code_id: int) -> tuple[User, str] | None:
    """(reader, digits) drawn as the mail leaves; None when the code no longer waits."""
    minted = CODES.mint(code_id)
    return (minted[0].user, minted[1]) if minted else None


def prove(request: SignedInRequest, typed: str) -> None:
    """Use what was typed: the session is proven for ten minutes, under a new key. Raises CodeRefused."""
    user, session, way = request.user, request.session, way_of(request.user)
    if way == Way.FACTOR:
        second_factor.verify(user, typed)
    elif way == Way.PASSWORD:
        _check_password(request, typed)
    else:
        _check_code(user, session, typed)
    session.cycle_key()
    sessions.renamed(session)
    if way == Way.FACTOR:
        second_factor.note_verified(session)
    proofs.note(session, user, way)


def _check_password(request: SignedInRequest, typed: str) -> None:
    """Wrong passwords count like those of the sign-in page."""
    if authenticate(request, username=request.user.get_username(), password=typed) != request.user:
        raise CodeRefused("Ce mot de passe n’est pas le vôtre. Vérifiez les majuscules.")


def _check_code(user: User, session: SessionBase, typed: str) -> None:
    here = sessions.row_of(session)

    def elsewhere(code: ProofCode) -> str:
        return "" if code.connection_id == here else ELSEWHERE

    CODES.check(ProofCode.objects.filter(user=user), typed, elsewhere=elsewhere)


def lapse(user: User) -> None:
    """Codes sent to an address that no longer counts work no more."""
    one_time_codes.lapse(ProofCode.objects.filter(user=user))


def purge(*, at: datetime.datetime | None = None) -> int:
    """Delete the codes of more than a week ago. Returns how many."""
    return ProofCode.objects.filter(created_at__lt=(at or timezone.now()) - KEPT).delete()[0]
