"""What the space says, in words meant for the president of an association: the one place for this audience."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from conventions.domain.space.access import File
from conventions.enums import (
    ActKind,
    ActState,
    ConventionStatus,
    DocumentKind,
    SigningPath,
)
from conventions.formats import NBSP, act_words, contract, join_list, show_date, told_date, typeset
from conventions.models import Act


@dataclass(frozen=True, slots=True)
class Situation:
    """The state of a convention: a badge, what happens now, and what comes next."""

    label: str
    tone: str
    now: str
    next: str


_HOW_TO_SIGN = {
    SigningPath.INK: "La signature se fait sur papier, à l’encre. L’OPT-NC convient d’un rendez-vous avec vous et "
    "apporte les exemplaires originaux. L’exemplaire signé sera ensuite rangé ici.",
    SigningPath.ONLINE: "La signature se fait en ligne. Chaque signataire reçoit à son tour un courriel avec un lien "
    "à son nom.",
}
_NOT_SIGNED = {
    ActState.CANCELLED: "L’OPT-NC a annulé ce texte avant sa signature.",
    ActState.DECLINED: "Une des parties n’a pas souhaité signer.",
    ActState.EXPIRED: "Le délai pour signer est passé.",
}
_ASK = "Une question ? Votre interlocuteur à l’OPT-NC est indiqué sur cette page."
_KEEP = "Vous pouvez toujours la relire et télécharger vos documents."
_SEALED = (
    "Le fichier porte un sceau électronique pour chaque signature : donnez-le tel quel, une copie imprimée n’a plus de "
    "sceau. Près de chaque signature, un code QR mène à la vérification."
)
_FILES: dict[DocumentKind | None, str] = {
    DocumentKind.SIGNED: _SEALED,
    DocumentKind.STAMPED: _SEALED,
    DocumentKind.SCAN: "Le fichier est une copie numérisée de l’exemplaire signé : l’original sur papier fait foi.",
    None: "Le document signé n’est pas classé ici. Votre interlocuteur à l’OPT-NC peut vous en remettre une copie.",
}
_DOCUMENTS = {
    DocumentKind.FROZEN: "Texte arrêté avant signature",
    DocumentKind.SIGNED: "Exemplaire signé",
    DocumentKind.STAMPED: "Exemplaire signé, horodatage renouvelé",
    DocumentKind.SCAN: "Exemplaire signé (scan)",
    DocumentKind.HANDOVER: "Procès-verbal de remise du matériel",
    DocumentKind.HANDOVER_SIGNED: "Procès-verbal de remise du matériel, signé en ligne",
    DocumentKind.HANDOVER_ATTESTATION: "Attestation de signature du procès-verbal de remise",
    DocumentKind.ATTESTATION: "Attestation de signature",
}


def situation(file: File, *, waiting_for: str = "") -> Situation:
    """Where a convention stands for this reader. `waiting_for`: who has not signed yet, if known."""
    if not file.in_office:
        return _typeset(_former(file))
    if file.pending_act is not None:
        return _typeset(_pending(file.pending_act, waiting_for))
    return _typeset(_settled(file))


def _typeset(found: Situation) -> Situation:
    return Situation(found.label, found.tone, typeset(found.now), typeset(found.next))


def _former(file: File) -> Situation:
    signed = day(file.acts[0].signed_on, file.acts[0].signed_on_precision) if file.acts else ""
    when = f" ({signed})" if signed else ""
    return Situation(
        "Vous l’avez signée",
        "done",
        f"Vous avez signé cette convention{when}, et votre mandat est terminé.",
        "Vous gardez l’accès à ce que vous avez signé. La suite du dossier se traite avec vos successeurs.",
    )


def _pending(act: Act, waiting_for: str) -> Situation:
    words = act_words(act.kind)
    how = _HOW_TO_SIGN.get(SigningPath(act.path), _HOW_TO_SIGN[SigningPath.INK])
    if act.state == ActState.TO_SEAL:
        return Situation(
            f"{words.agree('Signé')} par tous",
            "ok",
            "Toutes les parties ont signé. L’OPT-NC prépare l’exemplaire définitif.",
            "Vous n’avez rien à faire : il apparaîtra ici, parmi vos documents.",
        )
    if act.state == ActState.PARTLY_SIGNED:
        left = f" Il manque la signature {contract('de', waiting_for)}." if waiting_for else ""
        return Situation("En cours de signature", "info", f"La signature a commencé.{left}", how)
    return Situation(
        "À signer", "warn", f"Le texte définitif {words.of} est prêt et attend les signatures.", how
    )


def _settled(file: File) -> Situation:
    convention = file.convention
    start = day(convention.current_start)
    end = day(convention.current_end)
    match ConventionStatus(convention.status_code):
        case ConventionStatus.UPCOMING:
            now = f"La convention est signée. Elle prend effet le {start}."
            return Situation("À venir", "info", now, "D’ici là, vous n’avez rien à faire.")
        case ConventionStatus.RUNNING:
            until = f" jusqu’au {end}" if end else ", sans date de fin"
            return Situation("En cours", "ok", f"La convention est signée et s’applique{until}.", "")
        case ConventionStatus.TO_RENEW:
            ask = "Vous souhaitez continuer ? Parlez-en dès maintenant à votre interlocuteur à l’OPT-NC."
            return Situation("Se termine bientôt", "warn", f"La convention se termine le {end}.", ask)
        case ConventionStatus.LAPSED:
            return Situation("Terminée", "done", f"La convention s’est terminée le {end}.", _KEEP)
        case ConventionStatus.CLOSED:
            return Situation("Close", "done", "Tout est en ordre : le dossier est clos.", _KEEP)
        case ConventionStatus.TERMINATED:
            return Situation("Résiliée", "done", "La convention a pris fin par une résiliation.", _KEEP)
        case ConventionStatus.DROPPED:
            last = file.acts[-1].state
            why = _NOT_SIGNED.get(ActState(last), "")
            return Situation(
                "Sans suite", "done", f"Cette convention n’a pas été signée. {why}".strip(), _ASK
            )
        case ConventionStatus.UNKNOWN_TERM:
            now = "La convention est signée. Sa date de fin n’est pas enregistrée ici."
            return Situation("Signée", "ok", now, _ASK)
    return Situation("En préparation", "neutral", "L’OPT-NC prépare le texte.", _ASK)


def day(value: datetime.date | None, precision: str = "jour") -> str:
    """As much of a date as is known, the day never parted from its month; empty for none."""
    return show_date(value, precision).replace(" ", NBSP, 1) if value else ""


def signed_when(act: Act) -> str:
    """When an act was signed: a date, or the words of the source; empty before."""
    told = told_date(act.signed_on, act.signed_on_precision, act.signed_on_wording)
    return told.replace(" ", NBSP, 1) if act.signed_on else told


def how_signed(act: Act, kind: DocumentKind | None) -> str:
    """How a signed act was signed, and what its file is: the sealed one, a scan, or none here (`kind` None)."""
    when = signed_when(act)
    signed = f"{act_words(act.kind).agree('signé').capitalize()} {_ways(act)}{f' ({when})' if when else ''}."
    return typeset(f"{signed} {_FILES[kind]}")


def _ways(act: Act) -> str:
    if act.is_reprise:
        return "sur papier, avant l’ouverture de cet espace"
    return "en ligne, par toutes les parties" if act.path == SigningPath.ONLINE else "sur papier, à l’encre"


def document_label(kind: str, act: Act, *, signed: bool) -> str:
    """« Exemplaire signé, avenant n° 1 »."""
    label = _DOCUMENTS.get(DocumentKind(kind), DocumentKind(kind).label.capitalize())
    if kind == DocumentKind.FROZEN and not signed:
        label = "Texte à signer"
    return typeset(label if act.kind == ActKind.INITIAL else f"{label}, {act_label(act)}")


def act_label(act: Act) -> str:
    """« convention », « avenant n° 1 », « résiliation »."""
    return f"avenant n° {act.rank}" if act.kind == ActKind.AMENDMENT else str(act.get_kind_display())


def names(people: list[str]) -> str:
    """« A », « A et B », « A, B et C »."""
    return join_list(people)
