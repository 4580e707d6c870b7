"""A RIB sent by an association: encrypted as an account is, used by nobody until an officer accepts it."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from conventions import permissions
from conventions.domain import journal
from conventions.domain.documents import attachments
from conventions.domain.foundation import encryption
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people import bank_accounts
from conventions.domain.people.security import proofs
from conventions.domain.space.mandates import require
from conventions.domain.space.proposals.deciding import (
    DecisionRefused,
    locked,
    settle,
    tell_partner,
    tell_staff,
)
from conventions.enums import AttachmentKind, ProposalState
from conventions.formats import NBSP, mask_iban
from conventions.models import BankAccount, BankProposal, Partner, User

REFUSE_IT = (
    f"{bank_accounts.WRONG_NUMBER} "
    f"Refusez cette demande en le disant{NBSP}: l’association enverra un autre RIB."
)


def send_account(
    partner: Partner,
    *,
    number: str = "",
    holder: str,
    bank_name: str = "",
    upload: UploadedFile | None = None,
    by: User,
) -> BankProposal:
    """Propose an account by its RIB or IBAN, by a file, or both.

    Raises PermissionDenied, ProofNeeded, or Refused on « number » or « file ». One waits at a time.
    """
    require(by, partner)
    proofs.require(by)
    iban = bank_accounts.read_number(number) if number.strip() else ""
    if not iban and upload is None:
        raise Refused({"number": "Écrivez le numéro du compte, ou joignez le RIB."})
    sent = attachments.inspect(upload) if upload is not None else None
    with transaction.atomic():
        Partner.objects.select_for_update().only("pk").get(pk=partner.pk)
        if BankProposal.objects.waiting().filter(partner=partner).exists():
            raise Refused("Un RIB est déjà à l’examen. Attendez la réponse de l’OPT-NC.")
        if iban and bank_accounts.same_account(partner, iban) is not None:
            raise Refused({"number": "Ce compte est déjà enregistré : vous n’avez rien à envoyer."})
        file = None
        if sent is not None:
            file = attachments.file_upload(sent, kind=AttachmentKind.BANK, by=by, partner=partner)
        row = BankProposal.objects.create(
            partner=partner,
            holder=holder.strip(),
            bank_name=bank_name.strip(),
            iban_encrypted=encryption.encrypt(iban) if iban else "",
            iban_masked=mask_iban(iban) if iban else "",
            attachment=file,
            sent_by=by,
        )
        details = {"demande": row.pk, "iban": row.iban_masked or "dans le fichier"}
        journal.record("rib_propose", by=by, partner=partner, details=details)
        tell_staff(row)
    return row


def read_proposed(proposal: BankProposal, *, by: User) -> str:
    """The number proposed, in full, to compare with the proof; the look is written in the journal first.

    Raises PermissionDenied, DecisionRefused.
    """
    permissions.require(permissions.can_see_bank_details, by)
    if not proposal.iban_encrypted:
        raise DecisionRefused(
            "Il n’y a pas de numéro à lire ici : regardez la pièce, ou les comptes enregistrés."
        )
    with transaction.atomic():
        details = {"demande": proposal.pk, "iban": proposal.iban_masked}
        journal.record("compte_bancaire_consulte", by=by, partner=proposal.partner, details=details)
        return encryption.decrypt(proposal.iban_encrypted)


def accept_account(
    proposal: BankProposal, *, number: str = "", retire: bool = False, by: User
) -> BankAccount:
    """Make the account usable; `number` is typed by staff where only a file was sent.

    `retire`: the partner's other accounts are no longer used.

    Raises PermissionDenied, ProofNeeded, DecisionRefused.
    """
    proofs.require(by)
    with transaction.atomic():
        row = locked(proposal, by=by)
        former = list(row.partner.bank_accounts.filter(active=True)) if retire else []
        account = _account(row, number, by=by)
        for other in former:
            bank_accounts.set_active(other, False, by=by)
        settle(row, ProposalState.ACCEPTED, by=by)
        row.account, row.iban_masked = account, account.iban_masked
        row.save()
        details = {"demande": row.pk, "iban": account.iban_masked}
        journal.record("rib_accepte", by=by, partner=row.partner, details=details)
        tell_partner(row)
    return account


def _account(row: BankProposal, number: str, *, by: User) -> BankAccount:
    proposed = encryption.decrypt(row.iban_encrypted) if row.iban_encrypted else ""
    if proposed and bank_accounts.is_wrong(proposed):
        raise DecisionRefused(REFUSE_IT)
    typed = proposed or number
    if not typed.strip():
        raise DecisionRefused({"number": "Recopiez le numéro du compte, d’après le fichier."})
    return bank_accounts.add_account(
        row.partner,
        number=typed,
        holder=row.holder,
        bank_name=row.bank_name,
        attachment=row.attachment,
        by=by,
    )
