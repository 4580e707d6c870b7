"""Who waits for what comes next is told by mail, in the transaction of the event."""

from conventions.domain.foundation import outbox
from conventions.enums import AWAITING_SIGNATURE_STATES, ActKind, ActState, Event, SigningPath
from conventions.models import Act, User

RECEIPT = "recu_de_signature"
MAILS: dict[Event, tuple[str, ...]] = {
    Event.SUBMIT: ("acte_a_relire",),
    Event.REQUEST_CORRECTION: ("correction_demandee",),
    Event.CORRECT_BEFORE_SIGNING: ("correction_demandee", "signature_suspendue"),
    Event.APPROVE: ("acte_valide",),
    Event.FREEZE: ("convention_a_signer",),
    Event.TAKE_BACK: ("signature_suspendue",),
    Event.SIGN: (RECEIPT,),
    Event.SIGN_LAST: (RECEIPT,),
    Event.FILE_SCAN: ("convention_signee", "acte_signe", "convention_a_publier"),
    Event.SEAL: ("convention_signee", "acte_signe", "convention_a_publier"),
    Event.RECORD_REPRISE: ("reprise_a_attester",),
    Event.DECLINE: ("signature_arretee", "acte_arrete"),
    Event.CANCEL: ("signature_arretee", "acte_arrete"),
    Event.EXPIRE: ("signature_arretee", "acte_arrete"),
    Event.ABANDON: ("acte_arrete",),
}
TOLD_TO_SIGN = ("signature_suspendue", "signature_arretee")


def queue_for(act: Act, event: Event, *, by: User | None, signatory: int | None = None) -> None:
    """Mails of the event; `act` is as it was before it. They are sent once the transaction commits.

    `signatory` is who did it as such: a reason given on that page is meant for every party.
    """
    for template in MAILS.get(event, ()):
        if _has_readers(template, act):
            params = _params(template, act, by)
            if template in (*TOLD_TO_SIGN, RECEIPT) and signatory is not None:
                params["signataire"] = signatory
            outbox.queue(template, params=params, convention=act.convention)


def _has_readers(template: str, act: Act) -> bool:
    """Partners hear that it stops only if they were told to sign; an amendment has no page of its own."""
    if template in TOLD_TO_SIGN:
        return act.state in AWAITING_SIGNATURE_STATES
    if template == "convention_a_signer":
        return act.path != SigningPath.ONLINE  # each signatory gets an invitation of his or her own
    return template != "convention_a_publier" or act.kind == ActKind.INITIAL


def _params(template: str, act: Act, by: User | None) -> dict[str, int | str]:
    """Ids only. Who did it is not told what he or she just did."""
    params: dict[str, int | str] = {"act": act.pk}
    online = template in (*TOLD_TO_SIGN, RECEIPT) and act.path == SigningPath.ONLINE
    if online and act.frozen_document_id:
        params["document"] = act.frozen_document_id  # whose invitations say who was told
    if template == "acte_arrete":
        params |= {"en_relecture": int(act.state == ActState.IN_REVIEW)} | ({"par": by.pk} if by else {})
    return params
