"""Version 2: what the OPT-NC brings, money and goods, each with its own rules."""

# ruff: noqa: E501 (a paragraph is one line, as lawyers will see it in the editor)

from conventions.reference.clauses.base import ClauseText

_FUNDING = "Soutien financier de l’OPT-NC"
_PAYMENT = "Modalités de versement"
_USE = "Il est employé exclusivement à la réalisation de l’objet de la présente convention."
_SURPLUS = "sous réserve de l’article « Sommes non employées »"

FUNDING = (
    ClauseText(
        code="soutien_financier",
        variant="connu",
        label="Montant connu",
        position=30,
        condition="montant_connu",
        heading=_FUNDING,
        body=f"""L’OPT-NC apporte {{{{ au_beneficiaire }}}} un soutien financier d’un montant de {{{{ montant_total }}}} ({{{{ montant_total_lettres }}}}).

Ce soutien est réparti comme suit :

{{{{ tableau_financements }}}}

Ce montant est ferme, {_SURPLUS}. {_USE}""",
    ),
    ClauseText(
        code="soutien_financier",
        variant="plafonne",
        label="Montant plafonné",
        position=30,
        condition="montant_plafonne",
        heading=_FUNDING,
        body=f"""L’OPT-NC apporte {{{{ au_beneficiaire }}}} un soutien financier dont le montant ne peut dépasser {{{{ montant_plafond }}}} ({{{{ montant_plafond_lettres }}}}).

Le montant dû est arrêté sur présentation des justificatifs des dépenses, dans la limite de ce plafond.

{{{{ tableau_financements }}}}

{_USE}""",
    ),
    ClauseText(
        code="soutien_financier",
        variant="non_communique",
        label="Montant non communiqué",
        position=30,
        condition="montant_non_communique",
        heading=_FUNDING,
        body="""L’OPT-NC apporte {{ au_beneficiaire }} un soutien financier dont le montant n’est pas communiqué.

{{ tableau_financements }}

Ce soutien est employé exclusivement à la réalisation de l’objet de la présente convention.""",
    ),
    ClauseText(
        code="soutien_financier",
        variant="a_determiner",
        label="Montant à déterminer",
        position=30,
        condition="montant_a_determiner",
        heading=_FUNDING,
        body=f"""L’OPT-NC apporte {{{{ au_beneficiaire }}}} un soutien financier dont le montant reste à déterminer. Ce montant est fixé d’un commun accord, par avenant, avant tout versement.

{{{{ tableau_financements }}}}

{_USE}""",
    ),
    ClauseText(
        code="soutien_financier",
        variant="selon_resultat",
        label="Montant selon résultat",
        position=30,
        condition="montant_selon_resultat",
        heading=_FUNDING,
        body=f"""L’OPT-NC apporte {{{{ au_beneficiaire }}}} un soutien financier dont le montant dépend du résultat de l’action soutenue.

{{{{ tableau_financements }}}}

Le montant dû est arrêté au vu du résultat constaté, sur présentation des pièces qui l’établissent. {_USE}""",
    ),
    ClauseText(
        code="soutien_financier",
        variant="montants_divers",
        label="Montants de statuts différents",
        position=30,
        condition="montants_divers",
        heading=_FUNDING,
        body=f"""L’OPT-NC apporte {{{{ au_beneficiaire }}}} le soutien financier suivant :

{{{{ tableau_financements }}}}

Ces montants s’entendent ainsi, {_SURPLUS} :

{{{{ regles_montants }}}}

Le soutien est employé exclusivement à la réalisation de l’objet de la présente convention.""",
    ),
    ClauseText(
        code="autres_financements",
        position=35,
        condition="autres_financements",
        heading="Autres financements",
        body="""D’autres que l’OPT-NC contribuent au projet :

{{ tableau_autres_financements }}

Ces sommes ne sont pas dues par l’OPT-NC et ne s’ajoutent pas à son soutien.""",
    ),
)

_DELAY = """Le versement est effectué dans les trente jours qui suivent la réception d’une demande complète. Une demande incomplète est signalée sans attendre ; le délai court à nouveau de la réception des pièces manquantes.

Le paiement est ordonnancé par l’ordonnateur de l’OPT-NC et effectué par son agent comptable, selon les règles de la comptabilité publique, par virement sur le compte dont le relevé d’identité bancaire lui a été remis. {{ Le_beneficiaire }} signale sans délai, par écrit et avec un nouveau relevé, tout changement de ce compte."""

PAYMENT = (
    ClauseText(
        code="versement",
        variant="unique",
        label="Versement unique",
        position=40,
        condition="versement_unique",
        heading=_PAYMENT,
        body=f"""Le soutien financier est versé en une fois, après signature de la présente convention par toutes les parties et sur présentation d’une demande de versement accompagnée d’un relevé d’identité bancaire.

{_DELAY}""",
    ),
    ClauseText(
        code="versement",
        variant="par_exercice",
        label="Un versement par exercice",
        position=40,
        condition="versement_par_exercice",
        heading=_PAYMENT,
        body=f"""Le montant de chaque exercice est versé en une fois pendant cet exercice, après signature de la présente convention par toutes les parties et sur présentation d’une demande de versement accompagnée d’un relevé d’identité bancaire.

{_DELAY}""",
    ),
    ClauseText(
        code="versement",
        variant="sur_constat",
        label="Montant qui reste à arrêter",
        position=40,
        condition="versement_sur_constat",
        heading=_PAYMENT,
        body=f"""Un montant certain est versé après signature de la présente convention par toutes les parties, sur présentation d’une demande de versement. Tout autre montant est versé lorsqu’il a été arrêté comme le prévoit l’article « {_FUNDING} ».

{_DELAY}""",
    ),
    ClauseText(
        code="versement",
        variant="prevu",
        label="Un seul versement, prévu",
        position=40,
        condition="versement_prevu",
        heading=_PAYMENT,
        body=f"""Le soutien financier donne lieu, sur présentation d’une demande et des pièces prévues, au versement suivant :

{{{{ tableau_echeancier }}}}

{_DELAY}""",
    ),
    ClauseText(
        code="versement",
        variant="echelonne",
        label="Versements échelonnés",
        position=40,
        condition="versement_echelonne",
        heading=_PAYMENT,
        body=f"""Le soutien financier est versé, sur présentation d’une demande et des pièces prévues, selon l’échéancier suivant :

{{{{ tableau_echeancier }}}}

{_DELAY}""",
    ),
    ClauseText(
        code="sommes_non_employees",
        position=43,
        condition="avec_financement",
        heading="Sommes non employées",
        body="""Lorsque le coût du projet se révèle inférieur à ce qui était prévu, ou que le projet n’est réalisé qu’en partie, le soutien financier est réduit en proportion et la part qui n’a pas été employée est restituée à l’OPT-NC.

{{ Le_beneficiaire }} peut demander, avant le terme de la convention, à employer cette part à la suite du même projet. L’OPT-NC répond par écrit ; sans réponse, la somme est restituée.

{{ Le_beneficiaire }} ne reverse à un tiers tout ou partie du soutien reçu que si la présente convention le prévoit.""",
    ),
)

GOODS = (
    ClauseText(
        code="soutien_nature",
        position=45,
        condition="soutien_en_nature",
        heading="Soutien en nature",
        body="""L’OPT-NC apporte {{ au_beneficiaire }} le soutien en nature suivant :

{{ liste_soutiens_nature }}

Ce soutien est apporté gracieusement. Sa valeur, lorsqu’elle est indiquée, est une estimation donnée à titre d’information.""",
    ),
    ClauseText(
        code="materiel_reforme",
        position=50,
        condition="materiel_donne",
        heading="Don de matériel réformé",
        body="""L’OPT-NC donne {{ au_beneficiaire }}, qui l’accepte, le matériel réformé décrit dans l’annexe « Équipements », soit {{ nombre_equipements }}.

Le matériel est donné à titre gratuit et remis en l’état, sans garantie de fonctionnement. La propriété et les risques passent {{ au_beneficiaire }} à la remise, constatée par un procès-verbal signé des deux parties qui mentionne les numéros de série.

Avant la remise, l’OPT-NC efface les données des supports de stockage et conserve la preuve de cet effacement pour chaque appareil.""",
    ),
    ClauseText(
        code="biens_donnes",
        position=52,
        condition="biens_donnes",
        heading="Conservation et fin de vie des biens donnés",
        body="""{{ Le_beneficiaire }} emploie les biens donnés dans le cadre de son objet, les entretient et ne les revend pas. Ceux dont l’usage a cessé peuvent être donnés à un organisme sans but lucratif, après information de l’OPT-NC.

En fin de vie, {{ le_beneficiaire }} confie à ses frais les biens à une filière de traitement adaptée et en garde la preuve ; un équipement électrique ou électronique n’est ni abandonné ni jeté avec les déchets ordinaires.""",
    ),
    ClauseText(
        code="pret_materiel",
        variant="biens",
        label="Biens et matériel prêtés",
        position=54,
        condition="biens_pretes",
        heading="Biens prêtés",
        body="""L’OPT-NC prête {{ au_beneficiaire }} les biens suivants, dont il demeure propriétaire :

{{ liste_prets }}

Sauf ce que dit la description d’un bien, le prêt suit ces règles :

- garde : {{ le_beneficiaire }} garde les biens, en assure l’entretien courant, ne les cède pas et ne les prête pas ;
- assurance : {{ le_beneficiaire }} les assure, pendant toute la durée du prêt, contre le vol, la perte et les dommages ;
- état : l’état des biens est constaté à la remise et à la restitution, par un procès-verbal signé des deux parties ;
- retour : les biens sont rendus à la date dite ou, à défaut, au terme de la convention, dans l’état où ils ont été reçus, compte tenu de l’usure normale ;
- retard : un bien qui n’est pas rendu à temps est réclamé par écrit ; s’il n’est pas rendu dans le délai que fixe cette demande, l’OPT-NC peut en demander la valeur à la date du prêt, diminuée de l’usure normale.""",
    ),
    ClauseText(
        code="recu_mecenat",
        position=56,
        kinds=("mecenat",),
        condition="avec_soutien",
        heading="Reçu de mécénat",
        body="Dans les trois mois qui suivent la réception de tout ou partie du soutien, {{ le_beneficiaire }} établit et remet à l’OPT-NC le reçu de mécénat correspondant, signé des deux parties. L’OPT-NC fait son affaire du traitement fiscal de son soutien.",
    ),
)
