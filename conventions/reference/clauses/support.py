"""What the OPT-NC brings: object, term, money, equipment."""

# ruff: noqa: E501 (a paragraph is one line, as lawyers will see it in the editor)

from conventions.reference.clauses.base import ClauseText

OBJECT_AND_TERM = (
    ClauseText(
        code="objet",
        position=10,
        heading="Objet",
        body="""La présente convention a pour objet {{ objet }}

Elle fixe les engagements que chaque partie prend pour la réalisation de ce projet, dont {{ le_beneficiaire }} conserve l’initiative et la responsabilité.""",
    ),
    ClauseText(
        code="objet",
        variant="mecenat",
        position=10,
        kinds=("mecenat",),
        heading="Objet",
        body="""La présente convention de mécénat a pour objet {{ objet }}

Le soutien de l’OPT-NC est apporté sans contrepartie directe, en faveur d’une action d’intérêt général dont {{ le_beneficiaire }} conserve l’initiative et la responsabilité.""",
    ),
    ClauseText(
        code="objet",
        variant="parrainage",
        position=10,
        kinds=("parrainage",),
        heading="Objet",
        body="""La présente convention de parrainage a pour objet {{ objet }}

L’OPT-NC apporte son soutien à la manifestation ou à l’action désignée ci-dessus, en échange des contreparties énumérées à l’article « Communication et visibilité ».""",
    ),
    ClauseText(
        code="objet",
        variant="mise_a_disposition",
        position=10,
        kinds=("mise_a_disposition",),
        heading="Objet",
        body="""La présente convention a pour objet {{ objet }}

Elle fixe les conditions dans lesquelles l’OPT-NC met gracieusement à la disposition {{ du_beneficiaire }} les biens ou services qu’elle désigne. Cette mise à disposition ne vaut pas transfert de propriété.""",
    ),
    ClauseText(
        code="duree",
        variant="dates",
        label="Dates de début et de fin",
        position=20,
        condition="duree_datee",
        heading="Durée et prise d’effet",
        body="""La présente convention prend effet le {{ date_debut }} et s’achève le {{ date_fin }}.

Les obligations de compte rendu et de restitution nées pendant cette période demeurent dues après son terme.""",
    ),
    ClauseText(
        code="duree",
        variant="indeterminee",
        label="Durée indéterminée",
        position=20,
        condition="duree_indeterminee",
        heading="Durée et prise d’effet",
        body="""La présente convention prend effet le {{ date_debut }}. Elle est conclue pour une durée indéterminée.

Chaque partie peut y mettre fin dans les conditions prévues à l’article « Résiliation ».""",
    ),
    ClauseText(
        code="duree",
        variant="libre",
        label="Durée rédigée librement",
        position=20,
        condition="duree_libre",
        heading="Durée et prise d’effet",
        body="La durée de la présente convention est ainsi fixée : {{ duree }}.",
    ),
    ClauseText(
        code="duree",
        variant="signature",
        label="À compter de la signature, jusqu’à l’achèvement",
        position=20,
        heading="Durée et prise d’effet",
        body="La présente convention prend effet à la date de la dernière signature. Elle s’achève lorsque chaque partie a rempli ses engagements.",
    ),
)

_FUNDING_HEADING = "Soutien financier de l’OPT-NC"
FUNDING = (
    ClauseText(
        code="soutien_financier",
        variant="connu",
        label="Montant connu",
        position=30,
        condition="montant_connu",
        heading=_FUNDING_HEADING,
        body="""L’OPT-NC apporte {{ au_beneficiaire }} un soutien financier d’un montant de {{ montant_total }} ({{ montant_total_lettres }}).

Ce soutien est réparti comme suit :

{{ tableau_financements }}

Ce montant est ferme. Il est employé exclusivement à la réalisation de l’objet de la présente convention.""",
    ),
    ClauseText(
        code="soutien_financier",
        variant="plafonne",
        label="Montant plafonné",
        position=30,
        condition="montant_plafonne",
        heading=_FUNDING_HEADING,
        body="""L’OPT-NC apporte {{ au_beneficiaire }} un soutien financier dont le montant ne peut dépasser {{ montant_plafond }} ({{ montant_plafond_lettres }}).

Le montant dû est arrêté sur présentation des justificatifs des dépenses, dans la limite de ce plafond.

{{ tableau_financements }}""",
    ),
    ClauseText(
        code="soutien_financier",
        variant="non_communique",
        label="Montant non communiqué",
        position=30,
        condition="montant_non_communique",
        heading=_FUNDING_HEADING,
        body="L’OPT-NC apporte {{ au_beneficiaire }} un soutien financier dont le montant n’est pas communiqué. Ce soutien est employé exclusivement à la réalisation de l’objet de la présente convention.",
    ),
    ClauseText(
        code="soutien_financier",
        variant="a_determiner",
        label="Montant à déterminer",
        position=30,
        condition="montant_a_determiner",
        heading=_FUNDING_HEADING,
        body="""L’OPT-NC apporte {{ au_beneficiaire }} un soutien financier dont le montant reste à déterminer. Ce montant est fixé d’un commun accord, par avenant, avant tout versement.

{{ tableau_financements }}""",
    ),
    ClauseText(
        code="soutien_financier",
        variant="selon_resultat",
        label="Montant selon résultat",
        position=30,
        condition="montant_selon_resultat",
        heading=_FUNDING_HEADING,
        body="""L’OPT-NC apporte {{ au_beneficiaire }} un soutien financier dont le montant dépend du résultat de l’action soutenue.

{{ tableau_financements }}

Le montant dû est arrêté au vu du résultat constaté, sur présentation des pièces qui l’établissent.""",
    ),
    ClauseText(
        code="soutien_financier",
        variant="montants_divers",
        label="Montants de statuts différents",
        position=30,
        condition="montants_divers",
        heading=_FUNDING_HEADING,
        body="""L’OPT-NC apporte {{ au_beneficiaire }} le soutien financier suivant :

{{ tableau_financements }}

Ces montants s’entendent ainsi :

{{ regles_montants }}

Le soutien est employé exclusivement à la réalisation de l’objet de la présente convention.""",
    ),
    ClauseText(
        code="soutien_financier",
        variant="sans_objet",
        label="Sans soutien financier",
        position=30,
        condition="sans_financement",
        heading=_FUNDING_HEADING,
        body="La présente convention ne comporte pas de soutien financier. Le soutien de l’OPT-NC est apporté en nature.",
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
    ClauseText(
        code="versement",
        variant="unique",
        label="Versement unique",
        position=40,
        condition="versement_unique",
        heading="Modalités de versement",
        body="""Le soutien financier est versé en une fois, après signature de la présente convention par toutes les parties et sur présentation d’une demande de versement accompagnée d’un relevé d’identité bancaire.

Le versement est effectué par l’agent comptable de l’OPT-NC, selon les règles de la comptabilité publique, par virement sur le compte dont le relevé d’identité bancaire lui a été remis.""",
    ),
    ClauseText(
        code="versement",
        variant="par_exercice",
        label="Un versement par exercice",
        position=40,
        condition="versement_par_exercice",
        heading="Modalités de versement",
        body="""Le montant de chaque exercice est versé en une fois pendant cet exercice, après signature de la présente convention par toutes les parties et sur présentation d’une demande de versement accompagnée d’un relevé d’identité bancaire.

Chaque versement est effectué par l’agent comptable de l’OPT-NC, selon les règles de la comptabilité publique, par virement sur le compte dont le relevé d’identité bancaire lui a été remis.""",
    ),
    ClauseText(
        code="versement",
        variant="sur_constat",
        label="Montant qui reste à arrêter",
        position=40,
        condition="versement_sur_constat",
        heading="Modalités de versement",
        body="""Un montant certain est versé après signature de la présente convention par toutes les parties. Tout autre montant est versé lorsqu’il a été arrêté comme le prévoit l’article « Soutien financier de l’OPT-NC ».

Chaque versement est effectué par l’agent comptable de l’OPT-NC, selon les règles de la comptabilité publique, sur présentation d’une demande et des pièces prévues, par virement sur le compte dont le relevé d’identité bancaire lui a été remis.""",
    ),
    ClauseText(
        code="versement",
        variant="prevu",
        label="Un seul versement, prévu",
        position=40,
        condition="versement_prevu",
        heading="Modalités de versement",
        body="""Le soutien financier donne lieu au versement suivant :

{{ tableau_echeancier }}

Ce versement est effectué par l’agent comptable de l’OPT-NC, selon les règles de la comptabilité publique, sur présentation d’une demande et des pièces prévues, par virement sur le compte dont le relevé d’identité bancaire lui a été remis.""",
    ),
    ClauseText(
        code="versement",
        variant="echelonne",
        label="Versements échelonnés",
        position=40,
        condition="versement_echelonne",
        heading="Modalités de versement",
        body="""Le soutien financier est versé selon l’échéancier suivant :

{{ tableau_echeancier }}

Chaque versement est effectué par l’agent comptable de l’OPT-NC, selon les règles de la comptabilité publique, sur présentation d’une demande et des pièces prévues, par virement sur le compte dont le relevé d’identité bancaire lui a été remis.""",
    ),
)

IN_KIND = (
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

Ce don est régi par les règles suivantes :

- le matériel est donné à titre gratuit et remis en l’état, sans garantie de fonctionnement ;
- la propriété et les risques passent {{ au_beneficiaire }} à la remise, constatée par un procès-verbal signé des deux parties qui mentionne les numéros de série ;
- avant la remise, l’OPT-NC efface les données des supports de stockage et conserve la preuve de cet effacement pour chaque appareil ;
- le matériel est employé dans le cadre de l’objet {{ du_beneficiaire }} et ne peut être revendu ;
- en fin de vie, le matériel est confié à une filière de traitement adaptée.""",
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

Sauf ce que dit cette liste ou l’annexe d’un bien, le prêt suit ces règles :

- garde : {{ le_beneficiaire }} garde les biens, en assure l’entretien courant, ne les cède pas et ne les prête pas ;
- assurance : {{ le_beneficiaire }} les assure, pendant toute la durée du prêt, contre le vol, la perte et les dommages ;
- état : l’état des biens est constaté à la remise et à la restitution, par un procès-verbal signé des deux parties ;
- retour : les biens sont rendus à la date dite ou, à défaut, au terme de la convention, dans l’état où ils ont été reçus, compte tenu de l’usure normale ;
- retard : un bien qui n’est pas rendu à temps est réclamé par écrit ; s’il n’est pas rendu dans le délai que fixe cette demande, l’OPT-NC peut en demander la valeur.""",
    ),
)
