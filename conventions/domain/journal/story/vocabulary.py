"""Every event of the journal as a French sentence: the only vocabulary, for pages, exports and filters.

An event that the code records and that stands here nowhere fails `test_every_journal_event_has_its_sentence`. To add
one, put a line in its group: the code, a short title (for filters), what the person did (after his or her name).
`{act}`, `{of_act}`, `{to_act}` name the act (« l’avenant n° 2026-014-A1 », « de l’avenant … »); other braces are names
of `details`, in words. A sentence must read well when a detail is absent: keep braces for what is always recorded.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from conventions.formats import slugify_fr


class Subject(models.TextChoices):
    """Groups of events, in the order of the filter."""

    ACT = "vie", _("Vie des actes")
    FILE = "dossier", _("Dossier")
    DOCUMENT = "documents", _("Documents et pièces")
    FOLLOW = "suivi", _("Suivi")
    PUBLIC = "public", _("Publication")
    PARTNER = "partenaire", _("Partenaires et comptes bancaires")
    ACCESS = "acces", _("Accès et comptes")
    LISTS = "listes", _("Listes et modèles")
    REFUSED = "refus", _("Actions refusées")
    JOURNAL = "journal", _("Journal")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`title`: short, for a filter; `told`: what follows the name of who did it."""

    subject: Subject
    title: str
    told: str


def _group(subject: Subject, **sentences: tuple[str, str]) -> dict[str, Sentence]:
    return {event: Sentence(subject, title, told) for event, (title, told) in sentences.items()}


SENTENCES: dict[str, Sentence] = {
    **_group(
        Subject.ACT,
        soumettre=("Soumission au juridique", "a soumis {act} au juridique"),
        demander_correction=("Correction demandée", "a demandé de corriger {act}"),
        correction_faite=("Correction faite", "a fait la correction demandée dans « {rubrique} »"),
        corriger_avant_signature=(
            "Correction avant signature",
            "a demandé de corriger {act} avant la signature",
        ),
        preparer_avenant=("Préparation d’un avenant", "a demandé de préparer un avenant"),
        preparer_resiliation=("Préparation d’une résiliation", "a demandé de préparer une résiliation"),
        clore=("Clôture", "a clos la convention"),
        valider=("Validation", "a validé {act}"),
        numero_attribue=("Numéro attribué", "a donné le numéro {numero} {to_act}"),
        figer=("Figement", "a figé {act} et mis le document à la signature"),
        reprendre=("Reprise pour modification", "a repris {act} pour modification"),
        classer_scan=("Exemplaire signé classé", "a classé l’exemplaire signé {of_act}"),
        exemplaire_ajoute=("Autre exemplaire classé", "a classé un autre exemplaire signé {of_act}"),
        enregistrer_reprise=(
            "Reprise enregistrée",
            "a enregistré la reprise {of_act}, sur papier",
        ),
        attester_reprise=("Reprise attestée", "a attesté les faits repris {of_act}"),
        convention_consultee=("Lien ouvert", "a ouvert le lien pour signer {act}"),
        convention_lue=("Fin du texte affichée", "a fait défiler le texte {of_act} jusqu’à la fin"),
        code_de_signature_demande=("Code demandé", "a demandé un code pour signer {act}"),
        signer=("Signature", "a signé {act} en ligne"),
        signer_en_dernier=("Dernière signature", "a signé {act} en ligne, en dernier"),
        sceller=("Document signé", "a scellé le document : tout le monde a signé {act}"),
        invitation_renvoyee=("Invitation renvoyée", "a renvoyé l’invitation à signer {of_signatory}"),
        preavis_recu=("Préavis reçu", "a noté le jour où l’autre partie a reçu la lettre qui précède {act}"),
        sceau_relance=("Sceau demandé de nouveau", "a demandé de nouveau le sceau {of_act}"),
        adresse_corrigee=("Adresse corrigée", "a corrigé l’adresse de courriel {of_signatory}"),
        courrier_prepare=("Courrier préparé", "a préparé un courrier sur {act}"),
        courrier_remis=("Courrier remis", "a remis un courrier sur {act}"),
        courrier_recu=("Courrier reçu", "a noté la réception d’un courrier sur {act}"),
        promesses_connues=(
            "Texte relu après coup",
            "a noté que le texte {of_act} ne dit pas tout ce que promet le dossier : {motif}",
        ),
        refuser=("Refus de signer", "a enregistré le refus de signer {act}"),
        annuler=("Annulation", "a annulé {act}"),
        abandonner=("Abandon", "a abandonné {act}"),
        expirer=("Expiration", "a constaté l’expiration {of_act}"),
        doute_ecarte=("Doute écarté", "a écarté un doute sur {act} : « {question} »"),
        avenant_commence=("Avenant commencé", "a commencé {act}"),
        resiliation_commencee=("Résiliation commencée", "a commencé {act}"),
        convention_close=("Clôture", "a clos la convention"),
    ),
    **_group(
        Subject.FILE,
        convention_creee=("Dossier créé", "a créé le dossier"),
        convention_modifiee=("Dossier modifié", "a modifié le dossier {of_act}"),
        articles_reproposes=(
            "Articles proposés de nouveau",
            "a fait proposer de nouveau les articles {of_act}",
        ),
        dossier_confie=("Dossier confié", "a confié le dossier à une autre personne"),
        ligne_ajoutee=("Ligne ajoutée", "a ajouté une ligne {to_act}"),
        ligne_modifiee=("Ligne modifiée", "a modifié une ligne par {act}"),
        ligne_remplacee=("Ligne remplacée", "a remplacé une ligne en vigueur par {act}"),
        ligne_supprimee=("Ligne supprimée", "a supprimé une ligne en vigueur par {act}"),
        changement_annule=("Changement annulé", "a annulé un changement {of_act}"),
        ligne_reprise=("Changement repris", "a repris un changement {of_act} sur la ligne en vigueur"),
        signataire_remplace=("Signataire remplacé", "a remplacé un signataire absent {of_act}"),
        reprise_completee=("Reprise complétée", "a complété la reprise d’un acte déjà signé"),
    ),
    **_group(
        Subject.DOCUMENT,
        document_produit=("Document produit", "a enregistré un document : « {titre} »"),
        piece_jointe_ajoutee=("Pièce jointe ajoutée", "a ajouté une pièce jointe ({type})"),
        sceau_pose=("Sceau posé", "a posé un sceau sur le document {of_act}"),
        sceaux_sans_preuves=(
            "Sceaux sans preuves",
            "a terminé les sceaux sans preuves de long terme {of_act}",
        ),
        horodatage_pose=("Document horodaté", "a réuni les preuves et horodaté le document {of_act}"),
        scans_recus=("Scans reçus", "a envoyé des scans à classer"),
        scans_abandonnes=("Scans abandonnés", "a abandonné un lot de scans"),
        rib_consulte=("RIB lu", "a ouvert un relevé d’identité bancaire"),
        documents_exportes=("Documents exportés", "a exporté des PDF"),
        liste_exportee=("Liste exportée", "a téléchargé un classeur : {liste}"),
    ),
    **_group(
        Subject.FOLLOW,
        versement_transmis=("Versement transmis", "a transmis un versement à l’agent comptable"),
        versement_paye=("Versement payé", "a noté le paiement d’un versement"),
        versement_prepare=("Versement préparé", "a préparé un versement"),
        versement_controle=("Versement contrôlé", "a contrôlé un versement préparé"),
        versement_repris=("Versement repris", "a repris un versement renvoyé ou rejeté"),
        versement_compte_confirme=("Compte d’un versement confirmé", "a vérifié le compte d’un versement"),
        versement_rejete=("Versement rejeté par la banque", "a noté le rejet d’un versement par la banque"),
        versement_annule=("Versement annulé", "a annulé un versement non payé"),
        versement_trop_percu=("Trop-perçu constaté", "a constaté un trop-perçu sur un versement"),
        versement_reverse=("Trop-perçu reversé", "a noté ce qui est reversé d’un versement"),
        versement_renvoye=("Versement renvoyé", "a renvoyé un versement transmis, pas payé"),
        dossier_versement_produit=("Dossier de versement produit", "a produit le dossier d’un versement"),
        dossier_versement_consulte=("Dossier de versement lu", "a lu le dossier d’un versement, RIB compris"),
        materiel_prepare=("Matériel préparé", "a préparé du matériel"),
        donnees_effacees=("Données effacées", "a noté l’effacement des données d’appareils"),
        effacement_echoue=("Effacement échoué", "a noté l’échec d’un effacement de données"),
        supports_releves=("Supports de données relevés", "a relevé des supports de données"),
        supports_retires=("Supports de données retirés", "a noté le retrait de supports de données"),
        supports_detruits=("Supports de données détruits", "a noté la destruction de supports de données"),
        materiel_libere=("Matériel libéré", "a remis au stock du matériel réservé"),
        appareils_entres=("Appareils entrés au stock", "a fait entrer des appareils au stock"),
        appareil_corrige=("Fiche d’appareil corrigée", "a corrigé la fiche d’un appareil"),
        materiel_refuse=("Matériel refusé à la remise", "a noté du matériel refusé à la remise"),
        materiel_manquant=("Matériel manquant", "a dit ce qu’est devenu du matériel manquant"),
        materiel_nouvelles=("Nouvelles du matériel", "a dit ce qu’est devenu le matériel"),
        appareils_rendus=("Appareils rendus", "a noté le retour d’appareils prêtés"),
        appareils_controles=("Appareils contrôlés", "a contrôlé des appareils"),
        appareils_reformes=("Appareils réformés", "a réformé des appareils"),
        appareils_reaffectes=("Appareils réaffectés", "a réaffecté des appareils en interne"),
        appareils_perdus=("Appareils perdus", "a noté la perte d’appareils"),
        appareils_retrouves=("Appareils retrouvés", "a noté que des appareils sont retrouvés"),
        appareils_sortis=("Appareils sortis de l’inventaire", "a sorti des appareils de l’inventaire"),
        materiel_remis=("Matériel remis", "a noté la remise de matériel"),
        pret_rendu=("Prêt rendu", "a noté le retour d’un prêt"),
        compte_rendu_recu=("Compte rendu reçu", "a noté la réception d’un compte rendu"),
        compte_rendu_accepte=("Compte rendu accepté", "a accepté un compte rendu"),
        compte_rendu_envoye=("Compte rendu envoyé", "a envoyé un compte rendu depuis l’espace"),
        compte_rendu_redemande=("Compte rendu redemandé", "a redemandé un compte rendu"),
        materiel_recu=("Matériel reçu", "a confirmé avoir reçu tout le matériel d’une remise"),
        code_de_remise_demande=("Code demandé", "a demandé un code pour signer un procès-verbal de remise"),
        remise_signee=("Procès-verbal signé", "a signé en ligne le procès-verbal d’une remise"),
        proces_verbal_scelle=(
            "Procès-verbal scellé",
            "a scellé le procès-verbal d’une remise, signé en ligne",
        ),
        materiel_incomplet=("Matériel incomplet", "a signalé qu’il manque du matériel à une remise"),
        message_envoye=("Message de l’association", "a écrit un message à l’OPT-NC"),
        message_repondu=("Réponse à l’association", "a répondu à un message de l’association"),
        message_classe=("Échange clos", "a clos un échange avec l’association"),
        message_efface=("Message effacé", "a effacé le texte d’un message"),
        relance_envoyee=("Partenaire relancé", "a relancé le partenaire : {objet_de_la_relance}"),
        courriel_envoye_de_nouveau=(
            "Courriel envoyé de nouveau",
            "a envoyé de nouveau un courriel : {modele}",
        ),
        enveloppe_ouverte=("Enveloppe ouverte", "a ouvert une enveloppe"),
        enveloppe_mouvement=("Mouvement d’enveloppe", "a noté un mouvement d’enveloppe"),
        financement_impute=("Financement imputé", "a imputé un financement sur une enveloppe"),
        exercice_clos=("Exercice clos", "a clos un exercice"),
        exercice_clos_ecrit=("Écriture dans un exercice clos", "a écrit dans un exercice clos"),
        bilan_enregistre=("Bilan enregistré", "a enregistré le bilan"),
    ),
    **_group(
        Subject.PUBLIC,
        publication=("Page publique publiée", "a publié la page publique, version {version}"),
        publication_retiree=("Page publique retirée", "a retiré la page publique"),
        communique_prepare=("Communiqué préparé", "a préparé un communiqué"),
        communique_publie=("Communiqué publié", "a publié un communiqué"),
        communique_retire=("Communiqué retiré", "a retiré un communiqué"),
    ),
    **_group(
        Subject.PARTNER,
        partenaire_fusionne=("Fiches fusionnées", "a fusionné deux fiches de partenaire"),
        compte_bancaire_ajoute=("Compte bancaire ajouté", "a ajouté le compte bancaire {iban}"),
        compte_bancaire_modifie=("Compte bancaire modifié", "a modifié le compte bancaire {iban}"),
        compte_bancaire_consulte=("Compte bancaire lu", "a lu en entier le compte bancaire {iban}"),
        rib_propose=("RIB proposé", "a envoyé un RIB à examiner"),
        rib_accepte=("RIB accepté", "a accepté le compte bancaire {iban}"),
        rib_refuse=("RIB refusé", "a refusé un RIB envoyé par l’association"),
        mandat_declare=("Mandat déclaré", "a déclaré une personne à faire accepter"),
        mandat_accepte=("Mandat accepté", "a accepté une personne déclarée par l’association"),
        mandat_refuse=("Mandat refusé", "a refusé une personne déclarée par l’association"),
        contact_modifie=("Contact modifié", "a modifié le contact de l’association"),
        cles_bancaires_renouvelees=(
            "Clés de chiffrement renouvelées",
            "a chiffré de nouveau des secrets sous la clé la plus récente",
        ),
    ),
    **_group(
        Subject.ACCESS,
        acces_ouvert=("Espace en ligne ouvert", "a ouvert l’espace en ligne d’un représentant"),
        coordonnees_modifiees=("Coordonnées modifiées", "a modifié ses coordonnées"),
        adresse_de_connexion_changee=("Adresse de connexion changée", "a changé son adresse de connexion"),
        adresse_de_connexion_annoncee=(
            "Adresse de connexion à changer",
            "a confirmé une nouvelle adresse de connexion, qui comptera deux jours plus tard",
        ),
        adresse_de_connexion_demandee=(
            "Adresse de connexion demandée",
            "a demandé une nouvelle adresse de connexion pour une personne qui n’a plus la sienne",
        ),
        adresse_de_connexion_annulee=(
            "Changement d’adresse annulé",
            "a annulé un changement d’adresse de connexion",
        ),
        adresse_de_connexion_abandonnee=(
            "Changement d’adresse abandonné",
            "a laissé tomber un changement d’adresse de connexion",
        ),
        adresse_de_connexion_remplacee=(
            "Adresse de connexion remplacée",
            "a fait remplacer l’adresse de connexion d’une personne qui n’avait plus la sienne",
        ),
        roles_modifies=("Rôles modifiés", "a changé les rôles d’un compte"),
        courriels_choisis=("Courriels choisis", "a choisi quand recevoir ses courriels"),
        invitation_envoyee=("Invitation envoyée", "a invité une personne à choisir son mot de passe"),
        mot_de_passe_choisi=("Mot de passe choisi", "a choisi son mot de passe"),
        mot_de_passe_change=("Mot de passe changé", "a changé son mot de passe"),
        compte_debloque=("Compte débloqué", "a débloqué un compte"),
        connexions_fermees=("Connexions fermées", "a fermé les connexions d’un compte"),
        second_facteur_active=("Second facteur activé", "a activé son second facteur"),
        second_facteur_retire=("Second facteur retiré", "a retiré son second facteur"),
        second_facteur_reinitialise=(
            "Second facteur réinitialisé",
            "a réinitialisé le second facteur d’un compte",
        ),
        second_facteur_bloque=(
            "Second facteur bloqué",
            "a fait trop d’essais : son second facteur est bloqué",
        ),
        codes_de_secours_renouveles=("Codes de secours renouvelés", "a renouvelé ses codes de secours"),
        code_de_secours_utilise=("Code de secours utilisé", "a utilisé un code de secours"),
    ),
    **_group(
        Subject.REFUSED,
        action_refusee=("Action refusée", "a demandé « {evenement} » pour {act} : l’application a refusé"),
    ),
    **_group(
        Subject.JOURNAL,
        details_personnels_effaces=(
            "Détails personnels effacés",
            "a effacé des détails personnels du journal",
        ),
        horloge_retenue=(
            "Horloge à confirmer",
            "a retenu ce qui ne se défait pas : la date du serveur est à confirmer",
        ),
        horloge_confirmee=("Horloge confirmée", "a confirmé la date du serveur"),
    ),
}

VERBS = {
    "cree": ("ajout", "a ajouté"),
    "modifie": ("modification", "a modifié"),
    "supprime": ("suppression", "a supprimé"),
    "nouvelle_version": ("nouvelle version", "a préparé une nouvelle version pour"),
}
# Pages of the admin that save a row: its verbose name, and how a sentence names it.
THINGS = {
    "piece_a_joindre_a_un_versement": (Subject.LISTS, "une règle des pièces à joindre"),
    "partenaire": (Subject.PARTNER, "la fiche du partenaire"),
    "utilisateur": (Subject.ACCESS, "un compte"),
    "communique_de_presse": (Subject.PUBLIC, "un communiqué de presse"),
    "modele_d_article": (Subject.LISTS, "un article type"),
    "modele_d_acte": (Subject.LISTS, "un modèle d’acte"),
    "modele_de_courrier": (Subject.LISTS, "un modèle de courrier"),
    "nature_de_convention": (Subject.LISTS, "une nature de convention"),
    "type_de_soutien_en_nature": (Subject.LISTS, "un type de soutien en nature"),
    "theme": (Subject.LISTS, "un thème"),
    "enveloppe": (Subject.LISTS, "une enveloppe"),
    "valeur": (Subject.LISTS, "une valeur"),
    "plan_strategique": (Subject.LISTS, "un plan stratégique"),
    "lieu": (Subject.LISTS, "un lieu"),
    "appareil_du_stock": (Subject.FOLLOW, "un appareil du stock"),
    "seuil": (Subject.LISTS, "un seuil légal"),
    "annee_declaree": (Subject.LISTS, "une année déclarée"),
    "contact_presse": (Subject.LISTS, "un contact presse"),
    "deliberation": (Subject.LISTS, "une délibération"),
    "ceremonie_de_signature": (Subject.LISTS, "une cérémonie"),
    "projet": (Subject.LISTS, "un projet"),
    "courriel": (Subject.ACCESS, "un courriel"),
    "delegation_de_signature": (Subject.ACCESS, "l’absence d’un signataire de l’OPT-NC"),
}


def thing_key(verbose_name: str) -> str:
    """The beginning of a row's events: « nature_de_convention » for « nature de convention »."""
    return slugify_fr(verbose_name).replace("-", "_")


def sentence_of(event: str) -> Sentence:
    """The sentence of an event; one of a past version that is told nowhere any more reads as it was written."""
    known = SENTENCES.get(event)
    if known is not None:
        return known
    for verb, (noun, done) in VERBS.items():
        thing = event.removesuffix(f"_{verb}")
        if thing in THINGS:
            subject, named = THINGS[thing]
            return Sentence(subject, f"{thing.replace('_', ' ').capitalize()} : {noun}", f"{done} {named}")
    words = event.replace("_", " ")
    return Sentence(Subject.FILE, words.capitalize(), f"a fait : {words}")


def events_of(subject: str) -> list[str]:
    """Codes of the events of a group."""
    found = [event for event, sentence in SENTENCES.items() if sentence.subject == subject]
    return found + [
        f"{thing}_{verb}" for thing, (group, _n) in THINGS.items() if group == subject for verb in VERBS
    ]
