"""The second factor of staff: an authenticator application (TOTP, RFC 6238) and ten recovery codes.

The secret is encrypted, the recovery codes are kept as keyed hashes. A code works once: the step it belongs to is
kept, and no earlier step is taken again. Each try is counted under lock; after five misses one waits, longer each time.
"""

from __future__ import annotations

import base64
import datetime
import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation import encryption, outbox
from conventions.domain.foundation.one_time_codes import CodeRefused
from conventions.domain.people.security import grace, proofs, sessions
from conventions.formats import counted, remove_separators
from conventions.models import RecoveryCode, SecondFactor, User

if TYPE_CHECKING:
    from django_otp.oath import TOTP

ISSUER = "OPT Partenariats"
SECRET_BYTES = 20  # RFC 4226 asks for 160 bits
STEP = 30  # seconds
TOLERANCE = 1  # steps before and after: telephones are not quite on time
FREE_TRIES = 5
LONGEST_WAIT = 60  # minutes
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read for something else
RECOVERY_LENGTH = 12


def factor_of(user: User) -> SecondFactor | None:
    """The factor in use, once confirmed by a first code."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()


def prepared(user: User) -> SecondFactor | None:
    """The factor being set up: shown, not yet confirmed."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=True).first()


def prepare(user: User) -> SecondFactor:
    """Draw a new secret, to be confirmed by a first code.

    Raises ProofNeeded, or CodeRefused when a factor is already in use.
    """
    proofs.require(user, enough=proofs.Way.PASSWORD)
    with transaction.atomic():
        if User.objects.select_for_update().get(pk=user.pk) and factor_of(user) is not None:
            raise CodeRefused("Un second facteur est déjà actif. Retirez-le avant d’en préparer un autre.")
        factor, _made = SecondFactor.objects.update_or_create(
            user=user,
            defaults={
                "secret_encrypted": encryption.encrypt(secrets.token_hex(SECRET_BYTES)),
                "created_at": timezone.now(),
                "last_step": -1,
                "failures": 0,
                "locked_until": None,
            },
        )
    return factor


def confirm(user: User, typed: str) -> list[str]:
    """Put the prepared factor in use with a first code; returns the recovery codes, seen this once.

    Raises ProofNeeded, CodeRefused.
    """
    proofs.require(user, enough=proofs.Way.PASSWORD)
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at=None).first()
        refusal = _try(factor, typed)
        if factor is not None and not refusal:
            factor.confirmed_at = timezone.now()
            factor.save(update_fields=["confirmed_at"])
            codes = _draw_recovery_codes(factor)
            journal.record("second_facteur_active", by=user, details={"compte": user.pk})
    if refusal:
        raise CodeRefused(refusal)
    return codes


def verify(user: User, typed: str) -> None:
    """Use a code of the application, or a recovery code, once. Each try is counted. Raises CodeRefused."""
    with transaction.atomic():
        factor = (
            SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
        )
        refusal = _try(factor, typed)
    # Raised outside the transaction: the try stays counted.
    if refusal:
        raise CodeRefused(refusal)


def renew_recovery_codes(user: User, typed: str) -> list[str]:
    """Ten new codes, seen this once; the old ones no longer work. Raises CodeRefused."""
    verify(user, typed)
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().get(user=user)
        codes = _draw_recovery_codes(factor)
        journal.record("codes_de_secours_renouveles", by=user, details={"compte": user.pk})
    return codes


def remove(user: User, typed: str, *, session: SessionBase) -> None:
    """Take the factor away, with one last code; the sessions it opened elsewhere are closed. Raises CodeRefused."""
    verify(user, typed)
    with transaction.atomic():
        SecondFactor.objects.filter(user=user).delete()
        sessions.close_others(user, session, by=user)
        session.pop(permissions.VERIFIED, None)
        proofs.forget(session)
        grace.begin(session, user)
        journal.record("second_facteur_retire", by=user, details={"compte": user.pk})


def reset(user: User, *, by: User) -> None:
    """Take away the factor of someone who lost it: sessions closed, person told.

    Raises PermissionDenied, ProofNeeded.
    """
    permissions.require(permissions.can_manage_users, by)
    proofs.require(by)
    _take_away(user, by)


def reset_from_server(user: User) -> None:
    """`reset` by who holds the server: an administrator alone who lost the telephone has nobody to ask."""
    _take_away(user, None)


def _take_away(user: User, by: User | None) -> None:
    with transaction.atomic():
        SecondFactor.objects.filter(user=user).delete()
        journal.record("second_facteur_reinitialise", by=by, details={"compte": user.pk})
        sessions.close_all(user, by=by or user)
        outbox.queue("second_facteur_reinitialise", params={"user": user.pk})


def note_verified(session: SessionBase) -> None:
    """This session gave a code of the second factor."""
    session[permissions.VERIFIED] = int(timezone.now().timestamp())


def recovery_codes_left(factor: SecondFactor) -> int:
    return factor.recovery_codes.usable().count()


def secret_of(factor: SecondFactor) -> str:
    """The secret as applications take it, in groups of four: « ABCD EFGH … »."""
    text = base64.b32encode(_key(factor)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address_of(factor: SecondFactor) -> str:
    """The `otpauth:` address that the QR code holds."""
    label = quote(f"{ISSUER}:{factor.user.get_username()}")
    asked = {"secret": secret_of(factor).replace(" ", ""), "issuer": ISSUER}
    return f"otpauth://totp/{label}?{urlencode(asked, quote_via=quote)}"


def picture_of(factor: SecondFactor) -> str:
    """The QR code as SVG, without script nor style."""
    import segno

    code = segno.make(address_of(factor), error="m", micro=False)
    return code.svg_inline(omitsize=True, light="#ffffff", svgclass="qr-code", lineclass=None, border=4)


def demonstration_code(factor: SecondFactor) -> str:
    """« 123 456 » as the telephone of an invented person would show now; empty outside the demonstration."""
    if not (settings.DEMO and factor.user.is_demo):
        return ""
    digits = f"{_totp(factor).token():06d}"
    return f"{digits[:3]} {digits[3:]}"


def _key(factor: SecondFactor) -> bytes:
    return bytes.fromhex(encryption.decrypt(factor.secret_encrypted))


def _totp(factor: SecondFactor) -> TOTP:
    from django_otp.oath import TOTP

    totp = TOTP(_key(factor), step=STEP)
    totp.time = timezone.now().timestamp()
    return totp


def _try(factor: SecondFactor | None, typed: str) -> str:
    """Why a code is refused, or an empty string; the row, locked by the caller, keeps the count."""
    now = timezone.now()
    if factor is None:
        return "Le second facteur n’est pas préparé. Recommencez depuis « Mon compte »."
    if factor.locked_until is not None and factor.locked_until > now:
        return _wait(factor.locked_until - now)
    if _is_step(factor, typed) or _is_recovery_code(factor, typed):
        factor.failures, factor.locked_until = 0, None
        factor.save(update_fields=["failures", "locked_until", "last_step"])
        return ""
    factor.failures += 1
    beyond = factor.failures - FREE_TRIES
    if beyond >= 0:
        factor.locked_until = now + datetime.timedelta(minutes=min(2 ** min(beyond, 10), LONGEST_WAIT))
        details = {"compte": factor.user_id, "essais": factor.failures}
        journal.record("second_facteur_bloque", by=factor.user, details=details)
    factor.save(update_fields=["failures", "locked_until"])
    if factor.locked_until is not None and beyond >= 0:
        return _wait(factor.locked_until - now)
    return (
        "Ce code n’est pas le bon, ou il a déjà servi. Attendez le code suivant de votre application, "
        "et vérifiez que l’heure de votre téléphone est automatique."
    )


def _wait(delay: datetime.timedelta) -> str:
    minutes = max(1, -(-int(delay.total_seconds()) // 60))
    return f"Trop d’essais. Réessayez dans {counted(minutes, 'minute')}."


def _is_step(factor: SecondFactor, typed: str) -> bool:
    digits = remove_separators(typed)
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return False
    totp = _totp(factor)
    if not totp.verify(int(digits), tolerance=TOLERANCE, min_t=factor.last_step + 1):
        return False
    factor.last_step = totp.t()
    return True


def _is_recovery_code(factor: SecondFactor, typed: str) -> bool:
    code = "".join(letter for letter in typed.lower() if letter.isalnum())
    if factor.confirmed_at is None or len(code) != RECOVERY_LENGTH:
        return False
    found = factor.recovery_codes.usable().filter(code_hash=_recovery_hash(factor, code))
    if not found.update(used_at=timezone.now()):
        return False
    left = recovery_codes_left(factor)
    details = {"compte": factor.user_id, "restants": left}
    journal.record("code_de_secours_utilise", by=factor.user, details=details)
    return True


def _draw_recovery_codes(factor: SecondFactor) -> list[str]:
    """Replace the codes; « abcd-efgh-jkmn », 59 bits each."""
    factor.recovery_codes.all().delete()
    drawn = ["".join(secrets.choice(LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, code_hash=_recovery_hash(factor, code)) for code in drawn
    )
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in drawn]


def _recovery_hash(factor: SecondFactor, code: str) -> str:
    """HMAC under the site's key: a copy of the table gives nothing to guess from."""
    return salted_hmac("conventions.recovery_code", f"{factor.pk}:{code}", algorithm="sha256").hexdigest()
