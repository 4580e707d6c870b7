"""One's own details in the space: phone at once, sign-in address after a code; the public contact of a partner."""

import datetime
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from conventions.domain import journal
from conventions.domain.acts.requests import codes
from conventions.domain.foundation import outbox
from conventions.domain.people.login_codes import CodeOver, TooManyCodes, WrongCode, normalise
from conventions.domain.space.mandates import require
from conventions.formats import counted
from conventions.models import AddressChange, LoginCode, Partner, User

ASKED_AN_HOUR = 5
KEPT = datetime.timedelta(days=7)
PUBLIC_FIELDS = ["address", "postal_code", "email", "phone", "website"]


def change_phone(user: User, phone: str) -> None:
    """Keep a new phone number, on the account and the mandates that run."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        before, after = row.phone, phone.strip()
        if before == after:
            return
        row.phone = user.phone = after
        row.save(update_fields=["phone"])
        row.mandates.in_office().update(phone=after)
        journal.record(
            "coordonnees_modifiees",
            by=user,
            details={"compte": user.pk, "quoi": "téléphone"},
            personal={"telephone": [before, after]},
        )


def change_public_contact(partner: Partner, values: dict[str, str], *, version: int, by) -> bool:
    """Keep the address, phone, e-mail and website of a partner; whether something changed.

    Raises PermissionDenied, or ValidationError when somebody else saved the file meanwhile.
    """
    require(by, partner)
    with transaction.atomic():
        row = Partner.objects.select_for_update().get(pk=partner.pk)
        if row.version != version:
            raise ValidationError("La fiche a changé pendant votre saisie. Relisez-la, puis enregistrez.")
        before = journal.field_values(row, PUBLIC_FIELDS)
        for name in PUBLIC_FIELDS:
            setattr(row, name, values[name].strip())
        changes = journal.difference(before, journal.field_values(row, PUBLIC_FIELDS))
        if not changes:
            return False
        row.version += 1
        row.save()
        details = {"champs": list(changes)}
        journal.record("contact_modifie", by=by, partner=row, details=details, personal=changes)
    return True


def ask_address(user: User, email: str) -> AddressChange:
    """Begin to change the sign-in address: a code leaves for the new one. Raises TooManyCodes, ValidationError."""
    address, now = normalise(email), timezone.now()
    if address == normalise(user.email):
        raise ValidationError({"email": "C’est déjà votre adresse."})
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        mine = AddressChange.objects.filter(user=user)
        if mine.filter(created_at__gt=now - datetime.timedelta(hours=1)).count() >= ASKED_AN_HOUR:
            raise TooManyCodes("Trop de codes ont été demandés. Réessayez dans une heure.")
        mine.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
        row = AddressChange.objects.create(
            user=user,
            email=address,
            previous=user.email,
            expires_at=now + datetime.timedelta(minutes=settings.LOGIN_CODE_MINUTES),
        )
        outbox.queue("code_adresse", params={"changement": row.pk})
    return row


def pending_address(user: User) -> AddressChange | None:
    """The change that waits for its code."""
    rows = AddressChange.objects.filter(user=user, used_at=None, expires_at__gt=timezone.now())
    return rows.filter(tries__lt=settings.LOGIN_CODE_TRIES).first()


def mint(change_id: int) -> tuple[str, str] | None:
    """(address, six digits) drawn as the mail leaves; None when the change no longer waits."""
    with transaction.atomic():
        rows = AddressChange.objects.select_for_update().filter(pk=change_id, used_at=None)
        row = rows.filter(expires_at__gt=timezone.now()).first()
        if row is None:
            return None
        digits = f"{secrets.randbelow(1_000_000):06d}"
        row.code_hash = _hash(row, digits)
        row.save(update_fields=["code_hash"])
    return row.email, digits


def _hash(row: AddressChange, digits: str) -> str:
    value = f"{row.pk}:{row.email}:{digits}"
    return salted_hmac("conventions.address_change", value, algorithm="sha256").hexdigest()


def confirm_address(user: User, typed: str) -> str:
    """Make the new address count, once; the old one is told. Returns it. Raises WrongCode, CodeOver."""
    digits = "".join(character for character in typed if character.isdecimal())
    with transaction.atomic():
        rows = AddressChange.objects.select_for_update().filter(user=user, used_at=None)
        row = rows.filter(expires_at__gt=timezone.now(), tries__lt=settings.LOGIN_CODE_TRIES).first()
        right = False
        if row is not None:
            right = bool(row.code_hash) and constant_time_compare(row.code_hash, _hash(row, digits))
            row.tries += 1
            row.used_at = timezone.now() if right else None
            row.save(update_fields=["tries", "used_at"])
            if right:
                _move(user, row)
    # Raised outside the transaction: the try stays counted.
    if row is None:
        raise CodeOver("Ce code n’est plus valable. Demandez-en un nouveau.")
    if not right:
        raise _wrong(row)
    return row.email


def _wrong(row: AddressChange) -> WrongCode | CodeOver:
    left = settings.LOGIN_CODE_TRIES - row.tries
    if left <= 0:
        return CodeOver("Ce code n’est pas le bon, et c’était le dernier essai. Demandez un nouveau code.")
    return WrongCode(f"Ce code n’est pas le bon. Il vous reste {counted(left, 'essai')}.")


def _move(user: User, change: AddressChange) -> None:
    """The account and its running mandates take the address; codes sent to the old one lapse."""
    account = User.objects.select_for_update().get(pk=user.pk)
    account.email = user.email = change.email
    account.save(update_fields=["email"])
    account.mandates.in_office().update(email=change.email)
    LoginCode.objects.usable().filter(email=normalise(change.previous)).update(expires_at=timezone.now())
    codes.lapse(signatory__representative__user=user.pk)
    journal.record(
        "adresse_de_connexion_changee",
        by=user,
        details={"compte": user.pk},
        personal={"courriel": [change.previous, change.email]},
    )
    if change.previous:
        outbox.queue("adresse_changee", params={"changement": change.pk})


def purge(*, at: datetime.datetime | None = None) -> int:
    """Delete the changes of more than a week ago: addresses typed here are personal data. Returns how many."""
    return AddressChange.objects.filter(created_at__lt=(at or timezone.now()) - KEPT).delete()[0]
