"""One's own details in the space: phone at once, sign-in address after a code; the public contact of a partner."""

import datetime

from django.db import transaction
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts.requests import codes
from conventions.domain.foundation import one_time_codes, outbox
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.login_codes import normalise
from conventions.domain.space.mandates import require
from conventions.models import AddressChange, LoginCode, Partner, User

CODES = one_time_codes.Codes(
    model=AddressChange,
    salt="conventions.address_change",
    bound_to=lambda change: f"{change.pk}:{change.email}",
    minutes_setting="LOGIN_CODE_MINUTES",
    tries_setting="LOGIN_CODE_TRIES",
)
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


def change_public_contact(partner: Partner, values: dict[str, str], *, version: int, by: User) -> bool:
    """Keep the address, phone, e-mail and website of a partner; whether something changed.

    Raises PermissionDenied, or Refused when somebody else saved the file meanwhile.
    """
    require(by, partner)
    with transaction.atomic():
        row = Partner.objects.select_for_update().get(pk=partner.pk)
        if row.version != version:
            raise Refused("La fiche a changé pendant votre saisie. Relisez-la, puis enregistrez.")
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
    """Begin to change the sign-in address: a code leaves for the new one. Raises Refused."""
    address = normalise(email)
    if address == normalise(user.email):
        raise Refused({"email": "C’est déjà votre adresse."})
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        mine = AddressChange.objects.filter(user=user)
        return CODES.ask(mine, replaced=mine, send=_send, user=user, email=address, previous=user.email)


def _send(change: AddressChange) -> None:
    outbox.queue("code_adresse", params={"changement": change.pk}, not_before=change.leaves_at)


def pending_address(user: User) -> AddressChange | None:
    """The change that waits for its code."""
    last = AddressChange.objects.filter(user=user).order_by("-pk").first()
    return last if last and CODES.is_live(last) else None


def mint(change_id: int) -> tuple[str, str] | None:
    """(address, digits) drawn as the mail leaves; None when the change no longer waits."""
    minted = CODES.mint(change_id)
    return (minted[0].email, minted[1]) if minted else None


def confirm_address(user: User, typed: str) -> str:
    """Make the new address count, once; the old one is told. Returns it. Raises WrongCode, CodeOver."""
    mine = AddressChange.objects.filter(user=user)
    return CODES.check(mine, typed, then=lambda change: _move(user, change)).email


def _move(user: User, change: AddressChange) -> None:
    """The account and its running mandates take the address; codes sent to the old one lapse."""
    account = User.objects.select_for_update().get(pk=user.pk)
    account.email = user.email = change.email
    account.save(update_fields=["email"])
    account.mandates.in_office().update(email=change.email)
    one_time_codes.lapse(LoginCode.objects.filter(email=normalise(change.previous)))
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
