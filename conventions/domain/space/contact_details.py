"""One's own phone in the space, and the public contact of a partner."""

from django.db import transaction

from conventions.domain import journal
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.security import proofs
from conventions.domain.space.mandates import require
from conventions.models import Partner, User

PUBLIC_FIELDS = ["address", "postal_code", "email", "phone", "website"]
CALLED = {"email", "phone"}  # by which staff ask whether a bank account, or a president, is the right one


def change_phone(user: User, phone: str) -> None:
    """Keep a new phone number, on the account and the mandates that run: staff call it to check an account.

    Raises ProofNeeded.
    """
    proofs.require(user)
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

    Raises PermissionDenied, ProofNeeded for what staff call by, or Refused when somebody else saved the file meanwhile.
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
        if not changes.keys().isdisjoint(CALLED):
            proofs.require(by)
        row.version += 1
        row.save()
        details = {"champs": list(changes)}
        journal.record("contact_modifie", by=by, partner=row, details=details, personal=changes)
    return True
