"""What the beneficiary owes, and the rules of the agreement."""

# ruff: noqa: E501 (a paragraph is one line, as lawyers will see it in the editor)

from conventions.reference.clauses.base import ClauseText

OPT = (
    ClauseText(
        code="engagements_opt",
        position=57,
        condition="engagements_opt",
        heading="Engagements de l’OPT-NC",
        body="""Outre le soutien prévu par la présente convention, l’OPT-NC s’engage à :

{{ liste_engagements_opt }}""",
    ),
)

BENEFICIARY = (
    ClauseText(
        code="engagements_beneficiaire",
        variant="liste",
        label="Avec la liste des engagements",
        position=60,
        condition="engagements_listes",
        heading="Engagements du bénéficiaire",
        body="""{{ Le_beneficiaire }} s’engage à :

{{ liste_engagements }}

{{ Le_beneficiaire }} s’engage également à employer le soutien reçu conformément à l’objet de la présente convention et à informer l’OPT-NC sans délai de tout fait qui en modifierait ou en retarderait la réalisation, ainsi que de tout changement de ses statuts, de ses dirigeants ou de ses coordonnées bancaires.""",
    ),
    ClauseText(
        code="engagements_beneficiaire",
        variant="general",
        label="Engagements généraux",
        position=60,
        heading="Engagements du bénéficiaire",
        body="""{{ Le_beneficiaire }} s’engage à :

- réaliser le projet décrit dans la présente convention ;
- employer le soutien reçu conformément à son objet ;
- informer l’OPT-NC sans délai de tout fait qui en modifierait ou en retarderait la réalisation ;
- signaler tout changement de ses statuts, de ses dirigeants ou de ses coordonnées bancaires.""",
    ),
    ClauseText(
        code="engagements_autres",
        position=65,
        condition="engagements_autres",
        heading="Engagements des autres parties",
        body="""{{ engagements_autres_parties }}

Chaque partie répond seule de ses propres engagements.""",
    ),
    ClauseText(
        code="communication",
        variant="contreparties",
        label="Avec la liste des contreparties",
        position=70,
        condition="visibilite_listee",
        heading="Communication et visibilité",
        body="""{{ Le_beneficiaire }} mentionne le soutien de l’OPT-NC dans ses actions de communication relatives au projet, et s’engage à :

{{ liste_contreparties }}

Le nom et le logotype de l’OPT-NC sont utilisés dans le respect de sa charte graphique, après son accord sur les supports. L’OPT-NC peut faire état du partenariat dans sa propre communication. L’image des personnes, en particulier celle des enfants, n’est utilisée qu’avec l’autorisation écrite de la personne ou de ses représentants légaux.""",
    ),
    ClauseText(
        code="communication",
        variant="mecenat_liste",
        label="Mécénat, avec la liste de ce que fait le bénéficiaire",
        position=70,
        kinds=("mecenat",),
        condition="visibilite_listee",
        heading="Communication et visibilité",
        body="""{{ Le_beneficiaire }} peut mentionner le nom de l’OPT-NC en qualité de mécène, et s’engage à :

{{ liste_contreparties }}

Ces mentions restent sans commune mesure avec le soutien reçu et ne constituent pas une prestation publicitaire.

L’OPT-NC peut faire état de son mécénat dans sa propre communication. L’image des personnes, en particulier celle des enfants, n’est utilisée qu’avec l’autorisation écrite de la personne ou de ses représentants légaux.""",
    ),
    ClauseText(
        code="communication",
        variant="partenariat",
        position=70,
        heading="Communication et visibilité",
        body="""{{ Le_beneficiaire }} mentionne le soutien de l’OPT-NC dans ses actions de communication relatives au projet. Le nom et le logotype de l’OPT-NC sont utilisés dans le respect de sa charte graphique, après son accord sur les supports.

L’OPT-NC peut faire état du partenariat dans sa propre communication. L’image des personnes, en particulier celle des enfants, n’est utilisée qu’avec l’autorisation écrite de la personne ou de ses représentants légaux.""",
    ),
    ClauseText(
        code="communication",
        variant="mecenat",
        position=70,
        kinds=("mecenat",),
        heading="Communication et visibilité",
        body="""{{ Le_beneficiaire }} peut mentionner le nom de l’OPT-NC en qualité de mécène. Cette mention reste sans commune mesure avec le soutien reçu et ne constitue pas une prestation publicitaire.

L’OPT-NC peut faire état de son mécénat dans sa propre communication. L’image des personnes, en particulier celle des enfants, n’est utilisée qu’avec l’autorisation écrite de la personne ou de ses représentants légaux.""",
    ),
    ClauseText(
        code="communication",
        variant="parrainage",
        position=70,
        kinds=("parrainage",),
        heading="Communication et visibilité",
        body="""En échange du soutien reçu, {{ le_beneficiaire }} fournit à l’OPT-NC les contreparties suivantes :

{{ liste_contreparties }}

Le nom et le logotype de l’OPT-NC sont utilisés dans le respect de sa charte graphique, après son accord sur les supports. L’image des personnes, en particulier celle des enfants, n’est utilisée qu’avec l’autorisation écrite de la personne ou de ses représentants légaux.""",
    ),
    ClauseText(
        code="compte_rendu",
        variant="echeances",
        label="Avec les échéances des engagements",
        position=80,
        condition="comptes_rendus_listes",
        heading="Compte rendu d’emploi et bilan",
        body="""{{ Le_beneficiaire }} s’engage à :

{{ liste_comptes_rendus }}

Un compte rendu atteste que les dépenses effectuées sont conformes à l’objet du soutien ; {{ le_beneficiaire }} y joint ses comptes annuels et son rapport d’activité approuvés. Un bilan décrit, en qualité et en quantité, ce qui a été fait et ses effets.""",
    ),
    ClauseText(
        code="compte_rendu",
        position=80,
        heading="Compte rendu d’emploi et bilan",
        body="""Dans les six mois qui suivent la clôture de chaque exercice comptable pour lequel le soutien a été attribué, {{ le_beneficiaire }} remet à l’OPT-NC :

- un compte rendu financier qui atteste que les dépenses effectuées sont conformes à l’objet du soutien ;
- un bilan qualitatif et quantitatif du projet ;
- ses comptes annuels et son rapport d’activité approuvés.""",
    ),
    ClauseText(
        code="compte_rendu",
        variant="nature",
        label="Soutien en nature seul",
        position=80,
        condition="sans_financement",
        heading="Bilan",
        body="Dans les six mois qui suivent la clôture de l’exercice au cours duquel le soutien a été reçu, {{ le_beneficiaire }} remet à l’OPT-NC un bilan de l’usage fait de ce soutien et de ses effets pour les personnes accompagnées.",
    ),
    ClauseText(
        code="controle",
        position=90,
        heading="Contrôle et sanctions",
        body="""L’OPT-NC peut, à tout moment et jusqu’à la remise du bilan, demander les pièces qui justifient l’emploi du soutien et s’assurer sur place de la réalisation du projet.

{{ Le_beneficiaire }} ne peut reverser à un tiers tout ou partie du soutien reçu, sauf si la présente convention le prévoit.

Les sommes qui n’ont pas été employées, ou qui l’ont été pour un autre objet, sont restituées à l’OPT-NC, après que {{ le_beneficiaire }} a été en mesure de présenter ses observations. L’absence de compte rendu dans le délai prévu peut entraîner la suspension des versements restants.""",
    ),
)

GENERAL = (
    ClauseText(
        code="assurance",
        position=100,
        heading="Assurance et responsabilité",
        body="{{ Le_beneficiaire }} exerce ses activités sous sa seule responsabilité et souscrit les assurances qu’elles appellent. La responsabilité de l’OPT-NC ne peut être recherchée du fait de la réalisation du projet ni de l’usage des biens donnés ou prêtés.",
    ),
    ClauseText(
        code="donnees_personnelles",
        position=110,
        heading="Données personnelles",
        body="""Chaque partie traite les données personnelles échangées pour l’exécution de la présente convention dans le respect de la loi n° 78-17 du 6 janvier 1978. Ces données servent uniquement à la gestion, au suivi et à la communication du partenariat. Elles sont conservées pendant la durée de la convention, puis archivées pendant la durée légale.

Les personnes concernées disposent d’un droit d’accès, de rectification et d’opposition, ainsi que des autres droits prévus par la loi, qu’elles exercent auprès de l’OPT-NC : {{ contact_donnees }}.""",
    ),
    ClauseText(
        code="evaluation",
        position=120,
        heading="Évaluation et renouvellement",
        body="""Les parties évaluent ensemble les résultats du partenariat, au moins une fois par an et avant son terme.

La présente convention ne se renouvelle pas d’elle-même. Un renouvellement fait l’objet d’une nouvelle convention, décidée au vu de cette évaluation.""",
    ),
    ClauseText(
        code="evaluation",
        variant="renouvelable",
        label="Renouvelable d’un commun accord",
        position=120,
        condition="duree_libre",
        heading="Évaluation et renouvellement",
        body="""Les parties évaluent ensemble les résultats du partenariat, au moins une fois par an et avant son terme.

Tout renouvellement prévu par l’article « Durée et prise d’effet » suppose l’accord écrit des parties, donné au vu de cette évaluation.""",
    ),
    ClauseText(
        code="avenant",
        position=130,
        heading="Avenant",
        body="Toute modification de la présente convention fait l’objet d’un avenant écrit, signé par toutes les parties. Un avenant ne peut remettre en cause l’objet de la convention.",
    ),
    ClauseText(
        code="resiliation",
        position=140,
        heading="Résiliation",
        body="""En cas de manquement de l’une des parties à ses obligations, et si une mise en demeure écrite est restée sans effet pendant trente jours, la présente convention peut être résiliée par une autre partie, par lettre recommandée avec avis de réception ou remise contre récépissé.

Les parties peuvent aussi mettre fin à la convention d’un commun accord, par un écrit qui en règle les conséquences. Dans tous les cas, les sommes non employées sont restituées et les biens prêtés sont rendus.""",
    ),
    ClauseText(
        code="litiges",
        variant="amiable",
        label="Règlement amiable, puis juridiction compétente",
        position=150,
        heading="Litiges",
        body="Les parties recherchent un règlement amiable à tout différend né de la présente convention. À défaut d’accord dans un délai de deux mois, le différend est porté devant la juridiction compétente.",
    ),
    ClauseText(
        code="litiges",
        variant="tribunal_administratif",
        label="Tribunal administratif (à choisir par le juridique)",
        position=150,
        heading="Litiges",
        body="Les parties recherchent un règlement amiable à tout différend né de la présente convention. À défaut d’accord dans un délai de deux mois, le différend est porté devant le tribunal administratif de Nouvelle-Calédonie.",
    ),
    ClauseText(
        code="litiges",
        variant="tribunaux_noumea",
        label="Tribunaux de Nouméa (à choisir par le juridique)",
        position=150,
        heading="Litiges",
        body="Les parties recherchent un règlement amiable à tout différend né de la présente convention. À défaut d’accord dans un délai de deux mois, le différend est porté devant les tribunaux compétents de Nouméa.",
    ),
    ClauseText(
        code="litiges",
        variant="mediation",
        label="Médiation préalable (à choisir par le juridique)",
        position=150,
        heading="Litiges",
        body="Avant toute action, les parties soumettent leur différend à un médiateur choisi d’un commun accord. Si la médiation n’aboutit pas dans un délai de trois mois, le différend est porté devant la juridiction compétente.",
    ),
    ClauseText(
        code="annexes",
        position=160,
        condition="annexes_listees",
        heading="Annexes",
        body="""Les annexes suivantes font partie intégrante de la présente convention :

{{ liste_annexes }}

En cas de contradiction, le texte de la convention l’emporte sur celui des annexes.""",
    ),
)
