"""Every letter in words: its name, who receives it, and whether its reader may choose when."""

from dataclasses import dataclass

from conventions.enums import MailRhythm
from conventions.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One letter. `audience` says who receives it; `always`: security and legal letters leave whatever was chosen.

    `usual` is the rhythm of who chose nothing; `may_repeat`: staff may send it again. `first`: somebody waits for it
    before a page, it leaves before all others.
    """

    code: str
    title: str
    audience: str
    for_staff: bool = False
    for_partners: bool = False
    always: bool = False
    usual: MailRhythm = MailRhythm.NOW
    may_repeat: bool = True
    first: bool = False


_PARTNER = "les signataires du partenaire"
_INVITED = "ceux qui avaient été invités à signer"
_CHARGE = "la personne chargée du dossier et celle qui a préparé l’acte"

KINDS: tuple[Kind, ...] = (
    Kind(code="code_connexion", title="Code de connexion", audience="la personne qui se connecte",
         for_partners=True, always=True, may_repeat=False, first=True),
    Kind(code="nouvelle_connexion", title="Nouvelle connexion", audience="la personne connectée",
         for_staff=True, for_partners=True, always=True, may_repeat=False),
    Kind(code="invitation_personnel", title="Invitation à ouvrir son compte", audience="l’agent invité",
         for_staff=True, always=True, may_repeat=False),
    Kind(code="second_facteur_reinitialise", title="Second facteur réinitialisé", audience="l’agent concerné",
         for_staff=True, always=True, may_repeat=False),
    Kind(code="convention_a_signer", title="Acte à signer", audience=_PARTNER, for_partners=True, always=True),
    Kind(code="invitation_a_signer", title="Invitation à signer en ligne", audience="un signataire",
         for_staff=True, for_partners=True, always=True, may_repeat=False),
    Kind(code="code_de_signature", title="Code pour signer", audience="le signataire qui l’a demandé",
         for_partners=True, always=True, may_repeat=False, first=True),
    Kind(code="remise_a_signer", title="Procès-verbal de remise à signer",
         audience="la personne qui reçoit le matériel", for_partners=True, always=True, may_repeat=False),
    Kind(code="code_de_remise", title="Code pour signer un procès-verbal de remise",
         audience="la personne qui l’a demandé", for_partners=True, always=True, may_repeat=False, first=True),
    Kind(code="recu_de_signature", title="Reçu d’une signature, avec le texte signé", audience="le signataire",
         for_staff=True, for_partners=True, always=True, may_repeat=False),
    Kind(code="signature_suspendue", title="Signature suspendue", audience=_INVITED,
         for_staff=True, for_partners=True, always=True),
    Kind(code="signature_arretee", title="Signature arrêtée", audience=_INVITED,
         for_staff=True, for_partners=True, always=True),
    Kind(code="convention_signee", title="Acte signé", audience=_PARTNER, for_partners=True, always=True),
    Kind(code="acte_signe", title="Acte signé, et ce qui vient ensuite", audience="la personne chargée du dossier, "
         "celle qui a préparé l’acte, les signataires de l’OPT-NC ; selon ce que l’acte promet, les agents comptables "
         "et la logistique", for_staff=True),
    Kind(code="courrier_officiel", title="Courrier officiel, joint", audience="les personnes en fonction du partenaire",
         for_partners=True, always=True),
    Kind(code="recu_de_remise", title="Reçu d’une réception de matériel, avec le procès-verbal",
         audience="la personne qui l’a confirmée", for_partners=True, always=True),
    Kind(code="rappel_signature", title="Rappel : acte à signer", audience=_PARTNER, for_partners=True),
    Kind(code="rappel_partenaire", title="Rappel : engagement à tenir", audience=_PARTNER, for_partners=True),
    Kind(code="acte_a_relire", title="Texte à relire", audience="les juristes", for_staff=True),
    Kind(code="correction_demandee", title="Correction demandée", audience=_CHARGE, for_staff=True),
    Kind(code="acte_valide", title="Texte validé", audience=_CHARGE, for_staff=True),
    Kind(code="acte_arrete", title="Acte refusé, annulé, expiré ou abandonné", audience=_CHARGE, for_staff=True),
    Kind(code="reprise_a_attester", title="Reprise à attester", audience="les juristes et la direction",
         for_staff=True, usual=MailRhythm.DAILY),
    Kind(code="convention_a_publier", title="Convention signée à publier", audience="la communication",
         for_staff=True),
    Kind(code="demande_recue", title="Demande d’une association à examiner",
         audience="les chargés de partenariats de l’association", for_staff=True),
    Kind(code="demande_examinee", title="Demande acceptée ou refusée", audience="la personne qui l’a envoyée",
         for_partners=True, always=True),
    Kind(code="materiel_accuse", title="Matériel reçu, ou incomplet", audience="la personne chargée du dossier "
         "et la logistique", for_staff=True),
    Kind(code="nouvelles_du_materiel", title="Ce qu’est devenu le matériel donné", audience="les personnes en fonction",
         for_partners=True),
    Kind(code="compte_rendu_depose", title="Compte rendu à accepter", audience="la personne chargée du dossier",
         for_staff=True),
    Kind(code="compte_rendu_a_reprendre", title="Compte rendu à reprendre", audience="les personnes en fonction",
         for_partners=True, always=True),
    Kind(code="message_recu", title="Message d’une association", audience="la personne chargée du dossier, et les "
         "juristes pour un article", for_staff=True),
    Kind(code="message_reponse", title="Réponse de l’OPT-NC", audience="les personnes en fonction",
         for_partners=True),
    Kind(code="versement_transmis", title="Versement transmis, à payer", audience="les agents comptables",
         for_staff=True),
    Kind(code="versement_renvoye", title="Versement renvoyé", audience="la personne chargée du dossier, celle qui a "
         "transmis le versement, et les agents comptables", for_staff=True),
    Kind(code="code_adresse", title="Code pour changer d’adresse", audience="la nouvelle adresse",
         for_partners=True, always=True, may_repeat=False, first=True),
    Kind(code="code_de_confirmation", title="Code pour confirmer que c’est vous", audience="la personne connectée",
         for_partners=True, always=True, may_repeat=False, first=True),
    Kind(code="adresse_a_approuver", title="Adresse de connexion à approuver",
         audience="les chargés de partenariats, sauf qui l’a demandée", for_staff=True),
    Kind(code="adresse_va_changer", title="Adresse de connexion qui va changer", audience="l’ancienne adresse",
         for_partners=True, always=True, may_repeat=False),
    Kind(code="adresse_changee", title="Adresse de connexion changée", audience="l’ancienne adresse",
         for_partners=True, always=True, may_repeat=False),
    Kind(code="essais_de_connexion", title="Essais de connexion d’un inconnu", audience="l’adresse visée",
         for_partners=True, always=True, may_repeat=False),
    Kind(code="essais_de_mot_de_passe", title="Essais de mot de passe d’un inconnu", audience="l’agent visé",
         for_staff=True, always=True, may_repeat=False),
    Kind(code="rappel_dossier", title="Rappel : ce qui vous attend", audience="la personne dont c’est le tour",
         for_staff=True, usual=MailRhythm.DAILY),
    Kind(code="resume_quotidien", title="Résumé de la journée", audience="une personne qui l’a choisi",
         for_staff=True, for_partners=True, always=True, may_repeat=False),
    Kind(code="fichier_abime", title="Fichier enregistré abîmé", audience="les administrateurs", for_staff=True,
         always=True),
    Kind(code="empreinte_du_journal", title="Empreinte du journal", audience="l’adresse qui garde les empreintes",
         always=True),
)  # fmt: skip
# They tell who signs in, when: read by administrators alone.
OF_ACCOUNTS = (
    "code_connexion",
    "nouvelle_connexion",
    "invitation_personnel",
    "second_facteur_reinitialise",
    "code_adresse",
    "code_de_confirmation",
    "adresse_va_changer",
    "adresse_changee",
    "essais_de_connexion",
    "essais_de_mot_de_passe",
)
BY_CODE: dict[str, Kind] = {kind.code: kind for kind in KINDS}
FIRST = tuple(kind.code for kind in KINDS if kind.first)


def chosen_by(user: User) -> list[Kind]:
    """The letters whose rhythm this user may choose."""
    return [
        kind for kind in KINDS if not kind.always and (kind.for_staff if user.is_staff else kind.for_partners)
    ]


def title_of(code: str) -> str:
    """The letter's name; its code when it no longer exists."""
    return BY_CODE[code].title if code in BY_CODE else code
