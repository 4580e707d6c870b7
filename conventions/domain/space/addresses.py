"""The address one signs in with: the old one is asked, the new one proven, and two days pass before it counts.

`ask` ─ code to the new address ─ `confirm` ─ two days ─ `apply_due`        (a fresh code to the old address first)
`ask_for` ─ `approve`, by a second member of staff ─ two days ─ `apply_due`  (the mailbox is lost)

Until then the old address opens the space, learns of the change, and `cancel` stops it. The addresses of the mandates,
where links to sign are sent, follow with the account.
"""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.requests import codes, handover_codes
from conventions.domain.foundation import one_time_codes, outbox
from conventions.domain.foundation.failures import Failures
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.login_codes import normalise
from conventions.domain.people.security import proofs, proving, sessions
from conventions.formats import long_date, search_key
from conventions.models import AddressChange, LoginCode, User

CODES = one_time_codes.Codes(
    model=AddressChange,
    salt="conventions.address_change",
    bound_to=lambda change: f"{change.pk}:{change.email}",
    minutes_setting="LOGIN_CODE_MINUTES",
    tries_setting="LOGIN_CODE_TRIES",
)
DELAY = datetime.timedelta(days=2)
KEPT = datetime.timedelta(days=7)
DAY = datetime.timedelta(days=1)
OF_ONE, FOR_ONE = 5, 3  # changes that one member of staff asks in a day; that are asked for one account
OF_STAFF = "Cette adresse est celle d’un agent de l’OPT-NC. Donnez-en une autre."
PLANNED = "Un changement d’adresse est déjà prévu. Annulez-le d’abord."
ASKED = "Un changement d’adresse attend déjà une seconde personne."
OVER = "Ce changement d’adresse n’attend plus rien. Rechargez la page."
TOO_MANY = {
    "asked_by": "Vous avez demandé cinq changements d’adresse en un jour. Attendez demain, ou confiez-le à une autre "
    "personne.",
    "user": "Trois changements ont été demandés pour ce compte en un jour. Attendez demain.",
}
SECOND = "Vous avez demandé ce changement : une autre personne doit l’approuver."
SAME = "Le compte qui a demandé ce changement porte le même nom ou la même adresse que le vôtre."


def ask(user: User, email: str) -> AddressChange:
    """Begin to change one's own address: a code leaves for the new one. Raises ProofNeeded, Refused on « email »."""
    proofs.require(user)
    address = normalise(email)
    with transaction.atomic():
        account = _locked(user)
        _check(account, address)
        mine = AddressChange.objects.own().filter(user=user)
        return CODES.ask(mine, replaced=mine, send=_send, user=user, email=address, previous=account.email)


def _send(change: AddressChange) -> None:
    outbox.queue("code_adresse", params={"changement": change.pk}, not_before=change.leaves_at)


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _check(account: User, address: str) -> None:
    """Raise Refused unless this account may take this address."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused({"email": "Cette adresse n’est pas complète."}) from error
    if address == normalise(account.email):
        raise Refused({"email": "C’est déjà l’adresse de ce compte."})
    if _is_of_staff(address):
        raise Refused({"email": OF_STAFF})
    if AddressChange.objects.planned().filter(user=account).exists():
        raise Refused({"email": PLANNED})


def _is_of_staff(address: str) -> bool:
    return User.objects.filter(is_staff=True, email__iexact=address).exists()


def pending(user: User) -> AddressChange | None:
    """The change of one's own that waits for its code."""
    last = AddressChange.objects.own().filter(user=user).order_by("-pk").first()
    return last if last and CODES.is_live(last) else None


def planned(user: User) -> AddressChange | None:
    """The change that is settled, and whose day has not come."""
    return AddressChange.objects.planned().filter(user=user).first()


def mint(change_id: int) -> tuple[str, str] | None:
    """(address, digits) drawn as the mail leaves; None when the change no longer waits."""
    minted = CODES.mint(change_id)
    return (minted[0].email, minted[1]) if minted else None


def confirm(user: User, typed: str) -> AddressChange:
    """The new address is proven: it will count in two days, and the old one is told now.

    Raises ProofNeeded, WrongCode, CodeOver.
    """
    proofs.require(user)
    mine = AddressChange.objects.own().filter(user=user)
    return CODES.check(mine, typed, then=lambda change: _plan(change, by=user))


def _plan(change: AddressChange, *, by: User) -> None:
    change.applies_at = timezone.now() + DELAY
    change.save()
    journal.record(
        "adresse_de_connexion_annoncee",
        by=by,
        details={"compte": change.user_id, "changement": change.pk},
        personal={"courriel": [change.previous, change.email]},
    )
    if change.previous:
        outbox.queue("adresse_va_changer", params={"changement": change.pk})


def day_of(change: AddressChange) -> str:
    """« 3 décembre 2026 », from which the new address counts; empty while it is not settled."""
    return long_date(timezone.localdate(change.applies_at)) if change.applies_at else ""


def ask_for(user: User, email: str, *, reason: str, by: User) -> AddressChange:
    """Ask, for somebody whose mailbox is lost, that another address opens the space; a second person approves.

    `reason` says how the person was recognised. A day has so many requests, of one and for one: each is told to all
    colleagues. Raises PermissionDenied, ProofNeeded, Refused on « email », « reason ».
    """
    permissions.require(permissions.can_edit_partners, by)
    proofs.require(by)
    address, now = normalise(email), timezone.now()
    if not reason.strip():
        raise Refused({"reason": "Écrivez comment vous avez reconnu cette personne."})
    with transaction.atomic():
        account = _locked(user)
        if account.is_staff:
            raise Refused("L’adresse d’un agent se change sur son compte, par un administrateur.")
        _check(account, address)
        if AddressChange.objects.to_approve().filter(user=account).exists():
            raise Refused({"email": ASKED})
        _check_pace(account, by)
        change = AddressChange.objects.create(
            user=account,
            email=address,
            previous=account.email,
            asked_by=by,
            reason=reason.strip(),
            expires_at=now,
            used_at=now,
        )
        journal.record(
            "adresse_de_connexion_demandee",
            by=by,
            details={"compte": account.pk, "changement": change.pk},
            personal={"courriel": [change.previous, change.email], "motif": change.reason},
        )
        outbox.queue("adresse_a_approuver", params={"changement": change.pk})
    return change


def _check_pace(account: User, by: User) -> None:
    """Raise Refused after too many requests in a day; those that were cancelled count."""
    lately = AddressChange.objects.filter(created_at__gt=timezone.now() - DAY)
    if lately.filter(asked_by=by).count() >= OF_ONE:
        raise Refused(TOO_MANY["asked_by"])
    if lately.filter(user=account, asked_by__isnull=False).count() >= FOR_ONE:
        raise Refused(TOO_MANY["user"])


def approve(change: AddressChange, *, by: User) -> AddressChange:
    """A second person of staff agrees: the address will count in two days, and the old one is told.

    Raises PermissionDenied, ProofNeeded, Refused.
    """
    permissions.require(permissions.can_edit_partners, by)
    proofs.require(by)
    with transaction.atomic():
        account = _locked(change.user)
        row = AddressChange.objects.select_for_update().to_approve().filter(pk=change.pk).first()
        if row is None or row.asked_by is None:
            raise Refused(OVER)
        if row.asked_by_id == by.pk:
            raise Refused(SECOND)
        if _same_person(row.asked_by, by):
            raise Refused(SAME)
        _check(account, row.email)
        row.approved_by, row.previous = by, account.email
        _plan(row, by=by)
    return row


def _same_person(one: User, other: User) -> bool:
    """Two accounts of one person: the same address, or the same name."""
    if one.email and normalise(one.email) == normalise(other.email):
        return True
    name = search_key(one.get_full_name())
    return bool(name) and name == search_key(other.get_full_name())


def cancel(change: AddressChange, *, by: User) -> None:
    """Stop a change before its day: who signs in with the old address, or staff. Nothing else is asked: it protects.

    Raises PermissionDenied, Refused.
    """
    if by.pk != change.user_id and not permissions.can_edit_partners(by):
        raise PermissionDenied(permissions.WHOSE[permissions.can_edit_partners])
    with transaction.atomic():
        _locked(change.user)
        open_ones = AddressChange.objects.filter(pk=change.pk, applied_at=None, cancelled_at=None)
        if not open_ones.update(cancelled_at=timezone.now()):
            raise Refused(OVER)
        details = {"compte": change.user_id, "changement": change.pk}
        journal.record("adresse_de_connexion_annulee", by=by, details=details)


def apply_due(failures: Failures, *, at: datetime.datetime | None = None) -> int:
    """Make the addresses whose day has come count, each apart. Returns how many."""
    due = AddressChange.objects.planned().filter(applies_at__lte=at or timezone.now())
    done = 0
    for pk in due.order_by("pk").values_list("pk", flat=True):
        with failures.of(f"Changement d’adresse {pk}"), transaction.atomic():
            done += _apply(pk)
    return done


def _apply(pk: int) -> bool:
    """Whether the address now counts; a change that lost its reason meanwhile is cancelled."""
    user_id = AddressChange.objects.values_list("user_id", flat=True).get(pk=pk)
    account = User.objects.select_for_update().get(pk=user_id)
    change = AddressChange.objects.select_for_update().planned().filter(pk=pk).first()
    if change is None:
        return False
    why = _lost(account, change)
    if why:
        change.cancelled_at = timezone.now()
        change.save(update_fields=["cancelled_at"])
        details = {"compte": account.pk, "changement": change.pk, "motif": why}
        journal.record("adresse_de_connexion_abandonnee", by=None, details=details)
        return False
    change.applied_at = timezone.now()
    change.save(update_fields=["applied_at"])
    _move(account, change)
    return True


def _lost(account: User, change: AddressChange) -> str:
    """Why the change no longer stands, two days later; empty when it does."""
    if not account.is_active:
        return "compte fermé"
    if normalise(account.email) != normalise(change.previous):
        return "adresse changée entre-temps"
    if _is_of_staff(change.email):
        return "adresse d’un agent"
    return "" if account.mandates.in_office().exists() else "aucun mandat en cours"


def _move(account: User, change: AddressChange) -> None:
    """The account and its running mandates take the address; codes sent to the old one lapse.

    Where staff asked, the lost mailbox may be in other hands: its sessions are closed.
    """
    account.email = change.email
    account.save(update_fields=["email"])
    account.mandates.in_office().update(email=change.email)
    one_time_codes.lapse(LoginCode.objects.filter(email=normalise(change.previous)))
    proving.lapse(account)
    codes.lapse(signatory__representative__user=account.pk)
    handover_codes.lapse(account)
    by_staff = change.approved_by is not None
    if by_staff:
        sessions.close_all(account, by=account)
    journal.record(
        "adresse_de_connexion_remplacee" if by_staff else "adresse_de_connexion_changee",
        by=change.approved_by or account,
        details={"compte": account.pk, "changement": change.pk},
        personal={"courriel": [change.previous, change.email]},
    )
    if change.previous:
        outbox.queue("adresse_changee", params={"changement": change.pk})


def purge(*, at: datetime.datetime | None = None) -> int:
    """Delete the changes of more than a week ago that wait for no day: typed addresses are personal data."""
    old = AddressChange.objects.filter(created_at__lt=(at or timezone.now()) - KEPT)
    waiting = AddressChange.objects.planned().values("pk")
    return old.exclude(pk__in=waiting).delete()[0]
