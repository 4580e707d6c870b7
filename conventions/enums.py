"""Every closed list of the trade, with its French wording. Codes are ASCII slugs and never change; wordings may."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a member of staff does; one Django group each, made by migration."""

    OFFICER = "gestionnaire", _("chargé·e de partenariats")
    LAWYER = "juriste", _("juriste")
    DIRECTOR = "direction", _("direction")
    ACCOUNTANT = "comptable", _("agent comptable")
    LOGISTICS = "logistique", _("logistique")
    COMMUNICATION = "communication", _("communication")
    READER = "lecture", _("lecture seule")


class Civility(TextChoices):
    MONSIEUR = "m", _("Monsieur")
    MADAME = "mme", _("Madame")
    NONE = "", _("non précisée")


class PartnerNature(TextChoices):
    ASSOCIATION = "association", _("association")
    FOUNDATION = "fondation", _("fondation")
    LOCAL_AUTHORITY = "collectivite", _("collectivité")
    STATE = "etat", _("État")
    PUBLIC_BODY = "etablissement_public", _("établissement public")
    COMPANY = "entreprise", _("entreprise")
    OTHER = "autre", _("autre")


class GrammaticalGender(TextChoices):
    """How a partner's name agrees in a legal act: « dénommée », « représenté »."""

    FEMININE = "f", _("féminin (l’association, dénommée)")
    MASCULINE = "m", _("masculin (l’office, dénommé)")


class AreaLevel(TextChoices):
    COMMUNE = "commune", _("commune")
    PROVINCE = "province", _("province")
    TERRITORY = "territoire", _("territoire")
    REGION = "region", _("région du monde")


class PartyRole(TextChoices):
    OPT = "opt", _("OPT-NC")
    BENEFICIARY = "beneficiaire", _("bénéficiaire")
    COFUNDER = "cofinanceur", _("co-financeur")
    ORGANISER = "organisateur", _("organisateur")
    INTERMEDIARY = "intermediaire", _("intermédiaire")
    STATE = "etat", _("État")
    PARTY = "partie", _("partie, rôle non précisé")


class ActKind(TextChoices):
    INITIAL = "initial", _("convention")
    AMENDMENT = "avenant", _("avenant")
    TERMINATION = "resiliation", _("résiliation")


class TerminationGround(TextChoices):
    """Why a convention ends before its term; but for the first, one party alone decides and signs."""

    AGREEMENT = "", _("d’un commun accord")
    FAULT = "faute", _("faute de l’autre partie, après mise en demeure")
    GENERAL_INTEREST = "interet_general", _("intérêt général")
    FORCE_MAJEURE = "force_majeure", _("force majeure")


# (months, days) between the letter received and the day of effect, as the article « Résiliation » gives them.
NOTICES = {TerminationGround.FAULT: (0, 30), TerminationGround.GENERAL_INTEREST: (2, 0)}


class ActOrigin(TextChoices):
    NEW = "nouveau", _("préparé dans l’application")
    REPRISE = "reprise", _("reprise (signé avant l’application)")


class SigningPath(TextChoices):
    INK = "papier", _("sur papier, à l’encre")
    ONLINE = "en_ligne", _("en ligne")
    UNDECIDED = "", _("à choisir")


class SigningOrder(TextChoices):
    """Who signs online when: the partners first, then OPT-NC, one after the other; or everybody at once."""

    IN_TURN = "a_tour_de_role", _("à tour de rôle, l’OPT-NC en dernier")
    TOGETHER = "ensemble", _("tous en même temps")


class ActState(TextChoices):
    DRAFT = "brouillon", _("brouillon")
    IN_REVIEW = "en_relecture", _("en relecture")
    TO_CORRECT = "a_corriger", _("à corriger")
    APPROVED = "valide", _("validé")
    TO_SIGN = "a_signer", _("à signer")
    PARTLY_SIGNED = "partiellement_signe", _("partiellement signé")
    TO_SEAL = "a_sceller", _("à sceller")
    SIGNED = "signe", _("signé")
    ABANDONED = "abandonne", _("abandonné")
    CANCELLED = "annule", _("annulé")
    DECLINED = "refuse", _("refusé")
    EXPIRED = "expire", _("expiré")


class Event(TextChoices):
    """What may happen to an act; the rules are in `lifecycle.TABLE`."""

    SUBMIT = "soumettre", _("Soumettre au juridique")
    REQUEST_CORRECTION = "demander_correction", _("Demander une correction")
    APPROVE = "valider", _("Valider")
    FREEZE = "figer", _("Figer et mettre à la signature")
    TAKE_BACK = "reprendre", _("Reprendre pour modifier")
    CORRECT_BEFORE_SIGNING = "corriger_avant_signature", _("Demander une correction avant signature")
    FILE_SCAN = "classer_scan", _("Classer l’exemplaire signé")
    SIGN = "signer", _("Signer")
    SIGN_LAST = "signer_en_dernier", _("Signer, en dernier")
    SEAL = "sceller", _("Sceller le document signé")
    RECORD_REPRISE = "enregistrer_reprise", _("Enregistrer la reprise")
    ATTEST_REPRISE = "attester_reprise", _("Attester la reprise")
    START_AMENDMENT = "preparer_avenant", _("Préparer un avenant")
    START_TERMINATION = "preparer_resiliation", _("Préparer une résiliation")
    CLOSE = "clore", _("Clore la convention")
    DECLINE = "refuser", _("Enregistrer un refus de signer")
    CANCEL = "annuler", _("Annuler")
    ABANDON = "abandonner", _("Abandonner le brouillon")
    EXPIRE = "expirer", _("Constater l’expiration")


class PageSection(TextChoices):
    """The sections of a convention's page, in order; a value is the section's anchor."""

    ESSENTIALS = "identite", _("L’essentiel")
    PARTIES = "parties", _("Parties et signataires")
    TERM = "duree", _("Durée")
    SUPPORT = "soutien", _("Soutien de l’OPT-NC")
    DUTIES = "engagements", _("Engagements")
    PROJECT = "projet", _("Budget et indicateurs du projet")
    SIGNATURE = "signature", _("Signature")
    ARTICLES = "articles", _("Préambule et articles")
    FILES = "pieces", _("Pièces jointes")
    SOURCES = "sources", _("Sources")
    PUBLIC = "public", _("Page publique")
    CLASSIFICATION = "classement", _("Classement")
    INTERNAL = "interne", _("Suivi interne")


# Those that a lawyer reads, so those of which a correction may be asked.
CORRECTABLE_SECTIONS = (
    PageSection.ESSENTIALS,
    PageSection.PARTIES,
    PageSection.TERM,
    PageSection.SUPPORT,
    PageSection.DUTIES,
    PageSection.PROJECT,
    PageSection.SIGNATURE,
    PageSection.ARTICLES,
    PageSection.FILES,
)
EDITABLE_STATES = (ActState.DRAFT, ActState.TO_CORRECT)
BEFORE_FREEZING_STATES = (ActState.DRAFT, ActState.IN_REVIEW, ActState.TO_CORRECT, ActState.APPROVED)
AWAITING_SIGNATURE_STATES = (ActState.TO_SIGN, ActState.PARTLY_SIGNED, ActState.TO_SEAL)
_UNDONE = (ActState.CANCELLED, ActState.DECLINED, ActState.EXPIRED)
FROZEN_STATES = (*AWAITING_SIGNATURE_STATES, ActState.SIGNED, *_UNDONE)
ENDED_STATES = (ActState.ABANDONED, *_UNDONE)
SHOWN_TO_PARTNERS_STATES = FROZEN_STATES


class ConventionStatus(TextChoices):
    """Derived, never stored: `ConventionQuerySet.with_status()` is its only source."""

    PREPARING = "en_preparation", _("en préparation")
    UPCOMING = "a_venir", _("à venir")
    RUNNING = "en_cours", _("en cours")
    TO_RENEW = "a_renouveler", _("à renouveler")
    LAPSED = "echue", _("échue")
    UNKNOWN_TERM = "terme_inconnu", _("terme non communiqué")
    CLOSED = "close", _("close")
    TERMINATED = "resiliee", _("résiliée")
    DROPPED = "sans_suite", _("sans suite")


class DatePrecision(TextChoices):
    DAY = "jour", _("au jour près")
    MONTH = "mois", _("au mois près")
    YEAR = "annee", _("à l’année près")


class TermKind(TextChoices):
    DATES = "dates", _("du … au …")
    OPEN_ENDED = "indeterminee", _("durée indéterminée")
    WORDING = "libelle", _("durée en toutes lettres (« 1 an renouvelable »)")
    UNKNOWN = "inconnue", _("durée inconnue")


class AmountStatus(TextChoices):
    KNOWN = "connu", _("connu")
    UNKNOWN = "inconnu", _("inconnu")
    NOT_APPLICABLE = "sans_objet", _("sans objet")
    TO_BE_SET = "a_determiner", _("à déterminer")
    CAPPED = "plafonne", _("plafonné")
    OUTCOME = "resultat", _("selon résultat")


class FundingFigure(TextChoices):
    """Four different figures that are never added together; GRANTED (and what is paid) is OPT-NC's money."""

    GRANTED = "accorde", _("accordé par l’OPT-NC")
    RAISED = "collecte", _("collecté auprès du public")
    PRIZE = "dotation", _("dotation (prix)")
    COFUNDED = "cofinancement", _("apporté par un co-financeur")


class SupportBehaviour(TextChoices):
    """How a kind of support in kind behaves, whatever the office calls it."""

    GIFT = "don", _("donné : rien n’est à rendre")
    LOAN = "pret", _("prêté : à rendre")
    SERVICE = "service", _("rendu pendant la convention")
    ONE_OFF = "ponctuel", _("fait une fois")


class Transfer(TextChoices):
    UNSAID = "", _("non précisé")  # of a piece of equipment in an act of paper that does not say it
    GIVEN = "don", _("donné")
    LENT = "pret", _("prêté")


class InstalmentCondition(TextChoices):
    """What a payment waits for; the words typed beside it complete it, or stand for it."""

    UNSAID = "", _("non précisé")
    SIGNATURE = "signature", _("à la signature")
    DATE = "date", _("à une date")
    REPORT = "compte_rendu", _("sur compte rendu accepté")
    PROOFS = "justificatifs", _("sur justificatifs")
    HANDOVER = "remise", _("à la remise")
    DECISION = "decision", _("sur décision")
    OTHER = "autre", _("autre condition")


class BudgetSide(TextChoices):
    EXPENSE = "depense", _("dépense")
    INCOME = "recette", _("recette")


class FundingStanding(TextChoices):
    """Where the money of a project's funder stands."""

    UNSAID = "", _("non précisé")
    ASKED = "demande", _("demandé")
    GRANTED = "accorde", _("accordé")


class ObligationKind(TextChoices):
    FINANCIAL_REPORT = "compte_rendu", _("compte rendu d’emploi")
    REVIEW = "bilan", _("bilan")
    VISIBILITY = "visibilite", _("communication et visibilité")
    RETURN = "restitution", _("restitution")
    RECEIPT = "recu", _("reçu de don")
    OTHER = "autre", _("autre engagement")


class DocumentKind(TextChoices):
    DRAFT = "projet", _("projet")
    FROZEN = "fige", _("document à signer")
    COPIES = "exemplaires", _("exemplaires à imprimer")
    SIGNED = "signe", _("document signé")
    STAMPED = "horodate", _("document signé, horodatage renouvelé")
    SCAN = "scan", _("scan du document signé")
    RECONSTITUTION = "reconstitution", _("reconstitution (non signée)")
    PUBLIC = "public", _("version publique")
    PRESS = "presse", _("communiqué de presse")
    HANDOVER = "pv_remise", _("procès-verbal de remise")
    HANDOVER_SIGNED = "pv_signe", _("procès-verbal de remise, signé en ligne")
    HANDOVER_ATTESTATION = "pv_attestation", _("attestation de signature d’un procès-verbal de remise")
    ATTESTATION = "attestation", _("attestation de signature")
    LETTER = "courrier", _("courrier")


class LetterKind(TextChoices):
    """What a formal letter is for. A receipt is the association's: only its model is made here."""

    NOTIFICATION = "notification", _("notification d’un acte")
    NOTICE = "mise_en_demeure", _("mise en demeure avant résiliation")
    PRIOR_NOTICE = "preavis", _("préavis de résiliation pour un motif d’intérêt général")
    RECEIPT = "recu_mecenat", _("modèle de reçu de mécénat")


class LetterRoute(TextChoices):
    """How a formal letter reached its reader."""

    MAIL = "courriel", _("par courriel")
    PAPER = "papier", _("sur papier")
    SPACE = "espace", _("dans l’espace")


class AttachmentKind(TextChoices):
    BOARD_DECISION = "deliberation", _("délibération")
    PROJECT = "projet", _("projet ou dossier de demande")
    BUDGET = "budget", _("budget")
    STATUTES = "statuts", _("statuts")
    MANDATE = "mandat", _("preuve de mandat")
    BANK = "rib", _("RIB")
    REPORT = "compte_rendu", _("compte rendu")
    SCAN = "scan", _("scan signé")
    OTHER = "autre", _("autre pièce")


class TemplateState(TextChoices):
    DRAFT = "brouillon", _("en préparation")
    IN_FORCE = "en_vigueur", _("en vigueur")
    RETIRED = "retire", _("retiré")


class SignatureMethod(TextChoices):
    INK = "encre", _("à l’encre, sur papier")
    EMAIL_CODE = "code", _("en ligne, code envoyé par courriel")
    ACCOUNT = "compte", _("en ligne, compte et second facteur")


class DelegationKind(TextChoices):
    """How someone signs for an absent signatory of OPT-NC."""

    INTERIM = "interim", _("intérim")
    DELEGATION = "delegation", _("délégation de signature")


class TryKind(TextChoices):
    """What a network may try only so often."""

    VERIFY_CODE = "code_a_verifier", _("code d’un document, inconnu")
    VERIFY_FILE = "fichier_a_verifier", _("fichier à vérifier")
    SIGN_IN = "code_de_connexion", _("demande de code de connexion")
    SIGN_IN_BURST = "rafale_de_codes", _("rafale d’essais pour entrer")
    GUESS = "code_faux", _("code ou mot de passe faux")


class ProposalState(TextChoices):
    """What an association sends that staff must accept before it counts."""

    WAITING = "en_attente", _("à examiner")
    ACCEPTED = "acceptee", _("acceptée")
    REFUSED = "refusee", _("refusée")


class MandateKind(TextChoices):
    """What a person declared by an association will do in the space."""

    PRESIDENT = "presidence", _("présidence")
    READER = "lecture", _("lecture seule")


class PressState(TextChoices):
    DRAFT = "brouillon", _("en préparation")
    PUBLISHED = "publie", _("publié")
    WITHDRAWN = "retire", _("retiré")


class MailState(TextChoices):
    PENDING = "a_envoyer", _("à envoyer")
    SENT = "envoye", _("envoyé")
    FAILED = "echec", _("échec")
    SET_ASIDE = "ecarte", _("gardé ou écarté, selon les choix du lecteur")


class MailRhythm(TextChoices):
    """When a reader wants a letter. Security and legal letters always leave."""

    NOW = "tout_de_suite", _("tout de suite")
    DAILY = "resume", _("dans un résumé quotidien")
    NEVER = "jamais", _("jamais")


class JobState(TextChoices):
    PENDING = "en_attente", _("en attente")
    RUNNING = "en_cours", _("en cours")
    DONE = "termine", _("terminé")
    FAILED = "echec", _("échec")


class ScanState(TextChoices):
    READING = "lecture", _("en cours de lecture")
    TO_FILE = "a_classer", _("à classer")
    FILED = "classe", _("classé")
    DISCARDED = "abandonne", _("abandonné")


class ImportKind(TextChoices):
    """What a table or a batch of files that somebody brought is."""

    STOCK = "stock", _("stock de matériel")
    ERASURES = "effacements", _("certificats d’effacement")
