"""Each letter's name and what makes it."""

from typing import Any

from conventions.domain.notifications import (
    account_letters,
    journal_letters,
    letters,
    payment_letters,
    signing_letters,
    space_letters,
)
from conventions.domain.notifications.letter import Builder, Letter, Pointless, Undeliverable
from conventions.domain.notifications.reminders import rappel_dossier, rappel_partenaire, rappel_signature
from conventions.formats import NBSP, counted
from conventions.models import HeldMail, User

ONE_BY_ONE = 40  # lines of a summary


def resume_quotidien(params: dict[str, Any]) -> list[Letter]:
    """What one person chose to read once a day: each letter that still has a point, with its link."""
    user = User.objects.filter(pk=params["user"], is_active=True).exclude(email="").first()
    if user is None:
        raise Pointless
    held = HeldMail.objects.filter(user=user, summary_on=params["jour"]).select_related("mail").order_by("pk")
    lines = {tuple(line.values()): line for row in held if (line := _line(row, user))}
    if not lines:
        raise Pointless
    shown = list(lines.values())[:ONE_BY_ONE]
    return [
        Letter(
            key=f"utilisateur:{user.pk}",
            to=user.email,
            subject=f"OPT Partenariats{NBSP}: {counted(len(lines), 'message')} aujourd’hui",
            template="emails/resume",
            context={"reader": user, "lines": shown, "others": len(lines) - len(shown)},
            user=user.pk,
            is_staff=user.is_staff,
        )
    ]


def _line(row: HeldMail, user: User) -> dict[str, str] | None:
    """Subject and link of a letter kept for this user; None when it no longer has a point."""
    try:
        made = BUILDERS[row.mail.template](row.mail.params)
    except (Pointless, Undeliverable, KeyError):
        return None
    letter = next((letter for letter in made if letter.user == user.pk), None)
    return {"subject": letter.subject, "link": letter.context["link"]} if letter else None


BUILDERS: dict[str, Builder] = {
    "code_connexion": letters.code_connexion,
    "nouvelle_connexion": account_letters.nouvelle_connexion,
    "invitation_personnel": account_letters.invitation_personnel,
    "second_facteur_reinitialise": account_letters.second_facteur_reinitialise,
    "convention_a_signer": letters.convention_a_signer,
    "invitation_a_signer": signing_letters.invitation_a_signer,
    "code_de_signature": signing_letters.code_de_signature,
    "signature_suspendue": signing_letters.signature_suspendue,
    "signature_arretee": signing_letters.signature_arretee,
    "convention_signee": letters.convention_signee,
    "rappel_signature": rappel_signature,
    "rappel_partenaire": rappel_partenaire,
    "acte_a_relire": letters.acte_a_relire,
    "correction_demandee": letters.correction_demandee,
    "acte_valide": letters.acte_valide,
    "acte_arrete": letters.acte_arrete,
    "reprise_a_attester": letters.reprise_a_attester,
    "convention_a_publier": letters.convention_a_publier,
    "demande_recue": space_letters.demande_recue,
    "demande_examinee": space_letters.demande_examinee,
    "materiel_accuse": space_letters.materiel_accuse,
    "compte_rendu_depose": space_letters.compte_rendu_depose,
    "compte_rendu_a_reprendre": space_letters.compte_rendu_a_reprendre,
    "message_recu": space_letters.message_recu,
    "message_reponse": space_letters.message_reponse,
    "versement_transmis": payment_letters.versement_transmis,
    "versement_renvoye": payment_letters.versement_renvoye,
    "code_adresse": space_letters.code_adresse,
    "adresse_changee": space_letters.adresse_changee,
    "rappel_dossier": rappel_dossier,
    "resume_quotidien": resume_quotidien,
    "empreinte_du_journal": journal_letters.empreinte_du_journal,
}
