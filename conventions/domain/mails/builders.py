"""Each letter's name and what makes it."""

import logging
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from conventions.domain.mails import (
    account_letters,
    act_letters,
    formal_letters,
    journal_letters,
    payment_letters,
    signed_letters,
    signing_letters,
    space_letters,
    store_letters,
)
from conventions.domain.mails.letter import Builder, Letter, Pointless, Undeliverable
from conventions.domain.mails.reminder_letters import rappel_dossier, rappel_partenaire, rappel_signature
from conventions.formats import NBSP, counted
from conventions.models import HeldMail, User

logger = logging.getLogger(__name__)

ONE_BY_ONE = 40  # lines of a summary


def resume_quotidien(params: dict[str, Any]) -> list[Letter]:
    """What one person chose to read once a day: each letter that still has a point, with its link."""
    user = User.objects.filter(pk=params["user"], is_active=True).exclude(email="").first()
    if user is None:
        raise Pointless
    held = HeldMail.objects.filter(user=user, summary_on=params["jour"]).select_related("mail").order_by("pk")
    lines, faults = _lines(held, user)
    if not lines and not faults:
        raise Pointless
    shown = lines[:ONE_BY_ONE]
    others = len(lines) - len(shown) + faults
    return [
        Letter(
            key=f"utilisateur:{user.pk}",
            to=user.email,
            subject=f"OPT Partenariats{NBSP}: {counted(len(lines) + faults, 'message')} aujourd’hui",
            template="emails/resume",
            context={"reader": user, "lines": shown, "others": counted(others, "autre") if others else ""},
            user=user.pk,
            is_staff=user.is_staff,
        )
    ]


def _lines(held: Iterable[HeldMail], user: User) -> tuple[list[dict[str, str]], int]:
    """The lines of a summary, each once, and how many letters could not be read: those do not stop the others."""
    lines: dict[tuple[str, ...], dict[str, str]] = {}
    faults = 0
    for row in held:
        try:
            with transaction.atomic():
                line = _line(row, user)
        except Exception:
            logger.exception("Courriel %s absent d’un résumé", row.mail_id)
            faults += 1
        else:
            if line:
                lines[tuple(line.values())] = line
    return list(lines.values()), faults


def _line(row: HeldMail, user: User) -> dict[str, str] | None:
    """Subject and link of a letter kept for this user; None when it no longer has a point."""
    builder = BUILDERS.get(row.mail.template)
    if builder is None:
        return None
    try:
        made = builder(row.mail.params)
    except (Pointless, Undeliverable):
        return None
    letter = next((letter for letter in made if letter.user == user.pk), None)
    return {"subject": letter.subject, "link": letter.context["link"]} if letter else None


BUILDERS: dict[str, Builder] = {
    "code_connexion": act_letters.code_connexion,
    "nouvelle_connexion": account_letters.nouvelle_connexion,
    "invitation_personnel": account_letters.invitation_personnel,
    "second_facteur_reinitialise": account_letters.second_facteur_reinitialise,
    "convention_a_signer": act_letters.convention_a_signer,
    "invitation_a_signer": signing_letters.invitation_a_signer,
    "code_de_signature": signing_letters.code_de_signature,
    "remise_a_signer": formal_letters.remise_a_signer,
    "code_de_remise": signing_letters.code_de_remise,
    "recu_de_signature": signing_letters.recu_de_signature,
    "signature_suspendue": signing_letters.signature_suspendue,
    "signature_arretee": signing_letters.signature_arretee,
    "convention_signee": signed_letters.convention_signee,
    "acte_signe": signed_letters.acte_signe,
    "courrier_officiel": formal_letters.courrier_officiel,
    "recu_de_remise": formal_letters.recu_de_remise,
    "rappel_signature": rappel_signature,
    "rappel_partenaire": rappel_partenaire,
    "acte_a_relire": act_letters.acte_a_relire,
    "correction_demandee": act_letters.correction_demandee,
    "acte_valide": act_letters.acte_valide,
    "acte_arrete": act_letters.acte_arrete,
    "reprise_a_attester": act_letters.reprise_a_attester,
    "convention_a_publier": signed_letters.convention_a_publier,
    "demande_recue": space_letters.demande_recue,
    "demande_examinee": space_letters.demande_examinee,
    "materiel_accuse": space_letters.materiel_accuse,
    "nouvelles_du_materiel": space_letters.nouvelles_du_materiel,
    "compte_rendu_depose": space_letters.compte_rendu_depose,
    "compte_rendu_a_reprendre": space_letters.compte_rendu_a_reprendre,
    "message_recu": space_letters.message_recu,
    "message_reponse": space_letters.message_reponse,
    "versement_transmis": payment_letters.versement_transmis,
    "versement_renvoye": payment_letters.versement_renvoye,
    "code_adresse": account_letters.code_adresse,
    "code_de_confirmation": account_letters.code_de_confirmation,
    "adresse_a_approuver": space_letters.adresse_a_approuver,
    "adresse_va_changer": account_letters.adresse_va_changer,
    "adresse_changee": account_letters.adresse_changee,
    "essais_de_connexion": account_letters.essais_de_connexion,
    "essais_de_mot_de_passe": account_letters.essais_de_mot_de_passe,
    "rappel_dossier": rappel_dossier,
    "resume_quotidien": resume_quotidien,
    "fichier_abime": store_letters.fichier_abime,
    "empreinte_du_journal": journal_letters.empreinte_du_journal,
}
