"""Who each kind of task waits for. The order is that of the page."""

from conventions.domain.worklist import acts, dated, online, received
from conventions.domain.worklist.acts import S
from conventions.domain.worklist.tasks import Rule
from conventions.enums import Event, Role, SigningPath


def _roles(*roles: Role) -> frozenset[str]:
    return frozenset(role.value for role in roles)


_OFFICER, _LAWYER, _DIRECTOR = _roles(Role.OFFICER), _roles(Role.LAWYER), _roles(Role.DIRECTOR)

RULES: tuple[Rule, ...] = (
    Rule(code="corriger", title="À corriger", action="Corriger", roles=_OFFICER,
         accepts=acts.new_in(S.TO_CORRECT), why=acts.correction),
    Rule(code="relire", title="À relire et à valider", action="Relire", roles=_LAWYER,
         accepts=acts.new_in(S.IN_REVIEW), since="submitted_at", four_eyes=True),
    Rule(code="figer", title="À mettre à la signature", action="Mettre à la signature", roles=_OFFICER,
         accepts=acts.new_in(S.APPROVED), since="approved_at", event=Event.FREEZE),
    Rule(code="a_signer", title="À signer", action="Lire et signer", roles=_DIRECTOR, read=online.to_sign),
    Rule(code="sceaux", title="Sceaux en attente", action="Réessayer", roles=_OFFICER,
         accepts=acts.unsealed, since="updated_at", why=acts.seal_fault, page="sceaux"),
    Rule(code="invitations", title="Invitations à signer qui expirent bientôt", action="Voir", roles=_OFFICER,
         read=online.invitations_ending),
    Rule(code="signer", title="En attente de signature", action="Ouvrir", roles=_DIRECTOR,
         accepts=acts.new_in(*acts.AWAITING_INK), since="frozen_at"),
    Rule(code="scan", title="Exemplaires signés à classer", action="Classer le scan", roles=_OFFICER,
         accepts=acts.new_in(*acts.AWAITING_INK, path=SigningPath.INK), since="frozen_at",
         event=Event.FILE_SCAN, awaits_partner=True),
    Rule(code="attester", title="Reprises à attester", action="Vérifier", roles=_LAWYER | _DIRECTOR,
         accepts=acts.reprise_in(S.SIGNED), four_eyes=True, event=Event.ATTEST_REPRISE),
    Rule(code="sceau", title="Le sceau des actes en ligne", action="Voir", roles=frozenset(),
         read=dated.seal_alerts),
    Rule(code="courriels", title="Courriels qui ne sont pas partis", action="Voir", roles=_OFFICER,
         read=dated.mails_failed),
    Rule(code="absences", title="Absences sans remplaçant", action="Désigner",
         roles=_OFFICER | _LAWYER | _DIRECTOR, read=dated.absences_alone),
    Rule(code="signataires", title="Signataires à remplacer", action="Remplacer le signataire", roles=_OFFICER,
         read=received.signatories_gone),
    Rule(code="messages", title="Messages des associations", action="Répondre", roles=_OFFICER | _LAWYER,
         read=received.messages_waiting),
    Rule(code="demandes", title="Demandes des associations", action="Examiner", roles=_OFFICER,
         read=received.proposals_waiting, done_by_reader="vous avez demandé ce changement d’adresse"),
    Rule(code="recus", title="Comptes rendus à accepter", action="Ouvrir", roles=_OFFICER,
         read=received.reports_to_accept),
    Rule(code="manques", title="Matériel qui manque", action="Ouvrir", roles=_roles(Role.LOGISTICS, Role.OFFICER),
         read=received.handovers_incomplete),
    Rule(code="paiements", title="Versements transmis, à payer", action="Enregistrer le paiement",
         roles=_roles(Role.ACCOUNTANT), read=dated.payments_waiting,
         done_by_reader="vous avez transmis ce versement"),
    Rule(code="versements_a_regler", title="Versements à reprendre ou à reverser", action="Ouvrir",
         roles=_roles(Role.OFFICER, Role.ACCOUNTANT), read=dated.payments_to_settle),
    Rule(code="versements", title="Versements à préparer", action="Ouvrir",
         roles=_roles(Role.OFFICER, Role.ACCOUNTANT), read=dated.instalments_due),
    Rule(code="comptes_rendus", title="Comptes rendus attendus", action="Ouvrir", roles=_OFFICER,
         read=dated.reports_due),
    Rule(code="prets", title="Prêts à rendre", action="Ouvrir", roles=_roles(Role.OFFICER, Role.LOGISTICS),
         read=dated.loans_due),
    Rule(code="remises", title="Matériel à remettre", action="Ouvrir", roles=_roles(Role.LOGISTICS, Role.OFFICER),
         read=dated.to_hand_over),
    Rule(code="publier", title="Conventions à publier", action="Publier", roles=_roles(Role.COMMUNICATION),
         read=dated.to_publish),
    Rule(code="communiques", title="Communiqués en préparation", action="Relire", roles=_roles(Role.COMMUNICATION),
         read=dated.press_drafts),
    Rule(code="renouveler", title="À renouveler dans les 90 jours", action="Préparer la suite", roles=_OFFICER,
         read=dated.renewals_due),
    Rule(code="mandats", title="Mandats qui se terminent", action="Mettre à jour", roles=_OFFICER,
         read=dated.mandates_ending),
    Rule(code="reprises", title="Reprises à enregistrer", action="Compléter", roles=_OFFICER,
         accepts=acts.reprise_in(S.DRAFT)),
    Rule(code="brouillons", title="Brouillons à compléter", action="Continuer", roles=_OFFICER,
         accepts=acts.new_in(S.DRAFT)),
)  # fmt: skip
RULES_BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}
