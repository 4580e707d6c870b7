"""The only place that decides who may. Predicates take a user and, where it matters, the thing.

They read `user.roles` (the set of the user's group names, loaded once) and never touch the database themselves.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeGuard

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from conventions.enums import AttachmentKind, Role

ALL_ROLES = frozenset(Role.values)
EDITORS = frozenset({Role.OFFICER})
AUTHORS = frozenset({Role.OFFICER, Role.LAWYER})
VERIFIED = "second_facteur"  # in the session: when its second factor was verified


class Person(Protocol):
    """Who asks: a user, or somebody who has not signed in."""

    @property
    def is_authenticated(self) -> bool: ...
    @property
    def is_active(self) -> bool: ...
    @property
    def is_staff(self) -> bool: ...
    @property
    def is_superuser(self) -> bool: ...


class Account(Person, Protocol):
    """A user, known by its row."""

    @property
    def pk(self) -> Any: ...


class KeptFile(Protocol):
    """What an attachment tells of itself here."""

    @property
    def kind(self) -> str: ...
    @property
    def pending(self) -> bool: ...
    @property
    def uploaded_by_id(self) -> Any: ...


class Member(Person, Protocol):
    """A user, who has roles."""

    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def signs_for_opt(self) -> bool: ...


class Mandate(Protocol):
    """What a representative's mandate tells of itself here."""

    @property
    def reads_only(self) -> bool: ...


Rule = Callable[[Person], bool]  # who may, without more about the thing


def _staff(user: Person) -> TypeGuard[Member]:
    return bool(user.is_authenticated and user.is_active and user.is_staff)


def _has(user: Person, roles: frozenset[str]) -> bool:
    return _staff(user) and (user.is_superuser or not roles.isdisjoint(user.roles))


def can_enter_admin(user: Person) -> bool:
    """Staff with at least one role, or a superuser."""
    return _has(user, ALL_ROLES)


def can_read_conventions(user: Person) -> bool:
    """Every role of staff reads every convention: it is one office with one trade."""
    return _has(user, ALL_ROLES)


def can_edit_conventions(user: Person) -> bool:
    return _has(user, EDITORS)


def can_print_copies(user: Person) -> bool:
    """Make the copies to sign in ink; whoever reads the file may then download them."""
    return _has(user, EDITORS)


def can_read_personal_details(user: Person) -> bool:
    """Names, addresses and numbers of people in the journal and its exports: those who work on the files.

    « Lecture seule » reads what happened, not the details of people: consulting does not need them (loi 78-17).
    """
    return _has(user, ALL_ROLES - {Role.READER})


def can_erase_personal_details(user: Person) -> bool:
    """Erase personal details from the journal for good: administrators, at the request of the person concerned."""
    return bool(_staff(user) and user.is_superuser)


def can_file_scans(user: Person) -> bool:
    """Send scans of signed copies, look at their pages, file them."""
    return _has(user, EDITORS)


def can_move_acts(user: Person) -> bool:
    """Do an event for several conventions at once; the table of transitions says which, for each."""
    return _has(user, frozenset({Role.OFFICER, Role.LAWYER, Role.DIRECTOR}))


def can_file_attachments(user: Person) -> bool:
    """Keep a file: everybody who works on the files, and the associations, whose verbs ask for their mandate."""
    return can_enter_portal(user) and (not user.is_staff or _has(user, ALL_ROLES - {Role.READER}))


def can_read_attachment(user: Account, attachment: KeptFile) -> bool:
    """Filed: every reader of the files, of accounts when it shows one. Not filed yet: who sent it alone."""
    if attachment.kind == AttachmentKind.BANK and not can_see_bank_details(user):
        return False
    return can_read_conventions(user) and (not attachment.pending or attachment.uploaded_by_id == user.pk)


def can_edit_partners(user: Person) -> bool:
    return _has(user, EDITORS)


def can_edit_clauses(user: Person) -> bool:
    """Clauses of an act under review, and the templates of clauses."""
    return _has(user, frozenset({Role.LAWYER}))


def can_write_letters(user: Person) -> bool:
    """Prepare and send formal letters: who is in charge of the files, and the lawyers."""
    return _has(user, AUTHORS)


def can_edit_equipment(user: Person) -> bool:
    return _has(user, frozenset({Role.OFFICER, Role.LOGISTICS}))


def can_record_payments(user: Person) -> bool:
    return _has(user, frozenset({Role.ACCOUNTANT}))


def can_send_payments(user: Person) -> bool:
    """Note what was sent to the accountant; only the accountant notes what was paid."""
    return _has(user, frozenset({Role.OFFICER, Role.ACCOUNTANT}))


def can_edit_paper_rules(user: Person) -> bool:
    """Which papers justify a payment: the accountant says it, who prepares files notes it."""
    return _has(user, frozenset({Role.OFFICER, Role.ACCOUNTANT}))


def can_edit_envelopes(user: Person) -> bool:
    """Write what was voted, transferred or cut, and charge supports to envelopes."""
    return _has(user, frozenset({Role.OFFICER, Role.ACCOUNTANT}))


def can_close_years(user: Person) -> bool:
    """Close a budget year; afterwards, write what still happens to it, with a reason."""
    return _has(user, frozenset({Role.ACCOUNTANT}))


def can_see_bank_details(user: Person) -> bool:
    """In full; the masked form is for every reader. Each full view is written in the journal."""
    return _has(user, frozenset({Role.OFFICER, Role.ACCOUNTANT}))


def can_export_documents(user: Person) -> bool:
    return _has(user, frozenset({Role.COMMUNICATION, Role.OFFICER, Role.LAWYER, Role.DIRECTOR}))


def can_publish(user: Person) -> bool:
    """Public pages and press releases."""
    return _has(user, frozenset({Role.COMMUNICATION}))


def can_edit_delegations(user: Person) -> bool:
    """Absences of OPT-NC's signatories, and who signs instead."""
    return _has(user, frozenset({Role.OFFICER, Role.LAWYER, Role.DIRECTOR}))


def can_read_mails(user: Person) -> bool:
    """The log of mails: to whom, when, whether they left; never their text."""
    return _has(user, frozenset({Role.OFFICER, Role.LAWYER, Role.DIRECTOR, Role.COMMUNICATION}))


def can_send_mails_again(user: Person) -> bool:
    return _has(user, frozenset({Role.OFFICER}))


def can_read_seal(user: Person) -> bool:
    """The certificate of the seal, its expiry, the last seals; never its key."""
    return _has(user, frozenset({Role.LAWYER}))


def can_retry_seals(user: Person) -> bool:
    """See the seals that failed, and ask for them again."""
    return _has(user, EDITORS)


def can_reassign(user: Person) -> bool:
    """Hand files of one officer to a colleague."""
    return _has(user, frozenset({Role.OFFICER, Role.DIRECTOR}))


def can_edit_reference_data(user: Person) -> bool:
    return _has(user, frozenset({Role.OFFICER, Role.LAWYER, Role.COMMUNICATION}))


def can_manage_users(user: Person) -> bool:
    return bool(_staff(user) and user.is_superuser)


def can_watch_service(user: Person) -> bool:
    """The state of the service; confirm its date once it has jumped: administrators."""
    return bool(_staff(user) and user.is_superuser)


def can_close_sessions(user: Account, account: Account) -> bool:
    """One's own; every account's for administrators; those of an association whose mandate ends for officers."""
    own = can_enter_portal(user) and user.pk == account.pk
    return own or can_manage_users(user) or (not account.is_staff and can_edit_partners(user))


def can_enter_portal(user: Person) -> bool:
    """Anyone who has signed in; what is shown is what `for_user` gives."""
    return bool(user.is_authenticated and user.is_active)


def can_act_for_partner(user: Person, mandate: Mandate | None) -> bool:
    """Send something from the space: by a mandate that runs (None: there is none) and is not read-only."""
    signed_in = can_enter_portal(user) and not user.is_staff
    return bool(signed_in and mandate is not None and not mandate.reads_only)


def can_decide_proposals(user: Person) -> bool:
    """Accept or refuse what associations send: accounts, mandates."""
    return _has(user, EDITORS)


def can_read_messages(user: Person) -> bool:
    """What associations write: those who work on the files; neither « lecture seule » nor the communication.

    The others know from the journal that somebody wrote, and when.
    """
    return _has(user, ALL_ROLES - {Role.READER, Role.COMMUNICATION})


def can_answer_messages(user: Person) -> bool:
    """Answer an association, close an exchange: who is in charge of the files, and the lawyers for their articles."""
    return _has(user, AUTHORS)


def must_have_second_factor(user: Person) -> bool:
    """Whoever signs for OPT-NC, by mandate or by a role that settings.STAFF_SECOND_FACTOR names."""
    asked = frozenset(settings.STAFF_SECOND_FACTOR)
    return bool(_staff(user) and (user.signs_for_opt or not asked.isdisjoint(user.roles)))


def has_second_factor(request: HttpRequest) -> bool:
    """Whether THIS session was verified with the second factor: asked before signing for OPT-NC.

    Not verified: send to `admin:second_factor` with `?next=`.
    """
    return _staff(request.user) and VERIFIED in request.session


# Whose work it is, told to who has not the right.
WHOSE: dict[Callable[..., bool], str] = {
    can_act_for_partner: "Seule une personne en fonction dans l’association peut faire cela.",
    can_answer_messages: "Les chargés de partenariats et les juristes répondent aux associations.",
    can_close_sessions: "Chacun ferme ses propres connexions, un administrateur celles des autres.",
    can_decide_proposals: "Les demandes des associations sont examinées par les chargés de partenariats.",
    can_edit_clauses: "Les modèles et les articles en relecture sont tenus par les juristes.",
    can_edit_conventions: "Les dossiers sont suivis par les chargés de partenariats.",
    can_close_years: "Seul l’agent comptable clôt un exercice, ou écrit dans un exercice clos.",
    can_edit_envelopes: "Les enveloppes sont tenues par les chargés de partenariats et l’agent comptable.",
    can_edit_equipment: "Le matériel est suivi par la logistique et les chargés de partenariats.",
    can_edit_partners: "Les fiches des partenaires sont tenues par les chargés de partenariats.",
    can_erase_personal_details: "Seul un administrateur efface des détails personnels.",
    can_export_documents: "Les documents s’exportent par la communication et les personnes qui suivent les dossiers.",
    can_file_attachments: "Les pièces sont classées par les personnes qui travaillent sur les dossiers.",
    can_file_scans: "Les exemplaires signés sont classés par les chargés de partenariats.",
    can_manage_users: "Seul un administrateur gère les comptes.",
    can_move_acts: "Les actes avancent par les chargés de partenariats, les juristes et la direction.",
    can_print_copies: "Les exemplaires à signer sont préparés par les chargés de partenariats.",
    can_publish: "Les pages publiques et les communiqués sont publiés par la communication.",
    can_reassign: "Les dossiers se confient par les chargés de partenariats et la direction.",
    can_read_attachment: "Cette pièce n’est lisible que des personnes qui travaillent avec elle.",
    can_read_conventions: "Les listes se lisent et s’exportent avec un rôle du personnel.",
    can_record_payments: "Seul l’agent comptable enregistre un paiement.",
    can_retry_seals: "Seules les personnes chargées des partenariats relancent un sceau.",
    can_see_bank_details: "Les comptes bancaires sont réservés aux gestionnaires et au comptable.",
    can_watch_service: "Seul un administrateur confirme la date du serveur.",
    can_write_letters: "Les courriers sont préparés par les chargés de partenariats et les juristes.",
    can_send_mails_again: "Les courriels sont renvoyés par les chargés de partenariats.",
    can_send_payments: "Les versements sont suivis par les chargés de partenariats et l’agent comptable.",
}


def require(right: Callable[..., bool], user: Person | None, *about: Any) -> None:
    """The first line of a verb: raise PermissionDenied, saying whose work it is, unless `right(user, *about)`.

    Nobody (None: the application itself, somebody who has not signed in) has no right.
    """
    if user is None or not right(user, *about):
        raise PermissionDenied(WHOSE[right])
